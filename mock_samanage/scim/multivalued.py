"""PATCH on an attribute that holds a list of values (RFC 7644 sections 3.5.2.1 to 3.5.2.3).

Each function takes the present elements, which it never changes, and returns the elements after
the operation. Choices where the RFC is open:

AMB-23, AMB-72  a filter that selects nothing makes the element its eq terms describe, or is noTarget,
        as the dialect says.
AMB-24  removing what is not there succeeds and changes nothing.
AMB-25  remove with a value list and no filter removes the listed values only.
AMB-26  replace with a filter and no sub-attribute replaces the named parts of each matching element.
AMB-52  a simple value is selected by `[value eq …]`.
A sub-attribute without a filter (`emails.type`) means that part of every element; add makes a new one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mock_samanage.scim import values
from mock_samanage.scim.dialect import Dialect
from mock_samanage.scim.elements import collapsed, equal, identity, part_key, prefer
from mock_samanage.scim.errors import InvalidValue, Mutability, NoTarget
from mock_samanage.scim.evaluate import matching_elements
from mock_samanage.scim.filter import And, Compare, Filter, Operator
from mock_samanage.scim.opaque import MISSING, Op
from mock_samanage.scim.schema import Attribute, AttributeType
from mock_samanage.scim.schema import Mutability as Mutable
from mock_samanage.scim.targets import Target

Elements = list[Any]


def changed(op: Op, target: Target, elements: Sequence[Any], raw: object, dialect: Dialect) -> Elements:
    """The elements after the operation, none of them empty, no two equal, at most one primary.

    Raises InvalidValue, Mutability, NoTarget, InvalidFilter.
    """
    copies = [dict(element) if isinstance(element, dict) else element for element in elements]
    if target.filter is not None:
        after = _on_selected(op, target, copies, raw, dialect)
    elif op == "remove":
        after = _remove(target, copies, raw, dialect)
    elif target.part is None or not copies or op == "add":
        read = values.read_many(target.attribute, _whole(target, raw), target.path, dialect)
        after = read if op == "replace" else _appended(target, copies, read)
    else:
        after = _set_part(target, copies, range(len(copies)), raw, dialect)
    kept = [element for element in after if element is not None and element != {}]
    return collapsed(target.attribute, kept)


def _whole(target: Target, raw: object) -> object:
    """The raw element for a raw part of it."""
    return raw if target.part is None else {target.part: raw}


def _remove(target: Target, elements: Elements, raw: object, dialect: Dialect) -> Elements:
    if target.part is not None:
        return _without_part(target, elements, range(len(elements)))
    if raw is MISSING or raw is None:
        return []
    listed = [item for item in (raw if isinstance(raw, list) else [raw]) if item is not None]
    wanted = [_listed(target, item, f"{target.path}[{index}]", dialect) for index, item in enumerate(listed)]
    return [element for element in elements if not any(_agrees(target.attribute, element, item) for item in wanted)]


def _listed(target: Target, raw: object, where: str, dialect: Dialect) -> Any:
    """An element as a remove lists it; for a complex attribute a bare string means its value."""
    if isinstance(raw, str) and target.attribute.sub("value"):
        raw = {"value": raw}
    return values.read_one(target.attribute, raw, where, dialect)


def _agrees(attribute: Attribute, element: Any, wanted: Any) -> bool:
    """Whether the element has every part that the wanted one names."""
    if wanted is None:
        return False
    if not isinstance(wanted, Mapping):
        return identity(attribute, element) == identity(attribute, wanted)
    return all(
        part_key(attribute, name, element.get(name)) == part_key(attribute, name, part) for name, part in wanted.items()
    )


def _appended(target: Target, elements: Elements, added: Sequence[Any]) -> Elements:
    """The elements and the added ones; one that is there already takes over the parts given anew."""
    attribute = target.attribute
    places = {identity(attribute, element): index for index, element in enumerate(elements)}
    after, chosen = list(elements), []
    for element in added:
        place = places.setdefault(identity(attribute, element), len(after))
        if place == len(after):
            after.append(element)
        elif isinstance(element, dict):
            after[place] = _merged(attribute, after[place], element)
        if isinstance(element, dict) and element.get("primary") is True:
            chosen.append(place)
    prefer(after, chosen, target.path)
    return after


def _merged(attribute: Attribute, old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The old element with the new parts, except those that are immutable and set."""
    kept = [sub.name for sub in attribute.sub_attributes if sub.mutability is Mutable.IMMUTABLE and sub.name in old]
    return {**old, **{name: part for name, part in new.items() if name not in kept}}


