"""Decisions, and the documented ways in which they go wrong (FUNC, MAP)."""

from __future__ import annotations

import pytest

from conformance.entra.errors import ExpressionError
from conformance.entra.expressions import EvaluationError, FlowIgnored, parse
from conformance.entra.values import Value
from tests.conformance.entra.expressions.evaluating import context, value

ACTIVE = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'


def test_coalesce_gives_the_first_that_has_a_value() -> None:
    assert value("Coalesce([mail],[userPrincipalName])", mail="a", userPrincipalName="b") == "a"
    assert value("Coalesce([mail],[userPrincipalName])", userPrincipalName="b") == "b"
    assert value('Coalesce([mail],"none")') == "none"
    assert value("Coalesce([mail],[userPrincipalName])") is None


def test_ignore_flow_drops_the_attribute_where_nothing_is_found() -> None:
    assert value("IgnoreFlowIfNullOrEmpty([jobTitle])", jobTitle="Lead") == "Lead"
    for expression in ("IgnoreFlowIfNullOrEmpty([jobTitle])", 'Join("",IgnoreFlowIfNullOrEmpty(""),"x")'):
        with pytest.raises(FlowIgnored):
            value(expression)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ('[country]="FR"', True),
        ('[country]="fr"', False),
        ('[country]<>"DE"', True),
        ('[country]>"E"', True),
        ("[level]>9", True),
        ('[level]>="10"', True),
        ('[level]="010"', False),
        ("[level]=010", True),
        ("[level]<=9", False),
        ("[level]<&HB", True),
        ('[enabled]="True"', True),
        ("[enabled]", True),
        ("[level]", True),
        ("CDate([since])<Now()", True),
        ('CDate([since])="1/1/2031 12:00:00 AM"', True),
    ],
)
def test_conditions_compare(condition: str, holds: bool) -> None:  # noqa: FBT001
    attributes: dict[str, Value] = {"country": "FR", "level": "10", "enabled": True, "since": "2031-01-01"}
    found = parse(f'IIF({condition},"yes","no")').evaluate(context(attributes))
    assert found == ("yes" if holds else "no")


@pytest.mark.parametrize(
    "condition",
    [
        '[country]="FR"',
        '[country]<>"FR"',
        '[country]=""',
        "IsNullOrEmpty([country])",
        "IsNull([country])",
        'Join("",[country],"x")="x"',
        "Not(IsPresent([country]))",
    ],
)
def test_a_condition_on_an_attribute_without_a_value_fails(condition: str) -> None:
    assert value(f'IIF({condition},"yes","no")') == "no"


def test_only_the_chosen_value_is_evaluated() -> None:
    assert value('IIF("1"="1","x",Mid("a",0,1))') == "x"
    assert value('Switch("a",Mid("a",0,1),"a","x")') == "x"
    assert value('Coalesce("x",Mid("a",0,1))') == "x"


def test_a_condition_says_true_or_false() -> None:
    with pytest.raises(EvaluationError, match="IIF: the condition is neither true nor false: 'perhaps'"):
        value('IIF("perhaps","a","b")')
    with pytest.raises(EvaluationError, match="IIF: the condition is neither true nor false"):
        value('IIF([a],"a","b")', a=("x", "y"))


@pytest.mark.parametrize(
    ("given", "null", "empty"), [(None, True, True), ("", False, True), ("x", False, False), (("x", "y"), False, False)]
)
def test_presence(given: Value, null: bool, empty: bool) -> None:  # noqa: FBT001
    assert value("IsNull([a])", a=given) is null
    assert value("IsNullOrEmpty([a])", a=given) is empty
    assert value("IsPresent([a])", a=given) is not empty


@pytest.mark.parametrize(("given", "is_text"), [("x", True), (7, True), (None, False), (("x", "y"), False)])
def test_isstring(given: Value, is_text: bool) -> None:  # noqa: FBT001
    assert value("IsString([a])", a=given) is is_text


@pytest.mark.parametrize(
    ("given", "found"), [("True", False), ("False", True), ("true", True), (True, False), (None, True)]
)
def test_not(given: Value, found: bool) -> None:  # noqa: FBT001
    assert value("Not([a])", a=given) is found


@pytest.mark.parametrize(
    ("state", "found"), [("TX", "Central"), ("tx", "?"), ("NY", "Eastern"), ("", "none"), (None, "none")]
)
def test_switch_compares_case_too_and_has_a_key_for_no_value(state: Value, found: str) -> None:
    assert value('Switch([state],"?","TX","Central","NY","Eastern","","none")', state=state) == found


def test_switch_without_a_default_gives_nothing() -> None:
    assert value(ACTIVE, IsSoftDeleted="False") == "True"
    assert value(ACTIVE, IsSoftDeleted="True") == "False"
    assert value(ACTIVE) is None


def test_keys_may_be_computed() -> None:
    assert value('Switch([a],"other",ToLower([b]),"same")', a="x", b="X") == "same"


def test_switch_takes_pairs() -> None:
    with pytest.raises(ExpressionError, match="Switch needs a value for every key"):
        parse('Switch([a],"d","k","v","k2")')
    with pytest.raises(ExpressionError, match=r"Switch\(source, \[defaultValue\], key, value, …\) needs its value"):
        parse('Switch([a],"d","k",)')


def test_a_test_of_presence_as_the_source_of_switch_works_in_one_direction_only() -> None:
    sample = 'Switch(IsPresent([jobTitle]),"none","True",[jobTitle])'
    assert value(sample, jobTitle="Lead") == "Lead"
    assert value(sample) == "none"
    assert value('Switch(IsNull([jobTitle]),"other","True","none")') == "other"
    assert value('Switch(IsNull([jobTitle]),"other","","none")') == "none"


COMPANY = 'Switch([company],"external","A","a")'


@pytest.mark.parametrize(
    ("switch", "creating", "changed", "found"),
    [
        ("value", False, frozenset({"title"}), "a"),
        ("null", False, frozenset({"title"}), None),
        ("null", False, frozenset({"company"}), "a"),
        ("null", False, None, "a"),
        ("null", True, frozenset({"title"}), "a"),
    ],
)
def test_switch_in_an_update_whose_delta_lacks_the_source(
    switch: str,
    creating: bool,  # noqa: FBT001
    changed: frozenset[str] | None,
    found: str | None,
) -> None:
    given = context({"company": "A"}, changed=changed, creating=creating, switch_in_update=switch)
    assert parse(COMPANY).evaluate(given) == found


def test_what_is_computed_counts_as_changed() -> None:
    given = context({"IsSoftDeleted": "True"}, changed=frozenset(), creating=False, switch_in_update="null")
    assert parse(ACTIVE).evaluate(given) == "False"
