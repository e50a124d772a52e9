"""A walk by cursor through users that change meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from conformance.client import Answer
from conformance.judging import budget, clause, holds, not_applicable, observe
from conformance.population import Document, Users
from conformance.strategies.trees import literal
from conformance.suites.filtering.asking import shown
from conformance.suites.paging.walking import Walk, following, on, walked
from conformance.target import Target

ENDED = {"invalidCursor", "expiredCursor"}


@dataclass(frozen=True, slots=True)
class Crowd:
    """Users of this check alone, found by the beginning of their names."""

    users: Users
    mark: str

    def add(self, letter: str) -> Document:
        """One more user, whose name ends with the letter."""
        return self.users.create(userName=f"{self.mark}{letter}@{self.users.run.domain}")

    def page(self, cursor: str, order: Mapping[str, str]) -> Answer:
        """Two users of the crowd."""
        text = f"userName sw {literal(self.mark)}"
        return self.users.client.query(self.users.endpoint, text, count=2, cursor=cursor, **order)


@clause("9865-2-03")
@budget(15)
def test_a_walk_outlasts_changes(users: Users, target: Target) -> None:
    """Users that stay as they are come once each, whoever is created, changed or deleted during the walk."""
    crowd = Crowd(users, users.run.name("w"))
    made = {str(user["id"]): user for user in map(crowd.add, "bcefg")}
    orders: list[dict[str, str]] = [{}, *([{"sortBy": "userName"}] if target.has("sort") else [])]
    begun = [(order, crowd.page("", order)) for order in orders]
    if not all(following(page) and len(on(page)) == 2 and {*on(page)} <= {*made} for _, page in begun):
        not_applicable("9865-2-03", "no filter finds the users of this walk alone")
        return
    touched = disturb(crowd, made, [on(page) for _, page in begun])
    for order, first in begun:
        walk = walked(partial(crowd.page, order=order), first)
        judge(walk, made.keys() - touched, order)


def disturb(crowd: Crowd, made: Mapping[str, Document], seen: list[list[str]]) -> set[str]:
    """One user who was seen and one who was not are deleted, one is changed, one comes; the ids of those touched."""
    known = {id_ for page in seen for id_ in page}
    later = sorted(made.keys() - known, key=lambda id_: str(made[id_]["userName"]))
    gone, changed = {seen[0][1], later[0]}, later[-1]
    for id_ in gone:
        crowd.users.client.delete(crowd.users.path(id_))
    crowd.users.client.patch(crowd.users.path(changed), [{"op": "replace", "path": "title", "value": "Changed"}])
    crowd.add("d")
    return gone


def judge(walk: Walk, stayed: set[str], order: Mapping[str, Any]) -> None:
    """Judge that the walk ends, and gives each user that stayed once; or that it is called off."""
    found, last = walk.ids, walk.pages[-1]
    if last.status == 400 and last.scim_type in ENDED:
        observe("9865-2-03", f"a change calls off the walk: {last.scim_type}")
        return
    missing, twice = stayed - {*found}, len(found) - len({*found})
    told = f"{order or 'unsorted'}: {len(missing)} missing, {twice} twice; {shown(last)}"
    holds("9865-2-03", walk.ended, expected="the walk ends", observed=told, answer=last)
    right = not missing and not twice
    holds("9865-2-03", right, expected="each that stayed once", observed=told, answer=last, tolerated=True)
