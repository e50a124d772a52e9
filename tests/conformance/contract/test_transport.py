"""Requests of schemathesis on their way: whose credential they carry, and which operations are left out."""

from __future__ import annotations

from typing import Any

from conformance.client import ScimClient
from conformance.contract.engine import Surveyor
from conformance.contract.plan import COVERAGE, Plan
from conformance.contract.transport import JudgedSession
from conformance.run import Run
from conformance.strategies.formats import Pool
from conformance.transport import Transport
from tests.conformance.contract.things import TOKEN, Things, document, serving

OWN = {"Authorization": f"Bearer {TOKEN}"}
OTHER = {"Authorization": "Bearer another"}


def client(things: Things) -> ScimClient:
    return ScimClient(things.url, Transport(timeout=5), OWN)


def test_borrowed_fields_take_the_place_of_the_clients_own_and_of_no_others() -> None:
    with serving() as things:
        session = JudgedSession(client(things), 10)
        url = f"{things.url}/things"
        assert session.get(url, headers=OWN).status_code == 200
        session.borrowed = OTHER
        assert session.get(url, headers=OWN).status_code == 401
        assert session.last is not None
        assert session.last.request_headers["Authorization"] == OTHER["Authorization"]
        session.get(url)
        assert "Authorization" not in session.last.request_headers
        session.get(url, headers={"Authorization": "Basic x"})
        assert session.last.request_headers["Authorization"] == "Basic x"


def with_me() -> dict[str, Any]:
    """The document with a user of one's own; the server has none, so that every answer is a list."""
    found = document()
    operation = {"responses": {"200": {"description": "OK"}, "400": {"description": "No"}}}
    found["paths"] = {"/things/Me": dict.fromkeys(("get", "put", "delete"), operation)}
    return found


def test_changes_of_ones_own_user_are_asked_for_with_somebody_elses_rights_only() -> None:
    pool = Pool(members=("m",), users=(), groups=(), absent=("nobody",))
    for owner, expected in ((None, {"GET"}), (lambda: OTHER, {"GET", "PUT", "DELETE"})):
        with serving() as things:
            ours = Surveyor(with_me(), client(things), Run("cf-", seed=3, effort="quick"), pool, owner=owner)
            survey = ours.survey(COVERAGE, Plan(50, keep=100, least=1, undeclared=("patch",)))
            assert {label.split()[0] for label in survey.answered} == expected
