"""What every part of a session stands on: one cursor inside one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeVar

from mock_samanage.store.backend import Backend
from mock_samanage.store.errors import StoreError
from mock_samanage.store.statement import Cursor, Statement

T = TypeVar("T")


class Work:
    """Runs prepared statements on the transaction's cursor."""

    __slots__ = ("backend", "cursor", "dialect")

    def __init__(self, cursor: Cursor, backend: Backend) -> None:
        self.cursor = cursor
        self.backend = backend
        self.dialect = backend.dialect

    def run(self, statement: Statement, **params: Any) -> Cursor:
        """The cursor after the statement ran; parameters by name."""
        text, names, constants = statement.compiled(self.dialect)
        if constants:
            params = {**constants, **params}
        cursor = self.cursor
        cursor.execute(text, [params[name] for name in names])
        return cursor

    def run_many(self, statement: Statement, rows: Iterable[tuple[Any, ...]]) -> None:
        """Runs the statement for each row of parameters, which stand in the statement's order."""
        self.cursor.executemany(statement.compiled(self.dialect)[0], rows)

    def attempt(self, work: Callable[[], T], refused: Callable[[], Exception], *, orphans: bool = False) -> T:
        """The result of the work; if it fails it is undone, and `refused` raised if a unique index said no.

        `orphans`: also if what a row refers to was deleted meanwhile.
        """
        self.cursor.execute("SAVEPOINT attempt")
        try:
            result = work()
        except Exception as error:
            if self.backend.lost(error):
                raise
            self.cursor.execute("ROLLBACK TO SAVEPOINT attempt")
            self.cursor.execute("RELEASE SAVEPOINT attempt")
            if self.backend.unique(error) or (orphans and self.backend.orphan(error)):
                raise refused() from error
            raise
        self.cursor.execute("RELEASE SAVEPOINT attempt")
        return result

    def end(self) -> None:
        """Makes every later use of the session an error."""
        self.cursor = _ENDED


class _Ended:
    """The cursor of a session whose transaction is over."""

    rowcount = -1

    def _refuse(self, *_: object) -> NoReturn:
        raise StoreError("the session is over; read what you need before the with block ends")

    execute = executemany = fetchone = fetchall = __iter__ = _refuse


_ENDED = _Ended()
