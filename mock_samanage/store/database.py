"""A store: one database, its connections and its transactions."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from types import TracebackType

from sqlalchemy import Dialect, bindparam, insert, select
from sqlalchemy.schema import CreateIndex, CreateSequence, CreateTable

from mock_samanage.store.backend import Backend, Connection, Durability, backend, cursor_of
from mock_samanage.store.errors import Busy, Nested, StoreError, Unusable
from mock_samanage.store.session import Session
from mock_samanage.store.statement import DIALECTS, Cursor, Statement, run
from mock_samanage.store.tables import SCHEMA_VERSION, counter, ids, metadata, property_

_SECRET_SIZE = 64

_PROPERTY = Statement(select(property_.c.value).where(property_.c.name == bindparam("name")))
_ADD_PROPERTY = Statement(insert(property_))
_ADD_COUNTER = Statement(insert(counter))


@dataclass(slots=True)
class _Lane:
    """A connection with its cursor, used by one transaction at a time."""

    connection: Connection
    cursor: Cursor


class Store:
    """One database; its methods may be called by any thread."""

    def __init__(self, backend: Backend, busy_timeout: float) -> None:
        self.backend = backend
        self.busy_timeout = busy_timeout
        self._idle: list[_Lane] = []
        self._turn = threading.Lock() if backend.serial_writers else None
        self._holder: int | None = None  # the thread that has the turn
        self._closed = False

    @classmethod
    def open(cls, url: str = "sqlite://", *, durability: Durability = "normal", busy_timeout: float = 5.0) -> Store:
        """The store at a URL, its tables made if they are missing.

        url: `sqlite://` (memory, gone with the store), `sqlite:///FILE`, or `postgresql://…`.
        durability: `normal` survives a killed process, `full` also a loss of power; PostgreSQL is
        always `full`. busy_timeout: seconds a writer waits for another. Raises Unusable, Busy.
        """
        store = cls(backend(url, durability, busy_timeout), busy_timeout)
        store._make()
        return store

    def close(self) -> None:
        """Closes the connections that are idle, and the others when their transactions end."""
        self._closed = True
        while self._idle:
            self._idle.pop().connection.close()

    def reading(self) -> Transaction:
        """A session on one consistent snapshot, as a context manager."""
        return Transaction(self, self.backend.begin_reading, exclusive=self.backend.shared)

    def writing(self) -> Transaction:
        """A session whose changes are committed at the end, and undone by an exception.

        Raises Busy when another writer keeps the database for longer than the busy timeout.
        """
        return Transaction(self, self.backend.begin_writing, exclusive=self.backend.serial_writers)

    def secret(self, name: str) -> bytes:
        """64 random bytes of that name, made once in the life of the database."""
        with self.reading() as session:
            known = self._property(session.cursor, f"secret {name}")
        if known is not None:
            return known
        with Transaction(self, self.backend.begin_making, exclusive=self.backend.serial_writers) as session:
            known = self._property(session.cursor, f"secret {name}")
            if known is None:
                known = secrets.token_bytes(_SECRET_SIZE)
                self._add_property(session.cursor, f"secret {name}", known)
            return known

    def _property(self, cursor: Cursor, name: str) -> bytes | None:
        row = run(cursor, self.backend.dialect, _PROPERTY, {"name": name}).fetchone()
        return bytes(row[0]) if row else None

    def _add_property(self, cursor: Cursor, name: str, value: bytes) -> None:
        run(cursor, self.backend.dialect, _ADD_PROPERTY, {"name": name, "value": value})

    def _make(self) -> None:
        with Transaction(self, self.backend.begin_making, exclusive=self.backend.serial_writers) as session:
            cursor = session.cursor
            cursor.execute(str(CreateTable(property_, if_not_exists=True).compile(dialect=self._sql)))
            version = self._property(cursor, "schema")
            if version is None:
                self._make_tables(cursor)
            elif version != SCHEMA_VERSION:
                raise Unusable(f"the database has layout {version!r} and not {SCHEMA_VERSION!r}; use a new one")

    def _make_tables(self, cursor: Cursor) -> None:
        if self._sql.supports_sequences:
            cursor.execute(str(CreateSequence(ids).compile(dialect=self._sql)))
        for table in metadata.sorted_tables:
            if table is not property_:
                cursor.execute(str(CreateTable(table).compile(dialect=self._sql)))
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                cursor.execute(str(CreateIndex(index).compile(dialect=self._sql)))
        run(cursor, self.backend.dialect, _ADD_COUNTER, {"name": "id", "value": 0})
        self._add_property(cursor, "schema", SCHEMA_VERSION)

    @property
    def _sql(self) -> Dialect:
        return DIALECTS[self.backend.dialect]

    def take(self, *, exclusive: bool) -> _Lane:
        """A connection for one transaction; raises Busy, Nested."""
        if self._closed:
            raise StoreError("the store is closed")
        if exclusive:
            self._wait()
        try:
            return self._idle.pop()
        except IndexError:
            pass
        try:
            connection = self.backend.connect()
        except BaseException:
            self.leave(exclusive=exclusive)
            raise
        return _Lane(connection, cursor_of(connection))

    def give_back(self, lane: _Lane, *, exclusive: bool, usable: bool = True) -> None:
        """Ends the use of a connection."""
        if usable and not self._closed:
            self._idle.append(lane)
        else:
            lane.connection.close()
        self.leave(exclusive=exclusive)

    def _wait(self) -> None:
        assert self._turn is not None
        if self._turn.acquire(blocking=False):
            self._holder = threading.get_ident()
            return
        if self._holder == threading.get_ident():
            raise Nested("this thread has a session on the store already; end it, or pass it on")
        if not self._turn.acquire(timeout=self.busy_timeout):
            raise Busy(f"another thread has kept the store for {self.busy_timeout} s")
        self._holder = threading.get_ident()

    def leave(self, *, exclusive: bool) -> None:
        """Lets the next thread have its turn."""
        if exclusive and self._turn is not None:
            self._holder = None
            self._turn.release()


class Transaction:
    """One transaction; entering gives its session. It is used once."""

    __slots__ = ("_begin", "_exclusive", "_lane", "_session", "_store")

    def __init__(self, store: Store, begin: str, *, exclusive: bool) -> None:
        self._store = store
        self._begin = begin
        self._exclusive = exclusive

    def __enter__(self) -> Session:
        store = self._store
        self._lane = store.take(exclusive=self._exclusive)
        try:
            self._lane.cursor.execute(self._begin)
        except Exception as error:  # noqa: BLE001 - raised again unless a new connection helps
            self._lane = self._again(error)
        self._session = Session(self._lane.cursor, store.backend)
        return self._session

    def _again(self, error: Exception) -> _Lane:
        """A fresh connection in place of one that the server has closed since it was last used."""
        store = self._store
        if not store.backend.lost(error):
            store.give_back(self._lane, exclusive=self._exclusive)
            if store.backend.busy(error):
                raise Busy("another process is writing") from error
            raise error
        store.give_back(self._lane, exclusive=self._exclusive, usable=False)
        lane = store.take(exclusive=self._exclusive)
        lane.cursor.execute(self._begin)
        return lane

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        store, usable = self._store, True
        self._session.end()
        try:
            if error is None:
                self._commit()
            else:
                usable = self._roll_back()
        except BaseException:
            usable = self._roll_back()
            raise
        finally:
            store.give_back(self._lane, exclusive=self._exclusive, usable=usable)
        if isinstance(error, Exception) and store.backend.busy(error):
            raise Busy("another writer held what this one needed") from error

    def _commit(self) -> None:
        try:
            self._lane.cursor.execute("COMMIT")
        except Exception as error:
            if self._store.backend.busy(error):
                raise Busy("another process is writing") from error
            raise

    def _roll_back(self) -> bool:
        try:
            self._lane.cursor.execute("ROLLBACK")
        except Exception as error:  # noqa: BLE001 - SQLite has rolled back by itself, or the connection is gone
            return not self._store.backend.lost(error)
        return True
