"""The suite `openapi`: a true document is judged true, a false one false, and without one nothing is judged."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.contract.document import read_document
from conformance.embedded import openapi_document
from conformance.errors import UsageFault
from conformance.model import CheckResult, Verdict
from conformance.options import Options
from conformance.report.outcome import Outcome
from conformance.runner import Front, run
from conformance.session import begin
from mock_samanage.testing import LiveServer

CHECKS = 25


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer() as found:
        yield found


def judged(server: LiveServer, openapi: str | None) -> Outcome:
    asked = Options(
        target=server.url,
        token=server.token,
        openapi=openapi,
        profile=("rfc",),
        suite=("openapi",),
        effort="quick",
        seed=11,
    )
    front = Front(asked, begin(asked), lambda _text: None, lambda: True)
    run(front)
    assert front.outcome is not None
    return front.outcome


def verdicts(outcome: Outcome) -> Counter[Verdict]:
    return Counter(each.verdict for each in outcome.results)


def of(outcome: Outcome, name: str) -> CheckResult:
    (found,) = [each for each in outcome.results if each.check == f"openapi.{name}"]
    return found


def test_the_shipped_document_is_true_of_the_tenant_and_nothing_stays_behind(server: LiveServer) -> None:
    outcome = judged(server, openapi_document())
    assert verdicts(outcome) == {Verdict.PASS: CHECKS}
    assert outcome.requests <= 300
    assert not outcome.left_behind
    assert not outcome.over_budget


def test_without_a_document_nothing_is_judged_and_the_reason_is_told(server: LiveServer) -> None:
    outcome = judged(server, None)
    assert verdicts(outcome) == {Verdict.NOT_APPLICABLE: CHECKS}
    assert {each.observed for each in outcome.results} == {
        "no OpenAPI document of this target is given (--openapi FILE)"
    }
    assert outcome.exit_code == 2


def test_a_document_that_is_not_true_is_found_out_with_the_request_that_tells(
    server: LiveServer, tmp_path: Path
) -> None:
    document = read_document(Path(str(openapi_document())))
    document["components"]["schemas"]["UserPage"]["required"] = ["nextCursor"]
    del document["paths"]["/Users/{id}"]["get"]["responses"]["404"]
    path = tmp_path / "false.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    outcome = judged(server, str(path))
    body = of(outcome, "enumerated_requests_get_bodies_that_fit_their_schema")
    assert body.verdict is Verdict.FAIL
    assert "nextCursor" in body.observed
    assert [(one.method, one.status) for one in body.exchanges] == [("GET", 200)]
    assert "/Users" in body.exchanges[0].url
    status = of(outcome, "enumerated_requests_get_documented_statuses")
    assert (status.verdict, status.exchanges[0].status) == (Verdict.FAIL, 404)
    assert outcome.exit_code == 1


def test_a_file_that_is_no_document_is_an_error_of_the_run(server: LiveServer, tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    path.write_text("just words", encoding="utf-8")
    outcome = judged(server, str(path))
    assert verdicts(outcome) == {Verdict.ERROR: CHECKS}
    assert "is no OpenAPI" in outcome.results[0].observed
    assert outcome.exit_code == 2


def test_a_missing_document_is_told_before_anything_is_asked(server: LiveServer, tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match=r"--openapi .*nowhere\.yaml is no file"):
        judged(server, str(tmp_path / "nowhere.yaml"))
