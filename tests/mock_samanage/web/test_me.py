"""/Me is the owner of the credential under another name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_samanage.scim.messages import PATCH_OP_URN
from mock_samanage.testing import LiveServer

Wire = Callable[..., requests.Response]


@pytest.fixture
def owner(wire: Wire, tenant: LiveServer) -> dict[str, Any]:
    found: dict[str, Any] = wire("GET", f'/Users?filter=userName eq "{tenant.username}"').json()["Resources"][0]
    return found


def patch(path: str, value: Any) -> dict[str, Any]:
    return {"schemas": [PATCH_OP_URN], "Operations": [{"op": "replace", "path": path, "value": value}]}


def test_reading_it_gives_the_owner_and_the_permanent_uri(wire: Wire, owner: dict[str, Any]) -> None:
    answer = wire("GET", "/Me")
    assert (answer.status_code, answer.json()) == (200, owner)
    assert answer.headers["Location"] == owner["meta"]["location"]
    assert answer.headers["ETag"] == owner["meta"]["version"]
    assert wire("HEAD", "/Me").headers["Location"] == owner["meta"]["location"]
    assert wire("GET", "/Me?attributes=userName").json().keys() == {"schemas", "id", "userName"}
    same = wire("GET", "/Me", If_None_Match=owner["meta"]["version"])
    assert (same.status_code, same.headers["Location"]) == (304, owner["meta"]["location"])


def test_each_credential_has_its_own(wire: Wire, tenant: LiveServer, owner: dict[str, Any]) -> None:
    other = tenant.hook("account.create")
    theirs = wire("GET", "/Me", Authorization=f"Bearer {other['token']}").json()
    assert theirs["userName"] == other["username"]
    assert theirs["id"] != owner["id"]
    assert wire("GET", "/Me", Authorization=None).status_code == 401


def test_changes_of_it_are_changes_of_the_owner(wire: Wire, owner: dict[str, Any]) -> None:
    location = owner["meta"]["location"]
    changed = wire("PATCH", "/Me?attributes=title", patch("title", "Chief"))
    assert (changed.status_code, changed.json()["title"], changed.headers["Location"]) == (200, "Chief", location)
    body = {**owner, "nickName": "Boss"}
    replaced = wire("PUT", "/Me", body, If_Match=changed.headers["ETag"])
    assert (replaced.status_code, replaced.headers["Location"]) == (200, location)
    shown = wire("GET", "", base=location).json()
    assert (shown["nickName"], shown.get("title")) == ("Boss", None)
    stale = wire("PUT", "/Me", body, If_Match=changed.headers["ETag"])
    assert stale.status_code == 412


def test_deleting_it_ends_the_credential(wire: Wire, owner: dict[str, Any]) -> None:
    answer = wire("DELETE", "/Me")
    assert (answer.status_code, answer.headers["Location"]) == (204, owner["meta"]["location"])
    assert wire("GET", "/Me").status_code == 401


def test_creating_it_is_not_offered(wire: Wire, owner: dict[str, Any]) -> None:
    answer = wire("POST", "/Me", {"schemas": owner["schemas"], "userName": "x"})
    assert (answer.status_code, answer.json()["status"]) == (501, "501")
