"""How a step's source comes from the step before: people and teams come, change, and leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conformance.connector.model import Person, Source, Team
from conformance.connector.source import PERSON, TEAM
from conformance.connector.table import Table


def changed(before: Source, step: Table) -> Source:
    """The source of a step that holds `person`, `team` and `without`; raises UsageFault.

    A known id changes what its table names and keeps the rest; a new one is added. Who is in `without` leaves, and
    with him his memberships and his being a manager.
    """
    source = _left(before, step)
    people, teams = {one.id: one for one in source.people}, {one.id: one for one in source.teams}
    for number, content in enumerate(step.tables("person"), 1):
        person = _person(people, Table(_name(step, "person", content, number), content))
        people[person.id] = person
    for number, content in enumerate(step.tables("team"), 1):
        team = _team(teams, Table(_name(step, "team", content, number), content))
        teams[team.id] = team
    found = Source(tuple(people.values()), tuple(teams.values()))
    _check(found, step)
    return found


def _left(before: Source, step: Table) -> Source:
    gone = frozenset(step.texts("without"))
    known = {*(person.id for person in before.people), *(team.id for team in before.teams)}
    if unknown := sorted(gone - known):
        raise step.wrong("without", f"the step before has no {unknown[0]!r}; it has {', '.join(sorted(known))}")
    people = [one for one in before.people if one.id not in gone]
    teams = [one for one in before.teams if one.id not in gone]
    return Source(
        tuple(replace(one, manager="") if one.manager in gone else one for one in people),
        tuple(replace(one, members=tuple(id_ for id_ in one.members if id_ not in gone)) for one in teams),
    )


def _name(step: Table, kind: str, content: Mapping[str, Any], number: int) -> str:
    return f"{step.where}, {kind} {content.get('id', number)}"


def _person(known: Mapping[str, Person], table: Table) -> Person:
    table.only(*PERSON)
    id_ = table.text("id", needed=True)
    if id_ not in known:
        table.text("userName", needed=True)
    values: dict[str, Any] = {
        field: table.flag(name) if name == "active" else table.text(name)
        for name, field in PERSON.items()
        if name in table.content
    }
    return replace(known.get(id_, Person(id_, "")), **values)


def _team(known: Mapping[str, Team], table: Table) -> Team:
    table.only(*TEAM)
    id_ = table.text("id", needed=True)
    if id_ not in known:
        table.text("displayName", needed=True)
    team = known.get(id_, Team(id_, ""))
    name = table.text("displayName") or team.display_name
    members = table.texts("members") if "members" in table.content else team.members
    return Team(id_, name, members)


def _check(source: Source, step: Table) -> None:
    """Nobody is member or manager who is not there."""
    known = {person.id for person in source.people}
    for team in source.teams:
        if unknown := [id_ for id_ in team.members if id_ not in known]:
            raise step.wrong(f"team {team.id}", f"no person {unknown[0]!r} in this step; there are: {_listed(known)}")
    for person in source.people:
        if person.manager and person.manager not in known:
            told = f"no person {person.manager!r} in this step; there are: {_listed(known)}"
            raise step.wrong(f"person {person.id}, manager", told)


def _listed(ids: set[str]) -> str:
    return ", ".join(sorted(ids)) or "none"
