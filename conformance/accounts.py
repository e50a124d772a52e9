"""Accounts of the target that a check may do anything with, made through the hooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.client import ScimClient
from conformance.errors import HookAbsent, HookRefused
from conformance.hooks import Hooks
from conformance.ledger import Ledger


@dataclass(frozen=True, slots=True)
class AccountHandle:
    """One account, with the credentials it was made with."""

    name: str
    url: str
    token: str | None
    username: str | None
    password: str | None
    hooks: Hooks
    base_client: ScimClient

    def client(self, headers: Mapping[str, str] | None = None) -> ScimClient:
        """A client of this account without credentials, with these header fields."""
        return self.base_client.anonymous().with_headers(headers or {})

    def bearer(self, token: str | None = None) -> ScimClient:
        """A client with the account's token, or with another one."""
        return self.base_client.bearer(token or self.token or "")

    def basic(self, username: str | None = None, password: str | None = None) -> ScimClient:
        """A client with the administrator's e-mail and password, or with another pair."""
        return self.base_client.basic(username or self.username or "", password or self.password or "")

    def hook(self, name: str, **arguments: Any) -> dict[str, Any]:
        """The answer of a hook on this account; secrets in it are redacted from then on. Raises HookRefused."""
        answer = self.hooks.call(name, account=self.name, **arguments)
        _remember(self.base_client, answer)
        return answer


@dataclass(slots=True)
class Accounts:
    """Makes accounts; `clear` deletes them again. Raises HookAbsent where the target offers no hooks."""

    client: ScimClient
    ledger: Ledger
    hooks: Hooks | None
    made: list[str] = field(default_factory=list)

    def create(self, **arguments: Any) -> AccountHandle:
        """A new account, from `account.create` with these arguments: phase, preset, plan, filterable, quirks."""
        if self.hooks is None:
            raise HookAbsent("the target offers no hook account.create")
        answer = self.hooks.call("account.create", **arguments)
        name, url = str(answer["account"]), str(answer["url"])
        self.ledger.account(name)
        self.made.append(name)
        _remember(self.client, answer)
        secrets = {key: answer.get(key) for key in ("token", "username", "password")}
        client = replace(self.client.at(url), fleeting=True)
        return AccountHandle(name=name, url=url, hooks=self.hooks, base_client=client, **secrets)

    def clear(self) -> None:
        """The accounts made here are deleted; what cannot be stays in the ledger."""
        while self.made and self.hooks is not None:
            name = self.made.pop()
            try:
                self.hooks.call("account.delete", account=name)
            except (HookRefused, HookAbsent):
                continue
            self.ledger.gone(name)


def _remember(client: ScimClient, answer: Mapping[str, Any]) -> None:
    redactor = client.transport.redactor
    if isinstance(answer.get("token"), str):
        redactor.add(answer["token"])
    if isinstance(answer.get("username"), str) and isinstance(answer.get("password"), str):
        redactor.add_basic(answer["username"], answer["password"])
    elif isinstance(answer.get("password"), str):
        redactor.add(answer["password"])
