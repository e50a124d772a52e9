"""PATCH on attributes with one value, on extensions and on the message itself."""

from __future__ import annotations

from typing import Any

import pytest

from mock_samanage.scim.dialect import ENTRA, STRICT
from mock_samanage.scim.errors import InvalidFilter, InvalidPath, InvalidSyntax, InvalidValue, Mutability, NoTarget
from mock_samanage.scim.patch import apply_patch
from mock_samanage.scim.registry import ENTERPRISE_URN, USER, USER_URN
from tests.mock_samanage.scim.patching import ADA, message, operation, patched, refused

SETTING = pytest.mark.parametrize("op", ["add", "replace", "Add", "REPLACE"])
DEPARTMENT = f"{ENTERPRISE_URN}:department"
MANAGER = f"{ENTERPRISE_URN}:manager"


@SETTING
@pytest.mark.parametrize("path", ["title", "TITLE", f"{USER_URN}:title", f"{USER_URN.upper()}:Title", None])
def test_a_simple_value_is_set(op: str, path: str | None) -> None:
    made = operation(op, path, "T") if path else operation(op, None, {"title": "T"})
    assert patched(made) == {**ADA, "title": "T"}
    assert patched(made, document={**ADA, "title": "old"}) == {**ADA, "title": "T"}


@SETTING
@pytest.mark.parametrize(
    ("path", "value"),
    [("name.givenName", "B"), ("NAME.GIVENNAME", "B"), ("name", {"GivenName": "B"}), (None, {"name.givenName": "B"})],
)
def test_a_part_of_a_complex_value_is_set_and_the_others_stay(op: str, path: str | None, value: Any) -> None:
    """AMB-22, AMB-51."""
    assert patched(operation(op, path, value))["name"] == {"givenName": "B", "familyName": "L"}
    bare = {key: item for key, item in ADA.items() if key != "name"}
    assert patched(operation(op, path, value), document=bare)["name"] == {"givenName": "B"}


@SETTING
@pytest.mark.parametrize(
    ("path", "value"),
    [
        (DEPARTMENT, "X"),
        (DEPARTMENT.upper(), "X"),
        (f"{ENTERPRISE_URN}.department", "X"),
        ("department", "X"),
        (ENTERPRISE_URN, {"department": "X"}),
        (None, {ENTERPRISE_URN: {"department": "X"}}),
        (None, {DEPARTMENT: "X"}),
    ],
)
def test_an_extension_attribute_is_set_and_its_urn_listed(op: str, path: str | None, value: Any) -> None:
    assert patched(operation(op, path, value))[ENTERPRISE_URN] == {"department": "X", "manager": {"value": "8"}}
    after = patched(operation(op, path, value), document={"schemas": [USER_URN], "userName": "ada"})
    assert after == {"schemas": [USER_URN, ENTERPRISE_URN], "userName": "ada", ENTERPRISE_URN: {"department": "X"}}


@SETTING
@pytest.mark.parametrize(
    "value", ["u-1", {"value": "u-1"}, [{"$ref": "https://x/Users/u-1", "value": "u-1"}], {"$ref": "../Users/u-1"}]
)
@pytest.mark.parametrize("path", [MANAGER, "manager"])
def test_a_manager_is_set_in_every_form(op: str, path: str, value: Any) -> None:
    assert patched(operation(op, path, value))[ENTERPRISE_URN] == {"department": "D", "manager": {"value": "u-1"}}
    assert patched(operation(op, None, {path: value}))[ENTERPRISE_URN]["manager"] == {"value": "u-1"}


def test_a_manager_is_set_by_its_parts() -> None:
    assert patched(operation("replace", f"{MANAGER}.value", "u-1"))[ENTERPRISE_URN]["manager"] == {"value": "u-1"}
    by_reference = operation("replace", f"{MANAGER}.$ref", "https://x/v2/Users/u-1")
    assert patched(by_reference)[ENTERPRISE_URN]["manager"] == {"value": "u-1"}


@pytest.mark.parametrize(
    "made",
    [
        operation("replace", MANAGER, ""),
        operation("replace", MANAGER, {"value": ""}),
        operation("replace", MANAGER, None),
        operation("replace", MANAGER, []),
        operation("remove", MANAGER),
        operation("remove", f"{MANAGER}.value"),
        operation("remove", f"{MANAGER}.$ref"),
        operation("remove", MANAGER, "8"),
    ],
)
def test_a_manager_is_cleared_in_every_form(made: dict[str, Any]) -> None:
    assert patched(made)[ENTERPRISE_URN] == {"department": "D"}


@pytest.mark.parametrize("made", [operation("remove", "name"), operation("replace", "name", None)])
def test_a_whole_complex_value_is_removed(made: dict[str, Any]) -> None:
    assert "name" not in patched(made)


def test_removing_the_last_part_unassigns_the_whole() -> None:
    after = patched(operation("remove", "name.givenName"), operation("replace", "name.familyName", ""))
    assert "name" not in after
    without = patched(operation("remove", DEPARTMENT), operation("remove", MANAGER))
    assert ENTERPRISE_URN not in without
    assert without["schemas"] == [USER_URN]


