"""What control requests carry: JSON objects in, members of known types out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mock_samanage.scim.numbers import decoder
from mock_samanage.web.control.errors import ControlError
from mock_samanage.web.journal.shelf import NOTHING_SENT, Wanted

Body = dict[str, Any]


def read_object(data: bytes) -> Body:
    """The JSON object in a body, {} for an empty one; raises ControlError."""
    if not data.strip():
        return {}
    try:
        body = decoder().decode(data.decode())
    except (ValueError, RecursionError):
        raise ControlError(400, "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise ControlError(400, "The body is a JSON object, such as {}.")
    return body


def wanted_member(body: Mapping[str, Any], name: str) -> Any:
    """A member that has to be there; raises ControlError."""
    if name not in body:
        raise ControlError(400, f'The body needs "{name}".')
    return body[name]


def whole_number(body: Mapping[str, Any], name: str, default: int) -> int:
    """A member that is an integer of at least zero; raises ControlError."""
    value = body.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ControlError(400, f'"{name}" is an integer from 0, not {value!r}.')
    return value


def journal_filter(account: str, parameters: Mapping[str, str]) -> Wanted:
    """The entries a query string asks for: method, path, status (null: nothing sent), since, text, limit.

    Raises ControlError.
    """
    return Wanted(
        account=account,
        method=parameters.get("method"),
        path=parameters.get("path"),
        status=NOTHING_SENT if parameters.get("status") == "null" else _number(parameters, "status"),
        since=_moment(parameters.get("since")),
        text=parameters.get("text"),
        limit=_number(parameters, "limit"),
    )


def _number(parameters: Mapping[str, str], name: str) -> int | None:
    text = parameters.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise ControlError(400, f"{name} is a number, not {text[:40]!r}.")
    return int(text)


def _moment(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise ControlError(400, f"since is a date and time, such as 2026-01-31T12:00:00Z, not {text[:40]!r}.") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1e6)
