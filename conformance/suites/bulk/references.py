"""Operations that name what others of the job create (RFC 7644 sections 3.7.1 and 3.7.2)."""

from __future__ import annotations

import pytest

from conformance.judging import budget, clause, holds, not_applicable, observe
from conformance.population import Document, Groups, Users
from conformance.suites.bulk.jobs import REFERENCE, Bulk, Job, declined, manager_of, members_of, patch
from conformance.target import Target

UNRESOLVED = (400, 409)


@pytest.fixture
def bulk(users: Users, groups: Groups, target: Target) -> Bulk:
    """Sends jobs."""
    return Bulk(users, groups, target)


def ref(bulk_id: str) -> str:
    """The reference to what an operation creates."""
    return f"{REFERENCE}{bulk_id}"


def group_at(bulk: Bulk, job: Job, at: int) -> list[str]:
    """The members of the group an operation made; empty where it made none."""
    return members_of(bulk.shown(bulk.groups, job.id(at))) if job.status(at) // 100 == 2 else []


@clause("7644-3.7.2-01")
def test_references_to_new_users_become_their_ids(bulk: Bulk) -> None:
    """A reference in members becomes the id of the new user, in each group and for each member."""
    job = bulk.send(
        bulk.user("one"), bulk.user("two"), bulk.group("both", ref("one"), ref("two")), bulk.group("last", ref("two"))
    )
    found = [group_at(bulk, job, at) for at in (2, 3)]
    wanted = [sorted([job.id(0), job.id(1)]), [job.id(1)]]
    right = found == wanted and bool(job.id(1))
    told = f"{job.statuses()}: {found}"
    literal = any(each.startswith(REFERENCE) for members in found for each in members)
    holds("7644-3.7.2-01", right, expected=f"{wanted}", observed=told, answer=job.answer, harm=literal)


@clause("7644-3.7.2-02")
@budget(5)
def test_references_are_replaced_in_extensions(bulk: Bulk) -> None:
    """A reference in an extension becomes the id of the new user, also in a PUT."""
    kept = bulk.users.create()
    data = bulk.managed("x", ref("boss"))["data"]
    replaced = {"method": "PUT", "path": bulk.users.path(kept), "data": {**data, "userName": kept["userName"]}}
    job = bulk.send(bulk.user("boss"), bulk.managed("clerk", ref("boss")), replaced)
    found = [manager_of(bulk.shown(bulk.users, each)) or "nobody" for each in (job.id(1), str(kept["id"]))]
    right = found == [job.id(0)] * 2 and bool(job.id(0))
    told = f"{job.statuses()}: {found}"
    literal = any(each.startswith(REFERENCE) for each in found)
    holds("7644-3.7.2-02", right, expected=f"{job.id(0)} twice", observed=told, answer=job.answer, harm=literal)


