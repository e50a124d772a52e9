"""When a job goes into quarantine, and when it is tried again (QUAR)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from conformance.entra.application.model import QuarantineRules
from conformance.entra.dialect import Dialect
from conformance.entra.job.model import Counts, Quarantine

STEPS: Final[Sequence[timedelta]] = (timedelta(hours=6), timedelta(hours=12), timedelta(hours=24))
"""The distance of the retries; the last one repeats."""
INTERVAL: Final = timedelta(minutes=40)
"""The distance of the first retry where they become rarer gradually: that of cycles."""
CREDENTIALS: Final = "EncounteredQuarantineException"
BASE: Final = "EncounteredBaseEscrowThreshold"
TOTAL: Final = "EncounteredTotalEscrowThreshold"
SHARE: Final = "EncounteredEscrowProportionThreshold"
TOO_MANY_DELETES: Final = "TooManyDeletes"


def reason_of(counts: Counts, rules: QuarantineRules) -> str:
    """Graph's reason why a cycle with these counts puts the job into quarantine, "" if it does not.

    Failures of references count for the total only. The share is one of failures and successes; what was left out, or
    staged, is neither.
    """
    failed, total = counts.failed, counts.failed + counts.reference_failed
    if total < rules.evaluated_from:
        return ""
    if failed > rules.failures:
        return BASE
    if total > rules.total:
        return TOTAL
    events = counts.imported - counts.staged - (counts.skipped - counts.unchanged)
    return SHARE if failed >= rules.evaluated_from and failed / events > rules.share else ""


def begin(reason: str, now: datetime, dialect: Dialect, *, code: str = "", message: str = "") -> Quarantine:
    """A new quarantine."""
    return Quarantine(reason, now, now + distance(0, dialect), now, 0, code, message)


def again(found: Quarantine, reason: str, now: datetime, dialect: Dialect, *, code: str, message: str) -> Quarantine:
    """The quarantine after another retry has failed, perhaps for another reason."""
    count = found.series_count + 1
    began = found.began if reason == found.reason else now
    return Quarantine(reason, began, now + distance(count, dialect), found.series_began, count, code, message)


def distance(retries: int, dialect: Dialect) -> timedelta:
    """The time until the next retry after so many of them."""
    if dialect["quarantine-retries"] == "gradual":
        return min(INTERVAL * (1 << min(retries, 16)), STEPS[-1])
    return STEPS[min(retries, len(STEPS) - 1)]


def end(found: Quarantine, rules: QuarantineRules) -> datetime:
    """The moment at which the job is disabled."""
    return found.series_began + rules.disabled_after
