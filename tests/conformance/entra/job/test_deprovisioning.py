"""What each event in the directory sends to the target: the table of HOW, with its documented gaps."""

from __future__ import annotations

import pytest

from conformance.entra.log.model import Action, Status
from conformance.entra.mapping.model import Flow
from tests.conformance.entra.job.stage import ACTIVE, USERS, Stage, only

BEGIN = "hire ana department=Ops; assign ana"
OPS = {"scope": only(department="Ops")}
OFF = ["PATCH /Users/ana Replace active=False"]
ON = ["GET /Users/ana", "PATCH /Users/ana Replace active=True"]
GONE = ["DELETE /Users/ana"]


@pytest.fixture
def stage() -> Stage:
    found = Stage.of(BEGIN, user=OPS)
    found.cycle()
    found.sent()
    return found


@pytest.mark.parametrize(
    ("event", "back"),
    [
        ("unassign ana", "assign ana"),
        ("move ana Law", "move ana Ops"),
        ("delete ana", "restore ana"),
        ("disable ana", "enable ana"),
    ],
)
def test_who_leaves_is_disabled_and_who_comes_back_is_enabled(stage: Stage, event: str, back: str) -> None:
    stage.script(event)
    result = stage.cycle()
    assert stage.sent() == OFF
    assert stage.last().action is Action.DISABLE
    assert result.counts.disabled == 1
    assert stage.cycle().counts.imported == 0
    stage.job.restart()
    stage.cycle()
    assert stage.sent() == []  # it is disabled already
    stage.script(back)
    stage.cycle()
    assert stage.sent() == ON
    assert stage.last().action is Action.UPDATE


@pytest.mark.parametrize("event", ["unassign ana", "move ana Law", "delete ana", "disable ana"])
def test_nothing_is_sent_where_updates_are_not_enabled(stage: Stage, event: str) -> None:
    stage.configure(user={**OPS, "flows": frozenset({Flow.ADD, Flow.DELETE})})
    stage.cycle()
    stage.script(event)
    stage.cycle()
    assert stage.sent() == []
    assert stage.last().skip_reason == "UpdateNotEnabled"


@pytest.mark.parametrize("event", ["unassign ana", "move ana Law", "delete ana", "disable ana"])
def test_nothing_is_sent_where_no_mapping_follows_soft_deletion(event: str) -> None:
    stage = Stage.of(BEGIN, users=[each for each in USERS if each is not ACTIVE], user=OPS)
    stage.cycle()
    stage.sent()
    stage.script(event)
    stage.cycle()
    assert stage.sent() == []
    assert stage.last().status is Status.SKIPPED


@pytest.mark.parametrize(
    ("event", "back"),
    [
        ("unassign ana", "assign ana"),
        ("move ana Law", "move ana Ops"),
        ("delete ana", "restore ana"),
        ("disable ana", "enable ana"),
    ],
)
def test_a_target_without_soft_deletion_gets_a_delete_and_later_a_create(event: str, back: str) -> None:
    stage = Stage.of(BEGIN, user={**OPS, "soft_delete": False})
    stage.cycle()
    stage.sent()
    stage.script(event)
    stage.cycle()
    assert stage.sent() == GONE
    assert stage.last().action is Action.DELETE
    stage.script(back)
    stage.cycle()
    assert stage.sent() == ['GET /Users?filter=userName eq "ana"', "POST /Users"]
    assert stage.last().action is Action.CREATE


def test_a_target_without_soft_deletion_is_left_alone_where_deletes_are_not_enabled() -> None:
    flows = frozenset({Flow.ADD, Flow.UPDATE})
    stage = Stage.of(BEGIN, user={"soft_delete": False, "flows": flows})
    stage.cycle()
    stage.sent()
    stage.script("unassign ana")
    stage.cycle()
    assert (stage.sent(), stage.last().skip_reason) == ([], "DeleteNotEnabled")


def test_a_hard_deletion_is_sent_after_a_soft_one_and_without(stage: Stage) -> None:
    stage.script("delete ana")
    stage.cycle()
    assert stage.sent() == OFF
    stage.script("purge ana")
    result = stage.cycle()
    assert stage.sent() == GONE
    assert result.counts.deleted == 1
    assert stage.state.link(stage.last().source_id) is None


@pytest.mark.parametrize("event", ["purge ana", "delete ana; purge ana", "disable ana; purge ana"])
def test_a_hard_deletion_in_one_delta_is_a_delete(stage: Stage, event: str) -> None:
    stage.script(event)
    stage.cycle()
    assert stage.sent() == GONE


def test_a_hard_deletion_is_not_sent_where_deletes_are_not_enabled(stage: Stage) -> None:
    stage.configure(user={**OPS, "flows": frozenset({Flow.ADD, Flow.UPDATE})})
    stage.cycle()
    stage.sent()
    stage.script("purge ana")
    stage.cycle()
    assert (stage.sent(), stage.last().skip_reason) == ([], "DeleteNotEnabled")


