"""The journal in the forms that other tools read: JSON Lines, and HAR 1.2 for browsers' network panels."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import harfile

from mock_samanage.web.journal.entries import Entry


def json_lines(entries: Iterable[Entry]) -> str:
    """One JSON object a line."""
    return "".join(f"{json.dumps(entry.as_json(), ensure_ascii=False)}\n" for entry in entries)


def har(entries: Iterable[Entry], origin: str) -> str:
    """An HTTP archive; `origin` is scheme, host and port of requests that do not name their host.

    An exchange in which nothing was sent has status 0, as browsers write it; faults are in the comments.
    """
    out = io.StringIO()
    creator = harfile.Creator(name="mock-samanage", version=version("mock-samanage"))
    with harfile.HarFile.open(out, creator=creator) as archive:
        for entry in entries:
            shown = entry.as_json()
            archive.add_entry(
                startedDateTime=shown["time"],
                time=shown["elapsed_ms"],
                request=_request(shown, origin),
                response=_response(shown),
                timings=harfile.Timings(send=0, wait=shown["elapsed_ms"], receive=0),
                comment=_comment(shown),
            )
    return out.getvalue()


def _request(shown: Mapping[str, Any], origin: str) -> harfile.Request:
    headers, body = shown["request"]["headers"], shown["request"]["body"]
    scheme, _, host = origin.partition("://")
    query = parse_qsl(urlsplit(shown["url"]).query, keep_blank_values=True)
    posted = harfile.PostData(mimeType=headers.get("content-type", ""), text=body) if body else None
    return harfile.Request(
        method=shown["method"],
        url=f"{scheme}://{headers.get('host', host)}{shown['url']}",
        httpVersion="HTTP/1.1",
        headers=_records(headers.items()),
        queryString=_records(query),
        postData=posted,
        bodySize=len(body.encode()),
    )


def _response(shown: Mapping[str, Any]) -> harfile.Response:
    headers, body, status = shown["response"]["headers"], shown["response"]["body"], shown["status"]
    size = len(body.encode())
    return harfile.Response(
        status=status or 0,
        statusText=_phrase(status),
        httpVersion="HTTP/1.1",
        headers=_records(headers.items()),
        content=harfile.Content(size=size, mimeType=headers.get("content-type", ""), text=body),
        redirectURL=headers.get("location", "") if status is not None and 300 <= status < 400 else "",
        bodySize=size,
    )


def _records(pairs: Iterable[tuple[str, str]]) -> list[harfile.Record]:
    return [harfile.Record(name=name, value=value) for name, value in pairs]


def _phrase(status: int | None) -> str:
    try:
        return HTTPStatus(status or 0).phrase
    except ValueError:
        return ""


def _comment(shown: Mapping[str, Any]) -> str | None:
    notes = [f"fault {shown['fault']}"] if shown["fault"] else []
    if not shown["delivered"]:
        notes.append("nothing was sent" if shown["status"] is None else "the answer was not sent whole")
    return "; ".join(notes) or None
