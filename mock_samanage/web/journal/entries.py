"""The entries of the journal: raw as the request path leaves them, and as they are written down and read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

from mock_samanage.tenant.clock import timestamp
from mock_samanage.web.journal.redaction import SECRET_FIELDS, Redactor, masked, presented

BODY_LIMIT = 64 * 1024
"""Bytes of a body that are kept."""

_APART = "\x1d"  # ASCII group separator: between the four parts of an exchange's text


class RawExchange(NamedTuple):
    """What the request path leaves behind: references only, nothing is copied or looked at."""

    moment: int  # microseconds since the epoch, UTC
    account: str | None  # None when no account was found
    environ: Mapping[str, Any]
    body: bytes
    status: int
    fields: Iterable[tuple[str, str]]
    answer: bytes
    elapsed: int  # nanoseconds


@dataclass(frozen=True, slots=True)
class Entry:
    """One exchange without secrets; `url` is path and query.

    `text` holds request fields, request body, answer fields and answer body, fields as lines, bodies cut at 64 kB.
    """

    moment: int
    account: str | None
    method: str
    url: str
    status: int
    elapsed_ms: float
    text: str

    def as_json(self) -> dict[str, Any]:
        """The entry as the control API shows it."""
        fields, body, answer_fields, answer_body = self.text.split(_APART)
        return {
            "time": timestamp(self.moment),
            "account": self.account,
            "method": self.method,
            "url": self.url,
            "status": self.status,
            "elapsed_ms": self.elapsed_ms,
            "request": {"headers": _mapping(fields), "body": body},
            "response": {"headers": _mapping(answer_fields), "body": answer_body},
        }


def entry(raw: RawExchange, redactor: Redactor) -> Entry:
    """The exchange as it may be written down."""
    environ = raw.environ
    sent: list[str] = []
    lines = []
    for key, value in environ.items():
        if key[:5] == "HTTP_":
            name = _field_name(key)
            if name in SECRET_FIELDS:
                sent += presented(value)
                value = masked(value)  # noqa: PLW2901 the field is written down like this
            lines.append(f"{name}: {value}")
    if content_type := environ.get("CONTENT_TYPE"):
        lines.append(f"content-type: {content_type}")
    answer_lines = [
        f"{name.lower()}: {masked(value) if name.lower() in SECRET_FIELDS else value}" for name, value in raw.fields
    ]
    parts = ("\n".join(lines), _text(raw.body), "\n".join(answer_lines), _text(raw.answer))
    return Entry(
        raw.moment,
        raw.account,
        environ["REQUEST_METHOD"],
        redactor.text(_url(environ), sent),
        raw.status,
        round(raw.elapsed / 1e6, 3),
        redactor.text(_APART.join(parts), sent),
    )


def _text(body: bytes) -> str:
    return body[:BODY_LIMIT].decode("utf-8", "replace").replace(_APART, " ")


def _url(environ: Mapping[str, Any]) -> str:
    path = (environ["SCRIPT_NAME"] + environ["PATH_INFO"]).encode("latin-1", "replace")
    query = environ.get("QUERY_STRING", "")
    return quote(path, safe="/:@!$&'()*+,;=~") + (f"?{query}" if query else "")


@lru_cache(maxsize=1024)
def _field_name(key: str) -> str:
    return key[5:].replace("_", "-").lower()


def _mapping(lines: str) -> dict[str, str]:
    return {name: value for name, _, value in (line.partition(": ") for line in lines.split("\n") if line)}
