"""What a target resource says of mapped attributes; tolerant of the forms that servers answer with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from conformance.entra.values import Redacted, Roles, Scalar, Value
from conformance.entra.wire.paths import TargetPath, parse_target
from conformance.entra.wire.shapes import BOOLEANS, boolean, plain

_NAMES = ("value", "displayName", "display")


def current(resource: Mapping[str, Any], targets: Iterable[str]) -> dict[str, Value]:
    """The value of each target attribute as the resource shows it, None where it shows none."""
    return {target: _value(resource, parse_target(target)) for target in targets}


def same(one: Value, other: Value, *, case_exact: bool = True) -> bool:
    """Whether two values are equal: text or what it means, lists in any order, roles by their values."""
    return _comparable(one, case_exact=case_exact) == _comparable(other, case_exact=case_exact)


def text_of(value: Value) -> str | None:
    """The value as a log shows it, None for none."""
    if value is None:
        return None
    if isinstance(value, Redacted):
        return "[Redact]"
    found = plain(value)
    return ", ".join(map(str, found)) if isinstance(found, list) else str(found)


def _value(resource: Mapping[str, Any], path: TargetPath) -> Value:
    inside: Any = _member(resource, path.uri) if path.uri else resource
    if not isinstance(inside, Mapping):
        return None
    found = _member(inside, path.name)
    if path.is_value_path:
        found = _element(found, path)
    if path.sub:
        found = _member(found, path.sub) if isinstance(found, Mapping) else None
    return _scalar_or_many(found)


def _member(inside: Mapping[str, Any], name: str) -> Any:
    if name in inside:
        return inside[name]
    wanted = name.lower()
    return next((value for key, value in inside.items() if key.lower() == wanted), None)


def _element(elements: Any, path: TargetPath) -> Mapping[str, Any] | None:
    listed = [each for each in elements if isinstance(each, Mapping)] if isinstance(elements, list) else []
    for element in listed:
        found = _member(element, path.by)
        if isinstance(found, str) and found.lower() == path.wanted.lower():
            return element
        if isinstance(found, bool) and path.by in BOOLEANS and found == boolean(path.wanted):
            return element
    return None


def _scalar_or_many(found: Any) -> Value:
    if isinstance(found, list):
        return tuple(each for each in map(_scalar, found) if each is not None) or None
    return _scalar(found)


def _scalar(found: Any) -> Scalar | None:
    if isinstance(found, Mapping):
        return next((value for name in _NAMES if isinstance(value := _member(found, name), str) and value), None)
    return found if isinstance(found, str | bool | int | float) and found != "" else None


def _comparable(value: Value, *, case_exact: bool) -> object:
    match value:
        case None:
            return None
        case Roles(roles=roles):
            return frozenset(_folded(role.value, case_exact=case_exact) for role in roles) or None
        case tuple():
            return frozenset(_folded(plain(each), case_exact=case_exact) for each in value) or None
        case Redacted() | datetime():
            return _folded(plain(value), case_exact=case_exact)
    return _folded(value, case_exact=case_exact)


def _folded(value: Any, *, case_exact: bool) -> str:
    told = str(value)
    if isinstance(value, bool) or told in {"True", "False"}:
        return told.lower()
    return told if case_exact else told.casefold()
