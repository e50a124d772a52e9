"""Every grammar vector of the requirement catalogue has its verdict, and its truth for one known user."""

from __future__ import annotations

from typing import Any

import pytest

from mock_samanage.scim.errors import InvalidFilter
from mock_samanage.scim.evaluate import matches
from mock_samanage.scim.filter import parse_filter
from mock_samanage.scim.registry import ENTERPRISE_URN, USER, USER_URN

PERSON: dict[str, Any] = {
    "schemas": [USER_URN, ENTERPRISE_URN],
    "id": "x",
    "userName": "a",
    "name": {"familyName": "O'Malley", "givenName": "Jane"},
    "title": "Tester",
    "active": True,
    "emails": [
        {"value": "a@example.com", "type": "work", "primary": True},
        {"value": "a@x", "type": "home"},
    ],
    "ims": [{"value": "jane", "type": "xmpp"}],
    "groups": [{"value": "7", "display": "Staff", "type": "direct"}],
    ENTERPRISE_URN: {"department": "D", "manager": {"value": "5"}},
    "meta": {
        "resourceType": "User",
        "created": "2011-05-13T04:42:34Z",
        "lastModified": "2011-05-13T06:42:34.5+02:00",
        "version": 'W/"3"',
    },
}

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"

READABLE = [
    ("V01", 'userName eq "a"', True),
    ("V02", 'USERNAME EQ "a"', True),
    ("V03", "title pr", True),
    ("V04", 'name.familyName co "O\'Malley"', True),
    ("V05", r'userName eq "a\"b"', False),
    ("V06", r'userName eq "\u0061"', True),
    ("V07", 'userName eq "a b c"', False),
    ("V08", 'userName eq "x) or (userName pr"', False),
    ("V09", "active eq true", True),
    ("V10", "active eq false and title pr", False),
    ("V11", "title pr or title pr and active eq true", True),
    ("V11", "title pr or title pr and active eq false", True),
    ("V12", "(title pr or userType pr) and active eq true", True),
    ("V12", "(title pr or userType pr) and active eq false", False),
    ("V13", "not (title pr)", False),
    ("V14", "not(title pr)", False),
    ("V15", "not (title pr) and active eq true", False),
    ("V16", "not (not (title pr))", True),
    ("V17", "title pr and userType pr and active eq true", False),
    ("V18", "((title pr))", True),
    ("V19", 'emails[type eq "work"]', True),
    ("V20", 'emails[type eq "work" and value co "@x"] or ims[type eq "xmpp"]', True),
    ("V20", 'emails[type eq "work" and value eq "a@x"] or ims[type eq "aim"]', False),
    ("V21", 'emails[type eq "other" or (type eq "home" and value ew "x")]', True),
    ("V22", 'emails[not (type eq "work")]', True),
    ("V23", "emails[primary eq true]", True),
    ("V24", 'emails co "example.com"', True),
    ("V25", 'emails.value co "example.com"', True),
    ("V26", f'{CORE}:userName sw "J"', False),
    ("V27", f"{CORE}:name.givenName pr", True),
    ("V28", f'{ENTERPRISE_URN}:department eq "D"', True),
    ("V29", f'{CORE.upper()}:USERNAME sw "A"', True),
    ("V30", f'schemas eq "{CORE}"', True),
    ("V31", 'meta.lastModified gt "2011-05-13T04:42:34Z"', True),
    ("V32", 'meta.resourceType eq "User"', True),
    ("V33", 'id eq "x"', True),
    ("V34 null means no value (AMB-01)", "title eq null", False),
    ("V34 null means no value (AMB-01)", "userType eq null", True),
    ("V34 null means no value (AMB-01)", "title ne null", True),
    ("V35 the empty string is a text (AMB-10)", 'title eq ""', False),
    ("V35 the empty string is a text (AMB-10)", 'userType eq ""', False),
    ("V36", "groups.$ref pr", True),
    ("V59 the dotted name joins the bracket (AMB-05)", 'emails[type eq "work"].value eq "a@example.com"', True),
    ("V59 the dotted name joins the bracket (AMB-05)", 'emails[type eq "work"].value eq "a@x"', False),
    ("V67 a space may be missing (AMB-11)", 'userName eq"a"', True),
    ("V68 spaces may be repeated (AMB-11)", 'userName  eq  "a"', True),
]

REFUSED = [
    ("V36", "emails.$ref pr"),
    ("V37", ""),
    ("V37", "   "),
    ("V38", "userName"),
    ("V39", "userName eq"),
    ("V40", 'eq "a"'),
    ("V41", 'userName "a"'),
    ("V42", 'userName eq "a'),
    ("V43", "userName eq a"),
    ("V44", "userName eq 'a'"),
    ("V45", 'userName regex "a"'),
    ("V46", 'userName = "a"'),
    ("V46", 'userName == "a"'),
    ("V47", 'userName pr "a"'),
    ("V48", 'userName eq "a" and'),
    ("V49", "and userName pr"),
    ("V50", "userName pr userName pr"),
    ("V51", "(userName pr"),
    ("V51", "userName pr)"),
    ("V52", "()"),
    ("V53", "not userName pr"),
    ("V54", "emails["),
    ("V54", "emails[]"),
    ("V54", "emails]"),
    ("V55", 'emails[type eq "work"'),
    ("V56", 'emails[type eq "work" and emails[value pr]]'),
    ("V57", 'emails.type[value eq "x"]'),
    ("V58 no URN inside a bracket", f'emails[{CORE}:type eq "work"]'),
    ("V60", "name.givenName.x pr"),
    ("V61", "9name pr"),
    ("V61", "-a pr"),
    ("V61", "a b pr"),
    ("V62", "userName EQ TRUE"),
    ("V63", "active gt true"),
    ("V64", 'x509Certificates.value gt "A"'),
    ("V65", 'name eq "x"'),
    ("V66", 'userName eq "a" xor title pr'),
    ("V69", 'userName eq "a"; drop'),
    ("V70 an unknown attribute is refused (AMB-02)", 'nosuch eq "a"'),
]


@pytest.mark.parametrize(("number", "text", "expected"), READABLE)
def test_a_readable_vector_is_true_or_false_of_the_person(number: str, text: str, expected: bool) -> None:  # noqa: FBT001  # a table
    assert matches(parse_filter(text), PERSON, USER) is expected, number


@pytest.mark.parametrize(("number", "text"), REFUSED)
def test_a_bad_vector_is_refused_with_invalid_filter(number: str, text: str) -> None:
    with pytest.raises(InvalidFilter) as error:
        matches(parse_filter(text), PERSON, USER)
    assert error.value.status == 400, number
    assert error.value.body()["scimType"] == "invalidFilter"
    assert len(error.value.detail) > 10


def test_all_seventy_vectors_are_in_the_tables() -> None:
    numbers = {row[0][:3] for row in READABLE} | {row[0][:3] for row in REFUSED}
    assert numbers == {f"V{number:02}" for number in range(1, 71)}
