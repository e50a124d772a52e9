"""From the source to what the tenant's people and groups have to be, and how they differ from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from conformance.connector.model import Aim, Person, Scenario, State, Team
from conformance.connector.people import Past
from conformance.connector.readings import active, foreign, manager_of, members_of, of_person, of_user, role_of
from conformance.connector.traffic import text_of

DEFAULT_ROLE = "Requester"
_FREE = frozenset({"displayName"})  # a tenant may make one of the name


class Subject(StrEnum):
    """What of the tenant a difference is about."""

    PERSON = "person"
    ACTIVE = "active"
    ROLE = "role"
    MANAGER = "manager"
    GROUP = "group"
    MEMBERS = "members"
    LEFT = "left"
    STRANGER = "stranger"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it has to be: whose, which attribute, what it has to be, what it is."""

    subject: Subject
    whose: str
    attribute: str
    expected: str
    observed: str

    def __str__(self) -> str:
        """The difference in one line."""
        return f"{self.whose}: {self.attribute} is {self.observed}, not {self.expected}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The tenant before and after a step, and what it has to be.

    Tolerant: a value the source does not have may be empty or as it was; `strict` takes empty values only.
    """

    past: Past
    before: State
    after: State
    aim: Aim = Aim.SOURCE
    default_role: str = DEFAULT_ROLE
    strict: bool = False

    def differences(self) -> Iterator[Difference]:
        """Every difference; none for Aim.ANY."""
        if self.aim is Aim.ANY:
            return
        yield from self._strangers()
        yield from self._twice()
        if self.aim is Aim.UNTOUCHED:
            return
        for person in self.past.source.people:
            yield from self._person(person)
        for team in self.past.source.teams:
            yield from self._team(team)
        if self.aim is Aim.SOURCE:
            yield from self._left()

    @property
    def _between(self) -> bool:
        return self.aim is Aim.BETWEEN

    def _person(self, person: Person) -> Iterator[Difference]:
        id_, old = self.past.user(self.after, person.id), self.past.user(self.before, person.id)
        whose = f"user {person.user_name}"
        if not id_:
            if not (self._between and not old) and (old or person.active):
                yield Difference(Subject.PERSON, whose, "the user", "there", "missing")
            return
        if old and old != id_ and old in self.after.users:
            yield Difference(Subject.PERSON, whose, "id", f"{old}, the user it was", f"{id_}, another one")
        was, now = self.before.users.get(old), self.after.users[id_]
        yield from self._attributes(person, of_user(was), of_user(now))
        allowed = {person.active} | ({active(was)} if self._between and was else set())
        if active(now) not in allowed:
            yield Difference(Subject.ACTIVE, whose, "active", f"{person.active}".lower(), f"{active(now)}".lower())
        yield from self._foreign(whose, foreign(was), foreign(now))
        yield from self._role(person, role_of(was), role_of(now), new=was is None)
        yield from self._manager(person, manager_of(was), manager_of(now))

    def _attributes(self, person: Person, was: dict[str, str], now: dict[str, str]) -> Iterator[Difference]:
        for name, wanted in of_person(person).items():
            allowed = {wanted}
            if self._between or (not wanted and not self.strict):
                allowed.add(was[name])
            if now[name] not in allowed and not (not wanted and name in _FREE):
                shown = " or ".join(repr(text) for text in sorted(allowed))
                yield Difference(Subject.PERSON, f"user {person.user_name}", name, shown, repr(now[name]))

    def _foreign(self, whose: str, was: dict[str, Any], now: dict[str, Any]) -> Iterator[Difference]:
        """Values that the source does not have a say in: they stay, whatever comes beside them."""
        for name, held in was.items():
            found = now.get(name)
            kept = all(each in found for each in held) if isinstance(held, list) and isinstance(found, list) else False
            if not kept and found != held:
                yield Difference(Subject.STRANGER, whose, name, repr(held), repr(found))

    def _role(self, person: Person, was: str, now: str, *, new: bool) -> Iterator[Difference]:
        allowed = {person.role} if person.role else {self.default_role, ""}
        if self._between or not person.role:
            allowed |= {self.default_role} if new else {was}
        if now not in allowed:
            shown = " or ".join(repr(name) for name in sorted(allowed) if name)
            yield Difference(Subject.ROLE, f"user {person.user_name}", "the role", shown, repr(now))

    def _manager(self, person: Person, was: str, now: str) -> Iterator[Difference]:
        wanted = self.past.user(self.after, person.manager) if person.manager else ""
        allowed = {wanted}
        if self._between or not wanted:
            allowed |= {"", was} if self._between or not self.strict else {""}
        if now not in allowed:
            shown = f"{wanted or 'none'} ({person.manager})" if person.manager else "none, or the one before"
            yield Difference(Subject.MANAGER, f"user {person.user_name}", "the manager", shown, now or "none")

    def _team(self, team: Team) -> Iterator[Difference]:
        id_, old = self.past.group(self.after, team.id), self.past.group(self.before, team.id)
        whose = f"group {team.display_name}"
        if not id_:
            if not self._between or old:
                yield Difference(Subject.GROUP, whose, "the group", "there", "missing")
            return
        was, now = self.before.groups.get(old), self.after.groups[id_]
        for name, wanted in (("displayName", team.display_name), ("externalId", team.id)):
            allowed = {wanted, text_of(was, name)} if self._between else {wanted}
            if text_of(now, name) not in allowed:
                yield Difference(Subject.GROUP, whose, name, repr(wanted), repr(text_of(now, name)))
        yield from self._members(team, members_of(was), members_of(now))

    def _members(self, team: Team, was: set[str], now: set[str]) -> Iterator[Difference]:
        wanted = {self.past.user(self.after, id_) for id_ in team.members} - {""}
        free = was & self.past.strangers(self.before)  # whom the source does not know it does not judge
        free |= {self.past.user(self.after, id_) for id_ in self.past.left()}
        must, may = (wanted & was, wanted | was) if self._between else (wanted, wanted)
        if missing := must - now:
            yield Difference(Subject.MEMBERS, f"group {team.display_name}", "members", *self._told(missing, "without"))
        if more := now - may - free:
            yield Difference(Subject.MEMBERS, f"group {team.display_name}", "members", *self._told(more, "with"))

    def _told(self, ids: set[str], how: str) -> tuple[str, str]:
        other = {"with": "without", "without": "with"}[how]
        names = ", ".join(sorted(text_of(self.after.users.get(id_), "userName") or id_ for id_ in ids))
        return f"{other} {names}", f"{how} {names}"

    def _left(self) -> Iterator[Difference]:
        for id_ in self.past.left():
            user = self.after.users.get(self.past.user(self.after, id_))
            if user is not None and active(user):
                whose = f"user {text_of(user, 'userName')}, who left"
                yield Difference(Subject.LEFT, whose, "active", "false, or the user deleted", "true")
        for id_ in self.past.dropped():
            group = self.after.groups.get(self.past.group(self.after, id_))
            if group is not None:
                whose = f"group {text_of(group, 'displayName')}, which is no more"
                yield Difference(Subject.LEFT, whose, "the group", "deleted", "there")

    def _strangers(self) -> Iterator[Difference]:
        """Those who must not be touched: strangers, and with Aim.UNTOUCHED everybody."""
        everyone = self.aim is Aim.UNTOUCHED
        kept = {*self.before.users, *self.before.groups} if everyone else self.past.strangers(self.before)
        before, after = ({**state.users, **state.groups} for state in (self.before, self.after))
        for id_ in sorted(kept):
            whose = text_of(before[id_], "userName") or text_of(before[id_], "displayName") or id_
            if id_ not in after:
                yield Difference(Subject.STRANGER, whose, "the resource", "as it was", "deleted")
            for name in sorted(_differing(before[id_], after.get(id_, before[id_]), after.keys())):
                shown = (repr(state[id_].get(name)) for state in (before, after))
                yield Difference(Subject.STRANGER, whose, name, *shown)
        for id_ in sorted(after.keys() - before.keys()) if everyone else ():
            whose = text_of(after[id_], "userName") or text_of(after[id_], "displayName") or id_
            yield Difference(Subject.STRANGER, whose, "the resource", "not there", "created")

    def _twice(self) -> Iterator[Difference]:
        for kind, found in (("user", self.after.users), ("group", self.after.groups)):
            name = "userName" if kind == "user" else "displayName"
            for attribute in (name, "externalId"):
                times = Counter(text_of(each, attribute).lower() for each in found.values())
                before = self.before.users if kind == "user" else self.before.groups
                known = Counter(text_of(each, attribute).lower() for each in before.values())
                for value, count in times.items():
                    if value and count > max(1, known[value]):
                        yield Difference(
                            Subject.TWICE, f"{kind} {value}", f"{attribute} held", "once", f"{count} times"
                        )
            yield from self._new_doubles(kind)

    def _new_doubles(self, kind: str) -> Iterator[Difference]:
        """People who were made beside those of the source: a second one for somebody, with other names."""
        before, after = (state.users if kind == "user" else state.groups for state in (self.before, self.after))
        find = self.past.user if kind == "user" else self.past.group
        ids = [each.id for source in self.past.sources for each in (source.people if kind == "user" else source.teams)]
        meant = {find(self.after, id_) for id_ in ids}
        for id_ in sorted(after.keys() - before.keys() - meant):
            name = text_of(after[id_], "userName") or text_of(after[id_], "displayName")
            yield Difference(Subject.TWICE, f"{kind} {name}", "the resource", "not there", "created")


def _differing(one: Any, other: Any, there: Collection[str]) -> set[str]:
    """The attributes that differ, but for references to what was deleted, which a tenant clears by itself."""
    names = {str(name) for name in (*one, *other)} - {"meta", "groups", "schemas"}
    found = {name for name in names if one.get(name) != other.get(name)}
    if {id_ for id_ in members_of(one) if id_ in there} == members_of(other):
        found.discard("members")
    if manager_of(one) not in there and not manager_of(other):
        found -= {name for name in found if _without_manager(one, name) == _without_manager(other, name)}
    return found


def _without_manager(resource: Any, name: str) -> dict[str, Any]:
    held = resource.get(name)
    return {key: value for key, value in held.items() if key != "manager"} if isinstance(held, dict) else {"": held}


def default_role(scenario: Scenario) -> str:
    """The role that the account of a scenario gives to whom none is given."""
    quirks = scenario.settings.get("quirks")
    found = quirks.get("default-role") if isinstance(quirks, dict) else None
    return found if isinstance(found, str) else DEFAULT_ROLE
