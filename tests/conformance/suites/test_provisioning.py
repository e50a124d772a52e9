"""The suite `provisioning`: the way to the target, its storms, and what the scenarios find on defective targets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from conformance.entra.wire.model import Answer, Request
from conformance.model import Verdict
from conformance.options import Options
from conformance.report.outcome import Outcome
from conformance.runner import Front, run
from conformance.session import begin
from conformance.suites.provisioning.channel import Halfway, ScimChannel, Storm
from conformance.suites.provisioning.telling import ids, manager_of
from mock_samanage.testing import LiveServer


@dataclass
class Notebook:
    """A channel that writes down what it is sent."""

    sent: list[str] = field(default_factory=list)

    def send(self, request: Request) -> Answer:
        self.sent.append(request.method)
        return Answer(200)


def test_a_storm_answers_in_place_of_the_target_and_passes() -> None:
    target = Notebook()
    storm = Storm(target, 500, ["fine", "done", "lost"])
    answers = [storm.send(Request(method, "/Users")).status for method in ("GET", "POST", "PATCH", "DELETE")]
    assert answers == [500, 500, 200, 200]
    assert target.sent == ["POST", "PATCH", "DELETE"]


def test_a_target_that_throttles_does_nothing_of_what_it_refuses() -> None:
    target = Notebook()
    storm = Storm.of(target, 429, Random(3))
    assert "done" not in storm.kinds
    answers = [storm.send(Request("POST", "/Users")) for _ in range(len(storm.kinds))]
    assert len(target.sent) == sum(answer.ok for answer in answers) == 4
    assert {answer.headers.get("Retry-After") for answer in answers if not answer.ok} == {"1"}


def test_a_storm_of_failures_loses_answers_too() -> None:
    assert sorted(Storm.of(Notebook(), 500, Random(3)).kinds) == ["done"] * 4 + ["fine"] * 4 + ["lost"] * 4


def test_the_event_happens_once_after_the_write() -> None:
    target, seen = Notebook(), list[int]()
    channel = Halfway(target, 2, lambda: seen.append(len(target.sent)))
    for method in ("GET", "POST", "GET", "PATCH", "POST"):
        channel.send(Request(method, "/Users"))
    assert seen == [4]


@pytest.mark.parametrize("members", [None, "7", [], ["7"], {}])
def test_members_in_another_form_are_none(members: Any) -> None:
    assert ids(members) == []


def test_a_manager_is_read_from_the_extension_only() -> None:
    urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    assert manager_of({urn: {"manager": {"value": "7"}}}) == "7"
    assert [manager_of(each) for each in ({}, {urn: {"manager": "7"}}, {"manager": {"value": "7"}})] == ["", "", ""]


def judged(*checks: str, profile: tuple[str, ...] = ("entra",), hooks: bool = True, **settings: Any) -> Outcome:
    """The outcome of these checks of the suite against a tenant with these settings."""
    with LiveServer(**settings) as server:
        options = Options(
            target=server.url,
            token=server.token,
            hooks=f"{server.control}/hooks" if hooks else None,
            hooks_token=server.ready.control_token,
            profile=profile,
            check=tuple(f"provisioning.{each}" for each in checks),
            seed=7,
        )
        front = Front(options, begin(options), lambda _text: None, lambda: True)
        run(front)
    assert front.outcome is not None
    return front.outcome


def verdicts(outcome: Outcome) -> set[tuple[str, Verdict]]:
    return {(each.clause, each.verdict) for each in outcome.results}


def test_nothing_stays_behind_and_every_request_is_recorded() -> None:
    outcome = judged("a_first_cycle_with_the_flag_is_complete", "a_group_that_left_is_made_again")
    assert {each.verdict for each in outcome.results} == {Verdict.PASS}
    assert not outcome.left_behind
    assert not outcome.over_budget
    assert any(exchange.method == "POST" for each in outcome.results for exchange in each.exchanges)


def test_without_hooks_what_needs_an_account_of_its_own_does_not_apply() -> None:
    outcome = judged("an_expired_token*", "an_attribute_that_is_not*", "a_user_is_provisioned_on_demand", hooks=False)
    assert verdicts(outcome) == {
        ("ENTRA-6.5-01", Verdict.NOT_APPLICABLE),
        ("ENTRA-6.5-02", Verdict.NOT_APPLICABLE),
        ("ENTRA-6.1-08", Verdict.NOT_APPLICABLE),
        ("ENTRA-6.7-01", Verdict.PASS),
    }


def test_a_strict_target_refuses_only_what_the_flag_would_cure() -> None:
    outcome = judged("a_user_is_disabled_and*", "an_unassigned_user*", "a_rename*", "*moves*", preset="strict")
    failed = {each.clause for each in outcome.results if each.verdict is Verdict.FAIL}
    assert failed == {"ENTRA-5.3-04"}  # `active` as the text "False"
    assert ("ENTRA-5.3-03", Verdict.PASS) in verdicts(outcome)


Patch = Callable[[pytest.MonkeyPatch], None]


def _forgets_removals(patch: pytest.MonkeyPatch) -> None:
    """Members that are taken away stay."""
    whole = ScimChannel.send

    def send(self: ScimChannel, request: Request) -> Answer:
        operations = (request.body or {}).get("Operations", [])
        removes = any(str(each.get("op")).lower() == "remove" for each in operations)
        return Answer(204) if removes else whole(self, request)

    patch.setattr(ScimChannel, "send", send)


def _deletes_nothing(patch: pytest.MonkeyPatch) -> None:
    """A deletion is answered 204, and nothing is gone."""
    whole = ScimChannel.send
    patch.setattr(
        ScimChannel,
        "send",
        lambda self, request: Answer(204) if request.method == "DELETE" else whole(self, request),
    )


@pytest.mark.parametrize(
    ("defect", "check", "clauses"),
    [
        (_forgets_removals, "a_member_moves_from_group_to_group", {"ENTRA-6.2-08"}),
        (_forgets_removals, "a_member_moves_with_the_flag", {"ENTRA-6.2-09"}),
        (_deletes_nothing, "a_deleted_user_is_disabled_then_gone", {"ENTRA-5.3-06"}),
        (_deletes_nothing, "a_group_that_left_is_made_again", {"ENTRA-5.3-07", "ENTRA-5.3-08"}),
    ],
)
def test_a_defect_is_found(defect: Patch, check: str, clauses: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    defect(monkeypatch)
    failed = {each.clause for each in judged(check).results if each.verdict is Verdict.FAIL}
    assert failed == clauses
