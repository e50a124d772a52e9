"""PATCH on the members of a group, which are never loaded."""

from __future__ import annotations

from typing import Any

import pytest

from mock_samanage.scim.dialect import ENTRA, STRICT, Dialect
from mock_samanage.scim.errors import BadRequest, InvalidFilter, InvalidPath, InvalidValue, Mutability, NoTarget
from mock_samanage.scim.filter import parse_filter
from mock_samanage.scim.members import values_allowed, values_named
from mock_samanage.scim.patch import apply_patch
from mock_samanage.scim.registry import GROUP, GROUP_URN
from tests.mock_samanage.scim.patching import OPS, Listed, message, operation


def after(*operations: Any, dialect: Dialect = ENTRA, document: dict[str, Any] = OPS) -> list[str]:
    members = Listed("A", "B")
    result = apply_patch(GROUP, document, message(*operations), dialect=dialect, members=members)
    assert "members" not in result
    return members.ids


def refused(kind: type[BadRequest], *operations: Any, dialect: Dialect = ENTRA) -> None:
    members = Listed("A", "B")
    with pytest.raises(kind):
        apply_patch(GROUP, OPS, message(*operations), dialect=dialect, members=members)
    assert members.ids == ["A", "B"]


@pytest.mark.parametrize(
    "value",
    [
        [{"$ref": None, "value": "C"}],
        {"value": "C", "display": "Cy", "type": "User"},
        [{"$ref": "https://x/Users/C"}],
        [{"value": "A"}, {"value": "C"}, {"VALUE": "C", "type": "User"}],
    ],
)
def test_add_adds_the_ids_that_are_named(value: Any) -> None:
    assert after(operation("Add", "members", value)) == ["A", "B", "C"]
    assert after(operation("add", None, {"members": value})) == ["A", "B", "C"]
    assert after(operation("add", f"{GROUP_URN}:MEMBERS", value)) == ["A", "B", "C"]


def test_adding_nothing_or_what_is_there_changes_nothing() -> None:
    for value in ([], None, [{"value": "A"}]):
        assert after(operation("add", "members", value)) == ["A", "B"]


def test_remove_with_a_list_removes_only_the_listed() -> None:
    """AMB-25; Microsoft Entra ID without its flag."""
    assert after(operation("Remove", "members", [{"value": "A"}])) == ["B"]
    assert after(operation("Remove", "members", ["A", "Z"])) == ["B"]
    assert after(operation("Remove", "members", {"value": "Z"})) == ["A", "B"]
    assert after(operation("Remove", "members", [])) == ["A", "B"]


def test_remove_without_a_list_removes_all() -> None:
    assert after(operation("remove", "members")) == []
    assert after(operation("remove", "members", None)) == []


@pytest.mark.parametrize(
    ("condition", "left"),
    [
        ('value eq "A"', ["B"]),
        ('VALUE eq "A" or value eq "B"', []),
        ('value eq "a"', ["A", "B"]),
        ('value eq "Z"', ["A", "B"]),
        ('value ne "A"', ["A"]),
        ('type eq "user" and value eq "B"', ["A"]),
    ],
)
def test_remove_with_a_filter_removes_what_matches(condition: str, left: list[str]) -> None:
    assert after(operation("remove", f"members[{condition}]")) == left


def test_removing_by_id_does_not_look_at_the_members() -> None:
    members = Listed("A", "B")
    body = message(operation("remove", 'members[value eq "A"]'), operation("add", "members", [{"value": "C"}]))
    apply_patch(GROUP, OPS, body, dialect=ENTRA, members=members)
    assert (members.ids, members.asked) == (["B", "C"], False)


def test_replace_sets_the_whole_membership() -> None:
    assert after(operation("replace", "members", [{"value": "B"}, {"value": "C"}])) == ["B", "C"]
    assert after(operation("replace", None, {"members": []})) == []
    assert after(operation("replace", "members", None)) == []


def test_a_member_is_removed_when_it_is_replaced_by_nothing() -> None:
    assert after(operation("replace", 'members[value eq "A"]', None)) == ["B"]


def test_operations_run_in_order() -> None:
    assert after(operation("remove", "members"), operation("add", "members", [{"value": "X"}])) == ["X"]


