"""Groups have versions as users do, and a change of their members is a change."""

from __future__ import annotations

from conformance.judging import budget, clause, either, holds, not_applicable
from conformance.population import Groups, Users
from conformance.suites.states import meta
from conformance.suites.versioning.tags import is_weak, tag_of
from conformance.target import Target


def absent(target: Target, *clauses: str) -> bool:
    """Whether the target has no groups, which is then said of each clause."""
    if target.has("type:Group"):
        return False
    for clause_id in clauses:
        not_applicable(clause_id, "the target has no groups")
    return True


@clause("7644-3.14-07", "7232-2.1-01", "7232-2.1-02")
@budget(6)
def test_a_group_changes_its_tag_with_its_members(users: Users, groups: Groups, target: Target) -> None:
    """A group shows its version, which is new with another member and the same at another read."""
    if absent(target, "7644-3.14-07", "7232-2.1-01", "7232-2.1-02"):
        return
    group, member = groups.create(), users.create()
    read = [groups.client.get(groups.path(group)) for _ in range(2)]
    first, tag = map(tag_of, read)
    version = meta(read[1].resource, "version")
    holds("7644-3.14-07", version == tag, expected=f"meta.version {tag}", observed=version, answer=read[1])
    holds("7232-2.1-02", first == tag, expected="one tag for two reads", observed=(first, tag), answer=read[1])
    body = groups.body(displayName=group["displayName"], members=[{"value": member["id"]}])
    changed = groups.client.put(groups.path(group), body)
    moved = tag_of(groups.client.get(groups.path(group)))
    fresh = changed.ok and moved not in ("", tag)
    holds("7232-2.1-01", fresh, expected="another tag with a member", observed=(tag, moved), answer=changed)


@clause("7644-3.14-09", "7232-3.1-01")
@budget(8)
def test_a_group_is_replaced_at_its_version_alone(users: Users, groups: Groups, target: Target) -> None:
    """A replace of a group is done with the present tag in If-Match, and stopped with an old one."""
    if absent(target, "7644-3.14-09", "7232-3.1-01"):
        return
    group, member = groups.create(), users.create()
    path, client, tag = groups.path(group), groups.client, tag_of(groups.client.get(groups.path(group)))
    body = groups.body(displayName=group["displayName"], members=[{"value": member["id"]}])
    passed = client.put(path, body, headers={"If-Match": tag})
    variants = {"passes": passed.ok, "refused": is_weak(tag) and passed.status == 412}
    if either("7644-3.14-09", "AMB-57", variants, observed=(tag, passed.status), answer=passed) != "passes":
        client.put(path, body)
    before = client.get(path).json
    stopped = client.put(path, groups.body(displayName=group["displayName"]), headers={"If-Match": tag})
    kept = client.get(path).json == before
    fine, told = kept and stopped.status == 412, (stopped.status, "unchanged" if kept else "changed")
    holds(
        "7232-3.1-01", fine, expected="412, unchanged", observed=told, answer=stopped, tolerated=kept and not stopped.ok
    )
