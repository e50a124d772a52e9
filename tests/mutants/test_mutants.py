"""Every mutant is caught by exactly the checks it names."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from conformance.clauses import catalogue
from tests.mutants.bench import checks, judge, mutants
from tests.mutants.mutant import Mutant

MUTANTS = mutants()
UNTRIPPED = Path(__file__).with_name("untripped.txt")
BYSTANDERS = 3
RACING = frozenset({"auth_migration.writers_survive_a_phase_change"})  # its writers race with the phase on purpose


def settled(mutant: Mutant, tripped: frozenset[str]) -> frozenset[str]:
    """What tripped, without the check that races, unless nothing else is named."""
    return tripped if mutant.trips <= RACING else tripped - RACING


def bystanders(mutant: Mutant) -> set[str]:
    """A few checks of the same suites that the mutant does not name, the same ones each time."""
    suites = {name.partition(".")[0] for name in mutant.trips}
    others = sorted(name for name in checks().keys() - mutant.trips if name.partition(".")[0] in suites)
    return set(random.Random(mutant.name).sample(others, min(BYSTANDERS, len(others))))


def cover() -> dict[str, set[str]]:
    """Mutants that together trip every check that any of them trips, each with the further ones it was taken for."""
    chosen: dict[str, set[str]] = {}
    tripped: set[str] = set()
    for name, mutant in sorted(MUTANTS.items(), key=lambda item: (-len(item[1].trips), item[0])):
        if further := mutant.trips - tripped:
            chosen[name] = set(further)
            tripped |= further
    return chosen


COVER = cover()
EACH = [name if name in COVER else pytest.param(name, marks=pytest.mark.deep) for name in MUTANTS]
"""Every mutant; those that trip what others trip too are proved by `make test-deep`."""


def part(mutant: Mutant) -> set[str]:
    """The checks that a mutant was taken for, and a few of the others it names."""
    needed = COVER.get(mutant.name, set(mutant.trips))
    others = sorted(mutant.trips - needed)
    return needed | set(random.Random(mutant.name).sample(others, min(BYSTANDERS, len(others))))


@pytest.mark.parametrize("name", EACH)
def test_named_checks_and_no_bystander_trip(name: str) -> None:
    mutant = MUTANTS[name]
    named = part(mutant)
    judged = judge(mutant, named | bystanders(mutant))
    assert settled(mutant, judged.tripped) == settled(mutant, frozenset(named))


@pytest.mark.deep
@pytest.mark.parametrize("name", MUTANTS)
def test_no_other_check_trips(name: str) -> None:
    mutant = MUTANTS[name]
    assert settled(mutant, judge(mutant).tripped) == settled(mutant, mutant.trips)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_found_by_a_check_of_its_clause(name: str) -> None:
    mutant = MUTANTS[name]
    judging = {check.id for check in checks().values() if {clause.id for clause in check.clauses} & set(mutant.clauses)}
    assert mutant.trips & judging


def test_mutants_are_sound() -> None:
    clauses = catalogue().clauses
    for mutant in MUTANTS.values():
        assert mutant.says.endswith(".")
        assert set(mutant.clauses) <= clauses.keys(), mutant.name
        assert mutant.trips <= checks().keys(), mutant.name


def test_a_third_is_limited_to_one_rule_page_element_or_account() -> None:
    limited = [mutant for mutant in MUTANTS.values() if mutant.only]
    assert len(limited) * 3 >= len(MUTANTS)


def test_there_are_enough() -> None:
    assert len(MUTANTS) >= 60


def test_every_check_is_tripped_or_has_a_reason() -> None:
    tripped = {check for mutant in MUTANTS.values() for check in mutant.trips}
    lines = UNTRIPPED.read_text(encoding="utf-8").splitlines()
    excused = dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))
    assert checks().keys() - tripped == excused.keys()
    assert all(reason.strip() for reason in excused.values())
