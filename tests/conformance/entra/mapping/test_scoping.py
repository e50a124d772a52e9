"""Scoping filters: operators, what is null, what may not be named (SCOPE, KNOWN)."""

from __future__ import annotations

import pytest

from conformance.entra.directory.model import Kind
from conformance.entra.errors import ScopeError
from conformance.entra.mapping.model import Operator, ScopeClause, ScopingFilter
from conformance.entra.mapping.scoping import UNSUPPORTED, VALUELESS, check_scope, holds, in_scope
from conformance.entra.values import Value


def _holds(operator: Operator, held: Value, wanted: str = "") -> bool:
    return holds(ScopeClause("a", operator, wanted), {} if held is None else {"a": held})


@pytest.mark.parametrize(
    ("operator", "wanted", "true", "false"),
    [
        (Operator.EQUALS, "Ops", ["Ops"], ["ops", "Ops ", "Law"]),
        (Operator.NOT_EQUALS, "Ops", ["ops", "Law"], ["Ops"]),
        (Operator.INCLUDES, "ps", ["Ops", "ps"], ["OPS", "p"]),
        (Operator.ENDS_WITH, "ps", ["Ops"], ["psi", "OPS"]),
        (Operator.IS_TRUE, "", [True, "True"], [False, "False", "true", "x"]),
        (Operator.IS_FALSE, "", [False, "False"], [True, "True", "x"]),
        (Operator.IS_NOT_NULL, "", ["x", False, 0, ("a",)], [None, "", ()]),
        (Operator.IS_NULL, "", [None, "", ()], ["x", False, 0]),
        (Operator.REGEX_MATCH, r"^O.s$", ["Ops", "Oks"], ["ops", "xOps"]),
        (Operator.REGEX_MATCH, r"p", ["Ops"], ["OPS"]),
        (Operator.REGEX_MATCH, r"(?<team>\d+)-\k<team>", ["7-7"], ["7-8"]),
        (Operator.NOT_REGEX_MATCH, r"^O", ["ops"], ["Ops"]),
        (Operator.GREATER_THAN, "9", ["10", 10], ["9", "8", "-10", "ten", "9.5"]),
        (Operator.GREATER_THAN_OR_EQUALS, "-3", ["-3", "0", 4], ["-4", "x"]),
        (Operator.AND, "Ops and Law", ["Ops", "Law"], ["Sales", "ops"]),
        (Operator.NOT_AND, "Ops and Law", ["Sales"], ["Ops"]),
    ],
)
def test_each_operator(operator: Operator, wanted: str, true: list[Value], false: list[Value]) -> None:
    assert [_holds(operator, value, wanted) for value in true] == [True] * len(true)
    assert [_holds(operator, value, wanted) for value in false] == [False] * len(false)


@pytest.mark.parametrize("operator", [each for each in Operator if each is not Operator.IS_NULL])
@pytest.mark.parametrize("held", [None, "", ()])
def test_nothing_holds_for_no_value_but_that_there_is_none(operator: Operator, held: Value) -> None:
    assert not _holds(operator, held, "" if operator in VALUELESS else "1")


@pytest.mark.parametrize("operator", [Operator.EQUALS, Operator.NOT_EQUALS, Operator.INCLUDES, Operator.NOT_AND])
def test_several_values_are_not_compared(operator: Operator) -> None:
    assert not _holds(operator, ("a", "b"), "a")


def _filter(title: str, **wanted: str) -> ScopingFilter:
    return ScopingFilter(title, tuple(ScopeClause(name, Operator.EQUALS, value) for name, value in wanted.items()))


@pytest.mark.parametrize(
    ("attributes", "passes"),
    [
        ({"a": "1", "b": "2"}, True),
        ({"a": "1"}, False),
        ({"b": "2"}, False),
        ({"c": "3"}, True),
        ({"a": "1", "c": "3"}, True),
        ({}, False),
    ],
)
def test_conditions_of_one_filter_all_hold_or_those_of_another(attributes: dict[str, Value], *, passes: bool) -> None:
    found = in_scope([_filter("one", a="1", b="2"), _filter("two", c="3")], attributes)
    assert found.passed is passes
    assert [(title, clause.attribute) for title, clause, _ in found.clauses] == [
        ("one", "a"),
        ("one", "b"),
        ("two", "c"),
    ]
    assert [held for *_, held in found.clauses] == [name in attributes for name in ("a", "b", "c")]


def test_without_a_filter_everybody_passes() -> None:
    assert in_scope([], {}).passed


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_what_filters_do_not_support_is_refused_when_saved(name: str) -> None:
    with pytest.raises(ScopeError, match=rf"the scoping filter 'x' of User names {name}, which .* \((SCOPE|KNOWN)"):
        check_scope([_filter("x", **{name: "1"})], Kind.USER)


@pytest.mark.parametrize(
    ("operator", "value", "told"),
    [
        (Operator.IS_TRUE, "True", "IS TRUE takes no value, not 'True'"),
        (Operator.IS_NULL, "x", "IS NULL takes no value"),
        (Operator.EQUALS, "", "EQUALS needs a value"),
        (Operator.GREATER_THAN, "ten", "GREATER_THAN compares integers, not 'ten'"),
        (Operator.GREATER_THAN_OR_EQUALS, "1.5", "compares integers"),
        (Operator.REGEX_MATCH, "(", "is no regular expression"),
        (Operator.NOT_REGEX_MATCH, r"\p{Nope}", "Unicode category"),
    ],
)
def test_a_condition_that_means_nothing_is_refused(operator: Operator, value: str, told: str) -> None:
    with pytest.raises(ScopeError, match=told):
        check_scope([ScopingFilter("x", (ScopeClause("department", operator, value),))], Kind.USER)


def test_a_filter_without_conditions_is_refused() -> None:
    with pytest.raises(ScopeError, match="the scoping filter 'x' of Group has no condition"):
        check_scope([ScopingFilter("x", ())], Kind.GROUP)


def test_good_filters_can_be_saved() -> None:
    values = {Operator.GREATER_THAN: "1", Operator.GREATER_THAN_OR_EQUALS: "1"}
    clauses = [
        ScopeClause("department", each, "" if each in VALUELESS else values.get(each, "Ops")) for each in Operator
    ]
    check_scope([ScopingFilter("x", tuple(clauses))], Kind.USER)
