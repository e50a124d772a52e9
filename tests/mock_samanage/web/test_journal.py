"""The journal: everything that was asked and answered, and no secret."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_samanage.testing import LiveServer
from mock_samanage.web.journal.entries import RawExchange
from mock_samanage.web.journal.journal import Journal
from mock_samanage.web.journal.redaction import REDACTED, Redactor
from mock_samanage.web.journal.shelf import Shelf, Wanted

Wire = Callable[..., requests.Response]


def exchange(**changes: Any) -> RawExchange:
    environ = {
        "REQUEST_METHOD": changes.pop("method", "GET"),
        "SCRIPT_NAME": "/scim/v2",
        "PATH_INFO": changes.pop("path", "/Users"),
        "QUERY_STRING": changes.pop("query", ""),
        **changes.pop("environ", {}),
    }
    usual = RawExchange(1_000_000, "acme", environ, b"", 200, [("Content-Type", "application/scim+json")], b"{}", 1000)
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
