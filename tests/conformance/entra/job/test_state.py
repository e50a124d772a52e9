"""What a job remembers, and how its log is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conformance.entra.directory.model import Kind
from conformance.entra.job.model import Escrow, Link, Pending
from conformance.entra.log.model import Action, Status
from tests.conformance.entra.job.stage import Stage


@pytest.fixture
def stage() -> Stage:
    found = Stage.of("hire ana; assign ana; hire bob; hire anna; assign anna; group Ops; assign Ops; join Ops ana")
    found.cycle()
    found.script('rename ana "Ana Lima"')
    found.cycle()
    return found


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("ana", {"ana", "Ana Lima"}),
        ("ANA", {"ana", "Ana Lima"}),
        ("an", {"ana", "Ana Lima", "anna"}),
        ("bob", {"bob"}),
        ("nobody", set()),
        ("%", set()),
    ],
)
def test_the_log_is_asked_for_somebody_by_a_part_of_the_name(stage: Stage, who: str, names: set[str]) -> None:
    assert {event.source_name for event in stage.events(who)} == names


def test_the_log_is_asked_for_somebody_by_an_id_of_source_and_target(stage: Stage) -> None:
    ana = stage.id("ana")
    assert {event.source_id for event in stage.events(ana)} == {ana}
    assert stage.events(ana) == stage.events(stage.target.user("ana")["id"])


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        ({"action": "create"}, 3),
        ({"action": "update"}, 2),
        ({"action": "other"}, 1),
        ({"status": "success"}, 5),
        ({"status": "skipped"}, 1),
        ({"status": "failure"}, 0),
        ({"action": "create", "who": "ana"}, 1),
        ({"last": 2}, 2),
        ({}, 6),
    ],
)
def test_the_log_is_asked_by_action_and_status(stage: Stage, chosen: dict[str, str], count: int) -> None:
    assert len(stage.events(**chosen)) == count


def test_the_log_is_asked_for_a_cycle_and_the_newest_come_last(stage: Stage) -> None:
    first, second = stage.state.cycles()
    assert len(stage.events(cycle=first.id)) == 5
    assert [event.cycle for event in stage.events()] == [first.id] * 5 + [second.id]
    (last,) = stage.events(last=1)
    assert (last.action, last.status, last.source_name) == (Action.UPDATE, Status.SUCCESS, "Ana Lima")


def test_cycles_come_back_as_they_ended(stage: Stage) -> None:
    first, second = stage.state.cycles()
    assert stage.state.cycles(1) == [second]
    assert stage.state.count_cycles() == 2
    assert (first.counts.created, second.counts.updated) == (3, 1)


def test_a_link_leads_both_ways(stage: Stage) -> None:
    link = stage.state.link(stage.id("ana"))
    assert link is not None
    assert stage.state.link_of_target(Kind.USER, link.target_id) == link
    assert stage.state.link_of_target(Kind.GROUP, link.target_id) is None
    assert link in list(stage.state.links(Kind.USER))
    assert stage.state.count_links(Kind.USER) == 2


def test_the_newest_link_of_a_source_object_stands() -> None:
    state = Stage().state
    state.put_link(Link("s", Kind.USER, "u-1"))
    state.put_link(Link("s", Kind.USER, "u-2", in_scope=False, managed=False, disabled=True))
    assert state.link("s") == Link("s", Kind.USER, "u-2", in_scope=False, managed=False, disabled=True)
    assert state.link_of_target(Kind.USER, "u-1") is None


def test_escrows_are_due_from_their_moment_on() -> None:
    stage = Stage()
    now = stage.clock.now()
    pending = Pending(manager=True, added=("a", "b"), removed=("c",))
    escrow = Escrow("s", Kind.GROUP, "Timeout", True, 3, now, now + timedelta(minutes=40), pending)
    stage.state.put_escrow(escrow)
    assert stage.state.escrow("s") == escrow
    assert stage.state.escrows(now) == []
    assert stage.state.escrows(now + timedelta(minutes=40)) == [escrow]
    assert stage.state.escrowed() == {"s"}
    assert stage.state.prune_escrows() == 1
    assert stage.state.escrow("s") is None


def test_a_setting_that_is_taken_away_is_none() -> None:
    state = Stage().state
    state.set_setting("a", "1")
    assert state.setting("a") == "1"
    state.set_setting("a", None)
    assert state.setting("a") is None
