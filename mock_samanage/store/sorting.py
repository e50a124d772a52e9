"""The order of a query's results (RFC 7644 section 3.4.2.3).

Resources without the value come last ascending and first descending; equal keys come in the order of
creation; several values sort by the primary one, else by the first (element 0 of the index). In a walk by
cursor texts count with their first LONGEST characters only, so that a cursor can name a place in the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, FromClause, Text, and_, case, func, literal_column
from sqlalchemy.types import TypeEngine

from mock_samanage.scim.errors import InvalidPath
from mock_samanage.scim.schema import AttributeType, Resolved, ResourceType, Returned
from mock_samanage.scim.syntax import AttrPath
from mock_samanage.store import tables
from mock_samanage.store.elements import in_slots
from mock_samanage.store.keys import PREFIX, slot
from mock_samanage.store.links import is_link
from mock_samanage.store.predicates import whole_key
from mock_samanage.store.scopes import is_column, version_text

LONGEST: Final = 1000
_TIMES: Final = frozenset({"meta.created", "meta.lastModified"})


@dataclass(frozen=True, slots=True)
class Sort:
    """What a query is sorted by: the canonical path, and the types that have it."""

    path: str
    types: tuple[str, ...]
    column: bool
    descending: bool


def sort_of(types: Sequence[ResourceType], path: AttrPath, *, descending: bool) -> Sort:
    """The order a request names; raises InvalidPath for what no type has, or what has no order."""
    found = [(kind.name, resolved) for kind in types if (resolved := kind.resolve(path)) is not None]
    if not found:
        names = " or ".join(kind.name for kind in types)
        raise InvalidPath(f"sortBy names {path}, which {names} does not have")
    resolved = _with_value(found[0][1], path)
    return Sort(resolved.path, tuple(name for name, _ in found), is_column(resolved), descending)


def _with_value(resolved: Resolved, path: AttrPath) -> Resolved:
    if resolved.target.type is AttributeType.COMPLEX:
        value = resolved.attribute.sub("value")
        if value is None:
            raise InvalidPath(f"sortBy names {path}, which has parts; name one of them, such as name.familyName")
        resolved = Resolved(resolved.attribute, value, resolved.extension)
    if is_link(resolved) or resolved.target.returned is Returned.NEVER:
        raise InvalidPath(f"sortBy names {path}, which resources cannot be sorted by")
    return resolved


@dataclass(frozen=True, slots=True)
class Order:
    """A sort in SQL: what to select from, and the keys, the last of which only decide between long texts."""

    source: FromClause
    keys: tuple[ColumnElement[Any], ...]
    descending: bool
    type: TypeEngine[Any]

    def by(
        self, keys: Sequence[ColumnElement[Any]], rid: ColumnElement[int], *, backward: bool = False
    ) -> list[ColumnElement[Any]]:
        """The terms of ORDER BY over these keys, the last resource first if `backward`."""
        unassigned = case((keys[0].is_(None), 1), else_=0)
        terms = [unassigned, *keys]
        falling = self.descending != backward
        return [*[term.desc() if falling else term.asc() for term in terms], rid.desc() if backward else rid]


def order(sort: Sort, row: FromClause, *, cut: bool) -> Order:
    """The SQL of a sort over the resources in `row`; `cut` gives keys that fit into a cursor."""
    if sort.column:
        held: TypeEngine[Any] = BigInteger() if sort.path in _TIMES else Text()
        return Order(row, (_column(sort.path, row),), sort.descending, held)
    value = tables.value.alias()
    slots = [slot(name, sort.path) for name in sort.types]
    first: ColumnElement[int] = literal_column("0")
    joined = row.outerjoin(value, and_(value.c.rid == row.c.rid, in_slots(value, slots), value.c.element == first))
    empty: ColumnElement[str] = literal_column("''")
    whole = func.substr(whole_key(value), 1, LONGEST) if cut else whole_key(value)
    longer = case((func.length(value.c.prefix) >= PREFIX, whole), else_=empty)
    return Order(joined, (func.nullif(value.c.prefix, empty), longer), sort.descending, Text())


def _column(path: str, row: FromClause) -> ColumnElement[Any]:
    columns: dict[str, ColumnElement[Any]] = {
        "meta.created": row.c.created,
        "meta.lastModified": row.c.modified,
        "meta.resourceType": row.c.type,
        "meta.version": version_text(row),
    }
    return columns.get(path, row.c.id)
