"""Moments read from text: by a .NET format string, or in any of the usual spellings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from conformance.entra.expressions.formats import DAYS, MONTHS, Part, parts

STYLES: Final = (
    "None",
    "AllowLeadingWhite",
    "AllowTrailingWhite",
    "AllowInnerWhite",
    "AllowWhiteSpaces",
    "NoCurrentDateDefault",
    "AdjustToUniversal",
    "AssumeLocal",
    "AssumeUniversal",
    "RoundtripKind",
)
"""DateTimeStyles of .NET."""
DEFAULT_STYLES: Final = "RoundtripKind, AllowLeadingWhite, AllowTrailingWhite"
_PIVOT: Final = 2029
"""The last year that two digits can mean."""


def styles_of(text: str) -> frozenset[str]:
    """The styles that a text names; raises ValueError for a word that is none."""
    named = {each.strip().removeprefix("DateTimeStyles.") for each in text.split(",")}
    if unknown := sorted(named - {*STYLES}):
        raise ValueError(f"{unknown[0]!r} is no style; there are {', '.join(STYLES)}")
    white = {"AllowLeadingWhite", "AllowTrailingWhite", "AllowInnerWhite"} if "AllowWhiteSpaces" in named else set()
    return frozenset(named | white)


def parsed(text: str, pattern: str, styles: frozenset[str], now: datetime) -> datetime:
    """The moment that a text spells in a format, in UTC if it has a zone, else without one.

    What the format lacks is taken from today. Raises ValueError.
    """
    found = _reader(pattern, styles).fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not in the format {pattern}")
    read: dict[str, str] = {}
    for name, value in found.groupdict().items():
        key = name.rstrip("0123456789")
        if value and read.setdefault(key, value) != value:
            raise ValueError(f"{text!r} says two things in the format {pattern}")
    try:
        return _moment(read, styles, now)
    except OverflowError as error:
        raise ValueError(f"{text!r} is beyond the calendar") from error


@cache
def _reader(pattern: str, styles: frozenset[str]) -> re.Pattern[str]:
    inner = r"\s*" if "AllowInnerWhite" in styles else ""
    body = inner.join(_read(part, at) for at, part in enumerate(parts(pattern)))
    before = r"\s*" if "AllowLeadingWhite" in styles else ""
    after = r"\s*" if "AllowTrailingWhite" in styles else ""
    return re.compile(f"{before}{body}{after}")


def _digits(count: int) -> str:
    return "[0-9]{1,2}" if count == 1 else "[0-9]{2}"


def _year_digits(count: int) -> str:
    return f"[0-9]{ {1: '{1,2}', 2: '{2}', 3: '{3,5}'}.get(count, f'{{{count}}}') }"


_SPELLED: Final[Mapping[str, Callable[[int], str]]] = {
    "f": lambda count: f"[0-9]{{{count}}}",
    "F": lambda count: f"[0-9]{{0,{count}}}",
    "g": lambda _: r"A\.D\.",
    "y": _year_digits,
    "t": lambda count: "(?i:AM|PM)" if count > 1 else "(?i:A|P)",
    "z": lambda count: f"[+-]{_digits(count)}" if count < 3 else "[+-][0-9]{2}:?[0-9]{2}",
    "K": lambda _: "(?:Z|[+-][0-9]{2}:[0-9]{2})?",
    "Z": lambda _: "Z|GMT",
}
"""The regular expression of a specifier by how often its letter stands; those that are left out are two digits."""
_READ_AS: Final = {"F": "f", "K": "z", "Z": "z"}


def _read(part: Part, at: int) -> str:
    """The regular expression of a part; the group's name is what is read, with the part's place after it."""
    if not part.letter:
        return re.escape(part.text)
    if part.letter in "dM" and part.count > 2:
        names = DAYS if part.letter == "d" else MONTHS
        listed = "|".join(names if part.count > 3 else _short(names))
        return f"(?P<{'weekday' if part.letter == 'd' else 'name'}{at}>(?i:{listed}))"
    spelled = _SPELLED.get(part.letter, _digits)(part.count)
    return f"(?P<{_READ_AS.get(part.letter, part.letter)}{at}>{spelled})"


def _short(names: tuple[str, ...]) -> list[str]:
    return [each[:3] for each in names]


def _moment(read: Mapping[str, str], styles: frozenset[str], now: datetime) -> datetime:
    dated = {"y", "M", "d", "name"} & {*read}
    year = _year(read["y"]) if "y" in read else now.year
    month = _month(read, 1 if dated else now.month)
    day = int(read.get("d", 1 if dated else now.day))
    hour = _hour(read)
    micro = int(read.get("f", "").ljust(7, "0")[:6] or 0)
    found = datetime(year, month, day, hour, int(read.get("m", 0)), int(read.get("s", 0)), micro)  # noqa: DTZ001 - no zone
    if "weekday" in read and not DAYS[found.weekday()].lower().startswith(read["weekday"].lower()):
        raise ValueError(f"{found:%Y-%m-%d} is no {read['weekday']}")
    if "z" in read:
        return (found.replace(tzinfo=UTC) - _offset(read["z"])).astimezone(UTC)
    universal = {"AssumeUniversal", "AdjustToUniversal"} & styles
    return found.replace(tzinfo=UTC) if universal else found


def _year(text: str) -> int:
    if len(text) > 2:
        return int(text)
    year = 2000 + int(text)
    return year if year <= _PIVOT else year - 100


def _month(read: Mapping[str, str], default: int) -> int:
    if "name" in read:
        short = [each.lower() for each in _short(MONTHS)]
        return short.index(read["name"].lower()[:3]) + 1
    return int(read.get("M", default))


def _hour(read: Mapping[str, str]) -> int:
    if "h" not in read:
        return int(read.get("H", 0))
    hour = int(read["h"])
    if hour > 12:
        raise ValueError(f"an hour with AM or PM is at most 12, not {hour}")
    return hour % 12 + 12 * (read.get("t", "A").upper()[0] == "P")


def _offset(zone: str) -> timedelta:
    if zone.upper() in {"Z", "GMT", "UTC"}:
        return timedelta()
    digits = zone[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if hours > 14 or minutes > 59:
        raise ValueError(f"a zone is at most 14 hours off, not {zone}")
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)


_NAME = "|".join((*MONTHS, *_short(MONTHS)))
_DATES: Final = (
    r"(?P<y>[0-9]{4})-(?P<M>[0-9]{1,2})-(?P<d>[0-9]{1,2})",
    r"(?P<y>[0-9]{4})/(?P<M>[0-9]{1,2})/(?P<d>[0-9]{1,2})",
    r"(?P<M>[0-9]{1,2})/(?P<d>[0-9]{1,2})/(?P<y>[0-9]{4})",
    rf"(?:[a-z]{{3,9}},?\s+)?(?P<d>[0-9]{{1,2}})[ -](?P<name>{_NAME})[ -](?P<y>[0-9]{{4}})",
    rf"(?:[a-z]{{3,9}},?\s+)?(?P<name>{_NAME})\s+(?P<d>[0-9]{{1,2}}),?\s+(?P<y>[0-9]{{4}})",
)
_HOURS: Final = r"(?P<h>[0-9]{1,2})(?::(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2})(?:\.(?P<f>[0-9]{1,7}))?)?)?\s*(?P<t>AM|PM)"
_CLOCK: Final = r"(?P<H>[0-9]{1,2}):(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2})(?:\.(?P<f>[0-9]{1,7}))?)?"
_ZONE: Final = r"(?:\s*(?P<z>Z|GMT|UTC|[+-][0-9]{2}(?::?[0-9]{2})?))?"
_USUAL: Final = tuple(
    re.compile(rf"\s*{date}(?:(?:T|\s+){time}|){_ZONE}\s*", re.IGNORECASE)
    for date in _DATES
    for time in (_CLOCK, _HOURS)
)


_NO_DAY: Final = datetime.min.replace(tzinfo=UTC)
"""Today, for texts that name a whole date."""


def moment_of(text: str) -> datetime:
    """The moment, in UTC, that a text spells in one of the usual ways; without a zone it is in UTC.

    Raises ValueError.
    """
    for usual in _USUAL:
        if found := usual.fullmatch(text):
            read = {name: value for name, value in found.groupdict().items() if value is not None}
            try:
                return _moment(read, frozenset({"AssumeUniversal"}), _NO_DAY)
            except (ValueError, OverflowError) as error:
                raise ValueError(f"{text!r} is no date: {error}") from error
    raise ValueError(f"{text!r} is no date; right are 2031-04-05, 2031-04-05T10:00:00+02:00 and 4/5/2031 10:00:00 AM")
