"""Cursor paging over HTTP, beside index paging."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_samanage.scim.messages import SEARCH_REQUEST_URN
from mock_samanage.scim.registry import GROUP_URN, USER_URN
from mock_samanage.testing import LiveServer

Wire = Callable[..., requests.Response]
CURSOR_SHAPE = {"schemas", "totalResults", "itemsPerPage", "Resources"}


@pytest.fixture
def people(wire: Wire) -> list[str]:
    """The userNames of all users, sorted."""
    made = [f"u{number}@example.com" for number in range(5)]
    for name in made:
        assert wire("POST", "/Users", {"schemas": [USER_URN], "userName": name}).status_code == 201
    return sorted([*made, *(user["userName"] for user in wire("GET", "/Users").json()["Resources"][:1])])


def walk(wire: Wire, path: str, body: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The pages of a walk; `{}` in the path, or `cursor` in the body, takes the cursor."""
    pages: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        search = None if body is None else {"schemas": [SEARCH_REQUEST_URN], **body, "cursor": cursor}
        answer = wire("GET" if body is None else "POST", path.format(cursor), search)
        assert answer.status_code == 200, answer.text
        pages.append(answer.json())
        cursor = pages[-1].get("nextCursor")
    return pages


@pytest.mark.parametrize("first", ["cursor", "cursor="])
def test_a_first_page_has_the_shape_of_cursor_paging(wire: Wire, people: list[str], first: str) -> None:
    page = wire("GET", f"/Users?{first}&count=2").json()
    assert page.keys() == CURSOR_SHAPE | {"nextCursor"}
    assert (page["totalResults"], page["itemsPerPage"], len(page["Resources"])) == (len(people), 2, 2)
    assert wire("GET", f"/Users?{first}&count=0").json().keys() == CURSOR_SHAPE


def test_get_and_search_walk_alike(wire: Wire, people: list[str]) -> None:
    pages = walk(wire, "/Users?sortBy=userName&count=2&attributes=userName&cursor={}")
    shown = [user["userName"] for page in pages for user in page["Resources"]]
    assert shown == people
    body = {"sortBy": "userName", "count": 2, "attributes": ["userName"]}
    searched = walk(wire, "/Users/.search", body)
    assert [page["Resources"] for page in searched] == [page["Resources"] for page in pages]
    assert [page.keys() - CURSOR_SHAPE for page in pages] == [
        {"nextCursor"},
        {"nextCursor", "previousCursor"},
        {"previousCursor"},
    ]


def test_the_root_is_walked_too(wire: Wire, people: list[str]) -> None:
    for pages in (walk(wire, "/?count=4&cursor={}"), walk(wire, "/.search", {"count": 4})):
        assert sum(len(page["Resources"]) for page in pages) == pages[0]["totalResults"] == len(people)


def test_a_sorted_walk_over_every_type_goes_as_its_pages_do(wire: Wire, people: list[str]) -> None:
    for name in ("b", "a", "B"):
        wire("POST", "/Groups", {"schemas": [GROUP_URN], "displayName": f"{name} group"})
    for name in ("b", "c"):
        body = {"schemas": [USER_URN], "userName": f"{name}@x.example", "displayName": f"{name} group"}
        assert wire("POST", "/Users", body).status_code in {201, 409}
    for order in ("ascending", "descending"):
        query = f"/?sortBy=displayName&sortOrder={order}&attributes=displayName"
        whole = wire("GET", query).json()["Resources"]
        pages = walk(wire, f"{query}&count=2&cursor={{}}")
        assert [entry for page in pages for entry in page["Resources"]] == whole
        indexed = [wire("GET", f"{query}&count=2&startIndex={at}").json() for at in range(1, len(whole) + 1, 2)]
        assert [page["Resources"] for page in indexed] == [page["Resources"] for page in pages]
        named = [entry["displayName"].lower() for entry in whole if "displayName" in entry]
        assert named == sorted(named, reverse=order == "descending")
    assert len(whole) > len(people)


def test_the_parameter_selects_the_method_and_index_is_the_default(wire: Wire, people: list[str]) -> None:
    for query in ("", "?startIndex=2", "?count=2"):
        page = wire("GET", f"/Users{query}").json()
        assert "startIndex" in page
        assert not {"nextCursor", "previousCursor"} & page.keys()
    assert "startIndex" not in wire("GET", "/Users?cursor&startIndex=3").json()
    search = {"schemas": [SEARCH_REQUEST_URN], "cursor": None}
    assert wire("POST", "/Users/.search", search).json()["startIndex"] == 1
    assert len(people) > 2


def test_the_configuration_announces_both_methods(wire: Wire) -> None:
    told = wire("GET", "/ServiceProviderConfig").json()["pagination"]
    assert told == {
        "cursor": True,
        "index": True,
        "defaultPaginationMethod": "index",
        "defaultPageSize": 100,
        "maxPageSize": 1000,
        "cursorTimeout": 3600,
    }
    schema = wire("GET", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig").json()
    described = {attribute["name"]: attribute for attribute in schema["attributes"]}["pagination"]
    assert {sub["name"] for sub in described["subAttributes"]} == told.keys()


def test_what_is_wrong_with_a_cursor_has_its_own_name(wire: Wire, tenant: LiveServer, people: list[str]) -> None:
    good = wire("GET", "/Users?cursor&count=2").json()["nextCursor"]
    assert wire("GET", f"/Users?cursor={good}&count=2").status_code == 200
    search = {"schemas": [SEARCH_REQUEST_URN]}
    for answer, scim_type in (
        (wire("GET", "/Users?cursor=garbage"), "invalidCursor"),
        (wire("GET", f"/Groups?cursor={good}&count=2"), "invalidCursor"),
        (wire("GET", f"/Users?cursor={good}&filter=title+pr"), "invalidCursor"),
        (wire("POST", "/Users/.search", {**search, "cursor": 5}), "invalidCursor"),
        (wire("GET", f"/Users?cursor={good}&count=3"), "invalidCount"),
        (wire("GET", "/Users?cursor&count=two"), "invalidCount"),
        (wire("POST", "/Users/.search", {**search, "cursor": "", "count": True}), "invalidCount"),
        (wire("GET", "/Users?cursor&filter=nonsense"), "invalidFilter"),
    ):
        assert (answer.status_code, answer.json()["scimType"]) == (400, scim_type), answer.text
    tenant.hook("clock.advance", account=tenant.account, seconds=3601)
    assert wire("GET", f"/Users?cursor={good}").json()["scimType"] == "expiredCursor"
    assert people


def test_a_cursor_of_another_account_looks_like_a_forged_one(wire: Wire, tenant: LiveServer, people: list[str]) -> None:
    good = wire("GET", "/Users?cursor&count=2").json()["nextCursor"]
    other = tenant.hook("account.create")
    foreign = wire("GET", f"/Users?cursor={good}", Authorization=f"Bearer {other['token']}")
    forged = wire("GET", f"/Users?cursor={good[:-1]}", Authorization=f"Bearer {other['token']}")
    assert (foreign.status_code, foreign.json()) == (forged.status_code, forged.json())
    assert people[0] not in foreign.text


def test_a_cursor_gives_nothing_to_who_may_no_longer_ask(wire: Wire, tenant: LiveServer, people: list[str]) -> None:
    good = wire("GET", "/Users?cursor&count=2").json()["nextCursor"]
    assert wire("GET", f"/Users?cursor={good}", Authorization=None).status_code == 401
    tenant.hook("owner.disable", account=tenant.account)
    refused = wire("GET", f"/Users?cursor={good}")
    assert refused.status_code == 401
    assert not any(name in refused.text for name in people)
