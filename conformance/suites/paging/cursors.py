"""Cursors that are no good, or no good here (RFC 9865 sections 2.1 and 5.2)."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.accounts import AccountHandle, Accounts
from conformance.client import Answer, ScimClient
from conformance.errors import HookRefused, Unusable
from conformance.judging import budget, clause, holds, not_applicable, observe, refused
from conformance.run import Run
from conformance.strategies.population import Population
from conformance.strategies.trees import literal
from conformance.suites.auth_migration.people import change, hire, owner_of, token_for, users_of
from conformance.suites.filtering.asking import shown
from conformance.suites.listing.envelope import envelope, fenced
from conformance.suites.paging.walking import on, second
from conformance.target import Target

pytestmark = budget(4)


def flipped(cursor: str, at: int) -> str:
    """The cursor with another character at that place."""
    other = "A" if cursor[at] != "A" else "B"
    return cursor[:at] + other + cursor[at + 1 :]


def begun(client: ScimClient) -> str:
    """The cursor that leads from the first user of an account to the next one."""
    return second(client.query("/Users", count=1, cursor=""))


@pytest.fixture(scope="module")
def first(settled_population: Population) -> Answer:
    """The first page of the population."""
    return fenced(settled_population, cursor="", count=2)


@pytest.fixture(scope="module")
def library(suite_accounts: Accounts, run: Run) -> AccountHandle:
    """An account with users enough for a walk."""
    account = suite_accounts.create()
    for _ in range(2):
        users_of(account.bearer(), run).create()
    return account


@clause("9865-2.1-01")
def test_what_is_no_cursor_is_refused(population: Population) -> None:
    """What is no cursor is refused with 400 invalidCursor."""
    for text in ("garbage", "é &" * 99):
        answer = fenced(population, cursor=text, count=2)
        refused("9865-2.1-01", answer, status=400, scim_type="invalidCursor")


@clause("9865-5.2-05")
def test_a_forged_cursor_is_refused(population: Population, first: Answer) -> None:
    """A cursor with one character changed is refused with 400 invalidCursor."""
    cursor = second(first)
    for at in (0, len(cursor) // 2, len(cursor) - 1):
        answer = fenced(population, cursor=flipped(cursor, at), count=2)
        refused("9865-5.2-05", answer, status=400, scim_type="invalidCursor")


@clause("9865-2.1-03")
def test_a_changed_count_is_refused_or_obeyed(population: Population, first: Answer) -> None:
    """Another count in mid-walk is refused with invalidCount, or the walk goes on where it was."""
    for count in ("3", "nothing"):
        answer = fenced(population, cursor=second(first), count=count)
        if answer.status != 200:
            refused("9865-2.1-03", answer, status=400, scim_type="invalidCount")
            continue
        right = len(on(answer)) > 0 and not {*on(answer)} & {*on(first)}
        observe("9865-2.1-03", f"count {count} after 2 gives {len(on(answer))} entries")
        holds("9865-2.1-03", right, expected="the next entries", observed=on(answer), answer=answer, harm=True)


@clause("9865-2-08")
@budget(6)
def test_a_cursor_belongs_to_one_query(population: Population, target: Target, first: Answer) -> None:
    """A cursor of another query is refused, or the walk it belongs to goes on."""
    cursor = second(first)
    wanted = on(fenced(population, cursor=cursor, count=2))
    name = literal(str(population.user("cy")["displayName"]))
    queries: list[dict[str, Any]] = [{"filter": population.fenced(f"displayName eq {name}", bare=True)}]
    if target.has("sort"):
        queries.append({"filter": population.fence or None, "sortBy": "userName", "sortOrder": "descending"})
    for path, query in [*((population.path, query) for query in queries), (target.capabilities.endpoint("Group"), {})]:
        answer = population.scim.query(path, cursor=cursor, count=2, **query)
        right = answer.status == 400 or (answer.status == 200 and on(answer) == wanted)
        told = f"{path} {query}: {shown(answer)} {on(answer)}"
        holds("9865-2-08", right, expected=f"400, or {wanted}", observed=told, answer=answer)


@clause("9865-2.1-02")
@budget(5)
def test_an_outdated_cursor_is_refused(library: AccountHandle, target: Target) -> None:
    """A cursor older than cursorTimeout is refused, a younger one is not."""
    timeout = target.capabilities.limit("pagination", "cursorTimeout") or 0
    client = library.bearer()
    cursor = begun(client)
    library.hook("clock.advance", seconds=timeout // 2)
    answer = client.query("/Users", count=1, cursor=cursor)
    holds("9865-2.1-02", answer.ok, expected="200 after half the time", observed=shown(answer), answer=answer)
    library.hook("clock.advance", seconds=timeout - timeout // 2 + 1)
    answer = client.query("/Users", count=1, cursor=cursor)
    refused("9865-2.1-02", answer, status=400, scim_type=("expiredCursor", "invalidCursor"))


@clause("9865-5.2-01", "9865-5.2-04")
@budget(6)
def test_a_cursor_grants_nothing(library: AccountHandle, accounts: Accounts) -> None:
    """A cursor of another account gives none of its users, and is refused as a forged one is."""
    other, cursor = accounts.create(), begun(library.bearer())
    theirs = names(library.bearer().query("/Users", count=1, cursor=cursor))
    foreign, forged = (
        other.bearer().query("/Users", count=1, cursor=text) for text in (cursor, flipped(cursor, len(cursor) - 1))
    )
    right = foreign.status < 500 and bool(theirs) and not theirs & names(foreign)
    told = f"{shown(foreign)} {foreign.body[:120]!r}"
    holds("9865-5.2-01", right, expected="an error, or no user of it", observed=told, answer=foreign, harm=True)
    told_apart = [refusal(foreign, cursor), refusal(forged, flipped(cursor, len(cursor) - 1))]
    alike = told_apart[0] == told_apart[1] or (foreign.ok and not theirs & names(foreign))
    holds("9865-5.2-04", alike, expected="the same refusal", observed=told_apart, answer=foreign)


def names(answer: Answer) -> set[str]:
    """The userNames on a page, because ids may be the same in two accounts."""
    found = envelope(answer).get("Resources") or []
    return {str(entry.get("userName")) for entry in found if isinstance(entry, dict)}


def refusal(answer: Answer, cursor: str) -> tuple[int, str | None, str]:
    """What a refusal tells, the cursor itself aside."""
    return answer.status, answer.scim_type, str((answer.error or {}).get("detail")).replace(cursor, "…")


@clause("9865-5.2-02", "9865-5.2-03")
@budget(8)
def test_a_walk_ends_with_the_right_to_it(accounts: Accounts, run: Run) -> None:
    """Once its owner is disabled a cursor gives nothing, and it stays void when the owner comes back."""
    account = accounts.create()
    users_of(account.bearer(), run).create()
    try:
        owner = owner_of(account, account.bearer())
        colleague = account.bearer(token_for(account, hire(account.bearer(), run)))
    except (Unusable, HookRefused):
        owner, colleague = {}, None
    cursor = begun(account.bearer())
    account.hook("owner.disable")
    answer = account.bearer().query("/Users", count=1, cursor=cursor)
    holds("9865-5.2-02", not on(answer), expected="no users", observed=shown(answer), answer=answer, harm=True)
    if colleague is None:
        not_applicable("9865-5.2-03", "nobody else could enable the owner again")
        return
    change(colleague, owner, "active", True)
    answer = account.bearer().query("/Users", count=1, cursor=cursor)
    refused("9865-5.2-03", answer, status=400, scim_type=("invalidCursor", "expiredCursor"))
