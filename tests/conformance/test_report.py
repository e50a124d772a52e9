"""The report is strict on both sides, fits its schema, and every view holds the findings."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from conformance.errors import ReportError
from conformance.model import Verdict
from conformance.report.format import exchange_from_json, exchange_to_json
from conformance.report.reader import read_report
from tests.conformance.conftest import Judge, exchange

CHECKS = """
    @clause("7644-3.3-01", "7644-3.6-03", "7644-3.12-46")
    def test_some(users):
        '''Some things hold | others do not.'''
        answer = users.post(users.body())
        holds("7644-3.3-01", True, expected="201", observed=answer.status, answer=answer)
        holds("7644-3.6-03", False, expected="a Location", observed="none", answer=users.client.get("/Users/1"))
        holds("7644-3.12-46", False, expected="404", observed="b\\x00ad", answer=answer)
    """


@pytest.fixture
def folder(judge: Judge, tmp_path: Path) -> Path:
    judge(CHECKS, report=str(tmp_path / "report"))
    return tmp_path / "report"


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "report.jsonl").read_text(encoding="utf-8").splitlines()]


def write(folder: Path, documents: list[Any]) -> Path:
    path = folder / "report.jsonl"
    path.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")
    return path


def test_every_line_fits_the_schema(folder: Path) -> None:
    schema = json.loads((files("conformance") / "report" / "report.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema_rs.validator_for(schema)
    found = lines(folder)
    for line in found:
        validator.validate(line)
    assert [line["kind"] for line in found] == ["header", "result", "result", "result", "footer"]
    assert not validator.is_valid({**found[1], "verdict": "MAYBE"})


def test_the_reader_gives_back_what_was_written(folder: Path) -> None:
    report = read_report(folder / "report.jsonl")
    assert [result.verdict for result in report.results] == [Verdict.PASS, Verdict.FAIL, Verdict.WARN]
    assert report.results[1].exchanges[-1].url.endswith("/Users/1")
    assert report.footer["exit_code"] == 1


def test_nothing_but_the_reports_is_in_the_folder(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [
        "behaviour.json",
        "junit.xml",
        "report.jsonl",
        "summary.md",
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda _: [], "is empty"),
        (lambda found: found[:-1], "unfinished"),
        (lambda found: found[1:], "does not begin with a header"),
        (lambda found: [*found[:2], found[1], *found[2:]], "results twice"),
        (lambda found: [found[0], found[-1]], "holds no result"),
        (lambda found: [found[0], *found[2:]], "the footer counts 3 results"),
        (lambda found: [found[0], {"kind": "result"}, *found[2:]], "line 2 is no result of format"),
        (lambda found: [found[0], {**found[1], "verdict": "FAIL"}, *found[2:]], "counts are not those"),
        (lambda found: [found[0], 7, *found[2:]], "line 2 is no JSON object"),
        (lambda found: [found[0], {"kind": "header"}, *found[2:]], "line 2 is no result"),
    ],
)
def test_a_misshapen_report_is_refused(folder: Path, change: Any, told: str) -> None:
    path = write(folder, change(lines(folder)))
    with pytest.raises(ReportError, match=told):
        read_report(path)


def test_a_file_that_is_no_report_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with pytest.raises(ReportError, match="cannot be read"):
        read_report(path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(ReportError, match="line 1 is no JSON"):
        read_report(path)


def test_junit_holds_one_case_per_clause(folder: Path) -> None:
    (suite,) = ET.parse(folder / "junit.xml").getroot()
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "3",
        "failures": "1",
        "errors": "0",
        "skipped": "0",
    }
    failed = [case.find("failure") for case in suite if case.find("failure") is not None]
    assert "expected: a Location" in (failed[0].text or "")  # type: ignore[union-attr]  # the filter above keeps elements


def test_markdown_holds_each_finding(folder: Path) -> None:
    text = (folder / "summary.md").read_text(encoding="utf-8")
    assert "## FAIL: Some things hold \\| others do not." in text
    assert "## WARN: " in text
    assert "ID1=$(curl" in text


def test_the_summary_is_plain_text_with_clause_expectation_observation_and_curl(judge: Judge) -> None:
    summary = judge(CHECKS).summary
    assert "\x1b" not in summary
    for part in (
        "FAIL  test_tiny.some",
        "clause    7644-3.6-03 (RFC 7644",
        "expected  a Location",
        "observed  none",
        "$ curl",
    ):
        assert part in summary


def test_bodies_survive_the_report_and_long_ones_are_cut() -> None:
    binary = exchange(body=b"\xff\x00", sent="ü".encode())
    back = exchange_from_json(exchange_to_json(binary, str, dict))
    assert (back.response_body, back.request_body) == (binary.response_body, binary.request_body)
    long = exchange_to_json(exchange(body=b"x" * 20_000), str, dict)
    assert (len(long["response"]["body"]), long["response"]["truncated"]) == (16_384, 20_000)
