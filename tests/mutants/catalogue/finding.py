"""Defects of finding one user or group: what Entra asks for, and the conditions it joins."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from mock_samanage.scim.bound import EVERYTHING, NOTHING, BoundCompare, BoundFilter
from mock_samanage.scim.errors import InvalidSyntax
from mock_samanage.scim.filter import And, Compare, Filter, Not, Or, Present
from mock_samanage.scim.syntax import AttrPath, Operator
from mock_samanage.store import Session
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.resource import Query, ResourcePage
from mock_samanage.tenant.users import Users
from mock_samanage.web import call
from tests.mutants.answers import asked
from tests.mutants.mutant import Defect, Environ, Reply, mutant
from tests.mutants.queries import compared, names, reread


@mutant(
    clauses=("SAM-MATCH-10",),
    trips={
        "filtering.normal_forms_are_one_text",
        "matching.a_new_user_matches_at_once",
        "matching.the_feature_flag_is_ignored",
        "provisioning.an_existing_user_is_linked",
        "representation.qualified_names_are_read_in_any_case",
        "resources.a_second_user_of_that_name_is_refused",
        "unicode.a_user_name_is_prepared_before_it_is_compared",
        "users.a_user_is_deactivated_and_activated",
        "users.the_case_of_a_user_name_does_not_matter",
    },
    only="the first `userName eq` for users without externalId",
)
def a_new_user_is_found_at_the_second_attempt(defect: Defect) -> None:
    """The first filter `userName eq` that should find a new user without externalId finds nobody."""
    fresh: set[tuple[int, str]] = set()

    def create(self: Users, session: Session, document: dict[str, Any]) -> Any:
        record = old_create(self, session, document)
        if not document.get("externalId"):
            fresh.add((self.account.pk, record.id))
        return record

    def query(self: Directory, types: Sequence[str], wanted: Query) -> Any:
        page: ResourcePage = old_query(self, types, wanted)
        sought = wanted.filter
        if not isinstance(sought, Compare) or sought.op is not Operator.EQ or sought.path.name.lower() != "username":
            return page
        late = fresh & {(self._account.pk, each.id) for each in page.resources}
        fresh.difference_update(late)
        known = [each for each in page.resources if (self._account.pk, each.id) not in late]
        return replace(page, total=page.total - len(late), resources=known)

    old_create = defect.replace(Users, "create", create)
    old_query = defect.replace(Directory, "query", query)


@mutant(
    clauses=("ENTRA-1.1-03",),
    trips={
        "listing.the_root_follows_the_rules_of_the_endpoints",
        "matching.entra_finds_groups_by_display_name",
        "matching.entra_finds_groups_in_capitals",
        "matching.groups_match_by_name",
        "provisioning.a_group_is_renamed",
    },
    only="groups without members",
)
def an_empty_group_is_not_found(defect: Defect) -> None:
    """A filter on the displayName of groups finds those that have members."""

    def query(self: Directory, types: Sequence[str], wanted: Query) -> Any:
        if list(types) == ["Group"] and wanted.filter is not None and "displayname" in names(wanted.filter):
            wanted = replace(wanted, filter=And((wanted.filter, Present(AttrPath(None, "members")))))
        return old(self, types, wanted)

    old = defect.replace(Directory, "query", query)


@mutant(
    clauses=("ENTRA-1.3-02",),
    trips={"matching.percent_encoding_is_understood", "unicode.percent_encoded_text_is_the_text"},
    only="at signs that are not encoded",
)
def a_bare_at_sign_is_refused(defect: Defect) -> None:
    """A query string with an at sign that is not percent-encoded is refused."""

    def decoded(query_string: str) -> dict[str, str]:
        if "@" in query_string:
            raise InvalidSyntax("The query string holds a character that must be encoded.")
        found: dict[str, str] = old(query_string)
        return found

    old = defect.replace(call, "query_parameters", decoded)


@mutant(
    clauses=("ENTRA-1.4-03",),
    trips={"dialects.okta_with_a_wrong_token", "matching.the_connection_test_with_a_wrong_token"},
    only="filters on userName",
)
def a_wrong_token_finds_nobody(defect: Defect) -> None:
    """A filter on userName with a token that is wrong is answered with an empty list."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        sent = environ.get("HTTP_AUTHORIZATION", "").lower().startswith("bearer ")
        sought = parse_qs(environ["QUERY_STRING"]).get("filter", [""])[0].lower().startswith("username")
        if reply.code != 401 or not sent or not sought or not asked(environ, "GET", "/Users"):
            return reply
        body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 0, "Resources": []}
        kept = Reply("200 OK", reply.headers, b"").without("WWW-Authenticate")
        return kept.with_body(json.dumps(body).encode())

    defect.answers(rewrite)


