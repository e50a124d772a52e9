"""What the run created, written down before its answer is used, so that nothing stays behind.

One JSON object per line: `{"base": URL, "prefix": …}` first, then `{"created": URL}`, `{"account": NAME}` and, once
gone, `{"gone": URL or NAME}`. Several workers append to one file; every line is one write.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from conformance.errors import UsageFault
from conformance.model import Exchange

_BULK = re.compile(r"/Bulk/?$", re.IGNORECASE)
_ME = re.compile(r"/Me/?$")
_STATUS = re.compile(r"\b[1-5][0-9]{2}\b")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to clean up: a resource's URL, or the name of an account made through a hook."""

    kind: str
    name: str


class Ledger:
    """The file of one run; `path` None keeps nothing (a target nobody cleans up)."""

    def __init__(self, path: Path | None, base: str) -> None:
        self.path = path
        self.base = base.rstrip("/")

    def start(self, prefix: str = "") -> None:
        """The file begins with the base URL and the run's prefix; raises UsageFault where it cannot be written."""
        if self.path is None:
            return
        try:
            self.path.write_text(json.dumps({"base": self.base, "prefix": prefix}) + "\n", encoding="utf-8")
        except OSError as error:
            raise UsageFault(f"the ledger {self.path} cannot be written: {error.strerror}") from error

    def created(self, url: str) -> None:
        """A resource exists at this URL from now on."""
        self._append({"created": url})

    def account(self, name: str) -> None:
        """An account of this name exists from now on."""
        self._append({"account": name})

    def gone(self, name: str) -> None:
        """The URL or account needs no clean-up any more."""
        self._append({"gone": name})

    def listen(self, exchange: Exchange) -> None:
        """Every creation an answer tells of is written down."""
        for url in creations(exchange):
            self.created(url)
        for url in deletions(exchange):
            self.gone(url)

    def _append(self, line: dict[str, str]) -> None:
        if self.path is None:
            return
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, (json.dumps(line) + "\n").encode())
        finally:
            os.close(handle)


@dataclass(frozen=True, slots=True)
class Remains:
    """What a ledger says is still there: entries, the newest first; the base URL and prefix of the run."""

    base: str
    prefix: str
    entries: list[Entry]


def open_entries(path: Path) -> Remains:
    """What still needs clean-up; raises UsageFault for a file that is no ledger."""
    base, prefix, entries = "", "", dict[Entry, None]()
    for line in _lines(path):
        if "base" in line:
            base, prefix = str(line["base"]), str(line.get("prefix", ""))
        elif "created" in line:
            entries[Entry("created", str(line["created"]))] = None
        elif "account" in line:
            entries[Entry("account", str(line["account"]))] = None
        elif "gone" in line:
            entries.pop(Entry("created", str(line["gone"])), None)
            entries.pop(Entry("account", str(line["gone"])), None)
    if not base:
        raise UsageFault(f"{path} is no ledger: its first line does not name the base URL")
    return Remains(base, prefix, list(reversed(entries)))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageFault(f"the ledger {path} cannot be read: {error}") from error
    for number, line in enumerate(text.splitlines(), 1):
        try:
            found = json.loads(line)
        except ValueError:
            if number == len(text.splitlines()):
                return  # a kill in the middle of the last write
            raise UsageFault(f"{path} is no ledger: line {number} is no JSON") from None
        if isinstance(found, dict):
            yield found


def creations(exchange: Exchange) -> Iterator[str]:
    """The URLs of what this exchange created, as far as its answer tells."""
    if exchange.status is None or not 200 <= exchange.status < 300 or exchange.method not in {"POST", "PUT"}:
        return
    body = _json(exchange.response_body)
    path = urlsplit(exchange.url).path
    if _is_bulk(exchange):
        yield from _bulk_creations(exchange)
    elif exchange.method == "POST" and _ME.search(path):
        yield from _places(exchange, exchange.response_headers.get("Location"), _object(body.get("meta")))
    elif exchange.status == 201 or (exchange.method == "POST" and not path.endswith("/.search")):
        identifier = body.get("id")
        if exchange.method == "POST" and isinstance(identifier, str) and identifier:
            yield f"{exchange.url.split('?')[0].rstrip('/')}/{identifier}"
        elif location := exchange.response_headers.get("Location"):
            yield urljoin(exchange.url, location)
        elif exchange.method == "PUT":
            yield exchange.url


def deletions(exchange: Exchange) -> Iterator[str]:
    """The URLs of what this exchange deleted, as far as its answer tells."""
    if exchange.method == "DELETE" and exchange.status in {200, 202, 204} and "?" not in exchange.url:
        yield exchange.url
    elif _is_bulk(exchange) and exchange.status == 200:
        for entry in bulk_operations(exchange.response_body):
            if str(entry.get("method")).upper() == "DELETE" and _succeeded(entry):
                yield from _below(exchange, entry.get("location"))


def bulk_operations(body: bytes) -> list[dict[str, Any]]:
    """The objects among the Operations of a BulkRequest or BulkResponse."""
    found = _json(body).get("Operations")
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def status_of(entry: Mapping[str, Any]) -> int:
    """The status of one result of a BulkResponse, in whatever form it comes (AMB-53); 0 where there is none."""
    found = _STATUS.search(str(entry.get("status")))
    return int(found[0]) if found else 0


def _is_bulk(exchange: Exchange) -> bool:
    return exchange.method == "POST" and bool(_BULK.search(urlsplit(exchange.url).path))


def _succeeded(entry: Mapping[str, Any]) -> bool:
    return 200 <= status_of(entry) < 300


def _bulk_creations(exchange: Exchange) -> Iterator[str]:
    """What POST operations made; a result that lacks its method or its location is understood by its bulkId."""
    sent = {
        str(entry["bulkId"]): str(entry.get("path"))
        for entry in bulk_operations(exchange.request_body)
        if str(entry.get("method")).upper() == "POST" and "bulkId" in entry
    }
    for entry in bulk_operations(exchange.response_body):
        endpoint = sent.get(str(entry.get("bulkId")), "")
        if not _succeeded(entry) or not (endpoint or str(entry.get("method")).upper() == "POST"):
            continue
        identifier = _object(entry.get("response")).get("id")
        if isinstance(entry.get("location"), str):
            yield from _below(exchange, entry["location"])
        elif endpoint and isinstance(identifier, str):
            yield from _below(exchange, f"{endpoint.rstrip('/')}/{identifier}")


def _below(exchange: Exchange, location: object) -> Iterator[str]:
    """A place that a bulk answer names, below the base that the job was sent to, whatever host the answer gives."""
    parts = str(location or "").rstrip("/").split("/")[-2:]
    if len(parts) == 2 and all(parts):
        yield f"{_BULK.sub('', exchange.url.split('?')[0])}/{'/'.join(parts)}"


def _places(exchange: Exchange, location: str | None, meta: Mapping[str, Any]) -> Iterator[str]:
    place = location or meta.get("location")
    if isinstance(place, str) and place:
        yield urljoin(exchange.url, place)


def _object(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}


def _json(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
