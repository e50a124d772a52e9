"""Whom the source named so far, and which of the tenant's people and groups they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.connector.model import Evidence, Person, Source, State, Team
from conformance.connector.traffic import text_of

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """The sources up to a step, the newest last."""

    sources: tuple[Source, ...]

    @classmethod
    def until(cls, evidence: Evidence, step: int) -> Past:
        """The sources of the steps up to this one, itself among them."""
        return cls(tuple(played.step.source for played in evidence.played if played.number <= step))

    @property
    def source(self) -> Source:
        """The source of the step."""
        return self.sources[-1]

    def versions(self, id_: str) -> list[Person]:
        """A person as the sources had it, the newest first."""
        found = [source.person(id_) for source in reversed(self.sources)]
        return [person for person in found if person is not None]

    def team_versions(self, id_: str) -> list[Team]:
        """A group as the sources had it, the newest first."""
        return [team for source in reversed(self.sources) for team in source.teams if team.id == id_]

    def left(self) -> list[str]:
        """The ids of people who were in a source and are in the newest no more."""
        now = {person.id for person in self.source.people}
        return list(dict.fromkeys(p.id for source in self.sources for p in source.people if p.id not in now))

    def dropped(self) -> list[str]:
        """The ids of groups that were in a source and are in the newest no more."""
        now = {team.id for team in self.source.teams}
        return list(dict.fromkeys(t.id for source in self.sources for t in source.teams if t.id not in now))

    def user(self, state: State, id_: str) -> str:
        """The tenant's id of a person, by its userName of now, its externalId, or a userName it had; "" for none."""
        known = self.versions(id_)
        by_name = [_named(state.users, "userName", person.user_name) for person in known]
        by_id = _named(state.users, "externalId", id_)
        return next((found for found in (*by_name[:1], by_id, *by_name[1:]) if found), "")

    def group(self, state: State, id_: str) -> str:
        """The tenant's id of a group, by the same rule."""
        known = self.team_versions(id_)
        by_name = [_named(state.groups, "displayName", team.display_name) for team in known]
        by_id = _named(state.groups, "externalId", id_)
        return next((found for found in (*by_name[:1], by_id, *by_name[1:]) if found), "")

    def strangers(self, state: State) -> set[str]:
        """The ids of people and groups in the tenant whom no source ever named."""
        named = {self.user(state, id_) for id_ in self._people()} | {self.group(state, id_) for id_ in self._teams()}
        return {*state.users, *state.groups} - named

    def _people(self) -> Iterator[str]:
        yield from dict.fromkeys(person.id for source in self.sources for person in source.people)

    def _teams(self) -> Iterator[str]:
        yield from dict.fromkeys(team.id for source in self.sources for team in source.teams)


def _named(found: Mapping[str, Json], attribute: str, value: str) -> str:
    wanted = value.lower()
    return next((id_ for id_, each in found.items() if value and text_of(each, attribute).lower() == wanted), "")
