"""Test Connection: what is asked, and what is said of each answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest

from conformance.entra.application.connection import (
    INCOMPATIBLE,
    REFUSED,
    UNAVAILABLE,
    Connection,
    check_connection,
)
from conformance.entra.application.model import AdminCredentials, Application
from conformance.entra.directory.model import Kind
from conformance.entra.mapping.defaults import samanage_schema
from conformance.entra.mapping.model import Schema
from conformance.entra.wire.model import Answer, NoAnswer, Request
from tests.conformance.entra.wire.recording import EMPTY, TOKEN, Reply, channel, recording

GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
LISTED = Answer(200, {}, b"", EMPTY)


@dataclass(slots=True)
class Scripted:
    """A channel that answers in order; the last answer repeats."""

    answers: Sequence[Answer | NoAnswer]
    asked: list[Request] = field(default_factory=list)

    def send(self, request: Request) -> Answer:
        self.asked.append(request)
        found = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(found, NoAnswer):
            raise found
        return found


def _application(
    url: str = "https://api.samanage.com/?aadOptscim062020", switches: Mapping[str, str] | None = None
) -> Application:
    return Application(
        "Samanage", url, AdminCredentials(token=TOKEN, migrated=True), samanage_schema(), switches=switches or {}
    )


def _check(*answers: Answer | NoAnswer, **switches: str) -> Connection:
    chosen = {name.replace("_", "-"): value for name, value in switches.items()}
    return check_connection(_application(switches=chosen), Scripted(answers), Random(7))


def test_nobody_and_no_group_are_looked_for() -> None:
    target = Scripted([LISTED])
    assert check_connection(_application(), target, Random(7)) == Connection()
    users, groups = target.asked
    assert (users.method, users.path, groups.method, groups.path) == ("GET", "/Users", "GET", "/Groups")
    assert re.fullmatch(rf"filter=userName\+eq\+%22{GUID}%22", users.query)
    assert re.fullmatch(rf"excludedAttributes=members&filter=displayName\+eq\+%22{GUID}%22", groups.query)


def test_somebody_else_is_looked_for_each_time() -> None:
    target, random = Scripted([LISTED]), Random(7)
    for _ in range(2):
        check_connection(_application(), target, random)
    assert len({each.query for each in target.asked}) == 4


def test_the_first_matching_attribute_is_asked_for() -> None:
    schema = samanage_schema()
    users = schema.objects[Kind.USER]
    matched = [
        replace(each, matching={"externalId": 1, "userName": 2}.get(each.target, 0)) for each in users.attributes
    ]
    application = replace(
        _application(), schema=Schema({**schema.objects, Kind.USER: replace(users, attributes=matched)})
    )
    target = Scripted([LISTED])
    assert check_connection(application, target, Random(7)).ok
    assert target.asked[0].query.startswith("filter=externalId+eq+")


def test_groups_that_are_not_mapped_are_not_asked_for() -> None:
    schema = samanage_schema()
    off = replace(schema.objects[Kind.GROUP], enabled=False)
    target = Scripted([LISTED])
    assert check_connection(
        replace(_application(), schema=Schema({**schema.objects, Kind.GROUP: off})), target, Random(7)
    ).ok
    assert [each.path for each in target.asked] == ["/Users"]


@pytest.mark.parametrize(
    ("status", "code", "name", "hint"),
    [
        (401, REFUSED, "Unauthorized", "secret token"),
        (403, UNAVAILABLE, "Forbidden", "admin permission"),
        (400, UNAVAILABLE, "BadRequest", "filter by the matching attribute"),
        (404, INCOMPATIBLE, "NotFound", "200 with an empty list"),
        (501, INCOMPATIBLE, "NotImplemented", "200 with an empty list"),
        (429, UNAVAILABLE, "TooManyRequests", "later"),
        (500, UNAVAILABLE, "InternalServerError", "later"),
        (503, UNAVAILABLE, "ServiceUnavailable", "later"),
        (302, UNAVAILABLE, "Found", "tenant URL"),
        (599, UNAVAILABLE, "599", "later"),
    ],
)
def test_a_refusal_has_code_text_and_hint(status: int, code: str, name: str, hint: str) -> None:
    found = _check(Answer(status, {"Server": "tiny", "Date": "now"}, b'{"detail":"no"}'))
    assert not found.ok
    assert (found.code, found.status) == (code, status)
    assert hint in found.hint
    text = (
        rf"{code} Resource: https://api\.samanage\.com/Users\?filter=userName\+eq\+%22{GUID}%22 Operation: GET "
        rf"Response Status Code: {name} Response Headers: Server: tiny Date: now "
        r'Response Content: \{"detail":"no"\}'
    )
    assert re.fullmatch(text, found.message)


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"totalResults": 1, "Resources": [{"id": "1"}]},
        {"totalResults": 0, "Resources": [{"id": "1"}]},
        {"totalResults": "0", "Resources": []},
        {"Resources": []},
        {"id": "1", "userName": "somebody"},
    ],
)
def test_anything_but_an_empty_list_is_incompatible(body: dict[str, Any] | None) -> None:
    assert _check(Answer(200, json=body)).code == INCOMPATIBLE


@pytest.mark.parametrize("body", [EMPTY, {"totalResults": 0}, {"totalResults": 0, "Resources": None}])
def test_an_empty_list_may_be_short(body: dict[str, Any]) -> None:
    assert _check(Answer(200, json=body)).ok


@pytest.mark.parametrize(("timeout", "reason"), [(True, "the target took too long"), (False, "Connection refused")])
def test_silence_is_unavailable(timeout: bool, reason: str) -> None:  # noqa: FBT001
    found = _check(NoAnswer(Request("GET", "/Users"), reason, timeout=timeout))
    assert (found.code, found.status) == (UNAVAILABLE, 0)
    assert found.message.startswith(f"{UNAVAILABLE} Resource: https://api.samanage.com/Users?filter=")
    assert found.message.endswith(f"Operation: GET {reason}")
    assert "tenant URL" in found.hint


@pytest.mark.parametrize("status", [404, 501])
def test_a_target_without_groups_passes_where_they_are_optional(status: int) -> None:
    assert _check(LISTED, Answer(status)).code == INCOMPATIBLE
    assert _check(LISTED, Answer(status), group_support="optional").ok


def test_optional_groups_are_no_excuse_for_anything_else() -> None:
    hits = Answer(200, json={"totalResults": 1, "Resources": [{"id": "1"}]})
    for answer in (hits, Answer(401), Answer(500)):
        assert not _check(LISTED, answer, group_support="optional").ok
    assert not _check(Answer(404), group_support="optional").ok


def test_a_long_body_is_cut_and_bytes_are_shown() -> None:
    found = _check(Answer(500, body=b"\xff" + b"x" * 5_000))
    assert found.message.endswith("\ufffd" + "x" * 599)


def test_over_http_nothing_secret_is_told() -> None:
    with recording() as recorder:
        recorder.replies = [Reply(401, body={"detail": f"{TOKEN} is unknown"})]
        with channel(recorder.url) as sender:
            found = check_connection(_application(recorder.url), sender, Random(7))
    assert found.code == REFUSED
    assert f"Resource: {recorder.url}/Users?filter=" in found.message
    assert "is unknown" in found.message
    assert TOKEN not in found.message
