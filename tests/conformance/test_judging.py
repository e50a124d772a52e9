"""Findings, refusals and the sheet a check writes to."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from conformance.client import Answer
from conformance.errors import SuiteFault
from conformance.findings import Finding, Readings, Sheet, Standing, Tally
from conformance.judging import either, holds, not_applicable, observe, refused
from conformance.model import Clause, Level
from conformance.recorder import Recorder
from conformance.refusals import judge_refusal
from tests.conformance.conftest import answer, exchange

FREE = Clause("free", "RFC 7644", "3.12", Level.MUST, "G20", "Refused.")
FIXED = Clause("fixed", "RFC 7644", "3.3", Level.MUST, "G06", "Refused with 409.", fixed="status keyword")
AWAY = Clause("away", "RFC 7644", "3.3", Level.MUST, "G06", "Not here.")


@pytest.fixture
def sheet() -> Iterator[Sheet]:
    readings = Readings(named={"AMB-02": ["none", "refused"]}, warn={"AMB-02": ["refused"]})
    made = Sheet("suite.check", [FREE, FIXED, AWAY], Recorder(), away={"away": "absent"}, readings=readings)
    Sheet.open(made)
    yield made
    Sheet.open(None)


def error(status: int, keyword: str | None = None) -> bytes:
    return json.dumps({"status": str(status), **({"scimType": keyword} if keyword else {})}).encode()


@pytest.mark.parametrize(
    ("status", "keyword", "fixed", "standing"),
    [
        (409, "uniqueness", "status keyword", Standing.HELD),
        (409, None, "status keyword", Standing.BROKEN),
        (409, "invalidValue", "status keyword", Standing.BROKEN),
        (400, "uniqueness", "status", Standing.BROKEN),
        (409, None, "", Standing.HELD),
        (409, "invalidValue", "", Standing.DEVIATES),
        (409, "madeUp", "", Standing.DEVIATES),
        (400, "uniqueness", "", Standing.DEVIATES),
        (201, None, "", Standing.BROKEN),
        (302, None, "", Standing.BROKEN),
        (500, None, "", Standing.HARMED),
        (501, None, "", Standing.DEVIATES),
    ],
)
def test_a_refusal_stands_by_status_then_by_keyword(
    status: int, keyword: str | None, fixed: str, standing: Standing
) -> None:
    given = answer(status, error(status, keyword))
    refusal = judge_refusal(given, (409,), ("uniqueness",), fixed=frozenset(fixed.split()), unchanged=True)
    assert refusal.standing is standing


def test_a_refusal_that_changed_something_is_broken(sheet: Sheet) -> None:
    assert not refused("free", answer(400, error(400)), status=400, unchanged=False)
    assert sheet.tallies["free"].worst.standing is Standing.BROKEN


def test_a_missing_keyword_is_told(sheet: Sheet) -> None:
    assert refused("free", answer(400, error(400)), status=(400, 409), scim_type="invalidValue")
    assert sheet.tallies["free"].notes == ["refused without a scimType"]


def test_the_worse_finding_of_two_stays(sheet: Sheet) -> None:
    assert not holds("free", False, expected="a", observed="b")
    assert holds("free", True, expected="a", observed="a")
    assert sheet.tallies["free"].worst.observed == "b"
    assert sheet.tallies["free"].count == 2


def test_a_tolerated_breach_deviates_and_a_crash_harms(sheet: Sheet) -> None:
    assert not holds("free", False, expected="a", observed="b", tolerated=True)
    assert sheet.tallies["free"].worst.standing is Standing.DEVIATES
    assert not holds("fixed", False, expected="a", observed="b", answer=answer(500))
    assert sheet.tallies["fixed"].worst.standing is Standing.HARMED


def test_a_reading_the_table_warns_of_deviates(sheet: Sheet) -> None:
    assert either("free", "AMB-02", {"none": False, "refused": True}, observed="400") == "refused"
    assert sheet.tallies["free"].worst.standing is Standing.DEVIATES


def test_no_reading_breaks_the_clause(sheet: Sheet) -> None:
    assert either("free", "AMB-02", {"none": False, "refused": False}, observed="everyone") is None
    assert sheet.tallies["free"].worst.standing is Standing.BROKEN


def test_a_profile_may_want_one_reading(sheet: Sheet) -> None:
    sheet.readings = Readings(wanted={"AMB-02": {"none"}})
    assert either("free", "AMB-02", {"none": False, "refused": True}, observed="400") == "refused"
    assert sheet.tallies["free"].worst.standing is Standing.BROKEN


@pytest.mark.usefixtures("sheet")
def test_an_unknown_reading_is_the_suites_fault() -> None:
    with pytest.raises(SuiteFault, match="AMB-02 has no variant odd; it has none, refused"):
        either("free", "AMB-02", {"odd": True}, observed="")


def test_a_clause_that_is_away_is_not_judged(sheet: Sheet) -> None:
    assert not holds("away", False, expected="a", observed="b")
    assert sheet.tallies == {}
    assert sheet.unjudged() == ["free", "fixed"]


def test_observations_and_reasons_are_kept(sheet: Sheet) -> None:
    observe("free", "seen")
    not_applicable("fixed", "no such thing")
    assert sheet.tallies["free"].notes == ["seen"]
    assert sheet.tallies["fixed"].worst.standing is Standing.ABSENT
    with pytest.raises(SuiteFault):
        not_applicable("free", "")


def test_judging_needs_a_check() -> None:
    with pytest.raises(SuiteFault, match="outside of a check"):
        observe("free", "seen")


def test_evidence_ends_with_the_answer_that_is_judged(sheet: Sheet) -> None:
    recorder = Recorder()
    sheet._recorder = recorder
    sent = [exchange(url=f"http://scim.test/{number}") for number in range(3)]
    for one in sent:
        recorder.record(one)
    holds("free", False, expected="a", observed="b", answer=Answer(sent[1]))
    assert [one.url[-1] for one in sheet.tallies["free"].worst.exchanges] == ["0", "1"]


def test_a_smaller_example_of_the_same_breach_takes_its_place_in_a_search() -> None:
    def broken(text: str) -> Finding:
        return Finding(Standing.BROKEN, "", text)

    tally = Tally(broken("large"), searched=True)
    tally.add(broken("large"), searched=True)
    assert tally.add(broken("small"), searched=True)
    assert not tally.add(broken("other"), searched=False)
    assert tally.worst.observed == "small"
