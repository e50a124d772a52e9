"""Evidence by hand: requests, runs, scenarios, as short as a case can be written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from conformance.connector.model import (
    Ended,
    Evidence,
    Person,
    Played,
    Scenario,
    Sent,
    Source,
    State,
    Step,
    Team,
)
from conformance.model import Exchange
from conformance.rfc_schema import CORE_GROUP, CORE_USER, ENTERPRISE_USER

BASE = "http://127.0.0.1:8080/scim/v2"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
JSON = {
    "Content-Type": "application/scim+json",
    "Accept": "application/scim+json",
    "Authorization": "Bearer [redacted]",
}

ANN = Person("1", "ann@x.test", "Ann", "Ash", "Ann Ash", "ann@x.test")
BEN = Person("2", "ben@x.test", "Ben", "Birch", "Ben Birch", "ben@x.test")
OPS = Team("g1", "Ops", ("1",))
ADMIN = {"id": "100", "userName": "admin@x.test", "active": True, "roles": [{"value": "Administrator"}]}


def sent(
    method: str,
    url: str,
    body: Any = None,
    *,
    status: int | None = 200,
    answer: Any = None,
    credential: str = "token",
    headers: Mapping[str, str | None] | None = None,
    fields: Mapping[str, str] | None = None,
    moment: float | None = None,
    elapsed: float = 0.01,
    fault: str = "",
    delivered: bool = True,
) -> Sent:
    """One request; `url` below the base or whole, bodies as JSON values or as bytes, a header None is left out."""
    target = urlsplit(url if url.startswith("http") else BASE + url)
    path = target.path.removeprefix("/scim/v2")
    given = {name: value for name, value in {**JSON, **(headers or {})}.items() if value is not None}
    exchange = Exchange(
        method, target.geturl(), given, _bytes(body), status, dict(fields or {}), _bytes(answer), elapsed * 1000
    )
    pieces = path.split("/")
    named = len(pieces) == 3 and pieces[2] != ".search"
    return Sent(
        number=0,
        step=1,
        moment=-1.0 if moment is None else moment,
        path=path,
        route=f"/{pieces[1]}/{{id}}" if named else path,
        query=dict(parse_qsl(target.query, keep_blank_values=True)),
        credential=credential,
        exchange=exchange,
        fault=fault,
        delivered=delivered and status is not None,
    )


def _bytes(value: Any) -> bytes:
    if value is None:
        return b""
    return value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()


def ask(value: str, *hits: Mapping[str, Any], by: str = "userName", kind: str = "Users", **more: Any) -> Sent:
    """A question by a filter, with the hits it is answered with."""
    filter_ = f"{by} eq {json.dumps(value, ensure_ascii=False)}"
    given = {"answer": page(*hits), **more}
    return sent("GET", f"/{kind}?filter={quote(filter_, safe='')}", **given)


def ask_group(value: str, *hits: Mapping[str, Any], **more: Any) -> Sent:
    """A question for a group."""
    return ask(value, *hits, by="displayName", kind="Groups", **more)


def page(*hits: Mapping[str, Any], total: int | None = None, **more: Any) -> dict[str, Any]:
    """A page of a list."""
    found = {"schemas": [LIST], "totalResults": len(hits) if total is None else total, **more}
    return {**found, "Resources": list(hits)}


def new(person: Person, **more: Any) -> dict[str, Any]:
    """The body that creates a person."""
    body: dict[str, Any] = {"schemas": [CORE_USER], "externalId": person.id, "userName": person.user_name}
    if person.given_name:
        body["name"] = {"givenName": person.given_name, "familyName": person.family_name}
    if person.display_name:
        body["displayName"] = person.display_name
    if person.email:
        body["emails"] = [{"value": person.email, "type": "work", "primary": True}]
    return {**body, "active": person.active, **more}


def post(person: Person = ANN, id_: str = "7", **more: Any) -> Sent:
    """A creation; `body` adds to what is sent, other arguments are those of `sent`."""
    body = {**new(person), **more.pop("body", {})}
    given = {"status": 201, "answer": {**body, "id": id_}, **more}
    return sent("POST", "/Users", body, **given)


def post_group(team: Team = OPS, id_: str = "8", **more: Any) -> Sent:
    """A creation of a group."""
    body = {"schemas": [CORE_GROUP], "displayName": team.display_name, "externalId": team.id, **more.pop("body", {})}
    given = {"status": 201, "answer": {**body, "id": id_}, **more}
    return sent("POST", "/Groups", body, **given)


def patch(*operations: Any, id_: str = "7", kind: str = "Users", schemas: Any = (PATCH_OP,), **more: Any) -> Sent:
    """A PATCH with these operations."""
    body = {"schemas": list(schemas), "Operations": list(operations)}
    return sent("PATCH", f"/{kind}/{id_}", body, **more)


def op(name: str, path: str | None = None, value: Any = ...) -> dict[str, Any]:
    """One operation; without a value it has none."""
    found: dict[str, Any] = {"op": name}
    if path is not None:
        found["path"] = path
    return found if value is ... else {**found, "value": value}


def stored(person: Person = ANN, id_: str = "7", **more: Any) -> dict[str, Any]:
    """A person as the tenant holds it."""
    body = {**new(person), "roles": [{"value": person.role or "Requester", "primary": True}], "id": id_}
    if person.department:
        body[ENTERPRISE_USER] = {"department": person.department}
    return {**body, **more}


def stored_group(*members: str, team: Team = OPS, id_: str = "8", **more: Any) -> dict[str, Any]:
    """A group as the tenant holds it."""
    body = {"id": id_, "displayName": team.display_name, "externalId": team.id}
    return {**body, "members": [{"value": each} for each in members], **more}


def state(*resources: Mapping[str, Any]) -> State:
    """A state with these people and groups, and the administrator."""
    users = {str(each["id"]): each for each in (ADMIN, *resources) if "userName" in each}
    return State(users, {str(each["id"]): each for each in resources if "userName" not in each})


@dataclass(frozen=True)
class Run:
    """A step to be played: its requests, states before and after, how it ended, and arguments of Step."""

    sent: tuple[Sent, ...] = ()
    before: State = field(default_factory=state)
    after: State | None = None
    status: int | None = 0
    trouble: str = ""
    stderr: str = ""
    step: Mapping[str, Any] = field(default_factory=dict)


def run(
    *requests: Sent,
    before: State | None = None,
    after: State | None = None,
    status: int | None = 0,
    trouble: str = "",
    stderr: str = "",
    **step: Any,
) -> Run:
    """A step; `people` and `teams` make up its source."""
    return Run(requests, before or state(), after, status, trouble, stderr, step)


def evidence(*runs: Run, **scenario: Any) -> Evidence:
    """The evidence of a scenario made of these steps."""
    played = tuple(_played(runs))
    steps = tuple(each.step for each in played)
    return Evidence(Scenario("story", "A story", "says", steps, **scenario), played, administrator="100")


def _played(runs: tuple[Run, ...]) -> Iterator[Played]:
    count = 0
    for number, each in enumerate(runs, 1):
        given = dict(each.step)
        source = Source(tuple(given.pop("people", ())), tuple(given.pop("teams", ())))
        requests = []
        for request in each.sent:
            count += 1
            moment = count * 10.0 if request.moment < 0 else request.moment
            requests.append(replace(request, number=count, step=number, moment=moment))
        ended = Ended(each.status, 0.5, "", each.stderr, each.trouble)
        after = each.before if each.after is None else each.after
        yield Played(number, Step(f"step {number}", source, **given), tuple(requests), each.before, after, ended)


@dataclass(frozen=True)
class Case:
    """An evidence, and what a check says of a clause over it: held, broken, or None for no occasion."""

    check: str
    clause: str
    held: bool | None
    evidence: Evidence

    def __str__(self) -> str:
        return f"{self.check} {self.clause} {self.held}"


Table = Mapping[tuple[str, str], tuple[list[Evidence], list[Evidence]]]


def cases(table: Table, silent: Mapping[tuple[str, str], list[Evidence]] | None = None) -> list[Case]:
    """The cases of a table: check and clause, evidence where it holds, evidence where it is broken."""
    found = [
        Case(check, clause, held, each)
        for (check, clause), sides in table.items()
        for held, evidences in zip((True, False), sides, strict=True)
        for each in evidences
    ]
    return found + [Case(*key, None, each) for key, evidences in (silent or {}).items() for each in evidences]


def simply(*requests: Sent, **step: Any) -> Evidence:
    """A scenario of one step with these requests."""
    return evidence(run(*requests, **step))
