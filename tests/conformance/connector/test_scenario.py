"""Scenarios: the shipped ones can be played, a step tells what differs from the one before, errors name the place."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from conformance.clauses import catalogue
from conformance.connector.model import Aim, Credentials, Exit, Scenario, Source
from conformance.connector.scenario import available, read, read_document, selected
from conformance.errors import CatalogueError, UsageFault
from mock_samanage.web.faults.plan import read_rules

HEAD = 'title = "A"\nsays = "B"\n'
STEP = f'{HEAD}[[step]]\ntitle = "One"\n'
PERSON = '[[step.person]]\nid = "ada"\nuserName = "ada@example.com"\n'
TEAM = '[[step.team]]\nid = "engines"\ndisplayName = "Engines"\n'


def of(text: str) -> Scenario:
    return read_document(tomllib.loads(text), "mine", where="mine.toml")


def test_there_are_enough_of_them_and_eight_are_played_by_default() -> None:
    assert len(available()) >= 20
    assert len(selected(())) == 8
    assert [scenario.name for scenario in selected((), every=True)] == available()
    assert [scenario.name for scenario in selected(["rename", "leave", "rename"])] == ["rename", "leave"]


@pytest.mark.parametrize("name", available())
def test_each_can_be_read_and_its_faults_can_be_played(name: str) -> None:
    scenario = read(name)
    assert scenario.name == name
    assert len(scenario.steps) >= 2
    tables = catalogue()
    assert {tables.groups[tables.clauses[each].group].subject for each in scenario.clauses} == {"connector"}
    for step in scenario.steps:
        assert len(read_rules({"faults": [dict(rule) for rule in step.faults]})) == len(step.faults)
        assert all(person.user_name for person in step.source.people)


def test_clauses_in_focus_exist() -> None:
    with pytest.raises(UsageFault, match=r"^mine\.toml: clauses: there is no clause 'CON-X'; right is an id such as"):
        of(f'clauses = ["CON-MATCH-01", "CON-X"]\n{STEP}')


@pytest.mark.parametrize("name", available())
def test_each_ends_with_a_step_that_has_to_succeed(name: str) -> None:
    last = read(name).steps[-1]
    assert (last.aim, last.exit, last.credentials is Credentials.EXPIRED) == (Aim.SOURCE, Exit.ZERO, False)


def test_a_step_changes_what_it_names_and_keeps_the_rest() -> None:
    members = 'members = ["ada"]\n'
    first, second = of(f'{STEP}{PERSON}title = "X"\n{TEAM}{members}[[step]]\ntitle = "Two"\n{_changed()}').steps
    ada = second.source.person("ada")
    assert ada is not None
    assert (ada.user_name, ada.title, ada.department) == ("ada@example.com", "", "Looms")
    assert first.source.person("ada") != ada
    assert second.source.teams == first.source.teams
    assert (second.credentials, second.aim, second.exit) == (Credentials.TOKEN, Aim.SOURCE, Exit.ZERO)


def _changed() -> str:
    return '[[step.person]]\nid = "ada"\ntitle = ""\ndepartment = "Looms"\n'


def test_who_leaves_is_no_member_and_no_manager_any_more() -> None:
    bob = '[[step.person]]\nid = "bob"\nuserName = "bob"\nmanager = "ada"\n'
    gone = '[[step]]\ntitle = "Two"\nwithout = ["ada"]\n'
    source = of(f'{STEP}{PERSON}{bob}{TEAM}members = ["ada", "bob"]\n{gone}').steps[1].source
    assert [(person.id, person.manager) for person in source.people] == [("bob", "")]
    assert [team.members for team in source.teams] == [("bob",)]


def test_strangers_stand_before_the_tenants_other_people() -> None:
    found = of(
        f'strangers = 2\n{HEAD}[[tenant]]\nresource = "User"\nuserName = "dan"\n[[step]]\ntitle = "One"\n'
    ).tenant
    assert [user["userName"] for user in found] == [
        "stranger001@elsewhere.example",
        "stranger002@elsewhere.example",
        "dan",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD, "mine.toml: step: a scenario has at least one [[step]]"),
        ("colour = 1\n" + STEP, "mine.toml: colour: no such key; right would be title, says,"),
        ("strangers = -1\n" + STEP, "mine.toml: strangers: is a number, 0 or more"),
        ("clauses = [1]\n" + STEP, "mine.toml: clauses: is a list of texts"),
        ('default = "yes"\n' + STEP, "mine.toml: default: is true or false, not 'yes'"),
        (f"{HEAD}[[step]]\n", "mine.toml, step 1: title: is missing or empty"),
        (f'{STEP}aim = "moon"\n', "mine.toml, step 1: aim: 'moon' is unknown; right would be source, between,"),
        (f'{STEP}phase = "late"\n', "mine.toml, step 1: phase: 'late' is no phase; right would be basic,"),
        (f'{STEP}without = ["bob"]\n', "mine.toml, step 1: without: the step before has no 'bob'"),
        (f"{STEP}{PERSON}title = 7\n", "mine.toml, step 1, person ada: title: is a text, not 7"),
        (f"{STEP}{PERSON}usernam = 7\n", "mine.toml, step 1, person ada: usernam: no such key; right would be id,"),
        (f'{STEP}[[step.person]]\nid = "bob"\n', "step 1, person bob: userName: is missing or empty"),
        (f"{STEP}[[step.person]]\n", "mine.toml, step 1, person 1: id: is missing or empty"),
        (
            f'{STEP}{PERSON}manager = "eve"\n',
            "step 1: person ada, manager: no person 'eve' in this step; there are: ada",
        ),
        (f'{STEP}{TEAM}members = ["eve"]\n', "step 1: team engines: no person 'eve' in this step; there are: none"),
        (f"{STEP}[[step.fault]]\ncount = 1\n", "mine.toml, step 1, fault 1: kind: is missing or empty"),
        (f'{STEP}[[step.before]]\nmethod = "GET"\n', "mine.toml, step 1, before 1: path: is missing or empty"),
        (f"{STEP}fault = 3\n", "mine.toml, step 1: fault: is a list of tables, written [[fault]]"),
    ],
)
def test_what_is_wrong_is_told_with_file_step_and_key(text: str, told: str) -> None:
    with pytest.raises(UsageFault) as refused:
        of(text)
    assert told in str(refused.value)


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    with pytest.raises(UsageFault, match=r"no scenario renam; there are: .*rename"):
        read("renam")


def test_a_file_of_ones_own_is_read_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(STEP)
    scenario = read(path)
    assert (scenario.name, scenario.steps[0].source) == ("ours", Source())
    path.write_text("= nothing")
    with pytest.raises(CatalogueError, match=r"ours\.toml"):
        read(path)


def test_the_settings_of_the_account_are_kept() -> None:
    settings: dict[str, Any] = dict(of(f'{HEAD}settings = {{ phase = "basic" }}\n[[step]]\ntitle = "One"\n').settings)
    assert settings == {"phase": "basic"}
