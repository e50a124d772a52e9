"""The file of a job: source, links, watermark, escrows and log in one SQLite database."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from conformance.entra.errors import ProvisioningError

NAME: Final = "job.sqlite3"
VERSION: Final = 1
_SCHEMA: Final = """
create table object (
    id text primary key, kind text not null, document text not null, presence text not null, since text,
    manager text not null default ''
) without rowid;
create index object_kind on object (kind, id);
create index object_manager on object (manager) where manager <> '';
create index object_upn on object (lower(json_extract(document, '$.userPrincipalName')));
create index object_mail on object (lower(json_extract(document, '$.mail')));
create index object_name on object (lower(json_extract(document, '$.displayName')));
create table member (group_id text not null, member_id text not null, primary key (group_id, member_id)) without rowid;
create index member_of on member (member_id);
create table role (id text primary key, document text not null) without rowid;
create table assignment (
    principal text not null, role text not null, primary key (principal, role)
) without rowid;
create table change (
    position integer primary key autoincrement, id text not null, kind text not null, what text not null,
    detail text not null
);
create table link (
    source_id text primary key, kind text not null, target_id text not null, in_scope integer not null,
    managed integer not null, disabled integer not null
) without rowid;
create unique index link_target on link (kind, target_id);
create table entry (source_id text primary key, kind text not null) without rowid;
create table exported (
    group_id text not null, member_id text not null, target_id text not null, primary key (group_id, member_id)
) without rowid;
create table escrow (
    source_id text primary key, kind text not null, code text not null, reference integer not null,
    attempts integer not null, first text not null, next_attempt text not null, pending text not null
) without rowid;
create index escrow_due on escrow (next_attempt);
create index escrow_code on escrow (code);
create table cycle (number integer primary key, id text not null unique, document text not null);
create table event (
    number integer primary key, id text not null unique, at text not null, cycle text not null, kind text not null,
    action text not null, status text not null, source_id text not null, source_name text not null,
    target_id text not null, document text not null
);
create index event_source on event (source_id);
create index event_cycle on event (cycle);
create table audit (number integer primary key, at text not null, activity text not null, details text not null);
create table setting (name text primary key, value text not null) without rowid;
"""


class Database:
    """One open job file; one thread writes, others read while they hold `lock`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.connection.row_factory = sqlite3.Row
        self.lock = threading.RLock()
        self._depth = 0

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All changes inside, or none of them; an inner one is part of the outer."""
        with self.lock:
            if not self._depth:
                self.connection.execute("begin immediate")
            self._depth += 1
            try:
                yield self.connection
            except BaseException:
                self._depth -= 1
                if not self._depth:
                    self.connection.execute("rollback")
                raise
            self._depth -= 1
            if not self._depth:
                self.connection.execute("commit")

    def close(self) -> None:
        """The file is closed."""
        self.connection.close()


def open_database(path: Path | None) -> Database:
    """The database in a file, made if there is none; None keeps it in memory.

    Raises ProvisioningError for a file that is none, or is of a later version.
    """
    try:
        connection = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        connection.executescript("pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on")
        (found,) = connection.execute("pragma user_version").fetchone()
        if found == 0:
            connection.executescript(f"begin; {_SCHEMA} pragma user_version = {VERSION}; commit")
    except sqlite3.DatabaseError as error:
        raise ProvisioningError(f"{path}: cannot be opened as the file of a job: {error}") from error
    if found > VERSION:
        connection.close()
        raise ProvisioningError(f"{path}: was written by a later version of this program (format {found})")
    return Database(connection)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """The database in the file belongs to this process meanwhile; others may read it.

    Raises ProvisioningError where it belongs to another one. What a killed process held is free.
    """
    try:
        lock = sqlite3.connect(path.with_suffix(".lock"), timeout=0, isolation_level=None)
        lock.execute("begin exclusive")
    except sqlite3.DatabaseError as error:
        raise ProvisioningError(f"{path}: another process runs this job; wait for its end") from error
    try:
        yield
    finally:
        lock.close()
