"""The SCIM application: every route, and what stands between a request and its handler."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import PathConverter

from mock_samanage.scim.errors import Forbidden, NotFound, ScimError, TooManyRequests, Unauthorized, Unavailable
from mock_samanage.scim.registry import ENDPOINTS
from mock_samanage.store import Busy
from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.quirks import MOUNTS
from mock_samanage.tenant.tenant import Tenant
from mock_samanage.web import bulk, discovery, me, resources
from mock_samanage.web.answer import Answer, error_answer, nothing_at, routing_error, undefined, unexpected
from mock_samanage.web.base_url import BaseUrl
from mock_samanage.web.call import Call, authorization, media_type_of
from mock_samanage.web.discovery import Discovery
from mock_samanage.web.edge import ACCOUNT_KEY, Edge
from mock_samanage.web.journal.entries import RAN_KEY
from mock_samanage.web.journal.journal import Journal
from mock_samanage.web.parameters import query_parameters

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from mock_samanage.web.faults.faults import Faults

logger = logging.getLogger(__name__)

Handler = Callable[..., Answer]
View = Callable[..., Answer]
Rule = tuple[str, Mapping[str, Handler]]

MEMBER = "/<resource:resource_id>"
TYPES = {"/Users": "User", "/Groups": "Group"}
LABORATORY = {endpoint: name for name, endpoint in ENDPOINTS.items() if endpoint not in TYPES}
"""Types that only accounts for tests have; to others there is nothing at these paths."""

QUERIES: tuple[Rule, ...] = (
    ("/", {"GET": resources.list_all}),
    ("/.search", {"POST": resources.search_all}),
    ("/Bulk", {"POST": bulk.bulk}),
    ("/Me", {"GET": me.read, "POST": me.create, "PUT": me.replace, "PATCH": me.patch, "DELETE": me.delete}),
)
DISCOVERY: tuple[Rule, ...] = (
    ("/ServiceProviderConfig", {"GET": discovery.service_provider_config}),
    ("/Schemas", {"GET": discovery.schemas}),
    ("/Schemas/<path:uri>", {"GET": discovery.schema}),
    ("/ResourceTypes", {"GET": discovery.resource_types}),
    ("/ResourceTypes/<path:name>", {"GET": discovery.resource_type}),
)


def typed_rules(types: Mapping[str, str] = TYPES) -> list[Rule]:
    """The rules of collections, which differ in the type alone; they answer with a slash at the end too."""
    collection = {"GET": resources.list_one, "POST": resources.create}
    member = {"GET": resources.read, "PUT": resources.replace, "PATCH": resources.patch, "DELETE": resources.delete}
    rules: list[Rule] = []
    for endpoint, name in types.items():
        for path, handlers in (
            (endpoint, collection),
            (f"{endpoint}/", collection),
            (f"{endpoint}/.search", {"POST": resources.search_one}),
            (f"{endpoint}{MEMBER}", member),
        ):
            rules.append((path, {method: partial(handler, type_name=name) for method, handler in handlers.items()}))
    return rules


class ResourceId(PathConverter):
    """The rest of the path below a collection, whatever it is, but for the `.search` of RFC 7644 section 3.4.3."""

    regex = r"(?!\.search$)[^/].*?"


class Application(Flask):
    """SCIM over one tenant; `wsgi_app` is wrapped by the edge, `inner` is what it wraps.

    `unseen` is the same without journal and faults, for whoever runs the tenant rather than uses it.

    Requests on a collection or one of its resources go straight to their views, because Flask's routing and contexts
    take longer than reading a user does; all others, and everything that is an error there, take Flask's way.
    """

    response_class = Answer

    def __init__(
        self,
        tenant: Tenant,
        journal: Journal | None = None,
        base_url: BaseUrl | None = None,
        faults: Faults | None = None,
    ) -> None:
        super().__init__("mock_samanage", static_folder=None)
        self.tenant = tenant
        self.base_url = base_url or BaseUrl()
        self.url_map.merge_slashes = False
        self.url_map.converters["resource"] = ResourceId
        self.straight: dict[tuple[str, str, bool], View] = {}
        typed = typed_rules({**TYPES, **LABORATORY})
        for rules, admit in (((*QUERIES, *typed), self._admitted), (DISCOVERY, self._discovered)):
            for path, handlers in rules:
                for method, handler in handlers.items():
                    self._route(path, method, partial(admit, handler))
        self.register_error_handler(Exception, _answer_in_context)
        self.inner: WSGIApplication = self.wsgi_app
        self.unseen = Edge(self.inner)
        self.wsgi_app = Edge(self.inner, journal, faults)  # type: ignore[method-assign]  # Flask's documented way

    def _route(self, path: str, method: str, view: View) -> None:
        def from_flask(**arguments: str) -> Answer:
            return view(request.environ, **arguments)

        self.add_url_rule(path, f"{method} {path}", from_flask, methods=[method], provide_automatic_options=False)
        endpoint = path.removesuffix(MEMBER)
        if endpoint in TYPES or endpoint in LABORATORY:
            self.straight[method, endpoint, path.endswith(MEMBER)] = view

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One request, its mount already taken off the path."""
        path: str = environ["PATH_INFO"]
        at = path.find("/", 1)
        endpoint, resource_id = (path, "") if at < 0 else (path[:at], path[at + 1 :])
        view = self.straight.get((environ["REQUEST_METHOD"], endpoint, bool(resource_id)))
        if view is None or not (resource_id.isalnum() or resource_id == ""):
            if not environ["REQUEST_METHOD"].isupper():
                return error_answer(self._misspelt(environ["REQUEST_METHOD"], path))(environ, start_response)
            return super().wsgi_app(environ, start_response)
        try:
            answer = view(environ, resource_id=resource_id) if resource_id else view(environ)
        except Exception as error:  # noqa: BLE001 every error becomes an answer, faults of ours are logged there
            answer = answer_to(error, environ)
        return answer(environ, start_response)

    def _misspelt(self, method: str, path: str) -> ScimError:
        """The refusal of a method not in capitals: methods have case, which Flask ignores (RFC 9110 section 9.1)."""
        allowed = self.url_map.bind("").allowed_methods(path)
        return undefined(method, path, allowed) if allowed else nothing_at(path)

    def _admitted(self, handler: Handler, environ: WSGIEnvironment, **arguments: str) -> Answer:
        """Calls the handler for a request with a valid credential on a mount the account has."""
        principal = self.tenant.authenticate(authorization(environ))
        environ[ACCOUNT_KEY] = principal.account.name
        _check_mount(principal.account, environ["SCRIPT_NAME"])
        directory = self.tenant.directory(principal)
        base, media_type = self.base_url.of(environ), media_type_of(environ)
        environ[RAN_KEY] = True
        return handler(Call(environ, base, media_type, self.tenant, principal.owner.id, directory), **arguments)

    def _discovered(self, handler: Handler, environ: WSGIEnvironment, **arguments: str) -> Answer:
        """Calls a discovery handler: for the account of the credential if there is one, else for the default one."""
        account = self._account_of(environ)
        environ[ACCOUNT_KEY] = account.name
        _check_mount(account, environ["SCRIPT_NAME"])
        discovery.refuse_filter(query_parameters(environ.get("QUERY_STRING", "")))
        base, media_type = self.base_url.of(environ), media_type_of(environ)
        environ[RAN_KEY] = True
        return handler(Discovery(account.registry, self.tenant.schemes(account), base, media_type), **arguments)

    def _account_of(self, environ: Mapping[str, Any]) -> AccountView:
        try:
            return self.tenant.authenticate(authorization(environ)).account
        except (Unauthorized, Forbidden, TooManyRequests):
            account = self.tenant.accounts.default()
        if account is None:
            raise NotFound("This server has no account yet; make one with the control API.")
        return account


def _check_mount(account: AccountView, script_name: str) -> None:
    """Raises NotFound on a path prefix that the account's quirk `mounts` removes."""
    mounts = MOUNTS[account.quirks["mounts"]]
    if script_name not in mounts:
        shown = " and ".join(mount or "/" for mount in mounts)
        raise NotFound(f"SCIM is not at {script_name or '/'} in this account; it is at {shown}.")


def answer_to(error: Exception, environ: Mapping[str, Any]) -> Answer:
    """The answer to whatever was raised while a request was handled."""
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    if isinstance(error, ScimError):
        return error_answer(error)
    if isinstance(error, Busy):
        return error_answer(Unavailable("Another writer holds the store; try again.", (("Retry-After", "1"),)))
    if isinstance(error, HTTPException):
        return error_answer(routing_error(error, method, path))
    logger.error("%s %s failed", method, path, exc_info=error)
    return unexpected()


def _answer_in_context(error: Exception) -> Answer:
    return answer_to(error, request.environ)
