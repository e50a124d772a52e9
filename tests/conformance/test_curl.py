"""Curl lines repeat what was sent."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace

import pytest

from conformance.report.curl import curl_line, curl_lines, setup_lines
from tests.conformance.conftest import exchange
from tests.conformance.tiny import TOKEN, Tiny

URL = "http://scim.test"


def test_the_url_and_the_token_are_variables() -> None:
    sent = exchange(headers={"Authorization": "Bearer $SCIM_TOKEN", "User-Agent": "x"}, url=f"{URL}/Users?filter=a%20b")
    assert curl_line(sent, URL) == 'curl -sS "$SCIM_URL/Users?filter=a%20b" -H "Authorization: Bearer $SCIM_TOKEN"'


@pytest.mark.parametrize("body", ['{"a": "it\'s $HOME `x` \\\\ !"}', '{"a": "$SCIM_TOKENX \\n"}', "\u201cé\U0001f600"])
def test_a_body_is_taken_literally_by_the_shell(body: str) -> None:
    line = curl_line(exchange("POST", f"{URL}/Users", sent=body.encode()), URL)
    told = subprocess.run(
        ["sh", "-c", "printf %s " + line.split("--data-binary ", 1)[1]], capture_output=True, check=True
    )
    assert told.stdout.decode() == body


def test_bytes_that_are_no_text_are_escaped() -> None:
    assert curl_line(exchange("POST", f"{URL}/x", sent=b"\xff\x00"), URL).endswith("--data-binary $'\\xff\\x00'")


def test_an_id_the_target_chose_is_carried_over() -> None:
    created = exchange("POST", f"{URL}/Users", status=201, body=b'{"id": "1"}', sent=b'{"count": 1, "year": "2001"}')
    used = exchange("PATCH", f"{URL}/Users/1", sent=b'{"value": "1", "year": "2001"}')
    first, second = curl_lines([created, used], URL)
    assert first.startswith('ID1=$(curl -sS -X POST "$SCIM_URL/Users"')
    assert '"$SCIM_URL/Users/$ID1"' in second
    assert """'{"value": "'"$ID1"'", "year": "2001"}'""" in second


def test_the_lines_run_and_repeat_the_finding(tiny: Tiny) -> None:
    document = {"userName": 'it\'s "me" $HOME'}
    sent = [
        exchange("POST", f"{tiny.url}/Users", status=201, body=b'{"id": "99"}', sent=json.dumps(document).encode()),
        exchange("GET", f"{tiny.url}/Users/99"),
    ]
    with_token = [replace(one, request_headers={"Authorization": "Bearer $SCIM_TOKEN"}) for one in sent]
    script = "\n".join(
        [*setup_lines({"target": tiny.url}), f"export SCIM_TOKEN={TOKEN}", *curl_lines(with_token, tiny.url)]
    )
    told = subprocess.run(["sh", "-c", script], capture_output=True, check=True, text=True)
    assert json.loads(told.stdout) == {**document, "id": "1"}
