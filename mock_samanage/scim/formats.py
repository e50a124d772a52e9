"""The form that the text of some attributes must have, beyond their data type."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Final

from mock_samanage.scim.dialect import Dialect

_TAG: Final = re.compile(r"[A-Za-z0-9]{1,8}(?:[-_][A-Za-z0-9]{1,8})*")
_ALPHA2: Final = re.compile(r"[A-Za-z]{2}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_NO_URI: Final = re.compile(r"[\x00-\x20\x7f<>\"{}|\\^`]")
_SEQUENCE: Final = 0x30

Complaint = str | None
"""What would be right, or None when the text is right."""


def language_tag(text: str, dialect: Dialect) -> Complaint:
    """A language tag of BCP 47; underscores are read as well (RFC 7643 section 4.1.1)."""
    del dialect
    return None if _TAG.fullmatch(text) else "a language tag without spaces, such as en-US"


def country(text: str, dialect: Dialect) -> Complaint:
    """Two letters of ISO 3166-1, if the dialect asks for it (RFC 7643 section 4.1.2)."""
    if dialect.countries == "store" or _ALPHA2.fullmatch(text):
        return None
    return "two letters of ISO 3166-1, such as US"


FORMATS: Final[Mapping[str, Callable[[str, Dialect], Complaint]]] = {"locale": language_tag, "country": country}


def uri(text: str) -> Complaint:
    """A URI or a relative reference: no spaces and none of the characters URIs leave out (RFC 3986)."""
    return "a URI without spaces, such as https://example.com/ada" if _NO_URI.search(text) else None


def binary(text: str) -> Complaint:
    """Base64 in either alphabet, the padding optional (RFC 7643 section 2.3.6)."""
    return None if decoded(text) is not None else "base64 text (RFC 4648), such as MIIB"


def certificate(text: str) -> Complaint:
    """Base64 of no more than one DER sequence: a second certificate is refused (RFC 7643 section 4.1.2)."""
    data = decoded(text)
    if data is None:
        return binary(text)
    if data[:1] == bytes([_SEQUENCE]) and len(data) > (_sequence_length(data) or len(data)):
        return "base64 of exactly one DER certificate, with nothing behind it"
    return None


def decoded(text: str) -> bytes | None:
    """The bytes that base64 text stands for, or None when it is none."""
    plain = text.replace("-", "+").replace("_", "/")
    if not _BASE64.fullmatch(plain):
        return None
    body = plain.rstrip("=")
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except binascii.Error:
        return None


def _sequence_length(data: bytes) -> int | None:
    """The length of the first DER element with its header, or None when the header is cut."""
    if len(data) < 2:
        return None
    if data[1] < 0x80:
        return 2 + data[1]
    size = data[1] & 0x7F
    if len(data) < 2 + size:
        return None
    return 2 + size + int.from_bytes(data[2 : 2 + size], "big")
