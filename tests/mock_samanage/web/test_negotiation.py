"""Media types in both directions."""

from __future__ import annotations

import pytest

from mock_samanage.scim.errors import NotAcceptable, UnsupportedMediaType
from mock_samanage.web.negotiation import JSON, SCIM, answer_type, check_body_type


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, SCIM),
        ("", SCIM),
        ("*/*", SCIM),
        ("application/*", SCIM),
        ("application/scim+json", SCIM),
        ("application/json", JSON),
        ("application/json, application/scim+json", SCIM),
        ("application/json, application/scim+json;q=0.5", JSON),
        ("text/html,application/xhtml+xml,*/*;q=0.8", SCIM),
        ("application/scim+json;q=0, */*", JSON),
        ("Application/JSON; charset=utf-8", JSON),
        ("application/json;q=x", JSON),
    ],
)
def test_the_answer_has_the_type_the_client_likes_best(accept: str | None, expected: str) -> None:
    assert answer_type(accept) == expected


@pytest.mark.parametrize("accept", ["image/png", "text/html", "application/json;q=0", "nonsense"])
def test_nothing_acceptable_is_406(accept: str) -> None:
    with pytest.raises(NotAcceptable):
        answer_type(accept)


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "application/scim+json",
        "application/json",
        'application/scim+json; charset="UTF-8"',
        "APPLICATION/JSON",
    ],
)
def test_json_in_utf_8_is_read(content_type: str | None) -> None:
    check_body_type(content_type, None)


@pytest.mark.parametrize(
    ("content_type", "coding"),
    [
        ("text/xml", None),
        ("application/x-www-form-urlencoded", None),
        ("application/json; charset=utf-16", None),
        ("application/json", "gzip"),
    ],
)
def test_other_bodies_are_415(content_type: str, coding: str | None) -> None:
    with pytest.raises(UnsupportedMediaType):
        check_body_type(content_type, coding)
