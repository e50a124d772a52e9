"""When a failed object is tried again (HOW: with growing distance)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from conformance.entra.directory.model import Kind
from conformance.entra.job.model import Escrow, Pending
from conformance.entra.log.model import Problem

LONGEST: Final = timedelta(hours=24)
STAGED: Final = "StagedDelete"
NEVER: Final = datetime.max.replace(tzinfo=UTC)


def after_failure(
    before: Escrow | None,
    found: Problem,
    *,
    source_id: str,
    kind: Kind,
    now: datetime,
    interval: timedelta,
    reference: bool = False,
    pending: Pending | None = None,
) -> Escrow:
    """The escrow of an object that failed, perhaps again.

    The first retry comes with the next cycle, each further one after twice the time, a day at most; the formula of the
    service is in no source. pending: the references to do then; None leaves those of before.
    """
    attempts = before.attempts + 1 if before else 1
    first = before.first if before else now
    kept = pending if pending is not None else before.pending if before else Pending()
    return Escrow(source_id, kind, found.code, reference, attempts, first, now + distance(attempts, interval), kept)


def distance(attempts: int, interval: timedelta) -> timedelta:
    """The time until the next retry after so many failures."""
    return min(interval * (1 << min(attempts - 1, 16)), LONGEST)


def patient(escrow: Escrow, interval: timedelta) -> bool:
    """Whether it waits for a person, or has failed so often that it is tried once a day."""
    return escrow.next_attempt == NEVER or distance(escrow.attempts, interval) >= LONGEST


def settled(before: Escrow) -> Escrow | None:
    """The escrow once the object itself is provisioned: references that are still to do, or none."""
    return replace(before, reference=True) if before.pending else None


def staged(before: Escrow | None, source_id: str, kind: Kind, now: datetime) -> Escrow:
    """A deletion that waits until an administrator allows it (ACC)."""
    pending = before.pending if before else Pending()
    return Escrow(source_id, kind, STAGED, False, attempts=0, first=now, next_attempt=NEVER, pending=pending)
