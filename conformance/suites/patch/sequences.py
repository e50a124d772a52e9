"""Generated sequences of operations on one user, against a small model."""

from __future__ import annotations

import pytest
from hypothesis import given

from conformance.judging import budget, clause, holds
from conformance.population import Users
from conformance.run import Run
from conformance.strategies.operations import Write, sequences
from conformance.strategies.settings import bounded, searching
from conformance.suites.patch.model import Model, State
from conformance.suites.patch.subject import Subject, words_of
from conformance.target import Target

ORDER = "7644-3.5.2-13"
MOST = 6
"""Operations of one request, beside the one that sets the start."""


@pytest.fixture
def subject(users: Users) -> Subject:
    """The user that all sequences change."""
    return Subject(users, users.create())


def start(words: list[str], addresses: list[str]) -> State:
    """What every sequence starts from: two texts, three parts of a name, three addresses."""
    kinds = ("work", "home", "work")
    emails: list[State] = [{"type": kind, "value": value} for kind, value in zip(kinds, addresses, strict=False)]
    emails[0] |= {"display": "Desk", "primary": True}
    name = {"givenName": "Ada", "familyName": "King", "middleName": "Noel"}
    return {words[0]: "Analyst", words[1]: "Lead", "name": name, "emails": emails}


@clause(ORDER)
@budget(9, 17, 401)
def test_a_sequence_of_operations_leaves_what_the_model_says(subject: Subject, target: Target, run: Run) -> None:
    """Whatever operations a request holds, the user is afterwards as they say one after the other."""
    words, domain = words_of(target)[:2], run.email("m")
    addresses = [f"{letter}.{domain}" for letter in "abcd"]
    first = start(words, addresses)

    @searching(run, quick=4, standard=8, deep=200)
    @given(writes=sequences(words, addresses, most=MOST))
    @bounded(run, requests=2)
    def search(writes: list[Write]) -> None:
        judge(subject, first, writes)

    search()


def judge(subject: Subject, first: State, writes: list[Write]) -> None:
    """Judge one request, which sets the start and goes on from there."""
    model = Model(first)
    model.take(writes)
    operations = [write.operation() for write in model.taken]
    step = subject.step({"op": "replace", "value": first}, *operations)
    changed = {**dict.fromkeys(first), **model.state}
    expected = f"{operations}: {model.state}{', or 400 noTarget' if model.lenient else ''}"
    fine = step.made(**changed) or (model.lenient and step.declined("noTarget"))
    holds(ORDER, fine, expected=expected, observed=step.told(*first), answer=step.answer)
