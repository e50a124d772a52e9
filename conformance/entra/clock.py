"""The time of a job: injected, so that a month of cycles runs in seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time of the job."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class VirtualClock:
    """A clock that only moves when it is told to."""

    moment: datetime = field(default_factory=lambda: datetime(2031, 3, 4, 9, 0, tzinfo=UTC))
    on_advance: Callable[[timedelta], None] | None = None

    def now(self) -> datetime:
        """The moment it stands at."""
        return self.moment

    def advance(self, by: timedelta) -> None:
        """Moves on; raises ValueError for a step backwards."""
        if by < timedelta():
            raise ValueError(f"a clock does not go back, not even by {-by}")
        self.moment += by
        if self.on_advance:
            self.on_advance(by)
