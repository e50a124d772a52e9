"""The credentials of an account: what a connector is given in a step, and the judge's own."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.connector.control import Control
from conformance.connector.model import Credentials
from conformance.redaction import Redactor

TOKEN, USERNAME, PASSWORD = "SAMANAGE_TOKEN", "SAMANAGE_USERNAME", "SAMANAGE_PASSWORD"
_GIVEN = {
    Credentials.TOKEN: (TOKEN,),
    Credentials.PASSWORD: (USERNAME, PASSWORD),
    Credentials.BOTH: (TOKEN, USERNAME, PASSWORD),
    Credentials.NEW_TOKEN: (TOKEN,),
    Credentials.EXPIRED: (TOKEN, USERNAME, PASSWORD),
}


@dataclass(slots=True)
class AccountCredentials:
    """The administrator's e-mail, password and token, as they are now; a token is made when one is first asked for."""

    control: Control
    account: str
    username: str
    password: str
    token: str = ""
    redactor: Redactor = field(default_factory=Redactor)
    _credential: str = ""
    _own: str = ""

    @classmethod
    def of(cls, control: Control, made: Mapping[str, Any]) -> AccountCredentials:
        """The credentials in the answer of account.create."""
        credentials = cls(control, str(made["account"]), str(made["username"]), str(made["password"]))
        credentials.redactor.add_basic(credentials.username, credentials.password)
        if made.get("token"):
            listed = control.hook("credential.list", account=credentials.account)["credentials"]
            credentials._credential = next(each["id"] for each in listed if each["kind"] == "token")
            credentials._keep(str(made["token"]))
        return credentials

    def given(self, credentials: Credentials) -> dict[str, str]:
        """The environment variables of a step, by name; NEW_TOKEN and EXPIRED change the token before."""
        names = _GIVEN[credentials]
        if TOKEN in names and not self.token:
            self._make()
        elif credentials is Credentials.NEW_TOKEN:
            self._keep(self._call("credential.reset")["token"])
        if credentials is Credentials.EXPIRED:
            self._call("credential.expire")
        values = {TOKEN: self.token, USERNAME: self.username, PASSWORD: self.password}
        return {name: values[name] for name in names}

    def own(self) -> str:
        """The Authorization field of the judge's own requests: a token of its own, the password where there is none."""
        if not self._own and self.control.account("GET", self.account, "phase")["phase"] == "basic":
            return f"Basic {b64encode(f'{self.username}:{self.password}'.encode()).decode()}"
        if not self._own:
            self._own = self.control.hook("credential.create", account=self.account, kind="token")["token"]
            self.redactor.add(self._own)
        return f"Bearer {self._own}"

    def _make(self) -> None:
        made = self.control.hook("credential.create", account=self.account, kind="token")
        self._credential = made["credential"]
        self._keep(made["token"])

    def _call(self, hook: str) -> dict[str, Any]:
        return self.control.hook(hook, account=self.account, credential=self._credential)

    def _keep(self, token: str) -> None:
        self.token = token
        self.redactor.add(token)
