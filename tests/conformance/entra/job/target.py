"""A small SCIM target in memory, as a channel: it keeps what is sent, and fails where it is told to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from conformance.entra.wire.model import Answer, NoAnswer, Request

Resource = dict[str, Any]
Fault = Callable[[Request], Answer | None]


def answer(status: int, body: Mapping[str, Any] | str | None = None) -> Answer:
    """An answer with a JSON object, or any text, as its body."""
    text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
    return Answer(status, {}, text.encode(), body if isinstance(body, dict) else None)


@dataclass
class Target:
    """Users and groups by id; `faults` are asked first, the latest before the others."""

    resources: dict[str, dict[str, Resource]] = field(default_factory=lambda: {"Users": {}, "Groups": {}})
    sent: list[Request] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    number: int = 0

    def send(self, request: Request) -> Answer:
        self.sent.append(request)
        for fault in reversed(self.faults):
            if (found := fault(request)) is not None:
                return found
        return getattr(self, f"_{request.method.lower()}")(request, *request.path.strip("/").split("/"))  # type: ignore[no-any-return]

    def fail(self, status: int, pattern: str = "", *, times: int = 10**9, body: Any = None) -> None:
        """Requests that look like the pattern are answered with the status, so many times."""
        left = [times]

        def fault(request: Request) -> Answer | None:
            if left[0] and re.search(pattern, told(request)):
                left[0] -= 1
                return answer(status, body)
            return None

        self.faults.append(fault)

    def silent(self, pattern: str = "", *, timeout: bool = False, after: bool = False) -> None:
        """Requests that look like the pattern get no answer; `after`: what they ask for is done all the same."""

        def fault(request: Request) -> Answer | None:
            if not re.search(pattern, told(request)):
                return None
            if after:
                self.faults.remove(fault)
                self.send(request)
                self.sent.pop()
            raise NoAnswer(request, "nobody answers", timeout=timeout)

        self.faults.append(fault)

    def user(self, name: str) -> Resource:
        """The one user with this userName."""
        (found,) = [each for each in self.resources["Users"].values() if each["userName"].startswith(name)]
        return found

    def group(self, name: str) -> Resource:
        """The one group with this displayName."""
        (found,) = [each for each in self.resources["Groups"].values() if each["displayName"] == name]
        return found

    def members(self, name: str) -> set[str]:
        """The local parts of the userNames of a group's members, the displayNames of groups among them."""
        everybody = {**self.resources["Users"], **self.resources["Groups"]}
        listed = [everybody[each] for each in self.group(name)["members"]]
        return {str(each.get("userName", each["displayName"])).partition("@")[0] for each in listed}

    def add(self, kind: str, **resource: Any) -> str:
        """A resource that was there before; its id."""
        self.number += 1
        id = f"{kind[0].lower()}-{self.number}"
        self.names[id] = str(resource.get("userName", resource.get("displayName"))).partition("@")[0]
        self.resources[kind][id] = {**resource, "id": id, **({"members": []} if kind == "Groups" else {})}
        return id

    def _get(self, request: Request, kind: str, id: str = "") -> Answer:
        if id:
            found = self.resources[kind].get(id)
            return answer(404) if found is None else answer(200, _without_members(found))
        filtered = re.search(r"filter=([^&]*)", request.query)
        assert filtered
        parts = [re.fullmatch(r'(\S+) eq "(.*)"', each) for each in unquote_plus(filtered[1]).split(" and ")]
        hits = [each for each in self.resources[kind].values() if all(p and _has(each, p[1], p[2]) for p in parts)]
        return answer(200, {"totalResults": len(hits), "Resources": [_without_members(each) for each in hits]})

    def _post(self, request: Request, kind: str) -> Answer:
        body = dict(request.body or {})
        name = "userName" if kind == "Users" else "displayName"
        if any(each[name] == body.get(name) for each in self.resources[kind].values()):
            return answer(409, {"detail": f"{name} is taken", "status": "409"})
        return answer(201, self.resources[kind][self.add(kind, **body)])

    def _patch(self, request: Request, kind: str, id: str) -> Answer:
        found = self.resources[kind].get(id)
        if found is None:
            return answer(404)
        for operation in (request.body or {})["Operations"]:
            _apply(found, operation)
        return answer(204)

    def _delete(self, _request: Request, kind: str, id: str) -> Answer:
        return answer(204 if self.resources[kind].pop(id, None) else 404)


def told(request: Request) -> str:
    """A request in one line: method, path, filter or what a PATCH sets."""
    query = unquote_plus(request.query).replace("excludedAttributes=members", "")
    line = f"{request.method} {request.path}" + (f"?{query.strip('&')}" if query.strip("&") else "")
    operations = (request.body or {}).get("Operations", [])
    return line + "".join(f" {each['op']} {each.get('path')}={_short(each.get('value'))}" for each in operations)


def _short(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(str(each["value"]) for each in value)
    return str(value)


def _has(resource: Resource, attribute: str, wanted: str) -> bool:
    held = resource.get(attribute)
    return wanted in held if isinstance(held, list) else str(held).lower() == wanted.lower()


def _without_members(resource: Resource) -> Resource:
    return {name: value for name, value in resource.items() if name != "members"}


def _apply(resource: Resource, operation: Mapping[str, Any]) -> None:
    op, path = operation["op"].lower(), operation.get("path", "")
    value: Any = operation.get("value")
    if path == "members":
        ids = [each["value"] for each in value]
        kept = [each for each in resource["members"] if each not in ids]
        resource["members"] = kept + (ids if op == "add" else [])
    elif path == "manager":
        resource[ENTERPRISE] = {"manager": {"value": value[0]["value"]}}
    elif path == f"{ENTERPRISE}:manager":
        resource[ENTERPRISE] = {"manager": {"value": value}} if value else {}
    elif path == "active":
        resource["active"] = str(value).lower() == "true"
    elif op == "remove":
        resource.pop(path, None)
    else:
        resource.update({path: value} if path else value)


ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
