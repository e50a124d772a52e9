"""When a failed object is tried again (HOW: with growing distance)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from conformance.entra.directory.model import Kind
from conformance.entra.job.model import Escrow
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
    pending: Mapping[str, object] | None = None,
) -> Escrow:
    """The escrow of an object that failed, perhaps again.

    The first retry comes with the next cycle, each further one after twice the time, a day at most; the formula of the
    service is in no source.
    """
    attempts = before.attempts + 1 if before else 1
    wait = min(interval * (1 << min(attempts - 1, 16)), LONGEST)
    first = before.first if before else now
    return Escrow(source_id, kind, found.code, reference, attempts, first, now + wait, pending or {})


def staged(source_id: str, kind: Kind, now: datetime) -> Escrow:
    """A deletion that waits until an administrator allows it (ACC)."""
    return Escrow(source_id, kind, STAGED, reference=False, attempts=0, first=now, next_attempt=NEVER)
