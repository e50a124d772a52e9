"""The forms a role is sent in, those that are understood and those that are not, as the JSON text of `roles`.

Texts and not values, because some of them cannot be written as a value (duplicate keys).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

ADMINISTRATOR = "Administrator"
AGENT = "Service Agent User"
TASK = "Service Task User"
REQUESTER = "Requester"
BUILT_IN = (ADMINISTRATOR, AGENT, TASK, REQUESTER)
POWERFUL = frozenset({ADMINISTRATOR, AGENT})
APP_ROLE = "6f3b2a1c-0c2d-4a54-9d3e-2f1f5a7c9b10"

EMPTY = ("null", "[]", '""', '[{"value":""}]', '[{"value":null}]')


def text(value: object) -> str:
    """The JSON text of a value."""
    return json.dumps(value, ensure_ascii=False)


def documented(role: str) -> list[str]:
    """The form of Microsoft's tutorial."""
    return [text({"displayName": role})]


def as_text(role: str) -> list[str]:
    """The documented form as JSON text, with and without the blank the tutorial of 2018 had."""
    return [text(text({"displayName": role})), text(json.dumps({"displayName": role}, separators=(",", ":")))]


def as_list(role: str) -> list[str]:
    """A list with one element in the documented form."""
    return [text([{"displayName": role}])]


def by_key(role: str) -> list[str]:
    """Each key that names a role, in other cases too, and several at once."""
    keys = ("value", "display", "DisplayName", "VALUE")
    return [text([{key: role}]) for key in keys] + [text([{"value": role, "display": role, "displayName": role}])]


def inside_value(role: str) -> list[str]:
    """JSON text inside `value`, as Entra sends app roles in a PATCH."""
    return [text([{"value": text({"id": APP_ROLE, "value": role, "displayName": role})}])]


def with_extras(role: str) -> list[str]:
    """`id`, `type` and `primary` beside the name."""
    extras = {"id": APP_ROLE, "type": "WindowsAzureActiveDirectoryRole", "primary": False}
    return [text([{**extras, "value": role}])]


def several_same(role: str) -> list[str]:
    """Several elements or keys that name one role."""
    return [
        text([{"value": role}, {"value": role}]),
        text([{"value": role, "display": role}, {"displayName": role}]),
        text({"value": role, "displayName": role}),
    ]


DIFFERENT = (
    text([{"value": REQUESTER}, {"value": ADMINISTRATOR}]),
    text([{"value": ADMINISTRATOR}, {"value": REQUESTER}]),
    text([{"value": TASK, "primary": True}, {"value": ADMINISTRATOR, "primary": False}]),
)
DISAGREEING = (
    text({"value": REQUESTER, "displayName": ADMINISTRATOR}),
    text({"displayName": ADMINISTRATOR, "value": REQUESTER}),
    text(text({"displayName": REQUESTER, "value": ADMINISTRATOR})),
    text([{"display": REQUESTER, "value": text({"displayName": ADMINISTRATOR})}]),
)
UNKNOWN = (
    text({"displayName": "Superuser"}),
    text([{"value": "Administratr"}]),
    text(text({"displayName": "Superuser"})),
    text([{"value": text({"value": "Administrator2"})}]),
    text([{"display": "A" * 10_000}]),
)
UNREADABLE = (
    text('{"displayName":"Administrator"'),
    text("{'displayName':'Administrator'}"),
    text("{“displayName”:“Administrator”}"),
    text('{"displayName":"Administrator",}'),
    text('{"displayName":"Administrator"} please'),
    text("displayName=Administrator"),
)
DOUBLY_ENCODED = (
    text(text(text({"displayName": ADMINISTRATOR}))),
    text([{"value": text(text({"displayName": ADMINISTRATOR}))}]),
)
DUPLICATE_KEYS = (
    '{"displayName":"Requester","displayName":"Administrator"}',
    text('{"displayName":"Requester","displayName":"Administrator"}'),
    text([{"value": '{"displayName":"Requester","DISPLAYNAME":"Administrator"}'}]),
    '[{"value":"Requester","value":"Administrator"}]',
)
NAMELESS = (
    "{}",
    "[{}]",
    text({"role": REQUESTER}),
    text({"type": "x", "primary": True}),
    text({"name": REQUESTER}),
)
OTHER_TYPES = (
    "7",
    "true",
    text([[{"displayName": ADMINISTRATOR}]]),
    text([{"value": {"displayName": ADMINISTRATOR}}]),
    text([{"value": [ADMINISTRATOR]}]),
    text([{"value": REQUESTER}, 7]),
)
REFUSED: Mapping[str, Sequence[str]] = {
    "different": DIFFERENT,
    "disagreeing": DISAGREEING,
    "unknown": UNKNOWN,
    "unreadable": UNREADABLE,
    "doubly encoded": DOUBLY_ENCODED,
    "duplicate keys": DUPLICATE_KEYS,
    "nameless": NAMELESS,
    "other types": OTHER_TYPES,
}
EXACT = ("requester", "REQUESTER", " Requester", "Requester ")
EXTRA_KEYS = ("id", "type")
