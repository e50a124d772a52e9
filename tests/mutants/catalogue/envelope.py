"""Defects of what surrounds the resources of a list, and of which resources a list holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from mock_samanage.scim.errors import InvalidValue
from mock_samanage.scim.filter import Compare, Operator
from mock_samanage.scim.messages import list_response
from mock_samanage.scim.syntax import AttrPath
from mock_samanage.store.model import Page
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.resource import Query
from mock_samanage.web import call, parameters, resources
from mock_samanage.web.projection import Projection
from tests.mutants.answers import Json, asked, changed
from tests.mutants.mutant import Defect, Environ, Reply, mutant
from tests.mutants.queries import Finds, names, paged

NOBODY = Compare(AttrPath(None, "id"), Operator.EQ, "")


def _listed(reply: Reply) -> Json | None:
    """The list in an answer, None if it holds none."""
    document: Json = json.loads(reply.body) if reply.code == 200 and reply.body.startswith(b"{") else {}
    return document if "totalResults" in document else None


@mutant(clauses=("ENTRA-1.2-02", "ENTRA-1.4-02"), trips=(), only="groups")
def no_group_is_not_found(defect: Defect) -> None:
    """A filter that matches no group is answered 404."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        found = _listed(reply) if asked(environ, "GET", "/Groups") and "filter=" in environ["QUERY_STRING"] else None
        if found is None or found["totalResults"]:
            return reply
        error = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404", "detail": "No group."}
        return Reply("404 NOT FOUND", reply.headers, b"").with_body(json.dumps(error).encode())

    defect.answers(rewrite)


