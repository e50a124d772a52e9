"""Defects of POST …/.search: what a query in the body is read as."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mock_samanage.scim.errors import InvalidFilter, InvalidSyntax
from mock_samanage.scim.filter import parse_filter
from mock_samanage.scim.messages import LIST_RESPONSE_URN, SEARCH_REQUEST_URN
from mock_samanage.scim.registry import USER_URN
from mock_samanage.web import parameters, resources
from mock_samanage.web.answer import Answer, json_answer
from mock_samanage.web.call import Call
from tests.mutants.answers import asked
from tests.mutants.mutant import Defect, Environ, Reply, mutant

Sent = dict[str, Any]


def searched(defect: Defect, change: Callable[[Sent], Sent]) -> None:
    """Changes the parameters of every search; those of a query string stay as they are."""
    old: Callable[[Mapping[str, Any]], Sent] = parameters.search_parameters
    defect.replace(resources, "search_parameters", lambda body: change(old(body)))


def without(*names: str) -> Callable[[Sent], Sent]:
    """Drops parameters."""
    return lambda sent: {name: value for name, value in sent.items() if name not in names}


@mutant(clauses=("7644-3.4.3-01",), trips={"search.a_search_is_a_query"})
def a_search_is_answered_201(defect: Defect) -> None:
    """The list that a search finds is sent with the status of a new resource."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if environ["PATH_INFO"].endswith("/.search") and reply.code == 200:
            return Reply("201 Created", reply.headers, reply.body)
        return reply

    defect.answers(rewrite)


@mutant(clauses=("7644-3.4.3-02",), trips={"search.the_root_is_searched"}, only="a search from the root")
def the_root_searches_users_only(defect: Defect) -> None:
    """A search from the root finds no groups, which a query of the root does find."""

    def page(call: Call, types: Sequence[str], sent: Mapping[str, Any]) -> Answer:
        found: Answer = old(call, ("User",) if call.environ["PATH_INFO"] == "/.search" else types, sent)
        return found

    old = defect.replace(resources, "_page", page)


@mutant(clauses=("7644-3.4.3-03",), trips={"search.a_search_is_tagged"})
def a_search_needs_no_tag(defect: Defect) -> None:
    """A search is taken whatever `schemas` its body names, and without any."""

    def lenient(body: Mapping[str, Any]) -> Sent:
        found: Sent = old({**body, "schemas": [SEARCH_REQUEST_URN]})
        return found

    old = defect.replace(resources, "search_parameters", lenient)


@mutant(
    clauses=("7644-3.4.3-04", "7644-3.4.3-13"),
    trips={
        "search.a_search_equals_the_query",
        "search.a_search_keeps_what_is_always_there",
        "search.the_root_is_searched",
    },
    only="sortOrder",
)
def a_search_overlooks_the_direction(defect: Defect) -> None:
    """A search sorts ascending whatever its sortOrder is."""
    searched(defect, without("sortOrder"))


@mutant(
    clauses=("7644-3.4.3-04",),
    trips={
        "search.a_search_equals_the_query",
        "search.a_search_keeps_what_is_always_there",
        "search.the_root_is_searched",
    },
    only="filter beside sortBy",
)
def a_sorted_search_finds_all(defect: Defect) -> None:
    """A search that sorts overlooks its filter."""
    searched(defect, lambda sent: without("filter")(sent) if "sortBy" in sent else sent)


@mutant(
    clauses=("7644-3.4.3-04",),
    trips={"search.a_search_equals_the_query", "search.a_search_keeps_what_is_always_there"},
    only="excludedAttributes",
)
def a_search_excludes_nothing(defect: Defect) -> None:
    """A search overlooks excludedAttributes."""
    searched(defect, without("excludedAttributes"))


@mutant(
    clauses=("7644-3.4.3-05",),
    trips={
        "projection.attributes_replace_the_usual_ones",
        "search.a_search_equals_the_query",
        "search.names_of_a_search_are_a_list",
    },
    only="the second and later names",
)
def a_search_reads_the_first_name(defect: Defect) -> None:
    """Of the attributes that a search lists, only the first is shown."""

    def change(sent: Sent) -> Sent:
        names = sent.get("attributes")
        return {**sent, "attributes": names[:1]} if isinstance(names, list) else sent

    searched(defect, change)


@mutant(
    clauses=("7644-3.4.3-06",),
    trips={"search.a_search_reads_filters_as_a_query_does"},
    only="filters that break the grammar",
)
def a_search_drops_a_broken_filter(defect: Defect) -> None:
    """A search whose filter cannot be read finds everything."""

    def change(sent: Sent) -> Sent:
        try:
            parse_filter(sent.get("filter", "id pr"))
        except InvalidFilter:
            return without("filter")(sent)
        return sent

    searched(defect, change)


