"""The table of phases, credential kinds and validity, over HTTP."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
import requests

from mock_samanage.testing import LiveServer

Wire = Callable[..., requests.Response]

SCHEMES = {"basic": ["Basic"], "transition": ["Bearer", "Basic"], "token": ["Bearer"]}


def basic(username: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


@pytest.fixture(params=["basic", "transition", "token"])
def phased(request: pytest.FixtureRequest, tenant: LiveServer) -> tuple[str, dict[str, str]]:
    phase: str = request.param
    return phase, tenant.hook("account.create", phase=phase)


def challenges(answer: requests.Response) -> list[str]:
    raw = answer.raw.headers.getlist("WWW-Authenticate")
    return [field.split(" ")[0] for field in raw]


def test_each_phase_accepts_its_own_kinds(wire: Wire, phased: tuple[str, dict[str, str]]) -> None:
    phase, account = phased
    answer = wire("GET", "/Users", Authorization=basic(account["username"], account["password"]))
    assert answer.status_code == (401 if phase == "token" else 200)
    if phase == "basic":
        assert account["token"] is None
    else:
        assert wire("GET", "/Users", Authorization=f"Bearer {account['token']}").status_code == 200
        assert wire("GET", "/Users", Authorization=None, X_Samanage_Authorization=f"Bearer {account['token']}").ok


@pytest.mark.parametrize("phase", SCHEMES)
@pytest.mark.parametrize(
    ("field", "bearer"),
    [
        (None, False),
        ("", False),
        ("Bearer", True),
        ("Bearer wrong", True),
        ("bearer wrong", True),
        ("Bearer a b", True),
        ("Basic !!!", False),
        ("Basic " + base64.b64encode(b"no colon").decode(), False),
        ("Basic " + base64.b64encode(b"\xff\xfe:x").decode(), False),
        (basic("admin@samanage.example", "wrong"), False),
        ("Digest x", False),
        ("Bearer " + "x" * 10_000, True),
    ],
)
def test_an_unusable_credential_is_401_with_the_challenges_of_the_phase(
    wire: Wire, tenant: LiveServer, phase: str, field: str | None, *, bearer: bool
) -> None:
    if phase == "basic":
        with LiveServer(phase="basic") as server:
            headers = {} if field is None else {"Authorization": field}
            answer = requests.get(f"{server.url}/Users", headers=headers, timeout=10)
    else:
        tenant.hook("phase.set", phase=phase)
        answer = wire("GET", "/Users", Authorization=field)
    assert answer.status_code == 401
    assert answer.json()["status"] == "401"
    assert challenges(answer) == SCHEMES[phase]
    assert ('error="invalid_token"' in answer.headers["WWW-Authenticate"]) == (bearer and phase != "basic")


def test_doubled_and_disagreeing_credentials_are_401(wire: Wire, tenant: LiveServer) -> None:
    token = f"Bearer {tenant.token}"
    assert wire("GET", "/Users", X_Samanage_Authorization=token).status_code == 200
    assert wire("GET", "/Users", X_Samanage_Authorization="Bearer other").status_code == 401
    assert wire("GET", "/Users", Authorization=f"{token}, {token}").status_code == 401


def test_expired_reset_and_disabled_credentials_are_dead_at_once(wire: Wire, tenant: LiveServer) -> None:
    for action in ("expire", "reset", "disable"):
        account = tenant.hook("account.create")
        known = tenant.hook("credential.list", account=account["account"])["credentials"]
        token = next(each["id"] for each in known if each["kind"] == "token")
        tenant.hook(f"credential.{action}", account=account["account"], credential=token)
        assert wire("GET", "/Users", Authorization=f"Bearer {account['token']}").status_code == 401
        assert wire("GET", "/Users", Authorization=basic(account["username"], account["password"])).status_code == 200


def test_the_credential_decides_the_account(wire: Wire, tenant: LiveServer) -> None:
    other = tenant.hook("account.create")
    user = tenant.user()
    assert wire("GET", f"/Users/{user['id']}", Authorization=f"Bearer {other['token']}").status_code == 404
    assert wire("GET", "/Users", Authorization=f"Bearer {other['token']}").json()["totalResults"] == 1


def test_a_plan_below_professional_is_403_and_says_so(wire: Wire, tenant: LiveServer) -> None:
    other = tenant.hook("account.create", plan="business")
    answer = wire("GET", "/Users", Authorization=f"Bearer {other['token']}")
    assert answer.status_code == 403
    assert "business" in answer.json()["detail"]


def test_a_failed_authentication_performs_nothing(wire: Wire, tenant: LiveServer) -> None:
    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "mara@example.com"}
    assert wire("POST", "/Users", body, Authorization="Bearer wrong").status_code == 401
    assert tenant.users('userName eq "mara@example.com"') == []
