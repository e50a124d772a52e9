"""What failed is tried again, with growing distance, and nothing of it is lost (HOW)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from conformance.entra.job.model import Pending
from conformance.entra.log.model import Status
from tests.conformance.entra.job.stage import USERS, Stage, application
from tests.conformance.entra.job.target import ENTERPRISE, Fault, answer

MINUTES = timedelta(minutes=1)
ANA = "hire ana jobTitle=Lead; assign ana"
TEAM = f"{ANA}; hire bob; assign bob; group Ops; assign Ops; join Ops ana"


def test_the_distance_between_retries_doubles_up_to_a_day() -> None:
    stage = Stage.of(ANA)
    stage.target.fail(409, "POST")
    waits = []
    for _ in range(9):
        moment = stage.cycle(after=_until_retry(stage)).began
        (escrow,) = stage.state.escrows()
        waits.append((escrow.next_attempt - moment) / MINUTES)
    assert waits == [40, 80, 160, 320, 640, 1280, 1440, 1440, 1440]
    assert (escrow.attempts, escrow.code, escrow.reference) == (9, "EntryConflict", False)
    assert escrow.first == stage.state.cycles()[0].began


def _until_retry(stage: Stage) -> timedelta:
    escrows = stage.state.escrows()
    return escrows[0].next_attempt - stage.clock.now() if escrows else timedelta()


def test_it_is_not_tried_before_its_time() -> None:
    stage = Stage.of(ANA)
    stage.target.fail(409, "POST")
    stage.cycle()
    stage.cycle()
    stage.sent()
    stage.cycle(after=40 * MINUTES)
    assert stage.sent() == []
    stage.cycle(after=40 * MINUTES)
    assert len(stage.sent()) == 2


def test_a_success_ends_it() -> None:
    stage = Stage.of(ANA)
    stage.target.fail(503, "POST", times=1)
    assert stage.cycle().state == "EntryLevelErrors"
    result = stage.cycle()
    assert (result.state, result.counts.created, stage.state.escrows()) == ("Succeeded", 1, [])


def test_what_changed_meanwhile_and_what_failed_both_arrive() -> None:
    stage = Stage.of(ANA)
    stage.cycle()
    stage.target.fail(500, "PATCH", times=3)
    stage.script('rename ana "Ana Lima"')
    stage.cycle()
    stage.cycle()  # the second failure, so that the next retry is two cycles away
    stage.script("set ana jobTitle=Boss")
    stage.cycle()  # fails once more, with both
    stage.cycle(after=timedelta(days=1))
    found = stage.target.user("ana")
    assert (found["displayName"], found["title"]) == ("Ana Lima", "Boss")


def test_a_change_before_the_retry_brings_what_failed_along() -> None:
    stage = Stage.of(ANA)
    stage.cycle()
    stage.target.fail(500, "PATCH", times=2)
    stage.script('rename ana "Ana Lima"')
    stage.cycle()
    stage.cycle()
    stage.script("set ana jobTitle=Boss")
    stage.cycle(after=40 * MINUTES)
    found = stage.target.user("ana")
    assert (found["displayName"], found["title"], stage.state.escrows()) == ("Ana Lima", "Boss", [])


def test_a_failed_disable_is_tried_again() -> None:
    stage = Stage.of(ANA)
    stage.cycle()
    stage.target.fail(500, "PATCH", times=1)
    stage.script("unassign ana")
    stage.cycle()
    stage.cycle()
    assert stage.target.user("ana")["active"] is False


def test_a_failed_delete_is_tried_again() -> None:
    stage = Stage.of(ANA)
    stage.cycle()
    stage.target.fail(500, "DELETE", times=1)
    stage.script("purge ana")
    stage.cycle()
    stage.cycle()
    assert stage.target.resources["Users"] == {}
    assert stage.state.escrows() == []


@pytest.mark.parametrize("event", ["purge ana", "unassign ana", "disable ana", "set ana userPrincipalName="])
def test_who_failed_and_left_is_not_tried_again(event: str) -> None:
    stage = Stage.of(ANA)
    stage.target.fail(409, "POST")
    stage.cycle()
    stage.script(event)
    stage.cycle()
    assert stage.state.escrows() == []
    stage.sent()
    stage.cycle(after=timedelta(days=2))
    assert stage.sent() == []


def test_members_that_failed_are_tried_again_and_no_others() -> None:
    stage = Stage.of(TEAM)
    stage.cycle()
    stage.target.fail(500, "PATCH /Groups", times=1)
    stage.script("join Ops bob")
    stage.cycle()
    (escrow,) = stage.state.escrows()
    assert (escrow.reference, escrow.pending) == (True, Pending(added=(stage.id("bob"),)))
    stage.sent()
    stage.cycle()
    assert stage.sent() == ["PATCH /Groups/Ops Add members=bob"]
    assert stage.state.escrows() == []


def test_a_removal_that_failed_is_tried_again() -> None:
    stage = Stage.of(TEAM)
    stage.cycle()
    stage.target.fail(500, "PATCH /Groups", times=1)
    stage.script("leave Ops ana")
    stage.cycle()
    stage.cycle()
    assert stage.target.members("Ops") == set()


def test_a_removal_that_was_taken_back_is_not_made_up_for() -> None:
    stage = Stage.of(TEAM)
    stage.cycle()
    stage.target.fail(500, "PATCH /Groups", times=1)
    stage.script("leave Ops ana")
    stage.cycle()
    stage.script("join Ops ana")
    stage.cycle()
    assert stage.target.members("Ops") == {"ana"}
    assert stage.state.escrows() == []


def test_other_members_come_while_some_wait_and_none_is_lost() -> None:
    stage = Stage.of(TEAM)
    stage.cycle()
    stage.target.fail(500, "PATCH /Groups", times=2)
    stage.script("join Ops bob")
    stage.cycle()
    stage.cycle()
    stage.script("hire eve; assign eve; join Ops eve")
    stage.cycle(after=40 * MINUTES)
    assert stage.target.members("Ops") == {"ana", "bob", "eve"}
    assert stage.state.escrows() == []


def test_batches_that_arrived_are_not_sent_again() -> None:
    stage = Stage.of(TEAM, settings={"batch": 1})
    stage.cycle()
    stage.script("hire eve; assign eve; join Ops bob eve")
    stage.target.fail(500, f"Add members={stage.target.user('bob')['id']}", times=1)
    stage.target.fail(500, "Add members=u-3", times=1)
    stage.cycle()
    stage.sent()
    stage.cycle()
    assert sorted(line.rpartition("=")[2] for line in stage.sent()) == ["bob", "eve"]
    assert stage.target.members("Ops") == {"ana", "bob", "eve"}


def test_a_group_whose_own_change_failed_keeps_its_members_apart() -> None:
    stage = Stage.of(TEAM)
    stage.cycle()
    stage.target.fail(500, "PATCH /Groups", times=2)
    stage.script("join Ops bob; set Ops displayName=Operations")
    stage.cycle()
    (escrow,) = stage.state.escrows()
    assert (escrow.reference, escrow.pending, escrow.attempts) == (False, Pending(added=(stage.id("bob"),)), 1)
    stage.cycle()
    assert stage.target.members("Operations") == {"ana", "bob"}
    assert stage.state.escrows() == []


def test_a_member_that_failed_is_added_once_it_is_there() -> None:
    stage = Stage.of(TEAM)
    stage.cycle()
    stage.script("hire eve; assign eve; join Ops eve")
    stage.target.faults.append(_refuses("eve"))
    result = stage.cycle()
    assert (result.counts.failed, result.counts.reference_failed) == (1, 1)
    assert stage.last("Ops").status is Status.FAILURE
    stage.target.faults.clear()
    stage.cycle()
    assert stage.target.members("Ops") == {"ana", "eve"}
    assert stage.state.escrows() == []


def test_a_member_that_failed_and_left_is_waited_for_no_longer() -> None:
    stage = Stage.of(TEAM)
    stage.cycle()
    stage.script("hire eve; assign eve; join Ops eve")
    stage.target.faults.append(_refuses("eve"))
    stage.cycle()
    stage.script("leave Ops eve; unassign eve")
    stage.cycle()
    assert stage.state.escrows() == []


def test_a_member_that_could_not_be_enabled_is_waited_for_too() -> None:
    stage = Stage.of(TEAM)
    stage.cycle()
    stage.script("disable bob")
    stage.cycle()
    stage.target.fail(500, "PATCH /Users", times=1)
    stage.script("enable bob; join Ops bob")
    stage.cycle()
    assert stage.target.members("Ops") == {"ana"}
    stage.cycle()
    assert stage.target.members("Ops") == {"ana", "bob"}


def test_a_manager_that_failed_is_set_once_it_is_there() -> None:
    stage = Stage.of(f"{ANA}; hire eve; assign eve; manager ana eve")
    stage.target.faults.append(_refuses("eve"))
    stage.cycle()
    assert stage.state.escrow(stage.id("ana")) is not None
    stage.target.faults.clear()
    stage.cycle()
    assert stage.target.user("ana")[ENTERPRISE]["manager"]["value"] == stage.target.user("eve")["id"]
    assert stage.state.escrows() == []


@pytest.mark.parametrize("other", ["bob", "none"])
def test_a_manager_that_could_not_be_changed_is_changed_later(other: str) -> None:
    stage = Stage.of(f"{TEAM}; hire eve; assign eve; manager ana eve")
    stage.cycle()
    stage.target.fail(500, "PATCH /Users", times=1)
    stage.script(f"manager ana {other}")
    stage.cycle()
    stage.cycle()
    held = stage.target.user("ana")[ENTERPRISE].get("manager")
    assert held == (None if other == "none" else {"value": stage.target.user("bob")["id"]})
    assert stage.state.escrows() == []


def test_references_of_who_left_scope_wait_no_longer() -> None:
    stage = Stage.of(f"{ANA}; hire eve; assign eve; manager ana eve")
    stage.target.faults.append(_refuses("eve"))
    stage.cycle()
    stage.script("unassign ana")
    stage.cycle()
    assert stage.state.escrow(stage.id("ana")) is None


def test_a_reference_alone_does_not_read_the_object_again() -> None:
    stage = Stage.of(TEAM)
    stage.target.fail(500, "Add members", times=1)
    stage.cycle()
    stage.sent()
    stage.cycle()
    assert stage.sent() == ["PATCH /Groups/Ops Add members=ana"]


def test_throttling_ends_the_object_until_the_next_cycle() -> None:
    stage = Stage.of(TEAM)
    stage.target.fail(429, "POST", times=2)
    result = stage.cycle()
    assert {event.problem.code for event in stage.events() if event.problem} >= {"TooManyRequests"}
    assert result.counts.failed == 2
    stage.cycle()
    assert stage.target.members("Ops") == {"ana"}


def test_failures_do_not_keep_others_from_being_provisioned() -> None:
    stage = Stage(application(USERS))
    stage.app = replace(stage.app, settings=replace(stage.app.settings, concurrency=3))
    people = [f"p{chr(97 + at)}" for at in range(12)]
    stage.script(";".join(f"hire {name}; assign {name}" for name in people))
    for name in people[::3]:
        stage.target.faults.append(_refuses(name))
    result = stage.cycle()
    assert (result.counts.created, result.counts.failed) == (8, 4)
    stage.target.faults.clear()
    stage.cycle()
    assert len(stage.target.resources["Users"]) == 12


def _refuses(name: str) -> Fault:
    return lambda request: answer(409) if (request.body or {}).get("userName", "").startswith(name) else None