@mutant(clauses=("7644-3.4.3-07",), trips={"search.a_search_sorts_by_any_name"}, only="qualified names")
def a_search_sorts_by_plain_names(defect: Defect) -> None:
    """A search overlooks a sortBy with a URN."""
    searched(defect, lambda sent: without("sortBy")(sent) if ":" in str(sent.get("sortBy")) else sent)


@mutant(
    clauses=("7644-3.4.3-13",),
    trips={"search.a_search_keeps_what_is_always_there"},
    only="excludedAttributes of a search",
)
def a_search_may_exclude_the_id(defect: Defect) -> None:
    """A search shows no id where excludedAttributes names it."""

    def rid(self: Call, *arguments: Any) -> Mapping[str, Any]:
        shown: Mapping[str, Any] = old(self, *arguments)
        kept = arguments[1].excluded if self.environ["PATH_INFO"].endswith("/.search") else ()
        if any(str(name).lower() == "id" for name in kept):
            return {name: value for name, value in shown.items() if name != "id"}
        return shown

    old = defect.replace(Call, "shown", rid)


@mutant(clauses=("7644-3.4.3-08",), trips={"search.the_numbers_of_a_search_are_integers"}, only="numbers in quotes")
def a_quoted_count_breaks_a_search(defect: Defect) -> None:
    """A search whose count is a number in quotes is answered 500."""

    def change(sent: Sent) -> Sent:
        if isinstance(sent.get("count"), str):
            raise TypeError("count")
        return sent

    searched(defect, change)


@mutant(
    clauses=("7644-3.4.3-09",), trips={"search.a_search_may_ask_for_everything"}, only="searches without parameters"
)
def a_search_must_ask_for_something(defect: Defect) -> None:
    """A search without any parameter is answered 500."""

    def change(sent: Sent) -> Sent:
        if not sent:
            raise KeyError("filter")
        return sent

    searched(defect, change)


@mutant(clauses=("7644-3.12-21",), trips={"search.a_search_that_is_no_json_is_refused"}, only="bodies that are no JSON")
def a_search_takes_what_is_no_json(defect: Defect) -> None:
    """A search whose body cannot be read finds everything."""

    def body(self: Call, *arguments: Any) -> Sent:
        try:
            found: Sent = old(self, *arguments)
        except InvalidSyntax:
            if not self.environ["PATH_INFO"].endswith("/.search"):
                raise
            return {"schemas": [SEARCH_REQUEST_URN]}
        return found

    old = defect.replace(Call, "body", body)


@mutant(clauses=("7644-3.4.3-10",), trips={"search.a_search_is_paged_as_a_query"}, only="count 0 of a search")
def a_search_for_none_gets_the_usual_page(defect: Defect) -> None:
    """A search with count 0 gets as many entries as one without count."""
    searched(defect, lambda sent: without("count")(sent) if sent.get("count") == 0 else sent)


@mutant(
    clauses=("7644-3.4.3-10",),
    trips={"search.a_search_equals_the_query", "search.a_search_is_paged_as_a_query", "search.the_root_is_searched"},
    only="startIndex of a search",
)
def a_search_counts_from_zero(defect: Defect) -> None:
    """The first entry of a search has the startIndex 0."""

    def change(sent: Sent) -> Sent:
        start = sent.get("startIndex")
        return sent if not isinstance(start, int) else {**sent, "startIndex": max(start, 0) + 1}

    searched(defect, change)


@mutant(clauses=("7644-3.4.3-11",), trips={"search.a_search_creates_nothing"}, only="a search of users")
def a_search_is_kept_as_a_user(defect: Defect) -> None:
    """Every search of users leaves a user behind, as a POST to that collection would."""
    numbers = itertools.count(1)

    def search_one(call: Call, type_name: str) -> Answer:
        answer: Answer = old(call, type_name)
        if type_name == "User":
            name = f"search-{next(numbers)}@acme.example"
            call.directory.create("User", {"schemas": [USER_URN], "userName": name})
        return answer

    old = defect.replace(resources, "search_one", search_one)


@mutant(
    clauses=("7644-3.4.3-12",), trips={"search.nothing_is_searched_where_nothing_is"}, only="paths that lead nowhere"
)
def a_search_finds_nothing_anywhere(defect: Defect) -> None:
    """A search below a path without resources is an empty list."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if reply.code == 404 and asked(environ, "POST", "/") and environ["PATH_INFO"].endswith("/.search"):
            empty = json_answer({"schemas": [LIST_RESPONSE_URN], "totalResults": 0}, "application/scim+json")
            return Reply("200 OK", list(empty.headers), empty.get_data())
        return reply

    defect.answers(rewrite)
