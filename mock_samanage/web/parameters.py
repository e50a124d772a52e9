"""The parameters of a request: of the query string, and of a SearchRequest, as one query.

Repeated parameters: the first counts, lists of names add up. Unknown ones are ignored (RFC 7644 section 3.4.2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from mock_samanage.scim.errors import InvalidCount, InvalidCursor, InvalidValue
from mock_samanage.scim.filter import parse_filter
from mock_samanage.scim.messages import SEARCH_REQUEST_URN, message, whole_number
from mock_samanage.scim.path import parse_attr_path
from mock_samanage.tenant.resource import Query
from mock_samanage.web.projection import Projection, projection

_INTEGER = re.compile(r"[+-]?[0-9]+")
_BOUND = 2**31 - 1
_SEARCH_MEMBERS = ("attributes", "excludedAttributes", "filter", "sortBy", "sortOrder", "startIndex", "count", "cursor")

Parameters = Mapping[str, Any]


def query_parameters(query_string: str) -> dict[str, str]:
    """The decoded parameters of a WSGI query string: percent-encoded UTF-8, `+` as a space.

    `query_string` holds the bytes as latin-1 text (PEP 3333); what is no UTF-8 becomes U+FFFD, which matches nothing.
    """
    if not query_string:
        return {}
    text = query_string if query_string.isascii() else query_string.encode("latin-1").decode("utf-8", "replace")
    found: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        if name not in found:
            found[name] = value
        elif name in {"attributes", "excludedAttributes"}:
            found[name] += f",{value}"
    return found


def search_parameters(body: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a SearchRequest, null ones left out (RFC 7644 section 3.4.3); raises InvalidSyntax."""
    members = message(body, SEARCH_REQUEST_URN, _SEARCH_MEMBERS)
    return {name: value for name, value in members.items() if value is not None}


def read_projection(parameters: Parameters) -> Projection:
    """What `attributes` and `excludedAttributes` ask for; raises InvalidValue, InvalidPath."""
    if "attributes" not in parameters and "excludedAttributes" not in parameters:
        return projection((), ())
    return projection(_names(parameters, "attributes"), _names(parameters, "excludedAttributes"))


def read_query(parameters: Parameters, kept: Projection) -> Query:
    """The query of a list request; raises InvalidFilter, InvalidPath, InvalidValue.

    A filter or sortOrder of a wrong type, as a SearchRequest may hold, is InvalidValue. With a cursor startIndex
    says nothing, but is an integer still (AMB-32), and what is wrong with cursor and count has names of its own:
    InvalidCursor, InvalidCount.
    """
    start = _integer(parameters, "startIndex") or 1
    if "cursor" in parameters:
        return _walk(parameters, kept)
    return _query(parameters, kept, start, _integer(parameters, "count"))


def _walk(parameters: Parameters, kept: Projection) -> Query:
    cursor = parameters["cursor"]
    if not isinstance(cursor, str):
        raise InvalidCursor(f"cursor is a string, not {_shown(cursor)}.")
    try:
        count = _integer(parameters, "count")
    except InvalidValue as wrong:
        raise InvalidCount(wrong.detail) from None
    return _query(parameters, kept, 1, count, cursor)


def _query(parameters: Parameters, kept: Projection, start: int, count: int | None, cursor: str | None = None) -> Query:
    filter_text, sort_by = _text(parameters, "filter"), _text(parameters, "sortBy")
    return Query(
        filter=None if filter_text is None else parse_filter(filter_text),
        sort_by=parse_attr_path(sort_by) if sort_by and sort_by.strip() else None,
        descending=_descending(parameters),
        start_index=start,
        count=count,
        cursor=cursor,
        wanted=kept.wanted,
    )


def _text(parameters: Parameters, name: str) -> str | None:
    value = parameters.get(name)
    if value is None or isinstance(value, str):
        return value
    raise InvalidValue(f"{name} is a string, not {_shown(value)}.")


def _names(parameters: Parameters, name: str) -> tuple[str, ...]:
    value = parameters.get(name, ())
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(entry, str) for entry in names):
        raise InvalidValue(f"{name} is a list of attribute names, not {_shown(value)}.")
    return tuple(entry for entry in names if entry.strip())


def _descending(parameters: Parameters) -> bool:
    order = _text(parameters, "sortOrder")
    if order is None or not order.strip():
        return False
    if order.lower() not in {"ascending", "descending"}:
        raise InvalidValue(f"sortOrder is ascending or descending, not {_shown(order)}.")
    return order.lower() == "descending"


def _integer(parameters: Parameters, name: str) -> int | None:
    """The integer, cut to 32 bits, because nothing that large is meant; None if absent or blank (AMB-32)."""
    value = parameters.get(name)
    if value is None or value == "":
        return None
    number = whole_number(value)
    text = value.strip() if isinstance(value, str) else "no number" if number is None else str(number)
    if not _INTEGER.fullmatch(text):
        raise InvalidValue(f"{name} is an integer, not {_shown(value)}.")
    return max(-_BOUND, min(_BOUND, int(text[:20])))


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"
