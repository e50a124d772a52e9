"""What a 401 challenges with in each phase (RFC 7235 section 4.1), and when it names an error (RFC 6750, 3.1)."""

from __future__ import annotations

import uuid

import pytest

from conformance.accounts import Accounts
from conformance.client import Answer
from conformance.judging import budget, clause, holds, not_applicable
from conformance.suites.auth_migration.forging import CLAIMS, forged
from conformance.suites.auth_migration.phased import OFFERED, Phased, Phases, offers, probe, schemes
from conformance.target import Target


@pytest.fixture(scope="module")
def phases(suite_accounts: Accounts) -> Phases:
    """An account in each phase."""
    return Phases(suite_accounts)


def challenged(clause_id: str, subject: Phased, *answers: Answer) -> None:
    """Judge that each answer is 401 with the challenges of the phase, each with a realm, and no others."""
    for answer in answers:
        realms = all(each.quoted("realm") for each in offers(answer))
        holds(
            clause_id,
            answer.status == 401 and schemes(answer) == OFFERED[subject.phase] and realms,
            expected=f"401 with {' and '.join(sorted(OFFERED[subject.phase]))}, each with a realm",
            observed=f"{answer.status}, {answer.headers.get('WWW-Authenticate', 'no challenge')}",
            answer=answer,
        )


def wrong_password(subject: Phased) -> Answer:
    """The answer to the administrator's e-mail with a wrong password."""
    return probe(subject.account.basic(password=f"wrong-{uuid.uuid4()}"))


@clause("SAM-AUTH-08")
def test_basic_alone_is_offered_before_migration(phases: Phases) -> None:
    """A 401 of phase basic challenges with Basic only."""
    challenged("SAM-AUTH-08", phases["basic"], wrong_password(phases["basic"]))


@clause("SAM-AUTH-09")
def test_both_schemes_are_offered_in_transition(phases: Phases) -> None:
    """A 401 of phase transition challenges with Bearer and Basic."""
    challenged("SAM-AUTH-09", phases["transition"], wrong_password(phases["transition"]))


@clause("SAM-AUTH-10")
def test_bearer_alone_is_offered_after_migration(phases: Phases, target: Target) -> None:
    """A 401 of phase token challenges with Bearer only."""
    subject = phases["token"]
    answers = [wrong_password(subject), probe(subject.account.basic())]
    if subject.account.url.rstrip("/") != target.url:  # at a URL of its own nothing else names the account
        answers.append(probe(subject.account.client()))
    challenged("SAM-AUTH-10", subject, *answers)


@clause("SAM-AUTH-25")
def test_a_wrong_token_is_named(phases: Phases) -> None:
    """A refused bearer token is answered with invalid_token in the Bearer challenge."""
    answer = probe(phases["transition"].account.bearer(forged(CLAIMS)))
    bearer = next((each for each in offers(answer) if each.scheme == "bearer"), None)
    if bearer is None and answer.status == 401:
        not_applicable("SAM-AUTH-25", "a request that names no account is offered no Bearer")
        return
    named = bearer is not None and bearer.value("error") == "invalid_token"
    told = f"{answer.status}, {answer.headers.get('WWW-Authenticate', 'no challenge')}"
    holds("SAM-AUTH-25", named, expected='401 with error="invalid_token"', observed=told, answer=answer)


@clause("SAM-AUTH-26")
@budget(7)
def test_without_a_token_no_error_is_named(phases: Phases) -> None:
    """No challenge has an error code when no bearer token was sent."""
    for subject in phases.each():
        for answer in (probe(subject.account.client()), wrong_password(subject)):
            codes = [each.value("error") for each in offers(answer) if each.value("error")]
            quiet = answer.status == 401 and bool(offers(answer)) and not codes
            told = f"{answer.status}, {answer.headers.get('WWW-Authenticate', 'no challenge')}"
            holds("SAM-AUTH-26", quiet, expected="401 without error", observed=told, answer=answer)
