"""openapi.yaml against the application: what every operation reads, answers and sends, and nothing besides.

Each operation meets every mishap there is; it answers with all the statuses of the document and with no other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import requests
import schemathesis
from schemathesis.openapi import from_path

from mock_samanage.app import create_app
from mock_samanage.store import Busy, Store
from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.ratelimit import RateCounter
from mock_samanage.tenant.tenant import Tenant
from mock_samanage.testing import LiveServer, client
from mock_samanage.web import application, call, parameters
from mock_samanage.web.application import LABORATORY
from mock_samanage.web.edge import BODY_LIMIT, URL_LIMIT
from tests.repo.tree import ROOT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

METHODS = {"get", "post", "put", "patch", "delete"}
TAKEN = "Taken"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
OF_THE_BODY = {"content-type", "content-length"}
"""Header fields of every answer with a body, which OpenAPI describes by `content`."""
PLUMBING = {"HTTP_HOST", "HTTP_CONNECTION", "HTTP_UPGRADE"}
"""Header fields of HTTP itself, read to route a request and to make URIs."""
CREDENTIALS = {"HTTP_AUTHORIZATION", "HTTP_X_SAMANAGE_AUTHORIZATION"}


@cache
def schema() -> schemathesis.BaseSchema:
    return from_path(ROOT / "openapi.yaml")


def resolved(node: Any) -> Any:
    """What a reference into the document refers to, anything else as it is."""
    while isinstance(node, dict) and "$ref" in node:
        found: Any = schema().raw_schema
        for name in node["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        node = found
    return node


@dataclass(frozen=True)
class Operation:
    """One operation of the document, and what is sent to it."""

    method: str
    path: str
    declared: dict[str, Any]
    query: str = ""
    body: Any = None
    headers: dict[str, str | None] = field(default_factory=dict)

    @property
    def statuses(self) -> set[int]:
        return set(map(int, self.declared["responses"]))

    @property
    def discovers(self) -> bool:
        return "Discovery" in self.declared["tags"]

    def parameters(self, where: str) -> set[str]:
        item = schema().raw_schema["paths"][self.path].get("parameters", [])
        every = [resolved(parameter) for parameter in (*item, *self.declared.get("parameters", ()))]
        return {parameter["name"] for parameter in every if parameter["in"] == where}

    def fields(self, status: int) -> set[str]:
        """The header fields an answer has by the document, in lower case."""
        answer = resolved(self.declared["responses"][str(status)])
        return {name.lower() for name in answer.get("headers", ())}

    @property
    def example(self) -> Any:
        """The first example of the body, None where there is no body."""
        content = resolved(self.declared.get("requestBody", {})).get("content", {})
        examples = content.get("application/scim+json", {}).get("examples", {"none": {"value": {}}})
        return next(iter(examples.values()))["value"] if content else None


def _operations() -> Iterator[tuple[str, Operation]]:
    for path, item in schema().raw_schema["paths"].items():
        for method in METHODS & item.keys():
            found = Operation(method.upper(), path, item[method])
            yield item[method]["operationId"], replace(found, body=found.example)


OPERATIONS = dict(_operations())


@dataclass(frozen=True)
class World:
    """A fresh tenant with somebody and something in it; what a mishap patches is whole again afterwards."""

    server: LiveServer
    app: WSGIApplication
    patch: pytest.MonkeyPatch
    ids: dict[str, str]

    def send(self, asked: Operation) -> requests.Response:
        path = asked.path
        for name, value in self._values(asked).items():
            path = path.replace(f"{{{name}}}", value)
        data = asked.body if isinstance(asked.body, bytes) else json.dumps(asked.body).encode()
        usual = {"Content-Type": "application/scim+json"} if asked.body is not None else {}
        with client(self.app, self.server.token) as session:  # type: ignore[arg-type]  # any WSGI application does
            return session.request(
                asked.method,
                path + asked.query,
                data=data if asked.body is not None else None,
                headers={**usual, **asked.headers},
            )

    def _values(self, asked: Operation) -> dict[str, str]:
        return {"id": self.ids.get(asked.path.split("/")[1], ""), "uri": USER, "name": "User", **self.ids}


@contextmanager
def world(server: LiveServer, app: WSGIApplication) -> Iterator[World]:
    server.reset()
    server.user(userName=TAKEN)
    server.group(TAKEN)
    user = server.user(emails=[{"value": "x@example.com", "type": "work"}])
    with pytest.MonkeyPatch.context() as patch:
        yield World(server, app, patch, {"Users": user["id"], "Groups": server.group("Mine")["id"]})


@pytest.fixture(scope="module")
def app(live: LiveServer) -> WSGIApplication:
    """The application without a journal, which would read every header field."""
    return create_app(live.tenant)


Mishap = Callable[[World, Operation], Operation]


def asking(**parts: Any) -> Mishap:
    """The request with these parts instead of its own."""
    return lambda _, asked: replace(asked, **parts)


def with_headers(**fields: str | None) -> Mishap:
    return asking(headers={name.replace("_", "-"): value for name, value in fields.items()})


def nobody(there: World, asked: Operation) -> Operation:
    for name in ("Users", "Groups", "uri", "name"):
        there.ids[name] = "nobody"
    return asked


def older(_: World, asked: Operation) -> Operation:
    return replace(asked, path=f"/v1{asked.path}")


def taken(_: World, asked: Operation) -> Operation:
    """The request gives a name that somebody else has."""
    if not isinstance(asked.body, dict):
        return asked
    name = "displayName" if asked.path.startswith("/Groups") else "userName"
    if asked.method == "PATCH":
        operations = [{"op": "replace", "path": name, "value": TAKEN}]
        return replace(asked, body={"schemas": [PATCH], "Operations": operations})
    return replace(asked, body={**asked.body, name: TAKEN})


def poor(there: World, asked: Operation) -> Operation:
    there.server.tenant.accounts.change(there.server.account, lambda present: replace(present, plan="starter"))
    return asked


def hurried(there: World, asked: Operation) -> Operation:
    there.server.tenant.accounts.set_quirks(there.server.account, {"rate-limit": "1000"})
    charge = RateCounter.charge
    there.patch.setattr(RateCounter, "charge", lambda self, account, _, now: charge(self, account, 0, now))
    return asked


def crowded(there: World, asked: Operation) -> Operation:
    def writing(_: Store) -> None:
        raise Busy("another process is writing")

    there.patch.setattr(Store, "writing", writing)
    return asked


def overtaken(there: World, asked: Operation) -> Operation:
    """Whoever asks is deleted after he was let in."""
    opened = Tenant.directory_of

    def directory_of(self: Tenant, account: AccountView, reader: str = "") -> Directory:
        directory = opened(self, account, reader)
        there.patch.setattr(Tenant, "directory_of", opened)
        there.server.request("DELETE", "/Me")
        return directory

    there.patch.setattr(Tenant, "directory_of", directory_of)
    return asked


MISHAPS: dict[str, Mishap] = {
    "none": asking(),
    "attributes asked for": asking(query="?attributes=displayName"),
    "two projections": asking(query="?attributes=id&excludedAttributes=meta"),
    "a filter": asking(query="?filter=id%20pr"),
    "a URL too long": asking(query="?x=" + "y" * URL_LIMIT),
    "another version of SCIM": older,
    "no such thing": nobody,
    "no credential": with_headers(Authorization=None),
    "a plan without provisioning": poor,
    "too many requests": hurried,
    "another writer": crowded,
    "deleted meanwhile": overtaken,
    "a client of pages": with_headers(Accept="text/html"),
    "a body of another type": with_headers(Content_Type="text/plain"),
    "a body without end": asking(body=b" " * (BODY_LIMIT + 1)),
    "no JSON": asking(body=b"{"),
    "a name that is taken": taken,
    "an old version": with_headers(If_Match='W/"0"'),
    "any version known": with_headers(If_None_Match="*"),
    "no list of versions": with_headers(If_Match="x"),
}


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_answers_with_the_statuses_and_header_fields_of_the_document(
    live: LiveServer, app: WSGIApplication, name: str
) -> None:
    operation = OPERATIONS[name]
    answered: dict[int, str] = {}
    for mishap, change in MISHAPS.items():
        with world(live, app) as there:
            answer = there.send(change(there, operation))
        assert answer.status_code in operation.statuses, f"{mishap}: {answer.status_code} {answer.text}"
        fields = {field.lower() for field in answer.headers} - OF_THE_BODY
        assert fields == operation.fields(answer.status_code), f"{mishap}: {answer.status_code}"
        schema()[operation.path][operation.method].validate_response(answer)
        answered[answer.status_code] = mishap
    assert answered.keys() == operation.statuses


class Noting(dict[str, Any]):
    """Notes which of its keys are asked for."""

    def __init__(self, known: dict[str, Any], seen: set[str]) -> None:
        super().__init__(known)
        self._seen = seen

    def __getitem__(self, key: str) -> Any:
        self._seen.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._seen.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._seen.add(key)
        return super().get(key, default)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_reads_the_query_parameters_of_the_document(
    live: LiveServer, app: WSGIApplication, name: str
) -> None:
    operation, seen, read = OPERATIONS[name], set[str](), parameters.query_parameters
    for query in ("", "?cursor="):
        with world(live, app) as there:
            for module in (call, application):
                there.patch.setattr(module, "query_parameters", lambda text: Noting(read(text), seen))
            there.send(replace(operation, query=query))
    refused = {"filter"} if operation.discovers else set()  # 403, the document says (RFC 7644 section 4)
    assert seen - refused == operation.parameters("query")


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_reads_the_header_fields_of_the_document(
    live: LiveServer, app: WSGIApplication, name: str
) -> None:
    operation, seen = OPERATIONS[name], set[str]()

    def noting(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return app(Noting(environ, seen), start_response)

    with world(live, noting) as there:
        there.send(operation)
    told = {f"HTTP_{field.upper().replace('-', '_')}" for field in operation.parameters("header")}
    # OpenAPI leaves Accept, Content-Type and Authorization to `content` and `security`; their refusals tell of them
    told |= CREDENTIALS | ({"HTTP_ACCEPT"} if 406 in operation.statuses else set())
    told |= {"CONTENT_TYPE", "HTTP_CONTENT_ENCODING"} if 415 in operation.statuses else set()
    read = {key for key in seen if key.startswith("HTTP_") or key == "CONTENT_TYPE"}
    assert read - PLUMBING == told


def test_the_document_leaves_out_what_the_default_account_has_not(tenant: LiveServer, app: WSGIApplication) -> None:
    for endpoint in LABORATORY:
        assert not [path for path in schema().raw_schema["paths"] if path.startswith(endpoint)]
        with client(app, tenant.token) as session:  # type: ignore[arg-type]  # any WSGI application does
            assert session.get(endpoint).status_code == 404
