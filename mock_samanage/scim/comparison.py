"""The comparison rules of SCIM values: one key per value, and which operators an attribute has.

Two values of an attribute are equal if their keys are equal, and ordered as their keys are; text
is searched in the key. Sources: RFC 7643 sections 2.2, 2.3 and 7, RFC 7644 section 3.4.2.2.

Choices where the RFC is open:
AMB-01  `eq null` is "has no value", `ne null` is "has a value"; other operators with null are refused.
AMB-06  a literal of another JSON type is refused; only "true" and "false" in quotes, in any case,
        count as booleans (Microsoft Entra sends "True"), unless the caller's dialect refuses them.
AMB-07  co, sw and ew are refused for booleans, numbers, dateTime and binary values, read as text for references.
AMB-08  dateTime values are equal if they are the same instant.
AMB-10  the empty string is a text: `eq ""` matches a stored "", and co, sw, ew match every text;
        but it is no value: `pr` is false for it.
AMB-73  every other pair of attribute and operator works; ordering of references is by their text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from reprlib import repr as short
from typing import Any
from unicodedata import decomposition, normalize

from mock_samanage.scim.errors import InvalidFilter
from mock_samanage.scim.schema import Attribute, AttributeType, Returned
from mock_samanage.scim.syntax import Literal, Operator

Key = str | bool | int | Decimal

_ORDERING = frozenset({Operator.GT, Operator.GE, Operator.LT, Operator.LE})
_SUBSTRING = frozenset({Operator.CO, Operator.SW, Operator.EW})
_UNORDERED = frozenset({AttributeType.BOOLEAN, AttributeType.BINARY})  # RFC 7644, table 3
_TEXTS = frozenset({AttributeType.STRING, AttributeType.REFERENCE})
_EXAMPLES = {
    AttributeType.BOOLEAN: "true or false",
    AttributeType.INTEGER: "a number, such as 5",
    AttributeType.DECIMAL: "a number, such as 1.5",
    AttributeType.DATETIME: 'a dateTime, such as "2011-05-13T04:42:34Z"',
}

_USER_NAME = "userName"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))?"
)
_LONGEST_INTEGER = 400  # decimal digits up to which a whole number is kept as int
_WIDTHS = {
    code: chr(int(decomposition(chr(code)).split()[1], 16))
    for code in (0x3000, *range(0xFF01, 0xFFEF))
    if decomposition(chr(code)).startswith(("<wide>", "<narrow>"))
}
"""From full-width and half-width characters to the usual ones."""


def fold(text: str) -> str:
    """The text prepared for a comparison that ignores case: NFC of the case folding of NFC.

    The folding is Unicode's full one without a locale (AMB-58): ß equals ss, final sigma equals
    sigma, the dotless i of Turkish equals only itself. Source: RFC 7644 section 7.8.
    """
    if text.isascii():
        return text.lower()
    return normalize("NFC", normalize("NFC", text).casefold())


def fold_name(text: str) -> str:
    """A userName or login prepared for comparison: characters of full and half width are the usual ones, then `fold`.

    Source: RFC 7644 section 5 with RFC 7613 section 3.2.
    """
    return fold(text if text.isascii() else text.translate(_WIDTHS))


def instant(text: str) -> int | Decimal:
    """The point in time an xsd:dateTime names, in microseconds since 1970 UTC; a Decimal if it lies between two.

    Without a zone the time is UTC. Years have four digits. Raises ValueError for anything else, also for a second 60
    and for 24:00:00.
    """
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise ValueError(f"not of the form 2011-05-13T04:42:34Z: {short(text)}")
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    fraction, sign, zone_hours, zone_minutes = match.groups()[6:]
    digits = (fraction or "").ljust(6, "0")
    moment = datetime(year, month, day, hour, minute, second, int(digits[:6]), tzinfo=UTC)
    offset = _offset(sign, zone_hours, zone_minutes) if sign else 0
    whole = (moment - _EPOCH) // _MICROSECOND - offset
    finer = digits[6:].rstrip("0")
    return whole if not finer else _between(whole, finer)


def _between(whole: int, finer: str) -> Decimal:
    """The number that is so many decimal digits above a whole one, exactly."""
    scaled = whole * 10 ** len(finer) + int(finer)
    return Decimal((int(scaled < 0), tuple(map(int, str(abs(scaled)))), -len(finer)))


def _offset(sign: str, hours: str, minutes: str) -> int:
    total = int(hours) * 60 + int(minutes)
    if total > 14 * 60 or int(minutes) > 59:  # the limits of XML Schema part 2, section 3.3.7
        raise ValueError(f"no time zone offset: {sign}{hours}:{minutes}")
    return (total if sign == "+" else -total) * 60_000_000


def number(value: float | Decimal) -> int | Decimal:
    """The exact number: an int if it is whole, else a Decimal without trailing zeros.

    A float counts as the decimal text it prints as, so 1.1 equals the literal 1.1. Raises
    ValueError for infinity and not-a-number.
    """
    if isinstance(value, int):
        return value
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not exact.is_finite():
        raise ValueError(f"not a number: {short(value)}")
    sign, digits, exponent = exact.as_tuple()
    assert isinstance(exponent, int)
    significant = "".join(map(str, digits)).rstrip("0")
    exponent += len(digits) - len(significant)
    if not significant:
        return 0
    if exponent >= 0 and len(significant) + exponent <= _LONGEST_INTEGER:
        whole = int(significant + "0" * exponent)
        return -whole if sign else whole
    return Decimal((sign, tuple(map(int, significant)), exponent))


def _exact(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(f"no text: {short(value)}")


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"no boolean: {short(value)}")


def _number(value: object) -> int | Decimal:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return number(value)
    raise ValueError(f"no number: {short(value)}")


def _instant(value: object) -> int | Decimal:
    return instant(_exact(value))


_KEYS: dict[AttributeType, Callable[[object], Key]] = {
    AttributeType.BOOLEAN: _boolean,
    AttributeType.INTEGER: _number,
    AttributeType.DECIMAL: _number,
    AttributeType.DATETIME: _instant,
    AttributeType.REFERENCE: _exact,
    AttributeType.BINARY: _exact,
}


def key(attribute: Attribute, value: object) -> Key:
    """What a value of the attribute is compared by.

    Strings: folded unless `caseExact`, a userName by `fold_name`; references and binary values: the
    text itself (AMB-09: references are case-exact, RFC 7643 section 2.3.7); numbers: `number`;
    dateTime: `instant`; booleans: themselves. Raises ValueError if the value is not of the
    attribute's type, or complex.
    """
    if attribute.type is AttributeType.STRING:
        text = _exact(value)
        if attribute.case_exact:
            return text
        return fold_name(text) if attribute.name == _USER_NAME else fold(text)
    make = _KEYS.get(attribute.type)
    if make is None:
        raise ValueError(f"{attribute.name} is complex and has no key of its own")
    return make(value)


def check_operator(attribute: Attribute, op: Operator, literal: Literal, *, name: str = "") -> None:
    """Raises InvalidFilter if the attribute cannot be compared in this way; the detail says what can.

    attribute: what the path ends at, not complex. name: how messages call it. The type of a literal
    other than null is checked by `operand`.
    """
    name = name or attribute.name
    if attribute.returned is Returned.NEVER:
        raise InvalidFilter(f"{name} is never shown and cannot be part of a filter")
    if attribute.type is AttributeType.COMPLEX:
        subs = ", ".join(f"{name}.{sub.name}" for sub in attribute.sub_attributes)
        raise InvalidFilter(f"{name} is complex and has no value to compare; name one of {subs}")
    if op in _ORDERING and attribute.type in _UNORDERED:
        raise InvalidFilter(f"{name} is {attribute.type}, and such values have no order; {op} needs eq or ne instead")
    if op in _SUBSTRING and attribute.type not in _TEXTS:
        raise InvalidFilter(f"{name} is {attribute.type}, not text, so {op} has no meaning for it")
    if literal is None and op not in {Operator.EQ, Operator.NE}:
        raise InvalidFilter(f"{name} {op} null has no meaning; null goes with eq and ne")


def operand(attribute: Attribute, literal: Literal, *, coerce: bool, name: str = "") -> Key:
    """The key of a literal that the attribute is compared with.

    coerce: "true" and "false" in quotes count as booleans. Raises InvalidFilter for a literal of
    another type than the attribute's (AMB-06).
    """
    if coerce and attribute.type is AttributeType.BOOLEAN and isinstance(literal, str):
        literal = {"true": True, "false": False}.get(literal.lower(), literal)
    try:
        return key(attribute, literal)
    except ValueError as why:
        wanted = _EXAMPLES.get(attribute.type, 'a string in double quotes, such as "x"')
        raise InvalidFilter(f"{name or attribute.name} is {attribute.type} and compares with {wanted}; {why}") from None


def holds(op: Operator, value: Key, wanted: Key) -> bool:
    """Whether the relation holds between the keys of a value and of an operand of one attribute.

    Texts are ordered by code points (RFC 7644 section 3.4.2.3 leaves no locale).
    """
    if op is Operator.EQ:
        return value == wanted
    return _RELATIONS[op](value, wanted)


_RELATIONS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.NE: lambda value, wanted: bool(value != wanted),
    Operator.CO: lambda value, wanted: wanted in value,
    Operator.SW: lambda value, wanted: bool(value.startswith(wanted)),
    Operator.EW: lambda value, wanted: bool(value.endswith(wanted)),
    Operator.GT: lambda value, wanted: bool(value > wanted),
    Operator.GE: lambda value, wanted: bool(value >= wanted),
    Operator.LT: lambda value, wanted: bool(value < wanted),
    Operator.LE: lambda value, wanted: bool(value <= wanted),
}
