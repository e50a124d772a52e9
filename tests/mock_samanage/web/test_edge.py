"""What the outermost step reads of a body."""

from __future__ import annotations

import io
from typing import Any

import pytest

from mock_samanage.scim.errors import InvalidSyntax, PayloadTooLarge
from mock_samanage.web.edge import BODY_KEY, BODY_LIMIT, enter


def environ(body: bytes, length: str | None) -> dict[str, Any]:
    """A POST as a WSGI server hands it over."""
    found = {"REQUEST_METHOD": "POST", "PATH_INFO": "/Users", "QUERY_STRING": "", "wsgi.input": io.BytesIO(body)}
    return found if length is None else {**found, "CONTENT_LENGTH": length}


@pytest.mark.parametrize("length", ["2", "", None])
def test_a_body_is_read_with_and_without_its_length(length: str | None) -> None:
    request = environ(b"{}", length)
    enter(request)
    assert request[BODY_KEY] == b"{}"


def test_a_body_shorter_than_announced_is_no_body() -> None:
    with pytest.raises(InvalidSyntax, match="ended after 2 of the 3 bytes"):
        enter(environ(b"{}", "3"))


@pytest.mark.parametrize("length", [str(BODY_LIMIT + 1), "9" * 5000])
def test_a_body_announced_too_long_is_not_read(length: str) -> None:
    with pytest.raises(PayloadTooLarge, match=str(BODY_LIMIT)):
        enter(environ(b"", length))


def test_a_body_without_length_is_bounded() -> None:
    with pytest.raises(PayloadTooLarge, match=str(BODY_LIMIT)):
        enter(environ(b" " * (BODY_LIMIT + 1), None))
