"""Target attributes as mappings name them, ids in paths, and comparisons."""

from __future__ import annotations

import pytest

from conformance.entra.errors import ConfigError
from conformance.entra.wire.paths import CORE_USER, ENTERPRISE, TargetPath, comparison, parse_target, resource_path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("userName", ("", "userName", "", "", "")),
        ("name.givenName", ("", "name", "", "", "givenName")),
        ('emails[type eq "work"].value', ("", "emails", "type", "work", "value")),
        ('addresses[type eq "work"]', ("", "addresses", "type", "work", "")),
        ('roles[primary eq "True"].display', ("", "roles", "primary", "True", "display")),
        ("emails[primary eq true].value", ("", "emails", "primary", "true", "value")),
        (f"{ENTERPRISE}:manager", (ENTERPRISE, "manager", "", "", "")),
        (f"{ENTERPRISE}:manager.value", (ENTERPRISE, "manager", "", "", "value")),
        (f"{CORE_USER}:title", ("", "title", "", "", "")),
        (
            'urn:ietf:params:scim:schemas:extension:Fabrik:2.0:User:badges[type eq "x"].value',
            ("urn:ietf:params:scim:schemas:extension:Fabrik:2.0:User", "badges", "type", "x", "value"),
        ),
    ],
)
def test_a_target_has_parts(text: str, expected: tuple[str, str, str, str, str]) -> None:
    assert parse_target(text) == TargetPath(text, *expected)
    assert parse_target(text).is_value_path is bool(expected[2])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1a",
        "a.b.c",
        "a b",
        "emails[type ne 'work'].value",
        'emails[type eq "wo"rk"]',
        "emails[type eq work]",
        "urn:x:",
    ],
)
def test_anything_else_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(ConfigError, match=r"right are userName, name\.givenName"):
        parse_target(text)


@pytest.mark.parametrize(
    ("id", "path"),
    [("u-1", "/Users/u-1"), ("a/b?c#d e", "/Users/a%2Fb%3Fc%23d%20e"), ("..", "/Users/%2E%2E"), ("é", "/Users/%C3%A9")],
)
def test_an_id_is_one_segment(id: str, path: str) -> None:
    assert resource_path("/Users", id) == path


def test_a_value_is_a_json_string() -> None:
    assert comparison("userName", 'a"b\\c é') == 'userName eq "a\\"b\\\\c é"'
