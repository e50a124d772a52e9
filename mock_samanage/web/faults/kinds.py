"""The kinds of faults: the keys each has, the requests it can be played on, and whether it needs the connection."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Applies = Literal["any", "read", "list", "filter"]

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # token, RFC 9110 section 5.6.2
_VALUE = re.compile(r"[\x20-\x7e\x80-\xff\t]*")
_MEDIA_TYPE = re.compile(rf"{_NAME.pattern}/{_NAME.pattern}( *;[\x20-\x7e]*)?")
_FRAMING = frozenset({"content-length", "transfer-encoding", "connection"})
LONGEST = 24 * 3600.0
"""Seconds that a fault may take or announce."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a rule: what it has to be, in words and as a test; `needed` if it cannot be left out."""

    says: str
    fits: Callable[[Any], bool]
    default: Any = None
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """What a rule of this kind may say; `wire` kinds work on the connection itself."""

    says: str
    keys: Mapping[str, Key] = field(default_factory=dict)
    applies: Applies = "any"
    wire: bool = False


def is_number(value: object, least: float = 0, most: float = LONGEST) -> bool:
    """True for integers and fractions in that range."""
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


def is_whole(value: object, least: float = 0, most: float = 1e9) -> bool:
    """True for integers in that range."""
    return is_number(value, least, most) and value == int(value)  # type: ignore[call-overload]


def _is_fields(value: object) -> bool:
    return isinstance(value, dict) and all(
        _NAME.fullmatch(name) and name.lower() not in _FRAMING and isinstance(text, str) and _VALUE.fullmatch(text)
        for name, text in value.items()
    )


def _is_media_type(value: object) -> bool:
    return isinstance(value, str) and _MEDIA_TYPE.fullmatch(value) is not None


_SECONDS = "a number of seconds from 0 to 86400"
_AFTER_WRITE = Key("true or false", lambda value: isinstance(value, bool), default=False)
_WAIT = Key(_SECONDS, is_number, needed=True)

KINDS: Mapping[str, Kind] = {
    "status": Kind(
        "answers with this status; the handler does not run, but with after_write it has",
        {
            "status": Key("a status from 200 to 599", lambda value: is_whole(value, 200, 599), needed=True),
            "headers": Key(
                "a table of header fields and their texts, without Content-Length, Transfer-Encoding and Connection",
                _is_fields,
                default={},
            ),
            "retry_after": Key("a whole number of seconds from 0 to 86400", lambda value: is_whole(value, 0, LONGEST)),
            "retry_after_date": Key(_SECONDS, is_number),
            "body": Key("text", lambda value: isinstance(value, str)),
            "after_write": _AFTER_WRITE,
        },
    ),
    "unauthorized": Kind("401 with the challenges of the account's phase; the handler does not run"),
    "expire": Kind("the credential presented is expired for good, if it is valid, and the request is then refused"),
    "login-page": Kind("200 with an HTML page instead of the answer", {"after_write": _AFTER_WRITE}),
    "garbage": Kind("200 of SCIM's media type with text that is no JSON", {"after_write": _AFTER_WRITE}),
    "content-type": Kind(
        "the right answer labelled with another media type",
        {"type": Key("a media type", _is_media_type, default="text/html")},
    ),
    "ignore-filter": Kind("the list as if no filter had been given", applies="filter"),
    "stale": Kind("a GET is answered from what the tenant held when the rule was set", applies="read"),
    "duplicate": Kind("a list shows its first resource twice, with another id", applies="list"),
    "short-page": Kind("a page holds half of its resources; totalResults stays", applies="list"),
    "no-resources": Kind("an empty list lacks Resources", applies="list"),
    "without-id": Kind("the resources of the answer have no id"),
    "shuffle": Kind("the members of JSON objects are in another order"),
    "extra": Kind("the resources of the answer have an attribute that no schema knows"),
    "latency": Kind("the answer is sent after these seconds", {"seconds": _WAIT}, wire=True),
    "timeout": Kind(
        "nothing is answered, and the connection is closed after these seconds",
        {"seconds": Key(_SECONDS, is_number, default=30), "after_write": _AFTER_WRITE},
        wire=True,
    ),
    "cut": Kind(
        "the connection is closed without an answer, before or after the handler ran",
        {
            "when": Key(
                '"before" or "after"',
                lambda value: isinstance(value, str) and value in {"before", "after"},
                default="before",
            )
        },
        wire=True,
    ),
    "truncate": Kind("half of the body is sent, then the connection is closed", wire=True),
    "drip": Kind("the answer is sent in small pieces over these seconds", {"seconds": _WAIT}, wire=True),
}
"""Every kind by its name."""
