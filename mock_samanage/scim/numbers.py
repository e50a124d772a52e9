"""JSON with exact numbers: a fraction that a binary number cannot hold stays a Decimal.

`float` prints as the shortest text that reads back as itself, so what is written with up to 15 significant digits
comes back as it is; anything else would be rounded without a word (AMB-70).
"""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

_MARK: Final = "\0decimal "  # no text of a document holds U+0000, because bodies with it are refused
_MARKED: Final = re.compile(r'"\\u0000decimal ([^"]*)"')
_SMALLEST_EXPONENT: Final = -400


def exact(text: str) -> float | Decimal:
    """The number a JSON text with fraction or exponent spells; raises ValueError if it is too large or too small."""
    number = float(text)
    if math.isinf(number):
        raise ValueError("too large")
    try:
        wanted = Decimal(text)
    except InvalidOperation:
        raise ValueError("too small") from None
    if Decimal(repr(number)) == wanted:
        return number
    if wanted.adjusted() < _SMALLEST_EXPONENT:
        raise ValueError("too small")
    return wanted


class ExactEncoder(json.JSONEncoder):
    """Encodes compactly, and each Decimal with all of its digits."""

    def __init__(self, *, check_circular: bool = True) -> None:
        super().__init__(
            ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=check_circular, default=_marked
        )

    def encode(self, o: Any) -> str:
        """The text of a JSON value."""
        text = super().encode(o)
        return _MARKED.sub(r"\1", text) if "\\u0000decimal " in text else text


def _marked(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{_MARK}{value}"
    raise TypeError(f"{type(value).__name__} is no JSON value")


def decoder() -> json.JSONDecoder:
    """Reads what ExactEncoder wrote."""
    return json.JSONDecoder(parse_float=exact)
