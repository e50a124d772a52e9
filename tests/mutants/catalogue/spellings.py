"""Defects of the case and the encoding of what a URL says (group G27)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_to_bytes

from mock_samanage.scim import bind
from mock_samanage.scim.bound import EVERYTHING, BoundCompare, BoundFilter
from mock_samanage.scim.errors import InvalidSyntax, NotFound
from mock_samanage.scim.registry import Registry
from mock_samanage.servers.threaded import ThreadedServer
from mock_samanage.tenant.resource import Resource
from mock_samanage.web import call, wire
from mock_samanage.web.base_url import BaseUrl
from tests.mutants.answers import Json, changed
from tests.mutants.mutant import Defect, Environ, Reply, mutant

USERS = "/Users"


@mutant(
    clauses=("3986-6.2.2.1-01",), trips={"addresses.endpoints_in_other_case_are_unknown_or_the_same"}, only="reading"
)
def small_letters_find_nobody(defect: Defect) -> None:
    """GET /users is answered with an empty list."""

    def divert(environ: Environ) -> None:
        if environ["PATH_INFO"].endswith("/users") and environ["REQUEST_METHOD"] == "GET":
            environ["PATH_INFO"] = environ["PATH_INFO"].replace("/users", USERS)
            environ["QUERY_STRING"] = "count=0"

    defect.requests(divert)


@mutant(
    clauses=("3986-6.2.2.1-01",), trips={"addresses.endpoints_in_other_case_are_unknown_or_the_same"}, only="reading"
)
def small_letters_are_read_and_not_written(defect: Defect) -> None:
    """GET understands /users and every other method does not."""

    def divert(environ: Environ) -> None:
        if environ["REQUEST_METHOD"] == "GET":
            environ["PATH_INFO"] = environ["PATH_INFO"].replace("/users", USERS)

    defect.requests(divert)


@mutant(
    clauses=("3986-6.2.2.1-01",),
    trips={"addresses.endpoints_in_other_case_are_unknown_or_the_same"},
    only="paths in other case",
)
def small_letters_break_the_request(defect: Defect) -> None:
    """A path in other case is answered 500."""

    def of(_environ: Environ, reply: Reply) -> Reply:
        at = _environ["PATH_INFO"]
        odd = at.startswith(("/users", "/groups", "/USERS", "/GROUPS"))
        return Reply("500 INTERNAL SERVER ERROR", reply.headers, reply.body) if odd else reply

    defect.answers(of)


@mutant(
    clauses=("7643-7-35",), trips={"addresses.a_schema_in_other_case_is_unknown_or_the_same"}, only="URNs in capitals"
)
def a_schema_in_capitals_is_another(defect: Defect) -> None:
    """A schema whose URN is written in other case is answered with the last schema."""

    def schema_document(self: Registry, uri: str) -> Json | None:
        found: Json | None = old(self, uri)
        return [*self.schema_documents.values()][-1] if found and found["id"] != uri else found

    old = defect.replace(Registry, "schema_document", schema_document)


@mutant(
    clauses=("8141-3-01",),
    trips={"addresses.schemas_in_other_case_are_refused_or_understood"},
    only="URNs in other case",
)
def schemas_are_echoed(defect: Defect) -> None:
    """The answer to a POST has `schemas` in the letters of the request."""
    sent: list[str] = []

    def body(self: call.Call, *arguments: Any, **options: Any) -> Json:
        found: Json = old_body(self, *arguments, **options)
        listed = found.get("schemas")
        sent[:] = [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
        return found

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if environ["REQUEST_METHOD"] != "POST" or reply.code != 201:
            return reply
        return changed(reply, lambda document: document.update(schemas=[_echo(each) for each in document["schemas"]]))

    def _echo(urn: str) -> str:
        return next((each for each in sent if each.lower() == urn.lower()), urn)

    old_body = defect.replace(call.Call, "body", body)
    defect.answers(rewrite)


@mutant(clauses=("8141-3-01",), trips={"addresses.schemas_in_other_case_are_refused_or_understood"}, only="PUT")
def schemas_in_capitals_are_refused_by_replace(defect: Defect) -> None:
    """POST takes a URN in `schemas` in any case, PUT in the exact one only."""

    def body(self: call.Call, *arguments: Any, **options: Any) -> Json:
        found: Json = old(self, *arguments, **options)
        put = self.environ["REQUEST_METHOD"] == "PUT"
        if put and any(str(each).startswith("URN") for each in found.get("schemas") or ()):
            raise InvalidSyntax("schemas holds a URN that is not known.")
        return found

    old = defect.replace(call.Call, "body", body)


@mutant(
    clauses=("8141-3-01",),
    trips={"addresses.schemas_in_other_case_are_refused_or_understood", "errors.no_hostile_request_breaks_the_server"},
    only="URNs in other case",
)
def schemas_in_capitals_break_the_write(defect: Defect) -> None:
    """A URN in `schemas` in other case is answered 500."""

    def body(self: call.Call, *arguments: Any, **options: Any) -> Json:
        found: Json = old(self, *arguments, **options)
        if any(isinstance(each, str) and each.startswith("URN") for each in found.get("schemas") or ()):
            raise KeyError("schemas")
        return found

    old = defect.replace(call.Call, "body", body)


@mutant(clauses=("7644-3.4.2-12",), trips={"addresses.parameters_in_other_case_are_told"}, only="FILTER")
def a_parameter_in_capitals_breaks_the_list(defect: Defect) -> None:
    """A query parameter in capitals is answered 500."""

    def decoded(query_string: str) -> dict[str, str]:
        found: dict[str, str] = old(query_string)
        if any(name.isupper() for name in found):
            raise AttributeError(query_string)
        return found

    old = defect.replace(call, "query_parameters", decoded)


def _type_compared(defect: Defect, positive: Callable[..., BoundFilter]) -> None:
    def change(self: Any, resolved: Any, op: Any, tree: Any) -> BoundFilter:
        found: BoundFilter = old(self, resolved, op, tree)
        return positive(found, tree) if isinstance(found, BoundCompare) and found.path == "meta.resourceType" else found

    old = defect.replace(bind._Binder, "_positive", change)


@mutant(clauses=("7643-3.1-31",), trips={"addresses.names_of_resource_types_are_case_exact"}, only="filters")
def the_name_of_a_type_has_no_case(defect: Defect) -> None:
    """A filter on meta.resourceType ignores case."""
    _type_compared(
        defect, lambda found, _tree: replace(found, key=str(found.key).capitalize(), literal=str(found.literal))
    )


@mutant(
    clauses=("7643-3.1-31",), trips={"addresses.names_of_resource_types_are_case_exact"}, only="types that do not exist"
)
def an_unknown_type_is_any_type(defect: Defect) -> None:
    """A filter on a resource type that does not exist is no filter."""
    _type_compared(defect, lambda found, _tree: found if found.key in {"User", "Group"} else EVERYTHING)


@mutant(
    clauses=("7643-3.1-31",),
    trips={"addresses.names_of_resource_types_are_case_exact"},
    only="/ResourceTypes in small letters",
)
def a_type_in_small_letters_breaks_discovery(defect: Defect) -> None:
    """/ResourceTypes/user is answered 500."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        name = environ["PATH_INFO"].partition("/ResourceTypes/")[2]
        broken = name.islower() and reply.code == 404
        return Reply("500 INTERNAL SERVER ERROR", reply.headers, reply.body) if broken else reply

    defect.answers(rewrite)


