"""What no credential may do: change anything without being valid, or reach another account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import cycle
from typing import Any

from conformance.accounts import AccountHandle, Accounts
from conformance.client import Answer, ScimClient
from conformance.judging import budget, clause, holds
from conformance.population import Document, Resources
from conformance.run import Run
from conformance.suites.auth_migration.forging import CLAIMS, forged, pair
from conformance.suites.auth_migration.people import Holdings, difference, groups_of, holdings, users_of
from conformance.suites.auth_migration.phased import SAMANAGE, credential_of, schemes, seen
from conformance.transport import Field

METHODS = ("POST", "PUT", "PATCH", "DELETE")


def invalid(account: AccountHandle, dead: str) -> dict[str, Mapping[str, Field]]:
    """Header fields that hold no valid credential of an account in phase token; `dead` is a token that was reset."""
    right, login = f"Bearer {account.token}", account.username or ""
    return {
        "none": {},
        "the password of a migrated account": {"Authorization": f"Basic {pair(login, account.password or '')}"},
        "a malformed pair": {"Authorization": "Basic !!!"},
        "an unknown token": {"Authorization": f"Bearer {forged(CLAIMS)}"},
        "a reset token": {"Authorization": f"Bearer {dead}"},
        "the token twice": {"Authorization": (right, right)},
        "two different tokens": {"Authorization": right, SAMANAGE: f"Bearer {forged(CLAIMS)}"},
    }


def write(client: ScimClient, method: str, victim: Document, body: Document, fields: Mapping[str, Field]) -> Answer:
    """The answer to a write with these header fields: of a new user by POST, else of the victim."""
    path, changed = f"/Users/{victim['id']}", {**body, "userName": victim["userName"], "title": "Taken over"}
    operations: Any = [{"op": "replace", "path": "title", "value": "Taken over"}]
    if method == "POST":
        return client.post("/Users", body, headers=fields)
    if method == "PUT":
        return client.put(path, changed, headers=fields)
    return client.patch(path, operations, headers=fields) if method == "PATCH" else client.delete(path, headers=fields)


@clause("SAM-AUTH-39")
@budget(12, 36)
def test_nothing_changes_without_a_valid_credential(accounts: Accounts, run: Run) -> None:
    """A write with any invalid credential is refused and performs nothing."""
    account = accounts.create(phase="transition")
    victim = users_of(account.bearer(), run).create(title="Planner")
    dead, made = str(account.token), account.hook("credential.reset", credential=credential_of(account, "token"))
    account.hook("phase.set", phase="token")
    account = replace(account, token=str(made["token"]))
    users = users_of(account.bearer(), run)
    before = holdings(users.client)
    turn = cycle(METHODS)
    for what, fields in invalid(account, dead).items():
        for method in (next(turn),) if run.effort == "quick" else METHODS:
            answer = write(account.client(), method, victim, users.body(), fields)
            refuses("SAM-AUTH-39", f"{method} with {what}", answer)
    lost = difference(before, holdings(users.client))
    holds("SAM-AUTH-39", not lost, expected="nothing changed", observed=lost or "nothing changed", harm=True)


def refuses(clause_id: str, what: str, answer: Answer) -> None:
    """Judge that a write is answered 401 with a challenge."""
    right = answer.status == 401 and bool(schemes(answer))
    told = f"{what}: {seen(answer)}"
    holds(clause_id, right, expected="401 with a challenge", observed=told, answer=answer, harm=answer.ok)


@clause("SAM-AUTH-44")
@budget(33)
def test_a_credential_opens_its_own_account_only(accounts: Accounts, run: Run) -> None:
    """The credentials of one account show and change nothing of another."""
    mine, theirs = accounts.create(phase="transition"), accounts.create(phase="transition")
    furnish(mine.bearer(), run, users=1)
    furnish(theirs.bearer(), run, users=3)
    own, before = holdings(mine.bearer()), holdings(theirs.bearer())
    for what, client in (("the token", mine.bearer()), ("the password", mine.basic())):
        told = difference(own, holdings(client))
        holds("SAM-AUTH-44", not told, expected="its own data", observed=f"{what}: {told or 'its own data'}", harm=True)
        for resources, ids in foreign(client, run, own, before):
            finds_nothing("SAM-AUTH-44", resources, ids, what)
    lost = difference(before, holdings(theirs.bearer()))
    holds("SAM-AUTH-44", not lost, expected="nothing changed", observed=lost or "nothing changed", harm=True)


def furnish(client: ScimClient, run: Run, *, users: int) -> None:
    """Users, and a group with one of them as member."""
    made = [users_of(client, run).create() for _ in range(users)]
    groups_of(client, run).create(members=[{"value": made[0]["id"]}])


def foreign(client: ScimClient, run: Run, own: Holdings, other: Holdings) -> Iterator[tuple[Resources, str]]:
    """For each endpoint an id that the other account has and the client's own has not, if there is one."""
    for resources in (users_of(client, run), groups_of(client, run)):
        kept = dict(own[resources.endpoint])
        ids = [each for each, _ in other[resources.endpoint] if each not in kept]
        if ids:
            yield resources, ids[-1]


def finds_nothing(clause_id: str, resources: Resources, identifier: str, what: str) -> None:
    """Judge that every method on a resource of another account is answered 404."""
    client, path = resources.client, resources.path(identifier)
    operations: Any = [{"op": "replace", "path": "displayName", "value": "Taken over"}]
    answers = (
        client.get(path),
        client.put(path, resources.body()),
        client.patch(path, operations),
        client.delete(path),
    )
    for answer in answers:
        told = f"{answer.exchange.method} {resources.endpoint} of the other account with {what}: {answer.status}"
        holds(clause_id, answer.status == 404, expected="404", observed=told, answer=answer, harm=answer.ok)
