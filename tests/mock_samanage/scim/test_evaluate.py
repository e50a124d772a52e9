"""The truth of filters over whole documents and over elements."""

from __future__ import annotations

from typing import Any

import pytest

from mock_samanage.scim.bind import bind
from mock_samanage.scim.errors import InvalidFilter
from mock_samanage.scim.evaluate import is_present, matches, matching_elements
from mock_samanage.scim.filter import parse_filter
from mock_samanage.scim.registry import ENTERPRISE_URN, GROUP, USER
from mock_samanage.scim.schema import Attribute, AttributeType, ResourceType, Schema

WRONG: tuple[object, ...] = ("true", 1, [], {}, ["x"])


def true(text: str, document: dict[str, Any], kind: ResourceType = USER) -> bool:
    return matches(parse_filter(text), document, kind)


TWO = {
    "userName": "bjensen",
    "active": False,
    "title": "",
    "emails": [{"value": "B@Work.example", "type": "work"}, {"value": "b@home.example", "type": "home"}],
    "name": {"familyName": "", "givenName": "Barbara"},
    ENTERPRISE_URN: {"department": "Tour Operations", "manager": {"value": "26"}},
    "meta": {"created": "2010-01-23T04:56:22Z", "resourceType": "User"},
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # any value of several; a bracket wants one and the same (RFC 7644 section 3.4.2.2)
        ('emails.type eq "work" and emails.value eq "b@home.example"', True),
        ('emails[type eq "work" and value eq "b@home.example"]', False),
        ('emails[type eq "home" and value eq "b@home.example"]', True),
        ('emails.value eq "b@work.example"', True),
        # AMB-03: ne is the negation of eq
        ('emails.type ne "work"', False),
        ('emails.type ne "other"', True),
        ('emails[type ne "work"]', True),
        ('nickName ne "x"', True),
        ('nickName eq "x"', False),
        ('phoneNumbers[type ne "work"]', False),
        # presence
        ("active pr", True),
        ("title pr", False),
        ("nickName pr", False),
        ("name pr", True),
        ("name.familyName pr", False),
        ("emails pr", True),
        ("emails.display pr", False),
        ("phoneNumbers pr", False),
        ("manager pr", True),
        ("manager.displayName pr", False),
        # AMB-10: a stored empty string is a text and no value
        ('title eq ""', True),
        ('nickName eq ""', False),
        ('title co ""', True),
        ('nickName sw ""', False),
        ("title eq null", True),
        ('title ne ""', False),
        # order, prefix, suffix
        ('userName gt "BJENSEM"', True),
        ('userName gt "bjensen"', False),
        ('userName ge "bjensen"', True),
        ('userName lt "bjenseo"', True),
        ('userName le "BJENSEN"', True),
        ('userName sw "bjensen"', True),
        ('userName ew "SEN"', True),
        ('userName co "%"', False),
        ('userName co "_"', False),
        # instants, also across zones (AMB-08)
        ('meta.created eq "2010-01-23T05:56:22.000+01:00"', True),
        ('meta.created lt "2010-01-23T04:56:22.000001Z"', True),
        ('meta.created gt "2010-01-23T05:00:00+01:00"', True),
        # extensions
        (f'{ENTERPRISE_URN}:manager.value eq "26"', True),
        ('manager eq "26"', True),
        ('department sw "tour"', True),
        ('costCenter eq "x"', False),
        ('name[givenName eq "barbara"]', True),
    ],
)
def test_a_filter_is_true_or_false_of_a_user(text: str, expected: bool) -> None:  # noqa: FBT001  # a table
    assert true(text, TWO) is expected
    assert true(f"not ({text})", TWO) is not expected


def test_extensions_that_are_absent_have_no_values() -> None:
    assert not true('department eq "x"', {"userName": "a"})
    assert not true("manager pr", {"userName": "a"})


def test_a_group_is_matched_by_its_members() -> None:
    group = {"displayName": "Staff", "members": [{"value": "5", "type": "User"}, {"value": "6", "type": "Group"}]}
    assert true('members eq "5"', group, GROUP)
    assert true('members[value eq "6" and type eq "group"]', group, GROUP)
    assert not true('members[value eq "5" and type eq "group"]', group, GROUP)
    assert not true('members.value eq "7"', group, GROUP)


def test_a_bound_filter_is_evaluated_as_it_is() -> None:
    assert matches(bind(parse_filter('userName eq "BJENSEN"'), USER), TWO, USER)
    assert matches(bind(parse_filter('nosuch ne "x"'), USER, unknown="unassigned"), TWO, USER)


def test_a_value_of_another_type_than_the_schema_matches_nothing() -> None:
    for value in WRONG:
        assert not true("active eq true", {"active": value})
    assert not true('emails.value eq "x"', {"emails": ["x", None, 5]})


