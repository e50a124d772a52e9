"""Defects of pages: where they start, how long they are, what they say about themselves."""

from __future__ import annotations

from typing import Any

from mock_samanage.scim.errors import InvalidValue
from mock_samanage.store.model import Page
from mock_samanage.tenant.resource import Query
from mock_samanage.web import discovery, parameters, resources
from tests.mutants.mutant import Defect, mutant
from tests.mutants.queries import Finds, paged


@mutant(
    clauses=("7644-3.4.2.4-13",),
    trips={
        "auth_migration.a_walk_survives_a_phase_change",
        "dialects.groups_come_page_by_page",
        "dialects.users_come_page_by_page",
        "listing.pages_of_an_idle_server_are_definite",
        "paging.a_page_past_the_end_is_empty",
        "paging.advancing_by_what_came_visits_all",
        "paging.pages_need_no_order_of_requests",
        "paging.paging_applies_to_what_the_filter_finds",
        "paging.the_first_entry_has_index_one",
        "paging.the_parameter_selects_the_method",
        "search.a_search_is_paged_as_a_query",
        "search.the_root_is_searched",
        "sorting.sorting_comes_before_paging",
    },
    only="the second and later pages",
)
def a_page_repeats_the_last_of_the_one_before(defect: Defect) -> None:
    """A page other than the first begins one resource too early."""

    def find(sound: Finds, start: int, _count: int) -> Page:
        return sound() if start == 1 else Page(sound(count=0).total, sound(start=start - 1).records)

    paged(defect, find)


@mutant(
    clauses=("7644-3.4.2-02",),
    trips={
        "listing.pages_of_an_idle_server_are_definite",
        "listing.total_results_counts_all_matches",
        "paging.a_page_past_the_end_is_empty",
        "paging.count_zero_asks_for_the_total",
        "paging.paging_applies_to_what_the_filter_finds",
        "search.the_root_is_searched",
        "sorting.sorting_comes_before_paging",
    },
)
def the_total_is_that_of_the_page(defect: Defect) -> None:
    """The total counts the resources of the page."""

    def find(sound: Finds, _start: int, count: int) -> Page:
        page = sound()
        return Page(len(page.records), page.records) if count else page

    paged(defect, find)


@mutant(
    clauses=("7644-3.4.2.4-12",),
    trips={
        "listing.total_results_counts_all_matches",
        "paging.a_page_past_the_end_is_empty",
        "paging.count_zero_asks_for_the_total",
        "paging.paging_applies_to_what_the_filter_finds",
        "paging.the_total_is_the_same_on_every_page",
        "search.the_root_is_searched",
    },
    only="the last page",
)
def the_last_page_corrects_the_total(defect: Defect) -> None:
    """Pages but the last count one resource too many."""

    def find(sound: Finds, start: int, count: int) -> Page:
        page = sound()
        more = count > 0 and start + count <= page.total
        return Page(page.total + more, page.records)

    paged(defect, find)


@mutant(
    clauses=("7644-3.4.2.4-03",),
    trips={
        "dialects.groups_come_page_by_page",
        "dialects.okta_creates_and_matches_a_user",
        "dialects.users_come_page_by_page",
        "paging.a_start_below_one_is_one",
        "paging.advancing_by_what_came_visits_all",
        "paging.paging_applies_to_what_the_filter_finds",
        "paging.start_index_is_echoed",
        "paging.the_first_entry_has_index_one",
        "paging.the_parameter_selects_the_method",
        "search.a_search_is_paged_as_a_query",
        "search.the_root_is_searched",
        "sorting.sorting_comes_before_paging",
    },
    only="a startIndex that is sent",
)
def start_index_counts_from_zero(defect: Defect) -> None:
    """A startIndex of 1 means the second resource."""

    def integer(sent: parameters.Parameters, name: str) -> int | None:
        found: int | None = old(sent, name)
        return found + 1 if found is not None and name == "startIndex" else found

    old = defect.replace(parameters, "_integer", integer)


@mutant(
    clauses=("7644-3.4.2.4-08",),
    trips={
        "paging.a_page_by_cursor_keeps_to_count",
        "paging.count_zero_asks_for_the_total",
        "search.a_search_is_paged_as_a_query",
    },
    only="a count of 0",
)
def count_zero_is_no_count(defect: Defect) -> None:
    """A count of 0 means the default page size."""

    def integer(sent: parameters.Parameters, name: str) -> int | None:
        return old(sent, name) or None

    old = defect.replace(parameters, "_integer", integer)


