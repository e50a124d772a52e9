"""The suite events judges a server that answers asynchronously, and finds what is wrong with one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from conformance.model import Verdict
from conformance.options import Options
from conformance.report.outcome import Outcome
from conformance.runner import Front, run
from conformance.session import begin
from tests.conformance.tiny import TOKEN, Reply, Tiny, serving

WRONG = frozenset({Verdict.FAIL, Verdict.WARN})


@dataclass(slots=True)
class Deferring(Tiny):
    """Replaces users, and answers 202 where that is preferred; `spoil` changes its answers."""

    spoil: Callable[[Any, dict[str, str]], Reply] = lambda document, fields: (202, document, fields)
    late_s: float = 0.0

    def reply(self, method: str, target: str, headers: Any, body: bytes) -> Reply | None:
        """The answer to one request."""
        if method != "PUT":
            return Tiny.reply(self, method, target, headers, body)
        found = self.users[target.removeprefix("/Users/")]
        found.update(json.loads(body))
        mode = self.config.get("securityEvents", {}).get("asyncRequest", "none")
        if mode.lower() == "none" or "respond-async" not in headers.get("Prefer", ""):
            return 200, found, {}
        time.sleep(self.late_s)
        fields = {"Set-Txn": str(next(self.ids)), "Preference-Applied": "respond-async", "Location": self.url + target}
        return self.spoil(None, fields)


def judged(tiny: Tiny, mode: str | None = "LONG", **events: Any) -> Outcome:
    """What the suite says of the server."""
    if mode:
        tiny.config["securityEvents"] = {"asyncRequest": mode, "eventUris": ["urn:x:y"], **events}
    with serving(tiny):
        options = Options(target=tiny.url, token=TOKEN, profile=("rfc",), suite=("events",), timeout=10.0)
        front = Front(options, begin(options), lambda _text: None, lambda: True)
        run(front)
    assert front.outcome is not None
    return front.outcome


def of(outcome: Outcome, *verdicts: Verdict) -> set[str]:
    """The clauses with one of these verdicts."""
    return {each.clause for each in outcome.results if each.verdict in (verdicts or WRONG)}


def test_a_server_that_defers_is_judged() -> None:
    outcome = judged(Deferring())
    assert of(outcome, Verdict.NOT_APPLICABLE) == {"7240-2-01"}
    assert len(of(outcome, Verdict.PASS)) == 6


def test_a_server_that_answers_at_once_although_it_may_defer_is_in_order() -> None:
    outcome = judged(Deferring(spoil=lambda _document, _fields: (200, {"id": "1"}, {})))
    assert of(outcome, Verdict.PASS) == {"9967-4-01", "9967-2.5.1.1-01", "9967-2.5.1.1-04"}


@pytest.mark.parametrize("mode", [None, "None"])
def test_without_deferring_the_preference_is_ignored(mode: str | None) -> None:
    assert "7240-2-01" in of(judged(Deferring(), mode), Verdict.PASS)


@pytest.mark.parametrize(
    ("spoil", "clause"),
    [
        (lambda _document, fields: (202, {"id": "1"}, fields), "9967-2.5.1.1-01"),
        (lambda document, fields: (202, document, {**fields, "Set-Txn": "7"}), "9967-3-01"),
        (lambda document, fields: (202, document, {**fields, "Set-Txn": ""}), "9967-3-01"),
        (lambda document, fields: (202, document, {**fields, "Preference-Applied": "wait=5"}), "9967-2.5.1.1-02"),
        (lambda document, fields: (202, document, {"Set-Txn": fields["Set-Txn"]}), "9967-2.5.1.1-03"),
    ],
)
def test_each_fault_of_an_accepted_request_is_found(spoil: Callable[[Any, dict[str, str]], Reply], clause: str) -> None:
    assert clause in of(judged(Deferring(spoil=spoil)))


def test_an_answer_later_than_asked_is_found() -> None:
    assert of(judged(Deferring(late_s=5.6))) == {"9967-2.5.1.1-04"}


@pytest.mark.parametrize(("mode", "uris"), [("LONG", "urn:x:y"), ("LONG", [7]), ("often", [])])
def test_settings_outside_the_list_are_told(mode: str, uris: object) -> None:
    (found,) = (each for each in judged(Deferring(), mode, eventUris=uris).results if each.clause == "9967-4-01")
    assert found.observations
