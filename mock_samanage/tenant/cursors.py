"""Cursors: places in the answer to one query, which the server need not remember (RFC 9865).

A cursor is signed together with what it belongs to: the account, the user who asks, and the query. A changed
cursor, one of another query and one of another client are refused alike, so that a refusal tells nothing. A change
of the user who asks, which may be one of what is allowed to him, voids his cursors (RFC 9865 section 5.2).
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NoReturn

from mock_samanage.scim.errors import ExpiredCursor, InvalidCursor
from mock_samanage.store import Position, Record
from mock_samanage.tenant.clock import SECOND
from mock_samanage.tenant.resource import Query

CURSOR_TIMEOUT = 3600
"""Seconds of the account's clock that a cursor is good for; `pagination.cursorTimeout` of ServiceProviderConfig."""

_SIGNATURE = 16  # bytes


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a walk goes on: beyond the position, perhaps backward, with pages of `count` resources.

    `position` is None at the beginning, which needs no text.
    """

    position: Position | None
    backward: bool
    count: int


def reader_of(user: Record) -> str:
    """To whom cursors belong: a user as he is now."""
    return f"{user.id} {user.version}"


def scope(account: int, reader: str, type_names: Sequence[str], query: Query) -> bytes:
    """What a cursor belongs to: 32 bytes, the same for each page of one walk."""
    parts = [account, reader, list(type_names), repr(query.filter), str(query.sort_by or ""), query.descending]
    return sha256(json.dumps(parts).encode()).digest()


class Cursors:
    """Seals and opens cursors under one key, so that every worker on a store takes those of the others."""

    def __init__(self, key: Callable[[], bytes]) -> None:
        self._make_key = key
        self._key = b""

    def seal(self, cursor: Cursor, scope: bytes, now: int) -> str:
        """The text of a cursor, of URI-unreserved characters only."""
        assert cursor.position is not None
        held = [now, cursor.count, cursor.backward, cursor.position.rid, cursor.position.keys]
        payload = _text(json.dumps(held, ensure_ascii=False, separators=(",", ":")).encode())
        return f"{payload}.{self._signature(payload, scope)}"

    def open(self, text: str, scope: bytes, now: int) -> Cursor:
        """The cursor of that text; InvalidCursor, ExpiredCursor."""
        payload, _, signature = text.partition(".")
        if not text.isascii() or not hmac.compare_digest(signature, self._signature(payload, scope)):
            _refuse()
        made, count, backward, rid, keys = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        if now - made > CURSOR_TIMEOUT * SECOND:
            raise ExpiredCursor(f"The cursor is older than {CURSOR_TIMEOUT} seconds; start again with an empty cursor.")
        return Cursor(Position(rid, None if keys is None else tuple(keys)), backward=backward, count=count)

    def _signature(self, payload: str, scope: bytes) -> str:
        if not self._key:
            self._key = self._make_key()
        return _text(hmac.digest(self._key, scope + payload.encode(), "sha256")[:_SIGNATURE])


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _refuse() -> NoReturn:
    raise InvalidCursor(
        "This is no cursor that you got for this query; send nextCursor as it was, with the same filter and sorting, "
        "or start again with an empty cursor."
    )
