"""The journal: everything that was asked and answered, and no secret."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_samanage.testing import LiveServer
from mock_samanage.web.journal.delivery import Delivery
from mock_samanage.web.journal.entries import RawExchange
from mock_samanage.web.journal.exports import har
from mock_samanage.web.journal.heads import KNOWN, Heads
from mock_samanage.web.journal.journal import Journal
from mock_samanage.web.journal.redaction import REDACTED, Redactor
from mock_samanage.web.journal.shelf import NOTHING_SENT, Shelf, Wanted

Wire = Callable[..., requests.Response]


def exchange(**changes: Any) -> RawExchange:
    usual = RawExchange(
        moment=1_000_000,
        account="acme",
        method="GET",
        path="/scim/v2" + changes.pop("path", "/Users"),
        query="",
        head=Heads().of(changes.pop("environ", {})),
        body=b"",
        status=200,
        fields=[("Content-Type", "application/scim+json")],
        answer=b"{}",
        elapsed=1000,
        ran=False,
    )
    return usual._replace(**changes)


def test_reading_shows_what_was_just_asked(wire: Wire, control: Wire, tenant: LiveServer) -> None:
    control("DELETE", f"/accounts/{tenant.account}/journal")
    wire("POST", "/Users", {"userName": "incomplete"}, User_Agent="tester")
    wire("GET", "/Users?count=1")
    first, second = control("GET", f"/accounts/{tenant.account}/journal").json()
    assert (first["method"], first["url"], first["account"]) == ("POST", "/scim/v2/Users", tenant.account)
    assert first["request"]["body"] == '{"userName": "incomplete"}'
    assert first["request"]["headers"]["user-agent"] == "tester"
    assert (second["url"], second["status"]) == ("/scim/v2/Users?count=1", 200)
    assert second["response"]["headers"]["content-type"] == "application/scim+json"
    assert second["response"]["body"].startswith('{"schemas":')


def test_filters_choose_entries(wire: Wire, control: Wire, tenant: LiveServer) -> None:
    path = f"/accounts/{tenant.account}/journal"
    control("DELETE", path)
    wire("GET", "/Users")
    wire("GET", "/Groups/0")
    wire("DELETE", "/Users/0")
    assert [e["method"] for e in control("GET", f"{path}?status=404").json()] == ["GET", "DELETE"]
    assert [e["method"] for e in control("GET", f"{path}?path=/Users&method=delete").json()] == ["DELETE"]
    assert len(control("GET", f"{path}?limit=1").json()) == 1
    assert len(control("GET", f"{path}?text=no+Group").json()) == len(control("GET", f"{path}?path=Groups").json()) == 1
    moment = control("GET", path).json()[1]["time"]
    assert len(control("GET", f"{path}?since={moment}").json()) == 2


def test_an_entry_says_where_a_request_went_and_who_sent_it(wire: Wire, control: Wire, tenant: LiveServer) -> None:
    path = f"/accounts/{tenant.account}/journal"
    control("DELETE", path)
    wire("GET", "/Users/1?attributes=userName", base=tenant.url.removesuffix("/scim/v2"))
    wire("GET", "/Schemas", Authorization=None)
    wire("POST", "/Groups/.search", Authorization="Basic bm9ib2R5OnBhc3N3b3Jk")
    wire("GET", "/Nothing/here", X_Samanage_Authorization=f"Bearer {tenant.token}")
    shown = control("GET", path).json()
    assert [(e["path"], e["route"]) for e in shown] == [
        ("/Users/1", "/Users/{id}"),
        ("/Schemas", "/Schemas"),
        ("/Groups/.search", "/Groups/.search"),
        ("/Nothing/here", ""),
    ]
    assert [e["credential"] for e in shown] == ["token", "none", "basic", "token"]
    assert [e["written"] for e in shown] == [True, True, False, False]
    assert [(e["fault"], e["delivered"]) for e in shown] == [("", True)] * 4
    assert all(e["time"].startswith("20") and abs(e["moment"] / 1e6 - time.time()) < 60 for e in shown)


def test_numbers_rise_and_are_never_used_again(wire: Wire, control: Wire, tenant: LiveServer) -> None:
    path = f"/accounts/{tenant.account}/journal"
    wire("GET", "/Users")
    before = control("GET", path).json()[-1]["number"]
    control("DELETE", path)
    wire("GET", "/Users")
    wire("GET", "/Users")
    assert [e["number"] for e in control("GET", path).json()] == [before + 1, before + 2]


def test_a_field_sent_twice_is_shown_as_one(wire: Wire, control: Wire, tenant: LiveServer) -> None:
    path = f"/accounts/{tenant.account}/journal"
    control("DELETE", path)
    wire("GET", "/Users", Authorization=None)
    (challenges,) = {e["response"]["headers"]["www-authenticate"] for e in control("GET", f"{path}?status=401").json()}
    assert challenges.startswith("Bearer realm=")
    assert ", Basic realm=" in challenges


def test_the_journal_is_exported_as_json_lines(wire: Wire, control: Wire, tenant: LiveServer) -> None:
    path = f"/accounts/{tenant.account}/journal"
    wire("GET", "/Users")
    answer = control("GET", f"{path}?format=jsonl")
    assert answer.headers["content-type"] == "application/jsonl"
    assert [json.loads(line) for line in answer.text.splitlines()] == control("GET", path).json()


def test_the_journal_is_exported_as_an_http_archive(wire: Wire, control: Wire, tenant: LiveServer) -> None:
    control("DELETE", f"/accounts/{tenant.account}/journal")
    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "zoë@example.com"}
    wire("POST", "/Users?attributes=userName", body)
    log = control("GET", f"/accounts/{tenant.account}/journal?format=har").json()["log"]
    (found,) = log["entries"]
    assert log["creator"]["name"] == "mock-samanage"
    assert found["request"]["url"] == f"{tenant.url}/Users?attributes=userName"
    assert found["request"]["queryString"] == [{"name": "attributes", "value": "userName"}]
    assert json.loads(found["request"]["postData"]["text"]) == body
    assert (found["response"]["status"], found["response"]["statusText"]) == (201, "Created")
    assert json.loads(found["response"]["content"]["text"])["userName"] == "zoë@example.com"
    assert tenant.token not in json.dumps(log)


def test_another_format_is_refused(control: Wire, tenant: LiveServer) -> None:
    answer = control("GET", f"/accounts/{tenant.account}/journal?format=xml")
    assert (answer.status_code, answer.json()) == (400, {"error": "format is json, jsonl, har, not 'xml'."})


def test_what_is_still_being_sent_is_written_again_when_it_is_over() -> None:
    journal = Journal()
    delivery = Delivery("drip", whole=False, under_way=True, body=1)
    journal.append(exchange(delivery=delivery, answer=b"{}"))
    journal.append(exchange())
    (first, _) = journal.read(Wanted())
    assert (first.fault, first.delivered, first.as_json()["response"]["body"]) == ("drip", False, "{")
    delivery.whole, delivery.body, delivery.under_way, delivery.elapsed = True, None, False, 5_000_000
    (again, other) = journal.read(Wanted())
    assert (again.number, again.delivered, again.elapsed_ms) == (first.number, True, 5.0)
    assert (again.as_json()["response"]["body"], other.fault) == ("{}", "")
    journal.close()


def test_an_exchange_in_which_nothing_was_sent_has_no_status() -> None:
    journal = Journal()
    journal.append(exchange(delivery=Delivery("cut", begun=False, whole=False), ran=True))
    journal.append(exchange())
    (shown,) = (entry.as_json() for entry in journal.read(Wanted(status=NOTHING_SENT)))
    assert (shown["status"], shown["response"]) == (None, {"headers": {}, "body": ""})
    assert (shown["fault"], shown["written"], shown["delivered"]) == ("cut", True, False)
    archived = json.loads(har(journal.read(Wanted()), "http://tenant.example"))["log"]["entries"]
    assert [found["response"]["status"] for found in archived] == [0, 200]
    assert [found.get("comment") for found in archived] == ["fault cut; nothing was sent", None]
    journal.close()


def test_a_cleared_journal_holds_nothing() -> None:
    journal = Journal()
    journal.append(exchange())
    journal.flush()
    journal.append(exchange())
    journal.clear()
    assert journal.read(Wanted()) == []
    journal.close()


def test_entries_of_another_account_stay_out(wire: Wire, control: Wire, tenant: LiveServer) -> None:
    other = tenant.hook("account.create", name="other")
    wire("GET", "/Users", Authorization=f"Bearer {other['token']}")
    assert {e["account"] for e in control("GET", f"/accounts/{tenant.account}/journal").json()} <= {
        tenant.account,
        None,
    }
    assert "other" in {e["account"] for e in control("GET", "/accounts/other/journal").json()}


def test_no_secret_is_written_down(wire: Wire, tenant: LiveServer) -> None:
    password, token = tenant.password, tenant.token
    coat = base64.b64encode(f"{tenant.username}:{password}".encode()).decode()
    wire("GET", f"/Users?access_token={token}&filter=userName+eq+%22{password}%22")
    wire("GET", "/Users", Authorization=f"Basic {coat}", X_Note=password)
    wire("GET", f"/Users/{token}", X_Samanage_Authorization="Bearer another-wrong-token")
    wire("POST", "/Users", {"schemas": [], "userName": token, "password": "initial-secret", "title": coat})
    wire("PATCH", "/Users/1", {"Operations": [{"op": "replace", "path": "password", "value": "changed-secret"}]})
    text = tenant.hook("journal.read")["text"]
    assert text.count(REDACTED) >= 6
    for secret in (password, token, coat, "another-wrong-token", "initial-secret", "changed-secret"):
        assert secret not in text


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ('{"password":"hush-hush"}', "hush-hush"),
        ('{"Password" : "a\\"hush-hush"}', "hush-hush"),
        ('{"op":"add","path":"urn:x:User:password","value":"hush-hush"}', "hush-hush"),
        ('{"value":"hush-hush","path":"password"}', "hush-hush"),
        ('{"op":"add","value":{"password":"hush-hush"}}', "hush-hush"),
        ('{"password":"hush-hush', "hush-hush"),
        ("/Users?access_token=hush-hush&x=1", "hush-hush"),
        ("known and plain: sword+fish/1", "sword+fish/1"),
        ("known in a URL: sword%2Bfish%2F1", "sword%2Bfish%2F1"),
        ("a token: eyJhbGciOiJIUzUxMiJ9.eyJ1c2VyX2lkIjoxfQ.c2lnbmF0dXJl", "eyJhbGciOiJIUzUxMiJ9"),
    ],
)
def test_secrets_are_recognised_by_name_value_and_form(text: str, hidden: str) -> None:
    redactor = Redactor()
    redactor.know("sword+fish/1", None, "abc")
    assert hidden not in redactor.text(text)
    assert REDACTED in redactor.text(text)
    assert redactor.text("abc is too short to hide") == "abc is too short to hide"


def test_the_oldest_exchanges_give_way() -> None:
    journal = Journal(ring=3)
    for number in range(5):
        journal.append(exchange(path=f"/Users/{number}"))
    assert len(journal.read(Wanted())) <= 5
    assert journal.read(Wanted())[-1].url == "/scim/v2/Users/4"
    journal.close()


def test_the_shelf_keeps_the_newest() -> None:
    shelf, journal = Shelf(kept=3), Journal()
    for number in range(5):
        journal.append(exchange(path=f"/Users/{number}"))
    shelf.write(journal.read(Wanted()))
    assert [entry.url[-1] for entry in shelf.read(Wanted())] == ["2", "3", "4"]
    shelf.close()
    journal.close()


def test_processes_share_a_journal_by_its_file(tmp_path: Any) -> None:
    path = str(tmp_path / "journal.db")
    writer, reader = Journal(path), Journal(path)
    writer.append(exchange())
    assert [entry.url for entry in reader.read(Wanted())] == ["/scim/v2/Users"]
    writer.close()
    reader.close()


def test_bodies_are_cut_and_odd_bytes_replaced() -> None:
    journal = Journal()
    journal.append(exchange(body=b"x" * 100_000, answer=b"\xff\x1d{}", method="POST"))
    (entry,) = journal.read(Wanted())
    shown = entry.as_json()
    assert len(shown["request"]["body"]) == 65_536
    assert shown["response"]["body"] == "\ufffd {}"
    journal.close()


def test_the_same_fields_are_kept_once_and_invented_ones_not_for_ever() -> None:
    heads = Heads()
    sent = {"REQUEST_METHOD": "GET", "HTTP_HOST": "x", "HTTP_ACCEPT": "*/*", "CONTENT_TYPE": "a/b"}
    head = heads.of(sent)
    assert head == (("HTTP_HOST", "HTTP_ACCEPT", "CONTENT_TYPE"), ("x", "*/*", "a/b"))
    assert heads.of(dict(sent)) is head
    assert heads.of({"REQUEST_METHOD": "GET"}) == ((), ())
    assert heads.of({"HTTP_HOST": "x"}) == (("HTTP_HOST",), ("x",))
    for number in range(2 * KNOWN):
        heads.of({f"HTTP_X{number}": str(number)})
    assert len(heads._heads) <= KNOWN
    assert len(heads._readers) <= KNOWN
