"""The oracle says what a filter must find, by the rules of RFC 7644 section 3.4.2.2 and the open readings."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.oracle import READINGS, Evaluator, Expectation, Finding, Oracle, Reading, fold, instant
from conformance.strategies.trees import ENTERPRISE, And, Compare, Element, Not, Or, Present, Tree
from conformance.strategies.vocabulary import FURTHER, VOCABULARY

DEPARTMENT = f"{ENTERPRISE}:department"
USERS: dict[str, dict[str, Any]] = {
    "ann": {
        "id": "ann",
        "userName": "Ann",
        "externalId": "X1",
        "title": "Engineer",
        "active": True,
        "emails": [{"type": "work", "value": "a@x"}, {"type": "home", "value": "h@x", "primary": True}],
        ENTERPRISE: {"department": "Sales"},
        "meta": {"created": "2026-01-02T00:00:00Z"},
    },
    "bob": {
        "id": "bob",
        "userName": "bob",
        "externalId": "x1",
        "active": False,
        "name": {"familyName": "Stra\u00dfe"},
        "emails": [{"type": "work", "value": "b@x"}],
        "meta": {"created": "2026-01-03T00:00:00Z"},
    },
    "cy": {"id": "cy", "userName": "cy", "title": "", "emails": [], "meta": {"created": "2026-01-04T00:00:00Z"}},
}
ALL = {"ann", "bob", "cy"}


def found(tree: Tree, reading: Reading = READINGS[0]) -> set[str]:
    known = {attribute.path: attribute for attribute in (*VOCABULARY, *FURTHER)}
    return {id_ for id_, user in USERS.items() if Evaluator(reading, known).matches(tree, user)}


@pytest.mark.parametrize(
    ("tree", "wanted"),
    [
        (Compare("userName", "eq", "ANN"), {"ann"}),
        (Compare("userName", "co", "N"), {"ann"}),
        (Compare("userName", "sw", "B"), {"bob"}),
        (Compare("userName", "ew", "Y"), {"cy"}),
        (Compare("userName", "gt", "ann"), {"bob", "cy"}),
        (Compare("userName", "ge", "bob"), {"bob", "cy"}),
        (Compare("userName", "lt", "bob"), {"ann"}),
        (Compare("userName", "le", "BOB"), {"ann", "bob"}),
        (Compare("externalId", "eq", "x1"), {"bob"}),
        (Compare("externalId", "ne", "x1"), {"ann", "cy"}),
        (Compare("active", "eq", False), {"bob"}),
        (Compare("emails.value", "eq", "h@x"), {"ann"}),
        (Compare(DEPARTMENT, "eq", "sales"), {"ann"}),
        (Compare("meta.created", "gt", "2026-01-03T01:00:00+02:00"), {"bob", "cy"}),
        (Compare("meta.created", "le", "2026-01-03T02:00:00+02:00"), {"ann", "bob"}),
        (Compare("nosuch", "eq", "x"), set()),
        (Present("title"), {"ann"}),
        (Present("emails"), {"ann", "bob"}),
        (Present("active"), {"ann", "bob"}),
        (Present("name"), {"bob"}),
        (Not(Present("title")), {"bob", "cy"}),
        (And((Compare("emails.type", "eq", "work"), Compare("emails.value", "eq", "h@x"))), {"ann"}),
        (Element("emails", And((Compare("type", "eq", "work"), Compare("value", "eq", "h@x")))), set()),
        (Element("emails", And((Compare("type", "eq", "home"), Compare("primary", "eq", True)))), {"ann"}),
        (Element("emails", Not(Compare("type", "eq", "work"))), {"ann"}),
        (Or((Compare("userName", "eq", "cy"), Present(DEPARTMENT))), {"ann", "cy"}),
    ],
)
def test_a_tree_finds_what_the_text_says(tree: Tree, wanted: set[str]) -> None:
    assert found(tree) == wanted


def test_the_readings_of_ne_differ_on_unassigned_and_on_several_values() -> None:
    title, mail = Compare("title", "ne", "Engineer"), Compare("emails.value", "ne", "h@x")
    assert found(title, Reading(ne_unassigned=True)) == {"bob", "cy"}
    assert found(title, Reading(ne_unassigned=False)) == set()
    assert found(mail, Reading(ne_unassigned=False, ne_many="all")) == {"bob"}
    assert found(mail, Reading(ne_unassigned=False, ne_many="any")) == {"ann", "bob"}


@pytest.mark.parametrize(
    ("text", "full", "simple", "upper"),
    [
        ("Stra\u00dfe", "strasse", "stra\u00dfe", "STRASSE"),
        ("\u0131", "\u0131", "\u0131", "I"),
        ("e\u0301", "\u00e9", "\u00e9", "\u00c9"),
        ("\u1e9e", "ss", "\u00df", "\u1e9e"),
    ],
)
def test_foldings_differ_where_unicode_leaves_it_open(text: str, full: str, simple: str, upper: str) -> None:
    assert [fold(text, "full"), fold(text, "simple"), fold(text, "upper")] == [full, simple, upper]


def test_latin_letters_fold_in_every_reading() -> None:
    for reading in READINGS:
        assert fold("\u00c5NGSTR\u00d6M", reading.folding) == fold("\u00e5ngstr\u00f6m", reading.folding)


def test_a_moment_needs_an_offset() -> None:
    assert instant("2026-01-01T02:00:00+02:00") == instant("2026-01-01T00:00:00Z")
    with pytest.raises(ValueError, match="offset"):
        instant("2026-01-01T02:00:00")


def test_what_every_reading_finds_must_be_found_and_what_one_finds_may() -> None:
    wanted = Oracle(USERS).expect(Compare("title", "ne", "Engineer"))
    assert wanted == Expectation(frozenset(), frozenset({"bob", "cy"}), ("AMB-03",))
    certain = Oracle(USERS).expect(Compare("title", "eq", "engineer"))
    assert certain == Expectation(frozenset({"ann"}), frozenset())


def test_folding_is_open_only_where_letters_fold_apart() -> None:
    oracle = Oracle(USERS)
    assert oracle.expect(Compare("name.familyName", "eq", "strasse")).open == ("AMB-58",)
    assert oracle.expect(Compare("name.familyName", "sw", "STRA")).open == ()


def test_an_answer_closes_the_readings_that_contradict_it() -> None:
    oracle = Oracle(USERS)
    assert oracle.judge(Compare("title", "ne", "Engineer"), {"bob", "cy"}) is Finding.RIGHT
    assert oracle.variants("ne_unassigned") == {"unassigned-matches"}
    assert oracle.expect(Compare("externalId", "ne", "nobody")).may == frozenset()


def test_another_reading_later_is_a_switch() -> None:
    oracle = Oracle(USERS)
    oracle.judge(Compare("title", "ne", "Engineer"), {"bob", "cy"})
    other = Compare("name.familyName", "ne", "Young")
    assert oracle.judge(other, {"bob"}) is Finding.SWITCHED
    assert oracle.switches(other, {"bob"}) == {"ne_unassigned": ("unassigned-does-not", "unassigned-matches")}
    assert oracle.judge(other, ALL) is Finding.RIGHT


def test_no_reading_makes_a_wrong_answer_right() -> None:
    oracle = Oracle(USERS)
    for tree, seen in (
        (Compare("userName", "eq", "ann"), {"ann", "bob"}),
        (Compare("userName", "eq", "ann"), set()),
        (Compare("title", "ne", "Engineer"), {"bob"}),
    ):
        assert oracle.judge(tree, seen) is Finding.WRONG
    assert oracle.open == set(READINGS)


def test_readings_are_forgotten_on_demand() -> None:
    oracle = Oracle(USERS)
    oracle.judge(Compare("title", "ne", "Engineer"), set())
    oracle.forget()
    assert oracle.open == set(READINGS)


def test_an_informative_filter_tells_users_apart() -> None:
    oracle = Oracle(USERS)
    assert oracle.informative(Present("title"))
    assert not oracle.informative(Present("userName"))
    assert not oracle.informative(Compare("userName", "eq", "nobody"))


def test_a_stranger_could_match() -> None:
    stranger = {"userName": "Ann Other", "name": {"familyName": "STRASSE"}}
    assert Oracle(USERS).could_match(Compare("name.familyName", "eq", "stra\u00dfe"), stranger)
    assert not Oracle(USERS).could_match(Compare("userName", "eq", "ann"), stranger)


def test_logic_is_two_valued_in_every_reading() -> None:
    tree = Compare("title", "ne", "Engineer")
    for reading in READINGS:
        assert found(Or((tree, Not(tree))), reading) == ALL
        assert found(And((tree, Not(tree))), reading) == set()
