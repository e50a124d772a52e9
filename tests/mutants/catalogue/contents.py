"""Defects of which resources a list holds, and of what a query string may say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from mock_samanage.scim.errors import InvalidValue
from mock_samanage.scim.filter import Compare, Operator
from mock_samanage.scim.syntax import AttrPath
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.resource import Query
from mock_samanage.web import call, parameters, resources
from mock_samanage.web.projection import Projection
from tests.mutants.mutant import Defect, mutant
from tests.mutants.queries import names

NOBODY = Compare(AttrPath(None, "id"), Operator.EQ, "")


@mutant(
    clauses=("7644-3.4.2.1-02",),
    trips={
        "listing.attributes_a_type_lacks_have_no_value",
        "listing.the_root_covers_all_types",
        "listing.the_root_follows_the_rules_of_the_endpoints",
        "projection.attributes_replace_the_usual_ones",
        "search.the_root_is_searched",
    },
    only="groups in root queries",
)
def the_root_lists_users(defect: Defect) -> None:
    """A query over several types covers users only."""

    def query(self: Directory, types: Sequence[str], asked: Query) -> Any:
        return old(self, types[:1], asked)

    old = defect.replace(Directory, "query", query)


@mutant(
    clauses=("ENTRA-1.2-06", "7644-3.4.2-07"),
    trips={
        "listing.unknown_parameters_are_ignored",
        "matching.the_feature_flag_is_ignored",
        "paging.a_walk_begins_without_a_cursor",
        "paging.a_walk_by_cursor_visits_all",
        "paging.sorting_holds_across_pages_by_cursor",
        "paging.the_largest_page_bounds_count",
        "paging.the_parameter_selects_the_method",
        "paging.the_usual_size_holds_without_count",
    },
    only="parameters without a value",
)
def a_bare_parameter_is_refused(defect: Defect) -> None:
    """A query parameter that has no value is answered 400."""

    def decoded(query_string: str) -> dict[str, str]:
        if any(part and not part.partition("=")[2] for part in query_string.split("&")):
            raise InvalidValue("A parameter of the query string has no value.")
        found: dict[str, str] = old(query_string)
        return found

    old = defect.replace(call, "query_parameters", decoded)


@mutant(clauses=("7644-3.4.2-09",), trips={"listing.repeated_parameters_do_no_harm"}, only="a count that is sent twice")
def two_counts_break_the_query(defect: Defect) -> None:
    """A query string with two counts is answered 500."""

    def decoded(query_string: str) -> dict[str, str]:
        if [name for name, _ in parse_qsl(query_string)].count("count") > 1:
            raise TypeError("count is a list")
        found: dict[str, str] = old(query_string)
        return found

    old = defect.replace(call, "query_parameters", decoded)


@mutant(
    clauses=("7644-3.4.2.5-01",),
    trips={
        "filtering.projection_does_not_blind_filters",
        "sorting.sorting_joins_filter_and_projection",
    },
    only="`attributes`",
)
def a_filter_sees_what_is_shown(defect: Defect) -> None:
    """A filter on an attribute that `attributes` does not name finds nobody."""

    def read(sent: parameters.Parameters, kept: Projection) -> Query:
        query: Query = old(sent, kept)
        shown = {path.name.lower() for path in kept.attributes}
        if not shown or query.filter is None or {*names(query.filter)} <= {*shown, "id", "schemas"}:
            return query
        return replace(query, filter=NOBODY)

    old = defect.replace(resources, "read_query", read)


@mutant(
    clauses=("ENTRA-1.7-01",),
    trips={
        "dialects.members_are_left_out",
        "groups.a_group_is_read_without_its_members",
        "matching.entra_matches_groups_without_members",
        "projection.members_can_be_left_out",
    },
    only="groups found by a filter",
)
def a_found_group_comes_with_its_members(defect: Defect) -> None:
    """Groups that a filter finds come with `members`, though excludedAttributes names them."""

    def read(sent: parameters.Parameters) -> Projection:
        kept: Projection = old(sent)
        return Projection() if "filter" in sent and sent.get("excludedAttributes") == "members" else kept

    old = defect.replace(resources, "read_projection", read)
