"""The messages of the protocol: their URNs, reading one from bytes, building one to send.

Source: RFC 7644 sections 3.1, 3.4.2, 3.4.3, 3.5.2, 3.12; RFC 8259 for JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NoReturn

from mock_samanage.scim.errors import ERROR_URN, InvalidSyntax, InvalidValue
from mock_samanage.scim.numbers import exact

API_PREFIX: Final = "urn:ietf:params:scim:api:"
LIST_RESPONSE_URN: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SEARCH_REQUEST_URN: Final = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
PATCH_OP_URN: Final = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK_REQUEST_URN: Final = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
BULK_RESPONSE_URN: Final = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"

__all__ = [
    "API_PREFIX",
    "BULK_REQUEST_URN",
    "BULK_RESPONSE_URN",
    "ERROR_URN",
    "LIST_RESPONSE_URN",
    "MAX_DEPTH",
    "PATCH_OP_URN",
    "SEARCH_REQUEST_URN",
    "bulk_response",
    "check_names",
    "cursor_response",
    "list_response",
    "message",
    "parse_json",
    "whole_number",
]

MAX_DEPTH: Final = 32

_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{\]}]', re.DOTALL)
_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")


def list_response(
    resources: Sequence[Mapping[str, Any]], total: int, start_index: int = 1, *, counted: bool = True
) -> dict[str, Any]:
    """A ListResponse; `counted` adds startIndex and itemsPerPage, the number of entries sent (AMB-31)."""
    body: dict[str, Any] = {"schemas": [LIST_RESPONSE_URN], "totalResults": total}
    if counted:
        body["startIndex"] = start_index
        body["itemsPerPage"] = len(resources)
    body["Resources"] = list(resources)
    return body


def cursor_response(
    resources: Sequence[Mapping[str, Any]], total: int, following: str | None, previous: str | None
) -> dict[str, Any]:
    """The ListResponse of cursor paging; a cursor that is None is left out (RFC 9865 section 2)."""
    body: dict[str, Any] = {"schemas": [LIST_RESPONSE_URN], "totalResults": total, "itemsPerPage": len(resources)}
    cursors = (("nextCursor", following), ("previousCursor", previous))
    body.update({name: cursor for name, cursor in cursors if cursor is not None})
    body["Resources"] = list(resources)
    return body


def bulk_response(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The answer to a BulkRequest (RFC 7644 section 3.7.3)."""
    return {"schemas": [BULK_RESPONSE_URN], "Operations": list(results)}


def parse_json(data: bytes, *, depth: int = MAX_DEPTH) -> dict[str, Any]:
    """The JSON object in a request body.

    Two members of one object never have the same name, and those of the outermost object also differ
    by more than case, because attribute names ignore it (AMB-45). Raises InvalidSyntax for what is
    no UTF-8 JSON object or is nested deeper than `depth`; InvalidValue for repeated names, and for
    strings with U+0000 or a lone surrogate, which no answer could carry. Each names what and where.
    """
    text = _decoded(data)
    _check_depth(text, depth)
    try:
        body = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InvalidSyntax(f"The body is not JSON: {error.msg} at {where}.") from None
    if not isinstance(body, dict):
        raise InvalidSyntax(f"The body is a JSON {kind(body)}; it must be a JSON object, such as {{…}}.")
    check_names(body)
    if "\\u" in text:
        _check_characters(body)
    return body


def kind(value: object) -> str:
    """What JSON calls a value: null, boolean, number, string, array or object."""
    if value is None:
        return "null"
    for types, name in _KINDS:
        if isinstance(value, types):
            return name
    return type(value).__name__


_KINDS: Final[tuple[tuple[type | tuple[type, ...], str], ...]] = (
    (bool, "boolean"),
    ((int, float, Decimal), "number"),
    (str, "string"),
    (list, "array"),
    (dict, "object"),
)


