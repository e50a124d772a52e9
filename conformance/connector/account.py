"""The account that one scenario is played in: made, filled, watched and deleted through the control API."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

from conformance.connector.control import TIMEOUT_S, Control
from conformance.connector.credentials import AccountCredentials
from conformance.connector.model import Credentials, Scenario, State
from conformance.errors import UsageFault
from conformance.redaction import Redactor

URNS = {
    "User": "urn:ietf:params:scim:schemas:core:2.0:User",
    "Group": "urn:ietf:params:scim:schemas:core:2.0:Group",
}
_PLACE = re.compile(r"\{(user|group):([^{}]+)\}")


@dataclass(slots=True)
class Account:
    """A fresh account; `url` is its SCIM base URL, `administrator` the id of the user who owns its credentials."""

    control: Control
    name: str
    url: str
    credentials: AccountCredentials
    administrator: str = ""
    _session: requests.Session = field(default_factory=requests.Session)
    _faulty: bool = False

    @classmethod
    def open(cls, control: Control, scenario: Scenario) -> Account:
        """The account of a scenario, with what its tenant holds at the start; raises UsageFault."""
        made = control.hook("account.create", **scenario.settings)
        name = str(made["account"])
        account = cls(control, name, str(made["url"]), AccountCredentials.of(control, made))
        account._session.trust_env = False
        try:
            account.administrator = next(iter(account.state().users))
            for resource in scenario.tenant:
                account.create(resource)
        except BaseException:
            account.close()
            raise
        return account

    def close(self) -> None:
        """The account is gone with everything in it."""
        self._session.close()
        self.control.hook("account.delete", account=self.name)

    @property
    def origin(self) -> str:
        """Scheme, host and port of its SCIM base URL."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def redactor(self) -> Redactor:
        """Knows every secret the account has had."""
        return self.credentials.redactor

    def given(self, credentials: Credentials) -> dict[str, str]:
        """The environment variables of a step with such credentials, which are made what they have to be."""
        return self.credentials.given(credentials)

    def set_phase(self, phase: str) -> None:
        """Moves the account to a later phase; "" and the phase it is in change nothing."""
        if phase and self.control.account("GET", self.name, "phase")["phase"] != phase:
            self.control.account("PUT", self.name, "phase", {"phase": phase})

    def create(self, resource: Mapping[str, Any]) -> None:
        """One more resource of the tenant's own; `resource` says whether it is a User or a Group."""
        attributes = {key: value for key, value in self.filled(resource).items() if key != "resource"}
        kind = str(resource.get("resource", "User"))
        if kind not in URNS:
            raise UsageFault(f"a tenant holds resources User and Group, not {kind!r}")
        self.request("POST", f"/{kind}s", {"schemas": [URNS[kind]], **attributes})

    def request(self, method: str, path: str, body: Any = None) -> None:
        """A SCIM request of somebody else than the connector; `{user:NAME}` and `{group:NAME}` in it become ids."""
        answer = self._session.request(
            method.upper(),
            self.url + self.filled(path),
            json=self.filled(body),
            headers={"Authorization": self.credentials.own()},
            timeout=TIMEOUT_S,
        )
        if not answer.ok:
            raise UsageFault(f"the tenant refuses {method} {path} of the scenario: {answer.status_code} {answer.text}")

    def filled(self, value: Any) -> Any:
        """The value with ids of the tenant in the places of `{user:userName}` and `{group:displayName}`."""
        if isinstance(value, Mapping):
            return {key: self.filled(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.filled(inner) for inner in value]
        if isinstance(value, str) and _PLACE.search(value):
            state = self.state()
            return _PLACE.sub(lambda found: _identifier(state, found[1], found[2]), value)
        return value

    def set_faults(self, rules: Sequence[Mapping[str, Any]]) -> None:
        """The fault plan is these rules."""
        if rules:
            self.control.account("PUT", self.name, "faults", {"faults": self.filled(rules)})
        elif self._faulty:
            self.control.account("DELETE", self.name, "faults")
        self._faulty = bool(rules)

    def entries(self) -> list[dict[str, Any]]:
        """The journal, oldest first."""
        found: list[dict[str, Any]] = self.control.account("GET", self.name, "journal")
        return found

    def traffic(self) -> int:
        """A number that rises with every request."""
        newest = self.control.account("GET", self.name, "journal?limit=1")
        return int(newest[-1]["number"]) if newest else 0

    def forget(self) -> None:
        """The journal is empty."""
        self.control.account("DELETE", self.name, "journal")

    def state(self) -> State:
        """The people and groups of the account, read without a SCIM request."""
        users, groups = {}, {}
        for saved in self.control.account("POST", self.name, "snapshot")["resources"]:
            document = {**saved["document"], "id": saved["id"]}
            if saved["type"] == "Group":
                groups[saved["id"]] = {**document, "members": [{"value": id_} for id_ in saved.get("members", ())]}
            elif saved["type"] == "User":
                users[saved["id"]] = document
        return State(users, groups)


def _identifier(state: State, kind: str, name: str) -> str:
    resources, attribute = (state.users, "userName") if kind == "user" else (state.groups, "displayName")
    found = [id_ for id_, resource in resources.items() if str(resource.get(attribute)).casefold() == name.casefold()]
    if not found:
        raise UsageFault(f"the scenario names the {kind} {name!r}, and the tenant holds none")
    return found[0]
