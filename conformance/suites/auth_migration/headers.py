"""The header fields that carry a credential: two names, and every way to fill them wrongly."""

from __future__ import annotations

from base64 import b64encode

import pytest

from conformance.accounts import Accounts
from conformance.client import Answer
from conformance.judging import budget, clause, holds
from conformance.run import Run
from conformance.suites.auth_migration.forging import CLAIMS, forged, pair
from conformance.suites.auth_migration.people import hire, token_for, users_of
from conformance.suites.auth_migration.phased import (
    SAMANAGE,
    Phased,
    Phases,
    insider,
    opens,
    presented,
    probe,
)
from conformance.transport import Field

RAW = b"\xff\xfe"
FRONT_END = (400, 431)  # what may be refused before the application sees it


@pytest.fixture(scope="module")
def phases(suite_accounts: Accounts) -> Phases:
    """An account in each phase."""
    return Phases(suite_accounts)


def bearer(subject: Phased) -> str:
    """The field that carries the account's token."""
    return f"Bearer {subject.account.token}"


def basic(subject: Phased) -> str:
    """The field that carries the administrator's e-mail and password."""
    return f"Basic {pair(subject.account.username or '', subject.account.password or '')}"


def valid(subject: Phased) -> str:
    """The field that opens the account."""
    return bearer(subject) if subject.account.token else basic(subject)


def both(subject: Phased, standard: str, own: str) -> Answer:
    """The answer to a request with both fields."""
    return probe(subject.account.client(), {"Authorization": standard, SAMANAGE: own})


@clause("SAM-AUTH-31")
def test_authorization_carries_the_token(phases: Phases) -> None:
    """`Authorization: Bearer` carries the token."""
    opens("SAM-AUTH-31", "the token", presented(phases["token"].account, bearer(phases["token"])))


@clause("SAM-AUTH-32")
def test_a_field_of_samanage_carries_the_token(phases: Phases) -> None:
    """`X-Samanage-Authorization: Bearer` carries the token."""
    for subject in phases.each("transition", "token"):
        opens("SAM-AUTH-32", subject.phase, probe(subject.account.client(), {SAMANAGE: bearer(subject)}))


@clause("SAM-AUTH-33")
def test_the_same_token_twice_counts_as_one(phases: Phases) -> None:
    """The token in both header fields counts as one."""
    for subject in phases.each("transition", "token"):
        opens("SAM-AUTH-33", subject.phase, both(subject, bearer(subject), bearer(subject)))


@clause("SAM-AUTH-34")
@budget(8)
def test_two_credentials_are_refused(phases: Phases, run: Run) -> None:
    """Two different credentials in the two header fields open nothing, even where both are valid."""
    subject = phases["transition"]
    colleague = hire(subject.account.bearer(), run)
    own, other, wrong = bearer(subject), f"Bearer {token_for(subject.account, colleague)}", f"Bearer {forged(CLAIMS)}"
    for what, standard, second in (
        ("two valid tokens", own, other),
        ("password and token", basic(subject), own),
        ("a wrong token first", wrong, own),
        ("a wrong token second", own, wrong),
        ("no token second", own, "Bearer"),
        ("no scheme first", str(subject.account.token), own),
    ):
        subject.turns_away("SAM-AUTH-34", what, both(subject, standard, second))


@clause("SAM-AUTH-35")
@budget(12)
def test_a_doubled_field_is_refused(phases: Phases, run: Run) -> None:
    """Two Authorization lines open nothing, equal or not, and nothing is performed."""
    wrong = f"Bearer {forged(CLAIMS)}"
    for subject in phases.each():
        right = valid(subject)
        subject.turns_away("SAM-AUTH-35", "equal lines", presented(subject.account, (right, right)))
        subject.turns_away("SAM-AUTH-35", "the wrong one first", presented(subject.account, (wrong, right)))
        subject.turns_away("SAM-AUTH-35", "the wrong one second", presented(subject.account, (right, wrong)))
    users = users_of(insider(subject.account), run)
    body = users.body()
    answer = subject.account.client().post("/Users", body, headers={"Authorization": (right, right)})
    none = users.client.query("/Users", f'userName eq "{body["userName"]}"').total == 0
    subject.turns_away("SAM-AUTH-35", "a create", answer, unchanged=none)


def odd_fields(subject: Phased) -> dict[str, Field]:
    """Values without a scheme, with an unknown one, or with nothing behind it; all of them in transition."""
    bare = valid(subject).partition(" ")[2]
    short: dict[str, Field] = {"the bare credential": bare, "another scheme": f"Token {bare}"}
    return (
        short
        if subject.phase != "transition"
        else {
            **short,
            "empty": ("",),
            "blank": (" ",),
            "Bearer alone": "Bearer",
            "Basic alone": "Basic",
            "Digest": 'Digest username="admin"',
        }
    )


@clause("SAM-AUTH-36")
@budget(13)
def test_a_field_without_a_known_scheme_is_refused(phases: Phases) -> None:
    """A header field without a scheme, or with an unknown one, opens nothing."""
    for subject in phases.each():
        for what, value in odd_fields(subject).items():
            subject.turns_away("SAM-AUTH-36", what, presented(subject.account, value))
    stops("SAM-AUTH-36", subject, "a control character", presented(subject.account, f"{valid(subject)}\x01"))


@clause("SAM-AUTH-37")
@budget(9)
def test_an_oversized_field_is_refused(phases: Phases) -> None:
    """A credential of 7 kB or 64 kB opens nothing and breaks nothing."""
    for subject in phases.each("transition", "token"):
        for size in (7_000, 64_000):
            for value in (f"Bearer {'x' * size}", f"Basic {pair('nobody@example.com', 'x' * (size * 3 // 4))}"):
                answer, what = presented(subject.account, value), f"{value.partition(' ')[0]}, {size} bytes"
                if size < 8_000:
                    subject.turns_away("SAM-AUTH-37", what, answer)
                else:
                    stops("SAM-AUTH-37", subject, what, answer)


@clause("SAM-AUTH-38")
@budget(9)
def test_a_field_that_is_no_utf_8_is_refused(phases: Phases) -> None:
    """Bytes that are no UTF-8 open nothing, raw or in Base64."""
    for subject in phases.each("basic", "transition"):
        owner = (subject.account.username or "").encode()
        for what, value in (
            ("a raw token", b"Bearer " + RAW),
            ("a raw pair", b"Basic " + RAW),
            ("an encoded user", b"Basic " + b64encode(RAW + b":password")),
            ("an encoded password", b"Basic " + b64encode(owner + b":" + RAW)),
        ):
            subject.turns_away("SAM-AUTH-38", what, presented(subject.account, value))


def stops(clause_id: str, subject: Phased, what: str, answer: Answer) -> None:
    """Judge that the front end stops the request with 400 or 431, or that it is turned away as usual."""
    if answer.status in FRONT_END:
        told = f"{what}: {answer.status} by the front end"
        holds(clause_id, True, expected="400, 401 or 431", observed=told, answer=answer)
    else:
        subject.turns_away(clause_id, what, answer)
