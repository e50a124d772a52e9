"""Values as JSON, and the pieces that bodies are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any, Final

from conformance.entra.values import Redacted, Roles, Scalar, Value
from conformance.entra.wire.paths import TargetPath

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


def patch_body(operations: Iterable[Mapping[str, Any]]) -> Body:
    """A PatchOp message."""
    return {"schemas": [PATCH_OP], "Operations": list(operations)}


def operation(op: str, path: str | None, value: Any) -> Body:
    """One operation; without a path the key is left out."""
    return {"op": op, **({} if path is None else {"path": path}), "value": value}
