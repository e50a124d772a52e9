"""Users of an account who may own a credential, and everything an account holds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from conformance.accounts import AccountHandle
from conformance.client import Answer, ScimClient
from conformance.errors import Unusable
from conformance.population import Document, Groups, Users
from conformance.run import Run

ADMINISTRATOR = "Administrator"
REQUESTER = "Requester"
PAGE = 100

Holdings = dict[str, list[tuple[str, str]]]


def users_of(client: ScimClient, run: Run) -> Users:
    """Makes users in the account of the client."""
    return Users(client, run, "/Users")


def groups_of(client: ScimClient, run: Run) -> Groups:
    """Makes groups in the account of the client."""
    return Groups(client, run, "/Groups")


def hire(client: ScimClient, run: Run, role: str = ADMINISTRATOR) -> Document:
    """A new user of the account who holds that role."""
    return users_of(client, run).create(roles=[{"value": role}])


def token_for(account: AccountHandle, user: Document) -> str:
    """A new token that the user owns; raises HookAbsent, HookRefused."""
    return str(account.hook("credential.create", kind="token", owner=user["id"])["token"])


def owner_of(account: AccountHandle, client: ScimClient) -> Document:
    """The user who owns the credentials the account was made with, found by the name that signs in."""
    found = client.query("/Users", f'userName eq "{account.username}"').resources
    if len(found) != 1:
        raise Unusable(f"{len(found)} users have the userName {account.username}")
    return found[0]


def change(client: ScimClient, user: Document, path: str, value: Any) -> Answer:
    """The answer to replacing one attribute of a user; raises Unusable where it is refused."""
    answer = client.patch(f"/Users/{user['id']}", [{"op": "replace", "path": path, "value": value}])
    if not answer.ok:
        raise Unusable(f"{path} cannot be changed: {answer} {answer.body[:200]!r}", answer.exchange)
    return answer


def walk(client: ScimClient, endpoint: str, *, count: int = PAGE, start: int = 1) -> list[Document]:
    """The resources of an endpoint from `start` on, page by page."""
    found: list[Document] = []
    while True:
        page = client.query(endpoint, startIndex=start + len(found), count=count)
        found += page.resources
        if not page.resources or start + len(found) > page.total:
            return found


def holdings(client: ScimClient) -> Holdings:
    """Every user and group of the account as (id, JSON text), sorted; what is listed twice stands here twice."""
    return {endpoint: texts(walk(client, endpoint)) for endpoint in ("/Users", "/Groups")}


def texts(resources: Iterable[Document]) -> list[tuple[str, str]]:
    """The resources as (id, JSON text), sorted."""
    return sorted((str(each["id"]), json.dumps(each, sort_keys=True)) for each in resources)


def difference(before: Holdings, after: Holdings) -> str:
    """What was lost, changed or added, in words; empty where nothing was."""
    lines = []
    for endpoint, kept in before.items():
        old, new = dict(kept), dict(after[endpoint])
        doubled = len(after[endpoint]) - len(new)
        for word, ids in (
            ("lost", old.keys() - new.keys()),
            ("added", new.keys() - old.keys()),
            ("changed", {each for each in old.keys() & new.keys() if old[each] != new[each]}),
        ):
            lines += [f"{endpoint} {word}: {', '.join(sorted(ids))}"] if ids else []
        lines += [f"{endpoint} listed twice: {doubled}"] if doubled else []
    return "; ".join(lines)
