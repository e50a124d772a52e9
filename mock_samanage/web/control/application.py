"""The routes of the control API, below `/_control`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from mock_samanage.scim.numbers import ExactEncoder
from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.clock import moment
from mock_samanage.tenant.errors import TenantError
from mock_samanage.tenant.tenant import Tenant
from mock_samanage.web.control.bodies import Body, journal_filter, read_object, wanted_member, whole_number
from mock_samanage.web.control.errors import ControlError
from mock_samanage.web.control.faults import FaultViews
from mock_samanage.web.control.guard import Guard
from mock_samanage.web.control.hooks import Hooks
from mock_samanage.web.control.journal import checked_format, journal_answer
from mock_samanage.web.journal.journal import Journal

logger = logging.getLogger(__name__)

PREFIX = "/_control"
ACCOUNT = f"{PREFIX}/accounts/<name>"


class ControlApplication(Flask):
    """Answers JSON objects; everything refused is `{"error": text}`.

    `guard` is set once the listener has its port; until then nothing is refused.
    """

    def __init__(self, tenant: Tenant, journal: Journal, hooks: Hooks) -> None:
        super().__init__("mock_samanage.control", static_folder=None)
        self.tenant = tenant
        self.journal = journal
        self.hooks = hooks
        self.faults = FaultViews(hooks.faults, body)
        self.guard: Guard | None = None
        self.json.sort_keys = False  # type: ignore[attr-defined]  # a setting of Flask's default provider
        self.url_map.strict_slashes = False
        self.before_request(self._check)
        self.register_error_handler(Exception, _refusal)
        for method, path, view in self._routes():
            options: dict[str, Any] = {"methods": [method], "provide_automatic_options": False}
            self.add_url_rule(path, f"{method} {path}", view, **options)

    def _routes(self) -> list[tuple[str, str, Callable[..., Any]]]:
        return [
            ("GET", PREFIX, self.index),
            ("GET", f"{PREFIX}/openapi.json", openapi),
            ("POST", f"{PREFIX}/hooks", self.hook),
            ("GET", f"{PREFIX}/accounts", self.list_accounts),
            ("POST", f"{PREFIX}/accounts", self.create_account),
            ("GET", ACCOUNT, self.show_account),
            ("DELETE", ACCOUNT, self.delete_account),
            ("POST", f"{ACCOUNT}/reset", self.reset_account),
            ("POST", f"{ACCOUNT}/seed", self.seed_account),
            ("POST", f"{ACCOUNT}/snapshot", self.take_snapshot),
            ("PUT", f"{ACCOUNT}/snapshot", self.put_snapshot),
            ("GET", f"{ACCOUNT}/credentials", self.list_credentials),
            ("POST", f"{ACCOUNT}/credentials", self.create_credential),
            ("PATCH", f"{ACCOUNT}/credentials/<credential>", self.change_credential),
            ("GET", f"{ACCOUNT}/phase", self.show_phase),
            ("PUT", f"{ACCOUNT}/phase", self.set_phase),
            ("GET", f"{ACCOUNT}/quirks", self.show_quirks),
            ("PATCH", f"{ACCOUNT}/quirks", self.set_quirks),
            ("GET", f"{ACCOUNT}/filterable", self.show_filterable),
            ("PUT", f"{ACCOUNT}/filterable", self.set_filterable),
            ("GET", f"{ACCOUNT}/clock", self.show_clock),
            ("POST", f"{ACCOUNT}/clock", self.advance_clock),
            ("GET", f"{ACCOUNT}/journal", self.read_journal),
            ("DELETE", f"{ACCOUNT}/journal", self.clear_journal),
            ("GET", f"{ACCOUNT}/faults", self.faults.show),
            ("PUT", f"{ACCOUNT}/faults", self.faults.put),
            ("POST", f"{ACCOUNT}/faults", self.faults.post),
            ("DELETE", f"{ACCOUNT}/faults", self.faults.delete),
        ]

    def _check(self) -> None:
        if self.guard is not None:
            self.guard.check(dict(request.headers))

    def _described(self, account: AccountView) -> Body:
        settings = account.settings
        return {
            "account": account.name,
            "url": self.hooks.url_of(account),
            "phase": account.phase,
            "preset": settings.preset,
            "plan": settings.plan,
            "region": settings.region,
            "schemas": settings.schemas,
            "filterable": _filterable(account),
            "quirks": dict(account.quirks),
            "roles": list(settings.roles),
            "departments": list(settings.departments),
            "sites": list(settings.sites),
            "now": moment(self.tenant.accounts.now(account)).isoformat(),
        }

    def index(self) -> Body:
        """Where things are."""
        return {"accounts": f"{PREFIX}/accounts", "hooks": f"{PREFIX}/hooks", "openapi": f"{PREFIX}/openapi.json"}

    def hook(self) -> Body:
        """Runs the hook the body names."""
        arguments = body()
        name = wanted_member(arguments, "hook")
        return self.hooks.run(name, {key: value for key, value in arguments.items() if key != "hook"})

    def list_accounts(self) -> Body:
        """Every account, the default one first."""
        return {"accounts": [self._described(account) for account in self.tenant.accounts.list()]}

    def create_account(self) -> tuple[Body, int]:
        """Makes an account; the answer is the only place that shows its secrets."""
        return self.hooks.run("account.create", body()), 201

    def show_account(self, name: str) -> Body:
        """One account."""
        return self._described(self.tenant.accounts.get(name))

    def delete_account(self, name: str) -> Body:
        """Removes an account with everything in it."""
        return self.hooks.run("account.delete", {"account": name})

    def reset_account(self, name: str) -> Body:
        """Puts an account back to the state it was made in, without faults."""
        self.hooks.faults.clear(name)
        return self._described(self.tenant.accounts.reset(name))

    def seed_account(self, name: str) -> Body:
        """Fills an account with people and groups."""
        wish = body()
        users, seed = whole_number(wish, "users", 100), whole_number(wish, "seed", 0)
        self.tenant.accounts.seed(name, users=users, seed=seed)
        return {"account": name, "users": users, "seed": seed}

    def take_snapshot(self, name: str) -> Response:
        """The whole account as one JSON object."""
        text = ExactEncoder().encode(self.tenant.accounts.snapshot(name))
        return Response(text, mimetype="application/json")

    def put_snapshot(self, name: str) -> Body:
        """Puts an account back to a snapshot."""
        return self._described(self.tenant.accounts.restore(name, body()))

    def list_credentials(self, name: str) -> Body:
        """The credentials, without secrets."""
        return self.hooks.run("credential.list", {"account": name})

    def create_credential(self, name: str) -> tuple[Body, int]:
        """Makes a credential and shows its secret."""
        return self.hooks.run("credential.create", {**body(), "account": name}), 201

    def change_credential(self, name: str, credential: str) -> Body:
        """Expires, resets or disables a credential: `{"action": …}`."""
        wish = body()
        action = wanted_member(wish, "action")
        if action not in {"expire", "reset", "disable"}:
            raise ControlError(400, f'"action" is expire, reset or disable, not {str(action)[:40]!r}.')
        return self.hooks.run(f"credential.{action}", {"account": name, "credential": credential})

    def show_phase(self, name: str) -> Body:
        """The auth phase."""
        return {"phase": self.tenant.accounts.get(name).phase}

    def set_phase(self, name: str) -> Body:
        """Moves the account to a later phase."""
        return self.hooks.run("phase.set", {**body(), "account": name})

    def show_quirks(self, name: str) -> Body:
        """The value of every quirk."""
        return {"quirks": dict(self.tenant.accounts.get(name).quirks)}

    def set_quirks(self, name: str) -> Body:
        """Sets the quirks named in the body, and leaves the others."""
        quirks = wanted_member(body(), "quirks")
        if not isinstance(quirks, dict):
            raise ControlError(400, '"quirks" is an object of names and values.')
        return {"quirks": dict(self.tenant.accounts.set_quirks(name, quirks).quirks)}

    def show_filterable(self, name: str) -> Body:
        """The filterable set."""
        return {"filterable": _filterable(self.tenant.accounts.get(name))}

    def set_filterable(self, name: str) -> Body:
        """Sets the filterable set: `{"filterable": [...]}` or `"all"`."""
        wish = body()
        attributes = wish["filterable"] if "filterable" in wish else wanted_member(wish, "attributes")
        return self.hooks.run("filterable.set", {"account": name, "attributes": attributes})

    def show_clock(self, name: str) -> Body:
        """The account's moment."""
        accounts = self.tenant.accounts
        return {"now": moment(accounts.now(accounts.get(name))).isoformat()}

    def advance_clock(self, name: str) -> Body:
        """Moves the account's clock forward: `{"seconds": n}`."""
        return self.hooks.run("clock.advance", {**body(), "account": name})

    def read_journal(self, name: str) -> Response:
        """The exchanges of the account, oldest first, and those that named no account."""
        self.tenant.accounts.get(name)
        form = checked_format(request.args.get("format", "json"))
        return journal_answer(self.journal.read(journal_filter(name, request.args)), form, self.hooks.origin)

    def clear_journal(self, name: str) -> Body:
        """Forgets the exchanges of the account."""
        self.tenant.accounts.get(name)
        self.journal.forget(name)
        return {}


def body() -> Body:
    """The JSON object the request carries; raises ControlError."""
    return read_object(request.get_data())


def openapi() -> Response:
    """The OpenAPI document of this API."""
    text = files(__package__).joinpath("openapi.json").read_text(encoding="utf-8")
    return Response(text, content_type="application/json")


def _filterable(account: AccountView) -> object:
    entries = account.settings.filterable
    return "all" if entries is None else list(entries)


def _refusal(error: Exception) -> tuple[Mapping[str, str], int, list[tuple[str, str]]]:
    if isinstance(error, ControlError):
        return {"error": error.text}, error.status, [*error.fields]
    if isinstance(error, TenantError):
        return {"error": error.text}, error.status, []
    if isinstance(error, HTTPException):
        allowed = getattr(error, "valid_methods", None)
        return (
            {"error": error.description or error.name},
            error.code or 400,
            [("Allow", ", ".join(allowed))] if allowed else [],
        )
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return {"error": "The server failed to handle this request; its log says why."}, 500, []
