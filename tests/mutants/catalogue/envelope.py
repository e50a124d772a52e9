"""Defects of what surrounds the resources of a list."""

from __future__ import annotations

import json

from mock_samanage.scim.messages import list_response
from mock_samanage.web import resources
from tests.mutants.answers import Json, asked, changed
from tests.mutants.mutant import Defect, Environ, Reply, mutant


def _listed(reply: Reply) -> Json | None:
    """The list in an answer, None if it holds none."""
    document: Json = json.loads(reply.body) if reply.code == 200 and reply.body.startswith(b"{") else {}
    return document if "totalResults" in document else None


@mutant(
    clauses=("ENTRA-1.2-02", "ENTRA-1.4-02"),
    trips={
        "auth_migration.one_token_is_enough",
        "filtering.groups_are_filterable",
        "matching.groups_match_by_name",
        "matching.the_connection_test_for_groups",
        "provisioning.a_first_cycle_makes_every_group",
        "provisioning.a_first_cycle_with_the_flag_is_complete",
        "provisioning.a_group_is_provisioned_on_demand",
        "provisioning.a_group_is_renamed",
        "provisioning.a_group_that_left_is_made_again",
        "provisioning.a_member_moves_from_group_to_group",
        "provisioning.a_member_moves_with_the_flag",
        "provisioning.a_migration_in_mid_cycle_loses_nobody",
        "provisioning.a_storm_of_429_is_weathered",
        "provisioning.a_storm_of_500_is_weathered",
        "provisioning.a_user_is_provisioned_on_demand",
        "provisioning.an_expired_token_stops_the_job_until_a_new_one",
    },
    only="groups",
)
def no_group_is_not_found(defect: Defect) -> None:
    """A filter that matches no group is answered 404."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        found = _listed(reply) if asked(environ, "GET", "/Groups") and "filter=" in environ["QUERY_STRING"] else None
        if found is None or found["totalResults"]:
            return reply
        error = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404", "detail": "No group."}
        return Reply("404 NOT FOUND", reply.headers, b"").with_body(json.dumps(error).encode())

    defect.answers(rewrite)


@mutant(
    clauses=("7644-3.4.2-06", "ENTRA-1.2-01"),
    trips={
        "listing.one_match_is_still_a_list",
        "matching.entra_always_gets_a_list",
        "provisioning.a_storm_of_500_is_weathered",
        "provisioning.an_existing_user_is_linked",
    },
    only="filters on userName",
)
def one_user_is_no_list(defect: Defect) -> None:
    """A filter on userName that matches one user is answered with the user itself."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        sought = asked(environ, "GET", "/Users") and "filter=username" in environ["QUERY_STRING"].lower()
        found = _listed(reply) if sought else None
        if found is None or found["totalResults"] != 1 or not found["Resources"]:
            return reply
        return reply.with_body(json.dumps(found["Resources"][0], ensure_ascii=False).encode())

    defect.answers(rewrite)


@mutant(
    clauses=("ENTRA-1.4-01", "7644-3.4.2-01"),
    trips={
        "dialects.okta_finds_nobody",
        "matching.entra_always_gets_a_list",
        "matching.the_connection_test_for_groups",
        "matching.the_connection_test_for_users",
    },
    only="lists without a hit",
)
def an_empty_list_has_no_urn(defect: Defect) -> None:
    """A list without a hit is tagged with the URN of SCIM 1.1."""

    def rewrite(_environ: Environ, reply: Reply) -> Reply:
        found = _listed(reply)
        if found is None or found["totalResults"]:
            return reply
        return changed(reply, lambda document: document.update(schemas=["urn:scim:schemas:core:1.0"]))

    defect.answers(rewrite)


