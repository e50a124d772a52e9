"""The table of error codes, and what leads to them."""

from __future__ import annotations

import pytest

from conformance.entra.log.problems import kinds, of_answer, of_silence, problem, stops_the_job
from conformance.entra.wire.model import Answer, NoAnswer, Request

REQUEST = Request("GET", "/Users")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "WebExceptionProtocolError"),
        (401, "Unauthorized"),
        (403, "InsufficientRights"),
        (404, "WebExceptionProtocolError"),
        (405, "MethodNotAllowed"),
        (409, "EntryConflict"),
        (422, "UnprocessableEntity"),
        (429, "TooManyRequests"),
        (500, "InternalServerError"),
        (501, "NotImplemented"),
        (502, "InternalServerError"),
        (503, "InternalServerError"),
        (599, "InternalServerError"),
        (299, "WebExceptionProtocolError"),
    ],
)
def test_the_code_of_a_status(status: int, code: str) -> None:
    assert of_answer(Answer(status), "It").code == code


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(503), "It was answered 503 ServiceUnavailable."),
        (Answer(503, body=b" busy\n"), "It was answered 503 ServiceUnavailable: busy"),
        (Answer(599, body=b"?"), "It was answered 599: ?"),
        (Answer(429), "It was answered 429 TooManyRequests."),
    ],
)
def test_the_reason_holds_the_name_of_the_status_and_the_body(answer: Answer, reason: str) -> None:
    assert of_answer(answer, "It").reason == reason


def test_silence_is_a_time_out_or_nobody() -> None:
    assert of_silence(NoAnswer(REQUEST, "too slow", timeout=True)).code == "Timeout"
    assert of_silence(NoAnswer(REQUEST, "refused")).code == "TargetUnreachable"
    assert of_silence(NoAnswer(REQUEST, "refused")).reason == "GET /Users: refused"


def test_a_bad_credential_and_no_scim_stop_the_job() -> None:
    stopping = {code for code in kinds() if stops_the_job(problem(code))}
    assert stopping == {
        "Unauthorized",
        "InsufficientRights",
        "SystemForCrossDomainIdentityManagementServiceIncompatible",
    }
    assert not stops_the_job(None)


def test_each_code_says_what_it_means_and_what_to_do() -> None:
    for code, kind in kinds().items():
        assert kind.says.endswith("."), code
        assert kind.do.endswith("."), code
        assert kind.category in {"failure", "nonServiceFailure"}, code
    statuses = [kind.status for kind in kinds().values() if kind.status]
    assert len(statuses) == len({*statuses})
