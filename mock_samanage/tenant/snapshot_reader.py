"""Reading a snapshot that comes from outside: nothing reaches the store that the store did not give."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_args

from mock_samanage.scim.dialect import ENTRA
from mock_samanage.scim.errors import ScimError
from mock_samanage.scim.registry import SCHEMA_SETS, Registry, registry
from mock_samanage.scim.validation import validate
from mock_samanage.store import CredentialKind, CredentialState
from mock_samanage.tenant.account import PLANS, REGIONS, AccountSettings, settings_from
from mock_samanage.tenant.errors import BadArgument
from mock_samanage.tenant.matching import canonical_entries
from mock_samanage.tenant.phases import parse_phase
from mock_samanage.tenant.presets import preset
from mock_samanage.tenant.quirks import checked
from mock_samanage.tenant.roles import RoleRules, assign
from mock_samanage.tenant.snapshots import Snapshot

_SETTINGS = {field.name for field in fields(AccountSettings)}
_ID = re.compile(r"[!-~]{1,255}")
_HEX = re.compile(r"([0-9a-f]{2}){1,4096}")
_LATEST = 253_402_300_799_000_000  # the end of the year 9999, microseconds


def read_snapshot(document: Mapping[str, Any]) -> Snapshot:
    """The snapshot that `Snapshot.json` wrote; BadArgument says where another document differs from one."""
    parts = {name: document.get(name) for name in ("settings", "credentials", "resources")}
    settings, credentials, resources = parts.values()
    if not isinstance(settings, dict) or not isinstance(credentials, list) or not isinstance(resources, list):
        raise _no_snapshot("parts")
    settings = {"schemas": SCHEMA_SETS[0], **settings}
    rules = _checked_settings(settings)
    types = registry(schemas=settings["schemas"])
    for credential in credentials:
        if not isinstance(credential, dict) or not _is_credential(credential):
            raise _no_snapshot("credentials")
    return Snapshot(settings, credentials, [_checked_resource(resource, rules, types) for resource in resources])


def _no_snapshot(where: str) -> BadArgument:
    return BadArgument(
        f"This is no snapshot: its {where} differ from one; send back the document that the snapshot gave."
    )


def _checked_settings(settings: Mapping[str, Any]) -> RoleRules:
    lists = [settings.get(name) for name in ("roles", "departments", "sites")]
    if set(settings) != _SETTINGS or not all(_is_texts(listed) for listed in lists):
        raise _no_snapshot("settings")
    numbers = (settings["offset"], settings["token_second"])
    if settings["schemas"] not in SCHEMA_SETS:
        raise _no_snapshot("settings")
    if settings["plan"] not in PLANS or settings["region"] not in REGIONS or not all(map(_is_moment, numbers)):
        raise _no_snapshot("settings")
    if not isinstance(settings["quirks"], dict) or not _is_id(settings["administrator"]):
        raise _no_snapshot("settings")
    parse_phase(settings["phase"])
    quirks = {**preset(str(settings["preset"])), **checked(settings["quirks"])}
    if settings["filterable"] is not None:
        canonical_entries(settings["filterable"], registry(schemas=settings["schemas"]).types)
    return RoleRules(settings_from(settings).roles, quirks["default-role"])


def _is_credential(entry: Mapping[str, Any]) -> bool:
    return (
        _is_id(entry.get("id"))
        and _is_id(entry.get("owner"))
        and entry.get("kind") in get_args(CredentialKind)
        and entry.get("state") in get_args(CredentialState)
        and isinstance(entry.get("secret"), str)
        and _HEX.fullmatch(entry["secret"]) is not None
        and isinstance(entry.get("login"), str if entry["kind"] == "basic" else type(None))
        and _is_moment(entry.get("created"))
    )


def _checked_resource(entry: object, rules: RoleRules, types: Registry) -> dict[str, Any]:
    kind = types.type_named(str(entry.get("type"))) if isinstance(entry, dict) else None
    if kind is None or not isinstance(entry, dict) or not isinstance(entry.get("document"), dict):
        raise _no_snapshot("resources")
    if not (_is_id(entry.get("id")) and _is_moment(entry.get("created")) and _is_texts(entry.get("members", []))):
        raise _no_snapshot("resources")
    try:
        document = validate(kind, entry["document"], dialect=ENTRA, opaque={"roles"} if kind.name == "User" else set())
        if kind.name == "User":
            assign(document, rules)
    except ScimError as error:
        raise BadArgument(f"This is no snapshot: the {kind.name} {entry['id']}: {error.detail}") from None
    return {**entry, "document": document}


def _is_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _is_moment(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LATEST
