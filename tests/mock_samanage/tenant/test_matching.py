"""The filterable set: which filters it admits."""

from __future__ import annotations

import pytest

from mock_samanage.scim.errors import InvalidFilter
from mock_samanage.scim.filter import parse_filter
from mock_samanage.scim.registry import GROUP, USER
from mock_samanage.tenant.errors import BadArgument
from mock_samanage.tenant.matching import admit, canonical_entries

MANAGER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"


def admitted(text: str, *entries: str) -> bool:
    try:
        admit(parse_filter(text), canonical_entries(list(entries)), (USER,))
    except InvalidFilter:
        return False
    return True


@pytest.mark.parametrize(
    "text",
    [
        'emails.value eq "a"',
        'EMAILS.VALUE eq "a"',
        'emails[value eq "a"]',
        'emails[type eq "work" and value eq "a"]',
        'emails[type eq "work"].value eq "a"',
        "emails[primary eq true]",
        'emails eq "a"',
        "emails pr",
        'not (emails.value co "a")',
        'id eq "1" and emails.value eq "a"',
        'schemas eq "x" or meta.lastModified gt "2020-01-01T00:00:00Z" or meta pr',
        'urn:ietf:params:scim:schemas:core:2.0:User:emails.value eq "a"',
    ],
)
def test_a_value_entry_admits_every_spelling_of_it(text: str) -> None:
    assert admitted(text, "emails.value")


@pytest.mark.parametrize(
    "text",
    [
        'emails.type eq "work"',
        'emails[display eq "x"]',
        'emails[type eq "work" and display eq "x"]',
        'userName eq "a"',
        'userName eq "a" or emails.value eq "b"',
        'emails.value eq "b" and not (userName eq "a")',
        "phoneNumbers[primary eq true]",
        'name.familyName eq "a"',
        "roles pr",
    ],
)
def test_an_attribute_outside_the_set_is_refused_anywhere_in_the_filter(text: str) -> None:
    assert not admitted(text, "emails.value")


def test_a_complex_entry_includes_its_sub_attributes() -> None:
    assert admitted('name.familyName eq "a" and name pr', "name")
    assert admitted('emails[type eq "work" and display eq "x"] and emails.type eq "y"', "emails")
    assert not admitted('name.familyName eq "a"', "name.givenName")


def test_an_extension_attribute_goes_by_its_name_or_its_urn() -> None:
    for entry in ("manager", "manager.value", MANAGER, f"{MANAGER}.value"):
        assert admitted('manager eq "7"', entry)
        assert admitted(f'{MANAGER}.value eq "7"', entry)
    assert not admitted('department eq "x"', "manager")


def test_an_empty_set_still_admits_what_identifies_a_resource() -> None:
    assert admitted('id eq "1" and meta.resourceType eq "User"')
    assert not admitted("userName pr")


def test_all_admits_everything() -> None:
    admit(parse_filter('title eq "x"'), canonical_entries("all"), (USER,))


def test_a_query_over_both_types_is_judged_for_each() -> None:
    entries = canonical_entries(["displayName", "members"])
    admit(parse_filter('displayName eq "x" or members eq "7"'), entries, (USER, GROUP))
    with pytest.raises(InvalidFilter, match="userName"):
        admit(parse_filter('userName eq "x"'), entries, (USER, GROUP))


def test_the_refusal_names_the_attribute_and_the_set() -> None:
    with pytest.raises(InvalidFilter, match=r"emails\.type .* Filterable are: userName, externalId; and always id, "):
        admit(parse_filter('emails[type eq "work"]'), canonical_entries(["userName", "externalId"]), (USER,))


def test_a_name_no_type_has_is_left_to_the_binding() -> None:
    admit(parse_filter('nope eq "x"'), (), (USER,))


@pytest.mark.parametrize("entry", ["password", "nope", 'emails[type eq "work"].value', "", 7, "name.nope", "emails."])
def test_an_entry_that_no_filter_can_name_is_refused(entry: object) -> None:
    with pytest.raises(BadArgument, match="no attribute that a filter can name"):
        canonical_entries([entry])


def test_entries_are_canonical_and_given_once() -> None:
    assert canonical_entries(["USERNAME", "username", "manager"]) == ("userName", MANAGER)
    with pytest.raises(BadArgument, match="list of attribute paths"):
        canonical_entries("userName")
