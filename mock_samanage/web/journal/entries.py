"""The entries of the journal: raw as the request path leaves them, and as they are written down and read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import quote

from mock_samanage.web.journal.redaction import SECRET_FIELDS, Redactor, presented

BODY_LIMIT = 64 * 1024
"""Bytes of a body that are kept."""


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
    """One exchange without secrets; `url` is path and query, bodies are cut at 64 kB."""

    moment: int
    account: str | None
    method: str
    url: str
    status: int
    elapsed_ms: float
    request_fields: Mapping[str, str]
    request_body: str
    answer_fields: Mapping[str, str]
    answer_body: str

    def as_json(self) -> dict[str, Any]:
        """The entry as the control API shows it."""
        return {
            "time": datetime.fromtimestamp(self.moment / 1e6, UTC).isoformat(),
            "account": self.account,
            "method": self.method,
            "url": self.url,
            "status": self.status,
            "elapsed_ms": self.elapsed_ms,
            "request": {"headers": dict(self.request_fields), "body": self.request_body},
            "response": {"headers": dict(self.answer_fields), "body": self.answer_body},
        }


def entry(raw: RawExchange, redactor: Redactor) -> Entry:
    """The exchange as it may be written down."""
    fields = _request_fields(raw.environ)
    sent = [secret for name in SECRET_FIELDS if name in fields for secret in presented(fields[name])]

    def clean(text: str) -> str:
        return redactor.text(text, sent)

    return Entry(
        raw.moment,
        raw.account,
        raw.environ["REQUEST_METHOD"],
        clean(_url(raw.environ)),
        raw.status,
        round(raw.elapsed / 1e6, 3),
        {name: clean(redactor.field(name, value)) for name, value in fields.items()},
        clean(_text(raw.body)),
        {name.lower(): clean(redactor.field(name, value)) for name, value in raw.fields},
        clean(_text(raw.answer)),
    )


def _text(body: bytes) -> str:
    return body[:BODY_LIMIT].decode("utf-8", "replace")


def _url(environ: Mapping[str, Any]) -> str:
    path = (environ["SCRIPT_NAME"] + environ["PATH_INFO"]).encode("latin-1", "replace")
    query = environ.get("QUERY_STRING", "")
    return quote(path, safe="/:@!$&'()*+,;=~") + (f"?{query}" if query else "")


def _request_fields(environ: Mapping[str, Any]) -> dict[str, str]:
    fields = {
        key[5:].replace("_", "-").lower(): value
        for key, value in environ.items()
        if key.startswith("HTTP_") and isinstance(value, str)
    }
    for key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(key):
            fields[key.replace("_", "-").lower()] = environ[key]
    return fields
