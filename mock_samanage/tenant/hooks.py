"""The hook operations: what a check needs beyond SCIM, each one JSON object in and one out.

Where the answer needs a URL or the journal (`url`, `control`, `journal.read`), the layer that knows them adds it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mock_samanage.tenant.accounts import NewAccount
from mock_samanage.tenant.clock import timestamp
from mock_samanage.tenant.credentials import IssuedCredential
from mock_samanage.tenant.errors import BadArgument, NoSuchThing
from mock_samanage.tenant.matching import ALL
from mock_samanage.tenant.tenant import Tenant

Arguments = Mapping[str, Any]
Answer = dict[str, Any]
Types = Mapping[str, type]

_ANY = object  # checked by the operation itself
_WORDS: Mapping[type, str] = {str: "a string", dict: "an object", list: "a list of strings"}


@dataclass(frozen=True, slots=True)
class Hook:
    """One operation: what it does, the arguments it needs, and those it may have."""

    run: Callable[[Tenant, Arguments], Answer]
    needed: Types = field(default_factory=dict)
    optional: Types = field(default_factory=dict)

    def checked(self, name: str, arguments: Arguments) -> Arguments:
        """The given arguments, null counting as left out; BadArgument names one that is missing or wrong."""
        given = {key: value for key, value in arguments.items() if value is not None}
        known = {**self.needed, **self.optional}
        for key, value in given.items():
            if key not in known:
                raise BadArgument(f"{name} has no argument {key[:80]!r}; its arguments are: {', '.join(known)}.")
            if not _fits(value, known[key]):
                raise BadArgument(f"{name}: {key} is {_WORDS[known[key]]}, not {str(value)[:80]!r}.")
        if missing := [key for key in self.needed if key not in given]:
            raise BadArgument(f"{name} needs the argument {missing[0]}.")
        return given


def _fits(value: object, kind: type) -> bool:
    if kind is list:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, kind)


def run_hook(tenant: Tenant, name: str, arguments: Arguments) -> Answer:
    """What the hook of that name answers; raises TenantError."""
    hook = HOOKS.get(name)
    if hook is None:
        raise NoSuchThing(f"There is no hook {name[:80]!r}; the hooks are {', '.join(HOOKS)}.")
    return hook.run(tenant, hook.checked(name, arguments))


def _account_create(tenant: Tenant, given: Arguments) -> Answer:
    lists = {key: tuple(given[key]) for key in ("roles", "departments", "sites") if key in given}
    made = tenant.accounts.create(NewAccount(**{**given, **lists}))
    token = made.token.token if made.token else None
    return {
        "account": made.account.name,
        "token": token,
        "username": made.basic.username,
        "password": made.basic.password,
    }


def _account_delete(tenant: Tenant, given: Arguments) -> Answer:
    tenant.accounts.delete(given["account"])
    return {}


def _credential_create(tenant: Tenant, given: Arguments) -> Answer:
    owner, password = given.get("owner"), given.get("password")
    return _issued(tenant.credentials.create(given["account"], given["kind"], owner, password=password))


def _credential_list(tenant: Tenant, given: Arguments) -> Answer:
    listed = tenant.credentials.of(given["account"])
    return {
        "credentials": [{"id": each.id, "kind": each.kind, "state": each.state, "owner": each.owner} for each in listed]
    }


def _credential_expire(tenant: Tenant, given: Arguments) -> Answer:
    changed = tenant.credentials.expire(given["account"], given["credential"])
    return {"credential": changed.id, "state": changed.state}


def _credential_disable(tenant: Tenant, given: Arguments) -> Answer:
    changed = tenant.credentials.disable(given["account"], given["credential"])
    return {"credential": changed.id, "state": changed.state}


def _credential_reset(tenant: Tenant, given: Arguments) -> Answer:
    return {**_issued(tenant.credentials.reset(given["account"], given["credential"])), "state": "active"}


def _issued(issued: IssuedCredential) -> Answer:
    secrets = {"token": issued.token, "username": issued.username, "password": issued.password}
    shown = {key: value for key, value in secrets.items() if value is not None}
    return {"credential": issued.id, "kind": issued.kind.value, "owner": issued.owner, **shown}


def _owner_disable(tenant: Tenant, given: Arguments) -> Answer:
    return {"owner": tenant.disable_user(given["account"], given.get("owner"))}


def _phase_set(tenant: Tenant, given: Arguments) -> Answer:
    return {"phase": tenant.accounts.set_phase(given["account"], given["phase"]).phase.value}


def _clock_advance(tenant: Tenant, given: Arguments) -> Answer:
    return {"now": timestamp(tenant.accounts.advance_clock(given["account"], given["seconds"]))}


def _filterable_set(tenant: Tenant, given: Arguments) -> Answer:
    entries = tenant.accounts.set_filterable(given["account"], given["attributes"]).settings.filterable
    return {"filterable": ALL if entries is None else list(entries)}


_ACCOUNT: Types = {"account": str}
_CREDENTIAL: Types = {"account": str, "credential": str}
_CREATION: Types = {
    **dict.fromkeys(("name", "phase", "preset", "plan", "region", "schemas", "username", "password", "token"), str),
    **dict.fromkeys(("roles", "departments", "sites"), list),
    "filterable": _ANY,
    "quirks": dict,
}

HOOKS: Mapping[str, Hook] = {
    "account.create": Hook(_account_create, optional=_CREATION),
    "account.delete": Hook(_account_delete, _ACCOUNT),
    "credential.create": Hook(_credential_create, {**_ACCOUNT, "kind": _ANY}, {"owner": str, "password": str}),
    "credential.list": Hook(_credential_list, _ACCOUNT),
    "credential.expire": Hook(_credential_expire, _CREDENTIAL),
    "credential.disable": Hook(_credential_disable, _CREDENTIAL),
    "credential.reset": Hook(_credential_reset, _CREDENTIAL),
    "owner.disable": Hook(_owner_disable, _ACCOUNT, {"owner": str}),
    "phase.set": Hook(_phase_set, {**_ACCOUNT, "phase": _ANY}),
    "clock.advance": Hook(_clock_advance, {**_ACCOUNT, "seconds": _ANY}),
    "filterable.set": Hook(_filterable_set, {**_ACCOUNT, "attributes": _ANY}),
}
"""Every hook by its name."""
