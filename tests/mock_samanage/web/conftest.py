"""One live tenant for the tests of the wire, reset before each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from mock_samanage.testing import LiveServer

Wire = Callable[..., requests.Response]


@pytest.fixture(scope="session")
def live() -> Iterator[LiveServer]:
    with LiveServer() as server:
        yield server


@pytest.fixture
def tenant(live: LiveServer) -> LiveServer:
    live.reset()
    return live


@pytest.fixture
def wire(tenant: LiveServer) -> Iterator[Wire]:
    """Sends one authorised request over HTTP: method, path below the SCIM base, body, further header fields.

    A field given as None is not sent.
    """
    with requests.Session() as session:
        session.trust_env = False

        def send(
            method: str, path: str, body: Any = None, *, base: str = "", **fields: str | None
        ) -> requests.Response:
            headers: dict[str, str | None] = {**tenant.headers, "Accept": None}
            headers |= {name.replace("_", "-"): value for name, value in fields.items()}
            data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
            if data is not None:
                headers.setdefault("Content-Type", "application/scim+json")
            return session.request(method, (base or tenant.url) + path, data=data, headers=headers, timeout=10)

        yield send


@pytest.fixture
def control(tenant: LiveServer) -> Iterator[Wire]:
    """Sends one request to the control API: method, path, JSON body."""
    with requests.Session() as session:
        session.trust_env = False

        def send(method: str, path: str, body: Any = None, **fields: str) -> requests.Response:
            headers = {name.replace("_", "-"): value for name, value in fields.items()}
            return session.request(method, tenant.control + path, json=body, headers=headers, timeout=10)

        yield send
