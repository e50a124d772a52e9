"""One account: its settings as they are stored, and what follows from them for a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, cast

from mock_samanage.scim.dialect import Dialect
from mock_samanage.scim.registry import SCHEMA_SETS, Registry, SchemaSet, registry
from mock_samanage.store import Account
from mock_samanage.tenant.phases import Phase
from mock_samanage.tenant.presets import DEFAULT_PRESET, preset
from mock_samanage.tenant.roles import BUILT_IN, RoleRules

REGIONS = ("us", "eu", "au")
PLANS = ("team", "business", "professional", "enterprise")
"""The packages of the service, from the smallest; provisioning starts with Professional (Microsoft's tutorial)."""
PROVISIONING_PLANS = PLANS[PLANS.index("professional") :]


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """What an account is set to; everything here is JSON in the store.

    quirks: the values that differ from the preset's. filterable: canonical attribute paths, None for all.
    offset: microseconds the account's clock is ahead. administrator: the id of the User the account was made
    with. token_second: the moment of the youngest token in seconds since the epoch, so that no two tokens are
    alike. schemas: the service's, or with them the laboratory's. baseline: what a reset goes back to.
    """

    region: str = REGIONS[0]
    plan: str = PROVISIONING_PLANS[0]
    phase: str = Phase.TRANSITION
    preset: str = DEFAULT_PRESET
    quirks: Mapping[str, str] = field(default_factory=dict)
    roles: tuple[str, ...] = BUILT_IN
    departments: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    filterable: tuple[str, ...] | None = None
    offset: int = 0
    administrator: str = ""
    token_second: int = 0
    schemas: SchemaSet = SCHEMA_SETS[0]
    baseline: Mapping[str, Any] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """The settings as a JSON object."""
        return asdict(self)


_LISTS = ("roles", "departments", "sites", "filterable")


def settings_from(document: Mapping[str, Any]) -> AccountSettings:
    """The settings that `AccountSettings.json` wrote."""
    lists = {name: document[name] and tuple(document[name]) for name in _LISTS}
    return AccountSettings(**{**document, **lists})


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as requests see it: the settings and what follows from them, worked out once for each generation.

    quirks: the value of every quirk. registry: the schemas with the account's roles. rate_limit: requests a
    minute, or None. stored: the very object the store read the settings into.
    """

    pk: int
    name: str
    generation: int
    settings: AccountSettings
    phase: Phase
    quirks: Mapping[str, str]
    registry: Registry
    dialect: Dialect
    role_rules: RoleRules
    rate_limit: int | None
    stored: Mapping[str, Any] = field(repr=False, compare=False)

    @property
    def may_provision(self) -> bool:
        """True if the plan includes provisioning."""
        return self.settings.plan in PROVISIONING_PLANS


def view_of(account: Account) -> AccountView:
    """The view of a stored account."""
    settings = settings_from(account.settings)
    quirks = {**preset(settings.preset), **settings.quirks}
    limit = quirks["rate-limit"]
    return AccountView(
        pk=account.pk,
        name=account.name,
        generation=account.generation,
        settings=settings,
        phase=Phase(settings.phase),
        quirks=quirks,
        registry=registry_of(settings, quirks),
        dialect=_dialect(quirks),
        role_rules=RoleRules(
            settings.roles, quirks["default-role"], quirks["role-key-conflict"], quirks["several-roles"]
        ),
        rate_limit=None if limit == "off" else int(limit),
        stored=account.settings,
    )


def registry_of(settings: AccountSettings, quirks: Mapping[str, str]) -> Registry:
    """The schemas and resource types of an account with these settings and quirks."""
    shown = quirks["role-answer"] == "displayName"
    return registry(settings.roles, role_display_name=shown, schemas=settings.schemas)


def _dialect(quirks: Mapping[str, str]) -> Dialect:
    return Dialect(
        string_booleans=cast("Literal['coerce', 'refuse']", quirks["string-booleans"]),
        replace_without_match=cast("Literal['create', 'noTarget']", quirks["replace-without-match"]),
        countries=cast("Literal['store', 'alpha-2']", quirks["countries"]),
    )
