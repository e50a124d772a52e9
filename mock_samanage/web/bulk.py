"""POST /Bulk: several operations in one request (RFC 7644 section 3.7)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from mock_samanage.scim.bulk import read_bulk
from mock_samanage.scim.errors import PayloadTooLarge
from mock_samanage.scim.messages import MAX_DEPTH, bulk_response
from mock_samanage.tenant.bulk import BulkJob, Outcome
from mock_samanage.tenant.versions import etag
from mock_samanage.web.answer import Answer, json_answer
from mock_samanage.web.call import Call
from mock_samanage.web.edge import BODY_KEY
from mock_samanage.web.wire import ENDPOINTS

MAX_OPERATIONS = 1000
MAX_PAYLOAD_SIZE = 1024 * 1024
"""Bytes of a bulk request."""

_AROUND = 3  # levels of JSON around the body of an operation


def bulk(call: Call) -> Answer:
    """200 with the outcome of each operation; PayloadTooLarge, InvalidSyntax or InvalidValue, and nothing is done."""
    size = len(call.environ.get(BODY_KEY, b""))
    if size > MAX_PAYLOAD_SIZE:
        raise PayloadTooLarge(f"The request has {size} bytes; maxPayloadSize is {MAX_PAYLOAD_SIZE}.")
    request = read_bulk(call.body(depth=MAX_DEPTH + _AROUND), MAX_OPERATIONS)
    outcomes = BulkJob(request, call.admitted_again).run()
    return json_answer(bulk_response([_shown(outcome, call.base) for outcome in outcomes]), call.media_type)


def _shown(outcome: Outcome, base: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"method": outcome.operation.method}
    if outcome.operation.bulk_id is not None:
        shown["bulkId"] = outcome.operation.bulk_id
    if outcome.type is not None and outcome.id is not None:
        shown["location"] = f"{base}{ENDPOINTS[outcome.type]}{quote(outcome.id, safe='')}"
    if outcome.version is not None:
        shown["version"] = etag(outcome.version)
    shown["status"] = str(outcome.status)
    if outcome.error is not None:
        shown["response"] = outcome.error.body()
    return shown
