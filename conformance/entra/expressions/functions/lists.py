"""Functions of multi-valued attributes."""

from __future__ import annotations

from conformance.entra.expressions.arguments import Arguments
from conformance.entra.expressions.coercion import scalar_text
from conformance.entra.expressions.context import EvaluationError
from conformance.entra.expressions.functions.declaring import function
from conformance.entra.values import Value


@function("Count", "attribute")
def count(given: Arguments) -> Value:
    """How many values an attribute has."""
    return len(given.many("attribute"))


@function("Item", "attribute", "index")
def item(given: Arguments) -> Value:
    """One value of several, counted from 1; nothing past the last."""
    values, index = given.many("attribute"), given.whole("index")
    if index < 1:
        raise EvaluationError(f"index counts from 1, not from {index}")
    return values[index - 1] if index <= len(values) else None


@function("Join", "separator", "source", repeats=1)
def join(given: Arguments) -> Value:
    """The sources with the separator between them; every value of several, and none for what is empty."""
    parts = [scalar_text(each) for node in given.rest("source") for each in given.many_of(node)]
    return (given.text("separator") or "").join(part for part in parts if part)


@function("RemoveDuplicates", "attribute")
def remove_duplicates(given: Arguments) -> Value:
    """The values of an attribute, each once."""
    return tuple(dict.fromkeys(given.many("attribute"))) or None


@function("Split", "source", "delimiter")
def split(given: Arguments) -> Value:
    """The parts between delimiters, without blanks around them, as several values."""
    source, delimiter = given.text("source"), given.text("delimiter")
    if not delimiter:
        raise EvaluationError("delimiter is a character, not nothing")
    parts = (source or "").split(delimiter)
    return tuple(part.strip(" ") for part in parts if part.strip(" ")) or None
