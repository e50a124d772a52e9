"""What attributes and excludedAttributes leave of a resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_samanage.scim.errors import InvalidValue
from mock_samanage.scim.path import parse_name_list
from mock_samanage.scim.projection import project, projection
from mock_samanage.scim.registry import ENTERPRISE_URN, USER
from mock_samanage.scim.schema import Attribute, AttributeType, Returned

USER_DOCUMENT: dict[str, Any] = {
    "schemas": [USER.schema.id, ENTERPRISE_URN],
    "id": "7",
    "userName": "ada",
    "externalId": "x",
    "name": {"givenName": "Ada", "familyName": "Lovelace"},
    "emails": [{"type": "work", "value": "a@example.com"}, {"type": "home"}],
    "groups": [{"value": "9"}],
    ENTERPRISE_URN: {"department": "D", "manager": {"value": "8"}},
    "meta": {"resourceType": "User", "created": "2020-01-01T00:00:00Z"},
}
ALWAYS = {"schemas": USER_DOCUMENT["schemas"], "id": "7"}


def only(names: str) -> Mapping[str, Any]:
    return project(USER, USER_DOCUMENT, parse_name_list(names))


def without(names: str) -> Mapping[str, Any]:
    return project(USER, USER_DOCUMENT, (), parse_name_list(names))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("userName", {"userName": "ada"}),
        ("USERNAME, externalid", {"userName": "ada", "externalId": "x"}),
        ("name", {"name": USER_DOCUMENT["name"]}),
        ("name.familyName", {"name": {"familyName": "Lovelace"}}),
        ("name.familyName,name", {"name": USER_DOCUMENT["name"]}),
        ("name,name.familyName", {"name": USER_DOCUMENT["name"]}),
        ("emails.value", {"emails": [{"value": "a@example.com"}]}),
        ("emails.display", {}),
        ("meta.created", {"meta": {"created": "2020-01-01T00:00:00Z"}}),
        (f"{ENTERPRISE_URN}:department", {ENTERPRISE_URN: {"department": "D"}}),
        (f"{ENTERPRISE_URN.upper()}:MANAGER.value", {ENTERPRISE_URN: {"manager": {"value": "8"}}}),
        (ENTERPRISE_URN.upper(), {ENTERPRISE_URN: USER_DOCUMENT[ENTERPRISE_URN]}),
        (f"{USER.schema.id}:userName", {"userName": "ada"}),
        ("manager", {ENTERPRISE_URN: {"manager": {"value": "8"}}}),
        ("nope", {}),
        ("name.nope", {}),
        ("password", {}),
        ("title", {}),
        ("id,schemas", {}),
    ],
)
def test_attributes_name_what_an_answer_holds_beside_the_minimum(names: str, expected: dict[str, Any]) -> None:
    assert only(names) == {**ALWAYS, **expected}


@pytest.mark.parametrize(
    ("names", "gone"),
    [
        ("emails", ["emails"]),
        ("EMAILS,meta", ["emails", "meta"]),
        (ENTERPRISE_URN, [ENTERPRISE_URN]),
        (f"{ENTERPRISE_URN}:department,{ENTERPRISE_URN}:manager", [ENTERPRISE_URN]),
        ("name.givenName,name.familyName", ["name"]),
        ("id", []),
        ("schemas", []),
        ("nope", []),
    ],
)
def test_excluded_attributes_are_left_out(names: str, gone: list[str]) -> None:
    assert without(names) == {key: value for key, value in USER_DOCUMENT.items() if key not in gone}


def test_excluded_sub_attributes_leave_the_others() -> None:
    left = without(f"name.givenName,emails.type,{ENTERPRISE_URN}:manager")
    assert left["name"] == {"familyName": "Lovelace"}
    assert left["emails"] == [{"value": "a@example.com"}]
    assert left[ENTERPRISE_URN] == {"department": "D"}


def test_both_parameters_at_once_are_refused() -> None:
    names = parse_name_list("userName")
    with pytest.raises(InvalidValue, match="excludedAttributes"):
        project(USER, USER_DOCUMENT, names, names)


def test_without_parameters_the_document_itself_is_the_answer() -> None:
    assert project(USER, USER_DOCUMENT) is USER_DOCUMENT
    assert projection(USER).apply(USER_DOCUMENT) is USER_DOCUMENT


def test_a_password_is_in_no_answer() -> None:
    document = {**USER_DOCUMENT, "password": "secret"}
    for names in ((), parse_name_list("password"), parse_name_list("password,userName")):
        assert "password" not in project(USER, document, names)
    assert "password" not in project(USER, document, (), parse_name_list("name"))


def test_attributes_returned_on_request_appear_when_named() -> None:
    shy = Attribute("shy", returned=Returned.REQUEST)
    box = Attribute("box", AttributeType.COMPLEX, sub_attributes=(Attribute("open"), replace(shy, name="closed")))
    kind = replace(USER, schema=replace(USER.schema, attributes=(*USER.schema.attributes, shy, box)))
    document = {**ALWAYS, "shy": "s", "box": {"open": "o", "closed": "c"}}
    assert project(kind, document) == {**ALWAYS, "box": {"open": "o"}}
    assert project(kind, document, parse_name_list("shy,box")) == {**ALWAYS, "shy": "s", "box": {"open": "o"}}
    assert project(kind, document, parse_name_list("box.closed")) == {**ALWAYS, "box": {"closed": "c"}}


def test_a_projection_knows_which_attributes_it_can_keep() -> None:
    assert projection(USER).keeps("groups")
    assert projection(USER, parse_name_list("groups.value")).keeps("groups")
    assert not projection(USER, parse_name_list("userName")).keeps("groups")
    assert not projection(USER, (), parse_name_list("groups")).keeps("groups")
    assert projection(USER, (), parse_name_list("groups.display")).keeps("groups")


def is_part(part: Any, whole: Any) -> bool:
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            key in whole and is_part(value, whole[key]) for key, value in part.items()
        )
    if isinstance(part, list):
        return isinstance(whole, list) and all(any(is_part(item, other) for other in whole) for item in part)
    return bool(part == whole)


NAMES = st.lists(
    st.sampled_from(
        [
            *(
                "id",
                "schemas",
                "userName",
                "name",
                "NAME.givenName",
                "emails.value",
                "emails",
                "meta.created",
                "groups",
            ),
            *("nope", "password", ENTERPRISE_URN, f"{ENTERPRISE_URN}:manager", f"{ENTERPRISE_URN}:manager.value"),
        ]
    ),
    min_size=1,
    max_size=5,
)


@given(NAMES)
def test_a_projection_is_a_part_of_the_document_and_holds_the_minimum(names: list[str]) -> None:
    for answer in (
        project(USER, USER_DOCUMENT, parse_name_list(names)),
        project(USER, USER_DOCUMENT, (), parse_name_list(names)),
    ):
        assert is_part(answer, USER_DOCUMENT)
        assert ALWAYS.items() <= answer.items()


@given(NAMES)
def test_projecting_twice_is_projecting_once(names: list[str]) -> None:
    paths = parse_name_list(names)
    once = project(USER, USER_DOCUMENT, paths)
    assert project(USER, once, paths) == once