@pytest.mark.parametrize(
    ("stored", "text", "expected"),
    [
        ("Straße", 'eq "STRASSE"', True),
        ("Straße", 'co "SS"', True),
        ("Café", r'eq "CAFE\u0301"', True),
        ("Cafe\u0301", 'ew "É"', True),
        ("Café", 'co "cafe"', False),
        ("I\u0307stanbul", r'eq "i\u0307stanbul"', True),
        ("İstanbul", 'sw "i"', True),  # without a locale the letter folds to i with a dot above
        ("Isparta", 'eq "\u0131sparta"', False),
        ("ΟΔΥΣΣΕΥΣ", 'eq "οδυσσευς"', True),
        ("\U00010400", r'eq "\ud801\udc28"', True),
        ("a\U0001f600b", 'co "\U0001f600"', True),
        ("a\U0001f600b", r'co "\ud83d"', False),
        ("\U0001f600", 'gt "\uffee"', True),  # code points, not UTF-16 units
        ('") or (userName pr', r'eq "\") or (userName pr"', True),
        ("x", r'eq "\") or (userName pr"', False),
        ("\\", r'eq "\\"', True),
        ("100%_", 'ew "%_"', True),
    ],
)
def test_texts_are_compared_prepared_and_as_plain_text(stored: str, text: str, expected: bool) -> None:  # noqa: FBT001  # a table
    assert true(f"title {text}", {"title": stored}) is expected


def test_case_exact_texts_are_compared_as_they_are() -> None:
    document = {"externalId": "Straße", "id": "aB"}
    assert true('externalId eq "Straße" and id sw "a"', document)
    for text in ('externalId eq "STRASSE"', 'id eq "AB"', 'id sw "A"', 'id ew "b"', 'id co "AB"', 'id lt "a"'):
        assert not true(text, document)


NUMBERS = ResourceType(
    "T",
    "T",
    "/T",
    "",
    Schema(
        "urn:t",
        "T",
        "",
        (
            Attribute("count", AttributeType.INTEGER),
            Attribute("share", AttributeType.DECIMAL, multi_valued=True),
        ),
    ),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count lt 10", True),
        ("count gt 10", False),
        ("count eq 9.0", True),
        ("count eq 9e0", True),
        ("share eq 1.50", True),
        ("share eq 15E-1", True),
        ("share lt 2", True),
        ("share gt 9007199254740992", True),
        ("share eq 9007199254740992", False),
        ("share[value gt 1 and value lt 2]", True),
        ("share[value gt 2 and value lt 3]", False),
        ("count pr", True),
    ],
)
def test_numbers_are_compared_by_their_exact_value(text: str, expected: bool) -> None:  # noqa: FBT001  # a table
    document = {"count": 9, "share": [1.5, 9007199254740993, 0]}
    assert true(text, document, NUMBERS) is expected
    assert true("count pr and share pr", {"count": 0, "share": [0]}, NUMBERS)


@pytest.mark.parametrize("value", [None, "", [], {}, {"a": None}, {"a": ""}, [None], [{}], {"a": {"b": []}}])
def test_nothing_is_present_in_an_empty_value(value: object) -> None:
    assert not is_present(value)


@pytest.mark.parametrize("value", [False, 0, " ", "x", [0], {"a": False}, [{}, {"a": "x"}]])
def test_false_and_zero_are_present(value: object) -> None:
    assert is_present(value)


def attribute(name: str) -> Attribute:
    found = USER.schema.attribute(name) or next(common for common in USER.common if common.name == name)
    assert found is not None
    return found


def test_matching_elements_are_found_by_position() -> None:
    emails = [{"value": "a", "type": "work", "primary": True}, {"value": "b"}, {"value": "c", "type": "Work"}]
    for text, positions in {
        'type eq "work"': [0, 2],
        'type eq "work" and value eq "c"': [2],
        'not (type eq "work")': [1],
        'type ne "work"': [1],
        'primary eq "True"': [0],
        "primary eq false": [],
        "type pr": [0, 2],
        'value co ""': [0, 1, 2],
    }.items():
        assert matching_elements(parse_filter(text), emails, attribute("emails")) == positions


def test_elements_of_a_simple_attribute_are_named_value() -> None:
    uris = ["urn:a", "urn:b"]
    assert matching_elements(parse_filter('value eq "URN:B"'), uris, attribute("schemas")) == [1]


def test_elements_respect_a_dialect_without_quoted_booleans() -> None:
    with pytest.raises(InvalidFilter, match=r"emails\.primary is boolean"):
        matching_elements(parse_filter('primary eq "True"'), [], attribute("emails"), string_booleans="refuse")
