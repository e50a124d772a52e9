"""How values become text, numbers and truth inside an expression; a ValueError says what a value is or has."""

from __future__ import annotations

from datetime import UTC, datetime
from math import isfinite
from typing import Final

from conformance.entra.values import AppRole, Redacted, RoleFlow, Roles, Scalar, Value

DIGITS: Final = 4_000
"""Python reads no longer numbers."""


def told(moment: datetime) -> str:
    """A moment as CDate and its kin return it, M/d/yyyy h:mm:ss tt in UTC (FUNC)."""
    utc = moment.astimezone(UTC)
    half = "AM" if utc.hour < 12 else "PM"
    return f"{utc.month}/{utc.day}/{utc.year:04} {utc.hour % 12 or 12}:{utc.minute:02}:{utc.second:02} {half}"


def is_empty(value: Value) -> bool:
    """Whether there is no value, or nothing in it."""
    return value is None or value in ("", ()) or (isinstance(value, Roles) and not value.roles)


def text(value: Value) -> str | None:
    """The value as text, None for no value; raises ValueError where there are several values."""
    match value:
        case None | ():
            return None
        case Redacted(inner):
            return text(inner)
        case Roles(flow=RoleFlow.SINGLE, roles=(role, *_)):
            return role_name(role)
        case (single,):
            return scalar_text(single)
        case tuple() | Roles():
            raise ValueError("has several values where one is needed")
    return scalar_text(value)


def role_name(role: AppRole) -> str:
    """What a role is called where its name is wanted."""
    return role.value or role.display_name


def scalar_text(value: Scalar) -> str:
    """One value as text, in .NET's words."""
    if isinstance(value, datetime):
        return told(value)
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(value)


def whole(value: Value) -> int | None:
    """The value as a whole number, a fraction cut off; None for no value; raises ValueError."""
    number, found = numeric(value), text(value)
    if number is None and found:
        raise ValueError(f"is no number: {found!r}")
    return None if number is None else int(number)


def numeric(value: Value) -> int | float | None:
    """The number that a value is or spells, hexadecimal after &H; None where it is none, or several."""
    if isinstance(value, bool | datetime):
        return None
    if isinstance(value, int | float):
        return value if isinstance(value, int) or isfinite(value) else None
    found = _one_text(value).strip()
    if len(found) > DIGITS or not found.isascii() or "_" in found:
        return None
    try:
        return int(found.removeprefix("&H"), 16 if found.startswith("&H") else 10)
    except ValueError:
        return _fraction(found)


def _fraction(found: str) -> float | None:
    whole_part, point, rest = found.lstrip("+-").partition(".")
    if not point or not (whole_part + rest).isdigit() or len(found) > 300:
        return None
    return float(found)


def truth(value: Value) -> bool | None:
    """What a value says as a condition: True and False in any case, a number by whether it is 0; None for neither."""
    if isinstance(value, bool):
        return value
    if (number := numeric(value)) is not None:
        return number != 0
    return {"true": True, "false": False}.get(_one_text(value).lower())


def _one_text(value: Value) -> str:
    try:
        return text(value) or ""
    except ValueError:
        return ""
