"""Defects of paging by cursor (RFC 9865)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mock_samanage.scim.errors import InvalidCount, InvalidValue
from mock_samanage.store import Position, Stretch
from mock_samanage.store.querying import Queries
from mock_samanage.tenant import reading
from mock_samanage.tenant.cursors import Cursor, Cursors
from mock_samanage.tenant.reading import Reading
from mock_samanage.tenant.resource import Query
from mock_samanage.web import parameters, resources
from tests.mutants.answers import asked, changed
from tests.mutants.mutant import Defect, Environ, Reply, mutant

Neighbours = tuple[Position | None, Position | None]


@mutant(clauses=("9865-2-01",), trips={"paging.a_walk_begins_without_a_cursor"}, only="`cursor` without an equals sign")
def a_cursor_needs_an_equals_sign(defect: Defect) -> None:
    """`?cursor` alone counts as no parameter, `?cursor=` does."""

    def read(query_string: str) -> dict[str, str]:
        words = query_string.split("&")
        found: dict[str, str] = old("&".join(word for word in words if word != "cursor"))
        return found

    from mock_samanage.web import call

    old = defect.replace(call, "query_parameters", read)


@mutant(
    clauses=("9865-2-01", "9865-2.4-02"),
    trips={
        "paging.a_search_walks_by_cursor",
        "paging.a_walk_begins_without_a_cursor",
        "paging.a_walk_by_cursor_visits_all",
        "paging.sorting_holds_across_pages_by_cursor",
        "paging.the_parameter_selects_the_method",
    },
    only="an empty cursor",
)
def an_empty_cursor_counts_as_none(defect: Defect) -> None:
    """A request with an empty cursor is paged by index."""

    def read(sent: parameters.Parameters, kept: Any) -> Query:
        named = {name: value for name, value in sent.items() if name != "cursor" or value}
        found: Query = old(named, kept)
        return found

    old = defect.replace(resources, "read_query", read)


@mutant(clauses=("9865-2-03",), trips={"paging.a_walk_outlasts_changes"}, only="a last page with one entry")
def a_lone_last_entry_is_not_reached(defect: Defect) -> None:
    """A walk ends early when the page after would hold one entry."""

    def stretch(self: Queries, *arguments: Any, **options: Any) -> Stretch:
        found: Stretch = old(self, *arguments, **options)
        if found.more and not old(self, *arguments, **{**options, "count": options["count"] + 1}).more:
            return replace(found, more=False)
        return found

    old = defect.replace(Queries, "stretch", stretch)


@mutant(clauses=("9865-2-03",), trips={"paging.a_walk_outlasts_changes"}, only="changes during a walk")
def a_cursor_is_an_offset(defect: Defect) -> None:
    """A cursor counts the resources before it, so that others are skipped when one of those goes."""

    def stretch(self: Queries, *arguments: Any, **options: Any) -> Stretch:
        beyond, count = options.pop("beyond"), options["count"]
        at = beyond.rid if beyond else 0
        start = max(at - count, 0) if options.pop("backward") else at
        page = self.query(*arguments, **{**options, "start": start + 1, "count": count})
        end = start + len(page.records)
        more = start > 0 if start < at else end < page.total
        return Stretch(page.total, page.records, Position(start), Position(end), more)

    defect.replace(Queries, "stretch", stretch)


@mutant(clauses=("9865-2-04",), trips={"paging.the_way_back_leads_to_the_first_page"}, only="the first page")
def the_first_page_has_one_before_it(defect: Defect) -> None:
    """The first page has a previousCursor."""

    def neighbours(at: Cursor, found: Stretch) -> Neighbours:
        before, after = old(at, found)
        return before or found.first, after

    old = defect.replace(reading, "_neighbours", neighbours)


@mutant(clauses=("9865-2-04",), trips={"paging.the_way_back_leads_to_the_first_page"}, only="previousCursor")
def the_way_back_leads_onward(defect: Defect) -> None:
    """A previousCursor leads to the page after, not to the one before."""

    def sealed(self: Cursors, cursor: Cursor, *arguments: Any) -> str:
        text: str = old(self, replace(cursor, backward=False), *arguments)
        return text

    old = defect.replace(Cursors, "seal", sealed)


@mutant(clauses=("9865-2-05",), trips={"paging.a_walk_by_cursor_visits_all"}, only="the text of cursors")
def a_cursor_has_to_be_encoded(defect: Defect) -> None:
    """The text of a cursor has characters that a URI cannot hold as they are."""
    old_seal, old_open = Cursors.seal, Cursors.open

    def opened(self: Cursors, text: str, *arguments: Any) -> Cursor:
        return old_open(self, text.removesuffix("=="), *arguments)

    defect.replace(Cursors, "open", opened)
    defect.replace(Cursors, "seal", lambda *arguments: f"{old_seal(*arguments)}==")


@mutant(
    clauses=("9865-2-06",),
    trips={
        "paging.a_page_by_cursor_keeps_to_count",
        "paging.a_search_walks_by_cursor",
        "paging.a_walk_begins_without_a_cursor",
        "paging.the_parameter_selects_the_method",
    },
    only="pages by cursor",
)
def a_page_by_cursor_holds_one_more(defect: Defect) -> None:
    """A page by cursor holds one entry more than count."""

    def stretch(self: Queries, *arguments: Any, **options: Any) -> Stretch:
        return old(self, *arguments, **{**options, "count": options["count"] + 1})  # type: ignore[no-any-return]

    old = defect.replace(Queries, "stretch", stretch)


@mutant(clauses=("9865-2-06",), trips={"paging.a_page_by_cursor_keeps_to_count"}, only="count 0 by cursor")
def no_entries_by_cursor_are_the_usual_ones(defect: Defect) -> None:
    """A walk with count 0 gets pages of the usual size."""

    def walk(sent: parameters.Parameters, kept: Any) -> Query:
        found: Query = old(sent, kept)
        return replace(found, count=found.count or None)

    old = defect.replace(parameters, "_walk", walk)


@mutant(clauses=("9865-2.1-03",), trips={"paging.a_changed_count_is_refused_or_obeyed"}, only="another count")
def another_count_is_called_a_wrong_value(defect: Defect) -> None:
    """A count that is not the first page's is refused as invalidValue."""

    def place(self: Reading, *arguments: Any) -> Cursor:
        try:
            found: Cursor = old(self, *arguments)
        except InvalidCount as wrong:
            raise InvalidValue(wrong.detail) from None
        return found

    old = defect.replace(Reading, "_place", place)


