"""Booleans as clients send them: JSON literals, and the strings of Microsoft Entra ID."""

from __future__ import annotations

from typing import Final

from mock_samanage.scim.dialect import Dialect

_WORDS: Final = {"true": True, "false": False}


def boolean(raw: object, dialect: Dialect) -> bool | None:
    """The boolean a JSON value stands for, or None when it is none.

    `"True"` and `"False"` in any case count if the dialect coerces them (AMB-50); `"1"` never does.
    """
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and dialect.string_booleans == "coerce":
        return _WORDS.get(raw.lower())
    return None
