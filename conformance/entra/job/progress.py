"""What the portal shows of a job: kind of cycle, percentage, objects in the connector data store (WHEN, GRAPH)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from conformance.entra.directory.model import Kind
from conformance.entra.job.engine import Job
from conformance.entra.job.model import CycleResult
from conformance.entra.job.noted import noted
from conformance.entra.log.summary import Names


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of a job for people and programs.

    cycle: the kind of the cycle that runs or was the last. completed, total: pages of it. linked: users and groups in
    the connector data store, which deletions do not make fewer. last: the counts of the last cycle, `to_date` of all.
    """

    status: str
    cycle: str
    completed: int
    total: int
    linked: Mapping[str, int]
    cycles: int
    last: Mapping[str, int]
    to_date: Mapping[str, int]
    quarantine: Mapping[str, Any] | None
    job: str
    activity: str

    @property
    def percentage(self) -> int:
        """How much of the cycle is done."""
        return 100 * self.completed // self.total if self.total else 100


def progress(job: Job) -> Progress:
    """What there is to show now."""
    results, found, seen = job.state.cycles(), job.state.quarantine, noted(job.state)
    return Progress(
        status=code(job),
        cycle=seen.cycle if seen else "",
        completed=seen.completed if seen else 0,
        total=seen.total if seen else 0,
        linked={kind.value: job.state.count_entries(kind) for kind in Kind},
        cycles=len(results),
        last=asdict(results[-1].counts) if results else {},
        to_date=_sum(results),
        quarantine=asdict(found) if found else None,
        job=Names(job.application.name).job,
        activity=seen.activity if seen else "",
    )


def code(job: Job) -> str:
    """Graph's status code; Disabled for a job that was switched off, or was in quarantine for too long."""
    if job.state.quarantine is not None and job.state.status != "Disabled":
        return "Quarantine"
    return job.state.status if job.application.enabled else "Disabled"


def _sum(results: list[CycleResult]) -> dict[str, int]:
    counts = [asdict(each.counts) for each in results]
    return {name: sum(each[name] for each in counts) for name in (counts[0] if counts else {})}
