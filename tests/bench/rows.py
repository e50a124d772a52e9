"""The rows of the table of bars: what is requested, and the share of the floor that it must reach."""

from __future__ import annotations

import http.client
import itertools
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.bench.servers import Served

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


@dataclass(frozen=True, slots=True)
class Person:
    """What a request needs to know of a stored user."""

    id: str
    user_name: str
    manager: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One bar: a title, the population it is measured at, the least share of the floor, and its requests."""

    title: str
    users: int
    bar: float
    status: int
    requests: Callable[[Served, list[Person], random.Random], Iterator[bytes]]


def people(served: Served) -> list[Person]:
    """Every user of the tenant, read page by page."""
    connection = http.client.HTTPConnection(*served.address)
    found: list[Person] = []
    while True:
        query = f"{served.prefix}/Users?startIndex={len(found) + 1}&count=1000&attributes=userName,{ENTERPRISE}:manager"
        connection.request("GET", query, headers={"Authorization": f"Bearer {served.token}"})
        page: dict[str, Any] = json.load(connection.getresponse())
        found += [_person(entry) for entry in page.get("Resources", [])]
        if len(found) >= page["totalResults"]:
            connection.close()
            return found


def _person(entry: dict[str, Any]) -> Person:
    return Person(entry["id"], entry["userName"], entry.get(ENTERPRISE, {}).get("manager", {}).get("value"))


def get(served: Served, path: str) -> bytes:
    """A GET with the credential, as bytes."""
    head = f"GET {served.prefix}{path} HTTP/1.1\r\nHost: {served.address[0]}:{served.address[1]}\r\n"
    return f"{head}Authorization: Bearer {served.token}\r\n\r\n".encode()


def _by_id(served: Served, known: list[Person], chance: random.Random) -> Iterator[bytes]:
    return (get(served, f"/Users/{chance.choice(known).id}") for _ in itertools.repeat(None))


def _filtered(filter_of: Callable[[Person], str]) -> Callable[[Served, list[Person], random.Random], Iterator[bytes]]:
    def requests(served: Served, known: list[Person], chance: random.Random) -> Iterator[bytes]:
        managed = [person for person in known if person.manager]
        while True:
            yield get(served, f"/Users?filter={quote(filter_of(chance.choice(managed)))}")

    return requests


def _create(served: Served, _known: list[Person], chance: random.Random) -> Iterator[bytes]:
    run = chance.getrandbits(40)
    for number in itertools.count():
        name = f"bench-{run}-{number}@example.test"
        body = json.dumps(_body(name)).encode()
        head = f"POST {served.prefix}/Users HTTP/1.1\r\nHost: {served.address[0]}:{served.address[1]}\r\n"
        head += f"Authorization: Bearer {served.token}\r\nContent-Type: application/scim+json\r\n"
        yield f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _body(name: str) -> dict[str, Any]:
    return {
        "schemas": [USER, ENTERPRISE],
        "userName": name,
        "externalId": f"x-{name}",
        "active": True,
        "displayName": "Mara Bench",
        "title": "Planner",
        "name": {"givenName": "Mara", "familyName": "Bench", "formatted": "Mara Bench"},
        "emails": [{"value": name, "type": "work", "primary": True}],
        "phoneNumbers": [{"value": "+1 555 0100", "type": "work"}],
        "roles": [],
        ENTERPRISE: {"department": "Facilities", "employeeNumber": name},
    }


BY_NAME = _filtered(lambda person: f'userName eq "{person.user_name}"')

READ = Row("GET /Users/{id}", 1_000, 0.38, 200, _by_id)

ROWS = (
    READ,
    Row("userName eq", 1_000, 0.32, 200, BY_NAME),
    Row("userName eq", 100_000, 0.28, 200, BY_NAME),
    Row(
        "userName eq and active eq true",
        100_000,
        0.22,
        200,
        _filtered(lambda person: f'userName eq "{person.user_name}" and active eq true'),
    ),
    Row(
        "id eq and manager eq",
        100_000,
        0.22,
        200,
        _filtered(lambda person: f'id eq "{person.id}" and manager eq "{person.manager}"'),
    ),
    Row("create user", 1_000, 0.07, 201, _create),
)
