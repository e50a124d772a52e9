"""Where written entries stay: a SQLite database of its own, so that the journal never waits for the resources."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from mock_samanage.web.journal.entries import Entry

KEPT = 100_000
"""Entries that stay; the oldest go first."""

_TABLES = """
CREATE TABLE IF NOT EXISTS entry (
    number INTEGER PRIMARY KEY, moment INTEGER, account TEXT, method TEXT, url TEXT, status INTEGER,
    elapsed REAL, fault TEXT, written INTEGER, delivered INTEGER, text TEXT);
CREATE TABLE IF NOT EXISTS counter (place INTEGER PRIMARY KEY, last INTEGER);
INSERT OR IGNORE INTO counter VALUES (1, 0)
"""
_COLUMNS = ("moment", "account", "method", "url", "status", "elapsed", "fault", "written", "delivered", "text")
_ROW = f"(?{', ?' * len(_COLUMNS)})"
_BATCHES = (64, 8, 1)  # rows a statement: each statement gives the interpreter away once, which requests wait for
_INSERTS = {rows: f"INSERT INTO entry VALUES {', '.join([_ROW] * rows)}" for rows in _BATCHES}  # noqa: S608 question marks
_REWRITE = f"UPDATE entry SET {', '.join(f'{name} = ?' for name in _COLUMNS)} WHERE number = ?"  # noqa: S608 fixed names
NOTHING_SENT = -1
"""The status that a reader asks for who wants the exchanges in which nothing was sent."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries a reader wants; None means any.

    `path` is a part of the URL, `status` may be NOTHING_SENT, `text` is any part of URL, bodies or header values,
    `since` a moment in microseconds, `limit` how many of the newest.
    """

    account: str | None = None
    method: str | None = None
    path: str | None = None
    status: int | None = None
    since: int | None = None
    text: str | None = None
    limit: int | None = None

    def conditions(self) -> list[tuple[str, object]]:
        """The SQL conditions with their values."""
        pairs: list[tuple[str, object]] = [
            ("(account IS NULL OR account = ?)", self.account),
            ("method = ?", self.method.upper() if self.method else None),
            ("instr(url, ?) > 0", self.path),
            (f"coalesce(status, {NOTHING_SENT}) = ?", self.status),
            ("moment >= ?", self.since),
            ("instr(url || char(10) || text, ?) > 0", self.text),
        ]
        return [(condition, value) for condition, value in pairs if value is not None]


class Shelf:
    """The written entries, oldest first; without a path in a private temporary file."""

    def __init__(self, path: str = "", *, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        self._connection.execute("PRAGMA page_size = 16384")  # most entries are over 1 kB
        self._connection.execute("PRAGMA journal_mode = WAL" if path else "PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.executescript(_TABLES)

    def write(self, entries: Iterable[Entry]) -> int:
        """Adds entries in their order, lets the oldest go, and gives the number of the first."""
        rows = [*entries]
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            (before,) = self._connection.execute("SELECT last FROM counter").fetchone()
            last = before + len(rows)
            self._insert([(number, *entry[1:]) for number, entry in enumerate(rows, before + 1)])
            self._connection.execute("UPDATE counter SET last = ?", (last,))
            self._connection.execute("DELETE FROM entry WHERE number <= ?", (last - self._kept,))
            self._connection.execute("COMMIT")
        return int(before) + 1

    def _insert(self, rows: list[tuple[object, ...]]) -> None:
        done = 0
        for size in _BATCHES:
            while len(rows) - done >= size:
                self._connection.execute(_INSERTS[size], [*chain.from_iterable(rows[done : done + size])])
                done += size

    def rewrite(self, number: int, entry: Entry) -> None:
        """Puts an entry in the place of an earlier one, if that is still there."""
        with self._lock:
            self._connection.execute(_REWRITE, (*entry[1:], number))

    def read(self, wanted: Wanted) -> list[Entry]:
        """The entries wanted, oldest first."""
        conditions = wanted.conditions()
        where = f"WHERE {' AND '.join(condition for condition, _ in conditions)}" if conditions else ""
        query = f"SELECT number, {', '.join(_COLUMNS)} FROM entry {where} ORDER BY number DESC LIMIT ?"  # noqa: S608 values are bound
        values = [value for _, value in conditions]
        with self._lock:
            rows = self._connection.execute(query, [*values, -1 if wanted.limit is None else wanted.limit]).fetchall()
        return [Entry(*row) for row in reversed(rows)]

    def forget(self, account: str) -> None:
        """Drops the entries of one account, and those of none."""
        with self._lock:
            self._connection.execute("DELETE FROM entry WHERE account IS NULL OR account = ?", (account,))

    def clear(self) -> None:
        """Drops every entry."""
        with self._lock:
            self._connection.execute("DELETE FROM entry")

    def close(self) -> None:
        """Closes the database; a private one is gone with it."""
        with self._lock:
            self._connection.close()
