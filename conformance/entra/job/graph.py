"""The job in the words of Graph: synchronizationJob and what it consists of (GRAPH, API)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from conformance.entra.job.engine import PRUNED, Job
from conformance.entra.job.model import CycleKind, CycleResult
from conformance.entra.job.noted import Noted, noted
from conformance.entra.job.progress import progress


def synchronization_job(job: Job) -> dict[str, Any]:
    """The job as Graph's synchronizationJob; moments are datetimes."""
    settings, now = job.application.settings, progress(job)
    return {
        "id": now.job,
        "templateId": "scim",
        "schedule": {
            "state": now.status if now.status in {"Disabled", "Paused"} else "Active",
            "interval": duration(settings.interval),
            "expiration": None,
        },
        "status": {
            "code": now.status,
            "escrowsPruned": job.state.setting(PRUNED) is not None,
            **_history(job.state.cycles()),
            "progress": _progress(noted(job.state)),
            "quarantine": _quarantine(now.quarantine),
            "synchronizedEntryCountByType": [{"key": kind, "value": count} for kind, count in now.linked.items()],
            "troubleshootingUrl": None,
        },
        "synchronizationJobSettings": [
            {"name": "QuarantineTooManyDeletesThreshold", "value": str(settings.deletions or "")},
            {"name": "SkipOutOfScopeDeletions", "value": str(settings.skip_out_of_scope_deletions)},
        ],
    }


def _history(results: Sequence[CycleResult]) -> dict[str, Any]:
    """What the executions tell: the steady state is one in which a cycle finds nothing to export."""
    succeeded = [each for each in results if each.state != "Failed"]
    exporting = [each for each in succeeded if each.counts.exported]
    steady = [each.ended for each in succeeded if each.state == "Succeeded" and not each.counts.exported]
    last = max((at for at, each in enumerate(results, 1) if each.state != "Failed"), default=0)
    return {
        "countSuccessiveCompleteFailures": len(results) - last,
        "lastExecution": _execution(results[-1]) if results else None,
        "lastSuccessfulExecution": _execution(succeeded[-1]) if succeeded else None,
        "lastSuccessfulExecutionWithExports": _execution(exporting[-1]) if exporting else None,
        "steadyStateFirstAchievedTime": steady[0] if steady else None,
        "steadyStateLastAchievedTime": steady[-1] if steady else None,
    }


def _progress(seen: Noted | None) -> list[dict[str, Any]]:
    if seen is None:
        return []
    done = {"completedUnits": seen.completed, "totalUnits": seen.total, "units": "pages"}
    return [{**done, "progressObservationDateTime": seen.at}]


def duration(found: timedelta) -> str:
    """The ISO 8601 form of a duration, PT40M for example."""
    minutes, seconds = divmod(int(found.total_seconds()), 60)
    return f"PT{minutes}M" + (f"{seconds}S" if seconds else "")


def _execution(result: CycleResult) -> dict[str, Any]:
    """Graph's synchronizationTaskExecution."""
    counts = result.counts
    escrowed = counts.failed + counts.reference_failed + counts.staged
    return {
        "activityIdentifier": result.id,
        "countEntitled": counts.entitled,
        "countEntitledForProvisioning": counts.entitled,
        "countEscrowed": escrowed,
        "countEscrowedRaw": escrowed,
        "countExported": counts.exported,
        "countExports": counts.exported,
        "countImported": counts.imported,
        "countImportedDeltas": counts.imported if result.kind is CycleKind.INCREMENTAL else 0,
        "error": {"code": result.error.partition(":")[0], "message": result.error} if result.error else None,
        "state": result.state,
        "timeBegan": result.began,
        "timeEnded": result.ended,
    }


def _quarantine(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Graph's synchronizationQuarantine."""
    if found is None:
        return None
    return {
        "currentBegan": found["began"],
        "nextAttempt": found["next_attempt"],
        "reason": found["reason"],
        "seriesBegan": found["series_began"],
        "seriesCount": found["series_count"],
        "error": {"code": found["error_code"], "message": found["error_message"], "tenantActionable": True},
    }
