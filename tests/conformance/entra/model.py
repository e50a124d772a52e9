"""What a target holds after a cycle of the service, told from its documentation alone: a model without requests.

The page keys are those of conformance/entra/sources.toml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

GAPS: Final = {
    "emptied": "An attribute whose source became empty keeps its value (MAP); the switch `clearing` takes it away.",
    "defaults": "A default stands in for no value on create only, and what is for creation only is not updated (MAP).",
    "lost-manager": "A restart that comes before the delta is read loses that a manager was taken away (MAP).",
    "late-member": "Who comes into scope after the group is a member after a restart only (KNOWN); `late-references`.",
    "late-manager": "Who comes into scope after a report manages it after a restart only (KNOWN); `late-references`.",
    "not-replayed": "What changed in groups while somebody was out of scope waits for a restart (HOW); no switch.",
    "unmanaged": "Who was unassigned before the deletion is not deleted, but disabled (HOW); `unassigned-deletion`.",
    "disabled": "Who is disabled is not created (HOW); the switch `disabled-users` creates.",
    "stays-member": "Who leaves scope is disabled, and stays member and manager; no page says that references go.",
}
"""Where the target differs from the source although everything worked: the reason, and the switch if there is one."""

PRESENT, DELETED, PURGED = "present", "deleted", "purged"
FLOWING: Final = {"displayName": "displayName", "title": "jobTitle"}
"""Target attribute -> source attribute, always; `userName` comes from the name."""
DEFAULTED: Final = ("userType", "companyName", "Person")
"""One with a default, where nothing is cleared."""
CREATED: Final = ("locale", "city")
"""One for creation only."""


@dataclass
class Person:
    """A user of the source; `manager` and members are keys, the order in which somebody came."""

    name: str
    values: dict[str, str] = field(default_factory=dict)
    enabled: bool = True
    presence: str = PRESENT
    manager: int | None = None


@dataclass
class Team:
    """A group of the source; members are people and groups."""

    name: str
    members: set[int] = field(default_factory=set)
    presence: str = PRESENT


@dataclass
class World:
    """The source: objects by key, and who is assigned to the application."""

    people: dict[int, Person] = field(default_factory=dict)
    teams: dict[int, Team] = field(default_factory=dict)
    assigned: set[int] = field(default_factory=set)

    def purge(self, key: int) -> Iterator[int]:
        """The object is gone for good; the keys of those who lost their manager with it."""
        (self.people.get(key) or self.teams[key]).presence = PURGED
        self.assigned.discard(key)
        for team in self.teams.values():
            team.members.discard(key)
        if key in self.teams:
            self.teams[key].members.clear()
        for report, person in self.people.items():
            if person.manager == key:
                person.manager = None
                yield report


@dataclass
class Resource:
    """A user or a group of the target; manager and members are the numbers of others."""

    values: dict[str, Any]
    manager: int | None = None
    members: set[int] = field(default_factory=set)


@dataclass
class Link:
    """The resource of an object. managed: it was assigned when it was looked at last."""

    number: int
    managed: bool = True
    disabled: bool = False


@dataclass
class Model:
    """The service and the target. everyone: all are in scope, not those assigned. soft: the target can disable.

    department: the value that a scoping filter wants, "" for no filter. clears: the switch `clearing` is on. turned:
    whose manager changed since the last cycle. created: how many resources were ever made.
    """

    world: World = field(default_factory=World)
    everyone: bool = False
    soft: bool = True
    department: str = ""
    clears: bool = False
    users: dict[int, Resource] = field(default_factory=dict)
    groups: dict[int, Resource] = field(default_factory=dict)
    links: dict[int, Link] = field(default_factory=dict)
    turned: set[int] = field(default_factory=set)
    _before: dict[int, set[int]] = field(default_factory=dict)
    created: int = 0

    def assigned(self, key: int) -> bool:
        """Whether somebody has a role: an own one, or as a direct member of a group that is there (HOW)."""
        through = (team for id, team in self.world.teams.items() if id in self.world.assigned)
        own = self.everyone or key in self.world.assigned
        if key in self.world.teams or own:
            return own
        return any(key in team.members and team.presence == PRESENT for team in through)

    def chosen(self, key: int) -> bool:
        """Whether an object is assigned and passes the filter; a filter is never true for no value (SCOPE)."""
        person = self.world.people.get(key)
        passes = not (person and self.department) or person.values.get("department") == self.department
        return passes and self.assigned(key)

    def wanted(self, key: int) -> bool:
        """Whether an object is to be active in the target: IsSoftDeleted is false (MAP)."""
        person = self.world.people.get(key)
        found = person or self.world.teams[key]
        return found.presence == PRESENT and (person is None or person.enabled) and self.chosen(key)

    def cycle(self, *, restarted: bool = False) -> None:
        """The target after a cycle in which nothing failed, or after failures that were all tried again (HOW)."""
        fresh: set[int] = set()
        for objects, kept in ((self.world.people, self.users), (self.world.teams, self.groups)):
            for key in sorted(objects, key=lambda each: (objects[each].presence != PURGED, each)):
                self._object(key, kept, fresh)
        for key, person in self.world.people.items():
            if self._live(key) and (restarted or key in fresh or key in self.turned):
                taken = key in self.turned and not restarted
                self._manager(self.users[self.links[key].number], person, taken=taken)
        for key, team in self.world.teams.items():
            if self._live(key):
                everything = restarted or key in fresh
                self._members(self.groups[self.links[key].number], key, team.members, everything=everything)
        self.turned.clear()
        self._before = {key: set(team.members) for key, team in self.world.teams.items()}

    def _object(self, key: int, kept: dict[int, Resource], fresh: set[int]) -> None:
        person = self.world.people.get(key)
        found, link = person or self.world.teams[key], self.links.get(key)
        if found.presence == PURGED:
            if link is not None and link.managed:
                self._delete(key, kept)
        elif self.wanted(key):
            values = {"displayName": found.name} if person is None else _values(person)
            if link is None:
                link = self.links[key] = self._provisioned(values, kept, person)
                fresh.add(key)
            else:
                self._flow(kept[link.number], values)
            link.managed, link.disabled = True, False
        elif link is not None:
            link.managed = self.chosen(key)
            if person is None or not self.soft:
                self._delete(key, kept)
            else:
                link.disabled, kept[link.number].values["active"] = True, False

    def _provisioned(self, values: Mapping[str, Any], kept: dict[int, Resource], person: Person | None) -> Link:
        """The one that has the matching value, or a new one (MAP)."""
        name = "displayName" if person is None else "userName"
        for number, each in kept.items():
            if each.values[name] == values[name]:
                self._flow(each, values)
                return Link(number)
        number, self.created = self.created, self.created + 1
        target, source, default = DEFAULTED
        first = (
            {}
            if person is None
            else {CREATED[0]: person.values.get(CREATED[1]), target: None if self.clears else default}
        )
        if person is not None and source in person.values:
            first[target] = person.values[source]
        kept[number] = Resource({**values, **first})
        return Link(number)

    def _flow(self, resource: Resource, values: Mapping[str, Any]) -> None:
        """Values that are gone do not flow (MAP)."""
        resource.values.update({name: value for name, value in values.items() if value is not None or self.clears})

    def _delete(self, key: int, kept: dict[int, Resource]) -> None:
        number = self.links.pop(key).number
        del kept[number]
        for each in self.users.values():
            each.manager = None if each.manager == number else each.manager
        for each in self.groups.values():
            each.members.discard(number)

    def _live(self, key: int) -> bool:
        return key in self.links and self.wanted(key)

    def _manager(self, resource: Resource, person: Person, *, taken: bool) -> None:
        """Set if it has a resource; taken away where it was taken away, and not because there is none (SCIM, MAP)."""
        if person.manager is not None and (link := self.links.get(person.manager)):
            resource.manager = link.number
        elif person.manager is None and taken:
            resource.manager = None

    def _members(self, resource: Resource, key: int, members: set[int], *, everything: bool) -> None:
        """Those who came, if they are in scope, and those who went; all of them in a full cycle or a new group."""
        before = self._before.get(key, set())
        came, went = members - before, before - members
        if everything:
            came, went = members, set(self.links) - members
        resource.members |= {self.links[each].number for each in came if self._live(each)}
        stay = {self.links[each].number for each in members if each in self.links}
        resource.members -= {self.links[each].number for each in went if each in self.links} - stay


def _values(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = {target: person.values.get(source) for target, source in FLOWING.items()}
    return {**found, DEFAULTED[0]: person.values.get(DEFAULTED[1]), "userName": person.name, "active": True}
