"""The control API serves this machine under its own name, and nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from mock_samanage.testing import LiveServer
from mock_samanage.web.control.errors import ControlError
from mock_samanage.web.control.guard import Guard

Control = Callable[..., requests.Response]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", "127.0.0.1.evil.example:{port}", "x y"]
)
def test_a_foreign_host_is_refused(control: Control, tenant: LiveServer, host: str) -> None:
    port = tenant.control.split(":")[2].split("/")[0]
    answer = control("GET", "/accounts", Host=host.format(port=port))
    assert (answer.status_code, list(answer.json())) == (403, ["error"])


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://127.0.0.1:1", "null", "file://", "http://localhost"]
)
def test_a_foreign_origin_is_refused(control: Control, origin: str) -> None:
    assert control("POST", "/hooks", {"hook": "account.create"}, Origin=origin).status_code == 403


def test_the_listener_s_own_names_are_served(control: Control, tenant: LiveServer) -> None:
    port = tenant.control.split(":")[2].split("/")[0]
    for name in ("127.0.0.1", "localhost"):
        answer = control("GET", "/accounts", Host=f"{name}:{port}", Origin=f"http://{name}:{port}")
        assert answer.status_code == 200


def test_off_loopback_a_token_is_made_and_demanded() -> None:
    with LiveServer(control_host="0.0.0.0") as server:
        token = server.ready.control_token
        assert requests.get(f"{server.control}/accounts", timeout=10).status_code == 401
        for given, status in ((token, 200), ("wrong", 401)):
            headers = {"Authorization": f"Bearer {given}"}
            assert requests.get(f"{server.control}/accounts", headers=headers, timeout=10).status_code == status


def test_a_given_token_is_demanded_on_loopback_too() -> None:
    with LiveServer(control_token="swordfish") as server:
        assert requests.get(f"{server.control}/accounts", timeout=10).headers["WWW-Authenticate"].startswith("Bearer")
        headers = {"Authorization": "bearer swordfish"}
        assert requests.get(f"{server.control}/accounts", headers=headers, timeout=10).status_code == 200


def test_a_listener_on_every_address_takes_addresses_and_its_own_name_only() -> None:
    guard = Guard("0.0.0.0", 8081)
    guard.check({"Host": "10.1.2.3:8081"})
    guard.check({"Host": "localhost:8081"})
    with pytest.raises(ControlError):
        guard.check({"Host": "evil.example:8081"})
    Guard("tenant.test", 80).check({"Host": "tenant.test"})
