"""What a target resource says of mapped attributes; tolerant of the forms that servers answer with.

Nothing here raises for what a target answers: what cannot be read is no value.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from conformance.entra.values import Redacted, Roles, Scalar, Value
from conformance.entra.wire.paths import ENTERPRISE, TargetPath, parse_target
from conformance.entra.wire.shapes import BOOLEANS, boolean, plain

_NAMES: Final = ("value", "displayName", "display")
_ROLES: Final = "roles"


def current(resource: Mapping[str, Any], targets: Iterable[str]) -> dict[str, Value]:
    """The value of each target attribute as the resource shows it, None where it shows none."""
    return {target: _value(resource, parse_target(target)) for target in targets}


def same(one: Value, other: Value, *, case_exact: bool = True) -> bool:
    """Whether two values are equal: text or what it means, moments, lists in any order, roles by their values.

    One value and a list of it are equal: servers hold an attribute of either kind for the other.
    """
    return _comparable(one, case_exact=case_exact) == _comparable(other, case_exact=case_exact)


def manager_of(resource: Mapping[str, Any]) -> str:
    """The id of the manager as a resource shows it below the URN of the enterprise extension, or else at its top.

    "" for none, and for a manager in another form than the complex one: the service does not see that (SCIM).
    """
    shown = _extension(resource, ENTERPRISE, "manager")
    shown = _member(resource, "manager") if shown is None else shown
    found = _member(shown, "value") if isinstance(shown, Mapping) else None
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def text_of(value: Value) -> str | None:
    """The value as a log shows it, None for none."""
    if value is None:
        return None
    if isinstance(value, Redacted):
        return "[Redact]"
    found = plain(value)
    return ", ".join(map(str, found)) if isinstance(found, list) else str(found)


def _value(resource: Mapping[str, Any], path: TargetPath) -> Value:
    found = _extension(resource, path.uri, path.name) if path.uri else _member(resource, path.name)
    if path.is_value_path:
        found = _element(found, path)
    if path.sub:
        found = _member(found, path.sub) if isinstance(found, Mapping) else None
    return _roles(found) if path.name == _ROLES and not path.uri else _scalar_or_many(found)


def _extension(resource: Mapping[str, Any], uri: str, name: str) -> Any:
    """The attribute inside of its extension's object, or at the top by its full name."""
    inside = _member(resource, uri)
    found = _member(inside, name) if isinstance(inside, Mapping) else None
    return _member(resource, f"{uri}:{name}") if found is None else found


def _member(inside: Mapping[str, Any], name: str) -> Any:
    if name in inside:
        return inside[name]
    wanted = name.lower()
    return next((value for key, value in inside.items() if key.lower() == wanted), None)


def _element(elements: Any, path: TargetPath) -> Mapping[str, Any] | None:
    listed = elements if isinstance(elements, list) else [elements]
    for element in listed:
        if isinstance(element, Mapping) and _wanted(_member(element, path.by), path):
            return element
    return None


def _wanted(found: Any, path: TargetPath) -> bool:
    if isinstance(found, bool):
        return path.by in BOOLEANS and found == boolean(path.wanted)
    return isinstance(found, str) and found.lower() == path.wanted.lower()


def _scalar_or_many(found: Any) -> Value:
    if isinstance(found, list):
        return tuple(each for each in map(_scalar, found) if each is not None) or None
    return _scalar(found)


def _scalar(found: Any) -> Scalar | None:
    if isinstance(found, Mapping):
        named = (_member(found, name) for name in _NAMES)
        return next((each for each in map(_bare, named) if each is not None), None)
    return _bare(found)


def _bare(found: Any) -> Scalar | None:
    return found if isinstance(found, str | bool | int | float) and found != "" else None


def _roles(found: Any) -> Value:
    """The names of roles: elements, an object, text, and JSON text in any of their places."""
    if isinstance(found, list):
        return tuple(each for each in map(_role, found) if each is not None) or None
    return _role(found)


def _role(found: Any) -> Scalar | None:
    told = _scalar(found)
    if not isinstance(told, str) or not told.lstrip().startswith("{"):
        return told
    try:
        inside = json.loads(told)
    except (ValueError, RecursionError):
        return told
    return _scalar(inside)


def _comparable(value: Value, *, case_exact: bool) -> object:
    return frozenset(_folded(each, case_exact=case_exact) for each in _listed(value))


def _listed(value: Value) -> Iterable[Scalar]:
    match value:
        case None:
            return ()
        case Roles(roles=roles):
            return [role.value for role in roles]
        case Redacted(inner):
            return (inner,)
        case tuple():
            return value
    return (value,)


def _folded(value: Scalar, *, case_exact: bool) -> str:
    told = str(plain(value))
    if isinstance(value, bool) or told in {"True", "False"}:
        return told.lower()
    return _instant(told) or (told if case_exact else told.casefold())


def _instant(told: str) -> str:
    """A date, a time and an offset in the one form that tells moments apart, "" for other text."""
    if "T" not in told or len(told) < len("2031-03-04T09:00:00Z"):
        return ""
    try:
        found = datetime.fromisoformat(told)
        return found.astimezone(UTC).isoformat() if found.tzinfo else ""
    except (ValueError, OverflowError):
        return ""
