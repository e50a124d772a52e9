"""Defects of how sortBy is read, and of what stands beside it."""

from __future__ import annotations

from typing import Any

from mock_samanage.scim.errors import InvalidPath
from mock_samanage.scim.syntax import AttrPath
from mock_samanage.store.model import Page
from mock_samanage.web import parameters
from tests.mutants.answers import Json, declared
from tests.mutants.catalogue.sorting import Found, Sent, by_creation, paged, resorted
from tests.mutants.mutant import Defect, mutant


@mutant(
    clauses=("7644-3.10-08",),
    trips={"search.a_search_sorts_by_any_name", "sorting.sort_by_takes_any_name"},
    only="names in another case",
)
def a_sort_has_to_be_spelt_as_in_the_schema(defect: Defect) -> None:
    """A sortBy counts for nothing when its case is not the schema's."""
    resorted(defect, lambda sort, records: by_creation(records) if sort.name.isupper() else records)


@mutant(
    clauses=("7644-3.10-08",),
    trips={"search.a_search_sorts_by_any_name", "sorting.sort_by_takes_any_name"},
    only="qualified names",
)
def a_qualified_sort_is_overlooked(defect: Defect) -> None:
    """A sortBy counts for nothing when it has a URN."""
    resorted(defect, lambda sort, records: by_creation(records) if sort.uri else records)


@mutant(
    clauses=("7644-3.12-19",),
    trips={"sorting.complex_attributes_sort_by_a_part", "sorting.sorting_by_an_unknown_attribute"},
    only="unknown attributes",
)
def an_unknown_sort_finds_nothing(defect: Defect) -> None:
    """Sorting by an attribute that is not there gives an empty list."""

    def find(sound: Found, _: AttrPath, _start: int, _count: int) -> Page:
        try:
            return sound()
        except InvalidPath:
            return Page(0, ())

    paged(defect, find)


@mutant(
    clauses=("7644-3.4.2-10",), trips={"sorting.sorting_joins_filter_and_projection"}, only="sortBy beside attributes"
)
def a_projected_list_is_not_sorted(defect: Defect) -> None:
    """A sortBy counts for nothing beside `attributes` that do not name it."""

    def read(sent: Sent, *arguments: Any) -> Any:
        named = str(sent.get("attributes", "")).lower()
        if named and str(sent.get("sortBy", "")).lower() not in named:
            sent = {name: value for name, value in sent.items() if name != "sortBy"}
        return old(sent, *arguments)

    old = defect.replace(parameters, "_query", read)


@mutant(
    clauses=("7644-3.4.2.3-14",),
    trips={"sorting.without_sorting_sort_by_does_no_harm"},
    only="sortBy where sorting is not announced",
)
def sorting_is_neither_announced_nor_ignored(defect: Defect) -> None:
    """The configuration announces no sorting, and a sorted query gives an empty list."""

    def change(document: Json) -> None:
        if "sort" in document:
            document["sort"]["supported"] = False

    declared(defect, change)
    paged(defect, lambda _sound, _sort, _start, _count: Page(0, ()))
