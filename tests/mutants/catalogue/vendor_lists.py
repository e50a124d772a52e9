"""Defects of what Entra and Okta read: lists, pages, discovery, answers to odd headers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mock_samanage.scim.errors import ERROR_URN
from mock_samanage.tenant.reading import Reading
from mock_samanage.tenant.resource import Query
from mock_samanage.web.negotiation import SCIM
from tests.mutants.answers import Json, asked, changed, declared, resources, single
from tests.mutants.mutant import Defect, Environ, Reply, mutant

_NOTHING = (None, "")


@mutant(clauses=("OKTA-9.4-02",), trips={"dialects.onelogin_has_no_user_agent"}, only="requests without a User-Agent")
def a_client_has_a_name(defect: Defect) -> None:
    """The server fails at a request without a User-Agent."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        failed = json.dumps({"schemas": [ERROR_URN], "status": "500"}).encode()
        if environ.get("HTTP_USER_AGENT"):
            return reply
        return Reply("500 Internal Server Error", [("Content-Type", SCIM)], b"").with_body(failed)

    defect.answers(rewrite)


@mutant(
    clauses=("OKTA-9.2-01",),
    trips={
        "dialects.a_disabled_user_stays",
        "dialects.okta_reads_the_first_user",
        "listing.entries_are_whole_resources",
    },
    only="lists of users",
)
def a_list_does_not_tell_who_is_active(defect: Defect) -> None:
    """The users of a list come without `active`."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        listed = asked(environ, "GET", "/Users") and not single(environ, "/Users") and reply.code == 200
        if not listed:
            return reply
        return changed(reply, lambda found: [user.pop("active", None) for user in resources(found)])

    defect.answers(rewrite)


@mutant(
    clauses=("OKTA-9.2-03", "OKTA-9.2-05"), trips={"dialects.okta_finds_nobody"}, only="requests with Accept-Charset"
)
def nobody_is_found_in_a_charset(defect: Defect) -> None:
    """A filter that finds nobody is answered 404 where the request has an Accept-Charset."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        asked_so = "HTTP_ACCEPT_CHARSET" in environ and "filter" in environ["QUERY_STRING"]
        if not asked_so or reply.code != 200 or json.loads(reply.body).get("totalResults") != 0:
            return reply
        error = {"schemas": [ERROR_URN], "status": "404", "detail": "There is no such user."}
        return Reply("404 Not Found", reply.headers, b"").with_body(json.dumps(error).encode())

    defect.answers(rewrite)


@mutant(
    clauses=("ENTRA-8.2-07",),
    trips={
        "dialects.users_come_page_by_page",
        "listing.pages_of_an_idle_server_are_definite",
        "paging.a_page_past_the_end_is_empty",
        "paging.advancing_by_what_came_visits_all",
        "paging.pages_need_no_order_of_requests",
        "paging.paging_applies_to_what_the_filter_finds",
        "paging.the_first_entry_has_index_one",
        "paging.the_parameter_selects_the_method",
    },
    only="the second and later pages of users",
)
def a_page_of_users_repeats_an_entry(defect: Defect) -> None:
    """A page of users behind the first begins with the last user of the page before."""
    _shifted(defect, "User", lambda start: start - 1)


@mutant(clauses=("ENTRA-8.2-08",), trips={"dialects.groups_come_page_by_page"}, only="groups")
def groups_have_one_page(defect: Defect) -> None:
    """Every page of groups begins with the first group, whatever startIndex it tells."""
    _shifted(defect, "Group", lambda _start: 1)


def _shifted(defect: Defect, type_name: str, begin: Callable[[int], int]) -> None:
    """Begins a page of a type elsewhere than it was asked for."""

    def query(self: Reading, type_names: Any, query: Query) -> Any:
        start = query.start_index
        if tuple(type_names) != (type_name,) or start <= 1:
            return old(self, type_names, query)
        return replace(old(self, type_names, replace(query, start_index=begin(start))), start_index=start)

    old = defect.replace(Reading, "query", query)


def _undeclared(defect: Defect, name: str, sub: str = "") -> None:
    """Leaves an attribute of users, or a part of one, out of the schema that is served."""

    def change(document: Json) -> None:
        for attribute in document.get("attributes", ()):
            if sub and attribute["name"] == name:
                attribute["subAttributes"] = [each for each in attribute["subAttributes"] if each["name"] != sub]
        if not sub and "attributes" in document:
            document["attributes"] = [each for each in document["attributes"] if each["name"] != name]

    declared(defect, change)


@mutant(clauses=("ENTRA-8.2-01",), trips={"dialects.the_mapped_attributes_are_discovered"}, only="preferredLanguage")
def a_mapped_attribute_is_not_declared(defect: Defect) -> None:
    """The schema of users lacks preferredLanguage, which users have."""
    _undeclared(defect, "preferredLanguage")
