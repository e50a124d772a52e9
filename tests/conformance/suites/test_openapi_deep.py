"""The whole of schemathesis by the shipped document: 2,000 examples an operation, every enumerated case, long walks.

`CONTRACT_SEED` asks other questions than the usual ones, `CONTRACT_EXAMPLES` fewer or more of them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from conformance.contract.document import read_document
from conformance.contract.plan import COVERAGE, FUZZING, LINKS, Plan
from conformance.contract.survey import Survey
from conformance.embedded import openapi_document
from conformance.options import Options
from conformance.population import Groups, Users
from conformance.session import begin, open_session
from conformance.suites.openapi.inquiry import inquiry
from mock_samanage.testing import LiveServer, client

pytestmark = pytest.mark.deep

SEED = int(os.environ.get("CONTRACT_SEED", "20"))
EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "2000"))
UNLIMITED = 10_000_000
PLANS = {
    **{
        f"{FUZZING} {method}": (FUZZING, Plan(UNLIMITED, examples=EXAMPLES, methods=(method,)))
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    },
    COVERAGE: (COVERAGE, Plan(UNLIMITED, keep=UNLIMITED)),
    LINKS: (LINKS, Plan(UNLIMITED, examples=EXAMPLES, steps=12, reading=True)),
}
FREE = ("/Users", "/Users/{id}", "/Groups", "/Groups/{id}", "/Bulk", "/Me")
"""Paths whose operations have more different requests than are asked for."""


@pytest.fixture(params=["entra", "strict"])
def preset(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def server(preset: str) -> Iterator[LiveServer]:
    with LiveServer(preset=preset) as found:
        yield found


@pytest.fixture
def document(preset: str, tmp_path: Path) -> Path:
    shipped = Path(str(openapi_document()))
    if preset == "entra":
        return shipped
    path = tmp_path / "strict.json"
    path.write_text(json.dumps(strictly(read_document(shipped))), encoding="utf-8")
    return path


def strictly(document: dict[str, Any]) -> dict[str, Any]:
    """The document of an account with the preset `strict`: no texts for booleans, countries of two letters."""
    schemas = document["components"]["schemas"]
    schemas["BooleanWrite"] = {"type": ["boolean", "null", "array"], "maxItems": 0}
    schemas["PrimaryWrite"]["properties"]["primary"] = {"const": True}
    country = {"type": ["string", "null", "array"], "maxItems": 0, "pattern": "^([A-Za-z]{2})?$"}
    schemas["AddressesValueWrite"]["properties"]["country"] = country
    return document


class Owner:
    """An administrator for writes to /Me, another one whenever such a write has cost him his rights."""

    def __init__(self, server: LiveServer) -> None:
        self._server = server
        self._token = ""

    def __call__(self) -> Mapping[str, str]:
        if not self._token or not self._admitted():
            user = self._server.user(roles=[{"displayName": "Administrator"}])
            self._token = self._server.hook("credential.create", kind="token", owner=user["id"])["token"]
        return {"Authorization": f"Bearer {self._token}"}

    def _admitted(self) -> bool:
        with client(self._server.app, self._token) as session:
            return session.get("/Me").ok


@pytest.mark.parametrize("part", PLANS)
def test_the_document_is_true_of_every_answer(server: LiveServer, document: Path, part: str) -> None:
    phase, plan = PLANS[part]
    options = Options(target=server.url, token=server.token, seed=SEED)
    session = open_session(options, begin(options))
    users = Users(session.client, session.run, "/Users", left=True)
    groups = Groups(session.client, session.run, "/Groups", left=True)
    owner = None if phase == LINKS else Owner(server)  # who is deleted himself is not gone for another credential
    with inquiry(phase, session, document, users, groups, plan=plan, owner=owner) as inquired:
        survey = inquired.survey
    session.transport.close()
    assert survey is not None
    _tell(part, survey)
    assert not survey.faults
    if found := _findings(survey):
        pytest.fail("\n".join(found), pytrace=False)
    assert survey.planned <= survey.answered.keys()
    if phase == FUZZING:
        asked = {label: count for label, count in survey.answered.items() if label.split()[1] in FREE}
        assert min(asked.values()) >= EXAMPLES


def _findings(survey: Survey) -> list[str]:
    """The smallest breach of each check and operation, with what was sent."""
    found: dict[tuple[str, str], str] = {}
    for check, breaches in survey.breaches.items():
        for breach in sorted(breaches, key=lambda one: one.size):
            last = breach.exchanges[-1] if breach.exchanges else None
            sent = last and (last.method, last.url, last.request_body[:2000], last.status, last.response_body[:300])
            found.setdefault((check, breach.operation), f"{check}: {breach.operation}: {breach.told}: {sent}")
    return list(found.values())


def _tell(part: str, survey: Survey) -> None:
    print(f"{part}: {survey.answered.total()} answers: {dict(survey.answered)}")
    print(f"links: {dict(survey.followed)}; not counted: {dict(survey.excused)}")
