"""Defects of sortBy and sortOrder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause

from mock_samanage.scim.syntax import AttrPath
from mock_samanage.store import indexing, sorting
from mock_samanage.store.model import Page, Record
from mock_samanage.store.querying import Queries
from mock_samanage.store.sorting import Order
from mock_samanage.web import parameters
from tests.mutants.mutant import Defect, mutant
from tests.mutants.queries import MANY

Found = Callable[..., Page]
Sent = parameters.Parameters


def paged(defect: Defect, find: Callable[[Found, AttrPath, int, int], Page]) -> None:
    """Answers a sorted query by index otherwise: `find` gets the sound way, the path, the start and the count."""

    def query(self: Queries, *arguments: Any, **options: Any) -> Page:
        sort, start, count = options.get("sort"), max(options.get("start", 1), 1), max(options.get("count", 100), 0)
        if sort is None:
            return old(self, *arguments, **options)  # type: ignore[no-any-return]

        def sound(**changes: Any) -> Page:
            return old(self, *arguments, **{**options, **changes})  # type: ignore[no-any-return]

        return find(sound, sort, start, count)

    old = defect.replace(Queries, "query", query)


def resorted(defect: Defect, change: Callable[[AttrPath, Sequence[Record]], Sequence[Record]]) -> None:
    """Puts all that a sorted query finds into another order before the page is cut out."""

    def find(sound: Found, sort: AttrPath, start: int, count: int) -> Page:
        page = sound(start=1, count=MANY)
        return Page(page.total, change(sort, page.records)[start - 1 : start - 1 + count])

    paged(defect, find)


def by_creation(records: Sequence[Record]) -> Sequence[Record]:
    """The order of a query without sortBy."""
    return sorted(records, key=lambda record: record.rid)


@mutant(clauses=("7644-3.4.2.4-02",), trips={"search.the_root_is_searched", "sorting.sorting_comes_before_paging"})
def each_page_is_sorted_alone(defect: Defect) -> None:
    """A page is cut out in the order of creation, then sorted."""

    def find(sound: Found, _: AttrPath, _start: int, _count: int) -> Page:
        page = sound(sort=None)
        ranks = {record.rid: at for at, record in enumerate(sound(start=1, count=MANY).records)}
        return Page(page.total, sorted(page.records, key=lambda record: ranks[record.rid]))

    paged(defect, find)


@mutant(
    clauses=("7644-3.4.2.3-04",),
    trips={
        "sorting.a_change_moves_a_user_in_time",
        "sorting.ascending_is_the_default",
        "sorting.complex_attributes_sort_by_a_part",
        "sorting.exact_attributes_sort_by_code_point",
        "sorting.sort_by_orders_the_list",
        "sorting.sort_by_takes_any_name",
        "sorting.sorting_comes_before_paging",
        "sorting.sorting_ignores_case",
        "sorting.the_primary_value_decides",
    },
    only="sortBy without sortOrder",
)
def descending_is_the_default(defect: Defect) -> None:
    """Without sortOrder the last comes first."""

    def descending(sent: Sent) -> bool:
        return bool(old(sent)) or not sent.get("sortOrder")

    old = defect.replace(parameters, "_descending", descending)


@mutant(
    clauses=("7644-3.4.2.3-05",),
    trips={
        "paging.sorting_holds_across_pages_by_cursor",
        "search.the_root_is_searched",
        "sorting.descending_reverses",
        "sorting.moments_sort_in_time",
        "sorting.sort_by_takes_any_name",
        "sorting.sorting_joins_filter_and_projection",
        "sorting.users_without_the_value_come_last",
        "sorting.without_a_primary_value_the_first_decides",
    },
    only="descending",
)
def descending_is_overlooked(defect: Defect) -> None:
    """Every order is ascending."""
    defect.replace(parameters, "_descending", lambda _: False)


@mutant(
    clauses=("7644-3.4.2.3-06",),
    trips={"sorting.other_orders_are_refused_or_defaulted"},
    only="other words than the two",
)
def any_other_order_is_descending(defect: Defect) -> None:
    """A sortOrder that is not `ascending` counts as descending."""
    defect.replace(parameters, "_descending", lambda sent: sent.get("sortOrder", "ascending").lower() != "ascending")


@mutant(clauses=("7644-3.4.2.3-13",), trips={"sorting.an_order_alone_has_no_effect"}, only="sortOrder without sortBy")
def an_order_alone_turns_the_list(defect: Defect) -> None:
    """A sortOrder descending without sortBy gives the newest first."""

    def query(self: Queries, *arguments: Any, **options: Any) -> Page:
        found: Page = old(self, *arguments, **options)
        if options.get("sort") is None and options.get("descending"):
            return Page(found.total, found.records[::-1])
        return found

    old = defect.replace(Queries, "query", query)


@mutant(
    clauses=("7644-3.4.2.3-07",),
    trips={"sorting.complex_attributes_sort_by_a_part", "sorting.sorting_ignores_case"},
    only="name.familyName",
)
def capitals_come_first(defect: Defect) -> None:
    """Family names are sorted by code point though their case does not count."""

    def change(sort: AttrPath, records: Sequence[Record]) -> Sequence[Record]:
        if str(sort).lower() != "name.familyname":
            return records
        named = [record for record in records if _family(record)]
        turned = bool(named) and records[0] not in named
        rest = [record for record in records if record not in named]
        ordered = sorted(named, key=_family, reverse=turned)
        return [*rest, *ordered] if turned else [*ordered, *rest]

    resorted(defect, change)


def _family(record: Record) -> str:
    return str(record.document.get("name", {}).get("familyName", ""))


@mutant(clauses=("7644-3.4.2.3-08",), trips={"sorting.exact_attributes_sort_by_code_point"}, only="externalId")
def exact_texts_keep_the_order_of_creation(defect: Defect) -> None:
    """Nothing is sorted by externalId."""
    resorted(defect, lambda sort, records: by_creation(records) if sort.name.lower() == "externalid" else records)


@mutant(clauses=("7644-3.4.2.3-09",), trips={"sorting.a_change_moves_a_user_in_time"}, only="meta.lastModified")
def changes_do_not_count_in_the_order(defect: Defect) -> None:
    """Sorting by meta.lastModified sorts by the moment of creation."""
    old: Callable[..., ColumnElement[Any]] = sorting._column

    def column(path: str, row: FromClause) -> ColumnElement[Any]:
        return old("meta.created" if path == "meta.lastModified" else path, row)

    defect.replace(sorting, "_column", column)


@mutant(clauses=("7644-3.4.2.3-09",), trips={"sorting.moments_sort_in_time"}, only="meta.created")
def moments_sort_by_the_text_of_the_id(defect: Defect) -> None:
    """Sorting by meta.created sorts by the id as a text, in which the tenth comes before the second."""

    def change(sort: AttrPath, records: Sequence[Record]) -> Sequence[Record]:
        if str(sort).lower() != "meta.created":
            return records
        return sorted(records, key=lambda record: record.id[::-1])

    resorted(defect, change)


@mutant(
    clauses=("7644-3.4.2.3-10",),
    trips={"sorting.complex_attributes_sort_by_a_part", "sorting.sorting_ignores_case"},
    only="sub-attributes of name",
)
def a_part_of_a_name_sorts_by_another(defect: Defect) -> None:
    """Sorting by name.familyName sorts by the given name."""

    def find(sound: Found, sort: AttrPath, _start: int, _count: int) -> Page:
        if str(sort).lower() == "name.familyname":
            return sound(sort=AttrPath(None, "name", "givenName"))
        return sound()

    paged(defect, find)


@mutant(
    clauses=("7644-3.4.2.3-11",),
    trips={"sorting.the_primary_value_decides"},
    only="a primary value that is not the first",
)
def the_first_value_decides(defect: Defect) -> None:
    """Of several values the first decides, whichever is primary."""

    def in_order(found: Any) -> Sequence[Mapping[str, Any]]:
        elements = found if isinstance(found, list) else (found,)
        return [element for element in elements if isinstance(element, Mapping)]

    defect.replace(indexing, "_in_order", in_order)


@mutant(
    clauses=("7644-3.4.2.3-11",),
    trips={"sorting.without_a_primary_value_the_first_decides"},
    only="several values, none of them primary",
)
def the_last_value_decides(defect: Defect) -> None:
    """Of several values without a primary one the last decides."""
    old: Callable[[Any], Sequence[Mapping[str, Any]]] = indexing._in_order

    def in_order(found: Any) -> Sequence[Mapping[str, Any]]:
        elements = old(found)
        return elements if any(element.get("primary") for element in elements) else elements[::-1]

    defect.replace(indexing, "_in_order", in_order)


@mutant(
    clauses=("7644-3.4.2.3-12",),
    trips={"paging.sorting_holds_across_pages_by_cursor", "sorting.users_without_the_value_come_last"},
    only="descending",
)
def those_without_the_value_are_always_last(defect: Defect) -> None:
    """Resources without the value come last in both directions."""

    def by(self: Order, *arguments: Any, **options: Any) -> list[ColumnElement[Any]]:
        unassigned, *terms = old(self, *arguments, **options)
        return [unassigned.element.asc() if self.descending else unassigned, *terms]

    old: Callable[..., list[ColumnElement[Any]]] = Order.by
    defect.replace(Order, "by", by)


@mutant(
    clauses=("7644-3.4.2.3-12", "7644-3.4.2.3-03"),
    trips={
        "sorting.sorting_comes_before_paging",
        "sorting.sorting_ignores_case",
        "sorting.users_without_the_value_come_last",
    },
    only="resources without the value",
)
def sorting_loses_those_without_the_value(defect: Defect) -> None:
    """Sorting leaves out who has no title to be sorted by."""

    def find(sound: Found, sort: AttrPath, start: int, count: int) -> Page:
        if sort.name.lower() != "title":
            return sound()
        found = [record for record in sound(start=1, count=MANY).records if record.document.get("title")]
        return Page(len(found), found[start - 1 : start - 1 + count])

    paged(defect, find)