def _decoded_as(defect: Defect, path: Callable[[str], str]) -> None:
    """Reads the path of a request target otherwise, before the mount is taken off."""

    def environ(self: ThreadedServer, head: Any, *arguments: Any) -> dict[str, Any]:
        found: dict[str, Any] = old(self, head, *arguments)
        found["PATH_INFO"] = path(head.target.partition("?")[0])
        return found

    old = defect.replace(ThreadedServer, "_environ", environ)


@mutant(clauses=("3986-2.1-01",), trips={"addresses.percent_encoding_is_transparent"}, only="names of endpoints")
def an_encoded_letter_is_no_letter(defect: Defect) -> None:
    """A percent-encoded letter in the name of an endpoint is not decoded."""

    def read(path: str) -> str:
        head, _, tail = path.partition("/scim/v2/")
        endpoint, slash, rest = tail.partition("/")
        sound = unquote_to_bytes(rest.encode("latin-1")).decode("latin-1")
        return f"{head}/scim/v2/{endpoint}{slash}{sound}" if tail else unquote_to_bytes(path).decode("latin-1")

    _decoded_as(defect, read)


@mutant(clauses=("3986-2.1-01",), trips={"addresses.percent_encoding_is_transparent"}, only="colons")
def an_encoded_colon_is_no_colon(defect: Defect) -> None:
    """A percent-encoded colon in a path stays as it is."""
    _decoded_as(
        defect,
        lambda path: unquote_to_bytes(path.replace("%3A", "%253A").replace("%3a", "%253a")).decode("latin-1"),
    )


@mutant(clauses=("3986-6.2.2.1-02",), trips={"addresses.scheme_and_host_have_no_case"}, only="hosts in capitals")
def a_host_in_capitals_is_unknown(defect: Defect) -> None:
    """A request whose Host has capitals is answered 404."""

    def of(self: BaseUrl, environ: Mapping[str, Any]) -> str:
        if environ.get("HTTP_HOST", "") != environ.get("HTTP_HOST", "").lower():
            raise NotFound("There is no such host.")
        return str(old(self, environ))

    old = defect.replace(BaseUrl, "of", of)


@mutant(
    clauses=("7644-3.13-04",),
    trips={
        "addresses.links_lead_to_the_resource_with_and_without_version",
        "me.the_alias_names_the_permanent_uri",
        "representation.meta_location_is_where_the_resource_is",
        "resources.a_valid_user_is_created",
    },
    only="links",
)
def a_link_names_another_host(defect: Defect) -> None:
    """The location of a resource names the host as the machine knows itself, and no port."""

    def location(resource: Resource, base: str) -> str:
        return f"http://scim.internal/{'/'.join(str(old(resource, base)).split('/')[3:])}"

    old = defect.replace(wire, "location", location)
