"""What checks of connectors come to over all scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from conformance.clauses import catalogue
from conformance.connector import judging
from conformance.connector.judging import NO_OCCASION, ClientCheck, Finding, checks, client_check, judge
from conformance.connector.model import Evidence
from conformance.model import CheckResult, Verdict
from conformance.profiles import Selection
from tests.conformance.connector.builders import ANN, ask, evidence, page, post, run, sent, simply, state, stored

MUST, IMP = "7644-1.2-C01", "7644-3.9-C01"


def result(results: list[CheckResult], clause: str) -> CheckResult:
    return next(each for each in results if each.clause == clause)


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No check is known but those that the test declares."""
    monkeypatch.setattr(judging, "_CHECKS", {})
    monkeypatch.setattr(judging, "pkgutil", type("Nothing", (), {"iter_modules": lambda _path: []}))


def found(*findings: Finding) -> None:
    """Declares a check that finds this in every scenario."""

    @client_check("subject", MUST, IMP)
    def holds(_evidence: Evidence) -> Iterator[Finding]:
        """Something holds."""
        yield from findings


def choose(*, required: frozenset[str] = frozenset(), noted: frozenset[str] = frozenset()) -> Selection:
    return Selection(("some",), required, frozenset({MUST, IMP}), noted=noted)


@pytest.mark.usefixtures("only")
def test_a_check_has_the_id_of_its_suite_and_function_and_the_title_of_its_docstring() -> None:
    found()
    (check,) = checks()
    assert (check.id, check.suite, check.title, check.clauses) == (
        "subject.holds",
        "subject",
        "Something holds.",
        (MUST, IMP),
    )


@pytest.mark.usefixtures("only")
def test_the_worst_finding_over_all_scenarios_wins_and_names_scenario_and_step() -> None:
    first = sent("GET", "/Users")
    found(
        Finding(MUST, True, "a", "good", (first,)),
        Finding(MUST, False, "b", "bad", (first,)),
        Finding(IMP, False, "c", "poor", step=3),
    )
    results = judge([simply(), simply()], catalogue(), selection=choose())
    assert [(each.clause, each.verdict) for each in results] == [(MUST, Verdict.FAIL), (IMP, Verdict.WARN)]
    assert (results[0].expected, results[0].observed) == ("b", "story, step 1: bad")
    assert results[0].exchanges == (first.exchange,)
    assert results[1].observed == "story, step 3: poor"
    assert "judged 4 times" in results[0].observations


@pytest.mark.usefixtures("only")
def test_profiles_make_a_breach_a_failure_or_an_observation() -> None:
    found(Finding(MUST, False, "x", "bad", tolerated=True), Finding(IMP, False, "x", "poor"))
    (first, second) = judge([simply()], catalogue(), selection=choose(required=frozenset({IMP})))
    assert (first.verdict, second.verdict) == (Verdict.WARN, Verdict.FAIL)
    (first, second) = judge([simply()], catalogue(), selection=choose(noted=frozenset({IMP, MUST})))
    assert (first.verdict, second.verdict) == (Verdict.PASS, Verdict.PASS)
    assert "not so here: story: bad" in first.observations


@pytest.mark.usefixtures("only")
def test_harm_fails_whatever_the_profile_says() -> None:
    found(Finding(IMP, False, "x", "poor", harm=True))
    assert judge([simply()], catalogue(), selection=choose(noted=frozenset({IMP})))[1].verdict is Verdict.FAIL


@pytest.mark.usefixtures("only")
def test_a_clause_without_an_occasion_does_not_apply() -> None:
    found(Finding(MUST, True, "a", "good"))
    told = judge([simply()], catalogue(), selection=choose())[1]
    assert (told.verdict, told.observed) == (Verdict.NOT_APPLICABLE, NO_OCCASION)


@pytest.mark.usefixtures("only")
def test_a_check_that_breaks_is_an_error_and_the_others_go_on() -> None:
    @client_check("subject", MUST)
    def breaks(_evidence: Evidence) -> Iterator[Finding]:
        """Something breaks."""
        yield Finding(MUST, True, "a", "good")
        raise KeyError("nobody foresaw this")

    @client_check("subject", IMP)
    def strays(_evidence: Evidence) -> Iterator[Finding]:
        """Something strays."""
        yield Finding(MUST, True, "a", "good")

    found(Finding(MUST, False, "b", "bad"))
    results = {(each.check, each.clause): each for each in judge([simply()], catalogue(), selection=choose())}
    broken, strayed = results["subject.breaks", MUST], results["subject.strays", IMP]
    assert broken.verdict is strayed.verdict is Verdict.ERROR
    assert "KeyError" in broken.observed
    assert "which it does not declare" in strayed.observed
    assert results["subject.holds", MUST].verdict is Verdict.FAIL


def test_the_profile_of_connectors_is_the_default() -> None:
    asked = evidence(run(ask("ann@x.test"), post(), people=[ANN], after=state(stored())))
    results = judge([asked], catalogue())
    assert not [each for each in results if each.verdict in {Verdict.FAIL, Verdict.WARN, Verdict.ERROR}]
    assert result(results, "CON-MATCH-01").verdict is Verdict.PASS
    assert any("not so here" in each for each in result(results, "7644-3.12-C05").observations)


def test_trouble_is_an_error_of_the_exit_status_and_says_nothing_of_the_state() -> None:
    results = judge([evidence(run(post(), people=[ANN], status=None, trouble="it hung for 300 s"))], catalogue())
    ended = result(results, "CON-EXIT-01")
    assert (ended.verdict, ended.observed) == (Verdict.ERROR, "story: step 1: it hung for 300 s")
    assert result(results, "CON-STATE-01").verdict is Verdict.NOT_APPLICABLE
    assert result(results, "CON-MATCH-01").verdict is Verdict.FAIL


ODD: list[Any] = [
    None,
    [],
    [None],
    "text",
    5,
    {"Operations": 5},
    {"Operations": [5, None, []]},
    {"schemas": {}, "members": [[]]},
]
ODDER = [{"Resources": [None, 5], "totalResults": "x"}, {"userName": 5, "name": [], "emails": {"value": {}}}]


@pytest.mark.parametrize("check", checks(), ids=lambda check: check.id)
def test_no_body_breaks_a_check(check: ClientCheck) -> None:
    bodies = [*ODD, *ODDER, {"Operations": [{"op": [], "path": 5, "value": [{"value": []}]}]}, b"{", b"\xff"]
    requests = [
        sent(method, url, body, answer=answer, status=status)
        for body, answer in zip(bodies, reversed([*bodies, page({"id": 5})][: len(bodies)]), strict=True)
        for method, url in (("POST", "/Users"), ("PATCH", "/Users/7"), ("PUT", "/Groups/8"), ("POST", "/Bulk"))
        for status in (200, 400)
    ]
    strange = [
        sent("GET", "/"),
        sent("DELETE", "//"),
        sent("GET", "/Users/7/8?filter=%00&count=x&startIndex=-1"),
        sent("POST", "/.search", 5),
        sent("GET", "/Users?cursor=&count=&attributes=,", status=None),
    ]
    found = check.judge(simply(*requests, *strange, people=[ANN], before=state(stored())))
    assert {finding.clause for finding in found} <= set(check.clauses)
