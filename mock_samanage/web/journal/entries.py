"""The entries of the journal: raw as the request path leaves them, and as they are written down and read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from mock_samanage.tenant.clock import timestamp
from mock_samanage.web.journal.delivery import USUAL, Delivery
from mock_samanage.web.journal.heads import Head
from mock_samanage.web.journal.redaction import SECRET_FIELDS, Redactor, masked, presented
from mock_samanage.web.routes import below_mount, route_of

BODY_LIMIT = 64 * 1024
"""Bytes of a body that are kept."""

RAN_KEY = "mock_samanage.ran"
"""The WSGI environment's key that is there once a handler has been given the request."""

_PLAIN = re.compile(r"[A-Za-z0-9/._-]*")
_APART = "\x1d"  # ASCII group separator: between the four parts of an exchange's text


class RawExchange(NamedTuple):
    """What the request path leaves behind: references only, nothing is looked at, and the WSGI environment goes."""

    moment: int  # of the arrival, microseconds since the epoch, UTC
    account: str | None  # None when no account was found
    method: str
    path: str  # with the mount, decoded to bytes, which are written as Latin-1
    query: str
    head: Head
    body: bytes
    status: int
    fields: Iterable[tuple[str, str]]
    answer: bytes
    elapsed: int  # nanoseconds
    ran: bool
    delivery: Delivery = USUAL


class Entry(NamedTuple):
    """One exchange without secrets; `number` is that of its place in the store, `url` is path and query.

    `status` is None when nothing was sent. `fault` is the kind played, "" for none; `written`: a handler ran;
    `delivered`: the answer was sent whole. `text` holds request fields, request body, answer fields and answer body,
    fields as lines, bodies cut at 64 kB.
    """

    number: int
    moment: int
    account: str | None
    method: str
    url: str
    status: int | None
    elapsed_ms: float
    fault: str
    written: bool
    delivered: bool
    text: str

    def as_json(self) -> dict[str, Any]:
        """The entry as the control API shows it."""
        lines, body, answer_lines, answer_body = self.text.split(_APART)
        fields, path = _mapping(lines), below_mount(self.url)
        return {
            "number": self.number,
            "time": timestamp(self.moment),
            "moment": self.moment,
            "account": self.account,
            "credential": _credential(fields),
            "method": self.method,
            "url": self.url,
            "path": path,
            "route": route_of(path),
            "status": self.status,
            "elapsed_ms": round(self.elapsed_ms, 3),
            "fault": self.fault,
            "written": bool(self.written),
            "delivered": bool(self.delivered),
            "request": {"headers": fields, "body": body},
            "response": {"headers": _mapping(answer_lines), "body": answer_body},
        }


def entry(raw: RawExchange, redactor: Redactor) -> Entry:
    """The exchange as it may be written down, with what was sent so far."""
    delivery = raw.delivery
    lines, sent = redactor.remembered(raw.head, _request_lines)
    body = redactor.text(_text(raw.body), sent) if raw.body else ""
    url, answer = _shown(raw, redactor, sent)
    return Entry(
        0,
        raw.moment,
        raw.account,
        raw.method,
        url,
        raw.status if delivery.begun else None,
        (delivery.elapsed or raw.elapsed) / 1e6,
        delivery.fault,
        raw.ran,
        delivery.whole,
        _APART.join((lines, body, answer)),
    )


def _request_lines(head: Head) -> tuple[str, list[str]]:
    """The request's fields as lines, and the secrets in them, which are not in the lines."""
    lines: list[str] = []
    sent: list[str] = []
    for key, value in zip(*head, strict=True):
        name = key.removeprefix("HTTP_").replace("_", "-").lower()
        if not value and key == "CONTENT_TYPE":
            continue
        if name in SECRET_FIELDS:
            sent += presented(value)
        lines.append(f"{name}: {masked(value) if name in SECRET_FIELDS else value}")
    return "\n".join(lines), sent


def _shown(raw: RawExchange, redactor: Redactor, sent: Sequence[str]) -> tuple[str, str]:
    """The URL and what was sent, without secrets.

    Members and parameters named like secrets are looked for in queries, and in errors, which quote requests; no
    resource has any.
    """
    url, answer = _url(raw), _sent(raw)
    if raw.query or raw.status >= 400:
        return redactor.text(url, sent), redactor.text(answer, sent)
    url, _, answer = redactor.values(f"{url}{_APART}{answer}", sent).partition(_APART)
    return url, answer


def _sent(raw: RawExchange) -> str:
    """The fields as lines and the part of the body that the client was sent."""
    if not raw.delivery.begun:
        return _APART
    lines = []
    for name, value in raw.fields:
        lower = name.lower()
        lines.append(f"{lower}: {masked(value) if lower in SECRET_FIELDS else value}")
    return _APART.join(("\n".join(lines), _text(raw.answer[: raw.delivery.body])))


def _text(body: bytes) -> str:
    return body[:BODY_LIMIT].decode("utf-8", "replace").replace(_APART, " ")


def _url(raw: RawExchange) -> str:
    plain = _PLAIN.fullmatch(raw.path)
    path = raw.path if plain else quote(raw.path.encode("latin-1", "replace"), safe="/:@!$&'()*+,;=~")
    return f"{path}?{raw.query}" if raw.query else path


def _mapping(lines: str) -> dict[str, str]:
    """The fields by name; one that was sent twice is its values joined by a comma."""
    found: dict[str, str] = {}
    for name, _, value in (line.partition(": ") for line in lines.split("\n") if line):
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _credential(fields: Mapping[str, str]) -> str:
    """The kind of credential that was presented, by what is left of the fields: token, basic or none."""
    schemes = {fields.get(name, "").partition(" ")[0].lower() for name in ("authorization", "x-samanage-authorization")}
    return "token" if "bearer" in schemes else "basic" if "basic" in schemes else "none"
