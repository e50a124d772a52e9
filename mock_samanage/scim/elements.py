"""The values of a multi-valued attribute: which are equal, and which one is primary.

Source: RFC 7643 section 2.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mock_samanage.scim import comparison
from mock_samanage.scim.errors import InvalidValue
from mock_samanage.scim.schema import Attribute, AttributeType


def identity(attribute: Attribute, element: Any) -> object:
    """What makes two elements the same: type and value, the id of a link, everything where there is no value."""
    if attribute.type is not AttributeType.COMPLEX:
        return comparison.key(attribute, element)
    names: Sequence[str] = sorted(element)
    if "value" in element:
        names = ("value",) if attribute.is_link else ("type", "value")
    return tuple((name, part_key(attribute, name, element.get(name))) for name in names)


def part_key(attribute: Attribute, name: str, value: object) -> object:
    """The comparison key of one sub-attribute, None when it has no value."""
    sub = attribute.sub(name)
    return None if value is None or sub is None else comparison.key(sub, value)


def equal(attribute: Attribute, one: Any, other: Any) -> bool:
    """Whether two stored values are the same: lists in any order, texts in any case unless caseExact."""
    if isinstance(one, list) or isinstance(other, list):
        if not (isinstance(one, list) and isinstance(other, list)) or len(one) != len(other):
            return False
        return all(any(equal(attribute, item, twin) for twin in other) for item in one)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(
            _equal_part(attribute.sub(name), one[name], other[name]) for name in one
        )
    if one is None or other is None:
        return one is other
    return bool(comparison.key(attribute, one) == comparison.key(attribute, other))


def _equal_part(sub: Attribute | None, one: Any, other: Any) -> bool:
    return bool(one == other) if sub is None else equal(sub, one, other)


def collapsed(attribute: Attribute, elements: Sequence[Any]) -> list[Any]:
    """The elements without repetitions; the first of equal ones stays, primary if one of them was."""
    if len(elements) < 2:
        return list(elements)
    kept: dict[object, Any] = {}
    for element in elements:
        first = kept.setdefault(identity(attribute, element), element)
        if first is not element and isinstance(first, dict) and element.get("primary") is True:
            first["primary"] = True
    return list(kept.values())


def primaries(elements: Iterable[Any]) -> list[int]:
    """The positions of the elements whose `primary` is true."""
    return [
        index
        for index, element in enumerate(elements)
        if isinstance(element, Mapping) and element.get("primary") is True
    ]


def refuse_primaries(elements: Sequence[Any], where: str) -> None:
    """Raise InvalidValue when more than one element is primary (AMB-37)."""
    if len(primaries(elements)) > 1:
        raise InvalidValue(f"{where} has more than one value with primary true; at most one may be primary.")


def prefer(elements: Sequence[Any], chosen: Iterable[int], where: str) -> None:
    """Make the chosen element the only primary one, in place (RFC 7644 section 3.5.2).

    Nothing happens when none is chosen; InvalidValue when several are.
    """
    winners = set(chosen)
    if not winners:
        return
    if len(winners) > 1:
        raise InvalidValue(f"{where} would get more than one value with primary true; at most one may be primary.")
    for index in primaries(elements):
        if index not in winners:
            elements[index]["primary"] = False