def _refused(defect: Defect, refused_name: str) -> None:
    def integer(sent: parameters.Parameters, name: str) -> int | None:
        found: int | None = old(sent, name)
        if found is not None and found < 0 and name == refused_name:
            raise InvalidValue(f"{name} is a positive number, not {found}.")
        return found

    old = defect.replace(parameters, "_integer", integer)


@mutant(
    clauses=("7644-3.4.2.4-07",),
    trips={
        "paging.a_negative_count_is_zero",
        "paging.a_page_by_cursor_keeps_to_count",
        "search.a_search_is_paged_as_a_query",
    },
    only="a negative count",
)
def a_negative_count_is_refused(defect: Defect) -> None:
    """A count below 0 is answered 400."""
    _refused(defect, "count")


@mutant(clauses=("7644-3.4.2.4-04",), trips={"paging.a_start_below_one_is_one"}, only="a negative startIndex")
def a_negative_start_is_refused(defect: Defect) -> None:
    """A startIndex below 0 is answered 400."""
    _refused(defect, "startIndex")


@mutant(clauses=("7644-3.4.2.4-14",), trips={"paging.a_page_past_the_end_is_empty"}, only="pages beyond the end")
def beyond_the_end_is_the_last_page(defect: Defect) -> None:
    """A page beyond the end is the last one again."""

    def find(sound: Finds, start: int, count: int) -> Page:
        page = sound()
        return sound(start=max(page.total - count + 1, 1)) if page.total < start else page

    paged(defect, find)


@mutant(
    clauses=("7644-3.4.2.4-10",), trips={"paging.items_per_page_counts_the_entries"}, only="pages shorter than count"
)
def items_per_page_is_what_was_asked_for(defect: Defect) -> None:
    """The value of itemsPerPage repeats the count of the request."""

    def read(sent: parameters.Parameters, kept: Any) -> Query:
        query: Query = read_query(sent, kept)
        asked.append(query.count)
        return query

    def listed(entries: Any, total: int, start: int = 1, **options: Any) -> dict[str, Any]:
        body: dict[str, Any] = list_response(entries, total, start, **options)
        count = asked.pop() if asked else None
        return {**body, "itemsPerPage": count} if count is not None and count > 0 else body

    asked: list[int | None] = []
    read_query = defect.replace(resources, "read_query", read)
    list_response = defect.replace(resources, "list_response", listed)


@mutant(
    clauses=("7644-3.4.2.4-05",),
    trips={
        "auth_migration.a_walk_survives_a_phase_change",
        "dialects.groups_come_page_by_page",
        "dialects.users_come_page_by_page",
        "paging.a_page_holds_no_more_than_count",
        "paging.paging_applies_to_what_the_filter_finds",
        "search.a_search_is_paged_as_a_query",
        "search.a_search_sorts_by_any_name",
        "search.the_numbers_of_a_search_are_integers",
        "search.the_root_is_searched",
        "sorting.sorting_comes_before_paging",
    },
    only="pages with another behind them",
)
def a_page_holds_one_more(defect: Defect) -> None:
    """A page that is not the last holds one resource more than count."""

    def find(sound: Finds, _start: int, count: int) -> Page:
        return sound(count=count + 1) if count else sound()

    paged(defect, find)


@mutant(clauses=("7644-3.12-20",), trips={"paging.what_is_no_number_is_refused_or_defaulted"}, only="count")
def what_is_no_count_is_zero(defect: Defect) -> None:
    """A count that is no number counts as 0."""

    def integer(sent: parameters.Parameters, name: str) -> int | None:
        try:
            found: int | None = old(sent, name)
        except InvalidValue:
            if name == "count":
                return 0
            raise
        return found

    old = defect.replace(parameters, "_integer", integer)


@mutant(
    clauses=("7643-5-14",),
    trips={
        "listing.max_results_is_the_ceiling",
        "paging.the_largest_page_bounds_count",
    },
    only="maxResults of the configuration",
)
def the_ceiling_is_lower_than_it_says(defect: Defect) -> None:
    """The configuration says that a response holds 10 resources at most, and a list holds a hundred."""
    defect.replace(discovery, "MAX_RESULTS", 10)
