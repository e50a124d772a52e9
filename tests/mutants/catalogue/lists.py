"""Defects of lists, of reading one user, and of what the configuration says of requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from mock_samanage.scim.errors import ERROR_URN, Forbidden
from mock_samanage.scim.filter import Compare
from mock_samanage.scim.messages import LIST_RESPONSE_URN
from mock_samanage.scim.registry import USER_URN
from mock_samanage.scim.syntax import Operator
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.resource import Query
from mock_samanage.web import resources as handlers
from mock_samanage.web.answer import Answer
from mock_samanage.web.call import Call
from mock_samanage.web.parameters import read_projection, read_query
from tests.mutants.answers import Json, asked, changed, declared, single
from tests.mutants.mutant import Defect, Environ, Reply, mutant
from tests.mutants.queries import names

_FEW = 2


def _configured(defect: Defect, change: Callable[[Json], object]) -> None:
    """Changes what the configuration says."""
    declared(defect, lambda document: change(document) if "patch" in document else None)


def _listed(defect: Defect, concerns: Callable[[dict[str, str], Json], bool], change: Callable[[Json], object]) -> None:
    """Changes lists of users that were asked for with GET, where parameters and list are such ones."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        here = asked(environ, "GET", "/Users") and not single(environ, "/Users") and reply.code == 200
        sent = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
        return changed(reply, change) if here and concerns(sent, json.loads(reply.body)) else reply

    defect.answers(rewrite)


def _by_name(sent: dict[str, str]) -> bool:
    """Whether users are sought by userName."""
    return sent.get("filter", "").lower().startswith("username ")


def _cut(sent: dict[str, str], document: Json) -> bool:
    """Whether a list holds some of the users that are sought by name."""
    return _by_name(sent) and "startIndex" in document and 1 < document["itemsPerPage"] < document["totalResults"]


@mutant(
    clauses=("7643-5-01",),
    trips={
        "bulk.a_patch_in_a_job_is_as_unsupported_as_alone",
        "discovery.patch_support_is_told",
        "openapi.enumerated_requests_get_bodies_that_fit_their_schema",
        "openapi.random_requests_get_bodies_that_fit_their_schema",
        "patch.patch_is_offered",
    },
    only="patch",
)
def patch_support_is_told_in_words(defect: Defect) -> None:
    """The configuration says that PATCH is supported with the text "true"."""
    _configured(defect, lambda document: document["patch"].update(supported="true"))


