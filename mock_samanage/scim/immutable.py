"""Immutable values in a PUT: what is set stays (RFC 7644 section 3.5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mock_samanage.scim.elements import equal
from mock_samanage.scim.errors import Mutability
from mock_samanage.scim.schema import Attribute, AttributeType, ResourceType
from mock_samanage.scim.schema import Mutability as Mutable
from mock_samanage.scim.validation import present_schemas

Document = dict[str, Any]


def with_immutable(resource_type: ResourceType, before: Mapping[str, Any], after: Document) -> Document:
    """The document of a PUT with the immutable values that are set, where it leaves them out.

    Raises Mutability where it has another value for one. Elements of a list come and go as a whole, so that what is
    immutable in them is not looked at.
    """
    if not resource_type.has_immutable:
        return after
    kept = _kept(resource_type.schema.attributes, before, after, "")
    for extension in resource_type.extensions:
        old, new = before.get(extension.id, {}), after.get(extension.id, {})
        held = _kept(extension.attributes, old, new, f"{extension.id}:")
        if held:
            kept[extension.id] = held
    kept["schemas"] = present_schemas(resource_type, kept)
    return kept


def first_immutable(attributes: Iterable[Attribute], values: Mapping[str, Any]) -> str | None:
    """The name of an immutable attribute that the values hold, of a part of one value too; None if there is none."""
    for attribute in attributes:
        held = values.get(attribute.name)
        if held is not None and attribute.mutability is Mutable.IMMUTABLE:
            return attribute.name
        if isinstance(held, Mapping) and (part := first_immutable(attribute.sub_attributes, held)):
            return f"{attribute.name}.{part}"
    return None


def _kept(attributes: Iterable[Attribute], before: Mapping[str, Any], after: Mapping[str, Any], head: str) -> Document:
    kept = dict(after)
    for attribute in attributes:
        old, new = before.get(attribute.name), after.get(attribute.name)
        if old is None:
            continue
        if attribute.mutability is Mutable.IMMUTABLE:
            kept[attribute.name] = _same(attribute, old, new, f"{head}{attribute.name}")
        elif attribute.type is AttributeType.COMPLEX and not attribute.multi_valued:
            parts = _kept(attribute.sub_attributes, old, new or {}, f"{head}{attribute.name}.")
            if parts:
                kept[attribute.name] = parts
    return kept


def _same(attribute: Attribute, old: Any, new: Any, where: str) -> Any:
    if new is not None and not equal(attribute, old, new):
        raise Mutability(f"{where} is immutable and has another value; send the one it has, or leave it out.")
    return old
