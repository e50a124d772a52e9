"""Password records: scrypt with its parameters and salt beside the key, so that they can be raised later."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

_N, _R, _P = 2**14, 8, 1  # 16 MB and some 40 ms for each guess
_KEY = 32  # bytes
_MEMORY = 64 * 1024 * 1024  # upper bound given to OpenSSL, bytes


def prepared(password: str) -> str:
    """The password as it is compared: every kind of space is U+0020, then NFC; case counts (RFC 7613 section 4.2)."""
    spaced = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in password)
    return unicodedata.normalize("NFC", spaced)


def _key(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(prepared(password).encode(), salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=_KEY)


def record(password: str, salt: bytes) -> bytes:
    """The text `scrypt$N$r$p$salt$key`, salt and key in hexadecimal; the salt has 16 bytes."""
    return f"scrypt${_N}${_R}${_P}${salt.hex()}${_key(password, salt, _N, _R, _P).hex()}".encode()


def verify(password: str, stored: bytes) -> bool:
    """True if the record is of that password; compares in constant time."""
    _, n, r, p, salt, key = stored.decode().split("$")
    return hmac.compare_digest(_key(password, bytes.fromhex(salt), int(n), int(r), int(p)), bytes.fromhex(key))
