"""Cycle after cycle: between them the clock jumps to the moment the next one is due."""

from __future__ import annotations

from typing import Final

from conformance.entra.clock import VirtualClock
from conformance.entra.job.engine import Job
from conformance.entra.job.escrows import patient
from conformance.entra.job.model import CycleResult

MOST: Final = 1_000
"""Cycles after which a job that does not become quiet is left."""


def run_cycles(job: Job, cycles: int | None = None, *, until_quiet: bool = False) -> list[CycleResult]:
    """The results of so many cycles, of one where no number is given, or of all until a quiet one.

    It ends early where no cycle follows: paused, disabled, switched off.
    """
    results: list[CycleResult] = []
    most = cycles or (MOST if until_quiet else 1)
    while len(results) < most and (due := job.due()) is not None:
        if isinstance(job.clock, VirtualClock) and due > job.clock.now():
            job.clock.advance(due - job.clock.now())
        result = job.run_cycle()
        if result is None:
            break
        results.append(result)
        if until_quiet and quiet(job, result):
            break
    return results


def quiet(job: Job, result: CycleResult) -> bool:
    """Whether nothing was written, and nothing will change by itself.

    What waits for a person, and what has failed until it is tried once a day, is left; so is a job with staged
    deletions. One in quarantine for another reason is not quiet: it goes on until that is lifted, or it is disabled.
    """
    interval, found = job.application.settings.interval, job.state.quarantine
    if result.counts.writes or not all(patient(escrow, interval) for escrow in job.state.escrows()):
        return False
    return found is None or (result.state != "Failed" and bool(job.state.staged()))
