"""Queries: a filter, an order and a page."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any, Final

from mock_samanage.scim.bind import StringBooleans, bind
from mock_samanage.scim.bound import EVERYTHING, NOTHING, BoundFilter
from mock_samanage.scim.schema import ResourceType
from mock_samanage.scim.syntax import AttrPath, Filter
from mock_samanage.store.assembly import Plan, plan
from mock_samanage.store.model import Page, Position, Stretch
from mock_samanage.store.resources import COLUMNS, record_of
from mock_samanage.store.seeking import Seek, parameters, seek_of
from mock_samanage.store.shape import Shape, Shaper
from mock_samanage.store.sorting import Sort, sort_of
from mock_samanage.store.work import Work

_MOST_PLANS: Final = 512
_FARTHEST: Final = 2**62  # beyond every page, within a database's integers
_RECORD: Final = len(COLUMNS)

_plans: dict[tuple[Any, ...], Plan] = {}
_planning = Lock()
Trees = list[tuple[ResourceType, BoundFilter]]


class Queries(Work):
    """The part of a session that answers queries.

    An attribute that no resource of a single type can have raises InvalidFilter; over several types it counts
    as unassigned (AMB-02). A sort by what has no order raises InvalidPath. Without `sort` resources come in the
    order of creation. A `count` less than 0 counts as 0.
    """

    __slots__ = ()

    def query(
        self,
        account: int,
        types: Sequence[ResourceType],
        filter: Filter | None,
        *,
        sort: AttrPath | None = None,
        descending: bool = False,
        start: int = 1,
        count: int = 100,
        string_booleans: StringBooleans = "coerce",
    ) -> Page:
        """One page of the resources of these types that match, and how many match in all.

        start: the position of the first, from 1; less counts as 1. count: the most that are wanted.
        """
        order = sort_of(types, sort, descending=descending) if sort is not None else None
        trees = _bound(types, filter, string_booleans)
        if not trees:
            return Page(0, ())
        found, params = _planned(account, trees, order)
        return self._page(found, params, max(start, 1), max(count, 0))

    def stretch(
        self,
        account: int,
        types: Sequence[ResourceType],
        filter: Filter | None,
        *,
        sort: AttrPath | None = None,
        descending: bool = False,
        beyond: Position | None = None,
        backward: bool = False,
        count: int = 100,
        string_booleans: StringBooleans = "coerce",
    ) -> Stretch:
        """The resources next to a position, and how many match in all.

        beyond: the position, of the same query, None for its first resource; backward: those before it. Either
        way the records come in the order of the query.
        """
        order = sort_of(types, sort, descending=descending) if sort is not None else None
        trees = _bound(types, filter, string_booleans)
        if not trees:
            return Stretch(0)
        found, params = _planned(account, trees, order, seek_of(beyond, backward=backward))
        rows: list[Any] = []
        if count > 0:
            rows = list(self.run(found.page, **params, **parameters(beyond), limit=count + 1, offset=0))
        more, rows = len(rows) > count > 0, rows[:count] if count > 0 else []
        if backward:
            rows.reverse()
        whole = count > 0 and beyond is None and not more
        total: int = len(rows) if whole else self.run(found.count, **params).fetchone()[0]
        if not rows:
            return Stretch(total)
        return Stretch(total, [record_of(row) for row in rows], _position(rows[0]), _position(rows[-1]), more)

    def _page(self, found: Plan, params: dict[str, Any], start: int, count: int) -> Page:
        records = []
        if count > 0:
            params["limit"] = min(count, _FARTHEST)
            params["offset"] = min(start - 1, _FARTHEST)
            records = [record_of(row) for row in self.run(found.page, **params)]
            if len(records) < count and (records or start == 1):
                return Page(start - 1 + len(records), records)
        total: int = self.run(found.count, **params).fetchone()[0]
        return Page(total, records)


def _position(row: Sequence[Any]) -> Position:
    """The position of a row whose columns of a record are followed by the keys of the order."""
    keys = tuple(row[_RECORD:])
    return Position(row[0], None if keys and keys[0] is None else keys)


def _bound(types: Sequence[ResourceType], filter: Filter | None, string_booleans: StringBooleans) -> Trees:
    if filter is None:
        return [(kind, EVERYTHING) for kind in types]
    unknown: Any = "refuse" if len(types) == 1 else "unassigned"
    trees = [(kind, bind(filter, kind, unknown=unknown, string_booleans=string_booleans)) for kind in types]
    return [(kind, tree) for kind, tree in trees if tree != NOTHING]


def _planned(account: int, trees: Trees, order: Sort | None, seek: Seek | None = None) -> tuple[Plan, dict[str, Any]]:
    """The plan of a query, and its parameters."""
    shaper = Shaper()
    shapes = tuple([(kind.name, shaper.shape(tree, kind.name)) for kind, tree in trees])
    found = _plan(trees, shapes, shaper, order, seek)
    params = shaper.params
    params["account"] = account
    return found, params


def _plan(trees: Trees, shapes: tuple[Shape, ...], shaper: Shaper, order: Sort | None, seek: Seek | None) -> Plan:
    key = (shapes, order) if seek is None else (shapes, order, seek)
    found = _plans.get(key)
    if found is None:
        found = plan(trees, shaper.numbers, order, seek)
        with _planning:
            if len(_plans) >= _MOST_PLANS:
                _plans.clear()
            _plans[key] = found
    return found
