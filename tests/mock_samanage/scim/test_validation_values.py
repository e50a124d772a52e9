"""Values of each data type: what is read, and what a refusal says."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_samanage.scim import values
from mock_samanage.scim.dialect import ENTRA, STRICT, Dialect
from mock_samanage.scim.errors import BadRequest, InvalidValue
from mock_samanage.scim.formats import decoded
from mock_samanage.scim.registry import ENTERPRISE_URN, GROUP, USER, USER_URN
from mock_samanage.scim.schema import Attribute, AttributeType, ResourceType
from mock_samanage.scim.validation import validate

ADA = {"schemas": [USER_URN], "userName": "ada"}
CERTIFICATE = bytes([0x30, 0x03, 0x02, 0x01, 0x05])
LONG = bytes([0x30, 0x82, 0x01, 0x00]) + bytes(256)


def user(dialect: Dialect = ENTRA, **attributes: Any) -> dict[str, Any]:
    return validate(USER, {**ADA, **attributes}, dialect=dialect)


@pytest.mark.parametrize(
    ("attributes", "detail"),
    [
        ({"displayName": 7}, "displayName must be a string; it is the number 7."),
        ({"title": True}, "title must be a string; it is the boolean true."),
        ({"nickName": ["a"]}, 'nickName must be a string; it is the array ["a"].'),
        ({"active": "maybe"}, 'active must be a boolean, true or false; it is the string "maybe".'),
        ({"active": 1}, "active must be a boolean, true or false; it is the number 1."),
        ({"name": "Ada"}, 'name must be an object such as {"formatted": …}; it is the string "Ada".'),
        ({"name": [{"givenName": "x"}]}, "name must be an object"),
        ({"name": {"givenName": {"a": 1}}}, 'name.givenName must be a string; it is the object {"a": 1}.'),
        ({"emails": "a@b"}, 'emails[0] must be an object such as {"value": …}; it is the string "a@b".'),
        ({"emails": [{"value": "a"}, 5]}, "emails[1] must be an object"),
        ({"emails": [{"value": "a", "primary": "yes"}]}, "emails[0].primary must be a boolean"),
        ({"emails": [[{"value": "a"}]]}, "emails[0] must be an object"),
        ({"profileUrl": "not a url"}, "profileUrl must be a URI without spaces"),
        ({"photos": [{"value": "a<b"}]}, "photos[0].value must be a URI"),
        ({"locale": "en US"}, "locale must be a language tag without spaces, such as en-US"),
        ({"x509Certificates": [{"value": "***"}]}, "x509Certificates[0].value must be base64 text"),
        ({"x509Certificates": [{"value": "A"}]}, "base64"),
        (
            {ENTERPRISE_URN: {"employeeNumber": 7}},
            f"{ENTERPRISE_URN}:employeeNumber must be a string; it is the number 7.",
        ),
        ({"title": {"a": "x" * 500}}, "…"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_with_its_path_and_the_right_form(
    attributes: dict[str, Any], detail: str
) -> None:
    with pytest.raises(InvalidValue) as raised:
        user(**attributes)
    assert detail in raised.value.detail
    assert len(raised.value.detail) < 300


@pytest.mark.parametrize(("written", "read"), [("True", True), ("true", True), ("FALSE", False), (False, False)])
def test_strings_are_booleans_where_the_dialect_coerces_them(written: object, *, read: bool) -> None:
    """AMB-50."""
    assert user(active=written)["active"] is read
    assert user(emails=[{"value": "a", "primary": written}])["emails"][0]["primary"] is read
    if isinstance(written, str):
        with pytest.raises(InvalidValue, match="active must be a boolean"):
            user(STRICT, active=written)


@pytest.mark.parametrize("text", [" true", "1", "yes", "truth"])
def test_other_strings_are_no_booleans(text: str) -> None:
    with pytest.raises(InvalidValue, match="boolean"):
        user(active=text)


def test_one_object_for_a_list_is_a_list_of_one() -> None:
    """AMB-36."""
    assert user(emails={"value": "a@b"})["emails"] == [{"value": "a@b"}]


def test_two_primary_values_are_refused() -> None:
    """AMB-37."""
    with pytest.raises(InvalidValue, match="emails has more than one value with primary true"):
        user(emails=[{"value": "a", "primary": True}, {"value": "b", "primary": True}])


def test_equal_pairs_of_type_and_value_are_stored_once() -> None:
    emails = [
        {"value": "A@b", "type": "work", "display": "first"},
        {"value": "a@B", "type": "WORK", "primary": True},
        {"value": "a@b", "type": "home"},
        {"value": "a@b"},
    ]
    assert user(emails=emails)["emails"] == [
        {"value": "A@b", "type": "work", "display": "first", "primary": True},
        {"value": "a@b", "type": "home"},
        {"value": "a@b"},
    ]


def test_addresses_are_equal_when_all_their_parts_are() -> None:
    home = {"type": "home", "locality": "Ulm"}
    assert user(addresses=[home, {"locality": "ULM", "type": "home"}, {"type": "home"}])["addresses"] == [
        home,
        {"type": "home"},
    ]


def test_text_is_stored_as_it_is_sent() -> None:
    texts: dict[str, Any] = {
        "displayName": "é漢😀",
        "title": " a ",
        "locale": "en_US",
        "preferredLanguage": "en-GB, en;q=0.8",
    }
    assert user(**texts) == {**user(), **texts}
    assert user(addresses=[{"streetAddress": "1\n2"}])["addresses"] == [{"streetAddress": "1\n2"}]
    assert user(phoneNumbers=[{"value": "555-555-8377"}])["phoneNumbers"] == [{"value": "555-555-8377"}]


def test_a_country_is_two_letters_where_the_dialect_says_so() -> None:
    assert user(addresses=[{"country": "USA"}])["addresses"] == [{"country": "USA"}]
    assert user(STRICT, addresses=[{"country": "US"}])["addresses"] == [{"country": "US"}]
    with pytest.raises(InvalidValue, match="ISO 3166"):
        user(STRICT, addresses=[{"country": "USA"}])


@pytest.mark.parametrize("data", [CERTIFICATE, LONG, b"\xfb\xff\xfe", b"", b"\x30", b"\x30\x82\x01"])
def test_base64_is_read_in_both_alphabets_and_without_padding(data: bytes) -> None:
    for text in (base64.b64encode(data), base64.urlsafe_b64encode(data), base64.b64encode(data).rstrip(b"=")):
        assert decoded(text.decode()) == data
        if data:
            assert user(x509Certificates={"value": text.decode()})["x509Certificates"] == [{"value": text.decode()}]


@pytest.mark.parametrize("data", [CERTIFICATE * 2, LONG + b"\x00"])
def test_a_certificate_with_something_behind_it_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidValue, match="exactly one DER certificate"):
        user(x509Certificates=[{"value": base64.b64encode(data).decode()}])


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (AttributeType.INTEGER, [0, -(2**63), 2**63, 10**399], [1.5, "1", True]),
        (AttributeType.DECIMAL, [1, 1.5, Decimal("0.12345678901234567890")], ["1.5", False]),
        (
            AttributeType.DATETIME,
            ["2011-05-13T04:42:34Z", "2011-05-13T04:42:34.5+02:00"],
            ["yesterday", "2011-05-13", 5],
        ),
        (AttributeType.BINARY, ["TWE=", "TWE"], ["***", 5, "TWE=TWE="]),
        (AttributeType.REFERENCE, ["https://a/b", "../Users/1"], ["a b", 5]),
    ],
)
def test_each_type_reads_its_own_values_only(kind: AttributeType, good: list[Any], bad: list[Any]) -> None:
    attribute = Attribute("it", kind)
    for value in good:
        assert values.read(attribute, value, "it", ENTRA) == value
    for value in bad:
        with pytest.raises(InvalidValue, match="it must be"):
            values.read(attribute, value, "it", ENTRA)


NAMES = [
    *(attribute.name for attribute in USER.schema.attributes),
    *("schemas", "id", "meta", "externalId", "members", "name.givenName", "emails.value", "manager.value", "x"),
    *(ENTERPRISE_URN, f"{ENTERPRISE_URN}:manager", f"{ENTERPRISE_URN}.department", 'emails[type eq "work"].value'),
]
PARTS = ["value", "type", "primary", "display", "$ref", "givenName", "department", "manager", "country", "VALUE"]
TEXTS = st.sampled_from(["", "True", "work", "a@b", "TWE=", "https://x/Users/1"]) | st.text(max_size=5)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(PARTS) | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
BODIES = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), JSON, max_size=5)


@given(kind=st.sampled_from([USER, GROUP]), body=BODIES, named=st.booleans(), dialect=st.sampled_from([ENTRA, STRICT]))
def test_any_json_is_stored_or_refused_and_storing_again_changes_nothing(
    kind: ResourceType, body: dict[str, Any], dialect: Dialect, *, named: bool
) -> None:
    if named:
        body = {**body, "schemas": [kind.schema.id], "userName": "ada", "displayName": "Ops"}
    try:
        stored = validate(kind, body, dialect=dialect, opaque={"roles"})
    except BadRequest:
        return
    assert validate(kind, stored, dialect=dialect, opaque={"roles"}) == stored
    assert not {"id", "meta", "groups", "password"} & stored.keys()
