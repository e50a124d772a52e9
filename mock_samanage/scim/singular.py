"""PATCH on an attribute that holds one value (RFC 7644 sections 3.5.2.1 to 3.5.2.3)."""

from __future__ import annotations

from typing import Any

from mock_samanage.scim import values
from mock_samanage.scim.dialect import Dialect
from mock_samanage.scim.errors import InvalidPath, InvalidValue, Mutability
from mock_samanage.scim.immutable import first_immutable
from mock_samanage.scim.links import reference_id
from mock_samanage.scim.opaque import Op
from mock_samanage.scim.schema import Attribute, AttributeType
from mock_samanage.scim.schema import Mutability as Mutable
from mock_samanage.scim.targets import Target


def changed(op: Op, target: Target, current: Any, raw: object, dialect: Dialect) -> Any:
    """The value after the operation, None when it is unassigned; `current` is not changed.

    Raises InvalidPath, InvalidValue, Mutability.
    """
    attribute = target.attribute
    if target.filter is not None:
        raise InvalidPath(f"{attribute.name} has one value, so that no filter can select among several.")
    if op == "remove":
        return _removed(target, current)
    if attribute.type is AttributeType.COMPLEX:
        return _merged(target, current or {}, raw, dialect)
    value = values.read_simple(attribute, raw, target.path, dialect)
    _check(attribute, current, value, target.path)
    return value


def _removed(target: Target, current: Any) -> Any:
    ended = target.sub or target.attribute
    old = current if target.sub is None or current is None else current.get(target.sub.name)
    if ended.required:
        raise Mutability(f"{target.path} is required and cannot be removed.")
    if ended.mutability is Mutable.IMMUTABLE and old is not None:
        raise Mutability(f"{target.path} is immutable and cannot be removed.")
    if target.sub is None and (fixed := first_immutable(ended.sub_attributes, old or {})):
        raise Mutability(f"{target.path} cannot be removed, because its {fixed} is immutable.")
    if target.sub is None or current is None:
        return None
    removed = "value" if _is_reference(target) else target.sub.name
    return {name: part for name, part in current.items() if name != removed}


def _merged(target: Target, current: dict[str, Any], raw: object, dialect: Dialect) -> dict[str, Any]:
    """The complex value with the named parts set, the others kept (AMB-22)."""
    parts = _parts(target, raw, dialect)
    for name, value in parts.items():
        if (sub := target.attribute.sub(name)) is not None:
            _check(sub, current.get(name), value, f"{target.attribute.name}.{name}")
    return values.assigned({**current, **parts})


def _parts(target: Target, raw: object, dialect: Dialect) -> dict[str, Any]:
    if target.sub is None:
        return values.read_parts(target.attribute, raw, target.path, dialect)
    value = values.read(target.sub, raw, target.path, dialect)
    if _is_reference(target):
        return {"value": None if value is None else reference_id(value)}
    return {target.sub.name: value}


def _is_reference(target: Target) -> bool:
    return target.attribute.is_link and target.sub is not None and target.sub.name == "$ref"


def _check(attribute: Attribute, old: object, new: object, where: str) -> None:
    if attribute.required and (new is None or (isinstance(new, str) and not new.strip())):
        raise InvalidValue(f"{where} is required and must not be empty.")
    if attribute.mutability is Mutable.IMMUTABLE and old is not None and new != old:
        raise Mutability(f"{where} is immutable and has another value.")
