"""Trouble in mid-cycle: storms, an expired token, the migration; afterwards everybody is there, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Final

import pytest

from conformance.accounts import Accounts
from conformance.client import ScimClient
from conformance.entra.job.escrows import LONGEST
from conformance.entra.job.model import CycleResult
from conformance.judging import budget, clause, holds
from conformance.population import Groups, Users
from conformance.run import Run
from conformance.suites.auth_migration.phased import credential_of
from conformance.suites.provisioning.channel import Halfway, Storm
from conformance.suites.provisioning.office import Office, opened
from conformance.suites.provisioning.telling import gathers, logged, reports, stands, succeeded, told
from conformance.target import Target

AFTERWARDS: Final = 3
"""Cycles after a storm: one makes what is missing, one its references, one has nothing to do."""


@pytest.fixture
def office(users: Users, groups: Groups, target: Target) -> Iterator[Office]:
    """An office with nobody in it."""
    with opened(target, users, groups) as found:
        yield found


def weathered(office: Office, status: int) -> None:
    """A first synchronization goes through a storm, and some cycles further.

    They are a day apart, so that whatever failed is tried again in each.
    """
    office.hire("ada", "bob")
    office.change("manager {ada} {bob}")
    if office.target.has("type:Group"):
        office.found("ops", "ada", "bob")
    office.settings(interval=LONGEST)
    seed = f"{office.users.run.seed}/{status}"
    storm = office.job.channel = Storm.of(office.channel, status, Random(seed))  # noqa: S311 - an order, no secret
    for _ in range(len(storm.kinds)):
        if storm.kinds:
            office.cycle()
    office.cycles(AFTERWARDS)


def storm(clause_id: str, office: Office, status: int, code: str) -> None:
    """Judge that the log tells of the storm, and that afterwards everything is there once."""
    weathered(office, status)
    failed = list(office.job.state.events(status="failure"))
    codes = {each.problem.code for each in failed if each.problem}
    holds(clause_id, code in codes, expected=f"failures: {code}", observed=told(failed))
    left = office.job.state.escrows()
    holds(clause_id, not left, expected="nothing waits any more", observed=f"{len(left)} objects wait")
    stands(clause_id, office, "ada", "bob")
    reports(clause_id, office, "ada", "bob")
    if "ops" in office.ids:
        gathers(clause_id, office, "ops", "ada", "bob")


@clause("ENTRA-6.4-01")
@budget(19)
def test_a_storm_of_429_is_weathered(office: Office) -> None:
    """After a time of 429 everything has arrived, and nothing is there twice."""
    storm("ENTRA-6.4-01", office, 429, "TooManyRequests")


@clause("ENTRA-6.4-02")
@budget(23)
def test_a_storm_of_500_is_weathered(office: Office) -> None:
    """After a time of 500, some for requests that were done, everything has arrived, nothing twice."""
    storm("ENTRA-6.4-02", office, 500, "InternalServerError")


Opened = Callable[[ScimClient], Office]


@pytest.fixture
def branch(target: Target, run: Run) -> Iterator[Opened]:
    """Opens an office on an account of its own."""
    contexts = []

    def open_branch(client: ScimClient) -> Office:
        context = opened(target, Users(client, run, "/Users"), Groups(client, run, "/Groups"))
        contexts.append(context)
        found = context.__enter__()
        found.hire("ada", "bob", "cid")
        return found

    yield open_branch
    for context in contexts:
        context.__exit__(None, None, None)


def interrupted(office: Office, event: Callable[[], object]) -> CycleResult:
    """The end of a cycle in which something happened right after the first write."""
    office.job.channel = Halfway(office.channel, 1, event)
    return office.cycle()


def signed_in(office: Office, client: ScimClient) -> None:
    """Another credential is entered, and the suite reads with it too."""
    office.channel.client = office.users.client = office.groups.client = client


def locked_out(clause_id: str, office: Office, result: CycleResult) -> None:
    """Judge that a cycle ended for a refused credential, which put the job into quarantine."""
    found = office.job.state.quarantine
    seen = f"{result.state}, quarantine {found.reason}: {found.error_code}" if found else f"{result.state}, none"
    right = found is not None and (found.reason, found.error_code) == ("EncounteredQuarantineException", "Unauthorized")
    holds(clause_id, right, expected="quarantine EncounteredQuarantineException: Unauthorized", observed=seen)


def goes_on(clause_id: str, office: Office) -> None:
    """Judge that the next cycle lifts the quarantine, and everybody is there once."""
    succeeded(clause_id, office, office.cycle())
    lifted = office.job.state.quarantine is None
    holds(clause_id, lifted, expected="no quarantine", observed="lifted" if lifted else "still there")
    stands(clause_id, office, "ada", "bob", "cid")


@clause("ENTRA-6.5-01", "ENTRA-6.5-02")
@budget(15)
def test_an_expired_token_stops_the_job_until_a_new_one(accounts: Accounts, branch: Opened) -> None:
    """A token that expires in mid-cycle stops the job, and with a new one it goes on where it was."""
    account = accounts.create(phase="token")
    office = branch(account.bearer())
    old = credential_of(account, "token")
    result = interrupted(office, lambda: account.hook("credential.expire", credential=old))
    logged("ENTRA-6.5-01", office, result, min(office.ids, key=office.ids.__getitem__), "create")
    locked_out("ENTRA-6.5-01", office, result)
    signed_in(office, account.bearer(str(account.hook("credential.create", kind="token")["token"])))
    goes_on("ENTRA-6.5-02", office)


@clause("ENTRA-6.5-03", "ENTRA-6.5-04")
@budget(24)
def test_a_migration_in_mid_cycle_loses_nobody(accounts: Accounts, branch: Opened) -> None:
    """A password outlives the beginning of the migration; after its end a token goes on."""
    account = accounts.create(phase="basic")
    office = branch(account.basic())
    succeeded("ENTRA-6.5-03", office, interrupted(office, lambda: account.hook("phase.set", phase="transition")))
    stands("ENTRA-6.5-03", office, "ada", "bob", "cid")
    token = account.bearer(str(account.hook("credential.create", kind="token")["token"]))
    office.change("move {ada} Research\nmove {bob} Research\nmove {cid} Research")
    locked_out("ENTRA-6.5-04", office, interrupted(office, lambda: account.hook("phase.set", phase="token")))
    signed_in(office, token)
    goes_on("ENTRA-6.5-04", office)


@clause("ENTRA-6.5-05")
@budget(10)
def test_a_job_with_a_token_notices_no_migration(accounts: Accounts, branch: Opened) -> None:
    """A job that uses a token already finishes the cycle in which passwords are switched off."""
    account = accounts.create(phase="transition")
    office = branch(account.bearer())
    succeeded("ENTRA-6.5-05", office, interrupted(office, lambda: account.hook("phase.set", phase="token")))
    stands("ENTRA-6.5-05", office, "ada", "bob", "cid")
