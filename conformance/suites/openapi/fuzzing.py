"""Random requests to every operation, half of them as the document allows, half as it forbids."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.contract.plan import FUZZING, ceilings
from conformance.judging import budget, clause
from conformance.population import Groups, Users
from conformance.session import Session
from conformance.suites.openapi.inquiry import Inquiry, inquiry


@pytest.fixture(scope="module")
def drawn(scim_session: Session, openapi: Path | None, suite_users: Users, suite_groups: Groups) -> Iterator[Inquiry]:
    """The random requests, sent once; they count with the first check."""
    with inquiry(FUZZING, scim_session, openapi, suite_users, suite_groups) as found:
        yield found


@clause("OPENAPI-01")
@budget(*ceilings(FUZZING))
def test_no_random_request_makes_the_server_fail(drawn: Inquiry) -> None:
    """No random request makes the server fail."""
    drawn.judge("OPENAPI-01", "server errors", "no status of 500 or more but a documented 501")


@clause("OPENAPI-02")
@budget(0)
def test_random_requests_get_documented_statuses(drawn: Inquiry) -> None:
    """Random requests get statuses that the document names."""
    drawn.judge("OPENAPI-02", "statuses", "a status the operation documents")


@clause("OPENAPI-03")
@budget(0)
def test_random_requests_get_documented_media_types(drawn: Inquiry) -> None:
    """Random requests get media types that the document names."""
    drawn.judge("OPENAPI-03", "media types", "a Content-Type the answer documents")


@clause("OPENAPI-04")
@budget(0)
def test_random_requests_get_documented_header_fields(drawn: Inquiry) -> None:
    """Random requests get the header fields that the document promises."""
    drawn.judge("OPENAPI-04", "headers", "the header fields the answer documents, in their form")


@clause("OPENAPI-05")
@budget(0)
def test_random_requests_get_bodies_that_fit_their_schema(drawn: Inquiry) -> None:
    """Random requests get bodies that fit the schema of the answer."""
    drawn.judge("OPENAPI-05", "bodies", "a body that fits the documented schema")


@clause("OPENAPI-06")
@budget(0)
def test_random_requests_the_document_allows_are_accepted(drawn: Inquiry) -> None:
    """Random requests that the document allows are accepted."""
    drawn.judge("OPENAPI-06", "acceptance", "2xx, 3xx, 404 of a made-up id, 409 of a taken name, documented 501")
    drawn.tell_excuses("OPENAPI-06")


@clause("OPENAPI-07")
@budget(0)
def test_random_requests_the_document_forbids_are_refused(drawn: Inquiry) -> None:
    """Random requests that the document forbids are refused."""
    drawn.judge("OPENAPI-07", "refusal", "a status of 400 to 499 that tells of the request")
