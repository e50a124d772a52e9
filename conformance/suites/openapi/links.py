"""Scenarios along the links of the document: what one answer names is created, read, changed, deleted by the next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.contract.plan import LINKS, ceilings
from conformance.judging import budget, clause
from conformance.population import Groups, Users
from conformance.session import Session
from conformance.suites.openapi.inquiry import Inquiry, inquiry


@pytest.fixture(scope="module")
def linked(scim_session: Session, openapi: Path | None, suite_users: Users, suite_groups: Groups) -> Iterator[Inquiry]:
    """The scenarios, played once; their requests count with the first check."""
    with inquiry(LINKS, scim_session, openapi, suite_users, suite_groups) as found:
        yield found


@clause("OPENAPI-12")
@budget(*ceilings(LINKS))
def test_links_find_what_they_need_in_the_answer(linked: Inquiry) -> None:
    """Links find in an answer what the next operation needs."""
    linked.judge("OPENAPI-12", "links", "a value in the answer for each parameter of the link")


@clause("OPENAPI-11")
@budget(0)
def test_what_was_created_is_there(linked: Inquiry) -> None:
    """What an answer says was created is there for the next request."""
    linked.judge("OPENAPI-11", "creation", "no 404 for a resource that was just created")


@clause("OPENAPI-10")
@budget(0)
def test_what_was_deleted_is_gone(linked: Inquiry) -> None:
    """What was deleted is gone for every later request."""
    linked.judge("OPENAPI-10", "deletion", "404 or 410 for a resource that was deleted")


@clause("OPENAPI-01")
@budget(0)
def test_no_scenario_makes_the_server_fail(linked: Inquiry) -> None:
    """No scenario of linked requests makes the server fail."""
    linked.judge("OPENAPI-01", "server errors", "no status of 500 or more but a documented 501")


@clause("OPENAPI-02")
@budget(0)
def test_linked_requests_get_documented_statuses(linked: Inquiry) -> None:
    """Linked requests get statuses that the document names."""
    linked.judge("OPENAPI-02", "statuses", "a status the operation documents")


@clause("OPENAPI-03")
@budget(0)
def test_linked_requests_get_documented_media_types(linked: Inquiry) -> None:
    """Linked requests get media types that the document names."""
    linked.judge("OPENAPI-03", "media types", "a Content-Type the answer documents")


@clause("OPENAPI-04")
@budget(0)
def test_linked_requests_get_documented_header_fields(linked: Inquiry) -> None:
    """Linked requests get the header fields that the document promises."""
    linked.judge("OPENAPI-04", "headers", "the header fields the answer documents, in their form")


@clause("OPENAPI-05")
@budget(0)
def test_linked_requests_get_bodies_that_fit_their_schema(linked: Inquiry) -> None:
    """Linked requests get bodies that fit the schema of the answer."""
    linked.judge("OPENAPI-05", "bodies", "a body that fits the documented schema")


@clause("OPENAPI-06")
@budget(0)
def test_linked_requests_are_accepted(linked: Inquiry) -> None:
    """Linked requests that the document allows are accepted."""
    linked.judge("OPENAPI-06", "acceptance", "2xx, 3xx, 404 of a deleted id, 409 of a taken name")
    linked.tell_excuses("OPENAPI-06")
