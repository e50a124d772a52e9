"""Defects of credentials over their life: issue, reset, expiry, owners, and what is told of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jwt

from mock_samanage.scim.errors import Forbidden
from mock_samanage.store import Authentication
from mock_samanage.tenant import authentication
from mock_samanage.tenant.authentication import Authenticator, AuthorizationHeaders
from mock_samanage.tenant.clock import SECOND
from mock_samanage.tenant.credentials import Credentials
from tests.mutants.answers import Json
from tests.mutants.mutant import Defect, mutant


@mutant(
    clauses=("SAM-AUTH-22",),
    trips={
        "auth_migration.a_reset_token_dies_at_once",
        "auth_migration.nothing_changes_without_a_valid_credential",
    },
    only="tokens",
)
def a_reset_token_lives_on(defect: Defect) -> None:
    """A token that was reset works as well as its successor."""

    def reset(self: Credentials, session: Any, account: Any, credential: Any, **options: Any) -> Any:
        issued = old(self, session, account, credential, **options)
        for known in session.credentials(account.pk):
            if known.state == "reset":
                session.update_credential(known.pk, state="active")
        return issued

    old = defect.replace(Credentials, "reset", reset)


def _looked_up(defect: Defect, change: Any) -> None:
    """Changes what the store says of a credential before it is judged."""

    def look_up(self: Authenticator, sent: Any) -> Authentication | None:
        found: Authentication | None = old(self, sent)
        return found and change(self, found)

    old = defect.replace(Authenticator, "_look_up", look_up)


@mutant(clauses=("SAM-AUTH-40",), trips={"auth_migration.tokens_do_not_expire"}, only="tokens older than a year")
def a_token_ends_after_a_year(defect: Defect) -> None:
    """A token stops working a year after it was made."""

    def aged(_self: Authenticator, found: Authentication) -> Authentication:
        old = found.account.settings["offset"] > 365 * 24 * 3600 * SECOND and found.credential.kind == "token"
        return replace(found, credential=replace(found.credential, state="expired")) if old else found

    _looked_up(defect, aged)


@mutant(
    clauses=("SAM-AUTH-23", "SAM-AUTH-30"),
    trips={
        "auth_migration.a_disabled_owner_opens_nothing",
        "auth_migration.deactivation_counts_at_once",
    },
    only="tokens",
)
def the_token_of_a_disabled_owner_works(defect: Defect) -> None:
    """Whether the owner is active is asked for passwords only."""

    def active(_self: Authenticator, found: Authentication) -> Authentication:
        if found.owner is None or found.credential.kind != "token":
            return found
        return replace(found, owner=replace(found.owner, document={**found.owner.document, "active": True}))

    _looked_up(defect, active)


@mutant(
    clauses=("SAM-AUTH-29",),
    trips={"auth_migration.a_change_of_role_counts_at_once"},
    only="owners who were let in before",
)
def once_an_administrator_always_one(defect: Defect) -> None:
    """An owner who was let in once is not asked for the role again."""
    known: set[tuple[int, str]] = set()

    def check(account: Any, owner: Any) -> None:
        if (account.pk, owner.id) not in known:
            old(account, owner)
        known.add((account.pk, owner.id))

    old = defect.replace(authentication, "_check_permission", check)


def _read(defect: Defect, change: Any) -> None:
    """Changes the Authorization fields before they are read."""

    def read(headers: AuthorizationHeaders) -> Any:
        return old(change(headers))

    old = defect.replace(authentication, "_read", read)


@mutant(
    clauses=("SAM-AUTH-32",),
    trips={
        "auth_migration.a_field_of_samanage_carries_the_token",
        "auth_migration.nothing_changes_without_a_valid_credential",
        "auth_migration.two_credentials_are_refused",
    },
    only="X-Samanage-Authorization",
)
def the_old_header_is_forgotten(defect: Defect) -> None:
    """X-Samanage-Authorization is not looked at."""
    _read(defect, lambda headers: replace(headers, samanage=None))


@mutant(
    clauses=("SAM-AUTH-34",), trips={"auth_migration.two_credentials_are_refused"}, only="a password beside a token"
)
def a_password_beats_the_token_beside_it(defect: Defect) -> None:
    """A password in Authorization counts, whatever token stands in X-Samanage-Authorization."""

    def first(headers: AuthorizationHeaders) -> AuthorizationHeaders:
        basic = (headers.authorization or "").lower().startswith("basic ")
        return replace(headers, samanage=None) if basic else headers

    _read(defect, first)


@mutant(
    clauses=("SAM-AUTH-35",),
    trips={
        "auth_migration.a_doubled_field_is_refused",
        "auth_migration.nothing_changes_without_a_valid_credential",
    },
    only="two equal Authorization lines",
)
def the_same_line_twice_counts_once(defect: Defect) -> None:
    """Two equal Authorization lines count as one."""

    def once(headers: AuthorizationHeaders) -> AuthorizationHeaders:
        lines = [line.strip() for line in (headers.authorization or "").split(",")]
        return replace(headers, authorization=lines[0]) if len(lines) == 2 and lines[0] == lines[1] else headers

    _read(defect, once)


_UNVERIFIED: Any = {"verify_signature": False}


@mutant(
    clauses=("SAM-AUTH-41",), trips={"auth_migration.the_token_is_a_signed_statement"}, only="the claim generated_at"
)
def a_token_tells_seconds(defect: Defect) -> None:
    """The claim generated_at of a token is a number of seconds."""

    def encode(claims: Json, *given: Any, **options: Any) -> str:
        return old({**claims, "generated_at": 1_700_000_000 + hash(str(claims)) % 10**6}, *given, **options)  # type: ignore[no-any-return]  # the function replaced

    old = defect.replace(jwt, "encode", encode)


@mutant(clauses=("SAM-AUTH-19",), trips={"auth_migration.unknown_tokens_are_refused"}, only="alg none")
def an_unsigned_token_is_believed(defect: Defect) -> None:
    """A JWT with `alg` none counts as the token of the user it names."""

    def look_up(self: Authenticator, sent: Any) -> Authentication | None:
        found: Authentication | None = old_look_up(self, sent)
        if found is not None or sent.token is None:
            return found
        try:
            if jwt.get_unverified_header(sent.token).get("alg") != "none":
                return None
            owner = str(jwt.decode(sent.token, options=_UNVERIFIED).get("user_id"))
        except jwt.InvalidTokenError:
            return None
        with self._store.reading() as session:
            for account in session.accounts():
                for credential in session.credentials(account.pk):
                    if credential.owner == owner and credential.login:
                        by_login = session.authentication(login=credential.login)
                        return by_login and replace(by_login, credential=replace(credential, kind="token"))
        return None

    old_look_up = defect.replace(Authenticator, "_look_up", look_up)


@mutant(clauses=("SAM-AUTH-28",), trips={"auth_migration.the_plan_includes_provisioning"}, only="the plan")
def a_small_plan_is_not_told_why(defect: Defect) -> None:
    """The 403 of an account below Professional does not name the plan."""

    def check(account: Any, owner: Any) -> None:
        try:
            old(account, owner)
        except Forbidden as error:
            raise Forbidden(error.detail if account.may_provision else "You may not do this.") from None

    old = defect.replace(authentication, "_check_permission", check)


@mutant(clauses=("SAM-AUTH-14",), trips={"auth_migration.wrong_pairs_are_refused_alike"}, only="unknown e-mails")
def an_unknown_e_mail_is_told(defect: Defect) -> None:
    """An e-mail that nobody signs in with gets another detail than a wrong password."""

    def refuse(self: Authenticator, account: Any, detail: str, *, bearer: bool) -> Any:
        unknown = account is None and not bearer and detail == "The credential is not valid."
        return old(self, account, "There is nobody with this e-mail." if unknown else detail, bearer=bearer)

    old = defect.replace(Authenticator, "_refuse", refuse)


@mutant(
    clauses=("SAM-AUTH-17",),
    trips={"auth_migration.a_reset_password_dies_at_once"},
    only="passwords that were used before",
)
def a_remembered_password_survives_its_reset(defect: Defect) -> None:
    """A password that was right once stays right, because it is remembered, also after a reset."""
    known: set[tuple[str, str]] = set()

    def proven(self: Authenticator, sent: Any, found: Authentication) -> bool:
        right: bool = (sent.login, sent.password) in known or old(self, sent, found)
        if right and sent.token is None:
            known.add((sent.login, sent.password))
        return right

    old = defect.replace(Authenticator, "_proven", proven)


@mutant(clauses=("SAM-AUTH-24",), trips={"auth_migration.a_deleted_owner_opens_nothing"}, only="tokens")
def the_token_of_a_deleted_owner_passes_on(defect: Defect) -> None:
    """The token of a user who was deleted counts as one of another user with a credential."""

    def inherited(self: Authenticator, found: Authentication) -> Authentication:
        if found.owner is not None or found.credential.kind != "token":
            return found
        with self._store.reading() as session:
            owners = (
                session.get(found.account.pk, None, other.owner) for other in session.credentials(found.account.pk)
            )
            heir = next(filter(None, owners), None)
        return replace(found, owner=heir)

    _looked_up(defect, inherited)


@mutant(
    clauses=("SAM-AUTH-33",),
    trips={"auth_migration.the_same_token_twice_counts_as_one"},
    only="the same token in both headers",
)
def the_same_token_in_both_headers_is_too_much(defect: Defect) -> None:
    """Two headers with a credential are refused, also where both hold the same token."""

    def read(headers: AuthorizationHeaders) -> Any:
        if headers.authorization is not None and headers.samanage is not None:
            raise authentication._Malformed("Send one credential.")
        return old(headers)

    old = defect.replace(authentication, "_read", read)


@mutant(
    clauses=("SAM-AUTH-16", "SAM-AUTH-21"),
    trips={
        "auth_migration.an_expired_password_opens_nothing",
        "auth_migration.an_expired_token_opens_nothing",
        "authentication.an_expired_credential_is_refused",
    },
    only="expired credentials",
)
def expiry_is_noted_and_not_obeyed(defect: Defect) -> None:
    """An expired credential goes on working."""

    def alive(_self: Authenticator, found: Authentication) -> Authentication:
        expired = found.credential.state == "expired"
        return replace(found, credential=replace(found.credential, state="active")) if expired else found

    _looked_up(defect, alive)
