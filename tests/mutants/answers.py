"""Rewriting answers at the WSGI border: which request it was, and what its JSON says."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from mock_samanage.web import call
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


def represented(defect: Defect, change: Callable[[Json], object]) -> None:
    """Changes every resource on its way out, before `attributes` and `excludedAttributes` are applied to it."""

    def document(*arguments: Any) -> Json:
        found: Json = old(*arguments)
        change(found)
        return found

    old = defect.replace(call, "document", document)


def answered(defect: Defect, methods: str, change: Callable[[Json], object]) -> None:
    """Changes the resources that the methods are answered with on /Users and /Groups, alone or in lists."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        here = asked(environ, methods, "/Users") or asked(environ, methods, "/Groups")
        if not here or reply.code not in {200, 201}:
            return reply
        return changed(reply, lambda found: [change(each) for each in resources(found) if "id" in each])

    defect.answers(rewrite)
