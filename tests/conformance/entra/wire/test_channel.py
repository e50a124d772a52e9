"""What the channel puts on the wire, and what it makes of servers that do not answer as they ought to."""

from __future__ import annotations

import json
import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.entra.dialect import Dialect
from conformance.entra.errors import ConfigError
from conformance.entra.wire.channel import HttpChannel, basic, bearer, retry_after
from conformance.entra.wire.model import Answer, NoAnswer, Request
from tests.conformance.entra.wire.recording import TOKEN, USERS, Recorder, Reply, channel, recording
from tests.repo.tree import ROOT

PATIENT = Dialect.of(flagged=False, chosen={"throttling": "retry-after"})
CERTIFICATE = ROOT / "tests/data/tls-cert.pem"
WRITE = Request("PATCH", "/Users/1", body={"value": "Łódź", "n": 1})


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with recording() as found:
        yield found


def test_a_write_has_the_media_type_and_utf_8(recorder: Recorder) -> None:
    with channel(recorder.url) as sender:
        sender.send(WRITE)
    (sent,) = recorder.requests
    assert sent.headers["content-type"] == "application/scim+json; charset=utf-8"
    assert sent.body == json.dumps(WRITE.body, ensure_ascii=False).encode()
    assert sent.headers["content-length"] == str(len(sent.body))


def test_a_read_has_neither_body_nor_content_type(recorder: Recorder) -> None:
    with channel(recorder.url) as sender:
        sender.send(USERS)
    (sent,) = recorder.requests
    assert (sent.body, sent.headers.keys() & {"content-type", "content-length", "transfer-encoding"}) == (b"", set())


def test_no_field_is_sent_that_nobody_knows_of(recorder: Recorder) -> None:
    with channel(recorder.url) as sender:
        sender.send(WRITE)
    known = {"host", "accept", "accept-encoding", "authorization", "user-agent", "content-type", "content-length"}
    assert recorder.requests[0].headers.keys() <= known


def test_a_replaced_credential_counts_from_the_next_request_on(recorder: Recorder) -> None:
    with channel(recorder.url, authorization=basic("admin@fabrik.example", "pä:ss")) as sender:
        sender.send(USERS)
        sender.authorization = bearer(TOKEN)
        sender.send(USERS)
    told = [each.headers["authorization"] for each in recorder.requests]
    assert told == ["Basic YWRtaW5AZmFicmlrLmV4YW1wbGU6cMOkOnNz", f"Bearer {TOKEN}"]


@pytest.mark.parametrize("token", ["a b", "a\r\nX-Evil: 1", "tökén", "a\x00"])
def test_a_token_that_no_header_carries_is_refused(token: str) -> None:
    with pytest.raises(ConfigError, match="secret token"):
        bearer(token)


def test_a_user_name_with_a_colon_is_refused() -> None:
    with pytest.raises(ConfigError, match="colon"):
        basic("a:b", "c")


def test_requests_share_one_connection(recorder: Recorder) -> None:
    recorder.replies = [Reply(status) for status in (200, 404, 204, 200)]
    with channel(recorder.url) as sender:
        for request in (USERS, WRITE, Request("DELETE", "/Users/1"), USERS):
            sender.send(request)
    assert len({each.port for each in recorder.requests}) == 1


def test_no_more_requests_are_under_way_than_allowed(recorder: Recorder) -> None:
    recorder.replies = [Reply(delay=0.1)]
    with channel(recorder.url, concurrency=3) as sender, ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: sender.send(USERS), range(15)))
    assert all(answer.ok for answer in answers)
    assert recorder.most == 3
    assert len({each.port for each in recorder.requests}) == 3


def test_no_more_requests_a_second_are_sent_than_allowed(recorder: Recorder) -> None:
    with channel(recorder.url, rate=50.0) as sender, ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: sender.send(USERS), range(11)))
    moments = sorted(each.at for each in recorder.requests)
    assert moments[-1] - moments[0] > 0.1  # ten turns of 20 ms, less what the first was late


def test_turns_of_a_rate_are_that_far_apart() -> None:
    pauses: list[float] = []
    with recording() as recorder, channel(recorder.url, rate=0.5, sleep=pauses.append) as sender:
        for _ in range(4):
            sender.send(USERS)
    assert len(pauses) == 3
    assert all(1 < later - earlier <= 2 for earlier, later in pairwise(pauses))


