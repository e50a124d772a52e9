"""Every defective connector is caught by exactly the checks it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.connector.control import Control
from conformance.connector.judging import checks
from conformance.connector.scenario import available
from tests.connectors.defective.registry import Defect, defects
from tests.connectors.theatre import brisk, clauses, evidence, results, tripped

DEFECTS = defects()
UNTRIPPED = Path(__file__).with_name("untripped.txt")


def cover() -> set[str]:
    """Defects that together trip every check that any of them trips."""
    chosen: set[str] = set()
    seen: set[str] = set()
    for name, each in sorted(DEFECTS.items(), key=lambda item: (-len(item[1].trips), item[0])):
        if not each.trips <= seen:
            chosen.add(name)
            seen |= each.trips
    return chosen


def of(each: Defect, control: Control) -> frozenset[str]:
    """What trips at a defect in its scenarios."""
    return tripped(results(evidence(brisk(each.kind), scenario, control) for scenario in each.scenarios))


@pytest.mark.parametrize("name", DEFECTS)
def test_the_named_checks_trip_and_no_other(control: Control, name: str) -> None:
    assert of(DEFECTS[name], control) == DEFECTS[name].trips


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found_by_a_check_of_its_clause(name: str) -> None:
    judging = {check.id for check in checks() if set(check.clauses) & set(DEFECTS[name].clauses)}
    assert DEFECTS[name].trips & judging


def test_defects_are_sound() -> None:
    known, ids = set(available()), {check.id for check in checks()}
    for name, each in DEFECTS.items():
        assert each.says.endswith("."), name
        assert set(each.clauses) <= clauses().clauses.keys(), name
        assert set(each.scenarios) <= known, name
        assert each.trips <= ids, name


def test_there_are_enough() -> None:
    assert len(DEFECTS) >= 30


def test_every_check_is_tripped_or_has_a_reason() -> None:
    tripping = {check for each in DEFECTS.values() for check in each.trips}
    lines = UNTRIPPED.read_text(encoding="utf-8").splitlines()
    excused = dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))
    assert {check.id for check in checks()} - tripping == excused.keys()
    assert all(reason.strip() for reason in excused.values())
