"""On-demand provisioning: five steps, its limits, and what it leaves alone (POD, COMPAT)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conformance.entra.errors import ProvisioningError
from conformance.entra.job.on_demand import provision_on_demand
from conformance.entra.log.model import Status
from conformance.entra.mapping.model import AttributeMapping, MappingType
from tests.conformance.entra.job.stage import USERS, Stage, only

ANA = "hire ana department=Ops; assign ana"
TEAM = ";".join(f"hire p{at}; assign p{at}" for at in "abcdef") + "; group Ops; assign Ops; join Ops pa pb pc pd pe pf"


def test_the_steps_are_import_scope_match_and_action() -> None:
    stage = Stage.of(ANA, user={"scope": only(department="Ops")})
    found = provision_on_demand(stage.job, "ana@fabrik.example")
    assert [(step.type, step.name) for step in found.steps] == [
        ("import", "EntryImportAdd"),
        ("scoping", "EntrySynchronizationScoping"),
        ("matching", "EntrySynchronizationAdd"),
        ("export", "EntryExportAdd"),
    ]
    assert found.ok
    scope, match, action = (step.details for step in found.steps[1:])
    assert scope == {
        "IsActive": "True",
        "Assigned": "True",
        "IsEffectivelyEntitledForProvisioning": "True",
        "IsInProvisioningScopeDisplayName": "True",
        "ScopeEvaluationResult": "True",
        "SyncAll": "False",
        "only: department EQUALS Ops": "True",
    }
    assert match == {"userName eq 'ana@fabrik.example'": "0"}
    assert action == {"ReportableIdentifier": "ana@fabrik.example"}


def test_one_or_several_matches_are_told_with_each_attribute_in_sequence() -> None:
    second = AttributeMapping("title", source="jobTitle", matching=2)
    stage = Stage.of(f"{ANA}; set ana jobTitle=Lead", users=(*USERS[:3], second))
    stage.target.add("Users", userName="x", displayName="x", title="Lead")
    (match,) = [step for step in provision_on_demand(stage.job, "ana").steps if step.type == "matching"]
    assert match.details == {"userName eq 'ana@fabrik.example'": "0", "title eq 'Lead'": "1"}
    assert match.description == "Resource u-1 matches."
    stage = Stage.of(ANA)
    for _ in range(2):
        stage.target.add("Users", userName="ana@fabrik.example", displayName="x")
    found = provision_on_demand(stage.job, "ana")
    assert not found.ok
    assert "has 2 hits" in found.steps[-1].description


def test_a_connection_that_fails_is_the_only_step() -> None:
    stage = Stage.of(ANA)
    stage.target.fail(401, body={"detail": "no"})
    found = provision_on_demand(stage.job, "ana")
    (step,) = found.steps
    assert (step.name, step.status, found.ok, found.events) == ("TestConnection", Status.FAILURE, False, ())
    code = "SystemForCrossDomainIdentityManagementCredentialValidationFailure"
    assert step.details == {"ErrorCode": code}
    assert step.description.startswith(code)
    assert stage.state.quarantine is None


def test_a_reference_follows_in_its_own_event() -> None:
    stage = Stage.of(f"{ANA}; hire bob; assign bob; manager ana bob")
    provision_on_demand(stage.job, "bob")
    found = provision_on_demand(stage.job, "ana")
    assert [step.type for step in found.steps][-1] == "referenceResolution"
    assert len(found.events) == 2
    assert stage.sent()[-1] == "PATCH /Users/ana Add manager=bob"


def test_watermark_and_escrows_stay_as_they_are() -> None:
    stage = Stage.of(ANA)
    provision_on_demand(stage.job, "ana")
    assert (stage.state.watermark, stage.state.status, stage.state.cycles()) == (None, "NotRun", [])
    stage.cycle()
    stage.script("hire bob; assign bob")
    stage.target.fail(409, "POST")
    assert not provision_on_demand(stage.job, "bob").ok
    assert stage.state.escrows() == []
    stage.cycle()
    before = stage.state.escrows()
    stage.target.faults.clear()
    assert provision_on_demand(stage.job, "bob").ok
    assert stage.state.escrows() == before


def test_it_works_while_the_job_is_paused() -> None:
    stage = Stage.of(ANA)
    stage.job.pause()
    assert provision_on_demand(stage.job, "ana").ok
    assert stage.target.user("ana")


def test_the_flag_has_no_effect() -> None:
    stage = Stage.of(ANA, tenant_url="https://planner.example/scim?aadOptscim062020")
    stage.cycle()
    stage.script("unassign ana")
    provision_on_demand(stage.job, "ana")
    assert stage.sent()[-1] == "PATCH /Users/ana Replace active=False"


def test_roles_are_left_out() -> None:
    roles = AttributeMapping(
        "roles", MappingType.EXPRESSION, "SingleAppRoleAssignment([appRoleAssignments])", multi_valued=True
    )
    stage = Stage.of(ANA, users=(*USERS, roles))
    provision_on_demand(stage.job, "ana")
    assert stage.target.user("ana")["roles"] == []
    stage.cycle()
    assert "roles" in stage.sent()[-1]


def test_who_was_unassigned_is_disabled_without_a_threshold() -> None:
    stage = Stage.of(ANA, settings={"deletions": 1})
    stage.cycle()
    stage.script("unassign ana")
    provision_on_demand(stage.job, "ana")
    assert stage.target.user("ana")["active"] is False


@pytest.mark.parametrize("event", ["disable ana", "delete ana"])
def test_who_is_disabled_or_deleted_cannot_be_picked(event: str) -> None:
    stage = Stage.of(f"{ANA}; {event}")
    with pytest.raises(ProvisioningError, match="ana is disabled or deleted, and cannot be picked"):
        provision_on_demand(stage.job, "ana")
    assert stage.sent() == []


@pytest.mark.parametrize("who", ["nobody", "Twin", ""])
def test_who_is_nobody_or_several_cannot_be_picked(who: str) -> None:
    stage = Stage.of("hire ana displayName=Twin; hire bob displayName=Twin")
    with pytest.raises(ProvisioningError, match="is nobody's id, userPrincipalName, mail or displayName, or several"):
        provision_on_demand(stage.job, who)


def test_a_group_comes_with_at_most_five_members() -> None:
    stage = Stage.of(TEAM)
    stage.cycle()
    with pytest.raises(ProvisioningError, match="Ops has 6 members; at most 5 of them"):
        provision_on_demand(stage.job, "Ops")
    with pytest.raises(ProvisioningError, match="at most 5"):
        provision_on_demand(stage.job, "Ops", [stage.id(f"p{at}") for at in "abcdef"])


def test_members_of_a_large_group_are_named() -> None:
    stage = Stage.of(f"{TEAM}; unassign Ops")
    stage.cycle()
    stage.script("assign Ops")
    assert provision_on_demand(stage.job, "Ops", ["pa", "pc@fabrik.example"]).ok
    assert stage.target.members("Ops") == {"pa", "pc"}


def test_a_small_group_comes_whole() -> None:
    stage = Stage.of(f"{TEAM}; leave Ops pf")
    stage.cycle()
    stage.job.restart()
    assert provision_on_demand(stage.job, "Ops").ok
    assert stage.target.members("Ops") == {"pa", "pb", "pc", "pd", "pe"}


def test_somebody_else_is_no_member() -> None:
    stage = Stage.of(f"{TEAM}; hire zoe")
    with pytest.raises(ProvisioningError, match="'zoe' is no member of Ops"):
        provision_on_demand(stage.job, "Ops", ["zoe"])
    with pytest.raises(ProvisioningError, match="pa is a user, and has no members"):
        provision_on_demand(stage.job, "pa", ["pb"])


def test_a_group_cannot_be_picked_where_groups_are_switched_off() -> None:
    stage = Stage.of(TEAM, group={"enabled": False})
    with pytest.raises(ProvisioningError, match="switched off"):
        provision_on_demand(stage.job, "Ops")


def test_five_requests_in_ten_seconds_are_taken() -> None:
    stage = Stage.of(ANA)
    for _ in range(5):
        provision_on_demand(stage.job, "ana")
        stage.clock.advance(timedelta(seconds=1))
    with pytest.raises(ProvisioningError, match="TooManyRequests: 5 requests in 10 seconds"):
        provision_on_demand(stage.job, "ana")
    stage.clock.advance(timedelta(seconds=5))
    assert provision_on_demand(stage.job, "ana").ok


def test_a_deleted_target_user_that_is_restored_may_be_made_twice() -> None:
    stage = Stage.of(ANA)
    stage.cycle()
    stage.target.user("ana")["userName"] = "ana.deleted@fabrik.example"  # what some targets do with who is deleted
    stage.job.restart()
    stage.script("unassign ana; assign ana")
    stage.state.drop_link(stage.id("ana"))
    provision_on_demand(stage.job, "ana")
    assert len(stage.target.resources["Users"]) == 2
