"""Connectors that work are clean in every scenario: the correct one, one that lists, Entra's."""

from __future__ import annotations

import sys

import pytest

from conformance.connector.control import Control
from conformance.connector.model import Exit
from conformance.connector.playing import play
from conformance.connector.process import CommandLauncher
from conformance.connector.scenario import available, read
from conformance.connector.source import SourceFormat
from tests.connectors import entra
from tests.connectors.correct import Connector
from tests.connectors.listing import Listing
from tests.connectors.theatre import brisk, complaints, evidence, results

LISTS = frozenset({"many-pages", "short-pages", "ignored-filter", "conflict", "cut-after-write"})
"""The scenarios where it matters whether one lists; the others are proved by `make test-deep`."""


@pytest.mark.parametrize("scenario", available())
def test_the_correct_connector_is_clean(control: Control, scenario: str) -> None:
    assert not complaints(results([evidence(brisk(Connector), scenario, control)]))


@pytest.mark.parametrize("scenario", ["first-sync", "quotes-and-unicode", "disable-and-return"])
def test_it_is_clean_with_the_source_as_csv(control: Control, scenario: str) -> None:
    assert not complaints(results([evidence(brisk(Connector), scenario, control, SourceFormat.CSV)]))


@pytest.mark.parametrize(
    "scenario", [name if name in LISTS else pytest.param(name, marks=pytest.mark.deep) for name in available()]
)
def test_a_connector_that_lists_is_clean(control: Control, scenario: str) -> None:
    assert not complaints(results([evidence(brisk(Listing), scenario, control)]))


@pytest.mark.parametrize("scenario", available())
def test_the_provisioning_service_is_clean(control: Control, scenario: str) -> None:
    run = lambda environ: entra.main(environ, timeout=1.0, pause=1.05)  # noqa: E731 a name for three lines
    assert not complaints(results([evidence(run, scenario, control)]))


@pytest.mark.parametrize("module", ["correct", "entra"])
def test_it_is_a_program(control: Control, module: str) -> None:
    launcher = CommandLauncher([sys.executable, "-m", f"tests.connectors.{module}"], timeout=60)
    found = play(read("first-sync"), launcher, control)
    assert [played.ended.status for played in found.played] == [0, 0, 0]
    assert not complaints(results([found]))


def test_the_correct_connector_ends_well_where_it_can(control: Control) -> None:
    found = evidence(brisk(Connector), "too-many-requests", control)
    assert all(played.ended.status == 0 for played in found.played if played.step.exit is not Exit.NONZERO)
