"""Defects of what the configuration announces about pagination (RFC 9865 section 4)."""

from __future__ import annotations

from tests.mutants.answers import Json, declared
from tests.mutants.mutant import Defect, mutant


def announced(defect: Defect, **pagination: object) -> None:
    """The configuration announces another pagination than the one there is."""

    def change(document: Json) -> None:
        if "pagination" in document:
            document["pagination"].update(pagination)

    declared(defect, change)


@mutant(clauses=("9865-4-01",), trips={"paging.cursors_are_announced"})
def cursors_are_not_announced(defect: Defect) -> None:
    """The configuration says nothing of pagination, though cursors work."""
    declared(defect, lambda document: document.pop("pagination", None))


@mutant(
    clauses=("9865-4-02", "9865-4-03", "9865-4-04"),
    trips={"paging.cursors_are_announced", "paging.the_configuration_of_paging_is_typed"},
    only="the configuration",
)
def pagination_is_announced_in_words(defect: Defect) -> None:
    """The configuration has text for the booleans and sizes of pagination, and a method of its own."""
    announced(defect, cursor="true", index="true", defaultPaginationMethod="offset", defaultPageSize="100")


@mutant(
    clauses=("9865-4-05", "9865-4-06"),
    trips={"paging.the_largest_page_bounds_count", "paging.the_usual_size_holds_without_count"},
    only="the sizes that are announced",
)
def pages_are_larger_than_announced(defect: Defect) -> None:
    """The configuration announces smaller pages than those that come."""
    announced(defect, maxPageSize=2, defaultPageSize=1)


@mutant(clauses=("9865-2.4-01",), trips={"paging.one_method_is_the_usual_one"}, only="requests that name no method")
def another_method_is_the_usual_one(defect: Defect) -> None:
    """The configuration calls cursors the usual method, but a request that names none is paged by index."""
    announced(defect, defaultPaginationMethod="cursor")
