"""Each operation needs the right that its request needs (RFC 7644 section 2), also when it is lost in mid-job."""

from __future__ import annotations

import pytest

from conformance.accounts import AccountHandle, Accounts
from conformance.client import ScimClient
from conformance.errors import HookAbsent, HookRefused
from conformance.judging import budget, clause, holds, not_applicable
from conformance.population import Document
from conformance.run import Run
from conformance.suites.auth_migration.people import ADMINISTRATOR, groups_of, hire, token_for, users_of
from conformance.suites.auth_migration.phased import insider
from conformance.suites.bulk.jobs import Bulk, Job
from conformance.target import Target

LOST = (401, 403)


@pytest.fixture(scope="module")
def account(suite_accounts: Accounts) -> AccountHandle:
    """An account of this suite, whose administrators come and go."""
    return suite_accounts.create()


def bulk_of(client: ScimClient, run: Run, target: Target) -> Bulk:
    """Sends jobs to the account of the client."""
    return Bulk(users_of(client, run), groups_of(client, run), target)


def second(account: AccountHandle, run: Run, role: str = ADMINISTRATOR) -> tuple[Document, ScimClient] | None:
    """A new user of that role and a client with his credential; None where the target gives him none."""
    user = hire(insider(account), run, role)
    try:
        return user, account.bearer(token_for(account, user))
    except (HookAbsent, HookRefused):
        return None


@clause("7644-2-02")
@budget(4)
def test_a_job_needs_the_rights_of_its_operations(account: AccountHandle, run: Run, target: Target) -> None:
    """Whoever may not create a user by a request may not by a job."""
    hired = second(account, run, "Requester")
    if hired is None:
        not_applicable("7644-2-02", "nobody but an administrator gets a credential")
        return
    bulk = bulk_of(hired[1], run, target)
    alone = bulk.users.post(bulk.users.body())
    job = bulk.send(bulk.user("u"))
    made = _exists(account, job.sent[0])
    right = alone.ok or (job.status(0) in LOST and not made)
    _judge(job, 0, right=right, made=made)


@clause("7644-2-02")
@budget(6)
def test_a_right_may_be_lost_in_mid_job(account: AccountHandle, run: Run, target: Target) -> None:
    """Operations after the one that disables their own sender are refused."""
    hired = second(account, run)
    if hired is None:
        not_applicable("7644-2-02", "the target gives a second administrator no credential")
        return
    user, client = hired
    bulk = bulk_of(client, run, target)
    job = bulk.send(bulk.user("before"), bulk.put(user, active=False), bulk.user("after"))
    if client.query("/Users", count=1).ok:
        not_applicable("7644-2-02", "who disables himself keeps his rights")
        return
    made = _exists(account, job.sent[2])
    _judge(job, 2, right=job.status(2) in LOST and not made, made=made)


def _exists(account: AccountHandle, operation: Document) -> bool:
    name = operation["data"]["userName"]
    return insider(account).query("/Users", f'userName eq "{name}"').total > 0


def _judge(job: Job, at: int, *, right: bool, made: bool) -> None:
    """Judge that an operation was refused for want of a right; another refusal is a deviation."""
    status = job.status(at)
    told = f"{job.statuses()}, created: {made}"
    mild = not made and 400 <= status < 500
    holds("7644-2-02", right, expected="401 or 403", observed=told, answer=job.answer, tolerated=mild)
