"""Reading JSON strictly and building messages."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_samanage.scim.errors import BadRequest, InvalidSyntax, InvalidValue
from mock_samanage.scim.messages import LIST_RESPONSE_URN, MAX_DEPTH, PATCH_OP_URN, list_response, message, parse_json

JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def nested(levels: int) -> bytes:
    return b'{"a":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b'{"userName":', "line 1, column 13"),
        (b"[]", "array"),
        (b'"x"', "string"),
        (b"null", "null"),
        (b"7", "number"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b'{"a": "\xff"}', "byte 7"),
        ('{"a": 1}'.encode("utf-16"), "UTF-8"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b'{"a": "\x00"}', "control character"),
        (b"{'a': 1}", "column 2"),
        (b'{"a": 1,}', "not JSON"),
        (nested(MAX_DEPTH + 1), "too deep at character 36"),
        (nested(100_000), "too deep"),
        (b'{"a": ' * 5000, "too deep"),
    ],
)
def test_what_is_no_json_object_is_invalid_syntax(data: bytes, part: str) -> None:
    with pytest.raises(InvalidSyntax) as raised:
        parse_json(data)
    assert part in raised.value.detail


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b'{"userName": "a", "userName": "b"}', '"userName" occurs twice'),
        (b'{"userName": "a", "USERNAME": "b"}', '"userName" and "USERNAME" differ only in case'),
        (b'{"roles": [{"value": "a", "value": "b"}]}', '"value" occurs twice'),
        (b'{"name": {"givenName": "a\\u0000b"}}', "name.givenName holds U+0000 at character 1"),
        (b'{"emails": [{}, {"value": "\\ud83d"}]}', "emails[1].value holds U+D83D"),
        (b'{"a": {"\\udc00": 1}}', "A name in a holds U+DC00"),
        (b'{"\\ud800": 1, "\\ud800": 1}', "occurs twice"),
        (b'{"a": 1e999}', "1e999 is too large"),
        (b'{"a": ' + b"9" * 5000 + b"}", "too large"),
    ],
)
def test_what_no_answer_could_carry_is_an_invalid_value(data: bytes, part: str) -> None:
    with pytest.raises(InvalidValue) as raised:
        parse_json(data)
    assert part in raised.value.detail
    json.dumps(raised.value.body(), ensure_ascii=False).encode()


def test_brackets_in_strings_are_no_depth() -> None:
    text = "[{" * 100 + '\\"' + "[" * 100
    assert parse_json(f'{{"a": "{text}"}}'.encode())


def test_the_deepest_allowed_body_is_read() -> None:
    assert parse_json(nested(MAX_DEPTH))


def test_names_inside_a_value_may_differ_in_case() -> None:
    """Roles are read by the tenant, which sees both keys."""
    assert parse_json(b'{"roles": {"value": "a", "Value": "b"}}') == {"roles": {"value": "a", "Value": "b"}}


def test_pairs_of_surrogates_are_characters() -> None:
    assert parse_json(b'{"a": "\\ud83d\\ude00"}') == {"a": "\U0001f600"}


@given(st.dictionaries(st.text(), JSON_VALUES, max_size=5))
def test_every_json_object_is_read_as_it_is_or_refused(body: dict[str, Any]) -> None:
    data = json.dumps(body).encode()
    with suppress(BadRequest):
        assert parse_json(data) == body


@given(st.binary(max_size=60))
def test_bytes_raise_scim_errors_only(data: bytes) -> None:
    with suppress(BadRequest):
        parse_json(data)


def test_a_list_response_counts_what_it_holds() -> None:
    body = list_response([{"id": "1"}, {"id": "2"}], 9, 3)
    assert body == {
        "schemas": [LIST_RESPONSE_URN],
        "totalResults": 9,
        "startIndex": 3,
        "itemsPerPage": 2,
        "Resources": [{"id": "1"}, {"id": "2"}],
    }
    assert list_response([], 0, counted=False) == {"schemas": [LIST_RESPONSE_URN], "totalResults": 0, "Resources": []}


def test_members_of_a_message_are_found_in_any_case() -> None:
    body = {"SCHEMAS": [PATCH_OP_URN.upper()], "operations": [1], "other": 2}
    assert message(body, PATCH_OP_URN, ("Operations",)) == {"Operations": [1]}


@pytest.mark.parametrize("schemas", [None, [], ["urn:x"], {"a": 1}, [1], "urn:x"])
def test_a_message_without_its_urn_is_refused(schemas: object) -> None:
    with pytest.raises(InvalidSyntax, match="PatchOp"):
        message({"schemas": schemas}, PATCH_OP_URN, ())
