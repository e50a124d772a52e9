"""The job keeps the target as the model says, after any sequence of changes in the source and with any faults."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conformance.entra.model import GAPS
from tests.conformance.entra.story import Operation, Story, mapped, predicted, seen, shown

FAULTS = (429, 500, "time-out", "cut")
SAME = st.integers(0, 7)
VERBS = [
    *("hire", "hire", "set", "set", "clear", "manager", "manager", "none", "disable", "enable", "delete", "restore"),
    *("purge", "assign", "assign", "unassign", "group", "join", "join", "leave", "call"),
]
LASTING = [verb for verb in VERBS if verb not in {"clear", "none", "purge", "call"}]
"""Those that leave no null and take no name away."""
Epochs = Sequence[tuple[list[Operation], list[list[object]], bool]]
"""Changes, the faults of the cycles after them, and whether the job is restarted before those."""


def operations(verbs: Sequence[str], most: int) -> st.SearchStrategy[list[Operation]]:
    """Changes as verbs with numbers, which choose among what is there."""
    return st.lists(st.tuples(st.sampled_from(verbs), SAME, SAME, SAME), max_size=most)


def bounded(examples: int) -> settings:
    """The same examples in each run, so many of them."""
    return settings(max_examples=examples, deadline=None, database=None, derandomize=True)


faults = st.lists(st.none() | st.sampled_from(FAULTS), max_size=14)


<<<<<<< HEAD
def check_epochs(story: Story, epochs: Epochs) -> None:
=======
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
        everybody = {**(world.people if kind != "team" else {}), **(world.teams if kind != "person" else {})}
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
            found.name = f"{found.name.partition('@')[0]}x" + (
                "@fabrik.example" if key in self.model.world.people else ""
            )
            attribute = "userPrincipalName" if key in self.model.world.people else "displayName"
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
    names = {id: each["userName"] for id, each in users.items()} | {
        id: each["displayName"] for id, each in groups.items()
    }
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


def check_epochs(story: Story, epochs: Sequence[tuple[list[Operation], list[list[object]], bool]]) -> None:
>>>>>>> w-entra-engine
    """The target is as predicted after each group of changes, however its cycles went."""
    for script, storms, restarted in epochs:
        story.tell(script)
        if restarted:
            story.stage.job.restart()
        for plan in storms:
            story.storm(plan)
        story.settle()
        story.model.cycle(restarted=restarted)
        assert seen(story.stage.target) == predicted(story.model)
        assert story.stage.target.number == story.model.created, "something was created twice"
        assert story.stage.cycle().counts.requests == 0
    story.restart()
    story.model.cycle(restarted=True)
    assert seen(story.stage.target) == predicted(story.model)
    story.stage.job.restart()
    assert story.stage.cycle().counts.writes == 0


def check_mixed(story: Story, then: Sequence[tuple[list[Operation], list[object]]]) -> None:
    """The target equals the source in the end, where changes came while requests failed."""
    story.again = False
    for script, plan in then:
        story.tell(script)
        story.storm(plan)
    story.settle()
    story.restart()
    assert shown(story) == mapped(story.model)
    story.stage.job.restart()
    assert story.stage.cycle().counts.writes == 0


everybody = st.fixed_dictionaries({"everyone": st.booleans()})
ANYHOW: dict[str, Any] = {
    "everyone": st.booleans(),
    "soft": st.booleans(),
    "filtered": st.booleans(),
    "clearing": st.sampled_from(["stays", "stays", "remove"]),
}
epochs: st.SearchStrategy[Epochs] = st.lists(
    st.tuples(operations(VERBS, 9), st.lists(faults, max_size=2), st.booleans()), min_size=1, max_size=4
)
mixed = st.lists(st.tuples(operations(LASTING, 6), faults), min_size=1, max_size=5)
calm: st.SearchStrategy[Epochs] = st.lists(
    st.tuples(operations(VERBS, 9), st.just([]), st.just(False)), min_size=1, max_size=6
)


@bounded(60)
@given(st.fixed_dictionaries(ANYHOW), operations(["hire", "group", "join"], 8), calm)
def test_the_target_is_as_predicted_after_each_cycle(how: dict[str, Any], first: list[Operation], then: Epochs) -> None:
    check_epochs(Story.of(**how), [(first, [], False), *then])


@bounded(50)
@given(st.fixed_dictionaries(ANYHOW), operations(["hire", "group", "join"], 8), epochs)
def test_the_target_is_as_predicted_once_faults_are_lifted(
    how: dict[str, Any], first: list[Operation], then: Epochs
) -> None:
    check_epochs(Story.of(**how), [(first, [], False), *then])


@bounded(40)
@given(everybody, operations(["hire", "group", "join"], 8), mixed)
def test_after_a_restart_without_nulls_the_target_equals_the_mapped_source(
    how: dict[str, Any], first: list[Operation], then: list[tuple[list[Operation], list[object]]]
) -> None:
    check_mixed(Story.of(**how), [(first, []), *then])


@pytest.mark.deep
@settings(max_examples=1500, deadline=None, database=None)
@given(st.fixed_dictionaries(ANYHOW), operations(["hire", "group", "join"], 8), epochs)
def test_the_target_is_as_predicted_at_length(how: dict[str, Any], first: list[Operation], then: Epochs) -> None:
    check_epochs(Story.of(**how), [(first, [], False), *then])


@pytest.mark.deep
@settings(max_examples=1500, deadline=None, database=None)
@given(everybody, operations(["hire", "group", "join"], 8), mixed)
def test_after_a_restart_the_target_equals_the_mapped_source_at_length(
    how: dict[str, Any], first: list[Operation], then: list[tuple[list[Operation], list[object]]]
) -> None:
    check_mixed(Story.of(**how), [(first, []), *then])


ANA, BOB, TEAM, JOIN = ("hire", 0, 0, 0), ("hire", 1, 0, 0), ("group", 1, 0, 0), ("join", 0, 0, 0)


@pytest.mark.parametrize(
    ("scripts", "plan"),
    [
        ([[ANA], [("unassign", 0, 0, 0)], [("purge", 0, 0, 0)], [ANA]], []),
        ([[ANA, TEAM, JOIN], [("unassign", 0, 0, 0)], [("unassign", 1, 0, 0)], [("purge", 0, 0, 0), ANA]], []),
        ([[ANA], [("purge", 0, 0, 0), ANA]], []),
        ([[ANA, TEAM], [("disable", 0, 0, 0), JOIN]], [500]),
        ([[ANA, ("manager", 0, 0, 0)], [("none", 0, 0, 0), ("delete", 0, 0, 0)]], [429]),
        ([[ANA, TEAM], [("unassign", 0, 0, 0), JOIN]], ["time-out"]),
        ([[ANA, TEAM, JOIN]], [None, "cut", None, None, "cut"]),
    ],
    ids=["rehired", "rehired-member", "replaced", "disable-failed", "delete-failed", "unassign-failed", "answers-lost"],
)
def test_stories_that_went_wrong_once(scripts: list[list[Operation]], plan: list[object]) -> None:
    check_epochs(Story.of(), [(script, [plan], False) for script in scripts])


@pytest.mark.parametrize(
    ("gap", "scripts"),
    [
        ("emptied", [[ANA, ("set", 0, 1, 0)], [("clear", 0, 1, 0)]]),
        ("defaults", [[ANA, ("set", 0, 2, 0)], [("clear", 0, 2, 0), ("set", 0, 3, 1)]]),
        ("lost-manager", [[ANA, BOB, ("manager", 0, 1, 0)], [("none", 0, 0, 0)]]),
        ("late-member", [[TEAM, ("hire", 0, 0, 6), ("join", 0, 1, 0)], [("assign", 1, 0, 0)]]),
        ("late-manager", [[("hire", 1, 0, 6), ANA, ("manager", 1, 0, 0)], [("assign", 0, 0, 0)]]),
        ("not-replayed", [[ANA, TEAM], [("disable", 0, 0, 0), JOIN], [("enable", 0, 0, 0)]]),
        ("unmanaged", [[ANA], [("unassign", 0, 0, 0)], [("purge", 0, 0, 0)]]),
        ("disabled", [[ANA, ("disable", 0, 0, 0)]]),
        ("stays-member", [[ANA, TEAM, JOIN], [("disable", 0, 0, 0)]]),
    ],
)
def test_every_gap_of_the_model_is_one_of_the_job(gap: str, scripts: list[list[Operation]]) -> None:
    story = Story.of()
    for script in scripts:
        story.tell(script)
        if gap == "lost-manager":
            story.stage.job.restart()
        story.settle()
        story.model.cycle(restarted=gap == "lost-manager")
    found = seen(story.stage.target)
    assert found == predicted(story.model)
    ana = found.get("ana@fabrik.example", {})
    shows = {
        "emptied": ana.get("title") == "one",
        "defaults": ana.get("userType") == "one" and ana.get("locale") == "one",
        "lost-manager": ana.get("manager") == "bob@fabrik.example",
        "late-member": found.get("Team 0") == set(),
        "late-manager": ana.get("manager") is None,
        "not-replayed": ana.get("active") is True and found.get("Team 0") == set(),
        "unmanaged": ana.get("active") is False,
        "disabled": not ana,
        "stays-member": ana.get("active") is False and found.get("Team 0") == {"ana@fabrik.example"},
    }
    assert shows.keys() == GAPS.keys()
    assert shows[gap]
