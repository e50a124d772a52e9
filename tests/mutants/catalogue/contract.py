"""Defects that break the OpenAPI document."""

from __future__ import annotations

from tests.mutants.answers import asked, changed, resources, single
from tests.mutants.mutant import Defect, Environ, Reply, mutant


@mutant(
    clauses=("OPENAPI-05",),
    trips={
        "openapi.enumerated_requests_get_bodies_that_fit_their_schema",
        "openapi.random_requests_get_bodies_that_fit_their_schema",
    },
)
def an_answer_has_a_member_more(defect: Defect) -> None:
    """Every user is shown with a member that no schema has."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        def add(document: dict[str, object]) -> None:
            for each in resources(document):
                each["costCentre"] = "none"

        return changed(reply, add) if asked(environ, "GET", "/Users") and reply.code == 200 else reply

    defect.answers(rewrite)


@mutant(
    clauses=("OPENAPI-02", "7644-3.6-03"),
    trips={
        "auth_migration.a_credential_opens_its_own_account_only",
        "dialects.entra_deletes_a_user",
        "dialects.okta_reads_nobody",
        "openapi.random_requests_get_documented_statuses",
        "resources.an_unknown_id_is_not_found",
        "resources.strange_ids_are_not_found",
        "state_machine.users_live_as_the_model_says",
    },
    only="users",
)
def an_unknown_user_was_once(defect: Defect) -> None:
    """A user that does not exist is answered 410, as if it had existed."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        lost = asked(environ, "GET", "/Users") and single(environ, "/Users") and reply.code == 404
        return Reply("410 Gone", reply.headers, reply.body.replace(b'"404"', b'"410"')) if lost else reply

    defect.answers(rewrite)


@mutant(
    clauses=("OPENAPI-04",),
    trips={
        "openapi.linked_requests_get_documented_header_fields",
    },
    only="groups",
)
def a_new_group_has_no_place(defect: Defect) -> None:
    """The answer to the creation of a group lacks its Location."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        return reply.without("Location") if asked(environ, "POST", "/Groups") and reply.code == 201 else reply

    defect.answers(rewrite)
