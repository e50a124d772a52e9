"""What was sent and answered, counted over the run and kept per check."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable

from hypothesis.control import current_build_context, currently_in_test_context

from conformance.model import Exchange

KEPT = 64


def searching() -> bool:
    """Whether the caller runs inside one example of a Hypothesis search."""
    return currently_in_test_context()


def _example() -> object | None:
    return current_build_context() if searching() else None


class Recorder:
    """Exchanges in order; the last 64 of the current check are kept as evidence.

    `total` counts the run's requests, `count` those since `begin`. Safe to share between threads.
    """

    def __init__(self) -> None:
        self.total = 0
        self.count = 0
        self._trace: deque[tuple[object | None, Exchange]] = deque(maxlen=KEPT)
        self._lock = threading.Lock()

    def begin(self) -> None:
        """A new check starts: nothing recorded before belongs to it."""
        with self._lock:
            self.count = 0
            self._trace.clear()

    def record(self, exchange: Exchange) -> None:
        """The exchange is counted and kept."""
        with self._lock:
            self.total += 1
            self.count += 1
            self._trace.append((_example(), exchange))

    def note(self, exchange: Exchange) -> None:
        """An earlier exchange, counted already, is evidence too."""
        with self._lock:
            self._trace.append((_example(), exchange))

    def recall(self, exchanges: Iterable[Exchange]) -> None:
        """Earlier exchanges, counted already, are the evidence from now on."""
        with self._lock:
            self._trace.clear()
            self._trace.extend((None, exchange) for exchange in exchanges)

    def evidence(self, last: Exchange | None = None, most: int = 12) -> tuple[Exchange, ...]:
        """The exchanges of this example, or of this check, up to `last`; the last `most` of them."""
        example = _example()
        with self._lock:
            mine = [exchange for key, exchange in self._trace if example is None or key is example]
        if last is not None and any(exchange is last for exchange in mine):
            mine = mine[: next(i for i, exchange in enumerate(mine) if exchange is last) + 1]
        elif last is not None:
            mine.append(last)
        return tuple(mine[-most:])
