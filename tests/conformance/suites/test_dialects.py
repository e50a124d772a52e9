"""What the suite `dialects` makes of a user: leaves, operations, and what changed although nobody asked."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.rfc_schema import ENTERPRISE_USER
from conformance.suites.dialects.subject import compact, enterprise, faults, leaves, operations, plainly, whole

DEPARTMENT = enterprise("department")
USER: dict[str, Any] = {
    "schemas": ["…"],
    "id": "1",
    "userName": "ann",
    "active": True,
    "name": {"givenName": "Ann", "formatted": "Ann Lee"},
    "emails": [{"type": "Work", "value": "a@b.example", "primary": True}, {"value": "c@d.example"}],
    ENTERPRISE_USER: {"department": "Ops", "manager": {"value": "7", "$ref": "https://x/Users/7"}},
}
FLAT = {
    "userName": "ann",
    "active": True,
    "name.givenName": "Ann",
    "name.formatted": "Ann Lee",
    "emails[work].value": "a@b.example",
    "emails[work].primary": True,
    "emails[].value": "c@d.example",
    DEPARTMENT: "Ops",
    enterprise("manager") + ".value": "7",
}


def test_leaves_are_named_by_path_and_type() -> None:
    assert leaves(USER) == FLAT


def test_a_second_element_of_a_type_and_a_name_stored_as_it_came_stand_out() -> None:
    twice = [{"type": "work", "value": "a"}, {"type": "work", "value": "b"}]
    assert leaves({"emails": twice, "name.givenName": "A", DEPARTMENT: "Ops"}) == {
        "emails[work].value": "a",
        "emails[work#2].value": "b",
        "literal name.givenName": "A",
        f"literal {DEPARTMENT}": "Ops",
    }


@pytest.mark.parametrize(
    ("after", "wanted", "told"),
    [
        ({"title": "Lead"}, {"title": "Lead"}, []),
        ({}, {"title": "Lead"}, ["title is None"]),
        ({"title": ""}, {"title": None}, []),
        ({"active": "False"}, {"active": False}, ["active is 'False'"]),
        ({"active": 0}, {"active": False}, ["active is 0"]),
        ({"userName": "bob"}, {}, ["userName became 'bob'"]),
        ({"userName": None}, {}, ["userName became None"]),
        ({"name.formatted": "Anna Lee"}, {}, []),
        ({"name.formatted": "Anna Lee"}, {"name.formatted": "Ann"}, ["name.formatted is 'Anna Lee'"]),
        ({"emails[work#2].value": "x"}, {}, ["emails[work#2].value appeared"]),
        ({"literal name.givenName": "A"}, {}, ["literal name.givenName appeared"]),
        ({"nickName": "made by the server"}, {}, []),
    ],
)
def test_faults_are_what_is_missing_and_what_nobody_asked_for(
    after: dict[str, Any], wanted: dict[str, Any], told: list[str]
) -> None:
    before = {"userName": "ann", "name.formatted": "Ann Lee"}
    assert faults(before, {**before, **after}, wanted) == told


VALUES = {
    "title": "T",
    "name.givenName": "A",
    "addresses[work].region": "R",
    "addresses[work].locality": "L",
    DEPARTMENT: "D",
}


def test_operations_carry_a_path_each_as_entra_writes_it() -> None:
    paths = [
        "title",
        "name.givenName",
        'addresses[type eq "work"].region',
        'addresses[type eq "work"].locality',
        DEPARTMENT,
    ]
    assert [each["path"] for each in operations("Add", VALUES)] == paths


def test_the_compact_form_keeps_value_paths_apart() -> None:
    *apart, last = compact("replace", VALUES)
    assert [each["value"] for each in apart] == ["R", "L"]
    assert last == {"op": "replace", "value": {"title": "T", "name.givenName": "A", DEPARTMENT: "D"}}


def test_leaves_make_up_whole_attributes() -> None:
    address = {"type": "work", "region": "R", "locality": "L"}
    assert whole(VALUES) == {
        "title": "T",
        "name": {"givenName": "A"},
        "addresses": [address],
        ENTERPRISE_USER: {"department": "D"},
    }
    assert [(each["path"], each["value"]) for each in plainly(VALUES)] == [
        ("title", "T"),
        ("name", {"givenName": "A"}),
        ("addresses", [address]),
        (DEPARTMENT, "D"),
    ]
