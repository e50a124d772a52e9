"""Every operation, parameter and member of the document in turn, once as it allows it and once as it forbids it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.contract.plan import COVERAGE, ceilings
from conformance.judging import budget, clause
from conformance.population import Groups, Users
from conformance.session import Session
from conformance.suites.openapi.inquiry import Inquiry, inquiry


@pytest.fixture(scope="module")
def enumerated(
    scim_session: Session, openapi: Path | None, suite_users: Users, suite_groups: Groups
) -> Iterator[Inquiry]:
    """The enumeration, made once; its requests count with the first check."""
    with inquiry(COVERAGE, scim_session, openapi, suite_users, suite_groups) as found:
        yield found


@clause("OPENAPI-01")
@budget(*ceilings(COVERAGE))
def test_no_enumerated_request_makes_the_server_fail(enumerated: Inquiry) -> None:
    """No enumerated request makes the server fail."""
    enumerated.judge("OPENAPI-01", "server errors", "no status of 500 or more but a documented 501")


@clause("OPENAPI-02")
@budget(0)
def test_enumerated_requests_get_documented_statuses(enumerated: Inquiry) -> None:
    """Enumerated requests get statuses that the document names."""
    enumerated.judge("OPENAPI-02", "statuses", "a status the operation documents")


@clause("OPENAPI-03")
@budget(0)
def test_enumerated_requests_get_documented_media_types(enumerated: Inquiry) -> None:
    """Enumerated requests get media types that the document names."""
    enumerated.judge("OPENAPI-03", "media types", "a Content-Type the answer documents")


@clause("OPENAPI-04")
@budget(0)
def test_enumerated_requests_get_documented_header_fields(enumerated: Inquiry) -> None:
    """Enumerated requests get the header fields that the document promises."""
    enumerated.judge("OPENAPI-04", "headers", "the header fields the answer documents, in their form")


@clause("OPENAPI-05")
@budget(0)
def test_enumerated_requests_get_bodies_that_fit_their_schema(enumerated: Inquiry) -> None:
    """Enumerated requests get bodies that fit the schema of the answer."""
    enumerated.judge("OPENAPI-05", "bodies", "a body that fits the documented schema")


@clause("OPENAPI-06")
@budget(0)
def test_every_form_the_document_allows_is_accepted(enumerated: Inquiry) -> None:
    """Every form of a request that the document allows is accepted."""
    enumerated.judge("OPENAPI-06", "acceptance", "2xx, 3xx, 404 of a made-up id, 409 of a taken name, documented 501")
    enumerated.tell_excuses("OPENAPI-06")


@clause("OPENAPI-07")
@budget(0)
def test_every_form_the_document_forbids_is_refused(enumerated: Inquiry) -> None:
    """Every form of a request that the document forbids is refused."""
    enumerated.judge("OPENAPI-07", "refusal", "a status of 400 to 499 that tells of the request")


@clause("OPENAPI-08")
@budget(0)
def test_methods_the_document_lacks_are_refused(enumerated: Inquiry) -> None:
    """A method that the document lacks is refused, and Allow names those it has."""
    enumerated.judge("OPENAPI-08", "methods", "405 with Allow; the methods of the document in Allow")


@clause("OPENAPI-09")
@budget(0)
def test_operations_that_need_a_credential_refuse_without_one(enumerated: Inquiry) -> None:
    """Operations that need a credential refuse a request without one, or with a false one."""
    enumerated.judge("OPENAPI-09", "authentication", "401 or 403")
