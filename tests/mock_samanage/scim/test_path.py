"""Attribute names, name lists and the paths of PATCH operations."""

from __future__ import annotations

import pytest

from mock_samanage.scim.errors import InvalidFilter, InvalidPath
from mock_samanage.scim.filter import AttrPath, Compare, Operator, Present, ValuePath, parse_filter
from mock_samanage.scim.parser import LONGEST_FILTER
from mock_samanage.scim.path import PatchPath, parse_attr_path, parse_name_list, parse_patch_path
from mock_samanage.scim.registry import ENTERPRISE_URN

WORK = Compare(AttrPath(None, "type"), Operator.EQ, "work")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("userName", AttrPath(None, "userName")),
        (" name.familyName\t", AttrPath(None, "name", "familyName")),
        (f"{ENTERPRISE_URN}:manager.value", AttrPath(ENTERPRISE_URN, "manager", "value")),
        (f"{ENTERPRISE_URN}:manager.$ref", AttrPath(ENTERPRISE_URN, "manager", "$ref")),
    ],
)
def test_an_attribute_path_has_uri_name_and_sub_attribute(text: str, path: AttrPath) -> None:
    assert parse_attr_path(text) == path
    assert str(path) == text.strip()


@pytest.mark.parametrize("text", ["", " ", "a b", "a,b", "emails[0]", 'emails[type eq "x"]', "a.b.c", "/a", "9", "a\n"])
def test_what_is_no_attribute_path_is_an_invalid_path(text: str) -> None:
    with pytest.raises(InvalidPath, match="is no attribute name; right forms"):
        parse_attr_path(text)


def test_a_name_list_is_a_text_with_commas_or_a_list() -> None:
    names = (AttrPath(None, "userName"), AttrPath(None, "name", "givenName"), AttrPath(ENTERPRISE_URN, "department"))
    assert parse_name_list(f"userName, name.givenName,{ENTERPRISE_URN}:department") == names
    assert parse_name_list(["userName", " name.givenName", f"{ENTERPRISE_URN}:department"]) == names


def test_empty_entries_of_a_name_list_count_for_nothing() -> None:
    assert parse_name_list("") == ()
    assert parse_name_list(" ,userName,,") == (AttrPath(None, "userName"),)
    assert parse_name_list([]) == ()


@pytest.mark.parametrize("names", ["userName;title", "a b", "userName,emails[0]", ["userName,title"]])
def test_a_name_list_refuses_what_is_no_name(names: str | list[str]) -> None:
    with pytest.raises(InvalidPath):
        parse_name_list(names)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("userName", PatchPath(AttrPath(None, "userName"))),
        ("name.familyName", PatchPath(AttrPath(None, "name", "familyName"))),
        (f"{ENTERPRISE_URN}:manager", PatchPath(AttrPath(ENTERPRISE_URN, "manager"))),
        ('emails[type eq "work"]', PatchPath(AttrPath(None, "emails"), WORK)),
        ('emails[type eq "work"].value', PatchPath(AttrPath(None, "emails"), WORK, "value")),
        ('emails[type EQ"work"].$ref', PatchPath(AttrPath(None, "emails"), WORK, "$ref")),
        (f'{ENTERPRISE_URN}:x[type eq "work"].y', PatchPath(AttrPath(ENTERPRISE_URN, "x"), WORK, "y")),
        (
            'roles[primary eq "True"].value',
            PatchPath(AttrPath(None, "roles"), Compare(AttrPath(None, "primary"), Operator.EQ, "True"), "value"),
        ),
        (
            'schemas[value eq "x"]',
            PatchPath(AttrPath(None, "schemas"), Compare(AttrPath(None, "value"), Operator.EQ, "x")),
        ),
        ("members[value pr]", PatchPath(AttrPath(None, "members"), Present(AttrPath(None, "value")))),
    ],
)
def test_a_patch_path_has_attribute_bracket_and_sub_attribute(text: str, path: PatchPath) -> None:
    assert parse_patch_path(text) == path


def test_a_bracket_reads_the_same_in_a_path_and_in_a_filter() -> None:
    text = 'emails[type eq "work" or not (value sw "a" and primary eq true)]'
    path = parse_patch_path(text)
    assert path.filter is not None
    assert parse_filter(text) == ValuePath(path.path, path.filter)


def test_the_uri_of_an_extension_keeps_its_text() -> None:
    assert str(parse_patch_path(ENTERPRISE_URN)) == ENTERPRISE_URN
    assert str(parse_patch_path('emails[type eq "work"].value')) == "emails[…].value"


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 1),
        ("9x", 1),
        ("name..x", 1),
        ("name.givenName.x", 1),
        ("/emails/0", 1),
        ("userName title", 10),
        ('userName eq "x"', 10),  # T3 is not offered
        ("emails]", 7),
        ("emails [type pr]", 8),
        ("emails.type[value pr]", 1),
        ("emails[type pr].", 15),
        ("emails[type pr].9", 15),
        ("emails[type pr].a.b", 15),
        ("emails[type pr] title", 17),
        ("emails[type pr].value pr", 23),
        ("emails[type pr][value pr]", 16),
    ],
)
def test_a_bad_patch_path_is_an_invalid_path_with_its_position(text: str, position: int) -> None:
    with pytest.raises(InvalidPath, match=rf"^path, position {position}: found .*, expected "):
        parse_patch_path(text)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("emails[", 8),
        ("emails[0]", 8),
        ("emails[]", 8),
        ('emails[type eq "work"', 22),
        ('emails[type regex "x"]', 13),
        ("emails[type eq work]", 16),
        ("emails[ims[type pr]]", 11),
        ("emails[urn:a:b:type pr]", 8),
    ],
)
def test_a_bad_bracket_is_an_invalid_filter_with_its_position(text: str, position: int) -> None:
    with pytest.raises(InvalidFilter, match=rf"^path, position {position}: found .*, expected "):
        parse_patch_path(text)


def test_a_patch_path_has_the_greatest_length_of_a_filter() -> None:
    with pytest.raises(InvalidPath, match=f"at most {LONGEST_FILTER}"):
        parse_patch_path("a" * (LONGEST_FILTER + 1))
    assert parse_patch_path("a" * LONGEST_FILTER).path.name == "a" * LONGEST_FILTER