def _last_of(tree: Filter, kind: Callable[[Filter], object]) -> Filter:
    """The filter with the last term of each kind in every and outside of brackets."""
    match tree:
        case And(terms):
            kept = tuple({kind(term): _last_of(term, kind) for term in terms}.values())
            return And(kept) if len(kept) > 1 else kept[0]
        case Or(terms):
            return Or(tuple(_last_of(term, kind) for term in terms))
        case Not(term):
            return Not(_last_of(term, kind))
    return tree


@mutant(
    clauses=("7644-3.4.2.2-36", "ENTRA-1.2-03"),
    trips={
        "addresses.names_of_resource_types_are_case_exact",
        "filtering.a_bare_list_means_its_value",
        "filtering.and_binds_tighter_than_or",
        "filtering.and_needs_both_sides",
        "filtering.chains_are_as_long_as_one_likes",
        "filtering.connectives_in_any_case",
        "filtering.generated_filters_find_exactly_the_matching_users",
        "filtering.groups_are_filterable",
        "filtering.other_attributes_ignore_case",
        "filtering.substrings_of_what_is_no_text",
        "filtering.sw_finds_the_beginning",
        "filtering.the_empty_text_is_a_literal",
        "matching.entra_joins_conditions_with_and",
    },
    only="conditions with the same operator",
)
def and_keeps_one_condition_of_each_operator(defect: Defect) -> None:
    """Of the conditions that and joins outside of brackets, the last with each operator counts."""
    reread(defect, lambda tree: _last_of(tree, lambda term: term.op if isinstance(term, Compare) else term))


@mutant(
    clauses=("7644-3.4.2.2-07", "7644-3.4.2.2-36"),
    trips={
        "filtering.and_intersects_and_or_unites",
        "filtering.conditions_are_understood",
        "filtering.eq_finds_identical_values",
        "filtering.generated_filters_find_exactly_the_matching_users",
        "filtering.ne_finds_other_values",
        "filtering.operands_inject_nothing",
        "filtering.other_attributes_ignore_case",
        "filtering.texts_are_ordered",
    },
    only="conditions on userName",
)
def and_keeps_one_condition_on_the_user_name(defect: Defect) -> None:
    """Of the conditions on userName that and joins, the last counts."""

    def kind(term: Filter) -> object:
        on_name = isinstance(term, Compare) and term.path.name.lower() == "username"
        return "userName" if on_name else term

    reread(defect, lambda tree: _last_of(tree, kind))


@mutant(
    clauses=("SAM-MATCH-03",),
    trips={"matching.an_absent_value_finds_nobody"},
    only="ids of another form",
)
def what_cannot_be_an_id_filters_nothing(defect: Defect) -> None:
    """An eq between `id` and a text that is no number is left out of the query."""

    def change(leaf: BoundCompare) -> BoundFilter:
        odd = leaf.path == "id" and leaf.op is Operator.EQ and not str(leaf.key).isdigit()
        return EVERYTHING if odd else leaf

    compared(defect, change)


@mutant(
    clauses=("7644-3.4.2.2-47",),
    trips={
        "filtering.generated_filters_find_exactly_the_matching_users",
        "filtering.ids_are_filterable",
        "listing.attributes_a_type_lacks_have_no_value",
        "listing.the_root_covers_all_types",
        "matching.a_disabled_user_still_matches",
        "matching.a_value_of_ones_own_finds_one",
        "matching.entra_joins_conditions_with_and",
        "projection.attributes_replace_the_usual_ones",
        "schemas.case_counts_in_filters_as_described",
        "search.a_search_is_a_query",
        "search.the_root_is_searched",
        "sorting.a_change_moves_a_user_in_time",
        "sorting.without_a_primary_value_the_first_decides",
    },
    only="id",
)
def an_id_is_not_indexed(defect: Defect) -> None:
    """A comparison with `id` finds nobody."""
    compared(defect, lambda leaf: NOTHING if leaf.path == "id" else leaf)
