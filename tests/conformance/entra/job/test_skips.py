"""Every reason for which nothing is sent, and how the log tells it."""

from __future__ import annotations

import pytest

from conformance.entra.application.model import SyncScope
from conformance.entra.log.model import Action, Status, StepType
from conformance.entra.mapping.model import Flow
from tests.conformance.entra.job.stage import Stage, only

ADD, UPDATE, DELETE = Flow.ADD, Flow.UPDATE, Flow.DELETE


def _skipped(stage: Stage, who: str, reason: str) -> None:
    event = stage.last(who)
    assert (event.status, event.action, event.skip_reason) == (Status.SKIPPED, Action.OTHER, reason)
    shown = event.steps[-1].details
    assert shown["SkipReason"] == reason
    if reason != "ImportSkipped":
        assert shown.keys() == {"SkipReason", "IsActive", "Assigned", "IsInProvisioningScopeDisplayName"}
    assert stage.sent() == []


@pytest.mark.parametrize(
    ("script", "details"),
    [
        ("hire ana", {"IsActive": "True", "Assigned": "False", "IsEffectivelyEntitledForProvisioning": "False"}),
        (
            'hire ana; assign ana "Default Access"',
            {"IsActive": "True", "Assigned": "True", "IsEffectivelyEntitledForProvisioning": "False"},
        ),
        (
            "hire ana accountEnabled=false; assign ana",
            {"IsActive": "False", "Assigned": "True", "IsEffectivelyEntitledForProvisioning": "True"},
        ),
        (
            "hire ana; assign ana; delete ana",
            {"IsActive": "False", "Assigned": "True", "IsEffectivelyEntitledForProvisioning": "True"},
        ),
    ],
)
def test_who_is_not_effectively_entitled(script: str, details: dict[str, str]) -> None:
    stage = Stage.of(script)
    result = stage.cycle()
    _skipped(stage, "ana", "NotEffectivelyEntitled")
    scoping = stage.last("ana").steps[1]
    assert (scoping.type, scoping.status) == (StepType.SCOPING, Status.SKIPPED)
    assert {**scoping.details, **details} == scoping.details
    assert (result.counts.skipped, result.counts.created) == (1, 0)


@pytest.mark.parametrize(
    "script",
    ["group Ops", 'group Ops; assign Ops "Default Access"', "group Ops; assign Ops; set Ops securityEnabled=false"],
)
def test_a_group_is_assigned_to_a_role_of_its_own_and_security_enabled(script: str) -> None:
    stage = Stage.of(script)
    stage.cycle()
    _skipped(stage, "Ops", "NotEffectivelyEntitled")


def test_default_access_entitles_where_the_switch_says_so() -> None:
    stage = Stage.of(
        'hire ana; assign ana "Default Access"; group Ops; assign Ops "Default Access"',
        switches={"default-access": "any-role"},
    )
    assert stage.cycle().counts.created == 2


def test_default_access_beside_another_role_does_no_harm() -> None:
    stage = Stage.of('hire ana; assign ana "Default Access"; assign ana')
    assert stage.cycle().counts.created == 1


def test_with_all_users_and_groups_nobody_has_to_be_assigned() -> None:
    stage = Stage.of("hire ana; group Ops; set Ops securityEnabled=false", scope=SyncScope.ALL)
    assert stage.cycle().counts.created == 2
    assert stage.events("ana")[0].steps[1].details["SyncAll"] == "True"


def test_who_passes_no_filter_is_out_of_scope() -> None:
    stage = Stage.of("hire ana department=Law; assign ana", user={"scope": only(department="Ops", country="FR")})
    stage.cycle()
    _skipped(stage, "ana", "OutOfScope")
    details = stage.last("ana").steps[1].details
    assert details["only: department EQUALS Ops"] == details["only: country EQUALS FR"] == "False"
    assert details["IsInProvisioningScopeDisplayName"] == details["ScopeEvaluationResult"] == "False"


def test_a_group_may_be_left_out_by_a_filter_too() -> None:
    stage = Stage.of("group Ops; assign Ops", group={"scope": only(displayName="Law")})
    stage.cycle()
    _skipped(stage, "Ops", "OutOfScope")


@pytest.mark.parametrize(
    ("flows", "there", "reason"),
    [({UPDATE, DELETE}, False, "AddNotEnabled"), ({DELETE}, False, "AddNotEnabled"), ({ADD}, True, "UpdateNotEnabled")],
)
def test_what_the_object_mapping_does_not_do(flows: set[Flow], reason: str, *, there: bool) -> None:
    stage = Stage.of("hire ana; assign ana", user={"flows": frozenset(flows)})
    if there:
        stage.target.add("Users", userName="ana@fabrik.example", displayName="else", active=True)
    stage.cycle()
    assert all(line.startswith("GET") for line in stage.sent())
    _skipped(stage, "ana", reason)


def test_without_create_existing_resources_are_kept_up_to_date() -> None:
    stage = Stage.of("hire ana; assign ana", user={"flows": frozenset({UPDATE})})
    stage.target.add("Users", userName="ana@fabrik.example", displayName="else", active=True)
    stage.cycle()
    assert stage.target.user("ana")["displayName"] == "ana"


def test_without_update_a_linked_object_stays_as_it_is() -> None:
    stage = Stage.of("hire ana; assign ana", user={"flows": frozenset({ADD})})
    stage.cycle()
    stage.sent()
    stage.script('rename ana "Ana Lima"')
    stage.cycle()
    _skipped(stage, "ana", "UpdateNotEnabled")


def test_an_import_is_skipped_where_no_matching_attribute_has_a_value_before_scope_is_looked_at() -> None:
    stage = Stage.of("hire ana; set ana userPrincipalName= displayName=Ana")
    result = stage.cycle()
    event = stage.last("Ana")
    _skipped(stage, "Ana", "ImportSkipped")
    assert [step.type for step in event.steps] == [StepType.IMPORT, StepType.PROCESSING]
    assert event.problem is not None
    assert event.problem.code == "ImportSkipped"
    assert (result.state, result.counts.failed, stage.state.escrows()) == ("Succeeded", 0, [])
    stage.script("set Ana userPrincipalName=ana@fabrik.example; assign ana")
    assert stage.cycle().counts.created == 1


def test_who_is_equal_already_is_redundant() -> None:
    stage = Stage.of("hire ana; assign ana")
    stage.cycle()
    stage.job.restart()
    result = stage.cycle()
    assert (stage.last().skip_reason, stage.last().target_id) == ("RedundantExport", "u-1")
    assert (result.counts.skipped, result.counts.unchanged) == (1, 1)
