"""Bodies of POST and PUT become the documents that are stored."""

from __future__ import annotations

from typing import Any

import pytest

from mock_samanage.scim.dialect import ENTRA
from mock_samanage.scim.errors import InvalidSyntax, InvalidValue, ScimError
from mock_samanage.scim.registry import ENTERPRISE_URN, GROUP, GROUP_URN, USER, USER_URN
from mock_samanage.scim.validation import validate

ADA = {"schemas": [USER_URN], "userName": "ada"}


def user(**attributes: Any) -> dict[str, Any]:
    return validate(USER, {**ADA, **attributes}, dialect=ENTRA)


def enterprise(attributes: object) -> dict[str, Any]:
    stored: dict[str, Any] = validate(USER, {**ADA, ENTERPRISE_URN: attributes}, dialect=ENTRA).get(ENTERPRISE_URN, {})
    return stored


def test_a_whole_user_is_stored_under_the_names_of_the_schema() -> None:
    body = {
        "SCHEMAS": [ENTERPRISE_URN, USER_URN, USER_URN],
        "USERNAME": "Ada",
        "externalid": "ÀX",
        "NAME": {"GIVENNAME": "Ada", "nope": 1},
        "Emails": [{"VALUE": "a@example.com", "Type": "work", "PRIMARY": True}],
        "active": False,
        ENTERPRISE_URN.upper(): {"DEPARTMENT": "D", "Manager": {"VALUE": "8"}},
    }
    assert validate(USER, body, dialect=ENTRA) == {
        "schemas": [USER_URN, ENTERPRISE_URN],
        "userName": "Ada",
        "externalId": "ÀX",
        "name": {"givenName": "Ada"},
        "emails": [{"value": "a@example.com", "type": "work", "primary": True}],
        "active": False,
        ENTERPRISE_URN: {"department": "D", "manager": {"value": "8"}},
    }


@pytest.mark.parametrize("empty", [None, [], ""])
def test_null_the_empty_list_and_the_empty_text_are_unassigned(empty: object) -> None:
    assert user(title=empty, emails=empty, name=empty, active=empty, photos=empty) == user()
    assert user(name={"givenName": empty}, emails=[{"value": empty}, {}, None]) == user()


def test_read_only_attributes_of_the_body_are_ignored() -> None:
    body = user(id="x", meta={"created": "yesterday"}, groups=[{"value": "9"}])
    assert body == user()
    assert enterprise({"manager": {"value": "8", "displayName": "Bob"}}) == {"manager": {"value": "8"}}


def test_a_password_is_checked_and_not_stored() -> None:
    assert user(password="secret") == user()
    with pytest.raises(InvalidValue, match="password must be a string"):
        user(password=7)


def test_unknown_attributes_and_schemas_are_ignored() -> None:
    """AMB-38; Microsoft Entra ID creates groups with a second schema."""
    urn = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
    body = {
        "schemas": [GROUP_URN, urn],
        "displayName": "Ops",
        urn: {"x": 1},
        "nope": 1,
        "a b": 2,
        "urn:x:y:z": 3,
        "": 4,
    }
    assert validate(GROUP, body, dialect=ENTRA) == {"schemas": [GROUP_URN], "displayName": "Ops"}


@pytest.mark.parametrize("schemas", [None, [], [GROUP_URN], [ENTERPRISE_URN], ["urn:x"]])
def test_a_body_without_the_schema_of_its_type_is_refused(schemas: object) -> None:
    """AMB-34."""
    with pytest.raises(InvalidSyntax, match=USER_URN):
        user(schemas=schemas)
    with pytest.raises(InvalidSyntax, match="schemas is missing"):
        validate(USER, {"userName": "ada"}, dialect=ENTRA)


@pytest.mark.parametrize("schemas", [7, {"a": 1}, [7], [USER_URN, None]])
def test_schemas_is_a_list_of_uris(schemas: object) -> None:
    with pytest.raises(InvalidValue, match="schemas must be a list of URIs"):
        user(schemas=schemas)


def test_the_uri_of_a_schema_is_read_in_any_case() -> None:
    """AMB-59."""
    assert user(schemas=USER_URN.upper()) == user()


@pytest.mark.parametrize("name", [None, "", " \t", "\u3000", "\u200b\u2060\u00ad", "\x07"])
def test_a_required_attribute_must_have_a_value(name: object) -> None:
    with pytest.raises(InvalidValue, match="userName is required"):
        user(userName=name)
    with pytest.raises(InvalidValue, match="displayName is required"):
        validate(GROUP, {"schemas": [GROUP_URN], "displayName": name}, dialect=ENTRA)


def test_a_member_without_an_id_is_refused() -> None:
    body = {"schemas": [GROUP_URN], "displayName": "Ops", "members": [{"value": "1"}, {"type": "User"}]}
    with pytest.raises(InvalidValue, match=r"members\[1\]\.value is missing"):
        validate(GROUP, body, dialect=ENTRA)


def test_members_keep_their_id_and_lose_their_uri() -> None:
    members = [{"$ref": None, "value": "1"}, {"$ref": "https://x/scim/v2/Users/2?y=1"}, {"value": "1", "type": "User"}]
    body = {"schemas": [GROUP_URN], "displayName": "Ops", "members": members}
    assert validate(GROUP, body, dialect=ENTRA)["members"] == [{"value": "1"}, {"value": "2"}]