@pytest.mark.parametrize("event", ["unassign ana", "move ana Law", "disable ana; unassign ana"])
def test_who_left_scope_before_the_deletion_stays_disabled(stage: Stage, event: str) -> None:
    stage.script(event)
    stage.cycle()
    assert stage.sent() == OFF
    stage.script("delete ana")
    stage.cycle()
    stage.script("purge ana")
    stage.cycle()
    assert stage.sent() == []
    assert stage.target.user("ana")["active"] is False


def test_who_was_disabled_first_and_unassigned_later_is_not_deleted(stage: Stage) -> None:
    for event in ("disable ana", "unassign ana", "purge ana"):
        stage.script(event)
        stage.cycle()
    assert stage.sent() == OFF


def test_who_is_assigned_again_is_managed_again(stage: Stage) -> None:
    for event in ("unassign ana", "assign ana", "purge ana"):
        stage.script(event)
        stage.cycle()
    assert stage.sent() == [*OFF, *ON, *GONE]


def test_who_is_gone_already_in_the_target_counts_as_deleted(stage: Stage) -> None:
    stage.target.resources["Users"].clear()
    stage.script("purge ana")
    stage.cycle()
    assert stage.last().status is Status.SUCCESS
    assert stage.state.link(stage.last().source_id) is None


def test_a_disabled_user_is_not_created(stage: Stage) -> None:
    stage.script("hire bob department=Ops; assign bob; disable bob")
    stage.cycle()
    assert stage.sent() == []
    assert stage.last("bob").skip_reason == "NotEffectivelyEntitled"
    stage.script("enable bob")
    stage.cycle()
    assert stage.sent()[-1] == "POST /Users"


def test_memberships_are_not_replayed_for_who_comes_back() -> None:
    stage = Stage.of("hire ana; assign ana; group Ops; assign Ops; join Ops ana", user={"soft_delete": False})
    stage.cycle()
    stage.script("disable ana")
    stage.cycle()
    stage.target.group("Ops")["members"] = []  # a target drops who is deleted
    stage.script("enable ana")
    stage.cycle()
    assert stage.target.members("Ops") == set()
    stage.job.restart()
    stage.cycle()
    assert stage.target.members("Ops") == {"ana"}


@pytest.mark.parametrize(
    "event", ["unassign Ops", "drop Ops", "delete Ops", "set Ops securityEnabled=false", "unassign Ops; drop Ops"]
)
def test_a_group_that_leaves_is_deleted(event: str) -> None:
    stage = Stage.of("hire ana; assign ana; group Ops; assign Ops; join Ops ana")
    stage.cycle()
    stage.sent()
    stage.script(event)
    stage.cycle()
    assert "DELETE /Groups/Ops" in stage.sent()
    assert stage.target.resources["Groups"] == {}
    assert stage.target.user("ana")["active"] is True


@pytest.mark.parametrize("event", ["unassign Ops", "drop Ops", "delete Ops", "set Ops securityEnabled=false"])
def test_who_was_in_scope_through_a_group_leaves_with_it(event: str) -> None:
    stage = Stage.of("hire ana; group Ops; assign Ops; join Ops ana")
    stage.cycle()
    stage.script(event)
    stage.cycle()
    assert stage.target.user("ana")["active"] is False


def test_a_group_that_comes_back_is_made_again_with_its_members() -> None:
    stage = Stage.of("hire ana; assign ana; group Ops; assign Ops; join Ops ana")
    stage.cycle()
    for event in ("delete Ops", "restore Ops"):
        stage.script(event)
        stage.cycle()
    assert stage.target.members("Ops") == {"ana"}


@pytest.mark.parametrize("event", ["unassign ana", "move ana Law"])
def test_leaving_scope_can_be_told_to_do_nothing(stage: Stage, event: str) -> None:
    stage.configure(user=OPS, settings={"skip_out_of_scope_deletions": True})
    stage.script(event)
    stage.cycle()
    assert (stage.sent(), stage.last().skip_reason) == ([], "SkipOutOfScopeDeletions")
    stage.script("purge ana")
    stage.cycle()
    assert stage.sent() == []


@pytest.mark.parametrize("event", ["delete ana", "disable ana"])
def test_who_is_disabled_in_scope_is_disabled_all_the_same(stage: Stage, event: str) -> None:
    stage.configure(user=OPS, settings={"skip_out_of_scope_deletions": True})
    stage.script(event)
    stage.cycle()
    assert stage.sent() == OFF


def test_the_disable_sends_only_what_follows_soft_deletion_and_reads_nothing(stage: Stage) -> None:
    stage.script('rename ana "Ana Lima"; unassign ana')
    stage.cycle()
    assert stage.sent() == OFF
    stage.script("assign ana")
    stage.cycle()
    assert stage.sent() == ["GET /Users/ana", "PATCH /Users/ana Replace active=True Replace displayName=Ana Lima"]


def test_who_was_never_provisioned_leaves_no_trace_when_gone(stage: Stage) -> None:
    stage.script("hire bob; purge bob")
    before = len(stage.events())
    assert stage.cycle().counts.imported == 0
    assert len(stage.events()) == before
