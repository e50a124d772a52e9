"""How attribute values stand in the index: as text whose code point order is the order of the values.

PostgreSQL with collation "C" and SQLite with BINARY both compare the UTF-8 bytes, whose order is
the order of the code points, also beyond U+FFFF.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Final

from mock_samanage.scim.comparison import Key

PREFIX: Final = 160  # characters of a key that are indexed; PostgreSQL refuses index rows beyond 2.7 kB
_EXPONENT_SHIFT: Final = 2 * 10**18  # makes every exponent a Decimal can have a number of 19 digits
_COMPLEMENT: Final = str.maketrans("0123456789", "9876543210")
_LAST: Final = "\U0010ffff"


@lru_cache(maxsize=4096)
def slot(type_name: str, path: str) -> int:
    """The number that stands for an attribute of a resource type: 31 bits, the same in every store."""
    digest = sha256(f"{type_name}\0{path}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def text_of(key: Key) -> str:
    """The key as text: numbers so that text order is numeric order, at any size and precision."""
    if isinstance(key, str):
        return key
    if isinstance(key, bool):
        return "true" if key else "false"
    return _number(Decimal(key))


def _number(value: Decimal) -> str:
    if not value:
        return "1"
    digits = "".join(map(str, value.as_tuple().digits)).rstrip("0")
    magnitude = f"{value.adjusted() + _EXPONENT_SHIFT}{digits}"
    return f"2{magnitude}" if value > 0 else f"0{magnitude.translate(_COMPLEMENT)}~"


def unique_hash(key: str) -> bytes:
    """The SHA-256 of a whole key, by which unique attributes are kept unique."""
    return sha256(key.encode()).digest()


def successor(prefix: str) -> str | None:
    """The smallest text above every text that begins with the prefix; None if there is none."""
    kept = prefix.rstrip(_LAST)
    if not kept:
        return None
    last = ord(kept[-1]) + 1
    return kept[:-1] + chr(0xE000 if last == 0xD800 else last)  # no text holds a surrogate
