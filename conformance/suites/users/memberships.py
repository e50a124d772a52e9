"""The groups of a user, which the target keeps (RFC 7643 section 4.1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from conformance.client import Answer
from conformance.judging import budget, clause, holds, not_applicable, refused
from conformance.population import Document, Groups, Users
from conformance.suites.filtering.asking import shown
from conformance.suites.links import place
from conformance.suites.users.portrait import objects
from conformance.target import Target


@dataclass(slots=True)
class Circle:
    """A user in the groups `inner` and `second`, and an empty group; `inner` is in `outer` where the target nests."""

    users: Users
    groups: Groups
    user: Document
    inner: Document
    second: Document
    outer: Document | None
    empty: Document

    def listed(self) -> list[Document]:
        """The groups the user shows; asked for by name where they are not shown otherwise."""
        return listed(self.users, self.user)


def listed(users: Users, user: Document) -> list[Document]:
    """The groups a user shows; asked for by name where they are not shown otherwise."""
    path = users.path(user)
    found = objects(users.client.get(path).resource.get("groups"))
    return found or objects(users.client.get(path, params={"attributes": "groups"}).resource.get("groups"))


def ids_in(elements: list[Document]) -> list[str]:
    """The values of the elements, in order."""
    return sorted(str(element.get("value")) for element in elements)


@pytest.fixture(scope="module")
def circle(suite_users: Users, suite_groups: Groups) -> Circle:
    """One circle for the whole suite."""
    user = suite_users.create()
    inner, second = (suite_groups.create(members=[{"value": user["id"]}]) for _ in range(2))
    nested = suite_groups.post(suite_groups.body(members=[{"value": inner["id"], "type": "Group"}]))
    outer = nested.resource if nested.ok else None
    return Circle(suite_users, suite_groups, user, inner, second, outer, suite_groups.create())


def without(groups: Groups, group: Document, member: Document, target: Target) -> Answer:
    """The answer to taking a member out of a group."""
    if target.has("patch"):
        gone = f'members[value eq "{member["id"]}"]'
        return groups.client.patch(groups.path(group), [{"op": "remove", "path": gone}])
    whole = groups.read(group)
    rest = [each for each in objects(whole.get("members")) if each.get("value") != member["id"]]
    return groups.client.put(groups.path(group), {**whole, "members": rest})


@clause("7643-4.1.2-14")
@budget(8)
def test_the_groups_of_a_user_are_read_only(users: Users, circle: Circle, target: Target) -> None:
    """Groups in the body of a user are ignored, and a PATCH of them is refused."""
    claim: list[Any] = [{"value": circle.empty["id"]}]
    made = users.post(users.body(groups=claim))
    put = users.client.put(users.path(made.resource), {**made.resource, "groups": claim}) if made.ok else made
    joined = listed(users, made.resource) if made.ok else []
    seen = (shown(made), shown(put), ids_in(joined))
    ignored = made.ok and put.ok and not joined
    holds("7643-4.1.2-14", ignored, expected="2xx, no groups", observed=seen, answer=put)
    if made.ok and target.has("patch"):
        answer = users.client.patch(users.path(made.resource), [{"op": "add", "path": "groups", "value": claim}])
        same = not listed(users, made.resource)
        refused("7643-4.1.2-14", answer, status=400, scim_type="mutability", unchanged=same)


@clause("7643-4.1.2-15", "7643-4.1.2-16")
@budget(6)
def test_a_user_shows_its_groups(circle: Circle) -> None:
    """A user shows the groups it is in, by id, with a reference that leads there and the right type."""
    found = circle.listed()
    mine = next((each for each in found if each.get("value") == circle.inner["id"]), {})
    led = circle.users.client.get(place(mine["$ref"])) if mine.get("$ref") else None
    right = bool(mine) and circle.second["id"] in ids_in(found) and circle.empty["id"] not in ids_in(found)
    there = led is None or (led.ok and led.resource.get("id") == circle.inner["id"])
    expected = f"{circle.inner['id']}, with a $ref to it, and {circle.second['id']}"
    holds("7643-4.1.2-15", right and there, expected=expected, observed=found, answer=led)
    over = next((each for each in found if circle.outer and each.get("value") == circle.outer["id"]), {})
    types = (mine.get("type", "direct"), over.get("type", "indirect"))
    holds("7643-4.1.2-16", types == ("direct", "indirect"), expected="direct; indirect if nested", observed=found)


@clause("7643-4.1.2-17")
@budget(10)
def test_direct_groups_are_left_through_the_group(users: Users, groups: Groups, circle: Circle, target: Target) -> None:
    """A user leaves a group it is listed in directly; one it is in through another group it cannot leave."""
    leaver, stays = users.create(), users.create()
    group = groups.create(members=[{"value": leaver["id"]}, {"value": stays["id"]}])
    if group["id"] not in ids_in(listed(users, leaver)):
        not_applicable("7643-4.1.2-17", "a user does not show its groups")
        return
    answer = without(groups, group, leaver, target)
    left = (ids_in(listed(users, leaver)), ids_in(listed(users, stays)))
    told, fine = f"{shown(answer)}, then {left}", answer.ok and left == ([], [group["id"]])
    holds("7643-4.1.2-17", fine, expected="one left, one stays", observed=told, answer=answer)
    over = next((each for each in circle.listed() if each.get("type") == "indirect"), None)
    if over:
        tried = without(groups, {"id": over["value"]}, circle.user, target)
        still = over["value"] in ids_in(circle.listed()) and tried.status < 500
        holds("7643-4.1.2-17", still, expected="still in it", observed=shown(tried), answer=tried)
