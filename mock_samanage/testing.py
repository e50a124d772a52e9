"""A tenant for tests: the pytest fixture `samanage`, LiveServer, and a client without a network.

Loaded by pytest in every project that has this package installed, so nothing heavy is imported before it is used.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

import pytest

if TYPE_CHECKING:
    import requests

    from mock_samanage.instruments import FaultControl, JournalView
    from mock_samanage.judged import Judge, JudgedStep
    from mock_samanage.live import Live
    from mock_samanage.ready import Ready
    from mock_samanage.tenant.tenant import Tenant
    from mock_samanage.web.application import Application
    from mock_samanage.web.client import WsgiSession

USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_URN = "urn:ietf:params:scim:schemas:core:2.0:Group"


def client(app: Application, token: str | None = None) -> WsgiSession:
    """A requests session that calls the application directly; relative paths such as `/Users` are SCIM's."""
    from mock_samanage.web.client import WsgiSession  # noqa: PLC0415 requests is loaded when it is needed

    return WsgiSession(app, token)


class LiveServer:
    """A tenant on a real port of this machine, in this process; usable as a context manager.

    Takes the fields of `settings.Settings`; ports are free ones and data is in memory unless they say otherwise.
    `url` is the SCIM base URL, `control` the base of the control API.
    """

    def __init__(self, **settings: Any) -> None:
        self._wanted = {"port": 0, **settings}
        self._stack = ExitStack()
        self._live: Live | None = None
        self._numbers = itertools.count(1)
        self._judge: Judge | None = None

    def start(self) -> Self:
        """Starts the server; its attributes have values from now on."""
        from mock_samanage.live import start  # noqa: PLC0415 a project that never starts one does not pay for it
        from mock_samanage.settings import Settings  # noqa: PLC0415

        self._live = start(Settings(**self._wanted))
        return self

    def stop(self) -> None:
        """Stops the server; nothing of it is left."""
        self._forget_scenario()
        if self._live is not None:
            self._live.close.close()
            self._live = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    @property
    def live(self) -> Live:
        """The parts of the running server; RuntimeError before it is started."""
        if self._live is None:
            raise RuntimeError("the server is not running; use it as a context manager, or call start()")
        return self._live

    @property
    def ready(self) -> Ready:
        """Where it is and how to get in; while a scenario is played, to the scenario's account."""
        return self.live.ready if self._judge is None else replace(self.live.ready, **self._judge.guise)

    @property
    def tenant(self) -> Tenant:
        """The accounts behind the server."""
        return self.live.tenant

    @property
    def app(self) -> Application:
        """The WSGI application of SCIM, for `client`."""
        return self.live.app

    @property
    def url(self) -> str:
        """The SCIM base URL, such as `http://127.0.0.1:41001/scim/v2`."""
        return self.ready.url

    @property
    def token(self) -> str:
        """The administrator's secret token; RuntimeError in phase basic, which has none."""
        if self.ready.token is None:
            raise RuntimeError("an account made in phase basic has no token")
        return self.ready.token

    @property
    def username(self) -> str:
        """The administrator's e-mail."""
        return self.ready.username

    @property
    def password(self) -> str:
        """The administrator's password."""
        return self.ready.password or ""

    @property
    def account(self) -> str:
        """The name of the default account."""
        return self.ready.account

    @property
    def control(self) -> str:
        """The base URL of the control API."""
        return self.ready.control

    @property
    def faults(self) -> FaultControl:
        """The faults that requests meet, of the scenario's account while one is played: `.set(*rules)`, `.played()`."""
        from mock_samanage.instruments import FaultControl  # noqa: PLC0415 a test without faults does not pay for it

        return FaultControl(self.live, self.account)

    @property
    def journal(self) -> JournalView:
        """What was asked over the network and answered, oldest first; `.all(method="POST")`, `.clear()`, `.har()`."""
        from mock_samanage.instruments import JournalView  # noqa: PLC0415

        return JournalView(self.live, self.account)

    @property
    def headers(self) -> dict[str, str]:
        """The header fields of an authorised SCIM request."""
        return {"Authorization": f"Bearer {self.token}", "Accept": "application/scim+json"}

    def reset(self) -> None:
        """The server as it was started: the default account alone, with its first settings and credentials.

        Faults and journal are empty again.
        """
        self._forget_scenario()
        self.live.faults.clear_all()
        accounts = self.tenant.accounts
        for account in accounts.list():
            if account.name != self.account:
                accounts.delete(account.name)
        accounts.reset(self.account)
        self.live.journal.clear()
        self._numbers = itertools.count(1)

    def hook(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        """What a hook answers, for the default account unless `account` names another."""
        if name != "account.create":
            arguments.setdefault("account", self.account)
        return self.live.hooks.run(name, arguments)

    def request(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> requests.Response:
        """One authorised SCIM request without a network, faults and journal; `path` such as `/Users`."""
        from mock_samanage.web.client import WsgiSession  # noqa: PLC0415 requests is loaded when it is needed

        with WsgiSession(self.app.unseen, self.token) as session:
            return session.request(method, path, json=body)

    def user(self, **attributes: Any) -> dict[str, Any]:
        """A new user, given a unique userName and e-mail unless it has its own; raises on refusal."""
        name = attributes.setdefault("userName", f"user{next(self._numbers)}@example.com")
        attributes.setdefault("emails", [{"value": name, "type": "work", "primary": True}])
        return self._create("/Users", {"schemas": [USER_URN], **attributes})

    def group(self, name: str | None = None, *, members: tuple[str, ...] = ()) -> dict[str, Any]:
        """A new group with these ids as members; raises on refusal."""
        shown = name or f"Group {next(self._numbers)}"
        references = [{"value": member} for member in members]
        return self._create("/Groups", {"schemas": [GROUP_URN], "displayName": shown, "members": references})

    def scenario(self, name: str, *, source_format: str = "json") -> Iterator[JudgedStep]:
        """The steps of a scenario of `conformance connector --list`, or of a TOML file: run the connector in each.

        `for step in samanage.scenario("rename"): my_sync(step.source_path, samanage.url, samanage.token)`; url, token
        and the rest are those of the scenario's own account until the next `reset`.
        """
        return self._judging().scenario(name, source_format)

    def assert_conformant(self, *, strict: bool = False) -> None:
        """Fails unless the requests of the scenario that is played, else all so far, are those of a good connector.

        strict: a broken recommendation fails too.
        """
        __tracebackhide__ = True
        if complaint := self._judging().complaint(strict=strict):
            raise AssertionError(complaint)

    def _judging(self) -> Judge:
        if self._judge is None:
            from mock_samanage.judged import find_judge  # noqa: PLC0415 most tests judge nothing

            self._judge = find_judge(asdict(self.live.ready))
        return self._judge

    def _forget_scenario(self) -> None:
        if self._judge is not None:
            self._judge.close()
            self._judge = None

    def _create(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return _body(self.request("POST", path, body))

    def get(self, path: str) -> dict[str, Any]:
        """The JSON at a SCIM path, such as `/Users/7`; raises on refusal."""
        return _body(self.request("GET", path))

    def users(self, filter: str | None = None) -> list[dict[str, Any]]:
        """The first page of the users that match."""
        answer = _body(self.request("GET", "/Users" if filter is None else f"/Users?{urlencode({'filter': filter})}"))
        found: list[dict[str, Any]] = answer["Resources"]
        return found


def _body(answer: requests.Response) -> dict[str, Any]:
    if not answer.ok:
        raise ValueError(f"{answer.status_code}: {answer.text}")
    body: dict[str, Any] = answer.json()
    return body


@pytest.fixture(scope="session")
def samanage_server() -> Iterator[LiveServer]:
    """One tenant for the whole session."""
    with LiveServer() as server:
        yield server


@pytest.fixture
def samanage(samanage_server: LiveServer) -> LiveServer:
    """A Samanage tenant on a real port, fresh for each test: `.url`, `.token`, `.user()`, `.hook()`."""
    samanage_server.reset()
    return samanage_server