@pytest.mark.parametrize("path", ["title", "name.middleName", "x509Certificates", "photos.value"])
def test_removing_what_is_not_there_changes_nothing(path: str) -> None:
    """AMB-24."""
    assert patched(operation("remove", path)) == ADA


@pytest.mark.parametrize("empty", [None, "", []])
def test_replacing_by_nothing_clears(empty: object) -> None:
    assert patched(operation("replace", "title", empty), document={**ADA, "title": "T"}) == ADA
    assert patched(operation("replace", None, {"active": empty})) == {k: v for k, v in ADA.items() if k != "active"}


@pytest.mark.parametrize("op", ["add", "replace"])
def test_a_part_makes_the_whole_that_is_missing(op: str) -> None:
    bare = {name: value for name, value in ADA.items() if name not in {"name", "emails", ENTERPRISE_URN}}
    bare["schemas"] = [USER_URN]
    after = patched(
        operation(op, "name.givenName", "Ada"),
        operation(op, "emails.value", "n@x"),
        operation(op, f"{MANAGER}.value", "8"),
        document=bare,
    )
    parts = {"name": {"givenName": "Ada"}, "emails": [{"value": "n@x"}], ENTERPRISE_URN: {"manager": {"value": "8"}}}
    assert after == {**bare, **parts, "schemas": [USER_URN, ENTERPRISE_URN]}


def test_operations_work_on_the_result_of_those_before() -> None:
    after = patched(operation("add", "title", "a"), operation("replace", "title", "b"), operation("remove", "nickName"))
    assert after == {**ADA, "title": "b"}


@pytest.mark.parametrize(
    "path", ["id", "meta.created", "meta", "groups", 'groups[value eq "9"]', f"{MANAGER}.displayName"]
)
@pytest.mark.parametrize("op", ["add", "replace", "remove"])
def test_read_only_attributes_are_refused(op: str, path: str) -> None:
    assert "readOnly" in refused(Mutability, operation(op, path, "x"))


@pytest.mark.parametrize(
    "value",
    [
        {"id": "7"},
        {"ID": "7", "groups": []},
        {"meta": {"resourceType": "User", "location": "https://x/Users/7"}},
        {"meta.resourceType": "User"},
        {"groups": [{"value": "9", "display": "Ops"}]},
        {"id": None, "meta": {}},
    ],
)
def test_equal_read_only_values_inside_a_path_less_value_are_accepted(value: dict[str, Any]) -> None:
    """AMB-14; Okta sends its id."""
    assert patched(operation("replace", None, {**value, "title": "T"})) == {**ADA, "title": "T"}


@pytest.mark.parametrize(
    "value",
    [
        {"id": "8"},
        {"meta": {"resourceType": "Group"}},
        {"groups": [{"value": "1"}]},
        {"meta.created": "x"},
        {"meta": 1},
    ],
)
def test_different_read_only_values_inside_a_path_less_value_are_refused(value: dict[str, Any]) -> None:
    assert "another value" in refused(Mutability, operation("replace", None, {"title": "T", **value}))


def test_required_attributes_cannot_go() -> None:
    assert "required" in refused(Mutability, operation("remove", "userName"))
    for empty in (None, "", "  "):
        assert "required" in refused(InvalidValue, operation("replace", "userName", empty))
        assert "required" in refused(InvalidValue, operation("add", None, {"userName": empty}))


@pytest.mark.parametrize(
    "path", ["nope", "name.nope", "urn:x:y:name", f"{ENTERPRISE_URN}:nope", "", " ", "9x", "/userName", "userName.x"]
)
def test_a_path_to_nothing_is_invalid(path: str) -> None:
    """AMB-16."""
    refused(InvalidPath, operation("replace", path, "x"))


@pytest.mark.parametrize("path", ["name..x", "name.givenName.x", "emails]", 'name[givenName eq "Ada"].familyName'])
def test_a_malformed_path_is_invalid(path: str) -> None:
    refused(InvalidPath, operation("replace", path, "x"))


@pytest.mark.parametrize(
    "path", ['emails[type regex "x"]', 'emails[nope eq "x"].value', "emails[primary gt true].value"]
)
def test_a_bad_filter_in_a_path_is_an_invalid_filter(path: str) -> None:
    refused(InvalidFilter, operation("replace", path, "x"))


def test_values_of_the_wrong_type_name_operation_and_path() -> None:
    detail = refused(InvalidValue, operation("add", "title", "T"), operation("replace", "name.givenName", 7))
    assert detail == "Operations[1]: name.givenName must be a string; it is the number 7."
    for path, value in (
        ("name", "str"),
        ("active", "maybe"),
        ("emails", "str"),
        (ENTERPRISE_URN, "x"),
        (None, "x"),
        (None, [1]),
    ):
        refused(InvalidValue, operation("replace", path, value))


def test_strings_for_booleans_follow_the_dialect() -> None:
    assert patched(operation("Replace", "active", "False"))["active"] is False
    refused(InvalidValue, operation("Replace", "active", "False"), dialect=STRICT)


