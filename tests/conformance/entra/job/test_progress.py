"""What the portal and Graph show of a job (WHEN, GRAPH, API)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conformance.entra.job.graph import duration, synchronization_job
from conformance.entra.job.model import ResetScope
from conformance.entra.job.noted import Noted
from conformance.entra.job.progress import progress
from conformance.entra.log.summary import Names
from tests.conformance.entra.job.stage import Stage

TEAM = "hire ana; assign ana; hire bob; assign bob; group Ops; assign Ops; join Ops ana"


def test_a_new_job_has_not_run() -> None:
    shown = progress(Stage().job)
    assert (shown.status, shown.cycle, shown.cycles, shown.percentage) == ("NotRun", "", 0, 100)
    assert (shown.linked, shown.last, shown.to_date, shown.quarantine) == ({"User": 0, "Group": 0}, {}, {}, None)


def test_after_a_cycle_kind_counts_and_ids_are_shown() -> None:
    stage = Stage.of(TEAM)
    result = stage.cycle()
    shown = progress(stage.job)
    assert (shown.status, shown.cycle, shown.percentage, shown.activity) == ("Active", "initial", 100, result.id)
    assert shown.linked == {"User": 2, "Group": 1}
    assert shown.last["created"] == shown.to_date["created"] == 3
    assert shown.job.startswith("scim.")
    stage.script("hire eve; assign eve")
    stage.cycle()
    shown = progress(stage.job)
    assert (shown.cycle, shown.cycles, shown.last["created"], shown.to_date["created"]) == ("incremental", 2, 1, 4)


def test_deletions_do_not_shrink_the_connector_data_store_until_it_is_reset() -> None:
    stage = Stage.of(TEAM)
    stage.cycle()
    stage.script("purge bob; unassign Ops")
    stage.cycle()
    stage.script("assign Ops")
    stage.cycle()
    assert progress(stage.job).linked == {"User": 2, "Group": 1}
    stage.job.restart([ResetScope.FULL])
    stage.cycle()
    assert progress(stage.job).linked == {"User": 1, "Group": 1}


@pytest.mark.parametrize(
    ("done", "of", "completed", "total"),
    [(0, 0, 0, 0), (0, 250, 0, 3), (99, 250, 0, 3), (249, 250, 2, 3), (3, 3, 1, 1)],
)
def test_the_percentage_counts_pages(done: int, of: int, completed: int, total: int) -> None:
    noted = Noted("a", "initial", done, of, Stage().clock.now())
    assert (noted.completed, noted.total) == (completed, total)


def test_a_cycle_that_was_stopped_shows_how_far_it_came() -> None:
    names = [f"p{one}{two}" for one in "abcdefghij" for two in "abcdefghijklmnopqrstuvwxyz"]
    stage = Stage.of(";".join(f"hire {name}; assign {name}" for name in names))
    ordered = sorted(names, key=stage.id)
    stage.target.fail(401, ordered[130])
    stage.cycle()
    shown = progress(stage.job)
    assert (shown.status, shown.completed, shown.total, shown.percentage) == ("Quarantine", 1, 3, 33)


def test_the_job_in_the_words_of_graph() -> None:
    stage = Stage.of(TEAM, settings={"deletions": 500})
    first, second = stage.cycle(), stage.cycle()
    found = synchronization_job(stage.job)
    assert found["id"] == Names("Planner").job
    assert found["schedule"] == {"state": "Active", "interval": "PT40M", "expiration": None}
    status = found["status"]
    assert (status["code"], status["countSuccessiveCompleteFailures"], status["escrowsPruned"]) == ("Active", 0, False)
    assert status["lastExecution"]["activityIdentifier"] == second.id
    exported = status["lastSuccessfulExecutionWithExports"]
    assert exported["activityIdentifier"] == first.id
    assert (exported["countImported"], exported["countEntitled"], exported["countExports"]) == (3, 3, 4)
    assert status["steadyStateFirstAchievedTime"] == status["steadyStateLastAchievedTime"] == second.ended
    assert status["synchronizedEntryCountByType"] == [{"key": "User", "value": 2}, {"key": "Group", "value": 1}]
    assert status["progress"][0]["units"] == "pages"
    assert status["quarantine"] is None
    assert found["synchronizationJobSettings"][0] == {"name": "QuarantineTooManyDeletesThreshold", "value": "500"}


def test_a_quarantine_in_the_words_of_graph() -> None:
    stage = Stage.of(TEAM)
    stage.target.fail(401)
    first = stage.cycle()
    stage.cycle()
    status = synchronization_job(stage.job)["status"]
    assert (status["code"], status["countSuccessiveCompleteFailures"]) == ("Quarantine", 2)
    assert status["lastExecution"]["state"] == "Failed"
    assert status["lastSuccessfulExecution"] is None
    assert status["quarantine"] == {
        "currentBegan": first.began,
        "nextAttempt": first.began + timedelta(hours=18),
        "reason": "EncounteredQuarantineException",
        "seriesBegan": first.began,
        "seriesCount": 1,
        "error": {
            "code": "SystemForCrossDomainIdentityManagementCredentialValidationFailure",
            "message": status["quarantine"]["error"]["message"],
            "tenantActionable": True,
        },
    }


@pytest.mark.parametrize(("change", "state", "code"), [("pause", "Paused", "Paused"), ("start", "Active", "Active")])
def test_the_schedule_follows_the_status(change: str, state: str, code: str) -> None:
    stage = Stage()
    getattr(stage.job, change)()
    found = synchronization_job(stage.job)
    assert (found["schedule"]["state"], found["status"]["code"]) == (state, code)


def test_a_job_that_is_switched_off_is_disabled() -> None:
    stage = Stage.of(enabled=False)
    assert synchronization_job(stage.job)["schedule"]["state"] == "Disabled"


@pytest.mark.parametrize(("found", "text"), [({"minutes": 40}, "PT40M"), ({"hours": 2, "seconds": 5}, "PT120M5S")])
def test_durations_are_iso_8601(found: dict[str, int], text: str) -> None:
    assert duration(timedelta(**found)) == text
