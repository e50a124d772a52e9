"""PATCH hands opaque attributes to their interpreter, in every form of path."""

from __future__ import annotations

from typing import Any

import pytest

from mock_samanage.scim.errors import InvalidPath, InvalidValue
from mock_samanage.scim.filter import parse_filter
from mock_samanage.scim.opaque import MISSING, Change
from mock_samanage.scim.registry import USER_URN
from tests.mock_samanage.scim.patching import ADA, operation, patched, refused

PRIMARY = parse_filter('primary eq "True"')


def changes(*operations: Any, answer: object = None) -> list[Change]:
    seen: list[Change] = []

    def interpret(change: Change) -> object:
        seen.append(change)
        return answer

    patched(*operations, interpreters={"roles": interpret})
    return seen


@pytest.mark.parametrize(
    ("made", "change"),
    [
        (operation("Add", "roles", "X"), Change("add", "roles", None, None, "X", None)),
        (operation("replace", "ROLES", None), Change("replace", "ROLES", None, None, None, None)),
        (operation("add", f"{USER_URN}:roles", []), Change("add", f"{USER_URN}:roles", None, None, [], None)),
        (operation("replace", None, {"Roles": [["X"]]}), Change("replace", "Roles", None, None, [["X"]], None)),
        (operation("add", "roles.value", 7), Change("add", "roles.value", None, "value", 7, None)),
        (
            operation("add", "roles.DisplayName", "X"),
            Change("add", "roles.DisplayName", None, "DisplayName", "X", None),
        ),
        (operation("add", None, {"roles.value": "X"}), Change("add", "roles.value", None, "value", "X", None)),
        (
            operation("Add", 'roles[primary eq "True"].value', "X"),
            Change("add", 'roles[primary eq "True"].value', PRIMARY, "value", "X", None),
        ),
        (
            operation("replace", 'roles[primary eq "True"]', {"value": "X"}),
            Change("replace", 'roles[primary eq "True"]', PRIMARY, None, {"value": "X"}, None),
        ),
        (operation("remove", "roles"), Change("remove", "roles", None, None, MISSING, None)),
        (operation("remove", "roles", [{"value": "X"}]), Change("remove", "roles", None, None, [{"value": "X"}], None)),
        (
            operation("remove", 'roles[primary eq "True"]'),
            Change("remove", 'roles[primary eq "True"]', PRIMARY, None, MISSING, None),
        ),
    ],
)
def test_each_form_of_an_operation_is_one_change(made: dict[str, Any], change: Change) -> None:
    assert changes(made) == [change]


def test_the_answer_of_the_interpreter_is_stored_and_shown_to_the_next_operation() -> None:
    role = [{"value": "X"}]
    first, second = changes(operation("add", "roles", "a"), operation("add", "roles", "b"), answer=role)
    assert (first.current, second.current) == (None, role)


@pytest.mark.parametrize("nothing", [None, []])
def test_an_interpreter_unassigns_by_returning_nothing(nothing: object) -> None:
    document = {**ADA, "roles": [{"value": "X"}]}
    assert patched(operation("remove", "roles"), document=document, interpreters={"roles": lambda _: nothing}) == ADA


def test_a_refusal_of_the_interpreter_fails_the_whole_message() -> None:
    def refuse(change: Change) -> object:
        raise InvalidValue(f"{change.path} names no role.")

    detail = refused(
        InvalidValue, operation("add", "title", "T"), operation("add", "roles", "X"), interpreters={"roles": refuse}
    )
    assert detail == "Operations[1]: roles names no role."


def test_an_add_without_a_value_never_reaches_the_interpreter() -> None:
    refused(InvalidValue, operation("add", "roles"), interpreters={"roles": lambda change: change.current})


def test_a_malformed_path_never_reaches_the_interpreter() -> None:
    refused(InvalidPath, operation("add", "roles..value", "X"), interpreters={"roles": lambda change: change.current})


def test_without_an_interpreter_roles_are_an_attribute_like_others() -> None:
    assert patched(operation("add", 'roles[primary eq "True"].value', "X"))["roles"] == [
        {"primary": True, "value": "X"}
    ]
