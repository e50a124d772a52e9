"""The operations of a PATCH in both dialects (pages COMPAT, SCIM)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from conformance.entra.dialect import Dialect
from conformance.entra.values import Value
from conformance.entra.wire.model import Difference
from conformance.entra.wire.paths import TargetPath
from conformance.entra.wire.shapes import BOOLEANS, Body, boolean, operation, plain

Found = tuple[TargetPath, Difference]


def operations(found: Sequence[Found], dialect: Dialect) -> list[Body]:
    """What makes a resource differ no more: one operation for each attribute, or as the flag asks."""
    return _flagged(found, dialect) if dialect.flagged else _one_each(found, dialect)


def word(difference: Difference) -> str:
    """The operation: an attribute that the target lacks is added, any other one replaced."""
    return "add" if difference.old is None else "replace"


def removal(path: TargetPath, dialect: Dialect, old: Value = None) -> Body:
    """A Remove of the path, with the value that was there where the switch says so."""
    bare = {"op": dialect.op("remove"), "path": path.text}
    named = old is not None and dialect["clearing"] == "remove-value"
    return {**bare, "value": _patched(path, old, dialect)} if named else bare


def patched_boolean(value: Any, dialect: Dialect) -> Any:
    """The value of a boolean attribute: text without the flag, unless the switch says otherwise (COMPAT)."""
    truth = boolean(value)
    if dialect.flagged or dialect["disable-value"] == "boolean" or not isinstance(truth, bool):
        return truth
    return str(truth)


def _one_each(found: Iterable[Found], dialect: Dialect) -> list[Body]:
    return [_single(path, each, dialect) for path, each in found]


def _single(path: TargetPath, difference: Difference, dialect: Dialect) -> Body:
    if difference.new is None:
        return removal(path, dialect, difference.old)
    return operation(dialect.op(word(difference)), path.text, _patched(path, difference.new, dialect))


def _flagged(found: Sequence[Found], dialect: Dialect) -> list[Body]:
    """Value paths, additions and removals keep operations of their own, the rest is merged into a path-less one.

    `active` by itself has a path (COMPAT); another attribute by itself has none (VALID).
    """
    if len(found) == 1 and found[0][0].text == "active":
        return _one_each(found, dialect)
    merged: dict[str, Body] = {"add": {}, "replace": {}}
    alone: list[Body] = []
    for path, each in found:
        by_itself = word(each) == "add" and dialect["flagged-add"] == "one-each"
        if path.is_value_path or each.new is None or by_itself:
            alone.append(_single(path, each, dialect))
        else:
            merged[word(each)][path.text] = _patched(path, each.new, dialect)
    return [*alone, *(operation(each, None, value) for each, value in merged.items() if value)]


def _patched(path: TargetPath, value: Value, dialect: Dialect) -> Any:
    found = plain(value)
    return patched_boolean(found, dialect) if (path.sub or path.name) in BOOLEANS else found
