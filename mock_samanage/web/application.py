"""The SCIM application: every route, and what stands between a request and its handler."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Flask, request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException

from mock_samanage.scim.errors import Forbidden, NotFound, ScimError, TooManyRequests, Unauthorized
from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.authentication import AuthorizationHeaders
from mock_samanage.tenant.quirks import MOUNTS
from mock_samanage.tenant.tenant import Tenant
from mock_samanage.web import discovery, resources
from mock_samanage.web.answer import Answer, error_answer, routing_error, unexpected
from mock_samanage.web.base_url import BaseUrl
from mock_samanage.web.call import Call, media_type_of
from mock_samanage.web.discovery import Discovery
from mock_samanage.web.edge import ACCOUNT_KEY, Edge
from mock_samanage.web.journal.journal import Journal
from mock_samanage.web.parameters import query_parameters

logger = logging.getLogger(__name__)

Handler = Callable[..., Answer]
Rule = tuple[str, Mapping[str, Handler]]

TYPES = {"/Users": "User", "/Groups": "Group"}

QUERIES: tuple[Rule, ...] = (
    ("/", {"GET": resources.list_all}),
    ("/.search", {"POST": resources.search_all}),
    ("/Bulk", {"POST": resources.bulk}),
    ("/Me", dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), resources.me)),
)
DISCOVERY: tuple[Rule, ...] = (
    ("/ServiceProviderConfig", {"GET": discovery.service_provider_config}),
    ("/Schemas", {"GET": discovery.schemas}),
    ("/Schemas/<path:uri>", {"GET": discovery.schema}),
    ("/ResourceTypes", {"GET": discovery.resource_types}),
    ("/ResourceTypes/<path:name>", {"GET": discovery.resource_type}),
)


def typed_rules() -> list[Rule]:
    """The rules of /Users and /Groups, which differ in the type alone; both answer with a slash at the end too."""
    collection = {"GET": resources.list_one, "POST": resources.create}
    member = {"GET": resources.read, "PUT": resources.replace, "PATCH": resources.patch, "DELETE": resources.delete}
    rules: list[Rule] = []
    for endpoint, name in TYPES.items():
        for path, handlers in (
            (endpoint, collection),
            (f"{endpoint}/", collection),
            (f"{endpoint}/.search", {"POST": resources.search_one}),
            (f"{endpoint}/<path:resource_id>", member),
        ):
            rules.append((path, {method: partial(handler, type_name=name) for method, handler in handlers.items()}))
    return rules


class Application(Flask):
    """SCIM over one tenant; `wsgi_app` is wrapped by the edge."""

    response_class = Answer

    def __init__(self, tenant: Tenant, journal: Journal | None = None, base_url: BaseUrl | None = None) -> None:
        super().__init__("mock_samanage", static_folder=None)
        self.tenant = tenant
        self.base_url = base_url or BaseUrl()
        self.url_map.merge_slashes = False
        for rules, admit in (((*QUERIES, *typed_rules()), self._admitted), (DISCOVERY, self._discovered)):
            for path, handlers in rules:
                for method, handler in handlers.items():
                    self._route(path, method, partial(admit, handler))
        self.register_error_handler(Exception, _answer_to)
        self.wsgi_app = Edge(self.wsgi_app, journal)  # type: ignore[method-assign]  # Flask's documented way

    def _route(self, path: str, method: str, view: Handler) -> None:
        self.add_url_rule(path, f"{method} {path}", view, methods=[method], provide_automatic_options=False)

    def _admitted(self, handler: Handler, **arguments: str) -> Answer:
        """Calls the handler for a request with a valid credential on a mount the account has."""
        environ = request_ctx.request.environ
        principal = self.tenant.authenticate(authorization(environ))
        environ[ACCOUNT_KEY] = principal.account.name
        _check_mount(principal.account, environ["SCRIPT_NAME"])
        directory = self.tenant.directory(principal)
        call = Call(environ, self.base_url.of(environ), media_type_of(environ), principal.account, directory)
        return handler(call, **arguments)

    def _discovered(self, handler: Handler, **arguments: str) -> Answer:
        """Calls a discovery handler: for the account of the credential if there is one, else for the default one."""
        environ = request_ctx.request.environ
        account = self._account_of(environ)
        environ[ACCOUNT_KEY] = account.name
        _check_mount(account, environ["SCRIPT_NAME"])
        discovery.refuse_filter(query_parameters(environ.get("QUERY_STRING", "")))
        base, media_type = self.base_url.of(environ), media_type_of(environ)
        return handler(Discovery(account.registry, self.tenant.schemes(account), base, media_type), **arguments)

    def _account_of(self, environ: Mapping[str, Any]) -> AccountView:
        try:
            return self.tenant.authenticate(authorization(environ)).account
        except (Unauthorized, Forbidden, TooManyRequests):
            account = self.tenant.accounts.default()
        if account is None:
            raise NotFound("This server has no account yet; make one with the control API.")
        return account


def authorization(environ: Mapping[str, Any]) -> AuthorizationHeaders:
    """The fields that may carry a credential, as they arrived."""
    return AuthorizationHeaders(environ.get("HTTP_AUTHORIZATION"), environ.get("HTTP_X_SAMANAGE_AUTHORIZATION"))


def _check_mount(account: AccountView, script_name: str) -> None:
    """Raises NotFound on a path prefix that the account's quirk `mounts` removes."""
    mounts = MOUNTS[account.quirks["mounts"]]
    if script_name not in mounts:
        shown = " and ".join(mount or "/" for mount in mounts)
        raise NotFound(f"SCIM is not at {script_name or '/'} in this account; it is at {shown}.")


def _answer_to(error: Exception) -> Answer:
    """The answer to whatever was raised while a request was handled."""
    if isinstance(error, ScimError):
        return error_answer(error)
    if isinstance(error, HTTPException):
        environ = request.environ
        return error_answer(routing_error(error, environ["REQUEST_METHOD"], environ["PATH_INFO"]))
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return unexpected()
