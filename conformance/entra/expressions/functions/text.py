"""Functions that take texts apart and put them together."""

from __future__ import annotations

import re

from conformance.entra.expressions.arguments import Arguments
from conformance.entra.expressions.context import EvaluationError
from conformance.entra.expressions.functions.declaring import function
from conformance.entra.values import Value


@function("Append", "source", "suffix")
def append(given: Arguments) -> Value:
    """The source with the suffix after it; nothing without a source."""
    source = given.text("source")
    return None if source is None else source + (given.text("suffix") or "")


COMPARE_TYPES = ("vbBinaryCompare", "vbTextCompare")


@function("InStr", "value1", "value2", "start?", "compareType?", choices={"compareType": COMPARE_TYPES})
def in_str(given: Arguments) -> Value:
    """The position of value2 in value1, from 1, and 0 where it is not there; vbTextCompare ignores case."""
    inside, wanted = given.text("value1"), given.text("value2") or ""
    if inside is None:
        return None
    start = given.whole("start") if given.given("start") else 1
    if start < 1:
        raise EvaluationError(f"start counts from 1, not from {start}")
    if given.given("compareType") and given.choice("compareType") == "vbTextCompare":
        inside, wanted = inside.lower(), wanted.lower()
    return inside.find(wanted, start - 1) + 1


@function("Left", "String", "NumChars")
def left(given: Arguments) -> Value:
    """The first characters; none for 0, all for a negative number, "" for no value."""
    inside, number = given.text("String") or "", given.whole("NumChars")
    return inside if number < 0 else inside[:number]


@function("Mid", "source", "start", "length")
def mid(given: Arguments) -> Value:
    """Characters from a position on, counted from 1; as many as there are where the length goes past the end."""
    source, start, length = given.text("source"), given.whole("start"), given.whole("length")
    if start < 1 or length < 0:
        raise EvaluationError(f"start counts from 1 and length from 0, not {start} and {length}")
    return None if source is None else source[start - 1 : start - 1 + length]


@function("StripSpaces", "source")
def strip_spaces(given: Arguments) -> Value:
    """The source without any blank."""
    source = given.text("source")
    return None if source is None else source.replace(" ", "")


@function("Word", "String", "WordNumber", "Delimiters")
def word(given: Arguments) -> Value:
    """The word with a number, from 1, between any of the delimiters; "" where there is none."""
    inside, number = given.text("String") or "", given.whole("WordNumber")
    delimiters = given.text("Delimiters") or ""
    words = re.split(f"[{re.escape(delimiters)}]+", inside) if delimiters else [inside]
    found = [each for each in words if each]
    return found[number - 1] if 1 <= number <= len(found) else ""


@function("Redact", "value")
def redact(given: Arguments) -> Value:
    """The value, which flows to the target and stands in the log as [Redact]."""
    value = given.value("value")
    given.redact()
    return value
