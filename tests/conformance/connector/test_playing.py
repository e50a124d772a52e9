"""A scenario is played: the connector is shown each step, and all a check needs is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from conformance.connector.control import Control
from conformance.connector.evidence import write_evidence
from conformance.connector.model import Aim, Credentials, Ended, Exit, Scenario, Source, Step
from conformance.connector.playing import play
from conformance.connector.scenario import read
from conformance.connector.source import SourceFormat, read_source
from conformance.embedded import embedded_place
from conformance.errors import UsageFault
from tests.conformance.connector.honest import InProcess, main

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
Environment = Mapping[str, str]


@pytest.fixture(scope="module")
def control() -> Iterator[Control]:
    with embedded_place() as place, Control(place.control, place.control_token) as control:
        yield control


@pytest.fixture(autouse=True)
def nothing_stays(control: Control) -> Iterator[None]:
    yield
    assert len(control.call("GET", "/accounts")["accounts"]) == 1


class Noting:
    """Does what it is told for each step, and keeps the environments."""

    def __init__(self, *acts: Any) -> None:
        self.acts = list(acts)
        self.seen: list[dict[str, str]] = []

    def run(self, _step: Step, environment: Environment) -> Ended:
        self.seen.append(dict(environment))
        act = self.acts[min(len(self.seen), len(self.acts)) - 1] if self.acts else None
        answer = act(environment) if act else None
        return answer if isinstance(answer, Ended) else Ended(0, 0.1)


def told(*steps: Step, **more: Any) -> Scenario:
    return Scenario("story", "A story", "A story.", steps, **more)


def get(environment: Environment, path: str = "/Users") -> requests.Response:
    headers = {"Authorization": f"Bearer {environment['SAMANAGE_TOKEN']}"}
    return requests.get(environment["SAMANAGE_URL"] + path, headers=headers, timeout=10)


def post(environment: Environment, name: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {environment['SAMANAGE_TOKEN']}"}
    body = {"schemas": [USER], "userName": name}
    return requests.post(environment["SAMANAGE_URL"] + "/Users", json=body, headers=headers, timeout=10)


@pytest.mark.parametrize("form", SourceFormat)
def test_an_honest_connector_goes_through_the_whole_of_first_sync(control: Control, form: SourceFormat) -> None:
    lines: list[str] = []
    evidence = play(read("first-sync"), InProcess(), control, form=form, say=lines.append)
    assert [(played.ended.status, played.ended.stderr) for played in evidence.played] == [(0, "")] * 3
    first, second, third = evidence.played
    names = {user["userName"] for user in first.after.users.values()} - {
        first.before.users[evidence.administrator]["userName"]
    }
    assert names == {"ada@example.com", "bob@example.com", "cleo@example.com"}
    assert {len(group["members"]) for group in first.after.groups.values()} == {2}
    assert [sent for sent in second.sent if sent.writes] == []
    assert (second.before, second.after) == (first.after, first.after)
    assert [sent.method for sent in third.sent if sent.writes] == ["PATCH"]
    assert {sent.credential for sent in evidence.sent()} == {"token"}
    numbers = [sent.number for sent in evidence.sent()]
    assert numbers == sorted(set(numbers))
    assert lines[0].startswith("  step 1 of 3  First sync: 11 requests, ")


def test_the_source_is_replaced_and_the_state_folder_stays(control: Control) -> None:
    found: list[Source] = []

    def look(environment: Environment) -> None:
        text = Path(environment["SAMANAGE_SOURCE"]).read_bytes().decode()
        found.append(read_source(text, SourceFormat(environment["SAMANAGE_SOURCE_FORMAT"])))
        (Path(environment["SAMANAGE_STATE"]) / environment["SAMANAGE_STEP"]).write_text("kept")

    scenario = read("leave")
    launcher = Noting(look)
    play(scenario, launcher, control)
    assert found == [step.source for step in scenario.steps]
    assert [seen["SAMANAGE_STEP"] for seen in launcher.seen] == ["1", "2", "3", "4"]
    assert {seen["SAMANAGE_SCENARIO"] for seen in launcher.seen} == {"leave"}
    assert len({seen["SAMANAGE_STATE"] for seen in launcher.seen}) == 1
    assert not Path(launcher.seen[0]["SAMANAGE_STATE"]).exists()


def test_credentials_are_those_of_the_step(control: Control) -> None:
    kinds = (Credentials.TOKEN, Credentials.BOTH, Credentials.EXPIRED, Credentials.NEW_TOKEN, Credentials.PASSWORD)
    launcher = Noting()
    play(told(*[Step(kind, Source(), kind) for kind in kinds]), launcher, control)
    names = {"SAMANAGE_TOKEN": "T", "SAMANAGE_USERNAME": "U", "SAMANAGE_PASSWORD": "P"}
    given = ["".join(letter for name, letter in names.items() if name in seen) for seen in launcher.seen]
    assert given == ["T", "TUP", "TUP", "T", "UP"]
    tokens = [seen.get("SAMANAGE_TOKEN") for seen in launcher.seen]
    assert tokens[0] == tokens[1] == tokens[2] != tokens[3]


def test_a_token_is_refused_where_the_step_says_so(control: Control) -> None:
    statuses: list[int] = []
    steps = [Step(kind, Source(), kind) for kind in (Credentials.BOTH, Credentials.EXPIRED, Credentials.NEW_TOKEN)]
    play(told(*steps), Noting(lambda environment: statuses.append(get(environment).status_code)), control)
    assert statuses == [200, 401, 200]


def test_an_account_of_passwords_gets_a_token_when_it_moves_on(control: Control) -> None:
    launcher = Noting(main)
    evidence = play(read("migration"), launcher, control)
    kinds = [{sent.credential for sent in played.sent} for played in evidence.played]
    assert kinds == [{"basic"}, {"token"}, {"token"}, {"token"}]


def test_somebody_elses_requests_come_before_the_step_and_are_not_the_connectors(control: Control) -> None:
    person = {"resource": "User", "userName": "dan@example.com"}
    patch = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "title", "value": "Planner"}],
    }
    change = {"method": "PATCH", "path": "/Users/{user:DAN@example.com}", "body": patch}
    evidence = play(told(Step("One", Source(), before=(change,)), tenant=(person,)), Noting(get), control)
    (played,) = evidence.played
    assert [sent.method for sent in played.sent] == ["GET"]
    assert "Planner" in {user.get("title") for user in played.before.users.values()}


def test_faults_play_in_their_step_only_and_never_delivered_answers_are_told(control: Control) -> None:
    rules = ({"kind": "cut", "when": "after", "match": {"method": "POST"}}, {"kind": "status", "status": 503})

    def tried(environment: Environment) -> None:
        with pytest.raises(requests.ConnectionError):
            post(environment, "ada@example.com")
        get(environment)

    scenario = told(Step("One", Source(), faults=rules), Step("Two", Source()))
    first, second = play(scenario, Noting(tried, get), control).played
    assert [(sent.method, sent.fault, sent.status, sent.written) for sent in first.sent] == [
        ("POST", "cut", None, True),
        ("GET", "status", 503, False),
    ]
    assert [(sent.fault, sent.status) for sent in second.sent] == [("", 200)]
    assert len(second.before.users) == 2


def test_stale_reads_are_played_in_the_account_of_a_scenario(control: Control) -> None:
    def written(environment: Environment) -> None:
        get(environment, f"/Users/{post(environment, 'ada@example.com').json()['id']}")

    rule = {"kind": "stale", "match": {"method": "GET"}, "count": 0}
    (played,) = play(told(Step("One", Source(), faults=(rule,))), Noting(written), control).played
    assert [(sent.method, sent.fault, sent.status) for sent in played.sent] == [
        ("POST", "", 201),
        ("GET", "stale", 404),
    ]


def test_secrets_in_the_output_and_in_the_requests_are_taken_out(control: Control) -> None:
    def telling(environment: Environment) -> Ended:
        get(environment, f"/Users?access={environment['SAMANAGE_TOKEN']}")
        return Ended(0, 0.1, environment["SAMANAGE_TOKEN"], environment["SAMANAGE_PASSWORD"])

    launcher = Noting(telling)
    evidence = play(told(Step("One", Source(), Credentials.BOTH)), launcher, control)
    (played,) = evidence.played
    assert (played.ended.stdout, played.ended.stderr) == ("[redacted]", "[redacted]")
    assert launcher.seen[0]["SAMANAGE_TOKEN"] not in repr(played.sent)
    assert played.sent[0].header["authorization"] == "Bearer $SCIM_TOKEN"


def test_after_trouble_no_further_step_is_shown(control: Control) -> None:
    launcher = Noting(lambda _environment: Ended(None, 0.1, trouble="hanging"))
    assert len(play(read("first-sync"), launcher, control).played) == 1
    assert len(launcher.seen) == 1


def test_how_a_lasting_connector_ends_is_not_judged(control: Control) -> None:
    launcher = Noting()
    launcher.lasting = True  # type: ignore[attr-defined]
    evidence = play(read("token-refused"), launcher, control)
    assert {played.step.exit for played in evidence.played} == {Exit.ANY}
    assert {played.step.aim for played in evidence.played} == {Aim.SOURCE, Aim.UNTOUCHED}


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (Step("One", Source(), faults=({"kind": "moon"},)), "scenario story, step 1: PUT /accounts/"),
        (Step("One", Source(), phase="basic"), "scenario story, step 1: PUT /accounts/"),
        (
            Step("One", Source(), before=({"method": "DELETE", "path": "/Users/{user:eve}"},)),
            "scenario story, step 1: the scenario names the user 'eve', and the tenant holds none",
        ),
        (
            Step("One", Source(), before=({"method": "DELETE", "path": "/Users/999"},)),
            "scenario story, step 1: the tenant refuses DELETE /Users/999 of the scenario: 404",
        ),
    ],
)
def test_a_scenario_that_cannot_be_played_says_where(control: Control, step: Step, text: str) -> None:
    with pytest.raises(UsageFault) as refused:
        play(told(step), Noting(), control)
    assert text in str(refused.value)


def test_a_tenant_that_cannot_be_made_says_why(control: Control) -> None:
    with pytest.raises(UsageFault, match="scenario story: a tenant holds resources User and Group, not 'Device'"):
        play(told(Step("One", Source()), tenant=({"resource": "Device"},)), Noting(), control)
    with pytest.raises(UsageFault, match=r"scenario story: .*no argument 'colour'"):
        play(told(Step("One", Source()), settings={"colour": "red"}), Noting(), control)


def test_a_control_api_that_does_not_answer_is_told() -> None:
    with pytest.raises(UsageFault, match=r"the control API at http://127\.0\.0\.1:9 does not answer"):
        play(read("first-sync"), Noting(), Control("http://127.0.0.1:9"))


def test_the_evidence_is_written_beside_the_report(control: Control, tmp_path: Path) -> None:
    evidence = play(read("first-sync"), InProcess(), control, form=SourceFormat.CSV)
    folder = write_evidence(tmp_path, evidence, SourceFormat.CSV)
    assert folder == tmp_path / "connector" / "first-sync"
    names = {"journal.jsonl", "source.csv", "stderr.txt", "step.json", "stdout.txt"}
    assert {path.name for path in (folder / "step-1").iterdir()} == names
    lines = (folder / "step-2" / "journal.jsonl").read_text().splitlines()
    assert [json.loads(line)["number"] for line in lines] == [sent.number for sent in evidence.played[1].sent]
    assert json.loads((folder / "step-3" / "step.json").read_text())["title"] == "One title changes"
    write_evidence(tmp_path, replace(evidence, played=evidence.played[:1]), SourceFormat.JSON)
    assert [path for path in folder.rglob("*.*") if "step-1" not in path.parts] == []
