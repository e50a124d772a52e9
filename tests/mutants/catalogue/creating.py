"""Defects of create."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlencode

from mock_samanage.scim import values
from mock_samanage.scim.dialect import Dialect
from mock_samanage.scim.errors import InvalidSyntax
from mock_samanage.web import call
from mock_samanage.web.edge import BODY_KEY
from tests.mutants.answers import Json, changed, single
from tests.mutants.mutant import Defect, Environ, Reply, mutant


@mutant(
    clauses=("7644-3.3-01",),
    trips={
        "auth_migration.a_scim_password_is_no_credential",
        "dialects.okta_creates_a_group",
        "dialects.okta_creates_and_matches_a_user",
        "dialects.okta_makes_a_user",
        "groups.a_group_may_be_empty",
        "resources.a_valid_user_is_created",
    },
)
def create_answers_200(defect: Defect) -> None:
    """A create is answered 200 instead of 201."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        created = environ["REQUEST_METHOD"] == "POST" and reply.code == 201
        return Reply("200 OK", reply.headers, reply.body) if created else reply

    defect.answers(rewrite)


@mutant(
    clauses=("7644-3.3.1-01",),
    trips={
        "resources.read_only_values_are_ignored_on_create",
        "resources.the_endpoint_decides_the_resource_type",
    },
    only="the answer of the create",
)
def a_create_repeats_the_resource_type_it_was_sent(defect: Defect) -> None:
    """The answer of a create takes meta.resourceType from the body of the request."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if environ["REQUEST_METHOD"] != "POST" or reply.code != 201:
            return reply
        meta = json.loads(environ[BODY_KEY]).get("meta")
        sent = meta.get("resourceType") if isinstance(meta, dict) else None
        return changed(reply, lambda resource: resource["meta"].update(resourceType=sent)) if sent else reply

    defect.answers(rewrite)


@mutant(clauses=("7644-3.9-01",), trips={"resources.projection_works_on_create"}, only="excludedAttributes")
def a_create_leaves_nothing_out(defect: Defect) -> None:
    """A create does not look at excludedAttributes."""

    def divert(environ: Environ) -> None:
        if environ["REQUEST_METHOD"] == "POST" and "excludedAttributes" in environ["QUERY_STRING"]:
            given = parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)
            environ["QUERY_STRING"] = urlencode([pair for pair in given if pair[0] != "excludedAttributes"])

    defect.requests(divert)


@mutant(clauses=("7644-3.14-02",), trips={"resources.a_create_carries_the_version"}, only="the answer of the create")
def a_create_has_no_entity_tag(defect: Defect) -> None:
    """The answer of a create has no ETag header."""
    defect.answers(lambda _environ, reply: reply.without("ETag") if reply.code == 201 else reply)


@mutant(
    clauses=("7644-3.12-07",),
    trips={
        "resources.broken_json_is_refused",
        "resources.json_that_is_no_object_is_refused",
    },
)
def unreadable_json_is_unprocessable(defect: Defect) -> None:
    """A body that is no JSON is answered 422."""

    class Unprocessable(InvalidSyntax):
        status = 422

    def parse(data: bytes, *, depth: int) -> Json:
        try:
            found: Json = old(data, depth=depth)
        except InvalidSyntax as error:
            raise Unprocessable(error.detail) from None
        return found

    old = defect.replace(call, "parse_json", parse)


@mutant(clauses=("7644-3.12-09",), trips={"resources.a_bad_value_is_refused_and_leaves_nothing"}, only="booleans")
def any_text_is_true(defect: Defect) -> None:
    """A text that is neither true nor false is read as true."""

    def boolean(raw: object, dialect: Dialect) -> bool | None:
        found: bool | None = old(raw, dialect)
        return True if found is None and isinstance(raw, str) and raw else found

    old = defect.replace(values, "boolean", boolean)


@mutant(
    clauses=("7644-3.2-04",),
    trips={"resources.posting_to_a_resource_creates_nothing"},
    only="POST to a user that exists",
)
def a_post_to_a_user_replaces_it(defect: Defect) -> None:
    """A POST to the address of a resource is taken for a PUT."""

    def divert(environ: Environ) -> None:
        if environ["REQUEST_METHOD"] == "POST" and single(environ, "/Users"):
            environ["REQUEST_METHOD"] = "PUT"

    defect.requests(divert)
