"""Predictions: what is read, what results say of a test, and how it is told."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from conformance.clauses import catalogue
from conformance.cli import main
from conformance.errors import CatalogueError
from conformance.model import CheckResult, Level, Verdict
from conformance.predictions import NamedTest, Tool, check_tools, predict, read_tools
from conformance.report.markdown import markdown
from conformance.report.outcome import Outcome
from conformance.report.prediction import Forecast, Prediction, summaries
from conformance.report.terminal import render

ONE, TWO, ALIAS, ITSELF = "ENTRA-1.5-01", "7644-3.3-04", "PRAC-E-09", "7644-3.4.2-05"

WHOLE = """
tool = "T"
profile = "entra"
source = "a page"

[[test]]
name = "Create"
number = "1"
sends = "POST"
clauses = ["ENTRA-1.5-01"]
confidence = "observed"
"""


def result(clause: str, verdict: Verdict, observed: str = "seen", check: str = "s.c") -> CheckResult:
    return CheckResult(check, clause, "s", "Title.", Level.MUST, verdict, observed=observed)


def tool(*tests: NamedTest, profile: str = "entra") -> Tool:
    return Tool("T", profile, "a page", tests)


def named(*clauses: str, number: str = "1", **others: Any) -> NamedTest:
    return NamedTest(f"test {number}", number, "POST", clauses, "observed", **others)


def forecast(test: NamedTest, *results: CheckResult) -> Prediction:
    (found,) = predict([tool(test)], ["entra"], results, catalogue())
    return found


def test_a_test_passes_when_all_that_applies_passes() -> None:
    judged = (result(ONE, Verdict.PASS), result(TWO, Verdict.NOT_APPLICABLE))
    assert forecast(named(ONE, TWO), *judged) == Prediction("T", "", "1", "test 1", Forecast.PASS)


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.WARN, Verdict.KNOWN])
def test_a_breach_of_one_clause_fails_the_test_and_is_the_reason(verdict: Verdict) -> None:
    found = forecast(named(ONE, TWO), result(ONE, Verdict.PASS), result(TWO, verdict, "a 200"))
    assert (found.forecast, found.reasons) == (Forecast.FAIL, (f"{TWO}: a 200",))


def test_the_worst_of_several_checks_counts() -> None:
    found = forecast(named(ONE), result(ONE, Verdict.PASS), result(ONE, Verdict.FAIL, "bad", "s.d"))
    assert found.forecast is Forecast.FAIL


@pytest.mark.parametrize("verdict", [Verdict.ERROR, Verdict.NOT_RUN, None])
def test_what_was_not_judged_is_undecided(verdict: Verdict | None) -> None:
    others = [result(TWO, verdict)] if verdict else []
    assert forecast(named(ONE, TWO), result(ONE, Verdict.PASS), *others).forecast is Forecast.UNDECIDED


def test_a_test_whose_clauses_do_not_apply_is_undecided_for_their_reason() -> None:
    found = forecast(named(ONE), result(ONE, Verdict.NOT_APPLICABLE, "no groups"))
    assert (found.forecast, found.reasons) == (Forecast.UNDECIDED, (f"{ONE}: no groups",))


def test_what_lies_beyond_a_run_is_never_predicted_to_pass() -> None:
    test = named(ONE, beyond="a token endpoint")
    assert forecast(test, result(ONE, Verdict.PASS)).reasons == ("a token endpoint",)
    assert forecast(test, result(ONE, Verdict.FAIL)).forecast is Forecast.FAIL


def test_a_clause_with_the_observation_of_another_is_judged_by_that_one() -> None:
    assert forecast(named(ALIAS), result(ITSELF, Verdict.PASS)).forecast is Forecast.PASS


def test_a_tool_of_another_profile_is_not_predicted() -> None:
    assert not list(predict([tool(named(ONE), profile="okta")], ["entra"], [], catalogue()))


def predicted(*forecasts: tuple[str, Forecast]) -> Iterable[Prediction]:
    return [Prediction("T", "", number, f"test {number}", kind, ("why",)) for number, kind in forecasts]


def test_forms_of_a_test_count_once_as_the_worst() -> None:
    found = predicted(("1", Forecast.PASS), ("6", Forecast.PASS), ("6b", Forecast.FAIL), ("7", Forecast.UNDECIDED))
    (summary,) = summaries(found)
    assert summary.sentence == "T: 1 of 3 predicted to pass, 1 undecided"
    assert list(summary.told(Forecast.FAIL)) == ["6b test 6b: why"]


def test_a_list_of_which_nothing_is_decided_is_not_told() -> None:
    assert not summaries(predicted(("1", Forecast.UNDECIDED)))


def test_the_views_tell_which_tests_would_fail_and_why() -> None:
    found = tuple(predicted(("1", Forecast.PASS), ("2", Forecast.FAIL), ("3", Forecast.UNDECIDED)))
    outcome = Outcome((result(ONE, Verdict.PASS),), 0, {"target": "http://x"}, predictions=found)
    told = render(outcome, colour=False)
    assert "T: 1 of 3 predicted to pass, 1 undecided; these would fail:\n  2 test 2: why\n" in told
    text = markdown(outcome)
    assert "## What vendors' tools would say" in text
    assert "- would fail: 2 test 2: why\n- undecided: 3 test 3: why" in text
    assert [each["forecast"] for each in outcome.footer()["predictions"]] == ["pass", "fail", "undecided"]


def folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "t.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_file_is_read(tmp_path: Path) -> None:
    (read,) = read_tools(folder(tmp_path, WHOLE))
    assert read == Tool("T", "entra", "a page", (NamedTest("Create", "1", "POST", (ONE,), "observed"),))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('name = "Create"\n', ""), "test 1: lacks name"),
        (('name = "Create"', 'name = "Create"\nurl = "x"'), "test 1: unknown field url"),
        (('number = "1"', 'number = "one"'), "number is digits"),
        (('number = "1"', "number = 1"), "number is a str that is not empty"),
        (('["ENTRA-1.5-01"]', "[]"), "clauses is a list of clause ids"),
        (('"observed"', '"certain"'), "confidence is one of documented, observed, inferred, described"),
        (('tool = "T"\n', ""), r"t\.toml: lacks tool"),
        (("[[test]]", "[[tests]]"), "unknown field tests"),
        (
            ('confidence = "observed"', 'confidence = "observed"' + WHOLE.partition('page"')[2]),
            "numbers stand twice: 1",
        ),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    with pytest.raises(CatalogueError, match=told):
        read_tools(folder(tmp_path, WHOLE.replace(*change)))


def test_an_unknown_clause_or_profile_is_refused() -> None:
    with pytest.raises(CatalogueError, match=r"T, test 1: there is no clause X-1"):
        check_tools([tool(named("X-1"))], catalogue(), ["entra"])
    with pytest.raises(CatalogueError, match="T: there is no profile entra"):
        check_tools([tool(named(ONE))], catalogue(), ["rfc"])


def test_the_command_lists_the_tests_of_a_profile() -> None:
    told = CliRunner().invoke(main, ["predictions", "--profile", "okta"])
    assert told.exit_code == 0
    assert "Okta SCIM 2.0 SPEC Test" in told.output
    assert "Microsoft" not in told.output
    assert CliRunner().invoke(main, ["predictions", "--profile", "rfc"]).output.startswith("No tool of a vendor")
    assert CliRunner().invoke(main, ["predictions", "--profile", "x"]).exit_code == 2