def whole_number(value: object) -> int | None:
    """The integer that a JSON number is, 2.0 being 2; None for anything else (RFC 8259 section 6)."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _decoded(data: bytes) -> str:
    if not data.strip():
        raise InvalidSyntax("The body is empty; it must be a JSON object.")
    if data.startswith(b"\xef\xbb\xbf"):
        raise InvalidSyntax("The body starts with a byte order mark; JSON is sent without one (RFC 8259 section 8.1).")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidSyntax(f"The body is not UTF-8: {error.reason} at byte {error.start}.") from None


def _check_depth(text: str, limit: int) -> None:
    if text.count("{") + text.count("[") <= limit:
        return
    depth = 0
    for token in _TOKENS.finditer(text):
        mark = token[0]
        if mark in "{[":
            depth += 1
            if depth > limit:
                raise InvalidSyntax(
                    f"The body is nested too deep at character {token.start()}; at most {limit} levels are read."
                )
        elif mark in "]}":
            depth -= 1


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidValue(f"The name {_quoted(twice)} occurs twice in one JSON object; it must occur once.")
    return members


def check_names(body: Mapping[str, Any]) -> None:
    """Raises InvalidValue if two members of a resource or message differ in case only."""
    if len({name.lower() for name in body}) == len(body):
        return
    seen: dict[str, str] = {}
    for name in body:
        if (first := seen.setdefault(name.lower(), name)) != name:
            raise InvalidValue(
                f"The names {_quoted(first)} and {_quoted(name)} differ only in case, "
                "so they are the same attribute; it must occur once."
            )


def _refuse_constant(text: str) -> NoReturn:
    raise InvalidSyntax(f"The body is not JSON: {text} is no number of JSON.")


def _finite(text: str) -> float | Decimal:
    try:
        return exact(text)
    except ValueError as why:
        raise InvalidValue(f"The number {_shortened(text)} is {why}.") from None


def _whole(text: str) -> int:
    if len(text) > 400:
        raise InvalidValue(f"The number {_shortened(text)} is too large.")
    return int(text)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=_finite, parse_int=_whole
)


def _check_characters(body: Mapping[str, Any]) -> None:
    for path, text in _strings(body, ""):
        if match := _FORBIDDEN.search(text):
            raise InvalidValue(
                f"{path} holds U+{ord(match[0]):04X} at character {match.start()}; "
                "the null character and lone surrogates are not allowed in text."
            )


def _strings(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, f"{path}[{index}]")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield f"A name in {path or 'the body'}", name
            yield from _strings(item, f"{path}.{name}" if path else name)


def _quoted(name: str) -> str:
    return json.dumps(_shortened(name))


def _shortened(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[:limit] + "…"


def message(body: Mapping[str, Any], urn: str, members: Sequence[str]) -> dict[str, Any]:
    """The named members of a protocol message, found in any case (AMB-49), under the names given.

    Raises InvalidSyntax when the body's `schemas` does not hold the URN of the message.
    """
    found = fold_names(body, ("schemas", *members))
    schemas = found.pop("schemas", None)
    listed = [schemas] if isinstance(schemas, str) else schemas
    if not isinstance(listed, list) or urn.lower() not in [item.lower() for item in listed if isinstance(item, str)]:
        raise InvalidSyntax(f'The body must hold "schemas": ["{urn}"].')
    return found


def fold_names(body: Mapping[str, Any], names: Sequence[str], where: str = "the message") -> dict[str, Any]:
    """The members of an object that have one of the names in any case, under those names.

    Other members are left out. Raises InvalidSyntax when two spellings of one name are there.
    """
    known = {name.lower(): name for name in names}
    found: dict[str, Any] = {}
    for name, value in body.items():
        proper = known.get(name.lower())
        if proper is None:
            continue
        if proper in found:
            raise InvalidSyntax(f'"{proper}" occurs twice in {where}, in different case; it must occur once.')
        found[proper] = value
    return found
