"""failOnErrors, and that each operation is done whole or not at all (RFC 7644 section 3.7)."""

from __future__ import annotations

import pytest

from conformance.judging import budget, clause, holds, not_applicable
from conformance.population import Document, Groups, Users
from conformance.suites.bulk.jobs import Bulk, patch
from conformance.target import Target


@pytest.fixture(scope="module")
def bulk(suite_users: Users, suite_groups: Groups, target: Target) -> Bulk:
    """Sends jobs."""
    return Bulk(suite_users, suite_groups, target)


@pytest.fixture(scope="module")
def user(suite_users: Users) -> Document:
    """One user whose displayName tells what was done last."""
    return suite_users.create()


@clause("7644-3.7-16")
def test_the_first_error_may_end_a_job(bulk: Bulk, user: Document) -> None:
    """failOnErrors=1 ends the job with the first error; what was done before stays."""
    edits = [bulk.edit(user, name) for name in ("first", "second")]
    job = bulk.send(edits[0], bulk.absent(), edits[1], failOnErrors=1)
    told = ([each.get("status") for each in job.done], bulk.name(user))
    right = len(job.done) == 2 and job.status(1) == 404 and told[1] == "first"
    holds("7644-3.7-16", right, expected="two results, and the name first", observed=told, answer=job.answer)


@clause("7644-3.7-17")
def test_a_higher_limit_tolerates_errors_below_it(bulk: Bulk, user: Document) -> None:
    """failOnErrors=2 goes on after the first error and ends with the second."""
    first, second, third = (bulk.edit(user, name) for name in ("third", "fourth", "fifth"))
    job = bulk.send(first, bulk.absent(), second, bulk.absent(), third, failOnErrors=2)
    told = ([each.get("status") for each in job.done], bulk.name(user))
    right = len(job.done) == 4 and told[1] == "fourth"
    holds("7644-3.7-17", right, expected="four results, and the name fourth", observed=told, answer=job.answer)


@clause("7644-3.12-35")
def test_a_limit_that_is_no_number_is_refused_or_ignored(bulk: Bulk) -> None:
    """failOnErrors that is no positive integer is refused with 400, or ignored."""
    for wrong in ("x", -1):
        job = bulk.send(bulk.absent(), bulk.absent(), failOnErrors=wrong)
        fine = job.answer.status == 400 or (job.answer.status == 200 and len(job.done) == 2)
        told = f"{wrong!r}: {job.answer.status}, {len(job.done)} results"
        holds("7644-3.12-35", fine, expected="400, or both results", observed=told, answer=job.answer)


@clause("7644-3.7-23")
@budget(6)
def test_an_operation_is_done_whole_or_not_at_all(bulk: Bulk, user: Document) -> None:
    """A PATCH operation that fails in its middle changes nothing, in the midst of others that do."""
    before = [bulk.users.create(), user]
    name = {"op": "replace", "path": "displayName", "value": "half done"}
    clash = {"op": "replace", "path": "userName", "value": before[1]["userName"]}
    unknown = {"op": "replace", "path": "noSuchAttribute", "value": "x"}
    operations = [patch(bulk.users.path(each), name, bad) for each, bad in zip(before, (clash, unknown), strict=True)]
    job = bulk.send(*operations)
    failed = [at for at in range(2) if job.status(at) >= 400]
    if not failed:
        not_applicable("7644-3.7-23", "no PATCH that could fail does")
    for at in failed:
        shown = bulk.name(before[at])
        told = f"{job.status(at)}, then displayName {shown}"
        holds("7644-3.7-23", shown != "half done", expected="as before", observed=told, answer=job.answer)
