"""What a survey proves, and what it does not."""

from __future__ import annotations

from collections import Counter

from conformance.contract.survey import Breach, Survey
from conformance.model import Exchange


def breach(size: int) -> Breach:
    exchange = Exchange("POST", "http://x", {}, b"x" * size, 200, {}, b"", 1.0)
    return Breach("POST /x", "told", (exchange,))


def test_a_phase_that_judged_enough_has_no_shortfall() -> None:
    survey = Survey("coverage", frozenset({"GET /x"}), answered=Counter({"GET /x": 9}), judged=Counter({"bodies": 9}))
    assert survey.shortfall("bodies", 5) == ""


def test_an_operation_that_was_not_asked_is_a_shortfall() -> None:
    survey = Survey("coverage", frozenset({"GET /x", "GET /y"}), answered=Counter({"GET /x": 9}))
    assert "GET /y" in survey.shortfall("bodies", 0)


def test_too_few_judgements_are_a_shortfall() -> None:
    assert "2 times, at least 5" in Survey("coverage", judged=Counter({"bodies": 2})).shortfall("bodies", 5)


def test_a_fault_of_schemathesis_is_a_shortfall() -> None:
    assert "no strategy" in Survey("coverage", faults=["no strategy"]).shortfall("bodies", 0)


def test_after_a_finding_nothing_is_short() -> None:
    survey = Survey("coverage", frozenset({"GET /x"}), breaches={"use_after_free": [breach(1)]})
    assert survey.shortfall("bodies", 5) == ""


def test_the_smallest_breach_of_a_family_comes_first() -> None:
    survey = Survey("coverage")
    for size in (5, 1, 3):
        survey.add("unsupported_method", breach(size))
    survey.add("allow_header_conformance", breach(0))
    assert [one.size[1] for one in survey.found("methods")] == [8, 9, 11, 13]
