"""What an account is made from, and what is made."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from mock_samanage.scim.registry import SCHEMA_SETS, USER_URN, SchemaSet, registry
from mock_samanage.tenant.account import PLANS, REGIONS, AccountSettings, AccountView
from mock_samanage.tenant.credentials import IssuedCredential
from mock_samanage.tenant.errors import BadArgument
from mock_samanage.tenant.matching import ALL, canonical_entries
from mock_samanage.tenant.phases import Phase, parse_phase
from mock_samanage.tenant.presets import DEFAULT_PRESET, PRESETS
from mock_samanage.tenant.quirks import checked, one_of
from mock_samanage.tenant.roles import ADMINISTRATOR, BUILT_IN, canonical

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account is made from; None and empty mean the default.

    username: the administrator's e-mail. roles: names beside the built-in ones. password, token: secrets to take.
    """

    name: str | None = None
    phase: str = Phase.TRANSITION
    preset: str = DEFAULT_PRESET
    plan: str = "professional"
    region: str = "us"
    schemas: str = SCHEMA_SETS[0]
    filterable: object = ALL
    quirks: Mapping[str, Any] = field(default_factory=dict)
    roles: Sequence[str] = ()
    departments: Sequence[str] = ()
    sites: Sequence[str] = ()
    username: str | None = None
    password: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True)
class CreatedAccount:
    """A new account with the administrator's credentials; `token` is None in a phase without tokens."""

    account: AccountView
    basic: IssuedCredential
    token: IssuedCredential | None


def checked_name(name: str) -> str:
    """The name; BadArgument unless it can be part of a host name."""
    if not _NAME.fullmatch(name):
        raise BadArgument(f"An account's name is 1 to 40 of a-z, 0-9 and -, such as acme, not {name[:80]!r}.")
    return name


def initial_settings(new: NewAccount) -> AccountSettings:
    """The settings a new account starts with; BadArgument names what is wrong."""
    choices = (
        ("preset", new.preset, PRESETS),
        ("plan", new.plan, PLANS),
        ("region", new.region, REGIONS),
        ("set of schemas", new.schemas, SCHEMA_SETS),
    )
    for what, value, known in choices:
        if value not in known:
            raise BadArgument(f"The {what} is {one_of(known)}, not {str(value)[:80]!r}.")
    for role in new.roles:
        if not role.strip() or role[0] in '{["' or role != role.strip():
            raise BadArgument(f"The name of a role is text that begins with no space, brace or quote, not {role!r}.")
    schemas = cast("SchemaSet", new.schemas)
    return AccountSettings(
        region=new.region,
        plan=new.plan,
        phase=parse_phase(new.phase),
        preset=new.preset,
        quirks=checked(new.quirks),
        roles=tuple(dict.fromkeys((*BUILT_IN, *new.roles))),
        departments=tuple(new.departments),
        sites=tuple(new.sites),
        filterable=canonical_entries(new.filterable, registry(schemas=schemas).types),
        schemas=schemas,
    )


def administrator(email: str) -> dict[str, Any]:
    """The document of the User an account is made with; BadArgument if the address is none."""
    if not _EMAIL.fullmatch(email):
        raise BadArgument(f"An administrator's username is an e-mail address, not {email[:80]!r}.")
    return {
        "schemas": [USER_URN],
        "userName": email,
        "name": {"formatted": "Account Administrator", "familyName": "Administrator", "givenName": "Account"},
        "displayName": "Account Administrator",
        "active": True,
        "emails": [{"value": email, "type": "work", "primary": True}],
        "roles": canonical(ADMINISTRATOR),
    }
