"""Defects in keeping secrets: in answers, in the journal, and of SCIM passwords."""

from __future__ import annotations

from typing import Any

from mock_samanage.tenant import passwords
from mock_samanage.tenant.credentials import email_of
from mock_samanage.tenant.users import Users
from mock_samanage.web.journal import entries
from tests.mutants.answers import Json, asked, changed
from tests.mutants.mutant import Defect, Environ, Reply, mutant


@mutant(
    clauses=("SAM-AUTH-54",), trips={"auth_migration.no_error_repeats_the_credential"}, only="X-Samanage-Authorization"
)
def a_refusal_repeats_the_old_header(defect: Defect) -> None:
    """A 401 quotes what was sent in X-Samanage-Authorization."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        sent = environ.get("HTTP_X_SAMANAGE_AUTHORIZATION")
        if reply.code != 401 or not sent:
            return reply
        return changed(reply, lambda error: error.update(detail=f"{error['detail']} It was: {sent}"))

    defect.answers(rewrite)


@mutant(clauses=("SAM-AUTH-55",), trips={"auth_migration.the_journal_holds_no_secret"}, only="the password in Basic")
def the_journal_keeps_passwords_in_base64(defect: Defect) -> None:
    """The journal takes the token out of an Authorization field and leaves Basic as it was sent."""

    def masked(value: str) -> str:
        return value if value.lower().startswith("basic ") else old(value)

    def presented(field: str) -> tuple[str, ...]:
        return () if field.lower().startswith("basic ") else old_presented(field)

    old = defect.replace(entries, "masked", masked)
    old_presented = defect.replace(entries, "presented", presented)


@mutant(
    clauses=("SAM-AUTH-56",),
    trips={"auth_migration.a_scim_password_is_no_credential"},
    only="users created with a password",
)
def a_scim_password_signs_in(defect: Defect) -> None:
    """The password of a new user becomes a credential of that user."""
    sent: dict[str, str] = {}

    def read(self: Users, body: Json) -> Json:
        document: Json = old_read(self, body)
        if isinstance(body.get("password"), str):
            sent[document["userName"]] = body["password"]
        return document

    def create(self: Users, session: Any, document: Json) -> Any:
        record = old_create(self, session, document)
        if password := sent.pop(document["userName"], None):
            secret = passwords.record(password, b"sixteen bytes ok")
            login = email_of(document).casefold()
            number = f"basic-{len(session.credentials(self.account.pk)) + 1}"
            session.add_credential(
                self.account.pk, id=number, kind="basic", owner=record.id, secret=secret, now=self.now(), login=login
            )
        return record

    old_read = defect.replace(Users, "read", read)
    old_create = defect.replace(Users, "create", create)


@mutant(clauses=("SAM-AUTH-53",), trips={"auth_migration.no_answer_holds_a_secret"}, only="/ServiceProviderConfig")
def the_configuration_links_with_the_token(defect: Defect) -> None:
    """The configuration links to its documentation with the token of the request in the URL."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme != "Bearer" or reply.code != 200 or not asked(environ, "GET", "/ServiceProviderConfig"):
            return reply
        link = f"https://help.samanage.example/scim?token={token}"
        return changed(reply, lambda found: found.update(documentationUri=link))

    defect.answers(rewrite)