def _on_selected(op: Op, target: Target, elements: Elements, raw: object, dialect: Dialect) -> Elements:
    assert target.filter is not None
    found = matching_elements(target.filter, elements, target.attribute, string_booleans=dialect.string_booleans)
    if op == "remove":
        if target.part is not None:
            return _without_part(target, elements, found)
        return [element for index, element in enumerate(elements) if index not in found]
    if not found:
        return _created(target, elements, raw, dialect)
    if target.part is not None:
        return _set_part(target, elements, found, raw, dialect)
    return _set_elements(target, elements, found, raw, dialect)


def _set_part(target: Target, elements: Elements, found: Sequence[int], raw: object, dialect: Dialect) -> Elements:
    sub = target.sub
    assert sub is not None
    value = values.read(sub, raw, target.path, dialect)
    if value is None and sub.required:
        raise InvalidValue(f"{target.path} is required and must not be empty.")
    for index in found:
        _put(target, elements[index], {sub.name: value})
    if sub.name == "primary" and value is True:
        prefer(elements, found, target.path)
    return elements


def _without_part(target: Target, elements: Elements, found: Sequence[int]) -> Elements:
    assert target.sub is not None
    if target.sub.required:
        raise Mutability(f"{target.path} is required and cannot be removed.")
    for index in found:
        _put(target, elements[index], {target.sub.name: None})
    return elements


def _put(target: Target, element: dict[str, Any], parts: Mapping[str, Any]) -> None:
    """Set the parts of an element in place, or take them out where they are None."""
    for name, value in parts.items():
        sub, old = target.attribute.sub(name), element.get(name)
        if sub is not None and sub.mutability is Mutable.IMMUTABLE:
            if old is not None and equal(sub, old, value):
                continue
            if old is not None or (name == "$ref" and value is not None):
                raise Mutability(f"{target.attribute.name}.{name} is immutable; remove the value and add another.")
        if value is None:
            element.pop(name, None)
        else:
            element[name] = value


def _set_elements(target: Target, elements: Elements, found: Sequence[int], raw: object, dialect: Dialect) -> Elements:
    """The elements after a replace or add with a filter and no sub-attribute (AMB-26)."""
    item = _single(target, raw)
    if unassigned(item):
        return [element for index, element in enumerate(elements) if index not in found]
    if target.attribute.type is not AttributeType.COMPLEX:
        value = values.read_simple(target.attribute, item, target.path, dialect)
        return [value if index in found else element for index, element in enumerate(elements)]
    parts = values.read_parts(target.attribute, item, target.path, dialect)
    for index in found:
        _put(target, elements[index], parts)
    if parts.get("primary") is True:
        prefer(elements, found, target.path)
    return elements


def _created(target: Target, elements: Elements, raw: object, dialect: Dialect) -> Elements:
    """The elements and one made of the filter's eq terms and the value; noTarget if it cannot be made."""
    return _appended(target, elements, created_elements(target, raw, dialect))


def created_elements(target: Target, raw: object, dialect: Dialect) -> Elements:
    """The element that a filter without a match describes, together with the value; none for an empty value.

    Raises NoTarget when the dialect makes none, or when the filter holds more than eq and and.
    """
    terms = None if target.filter is None else equalities(target.filter)
    if terms is None or dialect.replace_without_match == "noTarget":
        raise NoTarget(f"{target.text} selects no value of {target.attribute.name}; add one first.")
    item = raw if target.part is not None else _single(target, raw)
    if unassigned(item):
        return []
    if target.part is not None:
        item = {target.part: item}
    if isinstance(item, dict) and target.attribute.type is AttributeType.COMPLEX:
        named = {name.lower() for name in item}
        item = {**{name: term for name, term in terms.items() if name.lower() not in named}, **item}
    element = values.read_element(target.attribute, item, target.path, dialect)
    return [] if element is None else [element]


def unassigned(raw: object) -> bool:
    """Whether a raw value means "no value" (RFC 7643 section 2.5)."""
    return raw is None or raw in ("", [], {})


def _single(target: Target, raw: object) -> object:
    if not isinstance(raw, list) or not raw:
        return raw
    if len(raw) > 1:
        raise InvalidValue(f"{target.text} takes one value, not a list of {len(raw)}.")
    return raw[0]


def equalities(tree: Filter) -> dict[str, object] | None:
    """What a filter of eq and and demands of an element, by sub-attribute; None for every other filter."""
    if isinstance(tree, Compare):
        return {tree.path.name: tree.value} if tree.op is Operator.EQ and tree.value is not None else None
    if not isinstance(tree, And):
        return None
    demanded: dict[str, object] = {}
    for term in tree.terms:
        found = equalities(term)
        if found is None or any(demanded.get(name, value) != value for name, value in found.items()):
            return None
        demanded.update(found)
    return demanded
