"""The two statements of a query: one page, and the count of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql.selectable import CompoundSelect

from mock_samanage.scim.bound import BoundFilter
from mock_samanage.scim.schema import ResourceType
from mock_samanage.store import tables
from mock_samanage.store.compose import Place, Rows, condition, driven
from mock_samanage.store.elements import Numbers
from mock_samanage.store.predicates import Condition
from mock_samanage.store.resources import COLUMNS
from mock_samanage.store.scopes import ACCOUNT, Resources, of_type
from mock_samanage.store.seeking import Seek, beyond
from mock_samanage.store.sorting import Sort, order
from mock_samanage.store.statement import Statement

_LIMIT: ColumnElement[int] = bindparam("limit", type_=BigInteger())
_OFFSET: ColumnElement[int] = bindparam("offset", type_=BigInteger())
_NAMES = tuple(column.name for column in COLUMNS)


@dataclass(frozen=True, slots=True)
class Plan:
    """The statements of one shape of query; parameters `account`, `limit`, `offset`, and those of the shape.

    A page that seeks has those of its position too, and gives the keys of the order after the columns of a record.
    """

    page: Statement
    count: Statement


@dataclass(frozen=True, slots=True)
class _Part:
    """One resource type of a query: found by indexes, or by a condition on all of its resources."""

    kind: ResourceType
    scope: Resources
    tree: BoundFilter
    found: list[Rows] | None


def plan(
    trees: Sequence[tuple[ResourceType, BoundFilter]], numbers: Numbers, sort: Sort | None, seek: Seek | None = None
) -> Plan:
    """The statements for a filter of each type; the trees are no constants that hold for nothing."""
    parts = []
    for kind, tree in trees:
        scope = Resources(kind, numbers)
        parts.append(_Part(kind, scope, tree, driven(scope, tree)))
    rows = [row for part in parts for row in part.found or []]
    is_driven = all(part.found is not None for part in parts)
    if sort is not None:
        page = _sorted_page(parts, sort, seek)
    elif is_driven:
        page = _driven_page(rows, seek)
    else:
        page = _scanned_page(parts, seek)
    return Plan(Statement(page), Statement(_driven_count(rows) if is_driven else _scanned_count(parts)))


def _driven_page(rows: Sequence[Rows], seek: Seek | None) -> Select[Any]:
    row = tables.resource.alias()
    found = _columns(row).where(row.c.rid.in_(_union(rows)), *beyond(seek, None, row.c.rid))
    return _cut(found.order_by(_direction(row.c.rid, seek)))


def _scanned_page(parts: Sequence[_Part], seek: Seek | None) -> Select[Any]:
    """The rids are paged inside, so that skipping touches no documents."""
    inner = tables.resource.alias()
    found = select(inner.c.rid).where(_condition(parts, inner), *beyond(seek, None, inner.c.rid))
    rids = _cut(found.order_by(_direction(inner.c.rid, seek)))
    row = tables.resource.alias()
    return _columns(row).where(row.c.rid.in_(rids)).order_by(_direction(row.c.rid, seek))


def _sorted_page(parts: Sequence[_Part], sort: Sort, seek: Seek | None) -> Select[Any]:
    """Sorted and paged inside without the documents, which would fill the sorter."""
    inner = tables.resource.alias()
    made = order(sort, inner, cut=seek is not None)
    names = [f"key{at}" for at in range(len(made.keys))]
    keys = [key.label(name) for name, key in zip(names, made.keys, strict=True)]
    rids = select(inner.c.rid, *keys).select_from(made.source).where(_condition(parts, inner))
    rids = rids.where(*beyond(seek, made, inner.c.rid))
    page = _cut(rids.order_by(*made.by(made.keys, inner.c.rid, backward=_is_backward(seek)))).subquery()
    row = tables.resource.alias()
    joined = page.join(row, row.c.rid == page.c.rid)
    shown = [page.c[name] for name in names]
    found = _columns(row) if seek is None else _columns(row).add_columns(*shown)
    return found.select_from(joined).order_by(*made.by(shown, page.c.rid, backward=_is_backward(seek)))


def _direction(rid: ColumnElement[int], seek: Seek | None) -> ColumnElement[int]:
    return cast("ColumnElement[int]", rid.desc()) if _is_backward(seek) else rid


def _is_backward(seek: Seek | None) -> bool:
    return seek is not None and seek.backward


def _driven_count(rows: Sequence[Rows]) -> Select[Any]:
    if len(rows) == 1:
        return select(func.count()).select_from(rows[0].select.distinct().subquery())
    return select(func.count()).select_from(select(_union(rows).subquery().c.rid).distinct().subquery())


def _scanned_count(parts: Sequence[_Part]) -> Select[Any]:
    row = tables.resource.alias()
    return select(func.count()).select_from(row).where(_condition(parts, row))


def _condition(parts: Sequence[_Part], row: FromClause) -> Condition:
    """Whether a resource of any of the types is a result."""
    if all(part.found is not None for part in parts):
        return cast("Condition", row.c.rid.in_(_union([found for part in parts for found in part.found or []])))
    if len(parts) == 1:
        return and_(row.c.account == ACCOUNT, _of_part(parts[0], row))
    types = row.c.type.in_([literal_column(f"'{part.kind.name}'") for part in parts])
    return and_(row.c.account == ACCOUNT, types, or_(*(_of_part(part, row) for part in parts)))


def _of_part(part: _Part, row: FromClause) -> Condition:
    if part.found is not None:
        return cast("Condition", row.c.rid.in_(_union(part.found)))
    return and_(of_type(row, part.kind.name), condition(part.scope, part.tree, Place(row, row.c.rid)))


def _union(rows: Sequence[Rows]) -> Select[Any] | CompoundSelect[Any]:
    return rows[0].select if len(rows) == 1 else union_all(*(row.select for row in rows))


def _columns(row: FromClause) -> Select[Any]:
    return select(*(row.c[name] for name in _NAMES))


def _cut(found: Select[Any]) -> Select[Any]:
    return found.limit(_LIMIT).offset(_OFFSET)