@mutant(clauses=("9967-2.5.1.1-04",), trips={"events.the_time_to_wait_is_heeded"}, only="requests that prefer wait")
def a_request_that_waits_is_refused(defect: Defect) -> None:
    """Asynchronous requests are announced, and a PUT that says how long the client waits is answered 400."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if not asked(environ, "PUT", "/") or "wait" not in environ.get("HTTP_PREFER", ""):
            return reply
        error = {"schemas": [ERROR_URN], "status": "400", "detail": "Prefer: wait is not understood."}
        return Reply("400 Bad Request", reply.headers, b"").with_body(json.dumps(error).encode())

    events = {"asyncRequest": "request", "eventUris": []}
    _configured(defect, lambda document: document.update(securityEvents=events))
    defect.answers(rewrite)


@mutant(
    clauses=("7644-3.4.2-01",),
    trips={"listing.a_list_is_tagged"},
    only="pages of some of the users sought by name",
)
def a_page_is_tagged_as_a_user(defect: Defect) -> None:
    """A page of some of the users sought by name has the URN of a user beside that of a list."""
    _listed(defect, _cut, lambda document: document.update(schemas=[LIST_RESPONSE_URN, USER_URN]))


@mutant(
    clauses=("7644-3.4.2-03",),
    trips={
        "listing.resources_is_a_list",
        "paging.the_parameter_selects_the_method",
        "projection.both_parameters_are_supported",
    },
    only="pages of some of the users sought by name",
)
def a_page_holds_users_by_id(defect: Defect) -> None:
    """In a page of some of the users sought by name, Resources is an object that has a user for each id."""

    def change(document: Json) -> None:
        found = enumerate(document["Resources"])
        document["Resources"] = {each.get("id", str(at)): each for at, each in found}

    _listed(defect, _cut, change)


@mutant(clauses=("7644-3.4.2.1-05",), trips={"listing.a_query_on_one_resource"}, only="one user with a filter")
def a_filter_on_one_user_is_fatal(defect: Defect) -> None:
    """The server fails at a GET of one user with a filter."""

    def read(call: Call, type_name: str, resource_id: str) -> Answer:
        if type_name == "User" and "filter" in call.parameters:
            raise TypeError("a user is no list")
        found: Answer = old(call, type_name, resource_id)
        return found

    old = defect.replace(handlers, "read", read)


@mutant(
    clauses=("7644-3.4.2.1-06",), trips={"listing.nothing_is_cut_in_silence"}, only="lists of all users without count"
)
def a_list_of_all_users_is_cut(defect: Defect) -> None:
    """A list of all users without count shows the first two and calls that the total."""

    def change(document: Json) -> None:
        shown = document["Resources"][:_FEW]
        document.update(Resources=shown, totalResults=len(shown), itemsPerPage=len(shown))

    _listed(defect, lambda sent, _: not sent.keys() & {"filter", "count", "cursor", "startIndex"}, change)


@mutant(
    clauses=("7644-3.4.2.4-09",),
    trips={"paging.without_count_the_target_chooses"},
    only="users by a filter on userName, without count",
)
def a_usual_page_does_not_say_where_it_is(defect: Defect) -> None:
    """A list of users that a filter on userName finds has two at most without count, and does not say where it is."""

    def change(document: Json) -> None:
        document["Resources"] = document["Resources"][:_FEW]
        del document["startIndex"], document["itemsPerPage"]

    def usual(sent: dict[str, str], _document: Json) -> bool:
        return _by_name(sent) and not sent.keys() & {"count", "cursor", "startIndex"}

    _listed(defect, usual, change)


@mutant(
    clauses=("7644-3.4.2.1-03",),
    trips={
        "listing.the_root_follows_the_rules_of_the_endpoints",
        "listing.the_root_is_restricted_by_type",
    },
    only="meta in a filter on the root",
)
def the_root_fails_at_meta(defect: Defect) -> None:
    """The server fails at a query on the root with a filter on a part of meta."""

    def query(self: Directory, types: Sequence[str], asked: Query) -> Any:
        if len(types) > 1 and asked.filter is not None and "meta" in names(asked.filter):
            raise LookupError("meta")
        return old(self, types, asked)

    old = defect.replace(Directory, "query", query)


@mutant(
    clauses=("7644-3.4.1-01", "7644-3.4.1-02"),
    trips={
        "auth_migration.a_scim_password_is_no_credential",
        "negotiation.both_media_types_are_served",
        "negotiation.the_media_type_of_scim_is_the_default",
        "openapi.random_requests_get_documented_statuses",
        "resources.a_new_user_is_found_at_once",
        "resources.a_user_is_returned_bare",
        "schemas.references_lead_to_their_resource",
    },
    only="users as they were made, without an externalId",
)
def a_new_user_is_not_authoritative(defect: Defect) -> None:
    """A GET of a user whom nobody changed yet, and who has no externalId, is answered 203, administrators apart."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        alone = asked(environ, "GET", "/Users/") and single(environ, "/Users") and reply.code == 200
        known = b'"externalId"' in reply.body or b'"Administrator"' in reply.body
        if not alone or known or ("ETag", 'W/"1"') not in reply.headers:
            return reply
        return Reply("203 Non-Authoritative Information", reply.headers, reply.body)

    defect.answers(rewrite)


class _Sensitive(Forbidden):
    """The refusal of RFC 7644 section 7.5.2."""

    scim_type = "sensitive"


@mutant(
    clauses=("7644-7.5.2-01",),
    trips={
        "matching.entra_finds_users_by_user_name",
        "search.a_sensitive_filter_may_be_searched",
    },
    only="the userName of users with a home address",
)
def a_private_address_is_too_sensitive(defect: Defect) -> None:
    """A filter by the userName of a user with a home address is refused as sensitive, in a search as in a URL."""

    def page(call: Call, types: Sequence[str], parameters: Mapping[str, Any]) -> Answer:
        query = read_query(parameters, read_projection(parameters))
        tree = query.filter
        if isinstance(tree, Compare) and tree.op is Operator.EQ and names(tree) == ["username"]:
            for user in call.directory.query(types, query).resources:
                if any(each.get("type") == "home" for each in user.document.get("emails", ())):
                    raise _Sensitive("Who has a private address is not sought by name.")
        found: Answer = old(call, types, parameters)
        return found

    old = defect.replace(handlers, "_page", page)
