"""Entries of the tenant's journal as sent requests, for checks and for files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from conformance.connector.model import Sent
from conformance.model import Exchange
from conformance.report.format import exchange_to_json

MICROSECOND = 1e-6
_HIDDEN = re.compile(r"(bearer|basic) \[redacted\]", re.IGNORECASE)
_PLACES = {"bearer": "Bearer $SCIM_TOKEN", "basic": "Basic $SCIM_BASIC"}


def sent_from(entry: Mapping[str, Any], step: int, origin: str) -> Sent:
    """The request of a journal entry; `origin` is scheme, host and port of the tenant.

    A credential that the journal hides becomes the variable that curl lines use.
    """
    request, response = entry["request"], entry["response"]
    delivered = bool(entry["delivered"])
    exchange = Exchange(
        method=entry["method"],
        url=origin + entry["url"],
        request_headers={name: _placed(value) for name, value in request["headers"].items()},
        request_body=request["body"].encode(),
        status=entry["status"],
        response_headers=response["headers"],
        response_body=response["body"].encode(),
        elapsed_ms=entry["elapsed_ms"],
        error=None if delivered else f"fault {entry['fault'] or 'unknown'}: the answer was not sent whole",
    )
    return Sent(
        number=entry["number"],
        step=step,
        moment=entry["moment"] * MICROSECOND,
        path=entry["path"],
        route=entry["route"],
        query=dict(reversed(parse_qsl(urlsplit(entry["url"]).query, keep_blank_values=True))),
        credential=entry["credential"],
        exchange=exchange,
        fault=entry["fault"],
        written=entry["written"],
        delivered=delivered,
    )


def _placed(value: str) -> str:
    return _HIDDEN.sub(lambda found: _PLACES[found[1].lower()], value)


def sent_to_json(sent: Sent) -> dict[str, Any]:
    """The request as one line of a file of evidence."""
    return {
        "number": sent.number,
        "step": sent.step,
        "moment": round(sent.moment, 6),
        "path": sent.path,
        "route": sent.route,
        "credential": sent.credential,
        "fault": sent.fault,
        "written": sent.written,
        "delivered": sent.delivered,
        **exchange_to_json(sent.exchange, str, dict),
    }
