"""Defects of finding the one user or group a connector looks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mock_samanage.store import Record, Session
from mock_samanage.store.indexing import Indexer, Rows
from mock_samanage.store.resources import Resources
from tests.mutants.mutant import Defect

Document = dict[str, Any]


def _indexed(defect: Defect, stale: Callable[[Record, Document], Document]) -> None:
    """After a change, indexes another document: `stale` gets the resource before, and its new document."""
    changing: list[Document] = []

    def update(self: Session, record: Record, document: Document, *, now: int) -> Record:
        changing[:] = [stale(record, document)]
        try:
            found: Record = old_update(self, record, document, now=now)
        finally:
            changing.clear()
        return found

    def collect(self: Indexer, rows: Rows, rid: int, document: Document) -> None:
        old_collect(self, rows, rid, changing[0] if changing else document)

    old_update = defect.replace(Resources, "update", update)
    old_collect = defect.replace(Indexer, "collect", collect)
