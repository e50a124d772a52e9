"""Membership is changed without being loaded."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mock_samanage.scim.errors import InvalidValue, Uniqueness
from mock_samanage.store import Record, Session
from mock_samanage.tenant.clock import SECOND, ManualClock
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.resource import Resource
from tests.mock_samanage.tenant.bodies import found, group, patch, removal, user

NOTHING = frozenset[str]()


@pytest.fixture
def people(directory: Directory) -> list[str]:
    return [directory.create("User", user(name)).id for name in ("ann", "bob", "cy")]


def ids(resource: Resource) -> list[str]:
    return [member.id for member in resource.members or ()]


def test_members_are_added_removed_and_replaced(directory: Directory, people: list[str], clock: ManualClock) -> None:
    ann, bob, cy = people
    crew = directory.create("Group", group("Ops", ann, ann))
    assert ids(crew) == [ann]
    clock.advance(SECOND)
    added = directory.patch("Group", crew.id, patch(("Add", "members", [{"$ref": None, "value": bob}, {"value": ann}])))
    assert (ids(added), added.version, added.modified) == ([ann, bob], 2, crew.modified + SECOND)
    assert ids(directory.patch("Group", crew.id, removal(f'members[value eq "{ann}"]'))) == [bob]
    assert ids(directory.patch("Group", crew.id, patch(("Remove", "members", [{"value": bob}])))) == []
    assert ids(directory.patch("Group", crew.id, patch(("replace", "members", [{"value": bob}, {"value": cy}])))) == [
        bob,
        cy,
    ]
    assert ids(directory.patch("Group", crew.id, removal('members[display eq "CY"]'))) == [bob]
    assert ids(directory.patch("Group", crew.id, removal("members"))) == []
    assert ids(directory.replace("Group", crew.id, group("Ops", cy, ann))) == [ann, cy]


def test_removing_who_is_no_member_changes_nothing(directory: Directory, people: list[str]) -> None:
    crew = directory.create("Group", group("Ops", people[0]))
    for body in (removal(f'members[value eq "{people[1]}"]'), patch(("remove", "members", [{"value": "77"}]))):
        assert directory.patch("Group", crew.id, body) == crew


def test_a_member_and_the_name_change_together(directory: Directory, people: list[str]) -> None:
    crew = directory.create("Group", group("Ops"))
    both = patch(("replace", "displayName", "Dev"), ("add", "members", [{"value": people[0]}]))
    after = directory.patch("Group", crew.id, both)
    assert (after.version, after.document["displayName"], ids(after)) == (2, "Dev", [people[0]])


def test_the_name_of_a_group_is_unique_and_given(directory: Directory) -> None:
    directory.create("Group", group("Ops"))
    with pytest.raises(Uniqueness, match="displayName 'OPS' is taken"):
        directory.create("Group", group("OPS"))
    with pytest.raises(InvalidValue, match="displayName"):
        directory.create("Group", group(""))


@pytest.mark.parametrize("verb", ["create", "replace", "patch"])
def test_an_unknown_member_is_refused_by_its_id(directory: Directory, people: list[str], verb: str) -> None:
    crew = directory.create("Group", group("Ops", people[0]))
    writes: dict[str, Callable[[], Resource]] = {
        "create": lambda: directory.create("Group", group("New", people[1], "77")),
        "replace": lambda: directory.replace("Group", crew.id, group("Ops", "77")),
        "patch": lambda: directory.patch(
            "Group", crew.id, patch(("add", "members", [{"value": people[1]}, {"value": "77"}]))
        ),
    }
    with pytest.raises(InvalidValue, match="no user or group with the id '77'"):
        writes[verb]()
    assert directory.get("Group", crew.id) == crew
    assert found(directory, 'displayName eq "New"', "Group") == []


def test_a_group_is_no_member_of_itself(directory: Directory) -> None:
    crew = directory.create("Group", group("Ops"))
    with pytest.raises(InvalidValue, match="member of itself"):
        directory.patch("Group", crew.id, patch(("add", "members", [{"value": crew.id}])))


def test_changes_of_single_members_never_load_the_others(
    directory: Directory, people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = directory.create("Group", group("Ops", *people[:2]))

    def members(session: Session, record: Record) -> list[object]:
        raise AssertionError(f"{session} loaded the members of {record.id}")

    monkeypatch.setattr(Session, "members", members)
    for body in (
        patch(("add", "members", [{"value": people[2]}])),
        patch(("remove", "members", [{"value": people[2]}])),
        removal(f'members[value eq "{people[0]}"]'),
        removal("members"),
    ):
        directory.patch("Group", crew.id, body, wanted=NOTHING)
    directory.get("Group", crew.id, wanted=NOTHING)
    assert found(directory, 'displayName eq "Ops"', "Group", wanted=NOTHING) == [crew.id]
    monkeypatch.undo()
    assert ids(directory.get("Group", crew.id)) == []
