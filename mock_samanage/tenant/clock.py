"""Time, in microseconds since the epoch, UTC, from one injected source."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol

SECOND = 1_000_000
"""Microseconds in a second."""


class Clock(Protocol):
    """The one source of time of a server; accounts add their own offset to it."""

    def now(self) -> int:
        """The present moment in microseconds since the epoch, UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> int:
        """The present moment in microseconds since the epoch, UTC."""
        return time.time_ns() // 1000


class ManualClock:
    """A clock that stands still until it is advanced."""

    def __init__(self, now: int = 1_600_000_000 * SECOND) -> None:
        self._now = now

    def now(self) -> int:
        """The moment the clock was set to."""
        return self._now

    def advance(self, microseconds: int) -> None:
        """Moves the clock forward; ValueError if it would go back."""
        if microseconds < 0:
            raise ValueError("a clock only goes forward")
        self._now += microseconds


def moment(microseconds: int) -> datetime:
    """The moment as an aware datetime in UTC."""
    return datetime.fromtimestamp(microseconds // SECOND, UTC).replace(microsecond=microseconds % SECOND)


def timestamp(microseconds: int) -> str:
    """The moment as a dateTime in UTC with six digits of a second, such as `2026-01-31T09:00:00.000000Z`."""
    return moment(microseconds).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
