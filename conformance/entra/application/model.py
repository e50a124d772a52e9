"""What an administrator sets of an application (the tutorial's form, and the settings of the job)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from conformance.entra.dialect import Dialect, TenantUrl
from conformance.entra.mapping.model import Schema


class SyncScope(StrEnum):
    """Who is provisioned: those assigned to the application, or everybody."""

    ASSIGNED = "assigned"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class AdminCredentials:
    """Admin Username and Admin Password, or one Secret Token; what is not used is "".

    migrated: the application takes a Secret Token only. A stored user name and password keep working until they are
    refused or expire (TUTORIAL).
    """

    username: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    migrated: bool = False

    @property
    def given(self) -> bool:
        """Whether anything was entered."""
        return bool(self.token or self.username)


@dataclass(frozen=True, slots=True)
class QuarantineRules:
    """When a job goes into quarantine (QUAR): failures are evaluated from `evaluated_from` on.

    share: failing share of all events. failures: without references. total: with references.
    """

    evaluated_from: int = 5_000
    share: float = 0.4
    failures: int = 40_000
    total: int = 60_000
    disabled_after: timedelta = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class JobSettings:
    """How the job runs.

    interval: between cycles (HOW). deletions: the accidental-deletion threshold, None for none (ACC). concurrency:
    requests under way at once. rate: requests a second at most. batch: members in one request. timeout: seconds.
    ca_file: certificates to trust, None for the usual ones.
    """

    interval: timedelta = timedelta(minutes=40)
    deletions: int | None = None
    skip_out_of_scope_deletions: bool = False
    concurrency: int = 8
    rate: float | None = None
    batch: int = 100
    timeout: float = 30.0
    quarantine: QuarantineRules = field(default_factory=QuarantineRules)
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """One enterprise application with its provisioning configuration.

    email: where a notification goes, "" for nowhere. switches: choices of switches.toml that differ from the default.
    """

    name: str
    tenant_url: str
    credentials: AdminCredentials
    schema: Schema
    scope: SyncScope = SyncScope.ASSIGNED
    enabled: bool = True
    email: str = ""
    notify: bool = False
    switches: Mapping[str, str] = field(default_factory=dict)
    settings: JobSettings = field(default_factory=JobSettings)

    @property
    def dialect(self) -> Dialect:
        """How the service writes to this application; raises ConfigError for an unknown switch."""
        return Dialect.of(flagged=TenantUrl.parse(self.tenant_url).flagged, chosen=self.switches)
