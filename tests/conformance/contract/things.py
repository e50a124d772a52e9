"""A tiny API with a document of its own, which the server keeps, but for the lies it is told to tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from typing import Any

TOKEN = "a-good-token"
LINK = {"parameters": {"id": "$response.body#/id"}}
JSON = "application/json"


def answer(schema: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    content = {"content": {JSON: {"schema": schema}}} if schema else {}
    return {"description": "An answer.", **content, **more}


def document() -> dict[str, Any]:
    thing = {
        "type": "object",
        "required": ["id", "name"],
        "additionalProperties": False,
        "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
    }
    made = answer(
        thing,
        headers={"X-Made": {"required": True, "schema": {"type": "string"}}},
        links={"Read": {"operationId": "read", **LINK}, "Remove": {"operationId": "remove", **LINK}},
    )
    body = {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 20, "pattern": "^[a-z]+$"}},
    }
    refusals = {"400": answer(), "401": answer(), "404": answer()}
    path = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "security": [{"bearer": []}],
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        "paths": {
            "/things": {
                "get": {
                    "operationId": "all",
                    "responses": {"200": answer({"type": "array", "items": thing}), **refusals},
                },
                "post": {
                    "operationId": "make",
                    "requestBody": {"required": True, "content": {JSON: {"schema": body}}},
                    "responses": {"201": made, **refusals},
                },
            },
            "/things/{id}": {
                "parameters": [path],
                "get": {"operationId": "read", "responses": {"200": answer(thing), **refusals}},
                "delete": {"operationId": "remove", "responses": {"204": answer(), **refusals}},
            },
        },
    }


@dataclass(slots=True)
class Things:
    """The server's state; `lies` are the promises it breaks, `asked` the requests it saw."""

    url: str = ""
    lies: frozenset[str] = frozenset()
    there: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=lambda: count(1))


@contextmanager
def serving(*lies: str) -> Iterator[Things]:
    things = Things(lies=frozenset(lies))
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"things": things}))
    server.daemon_threads = True
    things.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield things
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    things: Things
    protocol_version = "HTTP/1.1"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._any
        raise AttributeError(name)

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.things.asked.append((self.command, self.path))
        path = self.path.partition("?")[0]
        identifier = path.removeprefix("/things").strip("/")
        allowed = "GET, DELETE" if identifier else "GET, POST"
        if "cut" in self.things.lies and self.command == "POST":
            self.close_connection = True
        elif self.command not in allowed and "methods" not in self.things.lies:
            self._send(405, headers={"Allow": allowed})
        elif self.headers.get("Authorization") != f"Bearer {TOKEN}" and "open" not in self.things.lies:
            self._send(401)
        elif identifier:
            self._one(identifier)
        else:
            self._all(body)

    def _all(self, body: bytes) -> None:
        if self.command != "POST":
            self._send(206 if "status" in self.things.lies else 200, [])
            return
        name = _name(body)
        if name is None and "lax" not in self.things.lies:
            self._send(400)
        elif "crash" in self.things.lies:
            self._send(500)
        elif "strict" in self.things.lies:
            self._send(400)
        else:
            identifier = str(next(self.things.ids))
            self.things.there[identifier] = name or ""
            made = {} if "header" in self.things.lies else {"X-Made": "yes"}
            self._send(201, self._shown(identifier), headers=made)

    def _one(self, identifier: str) -> None:
        if identifier not in self.things.there or ("lost" in self.things.lies and self.command == "GET"):
            self._send(404)
        elif self.command == "DELETE":
            if "undead" not in self.things.lies:
                del self.things.there[identifier]
            self._send(204)
        else:
            self._send(200, self._shown(identifier))

    def _shown(self, identifier: str) -> dict[str, Any]:
        if "body" in self.things.lies:
            return {"id": identifier, "name": 1}
        named = {"name": self.things.there[identifier]}
        return named if "unlinked" in self.things.lies else {"id": identifier, **named}

    def _send(self, status: int, found: Any = None, *, headers: dict[str, str] | None = None) -> None:
        body = b"" if found is None else json.dumps(found).encode()
        self.send_response(status)
        if body:
            self.send_header("Content-Type", "text/plain" if "media" in self.things.lies else JSON)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _name(body: bytes) -> str | None:
    """The name in a body that the document allows, None for any other body."""
    try:
        found = json.loads(body)
    except ValueError:
        return None
    name = found.get("name") if isinstance(found, dict) else None
    fits = isinstance(name, str) and 1 <= len(name) <= 20 and name.isascii() and name.isalpha() and name.islower()
    return name if fits else None
