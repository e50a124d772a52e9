"""Loading many resources at once into a database that holds few."""

from __future__ import annotations

from types import TracebackType
from typing import Final, Self

from sqlalchemy import func, select
from sqlalchemy.schema import CreateIndex, DropIndex

from mock_samanage.store.statement import DIALECTS, Statement
from mock_samanage.store.tables import resource, value_in_order
from mock_samanage.store.work import Work

BATCH: Final = 1000  # resources whose index rows are written at once
_FEW: Final = 5 * BATCH  # resources whose index rows are sorted again without regret

_LAST = Statement(select(func.coalesce(func.max(resource.c.rid), 0)))


class BulkLoad:
    """Makes the ordered index anew after a load on SQLite, because sorting once is cheaper than 3 million insertions.

    Readers go on meanwhile: they see the database as it was before the transaction. PostgreSQL would
    make them wait; it gets fresh statistics instead, since its planner knows nothing of new rows.
    """

    __slots__ = ("_batches", "_dropped", "_work")

    def __init__(self, work: Work) -> None:
        self._work = work
        self._batches = 0
        self._dropped = False

    def __enter__(self) -> Self:
        return self

    def expect(self) -> None:
        """Says that a batch follows; the second one shows that the load is large."""
        self._batches += 1
        if self._batches == 2 and self._work.dialect == "sqlite" and self._present() < _FEW:
            self._work.cursor.execute(str(DropIndex(value_in_order).compile(dialect=DIALECTS["sqlite"])))
            self._dropped = True

    def _present(self) -> int:
        found: int = self._work.run(_LAST).fetchone()[0]
        return found

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._dropped:
            self._work.cursor.execute(str(CreateIndex(value_in_order).compile(dialect=DIALECTS["sqlite"])))
        elif self._batches > 1 and error is None and self._work.dialect == "postgresql":
            self._work.cursor.execute("ANALYZE resource, attribute_value")
