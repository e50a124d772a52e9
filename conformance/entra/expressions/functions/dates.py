"""Functions of dates; a moment that leaves an expression is text, M/d/yyyy h:mm:ss tt in UTC."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from conformance.entra.expressions.arguments import Arguments
from conformance.entra.expressions.context import EvaluationError
from conformance.entra.expressions.formats import formatted, parts
from conformance.entra.expressions.functions.declaring import function
from conformance.entra.expressions.moments import DEFAULT_STYLES, moment_of, parsed, styles_of
from conformance.entra.expressions.tree import Call, Complaint, Text
from conformance.entra.values import Value

INTERVALS: Final = ("yyyy", "m", "d", "ww", "h", "n", "s")
EPOCH: Final = datetime(1601, 1, 1, tzinfo=UTC)
"""Where Active Directory begins to count, in steps of 100 nanoseconds."""
_LENGTHS: Final = {
    "d": timedelta(days=1),
    "ww": timedelta(weeks=1),
    "h": timedelta(hours=1),
    "n": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}


@function("CDate", "expression")
def c_date(given: Arguments) -> Value:
    """The moment that a text spells; without a zone it is in UTC."""
    return _read(given, "expression")


@function("Now")
def now(given: Arguments) -> Value:
    """The moment of the evaluation."""
    return given.context.now.astimezone(UTC).replace(microsecond=0)


@function("DateAdd", "interval", "value", "dateTime", choices={"interval": INTERVALS})
def date_add(given: Arguments) -> Value:
    """The date so many intervals later, earlier for a negative number; a text is made a date by CDate."""
    interval, number, start = given.choice("interval"), given.whole("value"), _moment(given, "dateTime")
    if start is None:
        return None
    try:
        if interval in _LENGTHS:
            return start + _LENGTHS[interval] * number
        return _months_later(start, number * (12 if interval == "yyyy" else 1))
    except (OverflowError, ValueError) as error:
        raise EvaluationError(f"{number} {interval} after {start:%Y-%m-%d} is beyond the calendar") from error


def _months_later(start: datetime, months: int) -> datetime:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return start.replace(year=year, month=month + 1, day=min(start.day, last))


@function("DateDiff", "interval", "date1", "date2", choices={"interval": INTERVALS})
def date_diff(given: Arguments) -> Value:
    """How many intervals from date1 to date2: whole days, hours, minutes, seconds; Sundays, months and years passed."""
    interval, first, second = given.choice("interval"), _moment(given, "date1"), _moment(given, "date2")
    if first is None or second is None:
        return None
    if interval == "yyyy":
        return second.year - first.year
    if interval == "m":
        return (second.year - first.year) * 12 + second.month - first.month
    if interval == "ww":
        # FUNC shows -493 weeks where 492.8 have passed: the weeks of the calendar are counted, from Sunday.
        return (second.toordinal() // 7) - (first.toordinal() // 7)
    return int((second - first) / _LENGTHS[interval])


@function("DateFromNum", "value")
def date_from_num(given: Arguments) -> Value:
    """The moment of a date of Active Directory."""
    number = given.whole("value")
    try:
        return EPOCH + timedelta(microseconds=number // 10)
    except OverflowError as error:
        raise EvaluationError(f"value is beyond the calendar: {number}") from error


@function("NumFromDate", "value")
def num_from_date(given: Arguments) -> Value:
    """The date of Active Directory of an ISO 8601 text."""
    moment = _read(given, "value")
    return None if moment is None else (moment - EPOCH) // timedelta(microseconds=1) * 10


def _formats(call: Call) -> Iterable[Complaint]:
    for name, reading in (("dateTimeStyles", styles_of), ("inputFormat", parts), ("outputFormat", parts)):
        argument = call.argument(name)
        if isinstance(argument, Text) and (argument.value or reading is parts):
            try:
                reading(argument.value)
            except ValueError as error:
                yield Complaint(f"the {name}: {error}", argument.column)


@function("FormatDateTime", "source", "dateTimeStyles?", "inputFormat", "outputFormat", check=_formats)
def format_date_time(given: Arguments) -> Value:
    """A date in another format; both are custom format strings of .NET."""
    source = given.text("source")
    if not source:
        return None
    styles = given.text("dateTimeStyles") or DEFAULT_STYLES
    entered, wanted = given.text("inputFormat") or "", given.text("outputFormat") or ""
    try:
        return formatted(parsed(source, entered, styles_of(styles), given.context.now), wanted)
    except ValueError as error:
        raise EvaluationError(str(error)) from error


def _read(given: Arguments, name: str) -> datetime | None:
    value = given.value(name)
    if isinstance(value, datetime):
        return value
    found = given.text(name)
    if not found:
        return None
    try:
        return moment_of(found)
    except ValueError as error:
        raise EvaluationError(f"{name}: {error}") from error


def _moment(given: Arguments, name: str) -> datetime | None:
    """A date that another function made; FUNC wants CDate around a text."""
    value = given.value(name)
    if value is None or isinstance(value, datetime):
        return value
    raise EvaluationError(f"{name} is a date such as CDate(…) or Now() gives, not {value!r}")
