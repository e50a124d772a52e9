"""The judge at the side of the tenant's fixture: scenarios in a loop, and an assertion that says what is wrong."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from conformance.connector.fixture import FixtureJudge
from conformance.errors import UsageFault
from mock_samanage.judged import GROUP
from mock_samanage.testing import LiveServer
from tests.conformance.connector.honest import main

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


class Entry:
    """What an installed package declares."""

    def load(self) -> type[FixtureJudge]:
        return FixtureJudge


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer() as server:
        yield server


@pytest.fixture
def tenant(server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> LiveServer:
    """A fresh tenant that finds this judge, whatever is installed."""
    genuine = importlib.metadata.entry_points

    def found(**chosen: Any) -> Any:
        return [Entry()] if chosen.get("group") == GROUP else genuine(**chosen)

    monkeypatch.setattr(importlib.metadata, "entry_points", found)
    server.reset()
    return server


def post(tenant: LiveServer, **attributes: Any) -> requests.Response:
    return requests.post(f"{tenant.url}/Users", json=attributes, headers=tenant.headers, timeout=10)


def test_a_scenario_is_played_in_an_account_of_its_own(tenant: LiveServer) -> None:
    own = (tenant.account, tenant.token, tenant.username)
    numbers = []
    for step in tenant.scenario("rename"):
        assert tenant.account != own[0]
        assert (step.token, step.environment["SAMANAGE_URL"]) == (tenant.token, tenant.url)
        assert step.source_path.name == "source.json"
        assert main(step.environment) == 0
        numbers.append((step.number, step.title))
    assert numbers[0] == (1, "First sync")
    assert len(numbers) == 3
    tenant.assert_conformant()
    assert {user["userName"] for user in tenant.users('userName ew "@example.com"')} == {
        "ada.king@example.com",
        "bob@example.com",
    }
    tenant.reset()
    assert (tenant.account, tenant.token, tenant.username) == own
    assert len(tenant.tenant.accounts.list()) == 1


def test_credentials_follow_the_scenario(tenant: LiveServer) -> None:
    seen = [(step.token, step.username, step.password, tenant.token) for step in tenant.scenario("token-rotation")]
    assert seen[0][0] != seen[1][0]
    assert all(token == shown for token, _, _, shown in seen)
    assert {(username, password) for _, username, password, _ in seen} == {("", "")}


def test_a_good_connectors_requests_pass_and_the_tests_own_are_no_connectors(tenant: LiveServer) -> None:
    tenant.user(title="made by the test, without schemas that count")
    tenant.request("POST", "/Users", {"id": "7"})
    tenant.assert_conformant()


def test_the_message_says_what_is_broken_and_shows_the_requests(tenant: LiveServer) -> None:
    post(tenant, schemas=[USER], userName="ada@example.com")
    post(tenant, userName="bob@example.com", id="7")
    with pytest.raises(AssertionError) as failed:
        tenant.assert_conformant()
    lines = str(failed.value).splitlines()
    assert lines[0].startswith("The connector is not conformant: ")
    assert "FAIL writing.chooses_no_id: The tenant chooses ids; no identifier holds the word bulkId." in lines
    where = next(number for number, line in enumerate(lines) if "writing.chooses_no_id" in line)
    told = lines[where : where + 8]
    assert told[1].startswith("  clause    7643-3.1-C01 (RFC 7643 3.1; MUST NOT): ")
    assert told[2].startswith("  expected  ")
    assert told[3].startswith("  observed  test, step 1: ")
    assert told[4].startswith("  request   POST /scim/v2/Users -> ")
    assert '"bob@example.com"' in told[5]
    assert told[6] == "  similar   POST /scim/v2/Users -> 201"


def test_a_recommendation_fails_only_when_asked_for(tenant: LiveServer) -> None:
    query = {"filter": 'userName eq "ada@example.com"'}
    requests.get(f"{tenant.url}/Users", params=query, headers=tenant.headers, timeout=10)
    post(tenant, schemas=[USER], userName="ada@example.com")
    tenant.assert_conformant()
    with pytest.raises(AssertionError, match=r"(?s)WARN .*7644-8\.1-C01"):
        tenant.assert_conformant(strict=True)


def test_a_step_can_be_judged_before_its_end(tenant: LiveServer) -> None:
    for step in tenant.scenario("first-sync"):
        assert step.number == 1
        post(tenant, userName="bob@example.com", id="7")
        with pytest.raises(AssertionError, match="first-sync, step 1"):
            tenant.assert_conformant()
        break
    tenant.reset()
    tenant.assert_conformant()


def test_an_unknown_scenario_is_answered_with_those_there_are(tenant: LiveServer) -> None:
    with pytest.raises(UsageFault, match="no scenario moon; there are: "):
        next(tenant.scenario("moon"))


def test_without_a_judge_it_is_told(server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.reset()
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda **_chosen: [])
    with pytest.raises(RuntimeError, match=r"no judge is installed: .* mock_samanage\.judge"):
        server.assert_conformant()
