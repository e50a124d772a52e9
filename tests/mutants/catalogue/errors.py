"""Defects of error answers."""

from __future__ import annotations

import re
from typing import Any

from mock_samanage.scim import patch
from mock_samanage.scim.errors import (
    InvalidPath,
    Mutability,
    NoTarget,
    NotFound,
    ScimError,
    Uniqueness,
)
from mock_samanage.tenant.directory import Directory
from tests.mutants.answers import Json, changed
from tests.mutants.mutant import Defect, Environ, Reply, mutant

ENDPOINTS = ("/Users", "/Groups", "/Schemas", "/ResourceTypes", "/ServiceProviderConfig", "/Me", "/Bulk")


@mutant(
    clauses=("7644-3.12-42",),
    trips={
        "discovery.an_unknown_endpoint_is_not_found",
        "errors.every_error_is_an_error_document",
        "errors.the_status_is_repeated_as_a_string",
    },
    only="paths that lead nowhere",
)
def an_unknown_endpoint_wraps_its_error(defect: Defect) -> None:
    """The error document of an unknown endpoint stands inside a member `error`."""

    def wrap(document: Json) -> None:
        inner = dict(document)
        document.clear()
        document["error"] = inner

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        nowhere = reply.code == 404 and not environ["PATH_INFO"].startswith(ENDPOINTS)
        return changed(reply, wrap) if nowhere else reply

    defect.answers(rewrite)


@mutant(clauses=("7231-6.5.5-01",), trips={"errors.method_not_allowed_names_the_allowed"}, only="405")
def a_405_allows_nothing(defect: Defect) -> None:
    """A 405 has no Allow header."""
    defect.answers(lambda _environ, reply: reply.without("Allow") if reply.code == 405 else reply)


@mutant(
    clauses=("7644-3.12-40", "7644-3.3-04"),
    trips={
        "errors.a_taken_name_is_a_uniqueness_error_on_update",
        "resources.a_second_user_of_that_name_is_refused",
        "users.a_user_name_is_given_once",
        "users.the_case_of_a_user_name_does_not_matter",
    },
)
def a_taken_name_has_a_keyword_of_its_own(defect: Defect) -> None:
    """The scimType of a taken value is `duplicateValue`."""
    defect.replace(Uniqueness, "scim_type", "duplicateValue")


@mutant(clauses=("7644-7.7-02",), trips={"errors.errors_leak_no_internals"}, only="ids that are not found")
def a_404_tells_the_statement(defect: Defect) -> None:
    """The detail of an unknown id shows the SQL that looked for it."""

    def find(self: Directory, session: Any, type_name: str, resource_id: str) -> Any:
        try:
            return old(self, session, type_name, resource_id)
        except NotFound:
            raise NotFound(
                f"NoResultFound: SELECT rid, document FROM resource WHERE account = {self._account.pk}"
                f" AND type = '{type_name}' AND id = ?"
            ) from None

    old = defect.replace(Directory, "_find", find)


@mutant(
    clauses=("7644-3.12-57",),
    trips={
        "errors.writing_a_read_only_attribute_is_a_mutability_error",
        "groups.a_member_does_not_become_another",
        "users.the_groups_of_a_user_are_read_only",
        "users.the_name_of_a_manager_is_read_only",
    },
    only="PATCH",
)
def a_patch_of_what_is_read_only_does_nothing(defect: Defect) -> None:
    """An operation on a read-only attribute is passed over and the PATCH answered 200."""

    def apply(self: Any, operation: Any) -> None:
        try:
            old(self, operation)
        except Mutability:
            return

    old = defect.replace(patch._Patching, "apply", apply)


@mutant(clauses=("7644-3.12-60",), trips={"errors.removing_nothing_named_is_a_no_target_error"})
def no_target_is_called_an_invalid_path(defect: Defect) -> None:
    """A PATCH that selects nothing has the keyword invalidPath."""
    defect.replace(NoTarget, "scim_type", "invalidPath")


@mutant(
    clauses=("7644-3.12-38", "7644-3.12-65"),
    trips={
        "authentication.an_authentication_error_is_a_scim_error",
        "dialects.okta_with_a_wrong_token",
    },
    only="401",
)
def a_401_is_tagged_as_scim_1(defect: Defect) -> None:
    """The error document of a 401 has the URN of SCIM 1.1."""

    def body(self: ScimError) -> Json:
        document: Json = old(self)
        return {**document, "schemas": ["urn:scim:schemas:core:1.0"]} if self.status == 401 else document

    old = defect.replace(ScimError, "body", body)


@mutant(clauses=("7644-3.12-59",), trips={"errors.a_malformed_path_is_an_invalid_path_error"}, only="paths of PATCH")
def a_wrong_path_is_called_a_wrong_filter(defect: Defect) -> None:
    """A PATCH with a path that names nothing has the keyword invalidFilter."""
    defect.replace(InvalidPath, "scim_type", "invalidFilter")


@mutant(
    clauses=("7644-3.12-62",), trips={"errors.an_unknown_protocol_version_is_refused"}, only="a version in the path"
)
def any_version_is_served(defect: Defect) -> None:
    """Whatever version the path names, it is answered as version 2."""

    def divert(environ: Environ) -> None:
        environ["PATH_INFO"] = re.sub(r"/v\d+(?=/|$)", "/v2", environ["PATH_INFO"])

    defect.requests(divert)


@mutant(
    clauses=("7644-3.12-50", "7644-3.12-12"), trips={"resources.strange_ids_are_not_found"}, only="ids beyond ASCII"
)
def an_id_beyond_ascii_breaks_the_server(defect: Defect) -> None:
    """An id with letters beyond ASCII is answered 500."""

    def find(self: Directory, session: Any, type_name: str, resource_id: str) -> Any:
        resource_id.encode("ascii")
        return old(self, session, type_name, resource_id)

    old = defect.replace(Directory, "_find", find)
