"""A tiny SCIM server on a real port, right in what it does, with switches for what a test wants broken."""

from __future__ import annotations

import itertools
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
TOKEN = "tiny-token-0001"

Reply = tuple[int, Any, dict[str, str]]


@dataclass(slots=True)
class Tiny:
    """The server's state; `drops` is a path that gets no answer, `dead` ends all answers, `busy` counts 429s.

    `bulk` is what becomes of a bulk job: works, lies (says that it deleted), refuses (each operation with 403) or
    babbles (answers no results); empty where none is offered. `jobs` are the sizes of the jobs that came.
    """

    url: str = ""
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    config: dict[str, Any] = field(
        default_factory=lambda: {"patch": {"supported": False}, "filter": {"supported": True}}
    )
    drops: str = ""
    dies_at: str = ""
    dead: bool = False
    busy: int = 0
    crashes: str = ""
    html: bool = False
    undeletable: bool = False
    bulk: str = ""
    jobs: list[int] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    hooks: dict[str, Any] = field(default_factory=dict)
    made: threading.Event = field(default_factory=threading.Event)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def reply(self, method: str, target: str, headers: Any, body: bytes) -> Reply | None:
        """The answer to one request, None to cut the connection."""
        path, query = unquote(urlsplit(target).path), parse_qs(urlsplit(target).query)
        self.requests.append(f"{method} {target}")
        if self.dies_at and path == self.dies_at:
            self.dead = True
        if self.dead or (self.drops and path == self.drops):
            return None
        if path == "/hooks":
            return self._hook(json.loads(body))
        if self.busy:
            self.busy -= 1
            return 429, {"schemas": [ERROR], "status": "429"}, {"Retry-After": "0"}
        if self.crashes and path == self.crashes:
            return 500, {"schemas": [ERROR], "status": "500"}, {}
        if self.html:
            return 200, "<html>not SCIM</html>", {"Content-Type": "text/html"}
        if path == "/ServiceProviderConfig":
            offered = {"bulk": {"supported": True, "maxOperations": 5, "maxPayloadSize": 400}} if self.bulk else {}
            return 200, {"schemas": [CONFIG], **self.config, **offered}, {}
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return (
                401,
                {"schemas": [ERROR], "status": "401", "detail": "no right token"},
                {"WWW-Authenticate": "Bearer"},
            )
        if path == "/Bulk" and self.bulk:
            return self._job(body)
        return self._users(method, path, query, body)

    def _job(self, body: bytes) -> Reply:
        operations = json.loads(body)["Operations"]
        self.jobs.append(len(operations))
        if len(operations) > 5 or len(body) > 400:
            return 413, {"schemas": [ERROR], "status": "413"}, {}
        results = [{"method": "DELETE", "status": self._deletion(each["path"])} for each in operations]
        placed = [{**each, "location": self.url + sent["path"]} for each, sent in zip(results, operations, strict=True)]
        answers = {"babbles": {}, "works": {"Operations": placed}}
        return 200, answers.get(self.bulk, {"Operations": results}), {}

    def _deletion(self, path: str) -> str:
        if self.bulk == "works" and not self.undeletable:
            return "404" if self.users.pop(path.removeprefix("/Users/"), None) is None else "204"
        return "204" if self.bulk == "lies" else "403"

    def _users(self, method: str, path: str, query: dict[str, list[str]], body: bytes) -> Reply:
        if path == "/Users" and method == "GET":
            return self._list(query)
        if path == "/Users" and method == "POST":
            return self._create(json.loads(body))
        found = self.users.get(path.removeprefix("/Users/"))
        if found is None:
            return 404, {"schemas": [ERROR], "status": "404", "detail": "no such user"}, {}
        if method == "DELETE" and not self.undeletable:
            del self.users[found["id"]]
            return 204, None, {}
        return (200, found, {}) if method == "GET" else (403, {"schemas": [ERROR], "status": "403"}, {})

    def _create(self, document: dict[str, Any]) -> Reply:
        if any(user["userName"] == document.get("userName") for user in self.users.values()):
            return 409, {"schemas": [ERROR], "status": "409", "scimType": "uniqueness"}, {}
        identifier = str(next(self.ids))
        user = {**document, "id": identifier}
        self.users[identifier] = user
        self.made.set()
        return 201, user, {"Location": f"{self.url}/Users/{identifier}"}

    def _list(self, query: dict[str, list[str]]) -> Reply:
        wanted = re.fullmatch(r'userName (eq|sw) "(.*)"', query.get("filter", [""])[0])
        found = [user for user in self.users.values() if not wanted or _fits(str(user["userName"]), *wanted.groups())]
        return 200, {"schemas": [LIST], "totalResults": len(found), "Resources": found}, {}

    def _hook(self, document: dict[str, Any]) -> Reply:
        answer = self.hooks.get(document["hook"])
        if answer is None:
            return 404, {"error": f"There is no hook {document['hook']!r}."}, {}
        return (200, answer, {}) if "error" not in answer else (409, answer, {})


def _fits(name: str, operator: str, value: str) -> bool:
    return name == value if operator == "eq" else name.startswith(value)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    tiny: Tiny

    def handle_one(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        reply = self.tiny.reply(self.command, self.path, self.headers, body)
        if reply is None:
            self.close_connection = True
            return
        status, document, headers = reply
        content = (
            b"" if document is None else (document if isinstance(document, str) else json.dumps(document)).encode()
        )
        self.send_response(status)
        for name, value in {"Content-Type": "application/scim+json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
        pass


@contextmanager
def serving(tiny: Tiny | None = None) -> Iterator[Tiny]:
    """The server answers on a free port as long as the context."""
    state = tiny or Tiny()
    methods = {f"do_{method}": _Handler.handle_one for method in ("GET", "POST", "PUT", "PATCH", "DELETE")}
    handler = type("Handler", (_Handler,), {"tiny": state, **methods})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