def test_a_429_is_the_answer_until_the_next_cycle(recorder: Recorder) -> None:
    recorder.replies = [Reply(429, headers={"Retry-After": "1"}), Reply()]
    pauses: list[float] = []
    with channel(recorder.url, sleep=pauses.append) as sender:
        answer = sender.send(USERS)
    assert (answer.status, answer.attempts, pauses, len(recorder.requests)) == (429, 1, [], 1)


def test_a_429_is_waited_out_in_seconds_and_to_a_date(recorder: Recorder) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    recorder.replies = [
        Reply(429, headers={"Retry-After": "2"}),
        Reply(429, headers={"retry-after": date}),
        Reply(429),
        Reply(),
    ]
    pauses: list[float] = []
    with channel(recorder.url, PATIENT, sleep=pauses.append) as sender:
        answer = sender.send(WRITE)
    assert (answer.status, answer.attempts) == (200, 4)
    assert (pauses[0], pauses[2]) == (2.0, 1.0)
    assert 15 < pauses[1] <= 20
    assert {each.body for each in recorder.requests} == {json.dumps(WRITE.body, ensure_ascii=False).encode()}


def test_a_429_without_end_is_the_answer_after_some_waits(recorder: Recorder) -> None:
    recorder.replies = [Reply(429, headers={"Retry-After": "1"})]
    pauses: list[float] = []
    with channel(recorder.url, PATIENT, sleep=pauses.append) as sender:
        assert sender.send(USERS).status == 429
    assert (pauses, len(recorder.requests)) == ([1.0] * 5, 6)


def test_nobody_waits_for_hours(recorder: Recorder) -> None:
    recorder.replies = [Reply(429, headers={"Retry-After": "7200"}), Reply()]
    pauses: list[float] = []
    with channel(recorder.url, PATIENT, sleep=pauses.append) as sender:
        assert sender.send(USERS).status == 429
    assert pauses == []


@pytest.mark.parametrize("status", [500, 503])
def test_only_a_429_is_waited_out(recorder: Recorder, status: int) -> None:
    recorder.replies = [Reply(status, headers={"Retry-After": "1"}), Reply()]
    with channel(recorder.url, PATIENT) as sender:
        assert sender.send(USERS).status == status


@given(st.text() | st.sampled_from(["²", "-1", "1e400", "Wed, 99 Foo 2031", "Tue, 04 Mar 2031 09:00:00 -0000"]))
def test_any_retry_after_is_a_number_of_seconds(told: str) -> None:
    assert retry_after({"Retry-After": told}) >= 0


def test_a_slow_target_is_a_time_out(recorder: Recorder) -> None:
    recorder.replies = [Reply(delay=3)]
    began = time.monotonic()
    with channel(recorder.url, timeout=0.2) as sender, pytest.raises(NoAnswer) as caught:
        sender.send(USERS)
    assert caught.value.timeout
    assert str(caught.value) == "GET /Users: the target took too long"
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(cut=True), "Remote end closed connection"),
        (Reply(cut=True, sent=10), "IncompleteRead"),
        (Reply(headers={"Content-Encoding": "gzip"}), "failed to decode"),
    ],
    ids=["before the answer", "inside the body", "not what it says"],
)
def test_an_answer_that_is_cut_is_none(recorder: Recorder, reply: Reply, reason: str) -> None:
    recorder.replies = [reply, Reply()]
    with channel(recorder.url) as sender:
        with pytest.raises(NoAnswer) as caught:
            sender.send(USERS)
        assert sender.send(USERS).ok
    assert reason in caught.value.reason
    assert not caught.value.timeout


def test_a_write_without_an_answer_is_sent_once(recorder: Recorder) -> None:
    recorder.replies = [Reply(cut=True)]
    with channel(recorder.url) as sender, pytest.raises(NoAnswer):
        sender.send(WRITE)
    assert len(recorder.requests) == 1


def test_a_target_that_refuses_connections_is_told_of() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with channel(url) as sender, pytest.raises(NoAnswer, match="Connection refused") as caught:
            sender.send(USERS)
    assert "HTTPConnection" not in str(caught.value)
    assert not caught.value.timeout


def test_a_target_that_speaks_no_http_is_told_of() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_babble, args=(server,))
        thread.start()
        with channel(f"http://127.0.0.1:{server.getsockname()[1]}") as sender, pytest.raises(NoAnswer, match="babble"):
            sender.send(USERS)
        thread.join()


