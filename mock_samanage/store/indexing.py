"""From a document to its rows in the attribute index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from mock_samanage.scim.comparison import key
from mock_samanage.scim.registry import registry
from mock_samanage.scim.schema import Attribute, AttributeType, Mutability, Resolved, ResourceType, Returned, Uniqueness
from mock_samanage.store.keys import PREFIX, slot, text_of, unique_hash

VIRTUAL: Final = frozenset({"id", "meta", "members", "groups"})  # answered by columns and by the membership table
DISPLAY: Final = "(display)"  # the path of a name to show that is not the displayName


ValueRow = tuple[int, int, int, int, str, bytes | None]
"""rid, slot, element, account, prefix, hash (of unique attributes): the columns of `attribute_value`."""

LongRow = tuple[int, int, int, str]
"""rid, slot, element, key: the columns of `long_value`."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """An attribute whose values stand in the index."""

    attribute: Attribute
    slot: int
    unique: bool
    path: str


@dataclass(frozen=True, slots=True)
class _Holder:
    """A top-level attribute: indexed itself if it is simple, else its sub-attributes by name."""

    simple: Indexed | None
    subs: Mapping[str, Indexed]


class Rows:
    """The index rows of resources of one account, collected until they are written together."""

    __slots__ = ("_account", "long", "values")

    def __init__(self, account: int) -> None:
        self._account = account
        self.values: list[ValueRow] = []
        self.long: list[LongRow] = []

    def add(self, rid: int, entry: Indexed, element: int, found: Any) -> None:
        """Adds a value; null and what is not of the attribute's type match nothing, as in `scim.evaluate`."""
        if found is None:
            return
        try:
            made = key(entry.attribute, found)
        except ValueError:
            return
        text = made if isinstance(made, str) else text_of(made)
        digest = unique_hash(text) if entry.unique else None
        if len(text) <= PREFIX:
            self.values.append((rid, entry.slot, element, self._account, text, digest))
            return
        self.values.append((rid, entry.slot, element, self._account, text[:PREFIX], digest))
        self.long.append((rid, entry.slot, element, text))


@dataclass(frozen=True, slots=True)
class Indexer:
    """Knows the index rows of the documents of one resource type."""

    type_name: str
    core: Mapping[str, _Holder]
    extensions: Mapping[str, Mapping[str, _Holder]]
    display: Indexed

    def collect(self, rows: Rows, rid: int, document: Mapping[str, Any]) -> None:
        """Adds the rows of a document."""
        core = self.core
        for name, found in document.items():
            holder = core.get(name)
            if holder is not None:
                _collect(rows, rid, holder, found)
            elif name in self.extensions:
                for part, holder in self.extensions[name].items():
                    _collect(rows, rid, holder, found.get(part))
        if not document.get("displayName"):
            rows.add(rid, self.display, 0, document.get("userName"))

    def unique(self, document: Mapping[str, Any]) -> Iterator[tuple[Indexed, Any, bytes]]:
        """Each unique attribute with its value and the hash of that."""
        places = [(self.core, document), *((held, document.get(uri, {})) for uri, held in self.extensions.items())]
        for holders, values in places:
            for name, holder in holders.items():
                entry = holder.simple
                if entry is not None and entry.unique and values.get(name) is not None:
                    yield entry, values[name], unique_hash(text_of(key(entry.attribute, values[name])))


def _collect(rows: Rows, rid: int, holder: _Holder, found: Any) -> None:
    entry = holder.simple
    if entry is not None:
        for number, part in enumerate(found if isinstance(found, list) else (found,)):
            rows.add(rid, entry, number, part)
        return
    subs = holder.subs
    for number, element in enumerate(_in_order(found)):
        for name, part in element.items():
            if name in subs:
                rows.add(rid, subs[name], number, part)


def _in_order(found: Any) -> Sequence[Mapping[str, Any]]:
    """The elements, the primary one first, because sorting looks at the first (RFC 7644 section 3.4.2.3)."""
    elements = found if isinstance(found, list) else (found,)
    known = [element for element in elements if isinstance(element, Mapping)]
    if len(known) > 1:
        known.sort(key=lambda element: element.get("primary") is not True)
    return known


@cache
def indexer(type_name: str) -> Indexer:
    """The indexer of a resource type; every attribute that any account may declare is indexed."""
    kind = registry(role_display_name=True, schemas="laboratory").type_named(type_name)
    assert kind is not None
    core = {
        attribute.name: _holder(kind, Resolved(attribute))
        for attribute in (*kind.common, *kind.schema.attributes)
        if attribute.name not in VIRTUAL and attribute.returned is not Returned.NEVER
    }
    extensions = {
        schema.id: {
            a.name: _holder(kind, Resolved(a, None, schema.id))
            for a in schema.attributes
            if a.returned is not Returned.NEVER
        }
        for schema in kind.extensions
    }
    return Indexer(type_name, core, extensions, Indexed(Attribute("display"), slot(type_name, DISPLAY), False, DISPLAY))


def _holder(kind: ResourceType, resolved: Resolved) -> _Holder:
    attribute = resolved.attribute
    if attribute.type is not AttributeType.COMPLEX:
        return _Holder(_indexed(kind, resolved), {})
    subs = {sub.name: _indexed(kind, Resolved(attribute, sub, resolved.extension)) for sub in attribute.sub_attributes}
    return _Holder(None, subs)


def _indexed(kind: ResourceType, resolved: Resolved) -> Indexed:
    target = resolved.target
    unique = target.uniqueness is not Uniqueness.NONE and target.mutability is not Mutability.READ_ONLY
    return Indexed(target, slot(kind.name, resolved.path), unique, resolved.path)
