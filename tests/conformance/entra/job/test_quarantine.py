"""Quarantine: what begins it, when it is tried again, how it ends (QUAR, GRAPH)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from conformance.entra.application.model import QuarantineRules
from conformance.entra.dialect import Dialect
from conformance.entra.job.model import Counts, CycleKind
from conformance.entra.job.quarantine import distance, reason_of
from conformance.entra.job.running import quiet, run_cycles
from tests.conformance.entra.job.stage import SMALL, Stage
from tests.conformance.entra.job.target import answer

HOURS, DAYS = timedelta(hours=1), timedelta(days=1)
CREDENTIALS = "EncounteredQuarantineException"
SHARE = "EncounteredEscrowProportionThreshold"
BASE = "EncounteredBaseEscrowThreshold"
TOTAL = "EncounteredTotalEscrowThreshold"
ANA = "hire ana; assign ana"


def _people(count: int, group: str = "") -> str:
    names = [f"p{chr(97 + at)}" for at in range(count)]
    hired = ";".join(f"hire {name}; assign {name}" for name in names)
    return f"{hired}; group {group}; assign {group}; join {group} {' '.join(names)}" if group else hired


@pytest.mark.parametrize(
    ("failed", "references", "successes", "reason"),
    [
        (4_000, 0, 0, ""),
        (4_999, 0, 1, ""),
        (5_000, 0, 7_499, SHARE),
        (5_000, 0, 7_500, ""),
        (30_000, 0, 5_000, SHARE),
        (20_000, 0, 100_000, ""),
        (45_000, 0, 1_000_000, BASE),
        (40_000, 0, 1_000_000, ""),
        (40_000, 21_000, 1_000_000, TOTAL),
        (40_000, 20_000, 1_000_000, ""),
        (0, 60_001, 1_000_000, TOTAL),
        (0, 6_000, 0, ""),
    ],
)
def test_the_documented_examples(failed: int, references: int, successes: int, reason: str) -> None:
    counts = Counts(imported=failed + successes, created=successes, failed=failed, reference_failed=references)
    assert reason_of(counts, QuarantineRules()) == reason


def test_who_was_left_out_is_neither_failure_nor_success() -> None:
    counts = Counts(imported=100_000, failed=5_000, created=1_000, skipped=94_000, unchanged=1_000)
    assert reason_of(counts, QuarantineRules()) == SHARE
    assert reason_of(Counts(imported=13_000, failed=5_000, skipped=8_000, unchanged=8_000), QuarantineRules()) == ""


def test_the_distances_of_the_retries() -> None:
    steps = [distance(count, Dialect()) / HOURS for count in range(5)]
    assert steps == [6, 12, 24, 24, 24]
    gradual = Dialect.of(flagged=False, chosen={"quarantine-retries": "gradual"})
    waits = [distance(count, gradual) for count in range(20)]
    assert waits == sorted(waits)
    assert waits[-1] == 24 * HOURS


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "Unauthorized"),
        (403, "InsufficientRights"),
        (404, "SystemForCrossDomainIdentityManagementServiceIncompatible"),
    ],
)
def test_a_bad_credential_and_no_scim_begin_it_at_once(status: int, code: str) -> None:
    stage = Stage.of(_people(26))
    stage.target.fail(status)
    result = stage.cycle()
    found = stage.state.quarantine
    assert found is not None
    assert (found.reason, found.error_code) == (CREDENTIALS, code)
    assert (result.state, len(stage.sent())) == ("Failed", 1)
    assert result.error.startswith(f"{code}: ")
    assert stage.state.watermark is None
    assert stage.state.escrows() == []
    assert found.next_attempt - found.began == 6 * HOURS


def test_with_several_requests_under_way_those_not_begun_are_left() -> None:
    stage = Stage.of(_people(26))
    stage.app = replace(stage.app, settings=replace(stage.app.settings, concurrency=2))
    stage.target.fail(401)
    stage.cycle()
    assert len(stage.sent()) <= 4


def test_a_credential_that_expires_in_mid_cycle_ends_it_and_the_next_one_goes_on() -> None:
    stage = Stage.of(_people(10, "Ops"))
    stage.target.fail(401, "pf")
    result = stage.cycle()
    assert (result.state, result.counts.created) == ("Failed", 5)
    stage.target.faults.clear()
    result = stage.cycle()
    assert (result.kind, result.state, result.counts.created) == (CycleKind.INITIAL, "Succeeded", 6)
    assert stage.state.quarantine is None
    assert len(stage.target.members("Ops")) == 10
    assert len(stage.target.resources["Users"]) == 10


def test_a_reference_that_is_refused_ends_the_cycle_too() -> None:
    stage = Stage.of(_people(3, "Ops"))
    stage.target.fail(401, "Add members")
    assert stage.cycle().state == "Failed"
    stage.target.faults.clear()
    stage.cycle()
    assert len(stage.target.members("Ops")) == 3


def test_retries_come_after_6_12_and_24_hours_then_daily_until_the_28th_day() -> None:
    stage = Stage.of(ANA)
    stage.target.fail(401)
    began = stage.cycle().began
    moments = [each.began for each in run_cycles(stage.job, 1_000)]
    hours = [(moment - began) / HOURS for moment in moments]
    assert hours[:4] == [6, 18, 42, 66]
    assert hours[-1] == 666
    assert len(hours) == 2 + 27
    assert stage.clock.now() - began == 28 * DAYS
    assert stage.state.status == "Disabled"
    assert stage.job.due() is None
    assert stage.job.run_cycle() is None
    assert [subject for subject, *_ in stage.mails] == [
        "Provisioning of Planner is in quarantine",
        "Provisioning of Planner is disabled",
    ]


def test_each_retry_tests_the_connection_and_sends_nothing_else() -> None:
    stage = Stage.of(ANA)
    stage.target.fail(401)
    stage.cycle()
    stage.sent()
    result = stage.cycle()
    (line,) = stage.sent()
    assert line.startswith("GET /Users?filter=userName eq ")
    assert (result.state, result.counts) == ("Failed", Counts())
    found = stage.state.quarantine
    assert found is not None
    assert found.series_count == 1


def test_it_is_not_tried_before_its_time() -> None:
    stage = Stage.of(ANA)
    stage.target.fail(401)
    stage.cycle()
    stage.sent()
    stage.clock.advance(5 * HOURS)
    assert stage.job.run_cycle() is None
    assert stage.sent() == []


def test_a_retry_that_succeeds_lifts_it() -> None:
    stage = Stage.of(ANA)
    stage.target.fail(401, times=1)
    stage.cycle()
    result = stage.cycle()
    assert (result.state, result.counts.created, stage.state.quarantine) == ("Succeeded", 1, None)
    quarantined = [event.details for event in stage.state.audit() if event.activity == "Quarantine"]
    assert quarantined == [{"reason": CREDENTIALS, "error": "Unauthorized"}, {"state": "lifted"}]


def test_mail_is_written_at_entry_and_when_the_reason_changes() -> None:
    stage = Stage.of(_people(8), settings={"quarantine": SMALL})
    stage.target.fail(409, "POST")
    stage.cycle()
    stage.cycle()
    found = stage.state.quarantine
    assert found is None  # what failed was pruned in the initial cycle, so the retry finds nothing to do
    stage.job.restart()
    stage.cycle()
    assert len(stage.mails) == 2
    stage.target.fail(401)
    stage.cycle()
    stage.cycle()
    assert [text.splitlines()[0] for _, text, _ in stage.mails] == [SHARE, SHARE, CREDENTIALS]
    found = stage.state.quarantine
    assert found is not None
    assert found.began > found.series_began


@pytest.mark.parametrize(
    ("failing", "people", "reason"),
    [(3, 3, ""), (4, 10, ""), (5, 10, SHARE), (11, 26, BASE), (10, 25, "")],
)
def test_small_thresholds_count_as_the_large_ones(failing: int, people: int, reason: str) -> None:
    stage = Stage.of(_people(people), settings={"quarantine": SMALL})
    refused = {f"p{chr(97 + at)}@fabrik.example" for at in range(failing)}
    stage.target.faults.append(lambda request: answer(409) if (request.body or {}).get("userName") in refused else None)
    stage.cycle()
    found = stage.state.quarantine
    assert (found.reason if found else "") == reason


def test_references_count_for_the_total_only() -> None:
    rules = QuarantineRules(evaluated_from=4, failures=10, total=5)
    names = [f"p{chr(97 + at)}" for at in range(8)]
    managed = ";".join(f"manager {name} pa" for name in names[1:])
    stage = Stage.of(f"{_people(8)};{managed}", settings={"quarantine": rules})
    stage.target.fail(500, "manager")
    result = stage.cycle()
    assert (result.counts.failed, result.counts.reference_failed) == (0, 7)
    found = stage.state.quarantine
    assert found is not None
    assert found.reason == TOTAL


def test_the_initial_cycle_goes_on_to_its_end_and_prunes_what_failed() -> None:
    stage = Stage.of(_people(8, "Ops"), settings={"quarantine": SMALL})
    stage.target.fail(409, "POST /Users", times=5)
    result = stage.cycle()
    assert (result.counts.created, result.counts.failed) == (4, 5)
    assert len(stage.target.members("Ops")) == 3
    assert stage.state.escrows() == []
    assert stage.state.setting("escrows-pruned") == "true"
    assert stage.state.watermark is not None


def test_an_incremental_cycle_keeps_what_failed_and_the_retry_does_it() -> None:
    stage = Stage.of("", settings={"quarantine": SMALL})
    stage.cycle()
    stage.script(_people(6))
    stage.target.fail(409, "POST")
    stage.cycle()
    assert len(stage.state.escrows()) == 6
    stage.target.faults.clear()
    result = stage.cycle()
    assert (result.counts.created, stage.state.quarantine) == (6, None)
    assert result.began - stage.state.cycles()[1].began == 6 * HOURS


def test_a_start_ends_it() -> None:
    stage = Stage.of(ANA)
    stage.target.fail(401, times=1)
    stage.cycle()
    stage.job.start()
    assert stage.state.quarantine is None
    assert stage.cycle().counts.created == 1


def test_a_job_that_was_disabled_can_be_started_again() -> None:
    stage = Stage.of(ANA)
    stage.target.fail(401)
    run_cycles(stage.job, 1_000)
    stage.target.faults.clear()
    stage.job.start()
    assert stage.cycle().counts.created == 1


def test_a_job_in_quarantine_is_not_quiet() -> None:
    stage = Stage.of(ANA)
    stage.target.fail(401)
    assert not quiet(stage.job, stage.cycle())
    results = run_cycles(stage.job, until_quiet=True)
    assert stage.state.status == "Disabled"
    assert len(results) == 29


def test_the_log_keeps_the_request_that_was_refused() -> None:
    stage = Stage.of(ANA)
    stage.target.fail(403, body={"detail": "no admin permission"})
    stage.cycle()
    event = stage.last()
    assert event.problem is not None
    assert event.problem.code == "InsufficientRights"
    assert "no admin permission" in event.problem.reason