@mutant(clauses=("7644-3.4.2-06", "ENTRA-1.2-01"), trips=(), only="filters on userName")
def one_user_is_no_list(defect: Defect) -> None:
    """A filter on userName that matches one user is answered with the user itself."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        sought = asked(environ, "GET", "/Users") and "filter=username" in environ["QUERY_STRING"].lower()
        found = _listed(reply) if sought else None
        if found is None or found["totalResults"] != 1 or not found["Resources"]:
            return reply
        return reply.with_body(json.dumps(found["Resources"][0], ensure_ascii=False).encode())

    defect.answers(rewrite)


@mutant(clauses=("ENTRA-1.4-01", "7644-3.4.2-01"), trips=(), only="lists without a hit")
def an_empty_list_has_no_urn(defect: Defect) -> None:
    """A list without a hit is tagged with the URN of SCIM 1.1."""

    def rewrite(_environ: Environ, reply: Reply) -> Reply:
        found = _listed(reply)
        if found is None or found["totalResults"]:
            return reply
        return changed(reply, lambda document: document.update(schemas=["urn:scim:schemas:core:1.0"]))

    defect.answers(rewrite)


@mutant(clauses=("7643-2.3.4-02",), trips=(), only="itemsPerPage")
def items_per_page_is_a_text(defect: Defect) -> None:
    """The value of itemsPerPage is a number in quotes."""

    def rewrite(_environ: Environ, reply: Reply) -> Reply:
        if _listed(reply) is None:
            return reply
        return changed(reply, lambda document: document.update(itemsPerPage=str(document["itemsPerPage"])))

    defect.answers(rewrite)


@mutant(clauses=("7644-3.4.2-06", "7644-3.4.2-03"), trips=(), only="lists of one")
def a_list_of_one_is_no_array(defect: Defect) -> None:
    """Where a list holds one resource, Resources is that resource."""

    def rewrite(_environ: Environ, reply: Reply) -> Reply:
        found = _listed(reply)
        if found is None or len(found["Resources"]) != 1:
            return reply
        return changed(reply, lambda document: document.update(Resources=document["Resources"][0]))

    defect.answers(rewrite)


@mutant(clauses=("7643-3-08",), trips=(), only="the second and later entries")
def later_entries_have_no_meta(defect: Defect) -> None:
    """The entries of a list behind the first have no `meta`."""

    def strip(document: Json) -> None:
        for entry in document["Resources"][1:]:
            entry.pop("meta", None)

    defect.answers(lambda _environ, reply: reply if _listed(reply) is None else changed(reply, strip))


@mutant(clauses=("7644-3.4.2.1-02",), trips=(), only="groups in root queries")
def the_root_lists_users(defect: Defect) -> None:
    """A query over several types covers users only."""

    def query(self: Directory, types: Sequence[str], asked: Query) -> Any:
        return old(self, types[:1], asked)

    old = defect.replace(Directory, "query", query)


@mutant(clauses=("7644-3.4.2.4-11",), trips=(), only="the second and later pages")
def every_page_says_it_is_the_first(defect: Defect) -> None:
    """The startIndex of an answer is 1 on every page."""
    defect.replace(resources, "list_response", lambda entries, total, _start=1: list_response(entries, total, 1))


@mutant(clauses=("ENTRA-1.2-06", "7644-3.4.2-07"), trips=(), only="parameters without a value")
def a_bare_parameter_is_refused(defect: Defect) -> None:
    """A query parameter that has no value is answered 400."""

    def decoded(query_string: str) -> dict[str, str]:
        if any(part and not part.partition("=")[2] for part in query_string.split("&")):
            raise InvalidValue("A parameter of the query string has no value.")
        found: dict[str, str] = old(query_string)
        return found

    old = defect.replace(call, "query_parameters", decoded)


@mutant(clauses=("7644-3.4.2-09",), trips=(), only="a count that is sent twice")
def two_counts_break_the_query(defect: Defect) -> None:
    """A query string with two counts is answered 500."""

    def decoded(query_string: str) -> dict[str, str]:
        if [name for name, _ in parse_qsl(query_string)].count("count") > 1:
            raise TypeError("count is a list")
        found: dict[str, str] = old(query_string)
        return found

    old = defect.replace(call, "query_parameters", decoded)


@mutant(clauses=("7644-3.4.2.1-06",), trips=(), only="what lies behind the 25th match")
def a_list_ends_in_silence(defect: Defect) -> None:
    """A list ends with its 25th resource, and its total says that there are no more."""

    def find(sound: Finds, start: int, count: int) -> Page:
        page = sound(count=min(count, max(26 - start, 0)))
        return Page(min(page.total, 25), page.records)

    paged(defect, find)


@mutant(clauses=("7644-3.4.2.5-01",), trips=(), only="`attributes`")
def a_filter_sees_what_is_shown(defect: Defect) -> None:
    """A filter on an attribute that `attributes` does not name finds nobody."""

    def read(sent: parameters.Parameters, kept: Projection) -> Query:
        query: Query = old(sent, kept)
        shown = {path.name.lower() for path in kept.attributes}
        if not shown or query.filter is None or {*names(query.filter)} <= {*shown, "id", "schemas"}:
            return query
        return replace(query, filter=NOBODY)

    old = defect.replace(resources, "read_query", read)


@mutant(clauses=("7644-3.4.2-04",), trips=(), only="startIndex of pages that are not the last")
def a_page_does_not_tell_where_it_is(defect: Defect) -> None:
    """A page that is not the last has no startIndex."""

    def strip(document: Json) -> None:
        if document.get("startIndex", 1) + len(document["Resources"]) <= document["totalResults"]:
            document.pop("startIndex", None)

    defect.answers(lambda _environ, reply: reply if _listed(reply) is None else changed(reply, strip))


@mutant(clauses=("ENTRA-1.7-01",), trips=(), only="groups found by a filter")
def a_found_group_comes_with_its_members(defect: Defect) -> None:
    """Groups that a filter finds come with `members`, though excludedAttributes names them."""

    def read(sent: parameters.Parameters) -> Projection:
        kept: Projection = old(sent)
        return Projection() if "filter" in sent and sent.get("excludedAttributes") == "members" else kept

    old = defect.replace(resources, "read_projection", read)
