"""Generated filters stay where the RFCs give one answer, or an answer per open reading."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.oracle import Oracle, instant
from conformance.strategies.filters import (
    KINDS,
    OPERATORS,
    Vocabulary,
    brackets,
    company,
    comparisons,
    moments,
    plainly_ordered,
    settled,
    spellings,
    trees,
)
from conformance.strategies.trees import CORE, ENTERPRISE, Compare, Element, Spelling, Tree, leaves, operators, render
from conformance.strategies.users import body, people
from conformance.strategies.vocabulary import VOCABULARY, known

quietly = settings(deadline=None, database=None, max_examples=60, suppress_health_check=list(HealthCheck))


def resources() -> list[dict[str, Any]]:
    """The population as a server would show it that keeps what it gets."""
    return [
        {
            **{
                name: value
                for name, value in body(person, mark="m-", domain="x.example", enterprise=True).items()
                if value
            },
            "id": f"{number:03}",
            "meta": {"created": f"2026-01-01T00:00:{number:02}.5Z"},
        }
        for number, person in enumerate(people())
    ]


POPULATION = resources()
WORDS = Vocabulary.of(VOCABULARY, POPULATION)
OTHERS = company(WORDS)


def test_the_population_shows_every_attribute() -> None:
    assert {attribute.path for attribute in WORDS.attributes} == {attribute.path for attribute in VOCABULARY}


@pytest.mark.parametrize("op", OPERATORS)
def test_a_search_for_an_operator_uses_it(op: str) -> None:
    @quietly
    @given(trees(WORDS, OTHERS, op))
    def search(tree: Tree) -> None:
        assert op in operators(tree)

    search()


@quietly
@given(st.one_of(company(WORDS), comparisons(WORDS)))
def test_comparisons_have_a_meaning_for_their_type(tree: Tree) -> None:
    for leaf in leaves(tree):
        if isinstance(leaf, Compare):
            assert leaf.op in KINDS[known(leaf.path).kind]
            assert isinstance(leaf.operand, bool) == (known(leaf.path).kind == "boolean")
            assert leaf.operand != ""


@quietly
@given(brackets(WORDS))
def test_names_in_brackets_have_no_dot(tree: Tree) -> None:
    assert isinstance(tree, Element)
    text = render(tree.inside)
    assert "emails." not in text
    assert "phoneNumbers." not in text


@quietly
@given(comparisons(WORDS), spellings())
def test_a_spelling_never_changes_the_operand(tree: Tree, how: Spelling) -> None:
    assert render(tree, how).count('"') % 2 == render(tree).count('"') % 2
    assert CORE in render(tree, how) or not how.urn or ENTERPRISE in render(tree) or tree_is_common(tree)


def tree_is_common(tree: Tree) -> bool:
    return all(leaf.path.partition(".")[0] in {"id", "externalId", "meta"} for leaf in leaves(tree))


def test_pairs_a_target_refuses_are_not_asked() -> None:
    refused = frozenset((attribute.path, "co") for attribute in VOCABULARY) - {("title", "co")}
    words = Vocabulary.of(VOCABULARY, POPULATION, refused)
    assert [attribute.path for attribute in words.having("co")] == ["title"]


def test_an_operand_hangs_on_no_normal_form() -> None:
    shown = ("Zoe\u0308 Ke\u0301zdi",)
    assert settled(known("displayName"), "eq", "Zoe\u0308 Ke\u0301zdi", shown)
    assert not settled(known("displayName"), "sw", "Zoe", shown)
    assert not settled(known("displayName"), "eq", "Zo\u00eb K\u00e9zdi", shown)


@pytest.mark.parametrize(
    ("one", "other", "exact", "plain"),
    [
        ("abc", "abd", False, True),
        ("abc", "ABD", False, True),
        ("ab", "abc", False, True),
        ("a-b", "a.b", False, False),
        ("a_b", "aXb", False, False),
        ("\u00e5", "z", False, False),
        ("abc", "ABC", True, False),
        ("abc", "abc", True, True),
    ],
)
def test_an_order_is_plain_between_letters_and_digits(one: str, other: str, exact: bool, plain: bool) -> None:  # noqa: FBT001
    assert plainly_ordered(one, other, case_exact=exact) is plain


def test_moments_keep_clear_of_every_value() -> None:
    shown = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "2026-01-01T00:01:00.25Z"]
    for text in moments(shown):
        assert all(abs(instant(text) - instant(value)).total_seconds() > 1.5 for value in shown)
    assert any("+05:30" in text for text in moments(shown))


def test_most_generated_filters_tell_users_apart() -> None:
    oracle = Oracle({str(user["id"]): user for user in POPULATION}, VOCABULARY)
    census: Counter[bool] = Counter()

    @quietly
    @given(trees(WORDS, OTHERS, "eq"))
    def search(tree: Tree) -> None:
        census[oracle.informative(tree)] += 1

    search()
    assert census[True] * 3 > census[False]


@quietly
@given(company(WORDS))
def test_generated_filters_leave_nothing_open_but_named_ambiguities(tree: Tree) -> None:
    oracle = Oracle({str(user["id"]): user for user in POPULATION}, VOCABULARY)
    wanted = oracle.expect(tree)
    assert set(wanted.open) <= {"AMB-03", "AMB-58"}
    assert bool(wanted.may) == bool(wanted.open)
