"""Defects of authentication in any phase."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from mock_samanage.scim.errors import Forbidden, ScimError, Unauthorized
from mock_samanage.tenant import authentication, phases
from mock_samanage.tenant.roles import REQUESTER, role_of
from mock_samanage.web.application import Application
from tests.mutants.mutant import Defect, Environ, Reply, mutant


@mutant(
    clauses=("7235-3.1-01",),
    trips={
        "auth_migration.a_doubled_field_is_refused",
        "auth_migration.a_field_that_is_no_utf_8_is_refused",
        "auth_migration.a_field_without_a_known_scheme_is_refused",
        "auth_migration.a_token_opens_nothing_before_migration",
        "auth_migration.an_oversized_field_is_refused",
        "auth_migration.malformed_pairs_are_refused",
        "auth_migration.malformed_tokens_are_refused",
        "auth_migration.nothing_changes_without_a_valid_credential",
        "auth_migration.unknown_tokens_are_refused",
        "auth_migration.without_a_token_no_error_is_named",
        "authentication.a_refusal_challenges_with_every_scheme",
    },
    only="requests without a credential",
)
def nobody_is_not_challenged(defect: Defect) -> None:
    """A request without a credential is answered 401 without WWW-Authenticate."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        sent = {"HTTP_AUTHORIZATION", "HTTP_X_SAMANAGE_AUTHORIZATION"} & environ.keys()
        return reply.without("WWW-Authenticate") if reply.code == 401 and not sent else reply

    defect.answers(rewrite)


@mutant(
    clauses=("7235-2.1-01",),
    trips={"authentication.the_scheme_name_is_read_in_any_case"},
    only="bearer in small letters",
)
def the_scheme_bearer_is_exact(defect: Defect) -> None:
    """The scheme of a token is understood as `Bearer` only."""
    defect.replace(authentication, "_BEARER", re.compile(authentication._BEARER.pattern.replace("bearer", "Bearer")))


@mutant(clauses=("6750-2.3-01",), trips={"authentication.tokens_do_not_travel_in_urls"}, only="access_token in the URL")
def a_token_may_stand_in_the_url(defect: Defect) -> None:
    """A token is taken from the query string where there is no Authorization."""

    def divert(environ: Environ) -> None:
        token = dict(parse_qsl(environ["QUERY_STRING"])).get("access_token")
        if token:
            environ.setdefault("HTTP_AUTHORIZATION", f"Bearer {token}")

    defect.requests(divert)


@mutant(
    clauses=("7617-2-03", "SAM-AUTH-15"),
    trips={
        "auth_migration.a_doubled_field_is_refused",
        "auth_migration.a_field_that_is_no_utf_8_is_refused",
        "auth_migration.a_field_without_a_known_scheme_is_refused",
        "auth_migration.an_oversized_field_is_refused",
        "auth_migration.malformed_pairs_are_refused",
        "auth_migration.nothing_changes_without_a_valid_credential",
        "auth_migration.two_credentials_are_refused",
        "authentication.malformed_credentials_are_refused",
    },
    only="Basic that cannot be read",
)
def unreadable_basic_is_forbidden(defect: Defect) -> None:
    """Basic credentials that are no base64 of e-mail, colon and password are answered 403."""

    def read(headers: Any) -> Any:
        try:
            return old(headers)
        except authentication._Malformed as why:
            if (headers.authorization or "").lower().startswith("basic"):
                raise Forbidden(str(why)) from None
            raise

    old = defect.replace(authentication, "_read", read)


def _done_anyway(defect: Defect, method: str) -> None:
    """Does what a request with an invalid credential asks, and answers 401 all the same."""

    def admitted(self: Application, handler: Any, environ: Environ, **arguments: str) -> Any:
        try:
            return old(self, handler, environ, **arguments)
        except Unauthorized:
            if environ["REQUEST_METHOD"] == method and "HTTP_AUTHORIZATION" in environ:
                for account in self.tenant.accounts.list():
                    with suppress(ScimError):
                        handler(_call(self, environ, account), **arguments)
                        break
            raise

    old = defect.replace(Application, "_admitted", admitted)


def _call(app: Application, environ: Environ, account: Any) -> Any:
    from mock_samanage.web.call import Call

    base, owner = app.base_url.of(environ), account.settings.administrator
    directory = app.tenant.directory_of(account, owner)
    return Call(environ, base, "application/scim+json", app.tenant, owner, directory)


@mutant(clauses=("7644-3.12-66", "SAM-AUTH-39"), trips={"authentication.a_wrong_token_performs_nothing"}, only="POST")
def a_create_comes_before_the_credential(defect: Defect) -> None:
    """A create with an invalid credential is answered 401 and done."""
    _done_anyway(defect, "POST")


@mutant(clauses=("SAM-AUTH-39",), trips={"auth_migration.nothing_changes_without_a_valid_credential"}, only="DELETE")
def a_delete_comes_before_the_credential(defect: Defect) -> None:
    """A DELETE with an invalid credential is answered 401 and done."""
    _done_anyway(defect, "DELETE")


@mutant(
    clauses=("7617-2-01", "SAM-AUTH-08"),
    trips={
        "auth_migration.basic_alone_is_offered_before_migration",
        "auth_migration.both_schemes_are_offered_in_transition",
        "authentication.the_right_password_opens",
    },
    only="the challenge of Basic",
)
def basic_has_no_realm(defect: Defect) -> None:
    """The challenge of Basic names no realm."""
    defect.replace(phases, "_BASIC_CHALLENGE", "Basic")


@mutant(clauses=("7617-2.1-01",), trips={"authentication.passwords_are_read_as_utf_8"}, only="letters beyond ASCII")
def passwords_are_read_as_latin_1(defect: Defect) -> None:
    """Basic credentials are decoded as ISO 8859-1, though the challenge announces UTF-8."""

    def password(field: str) -> Any:
        sent = old(field)
        return sent if sent.password is None else replace(sent, password=sent.password.encode().decode("latin-1"))

    old = defect.replace(authentication, "_password", password)


@mutant(clauses=("7617-2-02",), trips={"authentication.a_password_may_hold_colons"}, only="passwords with a colon")
def the_last_colon_splits(defect: Defect) -> None:
    """E-mail and password are split at the last colon."""

    def password(field: str) -> Any:
        sent = old(field)
        if sent.password is None:
            return sent
        login, _, rest = f"{sent.login}:{sent.password}".rpartition(":")
        return replace(sent, login=login, password=rest)

    old = defect.replace(authentication, "_password", password)


@mutant(
    clauses=("7644-2-04", "7644-3.12-45", "SAM-AUTH-27"),
    trips={
        "auth_migration.a_change_of_role_counts_at_once",
        "auth_migration.only_administrators_provision",
    },
    only="requesters",
)
def a_requester_may_provision(defect: Defect) -> None:
    """The credential of a Requester opens as much as that of an Administrator."""

    def check(account: Any, owner: Any) -> None:
        if role_of(owner.document) != REQUESTER:
            old(account, owner)

    old = defect.replace(authentication, "_check_permission", check)


@mutant(
    clauses=("6750-3.1-01", "SAM-AUTH-25"),
    trips={
        "auth_migration.a_wrong_token_is_named",
        "authentication.the_bearer_challenge_is_well_formed",
    },
)
def no_token_is_named_invalid(defect: Defect) -> None:
    """The challenge to a wrong token is the same as to none, without an error code."""

    def challenges(phase: phases.Phase, *, bearer_sent: bool) -> Any:
        del bearer_sent
        return old(phase, bearer_sent=False)

    old = defect.replace(authentication, "challenges", challenges)
