"""Moments written by .NET's format strings."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from conformance.entra.expressions.formats import formatted

MOMENT = datetime(2031, 4, 5, 15, 7, 9, 120_000)  # noqa: DTZ001 - a moment without a zone


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("dd MM yyyy", "05 04 2031"),
        ("d/M/yy", "5/4/31"),
        ("%d", "5"),
        ("%y", "31"),
        ("yyyyy", "02031"),
        ("dddd, ddd", "Saturday, Sat"),
        ("MMMM MMM", "April Apr"),
        ("HH:mm:ss.fff", "15:07:09.120"),
        ("H:m:s", "15:7:9"),
        ("hh h tt t", "03 3 PM P"),
        ("ss.FFF", "09.12"),
        ("ss.fffffff", "09.1200000"),
        ("zzz zz z", "+00:00 +00 +0"),
        ("yyyy-MM-ddTHH:mm:ssK", "2031-04-05T15:07:09"),
        ("yyyy-MM-ddTHH:mm:ssZ", "2031-04-05T15:07:09Z"),
        ("yyyy gg", "2031 A.D."),
        ("'day' d \"of\" M", "day 5 of 4"),
        ("'it''s'", "its"),
        (r"\d d", "d 5"),
        ("d", "04/05/2031"),
        ("o", "2031-04-05T15:07:09.1200000"),
        ("R", "Sat, 05 Apr 2031 15:07:09 GMT"),
    ],
)
def test_specifiers(pattern: str, text: str) -> None:
    assert formatted(MOMENT, pattern) == text


def test_a_moment_in_utc_shows_it() -> None:
    assert formatted(MOMENT.replace(tzinfo=UTC), "HH:mmK") == "15:07Z"


def test_midnight_and_noon_are_twelve() -> None:
    assert formatted(MOMENT.replace(hour=0), "h tt") == "12 AM"
    assert formatted(MOMENT.replace(hour=12), "h tt") == "12 PM"


def test_no_decimals_leave_no_point() -> None:
    assert formatted(MOMENT.replace(microsecond=0), "ss.FFF") == "09"


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("", "a format is not empty, right is yyyy-MM-dd"),
        ("x", "'x' is no standard format; a single specifier is written %x"),
        ("ss.ffffffff", "at most seven decimals"),
        ("yyyy 'x", "the literal text after ' is not closed"),
        ("yyyy\\", "a backslash stands before"),
        ("yyyy%", "% stands before a single specifier"),
        ("%%d", "% stands before a single specifier"),
    ],
)
def test_what_is_no_format(pattern: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        formatted(MOMENT, pattern)
