"""The faults of one process: each account's plan, and where it is played."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mock_samanage.scim.errors import Unavailable
from mock_samanage.servers.http1 import status_line
from mock_samanage.servers.threaded import SOCKET_KEY
from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.errors import Refused, TryAgain
from mock_samanage.tenant.tenant import Tenant
from mock_samanage.web.base_url import BaseUrl
from mock_samanage.web.call import authorization
from mock_samanage.web.edge import ACCOUNT_KEY
from mock_samanage.web.faults.matching import Ask, Plan
from mock_samanage.web.faults.plan import Rule
from mock_samanage.web.faults.playing import played
from mock_samanage.web.faults.replica import Replica
from mock_samanage.web.faults.reply import Occasion
from mock_samanage.web.journal.delivery import DELIVERY_KEY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Faults:
    """The fault plans of accounts, by name; `plans` is empty while there is nothing to play.

    `wire`: the server hands out its connections. `closed`: why this server takes no plan at all, "" if it does.
    """

    def __init__(self, tenant: Tenant, base_url: BaseUrl | None = None, *, wire: bool = True, closed: str = "") -> None:
        self.plans: dict[str, Plan] = {}
        self._tenant = tenant
        self._base_url = base_url
        self._wire = wire
        self._closed = closed
        self._lock = threading.Lock()

    def set(self, name: str, rules: Sequence[Rule]) -> None:
        """Puts a plan in the place of the account's present one; NoSuchThing, Refused."""
        self._check(name, rules)
        plan = Plan(rules, lambda: Replica(self._tenant, name, self._base_url))
        with self._lock:
            self._drop(name)
            if rules:
                self.plans[name] = plan

    def add(self, name: str, rule: Rule) -> None:
        """Adds a rule at the end of the account's plan; NoSuchThing, Refused."""
        self._check(name, [rule])
        with self._lock:
            plan = self.plans.get(name)
            if plan is not None:
                plan.add(rule)
                return
        self.set(name, [rule])

    def clear(self, name: str) -> None:
        """Drops the account's plan."""
        with self._lock:
            self._drop(name)

    def clear_all(self) -> None:
        """Drops every plan."""
        for name in list(self.plans):
            self.clear(name)

    def shown(self, name: str) -> list[dict[str, Any]]:
        """The rules of the account as they were given, with how often each matched and was played; NoSuchThing."""
        self._tenant.accounts.get(name)
        plan = self.plans.get(name)
        return plan.shown() if plan is not None else []

    def _drop(self, name: str) -> None:
        plan = self.plans.pop(name, None)
        if plan is not None:
            plan.close()

    def _check(self, name: str, rules: Sequence[Rule]) -> None:
        self._tenant.accounts.get(name)
        if self._closed and rules:
            raise Refused(self._closed)
        for rule in rules:
            if rule.wire and not self._wire:
                raise Refused(
                    f"A fault of the kind {rule.kind} works on the connection, which this server does not hand out; "
                    "start it with: mock-samanage serve --faults PLAN.toml."
                )

    def answer(self, app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        """Answers one request whose mount is off the path, with the fault that is due on it, if any."""
        begun = time.perf_counter_ns()
        account, credential = self._asked(environ)
        plan = self.plans.get(account.name) if account is not None else None
        part = plan.choose(Ask.of(environ), on_wire=SOCKET_KEY in environ) if plan is not None else None
        if plan is None or part is None or account is None:
            return list(app(environ, start_response))
        environ[ACCOUNT_KEY] = account.name
        replica = part.replica.app if part.replica is not None else None
        occasion = Occasion(part.rule, environ, app, self._tenant, account, credential, part.draws, replica)
        try:
            reply, delivery = played(occasion, begun)
        except TryAgain as busy:
            raise Unavailable(busy.text, (("Retry-After", "1"),)) from None
        if delivery is None:
            plan.give_back(part)
        else:
            environ[DELIVERY_KEY] = delivery
        start_response(status_line(reply.status), reply.fields)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [reply.body]

    def _asked(self, environ: WSGIEnvironment) -> tuple[AccountView | None, str | None]:
        """The account of the credential presented, valid or not, and the credential's id; else the default account."""
        found = self._tenant.presented(authorization(environ))
        return found if found is not None else (self._tenant.accounts.default(), None)
