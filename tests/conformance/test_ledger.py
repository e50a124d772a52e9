"""What is created is written down first, and clean-up deletes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.cleanup import clean, sweep
from conformance.client import ScimClient
from conformance.errors import HookRefused, UsageFault
from conformance.ledger import Entry, Ledger, Remains, creations, open_entries
from conformance.transport import Transport
from tests.conformance.conftest import exchange
from tests.conformance.tiny import TOKEN, Tiny

BASE = "http://scim.test"
BULK = (
    b'{"Operations": [{"method": "post", "status": "201", "location": "http://scim.test/Users/3"},'
    b' {"method": "POST", "bulkId": "a", "status": {"code": "201"}, "location": "http://inside.test/v2/Groups/9"},'
    b' {"bulkId": "b", "status": 200, "response": {"id": "11"}}, {"bulkId": "c", "status": "409", "location": "x/y"},'
    b' {"method": "POST", "status": "201"}, {"method": "DELETE", "status": "204", "location": "/Users/4"}, 7]}'
)
JOB = b"""{"Operations": [{"method": "POST", "path": "/Groups", "bulkId": "a"}, 5,
    {"method": "post", "path": "Users/", "bulkId": "b"}, {"method": "POST", "path": "/Users", "bulkId": "c"}]}"""


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path / "ledger.jsonl", BASE)
    made.start("cfx-")
    return made


@pytest.fixture
def client(tiny: Tiny) -> Iterator[ScimClient]:
    transport = Transport(timeout=2.0)
    yield ScimClient(tiny.url, transport, {"Authorization": f"Bearer {TOKEN}"})
    transport.close()


def path_of(ledger: Ledger) -> Path:
    assert ledger.path is not None
    return ledger.path


@pytest.mark.parametrize(
    ("method", "path", "status", "body", "location", "found"),
    [
        ("POST", "/Users", 201, b'{"id": "1"}', None, ["/Users/1"]),
        ("POST", "/Users?attributes=id", 200, b'{"id": "1"}', None, ["/Users/1"]),
        ("POST", "/Users", 201, b"", "/Users/7", ["/Users/7"]),
        ("POST", "/Users", 409, b'{"id": "1"}', None, []),
        ("POST", "/Users/.search", 200, b'{"id": "1"}', None, []),
        ("PUT", "/Users/9", 201, b"{}", None, ["/Users/9"]),
        ("PUT", "/Users/9", 200, b"{}", None, []),
        ("GET", "/Users", 200, b'{"id": "1"}', None, []),
        (
            "POST",
            "/Bulk",
            200,
            BULK,
            None,
            ["/Users/3", "/Groups/9", "/Users/11"],
        ),
        ("POST", "/Me", 201, b'{"id": "1"}', "/Users/7", ["/Users/7"]),
        ("POST", "/Me", 201, b'{"id": "1", "meta": {"location": "http://scim.test/Users/7"}}', None, ["/Users/7"]),
    ],
)
def test_an_answer_tells_what_it_created(
    *, method: str, path: str, status: int, body: bytes, location: str | None, found: list[str]
) -> None:
    headers = {"Location": location} if location else {}
    sent = exchange(method, BASE + path, status=status, body=body, answered=headers, sent=JOB)
    assert list(creations(sent)) == [BASE + name for name in found]


def test_what_is_left_is_known_newest_first(ledger: Ledger) -> None:
    ledger.listen(exchange("POST", f"{BASE}/Users", status=201, body=b'{"id": "1"}'))
    ledger.listen(exchange("POST", f"{BASE}/Users", status=201, body=b'{"id": "2"}'))
    ledger.account("blue")
    ledger.listen(exchange("DELETE", f"{BASE}/Users/1", status=204))
    entries = [Entry("account", "blue"), Entry("created", f"{BASE}/Users/2")]
    assert open_entries(path_of(ledger)) == Remains(BASE, "cfx-", entries)


def test_what_a_bulk_job_makes_and_deletes_is_written_down(ledger: Ledger) -> None:
    ledger.listen(exchange("POST", f"{BASE}/Users", status=201, body=b'{"id": "4"}'))
    ledger.listen(exchange("POST", f"{BASE}/Bulk", body=BULK, sent=JOB))
    entries = [Entry("created", f"{BASE}{path}") for path in ("/Users/11", "/Groups/9", "/Users/3")]
    assert open_entries(path_of(ledger)).entries == entries


def test_a_write_cut_by_a_kill_is_forgiven(ledger: Ledger) -> None:
    ledger.created(f"{BASE}/Users/1")
    with path_of(ledger).open("a", encoding="utf-8") as file:
        file.write('{"created": "http')
    assert len(open_entries(path_of(ledger)).entries) == 1


@pytest.mark.parametrize("text", ["", "{}\n", "no json\n{}\n"])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageFault, match="is no ledger"):
        open_entries(path)


def test_a_missing_ledger_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="cannot be read"):
        open_entries(tmp_path / "x")


def test_clean_up_deletes_resources_and_accounts_and_the_ledger(client: ScimClient, tiny: Tiny, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl", tiny.url)
    ledger.start()
    client.transport.on_answer = ledger.listen
    client.post("/Users", {"userName": "a"})
    ledger.created(f"{tiny.url}/Users/404")
    ledger.account("blue")
    calls: list[object] = []

    class Some:
        def call(self, hook: str, /, **arguments: object) -> dict[str, object]:
            calls.append((hook, arguments))
            raise HookRefused("no such account", 404)

    assert clean(path_of(ledger), client, Some()) == []
    assert tiny.users == {}
    assert calls == [("account.delete", {"account": "blue"})]
    assert not path_of(ledger).exists()


def test_what_cannot_be_deleted_stays_in_the_ledger(client: ScimClient, tiny: Tiny, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl", tiny.url)
    ledger.start()
    ledger.created("http://elsewhere.test/Users/1")
    ledger.account("blue")
    tiny.undeletable = True
    client.transport.on_answer = ledger.listen
    client.post("/Users", {"userName": "a"})
    left = clean(path_of(ledger), client, None)
    assert [entry.rpartition(": ")[2] for entry in left] == [
        "DELETE is answered 403",
        "an account; give --hooks to delete it",
        "on another host",
    ]
    assert len(open_entries(path_of(ledger)).entries) == 3


def test_the_sweep_finds_only_names_of_the_run(client: ScimClient, tiny: Tiny) -> None:
    tiny.users = {"1": {"id": "1", "userName": "cfx-1"}, "2": {"id": "2", "userName": "someone else"}}
    assert sweep(client, "cfx-") == [f"{tiny.url}/Users/1"]
    tiny.dead = True
    assert sweep(client, "cfx-") == []


def test_every_line_is_one_object(ledger: Ledger) -> None:
    ledger.created("a")
    assert [json.loads(line) for line in path_of(ledger).read_text(encoding="utf-8").splitlines()] == [
        {"base": BASE, "prefix": "cfx-"},
        {"created": "a"},
    ]
