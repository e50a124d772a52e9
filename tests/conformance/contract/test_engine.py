"""Schemathesis as the judge runs it: every lie of a small server is found, a truthful one is left in peace."""

from __future__ import annotations

import pytest

from conformance.client import ScimClient
from conformance.contract.engine import Surveyor
from conformance.contract.plan import COVERAGE, FUZZING, LINKS, Plan
from conformance.contract.survey import FAMILIES, Survey
from conformance.errors import Unreachable
from conformance.run import Run
from conformance.strategies.constants import without_local_constants
from conformance.strategies.formats import Pool
from conformance.transport import Transport
from tests.conformance.contract.things import TOKEN, Things, document, serving

PLANS = {
    COVERAGE: Plan(300, keep=100, least=1),
    FUZZING: Plan(100, examples=6, least=1),
    LINKS: Plan(100, examples=8, least=1),
}
SUBJECTS = {
    COVERAGE: [
        "server errors", "statuses", "media types", "headers", "bodies", "acceptance", "refusal", "methods",
        "authentication",
    ],
    FUZZING: ["server errors", "statuses", "media types", "headers", "bodies", "acceptance", "refusal"],
    LINKS: ["server errors", "statuses", "media types", "headers", "bodies", "acceptance", "deletion", "creation",
            "links"],
}  # fmt: skip


def surveyor(things: Things) -> Surveyor:
    client = ScimClient(things.url, Transport(timeout=5), {"Authorization": f"Bearer {TOKEN}"})
    pool = Pool(members=("m",), users=(), groups=(), absent=("nobody-1", "nobody-2"))
    return Surveyor(document(), client, Run("cf-", seed=3, effort="quick"), pool)


def surveyed(things: Things, phase: str, plan: Plan | None = None) -> Survey:
    with without_local_constants():  # else what is drawn depends on the modules that are loaded
        return surveyor(things).survey(phase, plan or PLANS[phase])


def broken(survey: Survey) -> set[str]:
    return {family for family in FAMILIES if survey.found(family)}


@pytest.mark.parametrize("phase", PLANS)
def test_a_truthful_server_breaks_nothing_and_every_subject_is_judged(phase: str) -> None:
    with serving() as things:
        survey = surveyed(things, phase)
    assert survey.breaches == {}
    assert [why for family in SUBJECTS[phase] if (why := survey.shortfall(family, 1))] == []


@pytest.mark.parametrize(
    ("lie", "phase", "family"),
    [
        ("crash", COVERAGE, "server errors"),
        ("status", COVERAGE, "statuses"),
        ("media", COVERAGE, "media types"),
        ("header", COVERAGE, "headers"),
        ("body", COVERAGE, "bodies"),
        ("strict", COVERAGE, "acceptance"),
        ("lax", COVERAGE, "refusal"),
        ("lax", FUZZING, "refusal"),
        ("methods", COVERAGE, "methods"),
        ("open", COVERAGE, "authentication"),
        ("lost", LINKS, "creation"),
        ("unlinked", LINKS, "links"),
    ],
)
def test_a_lie_is_found_where_it_is_told(lie: str, phase: str, family: str) -> None:
    with serving(lie) as things:
        survey = surveyed(things, phase)
    assert family in broken(survey)
    smallest = survey.found(family)[0]
    assert smallest.told
    assert smallest.exchanges


def test_the_evidence_of_a_scenario_is_all_its_requests() -> None:
    with serving("undead") as things:
        smallest = surveyed(things, LINKS, Plan(400, examples=40, least=1)).found("deletion")[0]
    methods = [exchange.method for exchange in smallest.exchanges]
    assert methods[0] == "POST"
    assert "DELETE" in methods
    assert smallest.exchanges[-1].status == 200


def test_a_request_is_counted_recorded_and_never_above_the_ceiling() -> None:
    with serving() as things:
        ours = surveyor(things)
        ours.survey(COVERAGE, Plan(20, keep=100))
        assert ours.client.transport.recorder.total == len(things.asked)
    assert 20 <= len(things.asked) <= 22


def test_what_a_survey_created_is_gone_after_clear() -> None:
    with serving() as things:
        ours = surveyor(things)
        ours.survey(FUZZING, PLANS[FUZZING])
        assert things.there
        ours.clear()
        assert things.there == {}


def test_nothing_that_others_own_is_changed() -> None:
    with serving() as things:
        things.there |= {str(number): "foreign" for number in (0, *range(1000, 1010))}
        before = dict(things.there)
        ours = surveyor(things)
        for phase, plan in PLANS.items():
            ours.survey(phase, plan)
        ours.clear()
    assert things.there == before


def test_a_dropped_request_is_a_finding_with_that_request() -> None:
    with serving("cut") as things:
        ours = surveyor(things)
        ours.client.get("/things")  # what is asked again, to tell a dropped request from a dead server
        survey = ours.survey(COVERAGE, PLANS[COVERAGE])
    (breach,) = survey.found("server errors")
    assert breach.exchanges[0].method == "POST"
    assert "dropped this request" in breach.told


def test_a_server_that_is_gone_ends_the_survey() -> None:
    with serving() as things:
        pass
    with pytest.raises(Unreachable):
        surveyed(things, FUZZING)


def test_the_same_seed_asks_the_same_questions() -> None:
    asked = []
    for _ in range(2):
        with serving() as things:
            surveyed(things, FUZZING)
        asked.append(things.asked)
    assert asked[0] == asked[1]
