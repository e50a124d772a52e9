"""The rows about groups: what one request costs at a large group, beside the same request at a small one."""

from __future__ import annotations

import http.client
import itertools
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.bench.rows import Person, get
from tests.bench.servers import Served

GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
POOL = 1_000
"""Users who come and go; everybody else is in the large group."""
SMALL = 10
BAR = 0.5
"""Within twice the time."""
LEAN = "excludedAttributes=members"


@dataclass(frozen=True, slots=True)
class Crowd:
    """A group with its members, and the users who are in no group that was made here."""

    id: str
    name: str
    members: list[Person]
    pool: list[Person]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One bar: a title, the status of every answer, and the requests for a group."""

    title: str
    status: int
    requests: Callable[[Served, Crowd, random.Random], Iterator[bytes]]


def send(served: Served, method: str, path: str, body: Any = None) -> tuple[dict[str, Any], float]:
    """The JSON of an answer that is 2xx, empty without a body, and the seconds it took."""
    connection = http.client.HTTPConnection(*served.address, timeout=600)
    headers = {"Authorization": f"Bearer {served.token}", "Content-Type": "application/scim+json"}
    begun = time.perf_counter()
    connection.request(method, served.prefix + path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    text = answer.read()
    taken = time.perf_counter() - begun
    connection.close()
    if not 200 <= answer.status < 300:
        raise SystemExit(f"{method} {path}: {answer.status} {text[:200]!r}")
    return (json.loads(text) if text else {}), taken


def crowds(served: Served, known: list[Person], notes: list[str]) -> tuple[Crowd, Crowd]:
    """A small and a large group that share nobody; how long each took stands in the notes."""
    pool, few, many = known[:POOL], known[POOL : POOL + SMALL], known[POOL + SMALL :]
    made = []
    for name, people in (("Bench small", few), ("Bench large", many)):
        body = {"schemas": [GROUP], "displayName": name, "members": [{"value": person.id} for person in people]}
        group, taken = send(served, "POST", f"/Groups?{LEAN}", body)
        notes.append(f"group of {len(people):,} created in {taken:.3f} s (linear: the body holds the members)")
        made.append(Crowd(group["id"], name, people, pool))
    return made[0], made[1]


def remove(served: Served, crowd: Crowd, notes: list[str]) -> None:
    """Deletes the group; how long that took stands in the notes."""
    _, taken = send(served, "DELETE", f"/Groups/{crowd.id}")
    notes.append(f"group of {len(crowd.members):,} deleted in {taken:.3f} s (linear: each membership is a row)")


def _patch(served: Served, crowd: Crowd, *operations: dict[str, Any]) -> bytes:
    body = json.dumps({"schemas": [PATCH_OP], "Operations": operations}).encode()
    head = f"PATCH {served.prefix}/Groups/{crowd.id} HTTP/1.1\r\nHost: {served.address[0]}:{served.address[1]}\r\n"
    head += f"Authorization: Bearer {served.token}\r\nContent-Type: application/scim+json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _read(served: Served, crowd: Crowd, _chance: random.Random) -> Iterator[bytes]:
    return itertools.repeat(get(served, f"/Groups/{crowd.id}?{LEAN}"))


def _matched(served: Served, crowd: Crowd, _chance: random.Random) -> Iterator[bytes]:
    text = quote(f'displayName eq "{crowd.name}"')
    return itertools.repeat(get(served, f"/Groups?{LEAN}&filter={text}"))


def _changed(served: Served, crowd: Crowd, _chance: random.Random) -> Iterator[bytes]:
    """Everybody of the pool is added, then everybody is removed, and so on."""
    while True:
        for person in crowd.pool:
            yield _patch(served, crowd, {"op": "add", "path": "members", "value": [{"value": person.id}]})
        for person in crowd.pool:
            yield _patch(served, crowd, {"op": "remove", "path": f'members[value eq "{person.id}"]'})


def _replaced(served: Served, crowd: Crowd, chance: random.Random) -> Iterator[bytes]:
    """A member is removed by two conditions and comes back, in one request."""
    while True:
        id_ = chance.choice(crowd.members).id
        gone = {"op": "remove", "path": f'members[value eq "{id_}" and type eq "User"]'}
        yield _patch(served, crowd, gone, {"op": "add", "path": "members", "value": [{"value": id_}]})


def _found(filter_of: Callable[[Crowd, str], str]) -> Callable[[Served, Crowd, random.Random], Iterator[bytes]]:
    def requests(served: Served, crowd: Crowd, chance: random.Random) -> Iterator[bytes]:
        while True:
            text = filter_of(crowd, chance.choice(crowd.members).id)
            yield get(served, f"/Groups?{LEAN}&filter={quote(text)}")

    return requests


GROUP_ROWS = (
    GroupRow("read a group without members", 200, _read),
    GroupRow("displayName eq, without members", 200, _matched),
    GroupRow("add one member, remove one by id", 204, _changed),
    GroupRow("remove one by id and type, add it", 204, _replaced),
    GroupRow("members.value eq", 200, _found(lambda _crowd, id_: f'members.value eq "{id_}"')),
    GroupRow("id eq and members eq", 200, _found(lambda crowd, id_: f'id eq "{crowd.id}" and members eq "{id_}"')),
)