def _babble(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(9999)
        connection.sendall(b"babble\r\n\r\n")


@pytest.mark.parametrize(
    "body", ["", "<html>", "[1]", "null", '{"a":', b"\xff\xfe{", "[" * 100_000, '{"a":' * 100_000, "9" * 5_000]
)
def test_a_body_that_is_no_json_object_is_none(recorder: Recorder, body: str | bytes) -> None:
    recorder.replies = [Reply(body=body)]
    with channel(recorder.url) as sender:
        answer = sender.send(USERS)
    assert answer.json is None
    assert answer.body == (body.encode() if isinstance(body, str) else body)


def test_a_redirection_is_not_followed(recorder: Recorder) -> None:
    recorder.replies = [Reply(302, headers={"Location": f"{recorder.url}/elsewhere"}), Reply()]
    with channel(recorder.url) as sender:
        assert sender.send(USERS).status == 302
    assert len(recorder.requests) == 1


@pytest.mark.parametrize("authorization", [bearer(TOKEN), basic("admin", TOKEN)])
def test_no_secret_is_in_a_url_or_a_log(
    recorder: Recorder, authorization: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []
    with channel(recorder.url, authorization=authorization, on_exchange=lambda *both: seen.append(str(both))) as sender:
        sender.send(WRITE)
        told = repr(sender) + caplog.text + "".join(seen) + recorder.requests[0].line
    assert len(seen) == 1
    assert TOKEN not in told
    assert authorization.split()[1] not in told


@pytest.mark.parametrize("authorization", [bearer(TOKEN), basic("admin", TOKEN)])
def test_a_target_that_echoes_the_credential_does_not_bring_it_into_logs(
    recorder: Recorder, authorization: str
) -> None:
    echo = {"detail": f"who is {authorization}, with {TOKEN}?"}
    recorder.replies = [Reply(401, body=echo, headers={"WWW-Authenticate": f'Bearer realm="{TOKEN}"'})]
    with channel(recorder.url, authorization=authorization) as sender:
        answer = sender.send(USERS)
    shown = answer.body.decode() + str(answer.headers)
    assert TOKEN not in shown
    assert authorization.split()[1] not in shown
    assert "who is" in shown


def test_lone_surrogates_do_not_stop_a_request(recorder: Recorder) -> None:
    with channel(recorder.url) as sender:
        assert sender.send(Request("POST", "/Users", body={"userName": "a\ud800b"})).ok
    assert json.loads(recorder.requests[0].body) == {"userName": "a?b"}


def test_exchanges_are_told(recorder: Recorder) -> None:
    seen: list[tuple[Request, Answer]] = []
    with channel(recorder.url, on_exchange=lambda *both: seen.append(both)) as sender:
        answer = sender.send(USERS)
    assert seen == [(USERS, answer)]
    assert answer.elapsed_ms > 0


def test_a_host_without_an_address_is_told_of() -> None:
    with (
        channel("https://nobody.invalid") as sender,
        pytest.raises(NoAnswer, match=r"resolve 'nobody\.invalid'") as caught,
    ):
        sender.send(USERS)
    assert not caught.value.timeout


def test_only_certificates_of_the_ca_file_are_trusted() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_name("tls-key.pem"))
    with recording(context) as recorder:
        with channel(recorder.url, ca_file=str(CERTIFICATE)) as sender:
            assert sender.send(WRITE).ok
        with channel(recorder.url) as sender, pytest.raises(NoAnswer, match="CERTIFICATE_VERIFY_FAILED"):
            sender.send(WRITE)
    (sent,) = recorder.requests
    assert sent.headers["authorization"] == f"Bearer {TOKEN}"


def test_tls_to_a_target_without_it_is_told_of(recorder: Recorder) -> None:
    with channel(recorder.url.replace("http:", "https:")) as sender, pytest.raises(NoAnswer, match="SSL"):
        sender.send(USERS)


def test_a_file_without_certificates_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "ca.pem"
    empty.write_text("no certificate", encoding="utf-8")
    for path in (empty, empty.with_name("none.pem")):
        with pytest.raises(ConfigError, match=path.name):
            HttpChannel("https://api.fabrik.example", bearer(TOKEN), Dialect(), ca_file=str(path))
