"""Initial and incremental cycles: what is sent, in which order (HOW)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.entra.job.model import CycleKind
from conformance.entra.log.model import Action, Status
from conformance.entra.mapping.model import AttributeMapping, MappingType
from tests.conformance.entra.job.stage import USERS, Stage, only
from tests.conformance.entra.job.target import ENTERPRISE

TWO = "hire ana; assign ana; hire bob; assign bob; manager ana bob"
TEAM = f"{TWO}; group Ops; assign Ops; join Ops ana bob"


def test_an_initial_cycle_makes_users_then_groups_then_references() -> None:
    stage = Stage.of(TEAM)
    ana, bob = sorted(["ana", "bob"], key=stage.id)
    result = stage.cycle()
    assert stage.sent() == [
        f'GET /Users?filter=userName eq "{ana}"',
        "POST /Users",
        f'GET /Users?filter=userName eq "{bob}"',
        "POST /Users",
        'GET /Groups?filter=displayName eq "Ops"',
        "POST /Groups",
        "PATCH /Users/ana Add manager=bob",
        f"PATCH /Groups/Ops Add members={ana},{bob}",
    ]
    assert (result.kind, result.state) == (CycleKind.INITIAL, "Succeeded")
    assert (result.counts.created, result.counts.imported, result.counts.entitled) == (3, 3, 3)
    assert (result.counts.requests, result.counts.writes, result.counts.exported) == (8, 5, 5)
    assert stage.target.members("Ops") == {"ana", "bob"}


def test_a_second_cycle_sends_nothing() -> None:
    stage = Stage.of(TEAM)
    stage.cycle()
    stage.sent()
    result = stage.cycle()
    assert stage.sent() == []
    assert (result.kind, result.counts.imported) == (CycleKind.INCREMENTAL, 0)


def test_one_cycle_follows_the_other_after_forty_minutes() -> None:
    stage = Stage.of(TWO)
    first, second = stage.cycle(), stage.cycle()
    assert (second.began - first.began).total_seconds() == 40 * 60


def test_what_is_there_is_matched_and_brought_up_to_date() -> None:
    stage = Stage.of("hire ana jobTitle=Lead; assign ana")
    stage.target.add("Users", userName="ana@fabrik.example", displayName="Somebody", active=True, title="Lead")
    stage.cycle()
    assert stage.sent() == ['GET /Users?filter=userName eq "ana"', "PATCH /Users/ana Replace displayName=ana"]
    assert len(stage.target.resources["Users"]) == 1


def test_an_incremental_cycle_reads_the_delta_and_sends_what_differs() -> None:
    stage = Stage.of(f"{TEAM}; hire eve jobTitle=Lead; assign eve")
    stage.cycle()
    stage.sent()
    stage.script('rename eve "Eve Low"')
    result = stage.cycle()
    assert stage.sent() == ["GET /Users/eve", "PATCH /Users/eve Replace displayName=Eve Low"]
    assert result.counts.imported == result.counts.updated == 1


def test_a_change_that_makes_no_difference_is_read_and_not_written() -> None:
    stage = Stage.of(TWO)
    stage.cycle()
    stage.sent()
    stage.script("set ana city=Lyon")
    stage.cycle()
    assert stage.sent() == ["GET /Users/ana"]
    assert (stage.last().status, stage.last().skip_reason) == (Status.SKIPPED, "RedundantExport")


def test_changes_in_the_target_are_not_noticed() -> None:
    stage = Stage.of("hire ana jobTitle=Lead; assign ana")
    stage.cycle()
    stage.target.user("ana").update(title="Boss", displayName="Somebody")
    stage.sent()
    stage.cycle()
    assert stage.sent() == []
    stage.script('rename ana "Ana Lima"')
    stage.cycle()
    assert stage.target.user("ana")["title"] == "Boss"


def test_matching_attributes_are_tried_by_precedence_until_one_hits() -> None:
    by_title = (
        AttributeMapping("externalId", source="employeeId", matching=2),
        AttributeMapping("title", source="jobTitle", matching=3),
        *[each for each in USERS if each.target != "title"],
    )
    stage = Stage.of("hire ana employeeId=17 jobTitle=Lead; assign ana", users=by_title)
    id = stage.target.add("Users", userName="someone@else.example", displayName="A", externalId="17", title="Lead")
    stage.cycle()
    sent = stage.sent()
    assert [line.partition("?")[2] for line in sent[:2]] == ['filter=userName eq "ana"', 'filter=externalId eq "17"']
    assert sent[2].startswith("PATCH /Users/")
    link = stage.state.link(stage.id("ana"))
    assert link is not None
    assert link.target_id == id


def test_a_matching_value_may_be_the_result_of_an_expression() -> None:
    upper = AttributeMapping("userName", MappingType.EXPRESSION, "ToUpper([userPrincipalName])", matching=1)
    stage = Stage.of("hire ana; assign ana", users=(upper, *USERS[1:]))
    stage.cycle()
    assert stage.sent()[0] == 'GET /Users?filter=userName eq "ANA@FABRIK.EXAMPLE"'


def test_a_hidden_matching_value_is_sent_and_not_shown() -> None:
    hidden = AttributeMapping("userName", MappingType.EXPRESSION, "Redact([userPrincipalName])", matching=1)
    stage = Stage.of("hire ana; assign ana", users=(hidden, *USERS[1:]))
    stage.cycle()
    assert stage.sent()[0] == 'GET /Users?filter=userName eq "ana"'
    told = stage.last("ana")
    assert told.steps[-1].details == {"ReportableIdentifier": "[Redact]"}
    assert [each.new for each in told.modified if each.display_name == "userName"] == ["[Redact]"]
    stage.script("set ana userPrincipalName=anna@fabrik.example")
    stage.cycle()
    assert [(each.old, each.new) for each in stage.last("ana").modified] == [("[Redact]", "[Redact]")]


def test_an_empty_attribute_is_not_provisioned() -> None:
    stage = Stage.of("hire ana jobTitle=Lead; assign ana")
    stage.cycle()
    stage.script("set ana jobTitle=")
    stage.cycle()
    assert stage.target.user("ana")["title"] == "Lead"
    stage.job.restart()
    assert stage.cycle().counts.writes == 0


def test_with_the_switch_an_empty_attribute_is_removed() -> None:
    stage = Stage.of("hire ana jobTitle=Lead; assign ana", switches={"clearing": "remove"})
    stage.cycle()
    stage.sent()
    stage.script("set ana jobTitle=")
    stage.cycle()
    assert stage.sent() == ["GET /Users/ana", "PATCH /Users/ana Remove title=None"]


def test_groups_come_and_go_with_their_members_one_request_for_many() -> None:
    stage = Stage.of(TEAM)
    stage.cycle()
    stage.sent()
    stage.script("hire eve; assign eve; join Ops eve; leave Ops bob")
    stage.cycle()
    assert stage.sent() == [
        'GET /Users?filter=userName eq "eve"',
        "POST /Users",
        "GET /Users/bob",
        "GET /Groups/Ops",
        "PATCH /Groups/Ops Add members=eve",
        "PATCH /Groups/Ops Remove members=bob",
    ]
    assert stage.target.members("Ops") == {"ana", "eve"}


def test_members_come_in_batches() -> None:
    people = [f"p{chr(97 + at)}" for at in range(7)]
    hired = ";".join(f"hire {name}; assign {name}" for name in people)
    stage = Stage.of(f"{hired}; group Ops; assign Ops; join Ops {' '.join(people)}", settings={"batch": 3})
    stage.cycle()
    adds = [line for line in stage.sent() if "Add members" in line]
    assert [line.count(",") + 1 for line in adds] == [3, 3, 1]
    assert stage.target.members("Ops") == set(people)


def test_the_log_tells_each_member_and_manager_that_came_or_went() -> None:
    stage = Stage.of(TEAM)
    stage.cycle()
    bob = stage.target.user("bob")["id"]
    (event,) = [one for one in stage.events("ana") if any(m.display_name == "manager" for m in one.modified)]
    assert [(each.old, each.new) for each in event.modified] == [(None, bob)]
    assert event.action is Action.UPDATE
    assert event.change == stage.events("ana")[0].change
    stage.script("leave Ops bob; manager ana none")
    stage.cycle()
    assert [(each.old, each.new) for each in stage.last("Ops").modified] == [(bob, None)]
    assert [(each.old, each.new) for each in stage.last("ana").modified] == [(bob, None)]


def test_a_group_that_is_assigned_late_gets_all_its_members_also_where_it_is_matched() -> None:
    stage = Stage.of(f"{TWO}; group Ops; join Ops ana bob")
    stage.target.add("Groups", displayName="Ops", externalId="other")
    stage.cycle()
    assert stage.target.members("Ops") == set()
    stage.script("assign Ops")
    stage.cycle()
    assert stage.target.members("Ops") == {"ana", "bob"}


def test_members_of_an_assigned_group_are_provisioned_with_its_role() -> None:
    stage = Stage.of("hire ana; group Ops; assign Ops; join Ops ana")
    stage.cycle()
    assert stage.target.members("Ops") == {"ana"}
    stage.script("leave Ops ana")
    stage.cycle()
    assert stage.target.user("ana")["active"] is False
    assert stage.target.members("Ops") == set()


def test_a_nested_group_is_neither_expanded_nor_read_for_assignment() -> None:
    stage = Stage.of("hire ana; hire bob; group Outer; group Inner; assign Outer; join Inner bob; join Outer ana Inner")
    stage.cycle()
    assert [each["userName"] for each in stage.target.resources["Users"].values()] == ["ana@fabrik.example"]
    assert [each["displayName"] for each in stage.target.resources["Groups"].values()] == ["Outer"]
    assert stage.target.members("Outer") == {"ana"}


def test_a_nested_group_that_is_assigned_itself_is_sent_as_one_member() -> None:
    stage = Stage.of("hire bob; group Outer; group Inner; assign Outer; assign Inner; join Inner bob; join Outer Inner")
    stage.cycle()
    assert stage.target.members("Outer") == {"Inner"}
    assert stage.target.members("Inner") == {"bob"}


def test_a_member_that_comes_into_scope_later_waits_for_a_restart() -> None:
    stage = Stage.of("hire ana; hire bob; assign bob; group Ops; assign Ops; join Ops bob")
    stage.configure(user={"scope": only(department="Ops")})
    stage.script("set bob department=Ops; set ana department=Law; join Ops ana")
    stage.cycle()
    assert stage.target.members("Ops") == {"bob"}
    stage.script("move ana Ops")
    stage.cycle()
    stage.cycle()
    assert stage.target.members("Ops") == {"bob"}
    stage.job.restart()
    stage.cycle()
    assert stage.target.members("Ops") == {"ana", "bob"}


def test_a_manager_that_comes_into_scope_later_waits_for_a_restart() -> None:
    stage = Stage.of("hire ana; assign ana; hire bob; manager ana bob")
    stage.cycle()
    stage.script("assign bob")
    stage.cycle()
    assert "manager" not in stage.target.user("ana").get(ENTERPRISE, {})
    stage.job.restart()
    stage.cycle()
    assert stage.target.user("ana")[ENTERPRISE]["manager"] == {"value": stage.target.user("bob")["id"]}


def test_a_manager_that_stands_there_already_is_not_sent_again() -> None:
    stage = Stage.of(TWO)
    stage.cycle()
    stage.sent()
    stage.job.restart()
    stage.cycle()
    assert all(line.startswith("GET") for line in stage.sent())


def test_a_target_is_asked_for_references_where_the_switch_says_so() -> None:
    stage = Stage.of(TEAM, switches={"reference-check": "on"})
    stage.cycle()
    sent = stage.sent()
    assert 'GET /Users?filter=id eq "ana" and manager eq "bob"&attributes=id' in sent
    assert 'GET /Groups?filter=id eq "Ops" and members eq "bob"&attributes=id' in sent
    assert stage.target.members("Ops") == {"ana", "bob"}


def test_groups_that_are_switched_off_are_not_looked_at() -> None:
    stage = Stage.of(TEAM, group={"enabled": False})
    stage.cycle()
    assert stage.target.resources["Groups"] == {}
    stage.configure()
    stage.cycle()
    assert stage.target.members("Ops") == {"ana", "bob"}


def test_guests_are_provisioned_by_the_name_without_what_their_directory_adds() -> None:
    original = AttributeMapping("title", source="originalUserPrincipalName")
    stage = Stage.of("hire ana_partner.example#EXT#@fabrik.example", users=(*USERS[:3], original))
    stage.everyone()
    stage.cycle()
    found = stage.target.user("ana_")
    assert found["userName"] == "ana_partner.example"
    assert found["title"] == "ana_partner.example#EXT#@fabrik.example"
    stage.script("set ana_partner.example#EXT#@fabrik.example userPrincipalName=ana_p2.example#EXT#@fabrik.example")
    stage.cycle()
    assert stage.target.user("ana_")["title"] == "ana_p2.example#EXT#@fabrik.example"


@pytest.mark.parametrize("workers", [1, 4])
def test_a_cycle_does_the_same_with_several_requests_under_way(workers: int) -> None:
    hired = ";".join(f"hire p{chr(97 + at)}; assign p{chr(97 + at)}" for at in range(20))
    stage = Stage.of(f"{hired}; group Ops; assign Ops; join Ops pa pb pc")
    stage.app = replace(stage.app, settings=replace(stage.app.settings, concurrency=workers))
    assert stage.cycle().counts.created == 21
    assert stage.target.members("Ops") == {"pa", "pb", "pc"}
    assert stage.cycle().counts.requests == 0


def test_progress_is_told_object_by_object() -> None:
    stage, told = Stage.of(TEAM), list[tuple[str, int, int]]()
    job = stage.job
    job.on_progress = lambda *where: told.append(where)
    job.run_cycle()
    assert told == [("User", 1, 3), ("User", 2, 3), ("Group", 3, 3)]
