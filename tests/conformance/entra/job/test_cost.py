"""What a cycle costs: without changes the same whatever the population, else a few statements an object."""

from __future__ import annotations

import re

from conformance.entra.directory.generate import Wish, generate
from conformance.entra.directory.snapshot import load
from tests.conformance.entra.job.stage import Stage

LARGE = {"object", "member", "assignment", "change", "link", "entry", "exported", "event"}
"""Tables that grow with the population or with time."""


def _stage(users: int) -> Stage:
    stage = Stage()
    load(stage.source, generate(Wish(users=users, groups=users // 10, members=5)), stage.clock.now())
    return stage


def _statements(stage: Stage) -> list[str]:
    """The SQL statements of the next cycle, with their values."""
    found: list[str] = []
    stage.database.connection.set_trace_callback(found.append)
    stage.cycle()
    stage.database.connection.set_trace_callback(None)
    return found


def test_a_cycle_without_changes_is_the_same_work_for_ten_people_and_for_four_hundred() -> None:
    few, many = _stage(10), _stage(400)
    for stage in (few, many):
        stage.cycle()
        stage.cycle()
    assert len(_statements(few)) == len(_statements(many)) < 60


def test_a_cycle_without_changes_reads_no_large_table_whole() -> None:
    stage = _stage(50)
    stage.cycle()
    for statement in _statements(stage):
        if re.match(r"\s*(begin|commit)", statement):
            continue
        plan = stage.database.connection.execute(f"explain query plan {statement}").fetchall()
        scanned = {found[1] for row in plan if (found := re.match(r"SCAN (\w+)", row["detail"]))}
        assert not scanned & LARGE, statement


def test_an_object_costs_a_few_statements() -> None:
    small, large = _stage(100), _stage(300)
    more = len(_statements(large)) - len(_statements(small))
    assert more / 220 < 16


def test_one_change_costs_the_same_whatever_the_population() -> None:
    costs = []
    for users in (20, 400):
        stage = _stage(users)
        stage.cycle()
        stage.script(f"set {stage.source.ids(next(iter(stage.app.schema.objects)))[0]} jobTitle=Lead")
        costs.append(len(_statements(stage)))
    assert costs[0] == costs[1]
