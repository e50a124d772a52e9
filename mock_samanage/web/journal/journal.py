"""The journal of one process: the ring that requests append to and the thread that empties it."""

from __future__ import annotations

import threading
import time
from collections import deque

from mock_samanage.web.journal.entries import Entry, RawExchange, entry
from mock_samanage.web.journal.heads import Heads
from mock_samanage.web.journal.redaction import Redactor
from mock_samanage.web.journal.shelf import Shelf, Wanted

RING = 10_000
"""Exchanges that wait to be written at most; beyond, the oldest are lost."""
INTERVAL = 0.2
"""Seconds between two rounds of the writer."""


class Journal:
    """Everything that was asked and answered; `append` costs the request path one append to a deque.

    Without a path the written entries are in a private temporary file; several processes share one by naming it.
    """

    def __init__(self, path: str = "", *, ring: int = RING) -> None:
        self._shared = bool(path)
        self.redactor = Redactor()
        self.heads = Heads()
        self._shelf = Shelf(path)
        self._ring: deque[RawExchange] = deque(maxlen=ring)
        self.append = self._ring.append
        self._under_way: list[tuple[int, RawExchange]] = []  # written, but what was sent is not known yet
        self._turn = threading.Lock()
        self._stop = threading.Event()
        self._writer = threading.Thread(target=self._run, name="journal", daemon=True)
        self._writer.start()

    def _run(self) -> None:
        while not self._stop.wait(INTERVAL):
            if self._ring or self._under_way:
                self.flush()

    def flush(self) -> None:
        """Writes down what has been appended so far, and what has become known of earlier answers."""
        with self._turn:
            self._write_again()
            raw = [self._ring.popleft() for _ in range(len(self._ring))]
            if raw:
                open_ones = [(place, exchange) for place, exchange in enumerate(raw) if exchange.delivery.under_way]
                first = self._shelf.write(entry(exchange, self.redactor) for exchange in raw)
                self._under_way += [(first + place, exchange) for place, exchange in open_ones]

    def _write_again(self) -> None:
        """Rewrites the entries whose answer was on its way, as it stands now, until it is over."""
        known, self._under_way = self._under_way, []
        for number, exchange in known:
            if exchange.delivery.under_way:
                self._under_way.append((number, exchange))
            self._shelf.rewrite(number, entry(exchange, self.redactor))

    def read(self, wanted: Wanted) -> list[Entry]:
        """The entries wanted, oldest first, everything appended so far among them.

        Other processes that share the file write within their interval, which is waited for.
        """
        if self._shared:
            time.sleep(1.5 * INTERVAL)
        self.flush()
        return self._shelf.read(wanted)

    def forget(self, account: str) -> None:
        """Drops the entries of one account, and those of none."""
        self.flush()
        self._shelf.forget(account)

    def clear(self) -> None:
        """Drops every entry, also those not written yet."""
        with self._turn:
            self._ring.clear()
            self._under_way.clear()
            self._shelf.clear()

    def close(self) -> None:
        """Writes the rest and ends the writer."""
        self._stop.set()
        self._writer.join()
        self.flush()
        self._shelf.close()
