"""Passwords that are wrong, malformed, expired, reset, or no credential at all."""

from __future__ import annotations

import uuid

import pytest

from conformance.accounts import AccountHandle, Accounts
from conformance.client import Answer
from conformance.judging import budget, clause, holds
from conformance.population import Document
from conformance.run import Run
from conformance.suites.auth_migration.forging import malformed_pairs
from conformance.suites.auth_migration.people import ADMINISTRATOR, users_of
from conformance.suites.auth_migration.phased import (
    OFFERED,
    PASSWORDS,
    Phases,
    credential_of,
    presented,
    probe,
    seen,
    went,
)


@pytest.fixture(scope="module")
def phases(suite_accounts: Accounts) -> Phases:
    """An account in each phase."""
    return Phases(suite_accounts)


@clause("SAM-AUTH-14")
@budget(8)
def test_wrong_pairs_are_refused_alike(phases: Phases) -> None:
    """An unknown e-mail and a wrong password are refused in the same words."""
    for subject in phases.each():
        wrong = probe(subject.account.basic(password=f"wrong-{uuid.uuid4()}"))
        unknown = probe(subject.account.basic(username=f"nobody-{uuid.uuid4()}@example.com", password="wrong"))  # noqa: S106
        alike = said(wrong) == said(unknown)
        # an unknown e-mail names no account: it is answered as a stranger is
        right = wrong.status == unknown.status == 401 and (alike or subject.stranger != OFFERED[subject.phase])
        told = f"phase {subject.phase}: {seen(wrong)} and {seen(unknown)}, {'equal' if alike else 'different'}"
        holds("SAM-AUTH-14", right, expected="401 twice, equal", observed=told, answer=unknown)


def said(answer: Answer) -> tuple[str, bytes]:
    """The challenges and the body."""
    return answer.headers.get("WWW-Authenticate", ""), answer.body


@clause("SAM-AUTH-15")
@budget(13)
def test_malformed_pairs_are_refused(phases: Phases) -> None:
    """Basic credentials that are no Base64 pair open nothing."""
    for subject in phases.each():
        for what, value in malformed_pairs(subject.account).items():
            subject.turns_away("SAM-AUTH-15", what, presented(subject.account, f"Basic {value}"))


@clause("SAM-AUTH-16", "SAM-AUTH-42")
@budget(6)
def test_an_expired_password_opens_nothing(accounts: Accounts) -> None:
    """An expired password is refused, and the token beside it still works."""
    for phase in PASSWORDS:
        account = accounts.create(phase=phase)
        before = probe(account.basic())
        account.hook("credential.expire", credential=credential_of(account, "basic"))
        went("SAM-AUTH-16", ("the password", before, 200), ("once expired", probe(account.basic()), 401))
    went("SAM-AUTH-42", ("the token beside it", probe(account.bearer()), 200))


@clause("SAM-AUTH-17")
@budget(7)
def test_a_reset_password_dies_at_once(accounts: Accounts) -> None:
    """After a reset the old password is refused by the next request, and the new one works."""
    for phase in PASSWORDS:
        account = accounts.create(phase=phase)
        before = probe(account.basic())
        made = account.hook("credential.reset", credential=credential_of(account, "basic"))
        old = probe(account.basic())
        new = probe(account.basic(str(made["username"]), str(made["password"])))
        went("SAM-AUTH-17", ("before", before, 200), ("the old one", old, 401), ("the new one", new, 200))


@clause("SAM-AUTH-56")
@budget(6)
def test_a_scim_password_is_no_credential(phases: Phases, run: Run) -> None:
    """A password sent over SCIM is accepted, and never shown or usable."""
    account = phases["transition"].account
    users, secrets = users_of(account.bearer(), run), (run.name("Pw1!-create"), run.name("Pw2!-patch"))
    made = users.post(users.body(password=secrets[0], roles=[{"value": ADMINISTRATOR}]))
    changed = users.client.patch(
        users.path(made.resource), [{"op": "replace", "path": "password", "value": secrets[1]}]
    )
    asked = users.client.get(users.path(made.resource), params={"attributes": "userName,password"})
    shown = any(holds_password(answer, secrets) for answer in (made, changed, asked))
    states = [made.status, changed.ok, asked.status, *sign_ins(account, made.resource, secrets)]
    holds(
        "SAM-AUTH-56",
        states == [201, True, 200, 401, 401] and not shown,
        expected="201, 2xx, nothing shown, 401 and 401 with it",
        observed=f"{states}, {'shown' if shown else 'not shown'}",
        answer=asked,
        harm=shown,
    )


def holds_password(answer: Answer, secrets: tuple[str, ...]) -> bool:
    """Whether the answer has a password, or one of these texts anywhere."""
    text = answer.body.decode(errors="replace")
    return '"password"' in text.lower() or any(secret in text for secret in secrets)


def sign_ins(account: AccountHandle, user: Document, secrets: tuple[str, ...]) -> list[int]:
    """The statuses of signing in as the user with each of these passwords."""
    return [probe(account.basic(str(user["userName"]), secret)).status for secret in secrets]
