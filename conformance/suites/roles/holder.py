"""A user whose role is written in every way, and read back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from conformance.client import Answer
from conformance.judging import holds, refused
from conformance.population import Document, Users
from conformance.suites.roles.forms import AGENT, POWERFUL, REQUESTER, TASK, text

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_MARK = '"@roles@"'
NAME_KEYS = ("value", "display", "displayname")
WAYS = (("replace", "roles"), ("add", "roles"), ("replace", None), ("add", None))

Write = Callable[[str], Answer]


def roles_of(resource: Document) -> list[str]:
    """The role names a resource shows, one per element; an element without a name shows as its JSON text."""
    found = resource.get("roles")
    elements = found if isinstance(found, list) else [found] if found else []
    return [_name(element) for element in elements]


def _name(element: Any) -> str:
    if not isinstance(element, dict):
        return str(element)
    names = (value for key, value in element.items() if key.lower() in NAME_KEYS and isinstance(value, str))
    return next(names, json.dumps(element))


def with_roles(document: Any, roles: str) -> bytes:
    """The JSON text of a document in which the mark is replaced by the text of the roles."""
    return json.dumps(document, ensure_ascii=False).replace(_MARK, roles, 1).encode("utf-8", "surrogatepass")


@dataclass(slots=True)
class Holder:
    """One user for all updates of a suite, and the users that creates leave."""

    users: Users
    user: Document
    ways: Iterator[tuple[str, str | None]] = field(default_factory=lambda: cycle(WAYS))
    last: str = ""

    def turn(self, write: Write) -> str:
        """A role other than the one that the last update of this kind gave the user."""
        role = AGENT if self.last == TASK else TASK
        self.last = self.last if write == self.post else role
        return role

    def role(self) -> list[str]:
        """The roles the user has now."""
        return roles_of(self.users.read(self.user))

    def reset(self, role: str) -> None:
        """Give the user a role in the plainest form; set-up."""
        self.patch(text([{"value": role}]), ("replace", "roles"))

    def post(self, roles: str) -> Answer:
        """The answer to creating a user with these roles."""
        body = with_roles(self.users.body(roles=_MARK.strip('"')), roles)
        answer = self.users.client.request("POST", self.users.endpoint, body=body)
        if answer.ok and isinstance(answer.json, dict):
            self.users.made.append(str(answer.json.get("id")))
        return answer

    def put(self, roles: str) -> Answer:
        """The answer to replacing the user with these roles."""
        return self.users.client.request(
            "PUT", self._path(), body=with_roles(self._whole(roles=_MARK.strip('"')), roles)
        )

    def put_without(self) -> Answer:
        """The answer to replacing the user without roles."""
        return self.users.client.put(self._path(), self._whole())

    def patch(self, roles: str, way: tuple[str, str | None] | None = None) -> Answer:
        """The answer to a PATCH of these roles; without `way` add and replace, with and without path, take turns."""
        op, path = way or next(self.ways)
        operation: Document = {"op": op, "path": path, "value": _MARK.strip('"')}
        if path is None:
            operation = {"op": op, "value": {"roles": _MARK.strip('"')}}
        return self.operations(with_roles([operation], roles))

    def operations(self, operations: bytes) -> Answer:
        """The answer to a PATCH with this JSON text as its list of operations."""
        body = b'{"schemas":["%s"],"Operations":%s}' % (PATCH_OP.encode(), operations)
        return self.users.client.request("PATCH", self._path(), body=body)

    def _path(self) -> str:
        return self.users.path(self.user)

    def _whole(self, **more: Any) -> Document:
        return self.users.body(userName=self.user["userName"], emails=self.user["emails"], **more)


def sets_role(clause_id: str, write: Write, values: Iterable[str], holder: Holder, role: str | None = None) -> None:
    """Judge that each value, once written, gives exactly that role in the answer.

    Without `role` two roles take turns in place of the Service Task User of the values: a write that
    changes nothing would look right on a user who has the role already.
    """
    for value in values:
        wanted = role or holder.turn(write)
        sent = value if role else value.replace(TASK, wanted)
        answer = write(sent)
        shown = holder.role() if answer.status == 204 else roles_of(answer.resource) if answer.ok else []
        expected, observed = f"2xx and the role {wanted}", _told(sent, answer, shown)
        if not holds(clause_id, shown == [wanted], expected=expected, observed=observed, answer=answer):
            return


def refuses_role(clause_id: str, write: Write, values: Iterable[str], holder: Holder) -> None:
    """Judge that each value is refused with 400 invalidValue and leaves the user's role as it was."""
    before = holder.role()
    answers = [write(value) for value in values]
    unchanged = holder.role() == before
    worst = next((each for each in answers if each.status != 400), answers[0])
    refused(clause_id, worst, status=400, scim_type=("invalidValue", "invalidSyntax"), unchanged=unchanged)


def stays_harmless(clause_id: str, answers: Iterable[Answer]) -> None:
    """Judge that no answer shows a role that licenses or empowers."""
    for answer in answers:
        shown = set(roles_of(answer.resource)) & POWERFUL if answer.ok and answer.body else set()
        if not holds(
            clause_id, not shown, expected="no powerful role", observed=sorted(shown), answer=answer, harm=True
        ):
            return


def _told(value: str, answer: Answer, shown: list[str]) -> str:
    return f"{value[:120]} → {answer.status} {shown} {answer.body[:120]!r}"


def make_holder(users: Users) -> Holder:
    """A holder with a new user that has the role Requester."""
    return Holder(users, users.create(roles=[{"value": REQUESTER}]))