@mutant(clauses=("9865-2.2-01",), trips={"paging.sorting_holds_across_pages_by_cursor"}, only="pages by cursor")
def a_page_by_cursor_is_in_order_of_creation(defect: Defect) -> None:
    """The right entries are on a page by cursor, but in the order of creation."""

    def stretch(self: Queries, *arguments: Any, **options: Any) -> Stretch:
        found: Stretch = old(self, *arguments, **options)
        return replace(found, records=sorted(found.records, key=lambda record: record.rid))

    old = defect.replace(Queries, "stretch", stretch)


@mutant(
    clauses=("9865-2.4-02",),
    trips={"paging.the_parameter_selects_the_method", "search.a_search_equals_the_query"},
    only="pages by index",
)
def a_page_by_index_has_a_cursor(defect: Defect) -> None:
    """A page that was asked for by startIndex has a nextCursor."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if "startIndex=" in environ.get("QUERY_STRING", "") and asked(environ, "GET", "/") and reply.code == 200:
            return changed(reply, lambda document: document.update(nextCursor="MTAw"))
        return reply

    defect.answers(rewrite)


@mutant(clauses=("9865-3-01",), trips={"paging.a_search_walks_by_cursor"}, only="the cursor of a search")
def a_search_overlooks_its_cursor(defect: Defect) -> None:
    """A search is paged by index whatever its cursor is."""
    members = tuple(name for name in parameters._SEARCH_MEMBERS if name != "cursor")
    defect.replace(parameters, "_SEARCH_MEMBERS", members)
