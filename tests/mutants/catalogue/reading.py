"""Defects of reading one resource."""

from __future__ import annotations

import posixpath
from typing import Any

from mock_samanage.scim.errors import NotFound
from mock_samanage.scim.messages import list_response
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.resource import Resource
from mock_samanage.web.wire import encoded
from tests.mutants.answers import asked, changed, single
from tests.mutants.mutant import Defect, Environ, Reply, mutant

_NOBODY = encoded(list_response((), 0))


@mutant(
    clauses=("7644-3.12-11",),
    trips={
        "auth_migration.a_credential_opens_its_own_account_only",
        "dialects.entra_deletes_a_user",
        "dialects.okta_reads_nobody",
        "errors.the_status_is_repeated_as_a_string",
        "resources.an_unknown_id_is_not_found",
        "resources.strange_ids_are_not_found",
    },
    only="users",
)
def an_unknown_user_is_an_empty_list(defect: Defect) -> None:
    """A user that does not exist is answered 200 with an empty list."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        missing = reply.code == 404 and asked(environ, "GET", "/Users/")
        return Reply("200 OK", reply.headers, reply.body).with_body(_NOBODY) if missing else reply

    defect.answers(rewrite)


@mutant(
    clauses=("7644-3.4.1-03",), trips={"resources.an_id_belongs_to_one_endpoint"}, only="ids of users below /Groups"
)
def a_user_is_found_among_the_groups(defect: Defect) -> None:
    """GET /Groups/{id} answers a user where the id is that of a user."""

    def get(self: Directory, type_name: str, resource_id: str, **options: Any) -> Any:
        try:
            return old(self, type_name, resource_id, **options)
        except NotFound:
            if type_name != "Group":
                raise
            return old(self, "User", resource_id, **options)

    old = defect.replace(Directory, "get", get)


@mutant(
    clauses=("7231-4.2.1-01",),
    trips={
        "resources.head_mirrors_get",
        "resources.reading_changes_nothing",
    },
    only="users",
)
def reading_a_user_counts_as_a_change(defect: Defect) -> None:
    """Reading a user by id moves its version and lastModified."""

    def get(self: Directory, type_name: str, resource_id: str, **options: Any) -> Any:
        found: Resource = old(self, type_name, resource_id, **options)
        if type_name == "User":
            with self._store.writing() as session:
                session.touch(self._find(session, type_name, resource_id), now=self._now())
        return found

    old = defect.replace(Directory, "get", get)


@mutant(clauses=("7644-3.12-12",), trips={"resources.strange_ids_are_not_found"}, only="ids of dots and slashes")
def dots_in_an_id_climb_out_of_the_collection(defect: Defect) -> None:
    """Dots and slashes of a decoded id are resolved, so that `..%2f` answers what is above."""

    def divert(environ: Environ) -> None:
        path = environ["PATH_INFO"]
        if "/.." in path:
            environ["PATH_INFO"] = posixpath.normpath(path)

    defect.requests(divert)


@mutant(
    clauses=("7644-3.14-01",),
    trips={
        "auth_migration.both_credentials_see_the_same",
        "discovery.versioning_support_is_as_told",
    },
    only="users read by id",
)
def a_user_that_is_read_has_no_tag(defect: Defect) -> None:
    """A user that is read by id comes without ETag."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        return reply.without("ETag") if asked(environ, "GET HEAD", "/Users/") else reply

    defect.answers(rewrite)


@mutant(
    clauses=("7644-3.4-01",),
    trips={
        "auth_migration.a_scim_password_is_no_credential",
        "resources.the_default_output_has_no_hidden_attribute",
        "users.a_password_is_never_shown",
    },
    only="users read by id",
)
def a_password_is_shown_in_stars(defect: Defect) -> None:
    """A user that is read by id comes with eight stars for a password."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        read = asked(environ, "GET", "/Users/") and reply.code == 200 and single(environ, "/Users")
        return changed(reply, lambda user: user.update(password="*" * 8)) if read else reply

    defect.answers(rewrite)
