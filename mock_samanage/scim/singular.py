"""PATCH on an attribute that holds one value (RFC 7644 sections 3.5.2.1 to 3.5.2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mock_samanage.scim import values
from mock_samanage.scim.dialect import Dialect
from mock_samanage.scim.elements import equal
from mock_samanage.scim.errors import InvalidPath, InvalidValue, Mutability
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
    _refuse_empty(attribute, value, target.path)
    return value


def _removed(target: Target, current: Any) -> Any:
    ended = target.sub or target.attribute
    if ended.required:
        raise Mutability(f"{target.path} is required and cannot be removed.")
    if not isinstance(current, dict):
        return None
    left: dict[str, Any] = {}
    if target.sub is not None:
        removed = "value" if _is_reference(target) else target.sub.name
        left = {name: part for name, part in current.items() if name != removed}
    _keep_immutable(target.attribute, current, left)
    return left or None


def _merged(target: Target, current: dict[str, Any], raw: object, dialect: Dialect) -> dict[str, Any]:
    """The complex value with the named parts set, the others kept (AMB-22)."""
    parts = _parts(target, raw, dialect)
    for name, value in parts.items():
        if (sub := target.attribute.sub(name)) is not None:
            _refuse_empty(sub, value, f"{target.attribute.name}.{name}")
    after = values.assigned({**current, **parts})
    _keep_immutable(target.attribute, current, after)
    return after


def _parts(target: Target, raw: object, dialect: Dialect) -> dict[str, Any]:
    if target.sub is None:
        return values.read_parts(target.attribute, raw, target.path, dialect)
    value = values.read(target.sub, raw, target.path, dialect)
    if _is_reference(target):
        return {"value": None if value is None else reference_id(value)}
    return {target.sub.name: value}


def _is_reference(target: Target) -> bool:
    return target.attribute.is_link and target.sub is not None and target.sub.name == "$ref"


def _refuse_empty(attribute: Attribute, new: object, where: str) -> None:
    if attribute.required and (new is None or (isinstance(new, str) and not new.strip())):
        raise InvalidValue(f"{where} is required and must not be empty.")


def _keep_immutable(attribute: Attribute, current: Mapping[str, Any], after: dict[str, Any]) -> None:
    """Put back the immutable parts that are set, in their own spelling; Mutability where one changed."""
    for sub in attribute.sub_attributes:
        if sub.mutability is not Mutable.IMMUTABLE or (old := current.get(sub.name)) is None:
            continue
        if not equal(sub, old, after.get(sub.name)):
            raise Mutability(f"{attribute.name}.{sub.name} is immutable and has a value already, which cannot change.")
        after[sub.name] = old
