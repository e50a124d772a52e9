"""The entries of the journal: raw as the request path leaves them, and as they are written down and read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from mock_samanage.tenant.clock import timestamp
from mock_samanage.web.journal.delivery import DELIVERY_KEY, USUAL, Delivery
from mock_samanage.web.journal.redaction import SECRET_FIELDS, Redactor, masked, presented
from mock_samanage.web.routes import below_mount, route_of

BODY_LIMIT = 64 * 1024
"""Bytes of a body that are kept."""

RAN_KEY = "mock_samanage.ran"
"""The WSGI environment's key that is there once a handler has been given the request."""

_PLAIN = re.compile(r"[A-Za-z0-9/._-]*")
_APART = "\x1d"  # ASCII group separator: between the four parts of an exchange's text


class RawExchange(NamedTuple):
    """What the request path leaves behind: references only, nothing is copied or looked at."""

    moment: int  # of the arrival, microseconds since the epoch, UTC
    account: str | None  # None when no account was found
    environ: Mapping[str, Any]
    body: bytes
    status: int
    fields: Iterable[tuple[str, str]]
    answer: bytes
    elapsed: int  # nanoseconds

    @property
    def delivery(self) -> Delivery:
        """How the answer goes out."""
        delivery: Delivery = self.environ.get(DELIVERY_KEY, USUAL)
        return delivery


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
            "elapsed_ms": self.elapsed_ms,
            "fault": self.fault,
            "written": bool(self.written),
            "delivered": bool(self.delivered),
            "request": {"headers": fields, "body": body},
            "response": {"headers": _mapping(answer_lines), "body": answer_body},
        }


def entry(raw: RawExchange, redactor: Redactor) -> Entry:
    """The exchange as it may be written down, with what was sent so far."""
    environ, delivery = raw.environ, raw.delivery
    pairs = [(key, value) for key, value in environ.items() if key[:5] == "HTTP_"]
    if content_type := environ.get("CONTENT_TYPE"):
        pairs.append(("HTTP_CONTENT_TYPE", content_type))
    lines, sent = redactor.remembered(tuple(pairs), _request_lines)
    body = redactor.text(_text(raw.body), sent) if raw.body else ""
    return Entry(
        0,
        raw.moment,
        raw.account,
        environ["REQUEST_METHOD"],
        redactor.text(_url(environ), sent),
        raw.status if delivery.begun else None,
        round((delivery.elapsed or raw.elapsed) / 1e6, 3),
        delivery.fault,
        RAN_KEY in environ,
        delivery.whole,
        _APART.join((lines, body, _sent(raw, delivery, redactor, sent))),
    )


def _request_lines(pairs: tuple[tuple[str, str], ...]) -> tuple[str, list[str]]:
    """The request's fields as lines, and the secrets in them, which are not in the lines."""
    lines: list[str] = []
    sent: list[str] = []
    for key, value in pairs:
        name = key[5:].replace("_", "-").lower()
        if name in SECRET_FIELDS:
            sent += presented(value)
        lines.append(f"{name}: {masked(value) if name in SECRET_FIELDS else value}")
    return "\n".join(lines), sent


def _sent(raw: RawExchange, delivery: Delivery, redactor: Redactor, sent: Sequence[str]) -> str:
    """The fields as lines and the part of the body that the client was sent.

    Members named like secrets are looked for in errors only, which quote requests; no resource has any.
    """
    if not delivery.begun:
        return _APART
    lines = []
    for name, value in raw.fields:
        lower = name.lower()
        lines.append(f"{lower}: {masked(value) if lower in SECRET_FIELDS else value}")
    text = _APART.join(("\n".join(lines), _text(raw.answer[: delivery.body])))
    return redactor.text(text, sent) if raw.status >= 400 else redactor.values(text, sent)


def _text(body: bytes) -> str:
    return body[:BODY_LIMIT].decode("utf-8", "replace").replace(_APART, " ")


def _url(environ: Mapping[str, Any]) -> str:
    path = environ["SCRIPT_NAME"] + environ["PATH_INFO"]
    if not _PLAIN.fullmatch(path):
        path = quote(path.encode("latin-1", "replace"), safe="/:@!$&'()*+,;=~")
    query = environ.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path


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
