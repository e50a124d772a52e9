"""Entries of the tenant's journal become sent requests."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.connector.journal import sent_from, sent_to_json

ENTRY: dict[str, Any] = {
    "number": 7,
    "moment": 1_700_000_000_250_000,
    "account": "acc",
    "credential": "token",
    "method": "GET",
    "url": "/scim/v2/Users?filter=userName+eq+%22a%2Bb%22&count=&count=2",
    "path": "/Users",
    "route": "/Users",
    "status": 200,
    "elapsed_ms": 1.5,
    "fault": "",
    "written": True,
    "delivered": True,
    "request": {"headers": {"authorization": "Bearer [redacted]"}, "body": ""},
    "response": {"headers": {}, "body": '{"totalResults": 0}'},
}


def test_an_entry_is_a_sent_request() -> None:
    sent = sent_from(ENTRY, 2, "http://tenant.test")
    assert (sent.number, sent.step, sent.moment, sent.status) == (7, 2, 1_700_000_000.25, 200)
    assert sent.exchange.url == f"http://tenant.test{ENTRY['url']}"
    assert sent.answer == {"totalResults": 0}


def test_the_query_is_decoded_and_the_first_of_a_name_counts() -> None:
    assert sent_from(ENTRY, 1, "").query == {"filter": 'userName eq "a+b"', "count": ""}


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("Bearer [redacted]", "Bearer $SCIM_TOKEN"),
        ("Basic [redacted]", "Basic $SCIM_BASIC"),
        ("[redacted]", "[redacted]"),
    ],
)
def test_a_hidden_credential_is_the_variable_of_curl_lines(field: str, shown: str) -> None:
    entry = {**ENTRY, "request": {"headers": {"authorization": field}, "body": ""}}
    assert sent_from(entry, 1, "").header["authorization"] == shown


def test_an_answer_that_was_not_sent_whole_is_none_to_the_connector() -> None:
    sent = sent_from({**ENTRY, "fault": "truncate", "delivered": False}, 1, "")
    assert (sent.status, sent.exchange.status, sent.exchange.error) == (
        None,
        200,
        "fault truncate: the answer was not sent whole",
    )
    line = sent_to_json(sent)
    assert (line["number"], line["fault"], line["delivered"], line["status"]) == (7, "truncate", False, 200)
