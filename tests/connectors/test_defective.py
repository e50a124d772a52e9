"""Every defective connector is caught by exactly the checks it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.connector.judging import checks
from conformance.connector.scenario import available
from tests.connectors.defective.registry import defects
from tests.connectors.theatre import Play, Playbill, clauses, noted, tripped

DEFECTS = defects()
pytestmark = pytest.mark.xdist_group("connectors")
UNTRIPPED = Path(__file__).with_name("untripped.txt")


EACH = [
    pytest.param(name, tuple(Play(name, scenario) for scenario in each.scenarios), id=name)
    for name, each in DEFECTS.items()
]


@pytest.mark.parametrize(("name", "plays"), EACH)
def test_the_named_checks_trip_and_no_other(bill: Playbill, name: str, plays: tuple[Play, ...]) -> None:
    found = bill.results(*plays)
    assert tripped(found) == DEFECTS[name].trips
    assert DEFECTS[name].noted <= noted(found)


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found_by_a_check_of_its_clause(name: str) -> None:
    judging = {check.id for check in checks() if set(check.clauses) & set(DEFECTS[name].clauses)}
    assert (DEFECTS[name].trips | DEFECTS[name].noted) & judging


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
    tripping = {check for each in DEFECTS.values() for check in each.trips | each.noted}
    lines = UNTRIPPED.read_text(encoding="utf-8").splitlines()
    excused = dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))
    assert {check.id for check in checks()} - tripping == excused.keys()
    assert all(reason.strip() for reason in excused.values())
