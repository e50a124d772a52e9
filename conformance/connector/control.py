"""The control API of the tenant that a connector is judged in: JSON over HTTP, as any client of it."""

from __future__ import annotations

import json
from typing import Any, Self
from urllib.parse import quote

import requests

from conformance.errors import UsageFault

TIMEOUT_S = 60.0


class ControlRefused(UsageFault):
    """The control API refuses what it was asked for; the text is its own."""


class Control:
    """One control API, by its base URL; every call raises ControlRefused, or UsageFault where nothing answers."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def hook(self, name: str, **arguments: Any) -> dict[str, Any]:
        """The answer of a hook."""
        found: dict[str, Any] = self.call("POST", "/hooks", {"hook": name, **arguments})
        return found

    def account(self, method: str, name: str, below: str = "", body: Any = None) -> Any:
        """The JSON answer to a request for an account, or for what is `below` it, such as `faults`."""
        path = f"/accounts/{quote(name, safe='')}"
        return self.call(method, f"{path}/{below}" if below else path, body)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON answer to one request; `path` is below the base URL."""
        try:
            answer = self._session.request(method, self.url + path, json=body, timeout=TIMEOUT_S)
        except requests.RequestException as error:
            raise UsageFault(f"the control API at {self.url} does not answer: {error}") from error
        try:
            document = json.loads(answer.content or b"null")
        except ValueError as error:
            raise UsageFault(f"the control API at {self.url} answers no JSON to {method} {path}") from error
        if not answer.ok:
            told = document.get("error") if isinstance(document, dict) else None
            raise ControlRefused(f"{method} {path}: {told or answer.reason}")
        return document

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connections."""
        self._session.close()
