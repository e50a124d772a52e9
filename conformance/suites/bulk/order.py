"""The order of operations, and versions as conditions of them (RFC 7644 section 3.7)."""

from __future__ import annotations

import pytest

from conformance.judging import budget, clause, holds, not_applicable
from conformance.population import Document, Groups, Users
from conformance.suites.bulk.jobs import REFERENCE, Bulk, declined, members_of, patch
from conformance.target import Target


@pytest.fixture
def bulk(users: Users, groups: Groups, target: Target) -> Bulk:
    """Sends jobs."""
    return Bulk(users, groups, target)


@clause("7644-3.7-21")
@budget(5)
def test_operations_on_one_resource_run_in_their_order(bulk: Bulk) -> None:
    """Operations on one resource run in their order, whatever their method, and none is left out."""
    one, two = bulk.users.create(), bulk.users.create()
    titled = patch(bulk.users.path(one), {"op": "replace", "path": "title", "value": "Director"})
    job = bulk.send(
        bulk.put(one, displayName="first"),
        *([titled] if bulk.target.has("patch") else []),
        bulk.edit(two, "first"),
        bulk.edit(one, "second"),
        bulk.put(two, displayName="second"),
    )
    shown = [bulk.users.read(each) for each in (one, two)]
    names = [each.get("displayName") for each in shown]
    titles = [shown[0].get("title")] if bulk.target.has("patch") else ["Director"]
    told, right = f"{job.statuses()}, then {names} {titles}", names == ["second"] * 2 and titles == ["Director"]
    holds("7644-3.7-21", right, expected="the last writes", observed=told, answer=job.answer)


@clause("7644-3.7-19")
@budget(5)
def test_a_job_comes_to_what_its_requests_in_turn_come_to(bulk: Bulk) -> None:
    """What is done before and after a deletion has the outcome of single requests in turn."""
    user, other = bulk.users.create(), bulk.users.create()
    again = bulk.user("again", userName=user["userName"])
    early = bulk.user("early", userName=user["userName"])
    job = bulk.send(early, bulk.edit(user, "edited"), bulk.delete(user), bulk.edit(user, "late"), again)
    wanted = [409, 2, 204, 404, 201]
    found = [status // 100 if at == 1 else status for at, status in enumerate(job.statuses())]
    right = found == wanted and bulk.users.gone(user) and not bulk.users.gone(other)
    holds("7644-3.7-19", right, expected=f"{wanted}", observed=found, answer=job.answer)


@clause("7644-3.7-19")
def test_a_reference_may_come_before_what_it_names(bulk: Bulk) -> None:
    """A group that comes before its member has it, or is refused with 409 or 400."""
    if not bulk.target.has("type:Group"):
        not_applicable("7644-3.7-19", "the target has no groups")
        return
    job = bulk.send(bulk.group("g", f"{REFERENCE}u"), bulk.user("u"))
    if job.status(0) // 100 != 2:
        declined("7644-3.7-19", job, 0, (409, 400), what="forward reference")
        return
    found, wanted = members_of(bulk.shown(bulk.groups, job.id(0))), [job.id(1)]
    literal = any(REFERENCE in each for each in found)
    holds("7644-3.7-19", found == wanted, expected=f"{wanted}", observed=found, answer=job.answer, harm=literal)


@clause("7644-3.7-20")
@budget(8)
def test_a_version_is_a_condition(bulk: Bulk) -> None:
    """An operation with an outdated version fails with 412, one with the current version is done."""
    current, stale = bulk.users.create(), bulk.users.create()
    outdated = _version(bulk, stale)
    bulk.send(bulk.edit(stale, "newer"))
    job = bulk.send(
        bulk.edit(stale, "lost", version=outdated),
        {**bulk.put(stale, displayName="lost"), "version": outdated},
        bulk.delete(stale, version=outdated),
        bulk.edit(current, "done", version=_version(bulk, current)),
    )
    same = bulk.client.get(bulk.users.path(stale))
    kept = same.ok and same.json.get("displayName") == "newer"
    told = f"{job.statuses()}, kept: {kept}"
    holds("7644-3.7-20", kept, expected="the newer version kept", observed=told, answer=job.answer, harm=True)
    for at in range(3):
        declined("7644-3.7-20", job, at, (412,))
    done = job.status(3) // 100 == 2 and bulk.name(current) == "done"
    holds("7644-3.7-20", done, expected="2xx and done", observed=job.status(3), answer=job.answer)


def _version(bulk: Bulk, user: Document) -> str:
    """The entity-tag of a user who was just made."""
    meta = user.get("meta")
    if isinstance(meta, dict) and isinstance(meta.get("version"), str):
        return str(meta["version"])
    return str(bulk.client.get(bulk.users.path(user)).headers.get("ETag") or '"none"')
