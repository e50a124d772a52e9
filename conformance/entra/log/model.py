"""One event of the provisioning log, before it is written out (Graph: provisioningObjectSummary)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from conformance.entra.directory.model import Kind


class Action(StrEnum):
    """provisioningAction of Graph v1.0."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    STAGED_DELETE = "stageddelete"
    DISABLE = "disable"
    OTHER = "other"


class Status(StrEnum):
    """provisioningStatusInfo.status, and the status of a step."""

    SUCCESS = "success"
    WARNING = "warning"
    FAILURE = "failure"
    SKIPPED = "skipped"


class StepType(StrEnum):
    """provisioningStepType of Graph."""

    IMPORT = "import"
    SCOPING = "scoping"
    MATCHING = "matching"
    PROCESSING = "processing"
    REFERENCE = "referenceResolution"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the handling of one object."""

    name: str
    type: StepType
    status: Status
    description: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModifiedProperty:
    """A target attribute that was written; values as text, None for none, Redact'ed ones as `[Redact]`."""

    display_name: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """errorInformation; `code` is a code of the page LOGHOW."""

    code: str
    reason: str
    category: str = "failure"
    recommended_action: str = ""
    details: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to one object in one cycle.

    skip_reason: "" unless skipped. exchanges: the requests that were sent, as {"method", "path", "status"} objects.
    """

    id: str
    at: datetime
    cycle: str
    change: str
    kind: Kind
    action: Action
    status: Status
    source_id: str
    source_name: str
    target_id: str = ""
    target_name: str = ""
    duration_ms: int = 0
    steps: tuple[Step, ...] = ()
    modified: tuple[ModifiedProperty, ...] = ()
    skip_reason: str = ""
    problem: Problem | None = None
    exchanges: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """A change of the configuration, or of the state, of a job (pages QUAR, WHEN)."""

    at: datetime
    activity: str
    details: Mapping[str, str] = field(default_factory=dict)
