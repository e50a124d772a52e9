"""Defects of the order of a list."""

from __future__ import annotations

from typing import Any

from mock_samanage.store.model import Record


def _unsorted(*_: Any, sort: Any = None, **__: Any) -> bool:
    return sort is None


def _value(record: Record, name: str) -> Any:
    return next((value for key, value in record.document.items() if key.lower() == name.lower()), None)
