"""From a document to its rows in the attribute index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

from mock_samanage.scim.comparison import key
from mock_samanage.scim.registry import registry
from mock_samanage.scim.schema import Attribute, AttributeType, Mutability, Resolved, ResourceType, Returned, Uniqueness
from mock_samanage.store.keys import PREFIX, slot, text_of, unique_hash

VIRTUAL: Final = frozenset({"id", "meta", "members", "groups"})  # answered by columns and by the membership table
DISPLAY: Final = "(display)"  # the path of a name to show that is not the displayName


class Value(NamedTuple):
    """One row of the index; `hash` is set for unique attributes, `long` holds a key longer than its prefix."""

    slot: int
    element: int
    prefix: str
    hash: bytes | None
    long: str | None


@dataclass(frozen=True, slots=True)
class _Indexed:
    attribute: Attribute
    slot: int
    unique: bool
    path: str


@dataclass(frozen=True, slots=True)
class _Holder:
    """An attribute of a document: itself indexed if simple, else its sub-attributes by name."""

    multi_valued: bool
    simple: _Indexed | None
    subs: Mapping[str, _Indexed]


@dataclass(frozen=True, slots=True)
class Indexer:
    """The index rows of the documents of one resource type."""

    type_name: str
    core: Mapping[str, _Holder]
    extensions: Mapping[str, Mapping[str, _Holder]]

    def values(self, document: Mapping[str, Any]) -> list[Value]:
        """The rows of a document; values that are not of their attribute's type have none."""
        rows = [row for name, found in document.items() for row in self._rows(name, found)]
        if not document.get("displayName") and "userName" in document:
            rows.append(_value(slot(self.type_name, DISPLAY), 0, key(_NAME, document["userName"]), unique=False))
        return rows

    def unique(self, document: Mapping[str, Any]) -> Iterator[tuple[str, Any, Value]]:
        """The path, the value and the row of each unique attribute."""
        for name, holder in self.core.items():
            entry = holder.simple
            if entry is not None and entry.unique and name in document:
                yield entry.path, document[name], next(_simple_rows(entry, document[name]))

    def _rows(self, name: str, found: Any) -> Iterator[Value]:
        holder = self.core.get(name)
        if holder is not None:
            yield from _holder_rows(holder, found)
        elif name in self.extensions:
            holders = self.extensions[name]
            for sub_name, sub_found in found.items():
                if sub_name in holders:
                    yield from _holder_rows(holders[sub_name], sub_found)


_NAME: Final = Attribute("display")


@cache
def indexer(type_name: str) -> Indexer:
    """The indexer of User or Group; every attribute that any account may declare is indexed."""
    kind = registry(role_display_name=True).type_named(type_name)
    assert kind is not None
    core = {
        attribute.name: _holder(kind, Resolved(attribute))
        for attribute in (*kind.common, *kind.schema.attributes)
        if attribute.name not in VIRTUAL and attribute.returned is not Returned.NEVER
    }
    extensions = {
        schema.id: {a.name: _holder(kind, Resolved(a, None, schema.id)) for a in schema.attributes}
        for schema in kind.extensions
    }
    return Indexer(type_name, core, extensions)


def _holder(kind: ResourceType, resolved: Resolved) -> _Holder:
    attribute = resolved.attribute
    if attribute.type is not AttributeType.COMPLEX:
        return _Holder(attribute.multi_valued, _indexed(kind, resolved), {})
    subs = {sub.name: _indexed(kind, Resolved(attribute, sub, resolved.extension)) for sub in attribute.sub_attributes}
    return _Holder(attribute.multi_valued, None, subs)


def _indexed(kind: ResourceType, resolved: Resolved) -> _Indexed:
    target = resolved.target
    unique = target.uniqueness is not Uniqueness.NONE and target.mutability is not Mutability.READ_ONLY
    return _Indexed(target, slot(kind.name, resolved.path), unique, resolved.path)


def _holder_rows(holder: _Holder, found: Any) -> Iterator[Value]:
    if holder.simple is not None:
        yield from _simple_rows(holder.simple, found)
        return
    for number, element in enumerate(_in_order(found)):
        for name, part in element.items():
            entry = holder.subs.get(name)
            if entry is not None:
                yield from _row(entry, number, part)


def _simple_rows(entry: _Indexed, found: Any) -> Iterator[Value]:
    if not isinstance(found, list):
        yield from _row(entry, 0, found)
        return
    for number, part in enumerate(found):
        yield from _row(entry, number, part)


def _in_order(found: Any) -> Sequence[Mapping[str, Any]]:
    """The elements, the primary one first, because sorting looks at the first (RFC 7644 section 3.4.2.3)."""
    elements = found if isinstance(found, list) else [found]
    elements = [element for element in elements if isinstance(element, Mapping)]
    if len(elements) > 1:
        elements.sort(key=lambda element: element.get("primary") is not True)
    return elements


def _row(entry: _Indexed, element: int, found: Any) -> Iterator[Value]:
    if found is None:
        return
    try:
        made = key(entry.attribute, found)
    except ValueError:  # matches nothing, as in scim.evaluate
        return
    yield _value(entry.slot, element, text_of(made), unique=entry.unique)


def _value(number: int, element: int, made: Any, *, unique: bool) -> Value:
    text = str(made)
    return Value(
        number,
        element,
        text[:PREFIX],
        unique_hash(text) if unique else None,
        text if len(text) > PREFIX else None,
    )
