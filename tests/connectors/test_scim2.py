"""A connector on a library that nobody here wrote: what it gets wrong is listed, and nothing else is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.connector.scenario import available
from conformance.known import apply_known, read_known
from conformance.model import Verdict
from tests.connectors.theatre import Play, Playbill, complaints

pytestmark = pytest.mark.xdist_group("connectors")
KNOWN = Path(__file__).with_name("scim2.known.toml")
SHOWN = (
    *("first-sync", "nothing-changed", "quotes-and-unicode", "ignored-filter", "duplicate-hits"),
    *("somebody-elses-change", "leave", "group-moves", "manager-before-and-after"),
)
"""The scenarios that are named in the list."""


def plays(*scenarios: str) -> tuple[Play, ...]:
    return tuple(Play("scim2", scenario) for scenario in scenarios)


@pytest.mark.parametrize(
    "plays",
    [pytest.param(plays(*SHOWN), id="shown"), pytest.param(plays(*available()), id="all", marks=pytest.mark.deep)],
)
def test_it_gets_wrong_what_is_listed(bill: Playbill, plays: tuple[Play, ...]) -> None:
    results, stale = apply_known(bill.results(*plays), read_known(KNOWN))
    assert not complaints(results)
    assert not stale


def test_it_gets_the_rest_right(bill: Playbill) -> None:
    results = bill.results(*plays("first-sync", "rename", "role-change", "token-rotation"))
    assert sum(result.verdict is Verdict.PASS for result in results) > 30
