"""The same story told to a job and to the model: changes in the source, faults, cycles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from conformance.entra.application.model import SyncScope
from conformance.entra.job.model import CycleResult
from conformance.entra.mapping.model import Apply, AttributeMapping
from conformance.entra.wire.model import Answer, NoAnswer, Request
from tests.conformance.entra.job.stage import USERS, Stage, only
from tests.conformance.entra.job.target import ENTERPRISE, Target, answer
from tests.conformance.entra.model import CREATED, DEFAULTED, DELETED, PRESENT, Model, Person, Team

ON_CREATE = AttributeMapping(CREATED[0], source=CREATED[1], apply=Apply.ON_CREATE)
PLAIN = AttributeMapping(DEFAULTED[0], source=DEFAULTED[1])
NAMES, VALUES = ("ana", "bob", "cid", "dee"), ("one", "two", "Ops")
ATTRIBUTES = ("displayName", "jobTitle", "companyName", "city", "department")
DAY = timedelta(days=1)
Operation = tuple[str, int, int, int]


@dataclass
class Story:
    """The same changes in the source of a job and in the world of the model."""

    stage: Stage
    model: Model
    ids: dict[int, str] = field(default_factory=dict)
    again: bool = True

    @classmethod
    def of(cls, *, everyone: bool = False, soft: bool = True, filtered: bool = False, clearing: str = "stays") -> Story:
        user = {"soft_delete": soft, "scope": only(department="Ops") if filtered else ()}
        scope = SyncScope.ALL if everyone else SyncScope.ASSIGNED
        with_default = replace(PLAIN, default=DEFAULTED[2] if clearing == "stays" else None)
        mappings = (*USERS, with_default, ON_CREATE)
        stage = Stage.of(users=mappings, user=user, scope=scope, switches={"clearing": clearing})
        model = Model(everyone=everyone, soft=soft, department="Ops" * filtered, clears=clearing != "stays")
        return cls(stage, model)

    def tell(self, script: Sequence[Operation]) -> None:
        """What can happen happens."""
        for verb, *numbers in script:
            work: Callable[..., None] = getattr(self, f"_{verb}")
            work(*numbers)

    def _say(self, text: str) -> None:
        self.stage.script(text)

    def _hire(self, name: int, value: int, other: int) -> None:
        """Somebody comes, with a manager perhaps; after one who is gone for good also under the same name."""
        full = f"{NAMES[name % len(NAMES)]}@fabrik.example"
        people = self.model.world.people
        had = [each for each in people.values() if each.name.partition("@")[0].rstrip("x") == NAMES[name % len(NAMES)]]
        if any(each.presence in {PRESENT, DELETED} or not self.again for each in had):
            return
        values = {"displayName": full.partition("@")[0], "department": "Ops", "city": VALUES[value % 3]}
        key = self._new(full, f"hire {full} department=Ops city={values['city']}")
        people[key] = Person(full, values)
        if other < 5:
            self._entitle(key)
        if other % 2:
            self._manager(key, value)

    def _new(self, name: str, text: str) -> int:
        self._say(text)
        found = self.stage.source.find(name)
        assert found is not None
        key = len(self.ids)
        self.ids[key] = found.id
        return key

    def _group(self, name: int, *_: int) -> None:
        teams = self.model.world.teams
        if len(teams) < 3:
            key = self._new(f"Team {len(teams)}", f'group "Team {len(teams)}"')
            teams[key] = Team(f"Team {len(teams)}")
            if name % 4:
                self._entitle(key)

    def _some(self, number: int, *presences: str, kind: str = "") -> Any:
        """Somebody who is in this state, with the key; None for nobody."""
        world = self.model.world
        everybody: dict[int, Any] = {
            **(world.people if kind != "team" else {}),
            **(world.teams if kind != "person" else {}),
        }
        able = [(key, each) for key, each in everybody.items() if each.presence in (presences or (PRESENT,))]
        return able[number % len(able)] if able else (None, None)

    def _set(self, who: int, name: int, value: int) -> None:
        key, person = self._some(who, kind="person")
        if person:
            attribute, told = ATTRIBUTES[name % 5], VALUES[value % 3]
            person.values[attribute] = told
            self._say(f"set {self.ids[key]} {attribute}={told}")

    def _clear(self, who: int, name: int, _: int) -> None:
        key, person = self._some(who, kind="person")
        if person:
            person.values.pop(ATTRIBUTES[name % 5], None)
            self._say(f"set {self.ids[key]} {ATTRIBUTES[name % 5]}=")

    def _call(self, who: int, *_: int) -> None:
        """Somebody in scope has another sign-in name, which nobody else ever has."""
        key, found = self._some(who)
        if found and self.model.wanted(key):
            local, at, domain = found.name.partition("@")
            found.name = f"{local}x{at}{domain}"
            attribute = "userPrincipalName" if at else "displayName"
            self._say(f'set {self.ids[key]} "{attribute}={found.name}"')

    def _manager(self, who: int, other: int, *_: int) -> None:
        key, person = self._some(who, kind="person")
        manager, _found = self._some(other, kind="person")
        if person and person.manager != manager:
            person.manager = manager
            self.model.turned.add(key)
            self._say(f"manager {self.ids[key]} {self.ids[manager]}")

    def _none(self, who: int, *_: int) -> None:
        key, person = self._some(who, kind="person")
        if person and person.manager is not None:
            person.manager = None
            self.model.turned.add(key)
            self._say(f"manager {self.ids[key]} none")

    def _disable(self, who: int, *_: int) -> None:
        key, person = self._some(who, kind="person")
        if person:
            person.enabled = False
            self._say(f"disable {self.ids[key]}")

    def _enable(self, who: int, *_: int) -> None:
        key, person = self._some(who, kind="person")
        if person:
            person.enabled = True
            self._say(f"enable {self.ids[key]}")

    def _delete(self, who: int, *_: int) -> None:
        self._move("delete", DELETED, *self._some(who))

    def _restore(self, who: int, *_: int) -> None:
        self._move("restore", PRESENT, *self._some(who, DELETED))

    def _move(self, verb: str, presence: str, key: int, found: Any) -> None:
        if found:
            found.presence = presence
            self._say(f"{verb} {self.ids[key]}")

    def _purge(self, who: int, *_: int) -> None:
        key, found = self._some(who, PRESENT, DELETED)
        if found:
            self.model.turned.update(self.model.world.purge(key))
            self._say(f"purge {self.ids[key]}")

    def _assign(self, who: int, *_: int) -> None:
        key, found = self._some(who, PRESENT, DELETED)
        if found:
            self._entitle(key)

    def _entitle(self, key: int) -> None:
        self.model.world.assigned.add(key)
        self._say(f"assign {self.ids[key]} Agent")

    def _unassign(self, who: int, *_: int) -> None:
        key, _found = self._some(who, PRESENT, DELETED)
        if key is not None:
            self.model.world.assigned.discard(key)
            self._say(f"unassign {self.ids[key]}")

    def _join(self, group: int, who: int, *_: int) -> None:
        key, team = self._some(group, kind="team")
        member, _found = self._some(who)
        if team and member != key:
            team.members.add(member)
            self._say(f"join {self.ids[key]} {self.ids[member]}")

    def _leave(self, group: int, who: int, *_: int) -> None:
        key, team = self._some(group, kind="team")
        if team and team.members:
            member = sorted(team.members)[who % len(team.members)]
            team.members.discard(member)
            self._say(f"leave {self.ids[key]} {self.ids[member]}")

    def storm(self, plan: Sequence[object]) -> None:
        """A cycle in which each request fails as the plan says, until the plan is at its end."""
        left = list(plan)

        def fault(request: Request) -> Answer | None:
            kind = left.pop(0) if left else None
            if isinstance(kind, int):
                return answer(kind, {"detail": "later"})
            if kind == "cut":
                kept, left[:] = list(left), [None]
                target.send(request)
                left[:] = kept
            if kind is not None:
                raise NoAnswer(request, "nobody answers", timeout=kind == "time-out")
            return None

        target = self.stage.target
        target.faults.append(fault)
        self.stage.cycle()
        target.faults.clear()

    def settle(self) -> CycleResult:
        """Days go by until nothing is to be tried again; the last of the cycles."""
        for _ in range(8):
            result = self.stage.cycle(after=DAY)
            if not self.stage.state.escrows() and not result.counts.writes:
                return result
        raise AssertionError([(each.code, each.source_id) for each in self.stage.state.escrows()])

    def restart(self) -> CycleResult:
        """The administrator restarts the job, as the portal does it."""
        self.stage.job.restart()
        return self.settle()


def seen(target: Target) -> dict[str, Any]:
    """Users and groups of a target by name; references to what is not there do not count."""
    users, groups = target.resources["Users"], target.resources["Groups"]
    names = {id: each["userName"] for id, each in users.items()}
    names |= {id: each["displayName"] for id, each in groups.items()}
    plain = ("userName", "active", "displayName", "title", "userType", "locale")
    found: dict[str, Any] = {}
    for each in users.values():
        manager = each.get(ENTERPRISE, {}).get("manager", {}).get("value")
        found[each["userName"]] = {**{name: each.get(name) for name in plain}, "manager": names.get(manager)}
    for each in groups.values():
        found[each["displayName"]] = {names[member] for member in _ids(each) if member in names}
    return found


def _ids(group: dict[str, Any]) -> list[str]:
    return [each if isinstance(each, str) else each["value"] for each in group["members"]]


def predicted(model: Model) -> dict[str, Any]:
    """The same of the model."""
    names = {number: each.values["userName"] for number, each in model.users.items()}
    found: dict[str, Any] = {
        names[number]: {**each.values, "manager": names.get(-1 if each.manager is None else each.manager)}
        for number, each in model.users.items()
    }
    names |= {number: each.values["displayName"] for number, each in model.groups.items()}
    return found | {names[number]: {names[one] for one in each.members} for number, each in model.groups.items()}


def mapped(model: Model) -> dict[str, Any]:
    """The source as mappings show it: who is in scope, with the values there are."""
    people = {key: each for key, each in model.world.people.items() if model.wanted(key)}
    teams = {key: each for key, each in model.world.teams.items() if model.wanted(key)}
    names = {key: each.name for key, each in (people | teams).items()}
    found: dict[str, Any] = {
        each.name: {
            "active": True,
            "displayName": each.values["displayName"],
            **({"title": each.values["jobTitle"]} if "jobTitle" in each.values else {}),
            **({"manager": names[each.manager]} if each.manager in names else {}),
        }
        for each in people.values()
    }
    return found | {each.name: {names[one] for one in each.members if one in names} for each in teams.values()}


def shown(story: Story) -> dict[str, Any]:
    """What the target shows of that."""
    wanted, found = mapped(story.model), seen(story.stage.target)
    narrow: dict[str, Any] = {}
    for name, want in wanted.items():
        have = found.get(name)
        if isinstance(want, dict) and isinstance(have, dict):
            narrow[name] = {key: have[key] for key in want}
        elif isinstance(have, set):
            narrow[name] = have & wanted.keys()
    return narrow
