"""What the portal shows of a job: kind of cycle, percentage, objects in the connector data store (WHEN)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from conformance.entra.directory.model import Kind
from conformance.entra.job.engine import Job
from conformance.entra.log.summary import Names


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of a job for people and programs.

    linked: users and groups in the connector data store. last: the counts of the last cycle.
    """

    status: str
    cycle: str
    linked: Mapping[str, int]
    cycles: int
    last: Mapping[str, int]
    quarantine: Mapping[str, Any] | None
    job: str
    activity: str


def progress(job: Job) -> Progress:
    """What there is to show now."""
    cycles, found = job.state.cycles(), job.state.quarantine
    last = cycles[-1] if cycles else None
    return Progress(
        status="Quarantine" if found else job.state.status,
        cycle=last.kind if last else "",
        linked={kind.value: job.state.count_links(kind) for kind in Kind},
        cycles=len(cycles),
        last=asdict(last.counts) if last else {},
        quarantine=asdict(found) if found else None,
        job=Names(job.application.name).job,
        activity=last.id if last else "",
    )