def test_a_member_keeps_what_identifies_it() -> None:
    for path, value in (
        ('members[value eq "A"].value', "B"),
        ('members[value eq "A"].display', "x"),
        ('members[value eq "A"]', {"value": "B"}),
        ("members.value", "C"),
        ("members.type", "Group"),
    ):
        refused(Mutability, operation("replace", path, value))
    refused(Mutability, operation("remove", 'members[value eq "A"].value'))
    refused(Mutability, operation("remove", "members.display"))
    assert after(operation("replace", 'members[value eq "A"].value', "A")) == ["A", "B"]


def test_a_filter_without_a_match_adds_the_member_it_describes() -> None:
    path = 'members[value eq "C"]'
    assert after(operation("add", path, {"value": "C"})) == ["A", "B", "C"]
    assert after(operation("add", f"{path}.value", "C")) == ["A", "B", "C"]
    assert after(operation("add", f"{path}.display", "Cy")) == ["A", "B", "C"]
    assert after(operation("add", "members.value", "C")) == ["A", "B", "C"]
    refused(NoTarget, operation("replace", path, {"value": "C"}), dialect=STRICT)


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (operation("add", "members", "C"), InvalidValue),
        (operation("add", "members", [{"display": "C"}]), InvalidValue),
        (operation("add", "members", [{"value": 5}]), InvalidValue),
        (operation("remove", "members", [{"value": 5}]), InvalidValue),
        (operation("remove", "members[nope pr]"), InvalidFilter),
        (operation("remove", "members.nope"), InvalidPath),
    ],
)
def test_what_names_no_member_is_refused(made: dict[str, Any], kind: type[BadRequest]) -> None:
    refused(kind, made)


def test_a_group_is_renamed_by_a_path_less_value_with_its_id() -> None:
    """PRAC-O-02."""
    body = message(operation("replace", None, {"id": "7", "displayName": "New"}))
    assert apply_patch(GROUP, OPS, body, dialect=ENTRA, members=Listed(), shown={"id": "7"})["displayName"] == "New"


def test_without_a_member_set_members_are_part_of_the_document() -> None:
    document = {**OPS, "members": [{"value": "A", "type": "User"}, {"value": "B"}]}

    def patched(*operations: Any) -> Any:
        return apply_patch(GROUP, document, message(*operations), dialect=ENTRA).get("members")

    assert patched(operation("remove", "members", [{"value": "A"}])) == [{"value": "B"}]
    assert patched(operation("add", "members", [{"value": "A", "type": "Group"}])) == document["members"]
    for path, value in (('members[value eq "A"].value', "C"), ('members[value eq "B"].$ref', "https://x/Users/B")):
        with pytest.raises(Mutability, match="immutable"):
            patched(operation("replace", path, value))
    with pytest.raises(Mutability, match="required"):
        patched(operation("remove", "members.value"))
    with pytest.raises(InvalidValue, match="required"):
        patched(operation("replace", 'members[value eq "A"].value', ""))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('value eq "a"', ["a"]),
        ('value eq "a" or (value eq "b" or value eq "c")', ["a", "b", "c"]),
        ('value eq "a" or type eq "b"', None),
        ('value eq "a" and value eq "b"', None),
        ("value eq 5", None),
        ('value ne "a"', None),
    ],
)
def test_ids_are_read_from_filters_that_name_them(text: str, ids: list[str] | None) -> None:
    assert values_named(parse_filter(text)) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('VALUE eq "a"', ["a"]),
        ('type eq "User" and value eq "a"', ["a"]),
        ('value eq "a" and value eq "b"', ["a"]),
        ('(value eq "a" or value eq "b") and not (type eq "User")', ["a", "b"]),
        ('value eq "a" or (value eq "b" and display co "c")', ["a", "b"]),
        ("value eq 5", []),
        ('value eq "a" or type eq "b"', None),
        ('not (value eq "a")', None),
        ('value sw "a"', None),
        ('value ne "a" and type eq "User"', None),
    ],
)
def test_filters_tell_whom_they_can_be_about(text: str, ids: list[str] | None) -> None:
    assert values_allowed(parse_filter(text)) == ids
