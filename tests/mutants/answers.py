"""Rewriting answers at the WSGI border: which request it was, and what its JSON says."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from mock_samanage.web.discovery import Discovery
from tests.mutants.mutant import Defect, Environ, Reply

Json = dict[str, Any]


def asked(environ: Environ, methods: str, path: str) -> bool:
    """True for one of the methods (`"PUT PATCH"`) on a path below the mount that starts so."""
    return environ["REQUEST_METHOD"] in methods.split() and environ["PATH_INFO"].startswith(path)


def single(environ: Environ, collection: str) -> str:
    """The id of the resource that the path names in a collection such as `/Users`, "" if it names none."""
    at: str = environ["PATH_INFO"].partition(f"{collection}/")[2]
    return "" if at.startswith(".") else at


def changed(reply: Reply, change: Callable[[Json], object]) -> Reply:
    """The answer with its JSON object changed in place; as it is where the body holds none."""
    document = json.loads(reply.body) if reply.body.startswith(b"{") else None
    if document is None:
        return reply
    change(document)
    return reply.with_body(json.dumps(document, ensure_ascii=False).encode())


def resources(document: Json) -> list[Json]:
    """The resources of a list, else the resource itself."""
    listed: list[Json] = document.get("Resources", [document])
    return listed


def declared(defect: Defect, change: Callable[[Json], object]) -> None:
    """Changes every discovery document on its way out; what the tenant does stays as it is."""

    def located(self: Discovery, document: Mapping[str, Any], path: str) -> Json:
        shown: Json = old(self, deepcopy(dict(document)), path)
        change(shown)
        return shown

    old = defect.replace(Discovery, "located", located)
