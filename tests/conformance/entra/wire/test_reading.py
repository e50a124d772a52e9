"""Resources as servers answer with them, read as mapped attributes; nothing a server says makes it raise."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.entra.values import AppRole, Redacted, RoleFlow, Roles, Value
from conformance.entra.wire.paths import ENTERPRISE, MANAGER
from conformance.entra.wire.reading import current, manager_of, same, text_of

WORK = 'emails[type eq "work"].value'
ROLE = 'roles[primary eq "True"].value'
DEPARTMENT = f"{ENTERPRISE}:department"
TARGETS = [
    "userName",
    "active",
    "name.givenName",
    WORK,
    'addresses[type eq "work"].formatted',
    "roles",
    ROLE,
    DEPARTMENT,
    MANAGER,
    f"{MANAGER}.value",
    "urn:ietf:params:scim:schemas:core:2.0:User:title",
    "emails[primary eq true].value",
]
PLANNER, VIEWER = AppRole("0d2f7c1e", "Planner", "Work planner"), AppRole("7f9b41d2", "Viewer", "Viewer")


def _read(resource: dict[str, Any], target: str) -> Value:
    return current(resource, [target])[target]


@pytest.mark.parametrize(
    ("resource", "target", "expected"),
    [
        ({"userName": "m"}, "userName", "m"),
        ({"USERNAME": "m"}, "userName", "m"),
        ({}, "userName", None),
        ({"userName": None}, "userName", None),
        ({"userName": ""}, "userName", None),
        ({"active": False}, "active", False),
        ({"active": "False"}, "active", "False"),
        ({"title": 7}, "title", 7),
        ({"title": "x"}, "urn:ietf:params:scim:schemas:core:2.0:User:title", "x"),
        ({"name": {"givenName": "Mara"}}, "name.givenName", "Mara"),
        ({"name": "Mara"}, "name.givenName", None),
        ({"name": [{"givenName": "Mara"}]}, "name.givenName", None),
        ({"emails": [{"type": "home", "value": "h"}, {"type": "Work", "value": "w"}]}, WORK, "w"),
        ({"emails": {"type": "work", "value": "w"}}, WORK, "w"),
        ({"emails": [{"type": "home", "value": "h"}]}, WORK, None),
        ({"emails": ["w"]}, WORK, None),
        ({"emails": "w"}, WORK, None),
        ({"emails": None}, WORK, None),
        ({"emails": [{"type": 3, "value": "w"}, None, {"type": "work"}]}, WORK, None),
        ({"emails": [{"primary": True, "value": "w"}]}, "emails[primary eq true].value", "w"),
        ({ENTERPRISE: {"department": "Ops"}}, DEPARTMENT, "Ops"),
        ({ENTERPRISE.upper(): {"Department": "Ops"}}, DEPARTMENT, "Ops"),
        ({DEPARTMENT: "Ops"}, DEPARTMENT, "Ops"),
        ({ENTERPRISE: "Ops"}, DEPARTMENT, None),
        ({"department": "Ops"}, DEPARTMENT, None),
    ],
)
def test_an_attribute_is_found_where_servers_put_it(resource: dict[str, Any], target: str, expected: Value) -> None:
    assert _read(resource, target) == expected


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ([{"value": "Planner", "display": "P", "primary": True}], ("Planner",)),
        ([{"display": "Planner"}], ("Planner",)),
        ([{"displayName": "Planner"}], ("Planner",)),
        ([{"value": "", "displayName": "Planner"}], ("Planner",)),
        ([{"VALUE": "Planner"}], ("Planner",)),
        (["Planner", "Viewer"], ("Planner", "Viewer")),
        ([{"value": '{"id":"0d2f7c1e","value":"Planner","displayName":"P"}'}], ("Planner",)),
        ([{"value": '{"displayName":"Planner"}'}], ("Planner",)),
        ([{"value": "{broken"}], ("{broken",)),
        ([{"value": '{"a":' * 50_000}], ('{"a":' * 50_000,)),
        ({"displayName": "Planner"}, "Planner"),
        ('{"displayName":"Planner"}', "Planner"),
        ("Planner", "Planner"),
        ([{"type": "x"}, None, 4, []], (4,)),
        ([], None),
        (None, None),
        ({}, None),
    ],
)
def test_roles_are_read_in_every_form(shown: Any, expected: Value) -> None:
    assert _read({"roles": shown}, "roles") == expected


@pytest.mark.parametrize("primary", [True, "True", "true"])
def test_the_primary_role_is_found_however_a_server_says_so(primary: Any) -> None:
    resource = {"roles": [{"value": "Viewer", "primary": False}, {"value": "Planner", "primary": primary}]}
    assert _read(resource, ROLE) == "Planner"


def test_a_role_that_is_not_primary_is_not_the_primary_one() -> None:
    assert _read({"roles": [{"value": "Viewer"}, {"value": "Viewer", "primary": "False"}]}, ROLE) is None


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({ENTERPRISE: {"manager": {"value": "u-1", "$ref": "x"}}}, "u-1"),
        ({ENTERPRISE: {"Manager": {"VALUE": "u-1"}}}, "u-1"),
        ({ENTERPRISE: {"manager": {"value": 7}}}, "7"),
        ({MANAGER: {"value": "u-1"}}, "u-1"),
        ({"manager": {"value": "u-1"}}, "u-1"),
        ({ENTERPRISE: {"manager": "u-1"}}, ""),
        ({ENTERPRISE: {"manager": ["u-1"]}}, ""),
        ({ENTERPRISE: {"manager": {"displayName": "Mara"}}}, ""),
        ({ENTERPRISE: {"manager": {"value": ""}}}, ""),
        ({ENTERPRISE: {"manager": {"value": None}}}, ""),
        ({ENTERPRISE: {"manager": {"value": True}}}, ""),
        ({ENTERPRISE: {"manager": None}}, ""),
        ({ENTERPRISE: None}, ""),
        ({}, ""),
    ],
)
def test_a_manager_is_seen_in_its_complex_form_only(resource: dict[str, Any], expected: str) -> None:
    assert manager_of(resource) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["work", "True"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["value", "type", "primary", "manager", "display", "department"]), inner)
    ),
    max_leaves=8,
)
NAMES = ["userName", "active", "name", "emails", "addresses", "roles", "manager", ENTERPRISE, DEPARTMENT, MANAGER]


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_nothing_a_server_says_makes_reading_raise(resource: dict[str, Any]) -> None:
    found = current(resource, TARGETS)
    assert found.keys() == {*TARGETS}
    assert isinstance(manager_of(resource), str)
    for value in found.values():
        assert same(value, value)
        assert value is None or isinstance(text_of(value), str)
        assert same(value, Roles(RoleFlow.SINGLE, (PLANNER,))) in {True, False}


@pytest.mark.parametrize(
    ("target", "source"),
    [
        ("a", "a"),
        (True, "True"),
        ("true", "True"),
        ("False", False),
        (4471, "4471"),
        (("a", "b"), ("b", "a", "b")),
        ("a", ("a",)),
        (None, ()),
        ("a", Redacted("a")),
        ("2031-03-04T09:00:00+00:00", datetime(2031, 3, 4, 9, tzinfo=UTC)),
        ("2031-03-04T10:00:00.000+01:00", datetime(2031, 3, 4, 9, tzinfo=UTC)),
        ("2031-03-04T09:00:00Z", Redacted(datetime(2031, 3, 4, 10, tzinfo=timezone(timedelta(hours=1))))),
        (("Planner",), Roles(RoleFlow.SINGLE, (PLANNER,))),
        ("Planner", Roles(RoleFlow.SINGLE, (PLANNER,))),
        (("Viewer", "Planner"), Roles(RoleFlow.ASSERTIVE, (PLANNER, VIEWER))),
        (None, Roles(RoleFlow.ASSERTIVE, ())),
    ],
)
def test_what_means_the_same_is_the_same(target: Value, source: Value) -> None:
    assert same(target, source)
    assert same(source, target)


@pytest.mark.parametrize(
    ("target", "source"),
    [
        ("a", "b"),
        ("a", "A"),
        (None, "a"),
        (False, "True"),
        (("a",), ("a", "b")),
        (("Planner", "Viewer"), Roles(RoleFlow.SINGLE, (PLANNER,))),
        ("2031-03-04T09:00:00+01:00", datetime(2031, 3, 4, 9, tzinfo=UTC)),
        ("2031-03-04", "2031-03-05"),
        ("0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"),
    ],
)
def test_what_differs_is_not_the_same(target: Value, source: Value) -> None:
    assert not same(target, source)
    assert not same(source, target)


def test_case_counts_only_where_it_is_exact() -> None:
    assert same("STRASSE", "Straße", case_exact=False)
    assert same(("A", "B"), ("b", "a"), case_exact=False)
    assert not same("A", "a", case_exact=True)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, None),
        (True, "True"),
        (7, "7"),
        (("a", "b"), "a, b"),
        (Redacted("secret"), "[Redact]"),
        (datetime(2031, 3, 4, 9, tzinfo=UTC), "2031-03-04T09:00:00Z"),
        (Roles(RoleFlow.COMPLEX, (PLANNER, VIEWER)), "Planner, Viewer"),
    ],
)
def test_a_log_shows_values_as_text_and_hides_redacted_ones(value: Value, told: str | None) -> None:
    assert text_of(value) == told


def test_a_resource_is_left_as_it_is() -> None:
    resource = {"roles": [{"value": "Planner"}], ENTERPRISE: {"manager": {"value": "1"}}}
    before = json.dumps(resource)
    current(resource, TARGETS)
    manager_of(resource)
    assert json.dumps(resource) == before
