"""The accidental-deletion threshold: deletions are staged, and done when they are allowed (ACC)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conformance.entra.job.escrows import NEVER
from conformance.entra.job.model import ResetScope
from conformance.entra.job.running import quiet, run_cycles
from conformance.entra.log.model import Action, Status
from tests.conformance.entra.job.stage import Stage

NAMES = ("ana", "bob", "eve", "ian")
FOUR = ";".join(f"hire {name}; assign {name}" for name in NAMES)
ALL_LEAVE = ";".join(f"unassign {name}" for name in NAMES)


def _stage(most: int = 2, script: str = FOUR) -> Stage:
    stage = Stage.of(script, settings={"deletions": most})
    stage.cycle()
    stage.sent()
    return stage


def _active(stage: Stage) -> list[bool]:
    return [stage.target.user(name)["active"] for name in NAMES]


def test_up_to_the_threshold_deletions_are_done() -> None:
    stage = _stage()
    stage.script("unassign ana; disable bob")
    assert stage.cycle().counts.disabled == 2
    assert stage.state.quarantine is None


def test_above_the_threshold_none_is_done_and_all_are_staged() -> None:
    stage = _stage()
    stage.script(ALL_LEAVE)
    result = stage.cycle()
    assert (stage.sent(), result.counts.staged, result.counts.disabled) == ([], 4, 0)
    assert _active(stage) == [True] * 4
    events = stage.events(action="stageddelete")
    assert len(events) == 4
    assert {(event.status, event.skip_reason) for event in events} == {(Status.SKIPPED, "StagedDelete")}
    assert events[0].target_id.startswith("u-")
    found = stage.state.quarantine
    assert found is not None
    assert (found.reason, found.error_message.split()[0]) == ("TooManyDeletes", "4")
    assert len(stage.mails) == 1
    assert {each.next_attempt for each in stage.state.escrows()} == {NEVER}


def test_users_groups_disables_and_deletes_count_together() -> None:
    stage = _stage(3, f"{FOUR}; group Ops; assign Ops; group Law; assign Law")
    stage.script("unassign ana; purge bob; unassign Ops")
    assert stage.cycle().counts.staged == 0
    stage = _stage(2, f"{FOUR}; group Ops; assign Ops; group Law; assign Law")
    stage.script("unassign ana; purge bob; drop Ops")
    assert stage.cycle().counts.staged == 3


def test_other_changes_of_the_cycle_are_done_all_the_same() -> None:
    stage = _stage()
    stage.script('unassign ana; unassign bob; unassign eve; rename ian "Ian Ash"; hire zoe; assign zoe')
    result = stage.cycle()
    assert (result.counts.staged, result.counts.created, result.counts.updated) == (3, 1, 1)


def test_allowing_them_does_them_in_the_next_cycle() -> None:
    stage = _stage()
    stage.script(ALL_LEAVE)
    stage.cycle()
    stage.job.restart([ResetScope.FORCE_DELETES])
    result = stage.cycle()
    assert (result.counts.disabled, _active(stage)) == (4, [False] * 4)
    assert (stage.state.quarantine, stage.state.escrows()) == (None, [])
    assert stage.events(last=1)[0].action is Action.DISABLE


def test_what_is_allowed_is_allowed_for_one_cycle() -> None:
    stage = _stage()
    stage.job.restart([ResetScope.FORCE_DELETES])
    stage.cycle()
    stage.script(ALL_LEAVE)
    assert stage.cycle().counts.staged == 4


def test_the_permission_stays_until_a_cycle_has_ended() -> None:
    stage = _stage()
    stage.script(ALL_LEAVE)
    stage.cycle()
    stage.job.restart([ResetScope.FORCE_DELETES])
    stage.target.fail(401, times=1)
    assert stage.cycle().state == "Failed"
    stage.cycle()
    assert _active(stage) == [False] * 4


def test_mending_the_cause_and_a_restart_drop_them() -> None:
    stage = _stage()
    stage.script(ALL_LEAVE)
    stage.cycle()
    stage.script(";".join(f"assign {name}" for name in NAMES))
    stage.job.restart()
    result = stage.cycle()
    assert (result.counts.writes, result.counts.staged, stage.state.quarantine) == (0, 0, None)


def test_a_restart_without_mending_stages_them_again() -> None:
    stage = _stage()
    stage.script(ALL_LEAVE)
    stage.cycle()
    stage.job.restart()
    assert stage.cycle().counts.staged == 4
    assert len(stage.mails) == 2


def test_who_comes_back_is_staged_no_longer_and_the_last_one_lifts_the_quarantine() -> None:
    stage = _stage()
    stage.script(ALL_LEAVE)
    stage.cycle()
    stage.script("assign ana; assign bob; assign eve")
    stage.cycle()
    assert [each.source_id for each in stage.state.escrows()] == [stage.id("ian")]
    assert stage.state.quarantine is not None
    stage.script("assign ian")
    stage.cycle()
    assert stage.state.quarantine is None


def test_further_deletions_are_staged_while_others_are() -> None:
    stage = _stage(3)
    stage.script(f"{ALL_LEAVE}; hire zoe; assign zoe")
    stage.cycle()
    stage.script("unassign zoe")
    assert stage.cycle().counts.staged == 1
    assert stage.target.user("zoe")["active"] is True


def test_another_change_of_one_that_is_staged_does_not_let_it_through() -> None:
    stage = _stage()
    stage.script(ALL_LEAVE)
    stage.cycle()
    stage.script("assign bob; assign eve; assign ian; set ana jobTitle=Lead")
    stage.cycle()
    assert stage.target.user("ana")["active"] is True
    assert stage.state.escrow(stage.id("ana")) is not None


@pytest.mark.parametrize("event", ["purge ana", "delete ana; purge ana"])
def test_one_that_is_staged_and_then_gone_is_deleted_when_allowed(event: str) -> None:
    stage = _stage()
    stage.script(ALL_LEAVE)
    stage.cycle()
    stage.script(event)
    stage.cycle()
    stage.job.restart([ResetScope.FORCE_DELETES])
    stage.cycle()
    assert len(stage.target.resources["Users"]) == 3


def test_a_full_cycle_counts_too() -> None:
    stage = _stage()
    stage.script(ALL_LEAVE)
    stage.job.restart()
    assert stage.cycle().counts.staged == 4


def test_a_job_with_staged_deletions_is_left_to_a_person() -> None:
    stage = _stage()
    stage.script(ALL_LEAVE)
    results = run_cycles(stage.job, until_quiet=True)
    assert len(results) == 1
    assert quiet(stage.job, results[-1])
    assert stage.job.due() == stage.clock.now() + timedelta(hours=6)


def test_without_a_threshold_nothing_is_staged() -> None:
    stage = Stage.of(FOUR)
    stage.cycle()
    stage.script(ALL_LEAVE)
    assert stage.cycle().counts.disabled == 4
