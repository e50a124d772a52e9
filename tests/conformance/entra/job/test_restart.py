"""Restart with its scopes, pause and start, and what a changed configuration brings about (GRAPH, HOW, KNOWN)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.entra.application.model import AdminCredentials, SyncScope
from conformance.entra.errors import ProvisioningError
from conformance.entra.job.engine import known_scopes
from conformance.entra.job.model import CycleKind, ResetScope
from conformance.entra.job.running import run_cycles
from conformance.entra.mapping.model import AttributeMapping
from tests.conformance.entra.job.stage import USERS, Stage, only

ANA = "hire ana department=Ops; assign ana; group Ops; assign Ops; join Ops ana"


def _run(script: str = ANA, **wanted: object) -> Stage:
    stage = Stage.of(script, **wanted)
    stage.cycle()
    stage.sent()
    return stage


def _audit(stage: Stage) -> list[str]:
    return [event.activity for event in stage.state.audit()]


def test_the_button_of_the_portal_reads_everything_again_and_keeps_the_links() -> None:
    stage = _run()
    stage.job.restart()
    result = stage.cycle()
    assert result.kind is CycleKind.INITIAL
    assert stage.sent() == ["GET /Users/ana", "GET /Groups/Ops"]
    assert stage.state.audit()[-1].details == {"resetScope": "Escrows, QuarantineState, Watermark"}


def test_full_breaks_the_links_and_matches_again() -> None:
    stage = _run()
    stage.job.restart([ResetScope.FULL])
    stage.cycle()
    assert stage.sent() == [
        'GET /Users?filter=userName eq "ana"',
        'GET /Groups?filter=displayName eq "Ops"',
        "PATCH /Groups/Ops Add members=ana",
    ]
    assert len(stage.target.resources["Users"]) == 1


def test_the_watermark_alone_leaves_what_failed() -> None:
    stage = _run()
    stage.target.fail(409, "POST")
    stage.script("hire bob; assign bob")
    stage.cycle()
    stage.job.restart([ResetScope.WATERMARK])
    assert stage.state.watermark is None
    assert len(stage.state.escrows()) == 1


def test_escrows_alone_stop_the_retries() -> None:
    stage = _run()
    stage.target.fail(409, "POST")
    stage.script("hire bob; assign bob")
    stage.cycle()
    stage.sent()
    stage.job.restart([ResetScope.ESCROWS])
    stage.cycle()
    assert stage.sent() == []


def test_the_connector_data_store_alone_forgets_links_and_its_numbers() -> None:
    stage = _run()
    stage.job.restart([ResetScope.CONNECTOR_DATA_STORE])
    assert stage.state.link(stage.id("ana")) is None
    assert stage.state.watermark is not None
    stage.script("set ana city=Lyon")
    stage.cycle()
    assert stage.sent()[0] == 'GET /Users?filter=userName eq "ana"'


def test_the_quarantine_state_alone_ends_the_quarantine() -> None:
    stage = Stage.of(ANA)
    stage.target.fail(401, times=1)
    stage.cycle()
    stage.job.restart([ResetScope.QUARANTINE_STATE])
    assert stage.state.quarantine is None


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("", set()),
        ("Full", {ResetScope.FULL}),
        (" Escrows , Watermark,", {ResetScope.ESCROWS, ResetScope.WATERMARK}),
        ("ForceDeletes", {ResetScope.FORCE_DELETES}),
    ],
)
def test_scopes_come_in_a_list(text: str, scopes: set[ResetScope]) -> None:
    assert known_scopes(text) == scopes


def test_an_unknown_scope_is_told_with_the_known_ones() -> None:
    with pytest.raises(ProvisioningError, match="'full' is not a valid ResetScope; a reset scope is Connector"):
        known_scopes("full")


def test_a_paused_job_runs_no_cycle_and_goes_on_where_it_was() -> None:
    stage = _run()
    stage.job.pause()
    stage.script("set ana city=Lyon; rename ana 'Ana Lima'")
    assert stage.job.due() is None
    assert stage.job.run_cycle() is None
    assert run_cycles(stage.job, 3) == []
    stage.job.start()
    assert stage.cycle().kind is CycleKind.INCREMENTAL
    assert stage.target.user("ana")["displayName"] == "Ana Lima"


def test_a_pause_lets_the_cycle_end_that_runs() -> None:
    stage = Stage.of(ANA)
    job = stage.job
    job.on_progress = lambda *_: job.pause()
    result = job.run_cycle()
    assert result is not None
    assert result.counts.created == 2
    assert stage.state.status == "Paused"
    assert job.run_cycle() is None


def test_a_restart_starts_a_paused_job() -> None:
    stage = _run()
    stage.job.pause()
    stage.job.restart()
    assert stage.state.status == "Active"


def test_provisioning_can_be_switched_off() -> None:
    stage = _run()
    stage.app = replace(stage.app, enabled=False)
    assert (stage.job.due(), stage.job.run_cycle(), run_cycles(stage.job)) == (None, None, [])


def test_other_mappings_make_the_next_cycle_a_full_one() -> None:
    stage = _run("hire ana city=Lyon; assign ana")
    stage.configure(users=(*USERS, AttributeMapping("city", source="city")))
    assert stage.cycle().kind is CycleKind.INITIAL
    assert stage.target.user("ana")["city"] == "Lyon"
    assert _audit(stage)[-1] == "Update attribute mappings or scope"
    assert stage.cycle().kind is CycleKind.INCREMENTAL


def test_another_filter_makes_the_next_cycle_a_full_one_and_disables_who_falls_out() -> None:
    stage = _run()
    stage.configure(user={"scope": only(department="Law")})
    assert stage.cycle().kind is CycleKind.INITIAL
    assert stage.target.user("ana")["active"] is False


def test_the_same_mappings_in_another_process_change_nothing() -> None:
    stage = _run()
    stage.configure()
    assert stage.cycle().kind is CycleKind.INCREMENTAL


def test_from_everybody_to_those_assigned_it_changes_with_a_restart_only() -> None:
    stage = _run(f"{ANA}; hire bob", scope=SyncScope.ALL)
    assert len(stage.target.resources["Users"]) == 2
    stage.configure(scope=SyncScope.ASSIGNED)
    stage.script("hire eve; set bob city=Lyon")
    stage.cycle()
    assert stage.target.user("bob")["active"] is True
    assert stage.target.user("eve")
    stage.job.restart()
    stage.cycle()
    assert stage.target.user("bob")["active"] is stage.target.user("eve")["active"] is False
    assert stage.target.user("ana")["active"] is True


def test_from_those_assigned_to_everybody_it_changes_with_a_full_cycle() -> None:
    stage = _run(f"{ANA}; hire bob")
    stage.configure(scope=SyncScope.ALL)
    assert stage.cycle().kind is CycleKind.INITIAL
    assert stage.target.user("bob")["active"] is True


@pytest.mark.parametrize(
    "wanted",
    [
        {"credentials": AdminCredentials(token="another", migrated=True)},
        {"tenant_url": "https://planner.example/other"},
        {"settings": {"deletions": 5}},
        {"email": "ops@fabrik.example"},
        {"switches": {"clearing": "remove"}},
    ],
)
def test_other_settings_stand_in_the_audit_log_and_read_nothing_again(wanted: dict[str, object]) -> None:
    stage = _run()
    stage.configure(**wanted)
    assert stage.cycle().kind is CycleKind.INCREMENTAL
    assert _audit(stage)[-1] == "Update setting or credentials"


def test_no_secret_is_in_the_file_of_a_job() -> None:
    stage = _run()
    dump = "\n".join(stage.database.connection.iterdump())
    assert "secret" not in dump


def test_the_audit_log_tells_what_an_administrator_did() -> None:
    stage = _run()
    stage.job.pause()
    stage.job.start()
    stage.job.restart([ResetScope.FULL])
    assert _audit(stage) == [
        "Enable/start provisioning",
        "Disable/pause provisioning",
        "Enable/start provisioning",
        "Enable/restart provisioning",
    ]
    assert "ConnectorDataStore" in stage.state.audit()[-1].details["resetScope"]
