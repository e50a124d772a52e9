"""Defects of the discovery endpoints."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from mock_samanage.scim.errors import Unauthorized
from mock_samanage.scim.messages import API_PREFIX, list_response
from mock_samanage.scim.registry import ENTERPRISE_URN, USER_URN, Registry
from mock_samanage.web.application import Application
from mock_samanage.web.wire import encoded
from tests.mutants.answers import Json, asked, changed, declared
from tests.mutants.mutant import Defect, Environ, Reply, mutant

_ENDPOINTS = ("/Schemas", "/ResourceTypes", "/ServiceProviderConfig")


@mutant(clauses=("7644-3.7-01",), trips={"discovery.bulk_support_is_as_told"}, only="bulk")
def bulk_is_denied_and_there(defect: Defect) -> None:
    """The configuration denies bulk operations, which are done nevertheless."""

    def change(document: Json) -> None:
        if "bulk" in document:
            document["bulk"]["supported"] = False

    declared(defect, change)


@mutant(clauses=("7644-4-07",), trips={"discovery.paging_and_sorting_are_ignored_on_discovery"}, only="/Schemas")
def schemas_come_in_pages(defect: Defect) -> None:
    """A list of schemas obeys `count`."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        count = dict(parse_qsl(environ["QUERY_STRING"])).get("count", "")
        if not asked(environ, "GET", "/Schemas") or not count.isdecimal() or reply.code != 200:
            return reply

        def cut(body: Json) -> None:
            body["Resources"] = body["Resources"][: int(count)]
            body["itemsPerPage"] = len(body["Resources"])

        return changed(reply, cut)

    defect.answers(rewrite)


@mutant(clauses=("7644-4-08",), trips={"discovery.a_filter_on_discovery_is_forbidden"}, only="/ResourceTypes")
def resource_types_ignore_a_filter(defect: Defect) -> None:
    """A filter on the list of resource types is ignored."""

    def divert(environ: Environ) -> None:
        if environ["PATH_INFO"].endswith("/ResourceTypes"):
            environ["QUERY_STRING"] = ""

    defect.requests(divert)


@mutant(
    clauses=("7644-4-04", "7643-6-04", "7643-7-04"),
    trips={
        "discovery.each_schema_identifies_itself",
        "discovery.the_schemas_of_a_type_exist",
    },
    only="the schema of an extension",
)
def an_extension_is_only_listed(defect: Defect) -> None:
    """The enterprise schema is in the list of schemas and not found alone."""

    def schema_document(self: Registry, uri: str) -> Json | None:
        found: Json | None = old(self, uri)
        return None if found and found["id"] == ENTERPRISE_URN else found

    old = defect.replace(Registry, "schema_document", schema_document)


@mutant(
    clauses=("7643-5-12", "SAM-AUTH-58"),
    trips={
        "auth_migration.discovery_needs_no_credential",
        "discovery.the_configuration_is_readable_without_credentials",
    },
    only="/ServiceProviderConfig",
)
def the_configuration_needs_a_credential(defect: Defect) -> None:
    """The configuration is answered 401 without a credential; schemas and types are not."""

    def discovered(self: Application, handler: Any, environ: Environ, **arguments: str) -> Any:
        if environ["PATH_INFO"] == "/ServiceProviderConfig":
            fields = (("WWW-Authenticate", 'Bearer realm="Samanage"'), ("WWW-Authenticate", 'Basic realm="Samanage"'))
            if "HTTP_AUTHORIZATION" not in environ and "HTTP_X_SAMANAGE_AUTHORIZATION" not in environ:
                raise Unauthorized("Send an administrator's credential.", fields)
        return old(self, handler, environ, **arguments)

    old = defect.replace(Application, "_discovered", discovered)


@mutant(clauses=("7644-3.1-01",), trips={"discovery.message_schemas_are_not_published"}, only="single look-ups")
def messages_are_schemas_too(defect: Defect) -> None:
    """The URN of a protocol message is found below /Schemas."""

    def schema_document(self: Registry, uri: str) -> Json | None:
        if not uri.startswith(API_PREFIX):
            found: Json | None = old(self, uri)
            return found
        return {**self.schema_documents[USER_URN], "id": uri, "name": uri.rpartition(":")[2], "attributes": []}

    old = defect.replace(Registry, "schema_document", schema_document)


@mutant(
    clauses=("7643-7-05", "7643-6-06", "7643-5-11"),
    trips={
        "discovery.resource_types_are_read_only",
        "discovery.schemas_are_read_only",
        "discovery.the_configuration_is_read_only",
    },
    only="PUT",
)
def what_cannot_be_changed_takes_a_put(defect: Defect) -> None:
    """A PUT on a discovery document is answered 200 with the document, which stays as it is."""

    def divert(environ: Environ) -> None:
        if environ["REQUEST_METHOD"] == "PUT" and any(endpoint in environ["PATH_INFO"] for endpoint in _ENDPOINTS):
            environ["REQUEST_METHOD"] = "GET"

    defect.requests(divert)


