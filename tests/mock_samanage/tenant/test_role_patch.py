"""PATCH of roles through the patch engine: each form of path, op and value."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mock_samanage.scim.dialect import ENTRA, STRICT, Dialect
from mock_samanage.scim.errors import InvalidFilter, InvalidPath, InvalidValue, NoTarget, ScimError
from mock_samanage.scim.messages import PATCH_OP_URN
from mock_samanage.scim.patch import apply_patch
from mock_samanage.scim.registry import USER, USER_URN
from mock_samanage.tenant.role_patch import RolePatch
from mock_samanage.tenant.roles import ADMINISTRATOR, RoleRules, canonical

AGENT = "Service Agent User"
TASK = "Service Task User"
PRIMARY = 'roles[primary eq "True"]'


def patched(
    *operations: dict[str, Any], role: str = AGENT, rules: RoleRules | None = None, dialect: Dialect = ENTRA
) -> str:
    document = {"schemas": [USER_URN], "userName": "a", "roles": canonical(role)}
    reader = RolePatch(rules or RoleRules(), dialect)
    after = apply_patch(
        USER,
        document,
        {"schemas": [PATCH_OP_URN], "Operations": list(operations)},
        dialect=dialect,
        interpreters={"roles": reader.interpret},
    )
    assert after["roles"] == canonical(after["roles"][0]["value"])
    assert document["roles"] == canonical(role)
    return str(after["roles"][0]["value"])


def op(name: str, path: str | None, value: object) -> dict[str, Any]:
    return {"op": name, "value": value} | ({} if path is None else {"path": path})


ENTRA_TEXT = json.dumps({"id": "x", "value": TASK, "displayName": TASK})
NAMING = [
    ("roles", {"displayName": TASK}),
    ("roles", [{"displayName": TASK}]),
    ("roles", json.dumps({"displayName": TASK})),
    ("roles", [{"value": ENTRA_TEXT}]),
    (None, {"roles": [{"value": TASK}]}),
    (None, {"ROLES": {"display": TASK}}),
    (None, {"roles.value": TASK}),
    ("roles.value", TASK),
    ("roles.displayName", TASK),
    ("urn:ietf:params:scim:schemas:core:2.0:User:roles", [{"value": TASK}]),
    (f"{PRIMARY}.value", TASK),
    (f"{PRIMARY}.value", ENTRA_TEXT),
    (f"{PRIMARY}.display", TASK),
    (f"{PRIMARY}.displayName", TASK),
    ("roles[primary eq true].value", TASK),
    (PRIMARY, {"value": TASK}),
    (f'roles[value eq "{AGENT}"].value', TASK),
    (f'roles[displayName eq "{AGENT}"].value', TASK),
    (f'roles[value eq "{TASK}"].display', TASK),
    ('roles[type eq "WindowsAzureActiveDirectoryRole"].value', TASK),
    ('roles[type eq "x"]', {"value": TASK, "primary": True}),
]


@pytest.mark.parametrize("name", ["add", "Add", "replace", "Replace"])
@pytest.mark.parametrize(("path", "value"), NAMING)
def test_add_and_replace_set_the_one_role(name: str, path: str | None, value: object) -> None:
    assert patched(op(name, path, value)) == TASK


@pytest.mark.parametrize("name", ["add", "replace"])
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("roles", None),
        ("roles", []),
        ("roles", ""),
        ("roles", [{"value": ""}]),
        ("roles", [{"value": None}]),
        (None, {"roles": []}),
        (f"{PRIMARY}.value", ""),
        (f"{PRIMARY}.value", None),
        (f'roles[value eq "{ADMINISTRATOR}"].value', ""),
    ],
)
def test_empty_values_go_back_to_the_default_role(name: str, path: str | None, value: object) -> None:
    assert patched(op(name, path, value)) == "Requester"
    assert patched(op(name, path, value), rules=RoleRules(default=TASK)) == TASK


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "path": "roles"},
        {"op": "Remove", "path": PRIMARY},
        {"op": "remove", "path": f'roles[value eq "{AGENT}"]'},
        {"op": "remove", "path": "roles.value"},
        {"op": "remove", "path": f"{PRIMARY}.value"},
        op("remove", "roles", [{"value": AGENT}]),
        op("remove", "roles", [{"value": TASK}, {"value": AGENT}]),
        op("remove", "roles", None),
    ],
)
def test_remove_goes_back_to_the_default_role(operation: dict[str, Any]) -> None:
    assert patched(operation) == "Requester"


@pytest.mark.parametrize(
    "operation",
    [
        op("remove", "roles", [{"value": TASK}]),
        {"op": "remove", "path": f'roles[value eq "{TASK}"]'},
        {"op": "remove", "path": 'roles[type eq "x"]'},
        {"op": "remove", "path": f"{PRIMARY}.type"},
        op("replace", f"{PRIMARY}.type", "WindowsAzureActiveDirectoryRole"),
        op("add", f"{PRIMARY}.primary", True),
        op("add", "roles.id", "7"),
        op("replace", "roles", [{"value": AGENT}]),
        op("add", f"{PRIMARY}.display", AGENT),
    ],
)
def test_an_operation_that_means_the_same_role_changes_nothing(operation: dict[str, Any]) -> None:
    assert patched(operation) == AGENT


def test_operations_build_on_each_other() -> None:
    assert patched({"op": "remove", "path": "roles"}, op("add", "roles", [{"value": TASK}])) == TASK
    assert patched(op("add", f"{PRIMARY}.value", TASK), op("add", f"{PRIMARY}.display", TASK)) == TASK
    assert patched(op("add", "roles", [{"value": TASK}]), op("add", f'roles[value eq "{TASK}"].value', AGENT)) == AGENT


@pytest.mark.parametrize("name", ["add", "replace"])
@pytest.mark.parametrize(
    ("path", "value", "error"),
    [
        ("roles", "Requester", InvalidValue),
        ("roles", [{"value": TASK}, {"value": ADMINISTRATOR}], InvalidValue),
        ("roles", [{"value": TASK, "displayName": ADMINISTRATOR}], InvalidValue),
        ("roles", {"name": TASK}, InvalidValue),
        ("roles", 7, InvalidValue),
        (f"{PRIMARY}.value", "Planner", InvalidValue),
        (f"{PRIMARY}.value", {"displayName": TASK}, InvalidValue),
        (f"{PRIMARY}.display", ENTRA_TEXT, InvalidValue),
        (f'roles[value eq "{ADMINISTRATOR}"].display', TASK, InvalidValue),
        (f'roles[value eq "{ADMINISTRATOR}" and type eq "x"]', {"value": TASK}, InvalidValue),
        (f"{PRIMARY}.colour", "red", InvalidPath),
        ('roles[colour eq "red"].value', TASK, InvalidFilter),
    ],
)
def test_what_is_not_understood_is_refused(name: str, path: str, value: object, error: type[ScimError]) -> None:
    with pytest.raises(error):
        patched(op(name, path, value))


def test_strict_accounts_refuse_a_path_that_selects_nothing() -> None:
    for path in ('roles[type eq "x"].value', f'roles[value eq "{TASK}"]'):
        with pytest.raises(NoTarget, match=f"the user's role is {AGENT}"):
            patched(op("replace", path, {"value": TASK} if path.endswith("]") else TASK), dialect=STRICT)


def test_a_disagreement_of_path_and_value_is_settled_for_the_value_where_several_roles_are_allowed() -> None:
    rules = RoleRules(several="first")
    assert patched(op("add", f'roles[value eq "{ADMINISTRATOR}"].display', TASK), rules=rules) == TASK


def test_a_role_the_account_no_longer_lists_can_be_removed_and_kept() -> None:
    assert patched(op("remove", "roles", [{"value": "Gone"}]), role="Gone") == "Requester"
    assert patched(op("replace", "roles", [{"value": "Gone"}]), role="Gone") == "Gone"
