"""The control API over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_samanage.testing import LiveServer

Control = Callable[..., requests.Response]


def new_account(control: Control, **wishes: Any) -> dict[str, Any]:
    answer = control("POST", "/accounts", wishes)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def users_of(account: dict[str, Any], **fields: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {account['token']}", **fields}
    return requests.get(f"{account['url']}/Users", headers=headers, timeout=10)


def test_a_new_account_is_served_at_its_url(control: Control, tenant: LiveServer) -> None:
    account = new_account(control, name="acme", phase="transition", quirks={"mounts": "bare"}, filterable=["userName"])
    assert set(account) == {"account", "token", "username", "password", "url", "control"}
    assert account["url"] == tenant.url.removesuffix("/scim/v2")
    assert account["control"] == tenant.control
    assert users_of(account).json()["totalResults"] == 1
    shown = control("GET", "/accounts/acme").json()
    assert (shown["phase"], shown["filterable"], shown["quirks"]["mounts"]) == ("transition", ["userName"], "bare")
    assert [each["account"] for each in control("GET", "/accounts").json()["accounts"]] == [tenant.account, "acme"]


def test_a_deleted_account_is_gone(control: Control) -> None:
    account = new_account(control)
    assert control("DELETE", f"/accounts/{account['account']}").status_code == 200
    assert users_of(account).status_code == 401
    assert control("GET", f"/accounts/{account['account']}").status_code == 404


def test_a_reset_gives_back_the_first_state(control: Control, tenant: LiveServer) -> None:
    tenant.user()
    control("PUT", f"/accounts/{tenant.account}/phase", {"phase": "token"})
    control("POST", f"/accounts/{tenant.account}/reset")
    assert len(tenant.users()) == 1
    assert control("GET", f"/accounts/{tenant.account}/phase").json() == {"phase": "transition"}


def test_a_snapshot_can_be_put_back(control: Control, tenant: LiveServer) -> None:
    path = f"/accounts/{tenant.account}/snapshot"
    user = tenant.user()
    taken = control("POST", path).json()
    tenant.user()
    assert control("PUT", path, taken).status_code == 200
    assert [each["id"] for each in tenant.users()] == ["1", user["id"]]
    assert control("PUT", path, {"nonsense": 1}).status_code == 400


def test_seeding_adds_people_and_groups(control: Control, tenant: LiveServer) -> None:
    assert control("POST", f"/accounts/{tenant.account}/seed", {"users": 7, "seed": 3}).status_code == 200
    assert tenant.get("/Users")["totalResults"] == 8
    assert tenant.get("/Groups")["totalResults"] > 0


def test_phases_only_move_forward(control: Control, tenant: LiveServer) -> None:
    path = f"/accounts/{tenant.account}/phase"
    assert control("PUT", path, {"phase": "token"}).json() == {"phase": "token"}
    backwards = control("PUT", path, {"phase": "basic"})
    assert (backwards.status_code, list(backwards.json())) == (409, ["error"])


def test_credentials_are_made_listed_and_changed(control: Control) -> None:
    account = new_account(control)
    path = f"/accounts/{account['account']}/credentials"
    made = control("POST", path, {"kind": "token"}).json()
    assert users_of({**account, **made}).status_code == 200
    assert control("PATCH", f"{path}/{made['credential']}", {"action": "expire"}).status_code == 200
    assert users_of({**account, **made}).status_code == 401
    again = control("PATCH", f"{path}/{made['credential']}", {"action": "reset"}).json()
    assert users_of({**account, **again}).status_code == 200
    assert control("PATCH", f"{path}/{made['credential']}", {"action": "disable"}).status_code == 200
    states = {each["id"]: each["state"] for each in control("GET", path).json()["credentials"]}
    assert states[made["credential"]] == "disabled"
    assert control("PATCH", f"{path}/{made['credential']}", {"action": "burn"}).status_code == 400
    assert control("PATCH", f"{path}/nothing", {"action": "expire"}).status_code == 404


def test_quirks_filterable_and_clock_are_set_and_shown(control: Control, tenant: LiveServer) -> None:
    base = f"/accounts/{tenant.account}"
    assert control("PATCH", f"{base}/quirks", {"quirks": {"mounts": "prefixed"}}).status_code == 200
    assert control("GET", f"{base}/quirks").json()["quirks"]["mounts"] == "prefixed"
    assert control("PUT", f"{base}/filterable", {"filterable": ["emails.value"]}).json() == {
        "filterable": ["emails.value"]
    }
    assert control("GET", f"{base}/filterable").json() == {"filterable": ["emails.value"]}
    before = control("GET", f"{base}/clock").json()["now"]
    assert control("POST", f"{base}/clock", {"seconds": 86_400}).json()["now"][:10] > before[:10]
    assert control("POST", f"{base}/clock", {"seconds": -1}).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/nope", None, 404),
        ("PUT", "/accounts", None, 405),
        ("POST", "/accounts", {"name": "Not A Name"}, 400),
        ("POST", "/accounts", {"name": "samanage"}, 409),
        ("POST", "/accounts", {"phase": "later"}, 400),
        ("POST", "/accounts", {"nonsense": 1}, 400),
        ("POST", "/accounts", [1], 400),
        ("POST", "/hooks", {}, 400),
        ("POST", "/hooks", {"hook": 5}, 400),
        ("POST", "/hooks", {"hook": "no.such"}, 404),
        ("POST", "/hooks", {"hook": "journal.read", "account": "none"}, 404),
        ("PATCH", "/accounts/samanage/quirks", {"quirks": {"nope": "x"}}, 400),
        ("PATCH", "/accounts/samanage/quirks", {"quirks": 5}, 400),
        ("PUT", "/accounts/samanage/filterable", {"filterable": ["password"]}, 400),
        ("POST", "/accounts/samanage/seed", {"users": "many"}, 400),
        ("GET", "/accounts/samanage/journal?status=x", None, 400),
        ("GET", "/accounts/samanage/journal?since=yesterday", None, 400),
    ],
)
def test_what_is_wrong_is_said_in_one_member(control: Control, method: str, path: str, body: Any, status: int) -> None:
    answer = control(method, path, body)
    assert answer.status_code == status, answer.text
    assert list(answer.json()) == ["error"]


def test_a_body_that_is_no_json_is_400(tenant: LiveServer) -> None:
    answer = requests.post(f"{tenant.control}/accounts", data=b"{", timeout=10)
    assert (answer.status_code, answer.json()) == (400, {"error": "The body is not JSON."})


def test_every_hook_runs_over_http(control: Control, tenant: LiveServer) -> None:
    def hook(name: str, /, **arguments: Any) -> dict[str, Any]:
        answer = control("POST", "/hooks", {"hook": name, **arguments})
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    made = hook("account.create", name="hooked")
    assert made["url"] == tenant.url
    token = hook("credential.create", account="hooked", kind="token")["credential"]
    assert token in [each["id"] for each in hook("credential.list", account="hooked")["credentials"]]
    hook("credential.expire", account="hooked", credential=token)
    assert hook("credential.reset", account="hooked", credential=token)["token"]
    assert hook("phase.set", account="hooked", phase="token") == {"phase": "token"}
    assert hook("filterable.set", account="hooked", attributes="all") == {"filterable": "all"}
    assert hook("clock.advance", account="hooked", seconds=5)["now"]
    assert users_of(made).status_code == 200
    assert '"method": "GET"' in hook("journal.read", account="hooked")["text"]
    hook("owner.disable", account="hooked")
    assert users_of(made).status_code == 401
    assert hook("account.delete", account="hooked") == {}


def test_the_openapi_document_names_exactly_the_routes(control: Control, tenant: LiveServer) -> None:
    document = control("GET", "/openapi.json").json()
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    application = tenant.live.control
    routed = {
        (method, rule.rule.replace("<", "{").replace(">", "}"))
        for rule in application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD"}
    }
    assert described == routed