def test_a_remove_without_a_path_has_no_target() -> None:
    refused(NoTarget, operation("remove"))
    refused(NoTarget, operation("remove", None, {"title": None}))


def test_names_of_a_path_less_value_that_belong_to_nothing_are_ignored() -> None:
    value = {"nope": 1, "urn:x:y": 2, "urn:x:y.z": 3, "a b[": 4, "schemas": [USER_URN], ENTERPRISE_URN: {"nope": 1}}
    assert patched(operation("replace", None, value)) == ADA


@pytest.mark.parametrize("key", ["name.nope", f"{ENTERPRISE_URN}:nope", f"{USER_URN}:nope", 'emails[type eq "w"].nope'])
def test_flat_names_that_miss_their_attribute_are_refused(key: str) -> None:
    refused(InvalidPath, operation("replace", None, {key: 1}))


def test_a_value_path_may_be_a_name_of_a_path_less_value() -> None:
    after = patched(operation("replace", None, {'emails[type eq "home"].value': "n@x"}))
    assert after["emails"][1] == {"type": "home", "value": "n@x"}


def test_a_password_is_checked_and_forgotten() -> None:
    assert patched(operation("replace", "password", "secret"), operation("remove", "password")) == ADA
    refused(InvalidValue, operation("replace", "password", 7))


def test_an_extension_is_removed_as_a_whole() -> None:
    gone = {"schemas": [USER_URN], **{k: v for k, v in ADA.items() if k not in {"schemas", ENTERPRISE_URN}}}
    assert patched(operation("remove", ENTERPRISE_URN)) == gone
    assert patched(operation("replace", None, {ENTERPRISE_URN: None})) == gone
    assert patched(operation("remove", f'schemas[value eq "{ENTERPRISE_URN}"]')) == gone
    assert patched(operation("remove", "schemas", [ENTERPRISE_URN.upper()])) == gone
    assert patched(operation("replace", "schemas", [USER_URN])) == gone


def test_the_base_schema_cannot_be_dropped() -> None:
    for made in (
        operation("remove", "schemas"),
        operation("replace", "schemas", [ENTERPRISE_URN]),
        operation("replace", "schemas", None),
    ):
        assert USER_URN in refused(Mutability, made)
    refused(InvalidValue, operation("add", "schemas", ["urn:x"]))
    refused(InvalidValue, operation("add", "schemas", 5))


def test_adding_a_schema_lets_its_attributes_follow() -> None:
    bare = {"schemas": [USER_URN], "userName": "ada"}
    after = patched(operation("add", "schemas", [ENTERPRISE_URN]), operation("add", DEPARTMENT, "D"), document=bare)
    assert after == {"schemas": [USER_URN, ENTERPRISE_URN], "userName": "ada", ENTERPRISE_URN: {"department": "D"}}
    assert patched(operation("add", "schemas", ENTERPRISE_URN), document=bare) == bare


@pytest.mark.parametrize(
    "operations",
    [
        None,
        [],
        {"op": "add", "path": "title", "value": "x"},
        "x",
        [1],
        [{}],
        [{"op": 1}],
        [{"op": "move", "path": "title"}],
        [{"OP": "add", "op": "add"}],
    ],
)
def test_a_message_without_proper_operations_is_invalid_syntax(operations: object) -> None:
    with pytest.raises(InvalidSyntax, match="Operations"):
        apply_patch(USER, ADA, {**message(), "Operations": operations}, dialect=ENTRA)


def test_a_message_of_another_kind_is_invalid_syntax() -> None:
    with pytest.raises(InvalidSyntax, match="PatchOp"):
        apply_patch(USER, ADA, {"schemas": [USER_URN], "Operations": [operation("remove", "title")]}, dialect=ENTRA)


def test_names_of_the_message_are_read_in_any_case() -> None:
    """AMB-49."""
    body = {
        "SCHEMAS": message()["schemas"],
        "operations": [{"OP": "ADD", "Path": "title", "VALUE": "T", "name": "addTitle"}],
    }
    assert apply_patch(USER, ADA, body, dialect=ENTRA)["title"] == "T"


def test_add_and_replace_need_a_value_and_a_path_is_text() -> None:
    refused(InvalidValue, operation("add", "title"))
    refused(InvalidValue, operation("replace", "title"))
    refused(InvalidPath, {"op": "add", "path": 5, "value": "x"})
    assert patched({"op": "add", "path": None, "value": {"title": "T"}})["title"] == "T"


def test_one_failing_operation_undoes_all() -> None:
    detail = refused(Mutability, operation("replace", "title", "T"), operation("replace", "id", "x"))
    assert detail.startswith("Operations[1]: ")


def test_nothing_changed_is_the_same_document() -> None:
    same = patched(
        operation("replace", "userName", "ada"),
        operation("add", "emails", ADA["emails"]),
        operation("replace", None, {"name": {"familyName": "L"}, MANAGER: "8"}),
    )
    assert same == ADA
    assert same is not ADA
