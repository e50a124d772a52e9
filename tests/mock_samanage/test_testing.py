"""What projects get for their own tests: LiveServer, the in-process client, the fixture."""

from __future__ import annotations

import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest
import requests

from mock_samanage.testing import LiveServer, client

pytest_plugins = ["pytester"]


def test_a_live_server_answers_over_http_and_leaves_nothing() -> None:
    with LiveServer() as tenant:
        ports = {str(urlsplit(url).port) for url in (tenant.url, tenant.control)}
        answer = requests.get(f"{tenant.url}/Users", headers=tenant.headers, timeout=10)
        assert answer.json()["Resources"][0]["userName"] == tenant.username
        assert requests.get(f"{tenant.control}/accounts", timeout=10).ok
    assert not [each for each in threading.enumerate() if ports & {*each.name.split("-")}]  # others serve meanwhile
    with pytest.raises(requests.ConnectionError):
        requests.get(answer.url, timeout=10)


def test_a_server_that_is_not_running_says_so() -> None:
    with pytest.raises(RuntimeError, match="not running"):
        _ = LiveServer().url


def test_reset_gives_back_the_first_state() -> None:
    with LiveServer(users=3) as tenant:
        first = tenant.users()
        token = tenant.token
        tenant.hook("account.create", name="other")
        tenant.hook("phase.set", phase="token")
        made = tenant.user(title="Planner")
        tenant.group("Planners", members=(made["id"],))
        assert [user["id"] for user in tenant.users('title eq "Planner"')] == [made["id"]]
        tenant.reset()
        assert tenant.get("/Groups")["totalResults"] == 0
        assert len(tenant.users()) <= len(first)
        assert tenant.token == token
        assert [account.name for account in tenant.tenant.accounts.list()] == [tenant.account]
        assert requests.get(f"{tenant.url}/Users", auth=(tenant.username, tenant.password), timeout=10).ok


def test_a_refusal_is_raised_with_its_text() -> None:
    with LiveServer() as tenant:
        tenant.user(userName="mara@example.com")
        with pytest.raises(ValueError, match="409"):
            tenant.user(userName="MARA@example.com")


def test_an_account_in_phase_basic_has_no_token() -> None:
    with LiveServer(phase="basic") as tenant, pytest.raises(RuntimeError, match="basic"):
        _ = tenant.token


def test_the_in_process_client_works_like_requests() -> None:
    with LiveServer() as tenant, client(tenant.app, tenant.token) as session:
        answer = session.get("/Users", params={"filter": f'userName eq "{tenant.username}"'})
        assert answer.json()["totalResults"] == 1
        assert answer.headers["content-type"] == "application/scim+json"
        assert session.get("/Users", headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert session.post("/Users", json={}).status_code == 400


def test_the_fixture_is_fresh_for_each_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest, requests

        @pytest.mark.parametrize("turn", [1, 2])
        def test_turn(samanage, turn):
            assert samanage.user()["userName"] == "user1@example.com"
            answer = requests.get(samanage.url + "/Users", headers=samanage.headers, timeout=10)
            assert answer.json()["totalResults"] == 2
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:randomly")
    result.assert_outcomes(passed=2)


def test_loading_the_plugin_is_light() -> None:
    code = "import sys, mock_samanage.testing; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"flask", "sqlalchemy", "granian", "requests", "faker", "hypothesis", "schemathesis", "rich", "conformance"}
    assert not heavy & set(loaded)
