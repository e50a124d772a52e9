"""Values as JSON, and the pieces that bodies are made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any, Final

from conformance.entra.dialect import Dialect
from conformance.entra.values import AppRole, Redacted, RoleFlow, Roles, Scalar, Value
from conformance.entra.wire.paths import TargetPath, parse_target

PATCH_OP: Final = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ROLE_TYPE: Final = "WindowsAzureActiveDirectoryRole"
"""The type of every role the service sends (MAP)."""
BOOLEANS: Final = frozenset({"active", "primary"})
PRIMARY: Final = frozenset({"emails", "addresses", "phoneNumbers"})
"""Lists whose `work` element is sent as the primary one (SCIM)."""

Body = dict[str, Any]


def plain(value: Value) -> Any:
    """The value as JSON: Redact'ed ones in the clear, a moment in UTC, a list for several values."""
    match value:
        case Redacted(inner):
            return plain(inner)
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case tuple():
            return [plain(each) for each in value]
        case Roles(roles=roles):
            return [role.value for role in roles]
    return value


def boolean(value: Any) -> Any:
    """A text True or False, in any case, as the boolean it means; anything else as it is."""
    return value.lower() == "true" if isinstance(value, str) and value.lower() in {"true", "false"} else value


def json_of(path: TargetPath, value: Value) -> Any:
    """The value for a target attribute in a body; boolean attributes get booleans."""
    found = plain(value)
    return boolean(found) if (path.sub or path.name) in BOOLEANS else found


def put(body: MutableMapping[str, Any], path: TargetPath, value: Any) -> None:
    """The value stands in a resource body where its path says; a value path makes an element of its list."""
    inside: MutableMapping[str, Any] = body.setdefault(path.uri, {}) if path.uri else body
    if path.is_value_path:
        inside = _element(inside.setdefault(path.name, []), path)
        inside[path.sub or "value"] = value
    elif path.sub:
        inside.setdefault(path.name, {})[path.sub] = value
    else:
        inside[path.name] = value


def _element(elements: list[Body], path: TargetPath) -> Body:
    wanted: Scalar = boolean(path.wanted) if path.by in BOOLEANS else path.wanted
    for element in elements:
        if element.get(path.by) == wanted:
            return element
    first: Body = {"primary": True} if path.name in PRIMARY and wanted == "work" else {}
    if path.name == "roles":
        first = {"primary": True, "type": ROLE_TYPE}
    elements.append({**first, path.by: wanted})
    return elements[-1]


def created_roles(value: Value, dialect: Dialect) -> list[Body]:
    """The roles of a create (MAP)."""
    if isinstance(value, Roles):
        return [_created_role(role, value.flow, dialect) for role in value.roles]
    return [_named_role(text, dialect) for text in _texts(value)]


def _created_role(role: AppRole, flow: RoleFlow, dialect: Dialect) -> Body:
    if flow is RoleFlow.SINGLE:
        return {"primary": True, "type": ROLE_TYPE, "value": role.value}
    key = "display" if flow is RoleFlow.ASSERTIVE else dialect["complex-role-key"]
    return {"primary": False, "type": ROLE_TYPE, key: role.display_name, "value": role.value}


def patched_roles(value: Value, dialect: Dialect) -> list[Body]:
    """The roles of a PATCH: as in a create with the flag, and for the assertive function; else JSON text in value."""
    if isinstance(value, Roles) and not dialect.flagged and value.flow is not RoleFlow.ASSERTIVE:
        return [{"value": role_text(role)} for role in value.roles]
    return created_roles(value, dialect)


def role_text(role: AppRole) -> str:
    """A role as the JSON text that is sent without the flag."""
    told = {"id": role.id, "value": role.value, "displayName": role.display_name}
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)


def _named_role(text: str, dialect: Dialect) -> Body:
    """A role that a constant or a default value names: the JSON text of an object is that object."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if isinstance(found, dict) and dialect["role-default"] == "element":
        return found
    return {"value": text}


def _texts(value: Value) -> list[str]:
    found = plain(value)
    return [str(each) for each in (found if isinstance(found, list) else [found]) if each not in (None, "")]


def patch_body(operations: Iterable[Mapping[str, Any]]) -> Body:
    """A PatchOp message."""
    return {"schemas": [PATCH_OP], "Operations": list(operations)}


def operation(op: str, path: str | None, value: Any) -> Body:
    """One operation; without a path the key is left out."""
    return {"op": op, **({} if path is None else {"path": path}), "value": value}


def paths(targets: Iterable[str]) -> dict[str, TargetPath]:
    """The parsed targets by their text."""
    return {target: parse_target(target) for target in targets}