@pytest.mark.parametrize(
    "written",
    [
        "u-1",
        "../Users/u-1",
        {"value": "u-1"},
        {"Value": "u-1", "$ref": None},
        {"value": "u-1", "$ref": "https://x/Users/other"},
        {"$ref": "https://x/v2/Users/u-1"},
        {"$REF": "/Users/u-1/"},
        [{"$ref": "https://x/Users/u-1", "value": "u-1"}],
        ["u-1"],
        {"value": "u-1", "displayName": "Bob"},
    ],
)
def test_a_manager_is_read_in_every_form_clients_write(written: object) -> None:
    """PRAC-E-03."""
    assert enterprise({"manager": written}) == {"manager": {"value": "u-1"}}
    assert user(manager=written)[ENTERPRISE_URN] == {"manager": {"value": "u-1"}}


@pytest.mark.parametrize("written", [None, "", [], {}, {"value": ""}, {"value": None, "$ref": None}, [{"value": ""}]])
def test_an_empty_manager_is_none(written: object) -> None:
    assert enterprise({"manager": written}) == {}


@pytest.mark.parametrize(
    "written",
    [7, True, [{"value": "1"}, {"value": "2"}], {"value": 7}, {"$ref": "a b"}, {"$ref": "#x"}, {"$ref": "//"}],
)
def test_any_other_manager_is_refused(written: object) -> None:
    with pytest.raises(InvalidValue, match="manager"):
        enterprise({"manager": written})


@pytest.mark.parametrize(
    "keys",
    [
        {ENTERPRISE_URN: {"department": "D"}},
        {f"{ENTERPRISE_URN}:department": "D"},
        {f"{ENTERPRISE_URN}.department": "D"},
        {f"{ENTERPRISE_URN.upper()}:DEPARTMENT": "D"},
        {"department": "D"},
        {"department": None, ENTERPRISE_URN: {"department": "D"}},
        {"department": "D", ENTERPRISE_URN: None},
        {"department": "D", ENTERPRISE_URN: {"department": "D"}},
    ],
)
def test_extension_attributes_are_read_in_their_container_and_flat(keys: dict[str, Any]) -> None:
    """AMB-51."""
    assert user(**keys) == {
        "schemas": [USER_URN, ENTERPRISE_URN],
        "userName": "ada",
        ENTERPRISE_URN: {"department": "D"},
    }


def test_dotted_keys_are_parts_of_their_attribute() -> None:
    stored = user(**{"name.givenName": "Ada", "Name.FamilyName": "L", "emails.value": "a@b"})
    assert stored["name"] == {"givenName": "Ada", "familyName": "L"}
    assert stored["emails"] == [{"value": "a@b"}]
    assert user(name={"givenName": "Ada"}, **{"name.familyName": "L"})["name"] == {
        "givenName": "Ada",
        "familyName": "L",
    }


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"name": {"givenName": "A"}, "name.GIVENNAME": "B"}, "name.givenName"),
        ({"department": "A", ENTERPRISE_URN: {"department": "B"}}, f"{ENTERPRISE_URN}:department"),
        ({"name": {"givenName": "A", "GivenName": "B"}}, "name.givenName"),
        ({"emails": [], "emails.value": "a"}, "emails.value"),
    ],
)
def test_an_attribute_given_twice_is_refused(body: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as raised:
        user(**body)
    assert path in raised.value.detail
    assert "twice" in raised.value.detail


def test_an_extension_must_be_an_object() -> None:
    with pytest.raises(InvalidValue, match="must be an object"):
        enterprise("D")


ANYTHING = [None, "", "x", 7, True, [], {}, [{"value": "A"}], {"displayName": "A"}, '{"displayName":"A"}', [["A"]]]


@pytest.mark.parametrize("raw", ANYTHING)
def test_an_opaque_attribute_is_handed_over_as_it_is(raw: object) -> None:
    stored = validate(USER, {**ADA, "ROLES": raw}, dialect=ENTRA, opaque={"roles"})
    assert stored["roles"] is raw


def test_an_absent_opaque_attribute_stays_absent() -> None:
    assert "roles" not in validate(USER, ADA, dialect=ENTRA, opaque={"roles"})


def test_a_flat_key_of_an_opaque_attribute_becomes_an_object() -> None:
    stored = validate(USER, {**ADA, "roles.displayName": "A"}, dialect=ENTRA, opaque={"roles"})
    assert stored["roles"] == {"displayName": "A"}
    with pytest.raises(InvalidValue, match="twice"):
        validate(USER, {**ADA, "roles": "B", "roles.displayName": "A"}, dialect=ENTRA, opaque={"roles"})


def test_the_body_is_not_changed() -> None:
    body = {**ADA, "emails": [{"value": "a"}, {"value": "a", "primary": True}], "name": {"givenName": "x"}}
    before = repr(body)
    validate(USER, body, dialect=ENTRA)
    assert repr(body) == before


def test_every_refusal_is_a_bad_request() -> None:
    with pytest.raises(ScimError) as raised:
        user(active="maybe")
    assert raised.value.body()["scimType"] == "invalidValue"
