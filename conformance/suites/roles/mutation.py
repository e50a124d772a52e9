"""Forms nobody thought of: Hypothesis mutates the JSON text of understood forms."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.client import Answer
from conformance.errors import Unusable
from conformance.judging import budget, clause, holds
from conformance.population import Users
from conformance.run import Run
from conformance.strategies.settings import searching
from conformance.suites.roles import forms
from conformance.suites.roles.forms import ADMINISTRATOR, AGENT, POWERFUL, REQUESTER, TASK, text
from conformance.suites.roles.holder import NAME_KEYS, Holder, make_holder, roles_of

SEEDS = tuple(
    seed
    for role in (REQUESTER, TASK)
    for form in (forms.documented, forms.as_text, forms.as_list, forms.by_key, forms.inside_value, forms.several_same)
    for seed in form(role)
)
INJECTED = (
    ADMINISTRATOR,
    AGENT,
    f'"{ADMINISTRATOR}"',
    text({"displayName": ADMINISTRATOR}),
    f',"value":"{AGENT}"',
    "\\",
    '"',
    "}",
    "[",
)


class Duplicate(ValueError):
    """An object has a key twice."""


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The text of an understood form with one to three edits; it stays JSON as a whole, as the body must be."""
    seed = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(seed)))
        cut = draw(st.integers(0, 3))
        seed = seed[:at] + draw(st.sampled_from(("", *INJECTED))) + seed[at + cut :]
    try:
        json.loads(seed)
    except ValueError:
        return text(seed)  # no JSON any more: sent as a string
    return seed


def named(value: Any) -> set[str]:
    """Every role a strict reader finds named in a value, the text inside `value` read once."""
    elements = value if isinstance(value, list) else [value]
    return {name for element in elements for name in _element(element, decode=True)}


def _element(element: Any, *, decode: bool) -> set[str]:
    if isinstance(element, str):
        return _decoded(element) if decode else {element}
    if not isinstance(element, dict):
        return set()
    found: set[str] = set()
    for key, value in element.items():
        if key.lower() in NAME_KEYS and isinstance(value, str):
            found |= _decoded(value) if decode and value.lstrip().startswith("{") else {value}
    return found


def _decoded(words: str) -> set[str]:
    try:
        inner = json.loads(words, object_pairs_hook=_unique)
    except ValueError:
        return {words}
    elements = inner if isinstance(inner, list) else [inner]
    return {name for element in elements for name in _element(element, decode=False)}


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name.lower() for name, _ in pairs]
    if len(set(names)) != len(names):
        raise Duplicate(names)
    return dict(pairs)


def allowed(roles: str) -> set[str]:
    """The one role the text names in an understood way, or nothing."""
    try:
        found = named(json.loads(roles, object_pairs_hook=_unique))
    except Duplicate:
        return set()
    return found if len(found) == 1 else set()


@pytest.fixture(scope="module")
def holder(suite_users: Users) -> Holder:
    """One user for the whole suite."""
    return make_holder(suite_users)


def shown_by(answer: Answer, holder: Holder) -> set[str]:
    """The roles after a write: of the answer, or read again where it has no body."""
    try:
        return set(roles_of(answer.resource)) if answer.ok else set()
    except Unusable:
        return set(holder.role())


@clause("SAM-ROLE-56")
@budget(80, 200, 2500)
def test_no_mutated_role_becomes_a_powerful_one(holder: Holder, run: Run) -> None:
    """However a role is garbled, nobody becomes Administrator or Service Agent User by it."""

    @searching(run, quick=20, standard=60, deep=1000)
    @given(roles=mutated())
    def harmless(roles: str) -> None:
        powerful = shown_by(holder.patch(roles, ("replace", "roles")), holder) & POWERFUL
        observed = f"{roles[:160]} gives {sorted(powerful)}"
        if powerful:
            holder.reset(REQUESTER)
        holds("SAM-ROLE-56", powerful <= allowed(roles), expected="no powerful role", observed=observed, harm=True)

    harmless()