@clause("7644-3.7.2-03")
def test_a_reference_in_a_path_is_followed_or_refused(bulk: Bulk) -> None:
    """A reference in the path of a later operation is followed, or refused with 4xx."""
    named = f"{bulk.groups.endpoint}/{ref('g')}"
    change = {"op": "replace", "path": "displayName", "value": bulk.groups.run.name("renamed")}
    job = bulk.send(bulk.group("other"), bulk.group("g"), patch(named, change))
    shown = [bulk.shown(bulk.groups, job.id(at)).get("displayName") == change["value"] for at in (0, 1) if job.id(at)]
    status = job.status(2)
    right = shown == [False, status // 100 == 2] and status // 100 in (2, 4)
    told = f"{job.statuses()}, renamed: {shown}"
    holds("7644-3.7.2-03", right, expected="2xx and renamed, or 4xx", observed=told, answer=job.answer)


@clause("7644-3.7.2-04")
@budget(5)
def test_a_reference_to_nothing_fails(bulk: Bulk) -> None:
    """A reference to no operation of the job fails with 400 or 409, and is never stored."""
    name = ref("nobody")
    job = bulk.send(bulk.group("g", name), bulk.user("u"), bulk.managed("m", name))
    stored = [name in group_at(bulk, job, 0), job.status(2) // 100 == 2 and _managed_by(bulk, job, 2, name)]
    literal = any(stored)
    holds("7644-3.7.2-04", not literal, expected="not stored", observed=stored, answer=job.answer, harm=literal)
    declined("7644-3.7.2-04", job, 0, UNRESOLVED, what="member of nobody")
    if bulk.target.has("extension:enterprise"):
        declined("7644-3.7.2-04", job, 2, UNRESOLVED, what="manager of nobody")


def _managed_by(bulk: Bulk, job: Job, at: int, manager: str) -> bool:
    return manager_of(bulk.shown(bulk.users, job.id(at))) == manager


@clause("7644-3.7.2-05")
def test_a_reference_to_a_failed_operation_fails(bulk: Bulk) -> None:
    """A reference to a failed create fails with it, or the group is made without that member."""
    taken = bulk.users.create()
    job = bulk.send(bulk.user("bad", userName=taken["userName"]), bulk.user("good"), bulk.group("g", ref("bad")))
    members = group_at(bulk, job, 2)
    harm = any(REFERENCE in each for each in members)
    status = job.status(2)
    right = (400 <= status < 500) or (status // 100 == 2 and not members)
    told = f"{job.statuses()}, members {members}"
    holds("7644-3.7.2-05", right, expected="4xx, or no member", observed=told, answer=job.answer, harm=harm)
    observe("7644-3.7.2-05", f"a group whose member failed: {status}")


@clause("7644-3.7.1-01", "7644-3.7.1-02")
@budget(6)
def test_circular_references_are_tried(bulk: Bulk) -> None:
    """Resources that refer to each other are linked both ways, or refused with 409."""
    operations = [bulk.managed("a", ref("b")), bulk.managed("b", ref("a"))]
    if not bulk.target.has("extension:enterprise"):
        operations = [bulk.group("a", ref("b")), bulk.group("b", ref("a"))]
    job = bulk.send(*operations, bulk.user("beside"))
    found = [_linked(bulk, job, at, operations) for at in (0, 1)]
    linked = found == [[job.id(1)], [job.id(0)]] and bool(job.id(0))
    refused = all(job.status(at) == 409 for at in (0, 1))
    told = f"{job.statuses()}, linked to {found}"
    harm = any(REFERENCE in each for names in found for each in names)
    holds("7644-3.7.1-01", linked or refused, expected="linked, or 409", observed=told, answer=job.answer, harm=harm)
    observe("7644-3.7.1-02", "refused with 409" if refused else told)


def _linked(bulk: Bulk, job: Job, at: int, operations: list[Document]) -> list[str]:
    """What the resource of an operation refers to; empty where there is none."""
    if job.status(at) // 100 != 2:
        return []
    if operations[at]["path"] == bulk.groups.endpoint:
        return members_of(bulk.shown(bulk.groups, job.id(at)))
    return [manager_of(bulk.shown(bulk.users, job.id(at)))]


def _nestable(target: Target) -> bool:
    """Whether a group may be a member of a group, which it may where the schema does not say."""
    said = [target.capabilities.attribute("Group", f"members.{name}") or {} for name in ("$ref", "value", "type")]
    listed = [each.get("referenceTypes") or each.get("canonicalValues") for each in said]
    return all("Group" in types for types in listed if isinstance(types, list) and types)


@clause("7644-3.7.1-01")
@budget(4)
def test_circular_memberships_are_tried(bulk: Bulk) -> None:
    """Groups that are members of each other are linked both ways, or refused with 409."""
    if not _nestable(bulk.target):
        not_applicable("7644-3.7.1-01", "members of a group are no groups here")
        return
    job = bulk.send(bulk.group("a", ref("b")), bulk.group("b", ref("c")), bulk.group("c", ref("a")))
    found = [group_at(bulk, job, at) for at in range(3)]
    wanted = [[job.id(1)], [job.id(2)], [job.id(0)]]
    right = found == wanted or all(status == 409 for status in job.statuses())
    harm = any(REFERENCE in each for members in found for each in members)
    told = f"{job.statuses()}: {found}"
    holds("7644-3.7.1-01", right, expected="linked, or 409", observed=told, answer=job.answer, harm=harm)
