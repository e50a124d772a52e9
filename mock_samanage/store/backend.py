"""What differs between SQLite and PostgreSQL outside the SQL: connecting, beginning, and the words for busy."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import psycopg
from psycopg import errors as pg
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from mock_samanage.store.errors import Busy, StoreError, Unusable
from mock_samanage.store.statement import Cursor, DialectName

Durability = Literal["normal", "full"]

_CACHE_KIB: Final = 16_000  # page cache of one connection: all inner pages of an index over 100,000 users
_CHECKPOINT_PAGES: Final = 4_000  # an insert changes some thirty pages, most of them again soon after
_PG_BUSY: Final = (pg.LockNotAvailable, pg.DeadlockDetected, pg.SerializationFailure)


class Connection(Protocol):
    """What the store uses of a DB-API connection (PEP 249)."""

    def cursor(self) -> Any:
        """A new cursor."""

    def close(self) -> None:
        """Ends the connection."""


class Backend(Protocol):
    """One kind of database at one address."""

    @property
    def dialect(self) -> DialectName:
        """The dialect of its SQL."""

    @property
    def begin_reading(self) -> str:
        """The statement that begins a transaction on one snapshot."""

    @property
    def begin_writing(self) -> str:
        """The statement that begins a transaction that writes."""

    @property
    def begin_making(self) -> str:
        """The same for what must be made only once, whoever else tries."""

    @property
    def shared(self) -> bool:
        """Whether all threads use one connection."""

    @property
    def serial_writers(self) -> bool:
        """Whether the threads of this process take turns at writing."""

    def connect(self) -> Connection:
        """A new connection; raises Unusable."""

    def busy(self, error: Exception) -> bool:
        """Whether the driver's error means that somebody else holds a lock."""

    def unique(self, error: Exception) -> bool:
        """Whether the driver's error means that a unique value is taken."""

    def orphan(self, error: Exception) -> bool:
        """Whether the driver's error means that a row refers to one that is not there."""

    def lost(self, error: Exception) -> bool:
        """Whether the driver's error means that the connection is gone."""


@dataclass(slots=True)
class SQLite:
    """A SQLite file in WAL mode, or memory; `shared` memory has one connection for all threads."""

    path: str
    durability: Durability
    busy_timeout: float
    dialect: DialectName = "sqlite"
    begin_reading: str = "BEGIN"
    begin_writing: str = "BEGIN IMMEDIATE"
    begin_making: str = "BEGIN IMMEDIATE"
    serial_writers: bool = True  # threads of one process queue fairly; SQLite itself would poll

    @property
    def shared(self) -> bool:
        """True in memory, where every further connection would be another database."""
        return self.path == ":memory:"

    def connect(self) -> Connection:
        """A connection in autocommit mode, usable by any thread."""
        try:
            connection = sqlite3.connect(
                self.path,
                timeout=self.busy_timeout,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=256,
            )
            for pragma in self._pragmas():
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error as error:
            if self.busy(error):
                raise Busy(f"{self.path} is locked by another process") from error
            raise Unusable(f"cannot open the SQLite file {self.path}: {error}") from error
        return connection

    def _pragmas(self) -> list[str]:
        common = ["foreign_keys = ON", f"cache_size = -{_CACHE_KIB}"]
        if self.shared:
            return common
        return [
            *common,
            "journal_mode = WAL",
            f"wal_autocheckpoint = {_CHECKPOINT_PAGES}",
            f"synchronous = {self.durability.upper()}",
        ]

    def busy(self, error: Exception) -> bool:
        """SQLITE_BUSY and SQLITE_LOCKED, with all their extended codes."""
        code = getattr(error, "sqlite_errorcode", None)
        return isinstance(code, int) and code & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}

    def unique(self, error: Exception) -> bool:
        """SQLITE_CONSTRAINT_UNIQUE or _PRIMARYKEY."""
        codes = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
        return getattr(error, "sqlite_errorcode", None) in codes

    def orphan(self, error: Exception) -> bool:
        """SQLITE_CONSTRAINT_FOREIGNKEY."""
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY

    def lost(self, error: Exception) -> bool:  # noqa: ARG002 - a Backend's signature
        """False: a file does not go away."""
        return False


@dataclass(slots=True)
class PostgreSQL:
    """A PostgreSQL database; it is always durable against loss of power."""

    conninfo: str
    busy_timeout: float
    dialect: DialectName = "postgresql"
    begin_reading: str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    begin_writing: str = "BEGIN"  # READ COMMITTED: versions and unique indexes decide races
    begin_making: str = "BEGIN; SELECT pg_advisory_xact_lock(7643764276442)"
    shared: bool = False
    serial_writers: bool = False

    def connect(self) -> Connection:
        """A connection in autocommit mode."""
        options = f"-c lock_timeout={int(self.busy_timeout * 1000)} -c jit=off"
        try:
            return psycopg.connect(self.conninfo, autocommit=True, options=options)
        except psycopg.Error as error:
            raise Unusable(f"cannot connect to PostgreSQL: {str(error).strip()}") from error

    def busy(self, error: Exception) -> bool:
        """A lock was not granted in time, or not at all."""
        return isinstance(error, _PG_BUSY)

    def unique(self, error: Exception) -> bool:
        """A unique index refused the row."""
        return isinstance(error, pg.UniqueViolation)

    def orphan(self, error: Exception) -> bool:
        """A foreign key refused the row."""
        return isinstance(error, pg.ForeignKeyViolation)

    def lost(self, error: Exception) -> bool:
        """The server closed the connection."""
        return isinstance(error, psycopg.OperationalError) and not self.busy(error)


def backend(url: str, durability: Durability, busy_timeout: float) -> Backend:
    """The backend a URL names; raises Unusable."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise _unknown(url) from None
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        return SQLite(_file(parsed), durability, busy_timeout)
    if kind == "postgresql":
        return PostgreSQL(parsed.set(drivername="postgresql").render_as_string(hide_password=False), busy_timeout)
    raise _unknown(url)


def _unknown(url: str) -> StoreError:
    return Unusable(f"a store is sqlite://, sqlite:///FILE or postgresql://…, not {url.rpartition('@')[2]}")


def _file(url: URL) -> str:
    if url.database in {None, "", ":memory:"}:
        return ":memory:"
    path = Path(str(url.database))
    if not path.parent.is_dir():
        raise Unusable(f"there is no directory {path.parent} for the SQLite file {path.name}")
    return str(path)


def cursor_of(connection: Connection) -> Cursor:
    """A cursor of the connection."""
    found: Cursor = connection.cursor()
    return found
