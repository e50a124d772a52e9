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
from mock_samanage.store.model import Page
from mock_samanage.store.resources import record_of
from mock_samanage.store.shape import Shape, Shaper
from mock_samanage.store.sorting import Sort, sort_of
from mock_samanage.store.work import Work

_MOST_PLANS: Final = 512
_FARTHEST: Final = 2**62  # beyond every page, within a database's integers

_plans: dict[tuple[Any, ...], Plan] = {}
_planning = Lock()
Trees = list[tuple[ResourceType, BoundFilter]]


class Queries(Work):
    """The part of a session that answers queries."""

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

        start: the position of the first, from 1; less counts as 1. count: the most that are wanted;
        less than 0 counts as 0. Without `sort` resources come in the order of creation. An attribute
        that no resource of a single type can have raises InvalidFilter; over several types it counts
        as unassigned (AMB-02). A sort by what has no order raises InvalidPath.
        """
        order = sort_of(types, sort, descending=descending) if sort is not None else None
        trees = _bound(types, filter, string_booleans)
        if not trees:
            return Page(0, ())
        shaper = Shaper()
        shapes = tuple([(kind.name, shaper.shape(tree, kind.name)) for kind, tree in trees])
        found = _plan(trees, shapes, shaper, order)
        params = shaper.params
        params["account"] = account
        return self._page(found, params, max(start, 1), max(count, 0))

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


def _bound(types: Sequence[ResourceType], filter: Filter | None, string_booleans: StringBooleans) -> Trees:
    if filter is None:
        return [(kind, EVERYTHING) for kind in types]
    unknown: Any = "refuse" if len(types) == 1 else "unassigned"
    trees = [(kind, bind(filter, kind, unknown=unknown, string_booleans=string_booleans)) for kind in types]
    return [(kind, tree) for kind, tree in trees if tree != NOTHING]


def _plan(trees: Trees, shapes: tuple[Shape, ...], shaper: Shaper, order: Sort | None) -> Plan:
    key = (shapes, order)
    found = _plans.get(key)
    if found is None:
        found = plan(trees, shaper.numbers, order)
        with _planning:
            if len(_plans) >= _MOST_PLANS:
                _plans.clear()
            _plans[key] = found
    return found
