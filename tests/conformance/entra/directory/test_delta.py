"""What changed between two moments: one change per object, net."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.entra.directory.model import Change, Kind
from tests.conformance.entra.directory.sources import delta, group, source, user

BARE = Change("", Kind.USER, 0, frozenset())


@pytest.mark.parametrize(
    ("script", "changed"),
    [
        ("move ana Ops", {"ana": replace(BARE, attributes=frozenset({"department"}))}),
        (
            "set ana city=Lyon\nset ana state=Rhone",
            {"ana": replace(BARE, attributes=frozenset({"city", "state"}))},
        ),
        (
            "set ana userPrincipalName=a@b.example",
            {"ana": replace(BARE, attributes=frozenset({"userPrincipalName", "originalUserPrincipalName"}))},
        ),
        ("disable ana", {"ana": replace(BARE, attributes=frozenset({"accountEnabled"}), presence=True)}),
        ("delete ana", {"ana": replace(BARE, presence=True)}),
        ("manager ana bob", {"ana": replace(BARE, manager=True)}),
        ("assign ana Agent", {"ana": replace(BARE, assignment=True)}),
        (
            "assign ops Agent",
            {"ops": replace(BARE, kind=Kind.GROUP, assignment=True), "bob": replace(BARE, assignment=True)},
        ),
        (
            "join ops ana\nleave ops bob",
            {"ops": replace(BARE, kind=Kind.GROUP, members_added=("ana",), members_removed=("bob",))},
        ),
        ("join ops ana\nleave ops ana", {"ops": replace(BARE, kind=Kind.GROUP)}),
        ("leave ops bob\njoin ops bob", {"ops": replace(BARE, kind=Kind.GROUP)}),
        (
            "leave ops bob\njoin ops bob\nleave ops bob",
            {"ops": replace(BARE, kind=Kind.GROUP, members_removed=("bob",))},
        ),
        ("join ops bob", {}),
        ("set ana displayName=Ana", {}),
        ("assign ana Agent\nunassign ana Agent", {"ana": replace(BARE, assignment=True)}),
        ("unassign ana", {}),
        ("delete ana\nrestore ana", {"ana": replace(BARE, presence=True)}),
    ],
)
def test_what_each_change_leaves(script: str, changed: dict[str, Change]) -> None:
    found = delta(source(user("ana"), user("bob"), group("ops", "bob")), script)
    assert {id: replace(change, id="", position=0) for id, change in found.items()} == changed


def test_a_new_object_is_new_whatever_follows() -> None:
    (change,) = delta(source(user("bob")), "hire eve@fabrik.example\nset eve@fabrik.example city=Lyon").values()
    assert change.attributes is None


def test_members_of_an_assigned_group_change_their_assignment_when_they_come_or_go() -> None:
    found = source(user("ana"), user("bob"), group("ops", "bob"))
    found.assign("ops", "Agent")
    changes = delta(found, "join ops ana\nleave ops bob")
    assert {id for id, change in changes.items() if change.assignment} == {"ana", "bob"}


def test_changes_come_in_the_order_of_the_latest_and_after_a_position() -> None:
    found = source(user("ana"), user("bob"))
    changes = delta(found, "move ana A\nmove bob B\nmove ana C")
    assert list(changes) == ["bob", "ana"]
    assert changes["ana"].position == found.position()
    assert found.changes(found.position()) == []