@mutant(
    clauses=("7643-2.3.4-02",),
    trips={
        "dialects.okta_creates_and_matches_a_user",
        "dialects.okta_reads_the_first_user",
        "discovery.schemas_come_as_a_list_response",
        "listing.a_page_tells_where_it_is",
        "paging.items_per_page_counts_the_entries",
        "paging.the_counters_are_numbers",
        "schemas.integers_have_neither_fraction_nor_exponent",
    },
    only="itemsPerPage",
)
def items_per_page_is_a_text(defect: Defect) -> None:
    """The value of itemsPerPage is a number in quotes."""

    def rewrite(_environ: Environ, reply: Reply) -> Reply:
        if _listed(reply) is None:
            return reply
        return changed(reply, lambda document: document.update(itemsPerPage=str(document["itemsPerPage"])))

    defect.answers(rewrite)


@mutant(
    clauses=("7644-3.4.2-06", "7644-3.4.2-03"),
    trips={
        "listing.one_match_is_still_a_list",
        "paging.a_cursor_grants_nothing",
        "paging.a_search_walks_by_cursor",
        "paging.a_walk_outlasts_changes",
        "projection.members_can_be_left_out",
        "provisioning.a_storm_of_500_is_weathered",
        "provisioning.an_existing_user_is_linked",
        "search.a_search_is_a_query",
        "search.a_search_reads_filters_as_a_query_does",
        "search.the_root_is_searched",
    },
    only="lists of one",
)
def a_list_of_one_is_no_array(defect: Defect) -> None:
    """Where a list holds one resource, Resources is that resource."""

    def rewrite(_environ: Environ, reply: Reply) -> Reply:
        found = _listed(reply)
        if found is None or len(found["Resources"]) != 1:
            return reply
        return changed(reply, lambda document: document.update(Resources=document["Resources"][0]))

    defect.answers(rewrite)


@mutant(
    clauses=("7643-3-08",),
    trips={
        "discovery.each_schema_identifies_itself",
        "filtering.far_moments_are_ordered",
        "filtering.generated_filters_find_exactly_the_matching_users",
        "filtering.meta_is_filterable",
        "listing.an_endpoint_lists_its_type_only",
        "listing.entries_are_whole_resources",
        "projection.an_empty_list_of_names",
        "projection.excluded_attributes_leave_the_rest",
        "projection.names_come_in_any_case",
        "projection.unknown_names_are_ignored_or_refused",
        "projection.what_is_always_returned_cannot_be_excluded",
        "sorting.a_change_moves_a_user_in_time",
        "versioning.list_entries_carry_their_version",
    },
    only="the second and later entries",
)
def later_entries_have_no_meta(defect: Defect) -> None:
    """The entries of a list behind the first have no `meta`."""

    def strip(document: Json) -> None:
        for entry in document["Resources"][1:]:
            entry.pop("meta", None)

    defect.answers(lambda _environ, reply: reply if _listed(reply) is None else changed(reply, strip))


@mutant(
    clauses=("7644-3.4.2.4-11",),
    trips={
        "dialects.groups_come_page_by_page",
        "dialects.users_come_page_by_page",
        "paging.start_index_is_echoed",
        "paging.the_parameter_selects_the_method",
    },
    only="the second and later pages",
)
def every_page_says_it_is_the_first(defect: Defect) -> None:
    """The startIndex of an answer is 1 on every page."""
    defect.replace(resources, "list_response", lambda entries, total, _start=1: list_response(entries, total, 1))


@mutant(
    clauses=("7644-3.4.2-04",),
    trips={
        "dialects.groups_come_page_by_page",
        "dialects.okta_reads_the_first_user",
        "dialects.users_come_page_by_page",
        "listing.a_page_tells_where_it_is",
        "paging.start_index_is_echoed",
        "paging.the_counters_are_numbers",
        "paging.the_parameter_selects_the_method",
    },
    only="startIndex of pages that are not the last",
)
def a_page_does_not_tell_where_it_is(defect: Defect) -> None:
    """A page that is not the last has no startIndex."""

    def strip(document: Json) -> None:
        if document.get("startIndex", 1) + len(document["Resources"]) <= document["totalResults"]:
            document.pop("startIndex", None)

    defect.answers(lambda _environ, reply: reply if _listed(reply) is None else changed(reply, strip))