@mutant(
    clauses=("7643-6-07",),
    trips={
        "discovery.meta_names_the_resource_type",
        "discovery.reference_types_stand_on_references",
        "discovery.the_endpoint_of_another_type_is_its_plural",
    },
    only="groups",
)
def the_group_type_has_another_name(defect: Defect) -> None:
    """/ResourceTypes calls groups `Groups`, their meta.resourceType says Group."""

    def change(document: Json) -> None:
        if document.get("endpoint") == "/Groups":
            document["name"] = "Groups"

    declared(defect, change)


@mutant(clauses=("SAM-AUTH-57",), trips={"auth_migration.passwords_are_not_changed_over_scim"}, only="changePassword")
def a_change_of_password_is_announced(defect: Defect) -> None:
    """The configuration announces that passwords can be changed."""

    def change(document: Json) -> None:
        if "changePassword" in document:
            document["changePassword"]["supported"] = True

    declared(defect, change)


@mutant(
    clauses=("7644-3.12-02",),
    trips={
        "discovery.an_unknown_schema_is_not_found",
        "discovery.message_schemas_are_not_published",
    },
    only="schemas that are not known",
)
def an_unknown_schema_is_an_empty_list(defect: Defect) -> None:
    """A schema that does not exist is answered 200 with an empty list."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if reply.code != 404 or not asked(environ, "GET", "/Schemas/"):
            return reply
        return Reply("200 OK", reply.headers, b"").with_body(encoded(list_response((), 0)))

    defect.answers(rewrite)


@mutant(
    clauses=("7644-4-03", "7644-4-05"),
    trips={
        "discovery.resource_types_come_as_a_list_response",
        "discovery.schemas_come_as_a_list_response",
    },
    only="totalResults",
)
def lists_of_documents_count_from_nought(defect: Defect) -> None:
    """The totalResults of schemas and of resource types is one less than there are."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        listed = environ["PATH_INFO"] in {"/Schemas", "/ResourceTypes"} and reply.code == 200
        return changed(reply, lambda body: body.update(totalResults=body["totalResults"] - 1)) if listed else reply

    defect.answers(rewrite)


@mutant(
    clauses=("7643-6-05",),
    trips={
        "dialects.a_group_is_created_once",
        "dialects.entra_creates_a_group",
        "dialects.okta_creates_a_group",
        "dialects.okta_lists_groups",
        "discovery.the_endpoints_of_the_types_are_reachable",
    },
    only="groups",
)
def the_endpoint_of_groups_has_the_mount(defect: Defect) -> None:
    """/ResourceTypes gives the endpoint of groups with the path of the base URL."""

    def change(document: Json) -> None:
        if document.get("endpoint") == "/Groups":
            document["endpoint"] = "/scim/v2/Groups"

    declared(defect, change)


@mutant(
    clauses=("7644-4-01", "7643-5-02", "7643-5-03", "7643-5-05", "7643-5-06", "7643-5-07"),
    trips={
        "discovery.authentication_schemes_are_described",
        "discovery.bulk_support_is_told_with_its_limits",
        "discovery.etag_support_is_told",
        "discovery.filter_support_is_told_with_its_limit",
        "discovery.sort_support_is_told",
        "discovery.the_configuration_is_one_object",
    },
    only="/ServiceProviderConfig",
)
def the_configuration_is_written_by_hand(defect: Defect) -> None:
    """The configuration has an old URN, text for a number and two booleans, and lacks a limit and a description."""

    def change(document: Json) -> None:
        if "bulk" not in document:
            return
        document["schemas"] = ["urn:scim:schemas:core:1.0:ServiceProviderConfig"]
        document["filter"]["maxResults"] = str(document["filter"]["maxResults"])
        document["sort"]["supported"] = document["etag"]["supported"] = "true"
        del document["bulk"]["maxPayloadSize"]
        for scheme in document["authenticationSchemes"][1:]:
            del scheme["description"]

    declared(defect, change)


@mutant(
    clauses=("7644-4-04", "7644-4-06"),
    trips={
        "discovery.a_resource_type_is_found_by_name",
        "discovery.a_schema_is_found_by_its_uri",
        "discovery.the_schemas_of_a_type_exist",
    },
    only="documents read alone",
)
def one_document_is_a_list_of_one(defect: Defect) -> None:
    """A schema or resource type, read alone, comes in a list of one."""

    def wrap(document: Json) -> None:
        listed = list_response((dict(document),), 1)
        document.clear()
        document.update(listed)

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        alone = asked(environ, "GET", "/Schemas/") or asked(environ, "GET", "/ResourceTypes/")
        return changed(reply, wrap) if alone and reply.code == 200 else reply

    defect.answers(rewrite)
