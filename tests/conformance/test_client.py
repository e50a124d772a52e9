"""The client records, redacts, waits, and tells a dropped request from a dead target."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from conformance.client import ScimClient, encode_json
from conformance.errors import Dropped, SuiteFault, Unreachable, Unusable
from conformance.redaction import HIDDEN, Redactor
from conformance.transport import Transport, retry_after
from tests.conformance.conftest import answer, exchange
from tests.conformance.tiny import TOKEN, Tiny


@pytest.fixture
def client(tiny: Tiny) -> Iterator[ScimClient]:
    transport = Transport(timeout=2.0)
    yield ScimClient(tiny.url, transport, {"Authorization": f"Bearer {TOKEN}"})
    transport.close()


def test_every_exchange_is_counted_and_kept(client: ScimClient) -> None:
    created = client.post("/Users", {"userName": "ü"})
    assert created.resource["userName"] == "ü"
    assert client.get(f"/Users/{created.resource['id']}").ok
    recorder = client.transport.recorder
    assert (recorder.total, recorder.count) == (2, 2)
    assert [one.method for one in recorder.evidence()] == ["POST", "GET"]
    recorder.begin()
    assert (recorder.total, recorder.count, recorder.evidence()) == (2, 0, ())


def test_parameters_are_percent_encoded(client: ScimClient, tiny: Tiny) -> None:
    client.query("/Users", 'userName eq "a+b & c"', count=1, cursor=None)
    assert tiny.requests[-1] == "GET /Users?filter=userName%20eq%20%22a%2Bb%20%26%20c%22&count=1"
    assert client.url("/x?a=b", {"c": True, "d": ["e", "f"]}) == f"{tiny.url}/x?a=b&c=true&d=e%2Cf"


@pytest.mark.parametrize("path", ["/%55sers", "/Users/%2E%2E%2FGroups", "/Schemas/urn%3Aietf?filter=%C3%A9%41"])
def test_what_is_percent_encoded_goes_out_as_it_is(client: ScimClient, tiny: Tiny, path: str) -> None:
    client.get(path)
    assert tiny.requests[-1] == f"GET {path}"


@pytest.mark.parametrize("path", ["/Users?filter=a b%41", "/Users?filter=\u00e9%41"])
def test_what_no_url_may_hold_is_encoded(client: ScimClient, tiny: Tiny, path: str) -> None:
    client.get(path)
    assert tiny.requests[-1].isascii()
    assert " b" not in tiny.requests[-1]


def test_a_list_is_sent_as_a_patch_message(client: ScimClient) -> None:
    sent = client.patch("/Users/1", [{"op": "add"}]).exchange.request_body
    assert sent == b'{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "add"}]}'


def test_other_credentials_replace_the_runs_own(client: ScimClient) -> None:
    assert client.anonymous().get("/Users").status == 401
    assert client.bearer("wrong-token").get("/Users").status == 401
    sent = client.basic("me", "secret").get("/Users").exchange.request_headers
    assert sent["Authorization"] == "Basic bWU6c2VjcmV0"
    assert client.get("/Users", headers={"Authorization": None}).status == 401


def test_an_absolute_url_of_another_host_gets_no_credentials(client: ScimClient, tiny: Tiny) -> None:
    other = tiny.url.replace("127.0.0.1", "localhost")
    assert client.get(f"{other}/Users").status == 401
    assert client.get(f"{tiny.url}/Users").status == 200


def test_accessors_refuse_answers_that_are_not_what_they_name() -> None:
    with pytest.raises(Unusable, match="has no JSON body"):
        _ = answer(200, b"<html>").json
    with pytest.raises(Unusable, match="carries no resource"):
        _ = answer(404).resource
    with pytest.raises(Unusable, match="carries no resource"):
        _ = answer(200, b"[]").resource
    with pytest.raises(Unusable, match="no ListResponse"):
        _ = answer(200, b"{}").resources
    with pytest.raises(Unusable, match="no integer totalResults"):
        _ = answer(200, b'{"totalResults": "1"}').total
    assert answer(200, b'{"totalResults": 0}').resources == []
    assert answer(404, b"<html>").error is None
    assert answer(400, b'{"scimType": "noTarget"}').scim_type == "noTarget"
    assert answer(200, b"[" * 100_000).error is None
    with pytest.raises(Unusable):
        _ = answer(200, b"[" * 100_000).json


def test_lone_surrogates_can_be_sent() -> None:
    assert encode_json("\ud800ü") == b'"\\ud800\\u00fc"'


def test_a_header_field_that_cannot_be_sent_is_the_suites_fault(client: ScimClient) -> None:
    with pytest.raises(SuiteFault, match="cannot be sent"):
        client.get("/Users", headers={"X-Odd": "a\r\nb"})
    assert client.get("/Users", headers={"X-Odd": b"\xff"}).ok


def test_a_dropped_request_is_told_from_a_dead_target(client: ScimClient, tiny: Tiny) -> None:
    assert client.get("/Users").ok
    tiny.drops = "/Users/1"
    with pytest.raises(Dropped, match="dropped this request"):
        client.delete("/Users/1")
    tiny.dead = True
    with pytest.raises(Unreachable, match="does not answer any more"):
        client.get("/Users")


def test_a_time_out_is_a_dropped_request(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    transport = Transport(timeout=0.3)
    client = ScimClient(tiny.url, transport, {"Authorization": f"Bearer {TOKEN}"})
    assert client.get("/Users").ok
    plain, gate = Tiny.reply, threading.Event()

    def slow(self: Tiny, method: str, target: str, headers: object, body: bytes) -> object:
        if target == "/slow":
            gate.wait(5)
        return plain(self, method, target, headers, body)

    monkeypatch.setattr(Tiny, "reply", slow)
    with pytest.raises(Dropped, match="time-out"):
        client.get("/slow")
    gate.set()
    transport.close()


def test_429_is_repeated_until_there_is_an_answer(client: ScimClient, tiny: Tiny) -> None:
    tiny.busy = 3
    assert client.get("/Users").status == 200
    tiny.busy = 100
    with pytest.raises(Unusable, match="is answered 429 after"):
        client.get("/Users")


def test_retry_after_is_seconds_or_a_date() -> None:
    assert retry_after(exchange(answered={"Retry-After": "7"}), 0) == 7.0
    assert retry_after(exchange(answered={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}), 0) == 0.0
    assert retry_after(exchange(), 2) == 2.0


def test_requests_keep_to_the_rate(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("conformance.transport.time.sleep", pauses.append)
    transport = Transport(rate=0.001)
    client = ScimClient(tiny.url, transport, {})
    client.get("/ServiceProviderConfig")
    client.get("/ServiceProviderConfig")
    assert len(pauses) == 1
    assert 900 < pauses[0] <= 1000
    transport.close()


def test_secrets_become_placeholders() -> None:
    redactor = Redactor()
    redactor.add("the-token", "$SCIM_TOKEN")
    redactor.add("the-token-2")
    redactor.add_basic("me", "pass-word")
    assert redactor.text("the-token the-token-2 pass-word") == f"$SCIM_TOKEN {HIDDEN} {HIDDEN}"
    assert redactor.headers({"Authorization": "Bearer the-token", "Cookie": "a=b", "X-Request": "1"}) == {
        "Authorization": "Bearer $SCIM_TOKEN",
        "Cookie": HIDDEN,
        "X-Request": "1",
    }
    assert redactor.header("authorization", "Bearer unknown") == f"Bearer {HIDDEN}"
    assert redactor.text('{"password": "a\\"b", "x": "y"}') == f'{{"password": "{HIDDEN}", "x": "y"}}'
