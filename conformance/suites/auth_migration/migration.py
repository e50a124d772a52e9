"""The migration itself: a phase change counts at once, goes one way, and touches no data."""

from __future__ import annotations

from conformance.accounts import AccountHandle, Accounts
from conformance.client import ScimClient
from conformance.errors import HookRefused
from conformance.judging import budget, clause, holds
from conformance.population import Document
from conformance.run import Run
from conformance.suites.auth_migration.people import (
    Holdings,
    change,
    difference,
    groups_of,
    holdings,
    users_of,
    walk,
)
from conformance.suites.auth_migration.phased import probe, seen, went

PAGE = 3


@clause("SAM-AUTH-45", "SAM-AUTH-47")
@budget(5)
def test_the_move_to_tokens_counts_at_once(accounts: Accounts) -> None:
    """Once an account has moved to tokens, the next password is refused and every token goes on working."""
    account = accounts.create(phase="transition")
    first, password = probe(account.bearer()), probe(account.basic())
    account.hook("phase.set", phase="token")
    refused, token = probe(account.basic()), probe(account.bearer())
    went("SAM-AUTH-45", ("the token in transition", first, 200), ("after migration", token, 200))
    went("SAM-AUTH-47", ("the password", password, 200), ("at once", refused, 401), ("the token", token, 200))


@clause("SAM-AUTH-46")
def test_a_stored_password_survives_the_beginning(accounts: Accounts) -> None:
    """A stored password keeps working when the migration begins."""
    account = accounts.create(phase="basic")
    before = probe(account.basic())
    account.hook("phase.set", phase="transition")
    went("SAM-AUTH-46", ("in phase basic", before, 200), ("in transition", probe(account.basic()), 200))


@clause("SAM-AUTH-48")
@budget(7)
def test_phases_only_move_forward(accounts: Accounts) -> None:
    """No phase goes back, and the account stays as it was."""
    for phase, back in (("token", "transition"), ("token", "basic"), ("transition", "basic")):
        account = accounts.create(phase=phase)
        refused = refuses_phase(account, back)
        states = (probe(account.bearer()), probe(account.basic()))
        stayed = [each.status for each in states] == [200, 200 if phase == "transition" else 401]
        told = f"{'refused' if refused else 'allowed'}, then token {seen(states[0])}, password {seen(states[1])}"
        holds("SAM-AUTH-48", refused and stayed, expected="refused, the phase as before", observed=told)


def refuses_phase(account: AccountHandle, phase: str) -> bool:
    """Whether the hook refuses to set the phase, and does not break."""
    try:
        account.hook("phase.set", phase=phase)
    except HookRefused as refusal:
        return refusal.status < 500
    return False


def populate(client: ScimClient, run: Run, *, users: int, groups: int = 0) -> list[Document]:
    """New users of the account, and groups with the first of them as member."""
    made = [users_of(client, run).create(title="Planner") for _ in range(users)]
    for _ in range(groups):
        groups_of(client, run).create(members=[{"value": made[0]["id"]}])
    return made


@clause("SAM-AUTH-49")
@budget(13)
def test_both_credentials_see_the_same(accounts: Accounts, run: Run) -> None:
    """Password and token show the same users and groups, and each what the other wrote."""
    account = accounts.create(phase="transition")
    password, token = account.basic(), account.bearer()
    made = populate(password, run, users=3, groups=1)
    same = difference(holdings(password), holdings(token))
    holds("SAM-AUTH-49", not same, expected="the same lists", observed=same or "the same lists", harm=True)
    for writer, reader, title in ((token, password, "Written by token"), (password, token, "Written by password")):
        written = change(writer, made[0], "title", title)
        read = reader.get(f"/Users/{made[0]['id']}")
        agrees = read.resource.get("title") == title and read.headers.get("ETag") == written.headers.get("ETag")
        holds("SAM-AUTH-49", agrees, expected=title, observed=read.resource.get("title"), answer=read, harm=True)


@clause("SAM-AUTH-50")
@budget(14)
def test_a_phase_change_touches_no_resource(accounts: Accounts, run: Run) -> None:
    """Before and after each phase change the account holds the same users and groups."""
    account = accounts.create(phase="basic")
    populate(account.basic(), run, users=3, groups=2)
    before = holdings(account.basic())
    account.hook("phase.set", phase="transition")
    token = account.bearer(str(account.hook("credential.create", kind="token")["token"]))
    for phase, client in (("transition", account.basic()), ("transition", token), ("token", token)):
        account.hook("phase.set", phase=phase)
        keeps("SAM-AUTH-50", phase, before, holdings(client))


def keeps(clause_id: str, phase: str, before: Holdings, after: Holdings) -> None:
    """Judge that nothing was lost, doubled, re-numbered or changed."""
    told = difference(before, after)
    observed = f"in phase {phase}: {told or 'nothing changed'}"
    holds(clause_id, before == after, expected="nothing changed", observed=observed, harm=True)


@clause("SAM-AUTH-52")
@budget(11)
def test_a_walk_survives_a_phase_change(accounts: Accounts, run: Run) -> None:
    """Pages read by password before the change and by token after it hold every user once."""
    account = accounts.create(phase="transition")
    populate(account.bearer(), run, users=2 * PAGE)
    whole = ids_of(walk(account.bearer(), "/Users"))
    first: list[Document] = []
    for start in (1, 1 + PAGE):
        first += account.basic().query("/Users", startIndex=start, count=PAGE).resources
    account.hook("phase.set", phase="token")
    found = ids_of([*first, *walk(account.bearer(), "/Users", count=PAGE, start=1 + len(first))])
    told = f"{len(found)} entries, missing {sorted(set(whole) - set(found))}"
    holds("SAM-AUTH-52", found == whole, expected=f"{len(whole)} users, each once", observed=told, harm=True)


def ids_of(resources: list[Document]) -> list[str]:
    """The ids, sorted, doubled ones too."""
    return sorted(str(each["id"]) for each in resources)
