""".NET's custom date and time format strings in the invariant culture (FUNC refers to them)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SPECIFIERS: Final = "dfFgHhKmMstyz"
STANDARD: Final[Mapping[str, str]] = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    "M": "MMMM dd",
    "m": "MMMM dd",
    "O": "yyyy-MM-ddTHH:mm:ss.fffffffK",
    "o": "yyyy-MM-ddTHH:mm:ss.fffffffK",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "U": "dddd, dd MMMM yyyy HH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ssZ",
    "Y": "yyyy MMMM",
    "y": "yyyy MMMM",
}
"""What a single letter stands for."""


@dataclass(frozen=True, slots=True)
class Part:
    """A specifier with how often its letter stands, or literal text (letter "")."""

    letter: str
    count: int = 0
    text: str = ""


@cache
def parts(pattern: str) -> tuple[Part, ...]:
    """The parts of a format string; raises ValueError, whose text says what is wrong with it."""
    if len(pattern) == 1:
        if pattern not in STANDARD:
            raise ValueError(f"{pattern!r} is no standard format; a single specifier is written %{pattern}")
        pattern = STANDARD[pattern]
    if not pattern:
        raise ValueError("a format is not empty, right is yyyy-MM-dd")
    found, at = [], 0
    while at < len(pattern):
        part, at = _part(pattern, at)
        found.append(part)
    return tuple(found)


def _part(pattern: str, at: int) -> tuple[Part, int]:
    letter = pattern[at]
    if letter in SPECIFIERS:
        end = at + 1 if letter == "K" else at + len(pattern[at:]) - len(pattern[at:].lstrip(letter))
        if letter in "fF" and end - at > 7:
            raise ValueError(f"a second has at most seven decimals, {letter * 7}")
        return Part(letter, end - at), end
    if letter in "'\"":
        return _quoted(pattern, at)
    if letter == "%":
        if pattern[at + 1 : at + 2] not in {*SPECIFIERS}:
            raise ValueError("% stands before a single specifier, right is %d")
        return _part(pattern, at + 1)
    if letter == "\\":
        if at + 1 == len(pattern):
            raise ValueError("a backslash stands before the character that it makes literal")
        return Part("", text=pattern[at + 1]), at + 2
    return Part("Z" if letter == "Z" else "", text=letter), at + 1


def _quoted(pattern: str, at: int) -> tuple[Part, int]:
    quote, text, here = pattern[at], "", at + 1
    while here < len(pattern) and pattern[here] != quote:
        here += pattern[here] == "\\"
        text += pattern[here : here + 1]
        here += 1
    if here >= len(pattern):
        raise ValueError(f"the literal text after {quote} is not closed")
    return Part("", text=text), here + 1


def formatted(moment: datetime, pattern: str) -> str:
    """A moment in a format; one without a zone has none to show. Raises ValueError for a format that is none."""
    told = ""
    for part in parts(pattern):
        if part.letter not in {"", "Z"}:
            shown = _SHOWN[part.letter](moment, part.count)
            # An F that shows nothing takes the point before it away.
            told = told.removesuffix(".") if part.letter == "F" and not shown else told
            told += shown
        else:
            told += part.text
    return told


def _named(names: tuple[str, ...], index: int, number: int, count: int) -> str:
    if count <= 2:
        return f"{number:0{count}}"
    return names[index][:3] if count == 3 else names[index]


def _fraction(moment: datetime, count: int) -> str:
    return f"{moment.microsecond:06}0"[:count]


def _year(moment: datetime, count: int) -> str:
    return f"{moment.year % 100 if count <= 2 else moment.year:0{count}}"


def _zone(count: int) -> str:
    return {1: "+0", 2: "+00"}.get(count, "+00:00")


_SHOWN: Final[Mapping[str, Callable[[datetime, int], str]]] = {
    "d": lambda moment, count: _named(DAYS, moment.weekday(), moment.day, count),
    "f": _fraction,
    "F": lambda moment, count: _fraction(moment, count).rstrip("0"),
    "g": lambda _, __: "A.D.",
    "h": lambda moment, count: f"{moment.hour % 12 or 12:0{min(count, 2)}}",
    "H": lambda moment, count: f"{moment.hour:0{min(count, 2)}}",
    "K": lambda moment, _: "" if moment.tzinfo is None else "Z",
    "m": lambda moment, count: f"{moment.minute:0{min(count, 2)}}",
    "M": lambda moment, count: _named(MONTHS, moment.month - 1, moment.month, count),
    "s": lambda moment, count: f"{moment.second:0{min(count, 2)}}",
    "t": lambda moment, count: ("AM" if moment.hour < 12 else "PM")[: min(count, 2)],
    "y": _year,
    "z": lambda _, count: _zone(count),
}
