"""Connectors that work are clean in every scenario: the correct one, others that list or send jobs, Entra's."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from conformance.connector.playing import play
from conformance.connector.process import CommandLauncher
from conformance.connector.scenario import available, read
from conformance.connector.source import SourceFormat
from tests.connectors.theatre import Play, Playbill, complaints, house

pytestmark = pytest.mark.xdist_group("connectors")
LISTS = frozenset({"many-pages", "short-pages", "ignored-filter", "conflict", "cut-after-write"})
"""The scenarios where it matters whether one lists; the others are proved by `make test-deep`."""


def clean() -> Iterator[object]:
    """Every play without a finding."""
    for scenario in available():
        yield pytest.param((Play("correct", scenario),), id=f"correct-{scenario}")
        yield pytest.param((Play("entra", scenario),), id=f"entra-{scenario}")
        marks = () if scenario in LISTS else pytest.mark.deep
        yield pytest.param((Play("listing", scenario),), id=f"listing-{scenario}", marks=marks)
    for name, scenario in (("cursors", "many-pages"), ("bulking", "first-sync"), ("bulking", "match-existing")):
        yield pytest.param((Play(name, scenario),), id=f"{name}-{scenario}")
    for scenario in ("first-sync", "quotes-and-unicode", "disable-and-return"):
        yield pytest.param((Play("correct", scenario, SourceFormat.CSV),), id=f"csv-{scenario}")


@pytest.mark.parametrize("plays", list(clean()))
def test_a_connector_that_works_is_clean(bill: Playbill, plays: tuple[Play, ...]) -> None:
    assert not complaints(bill.results(*plays))


@pytest.mark.parametrize("module", ["correct", "entra"])
def test_it_is_a_program(module: str) -> None:
    launcher = CommandLauncher([sys.executable, "-m", f"tests.connectors.{module}"], timeout=60)
    with house() as control:
        found = play(read("first-sync"), launcher, control)
    assert [played.ended.status for played in found.played] == [0, 0, 0]
