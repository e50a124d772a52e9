"""Every switch, with each of its values: what the simulator does then. And each contradiction has its switch."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from random import Random
from typing import Any

import pytest

from conformance.entra.application.connection import check_connection
from conformance.entra.application.model import AdminCredentials, Application, SyncScope
from conformance.entra.database import open_database
from conformance.entra.dialect import Dialect, Switch, contradictions, switches
from conformance.entra.directory.model import Assignment, Kind, SourceObject
from conformance.entra.directory.snapshot import Snapshot, load
from conformance.entra.directory.store import Source
from conformance.entra.expressions import Context, parse
from conformance.entra.job.decision import Decision, Todo
from conformance.entra.job.exports import Claims, Exporter
from conformance.entra.job.model import Link
from conformance.entra.job.quarantine import distance
from conformance.entra.job.reference_exports import ReferenceExporter
from conformance.entra.job.references import Pair, ReferenceTask
from conformance.entra.job.standing import standing
from conformance.entra.job.state import State
from conformance.entra.job.tasks import Task
from conformance.entra.mapping.defaults import custom_schema, samanage_schema
from conformance.entra.values import AppRole
from conformance.entra.wire.model import Answer, Request
from tests.conformance.entra.job.stage import Stage, only
from tests.conformance.entra.job.target import ENTERPRISE
from tests.conformance.entra.wire.golden import shapes
from tests.conformance.entra.wire.recording import EMPTY, USERS, Reply, channel, recording

AT = datetime(2031, 3, 4, 9, tzinfo=UTC)
Behaviour = Callable[[Dialect], object]


class _Target:
    """Answers everything by one body, and notes what was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.asked = list(answers), list[Request]()

    def send(self, request: Request) -> Answer:
        self.asked.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def _reference_check(dialect: Dialect) -> object:
    """What is sent for two members, the first of which is there already."""
    target = _Target(Answer(200, json={"totalResults": 1}), Answer(200, json=EMPTY), Answer(204))
    pairs = (Pair("a", "u-1"), Pair("b", "u-2"))
    ReferenceExporter(target, dialect).do(
        ReferenceTask("s", "Ops", Kind.GROUP, Link("s", Kind.GROUP, "g-9"), added=pairs)
    )
    return [each.method for each in target.asked]


def _throttling(dialect: Dialect) -> object:
    """The status that an object sees of a target that is busy once."""
    with recording() as recorder:
        recorder.replies = [Reply(429, headers={"Retry-After": "1"}), Reply()]
        with channel(recorder.url, dialect, sleep=lambda _: None) as sender:
            return sender.send(USERS).status


def _quarantine_retries(dialect: Dialect) -> object:
    """The hours between the retries."""
    return [distance(number, dialect) / timedelta(hours=1) for number in (0, 1, 2, 3, 5, 6, 40)]


def _group_support(dialect: Dialect) -> object:
    """Whether a target without groups can be provisioned."""
    application = Application(
        "Samanage", "https://api.samanage.com", AdminCredentials(token="t"), samanage_schema(), switches=dialect.chosen
    )
    return check_connection(application, _Target(Answer(200, json=EMPTY), Answer(404)), Random(7)).ok


def _office_address(dialect: Dialect) -> object:
    """The target of the office name."""
    mappings = custom_schema(dialect).objects[Kind.USER].attributes
    return next(each.target for each in mappings if each.source == "physicalDeliveryOfficeName")


def _default_access(dialect: Dialect) -> object:
    """Whether somebody with that role alone is entitled, and the reason if not."""
    database = open_database(None)
    source, user = Source(database), SourceObject("u", Kind.USER, {"userPrincipalName": "u@fabrik.example"})
    access = AppRole("r", "", "Default Access", default_access=True)
    load(source, Snapshot((user,), (access,), (Assignment("u", "r"),)), AT)
    mapping, attributes = samanage_schema().objects[Kind.USER], source.attributes(user, soft_deleted=False)
    found = standing(user, source.roles_of("u"), attributes, mapping=mapping, scope=SyncScope.ASSIGNED, dialect=dialect)
    database.close()
    return found.in_scope, found.skip_reason


def _switch_in_update(dialect: Dialect) -> object:
    """What Switch gives for a source attribute that did not change."""
    text = 'Switch([state], "none", "TX", "Central")'
    context = Context({"state": "TX"}, AT, Random(7), frozenset({"title"}), creating=False, dialect=dialect)
    return parse(text).evaluate(context)


def _clearing(dialect: Dialect) -> object:
    """The operations for a title whose source is empty now."""
    database = open_database(None)
    target = _Target(Answer(200, json={"id": "u-1", "title": "Lead"}))
    link = Link("s", Kind.USER, "u-1")
    task = Task("s", "Mara", Kind.USER, Decision(Todo.UPDATE), link, updated={"title": None})
    Exporter(target, dialect, Claims(State(database))).do(task)
    database.close()
    return [each.body["Operations"] for each in target.asked if each.body]


def _disabled_users(dialect: Dialect) -> object:
    """Whether a disabled user is created, and what is in the target; later cycles write nothing, and a hire is one."""
    stage = Stage.of("hire ana; assign ana; disable ana", switches=dialect.chosen)
    stage.cycle()
    there = [each["active"] for each in stage.target.resources["Users"].values()]
    stage.cycle()
    stage.script("enable ana")
    stage.cycle()
    return there, stage.sent()[-1].split()[0], str(stage.target.user("ana")["active"])


def _unassigned_deletion(dialect: Dialect) -> object:
    """What is left of somebody who was unassigned and then deleted for good."""
    stage = Stage.of("hire ana; assign ana", switches=dialect.chosen)
    for change in ("", "unassign ana", "purge ana"):
        stage.script(change)
        stage.cycle()
    return [each["active"] for each in stage.target.resources["Users"].values()]


def _late_references(dialect: Dialect) -> object:
    """The members of a group after one of them came late, and whether that one is the manager of the other."""
    stage = Stage.of("hire ana; hire bob; group Ops; assign Ops; join Ops ana; join Ops bob; manager ana bob")
    stage.configure(user={"scope": only(department="Ops")}, switches=dialect.chosen)
    stage.script("set ana department=Ops; set bob department=Law")
    stage.cycle()
    stage.script("move bob Ops")
    stage.cycle()
    return stage.target.members("Ops"), "manager" in stage.target.user("ana").get(ENTERPRISE, {})


REMOVED: Mapping[str, Any] = {"op": "Remove", "path": "title"}
BEHAVIOURS: Mapping[str, tuple[Behaviour, Mapping[str, object]]] = {
    "reference-check": (_reference_check, {"off": ["PATCH"], "on": ["GET", "GET", "PATCH"]}),
    "throttling": (_throttling, {"next-cycle": 429, "retry-after": 200}),
    "quarantine-retries": (
        _quarantine_retries,
        {"steps": [6, 12, 24, 24, 24, 24, 24], "gradual": [2 / 3, 4 / 3, 8 / 3, 16 / 3, 64 / 3, 24, 24]},
    ),
    "group-support": (_group_support, {"required": False, "optional": True}),
    "office-address": (
        _office_address,
        {"work": 'addresses[type eq "work"].formatted', "other": 'addresses[type eq "other"].formatted'},
    ),
    "default-access": (_default_access, {"left-out": (False, "NotEffectivelyEntitled"), "any-role": (True, "")}),
    "switch-in-update": (_switch_in_update, {"value": "Central", "null": None}),
    "disabled-users": (_disabled_users, {"skipped": ([], "POST", "True"), "created": ([False], "PATCH", "True")}),
    "unassigned-deletion": (_unassigned_deletion, {"stays": [False], "deleted": []}),
    "late-references": (_late_references, {"restart": ({"ana"}, False), "same-cycle": ({"ana", "bob"}, True)}),
    "clearing": (_clearing, {"stays": [], "remove": [[REMOVED]], "remove-value": [[{**REMOVED, "value": "Lead"}]]}),
}
"""Switches whose effect is more than the shape of a request: what they change, and how it is by each value."""


@pytest.mark.parametrize(
    ("id", "value"), [(id, value) for id, (_, expected) in BEHAVIOURS.items() for value in expected], ids=str
)
def test_a_switch_does_what_it_says(id: str, value: str) -> None:
    behaviour, expected = BEHAVIOURS[id]
    assert behaviour(Dialect.of(flagged=False, chosen={id: value})) == expected[value]


@pytest.mark.parametrize("switch", switches().values(), ids=lambda switch: switch.id)
def test_every_value_of_a_switch_is_held_by_a_test(switch: Switch) -> None:
    if switch.id in BEHAVIOURS:
        assert BEHAVIOURS[switch.id][1].keys() == switch.values.keys()
        return
    chosen = {shape.dialect.chosen.get(switch.id) for shape in shapes()}
    assert chosen == {None, *switch.values} - {switch.default}


def test_a_value_that_is_chosen_changes_what_is_made() -> None:
    made_elsewhere = {*BEHAVIOURS, "flag-on-wire"}
    for shape in shapes():
        chosen = shape.dialect.chosen.keys()
        if chosen and not chosen & made_elsewhere:
            assert shape.made(Dialect(shape.dialect.flagged)) != shape.request, shape.id


@pytest.mark.parametrize("switch", switches().values(), ids=lambda switch: switch.id)
def test_a_switch_has_default_alternatives_source_and_confidence(switch: Switch) -> None:
    assert switch.default in switch.values
    assert len(switch.values) > 1
    assert switch.says.endswith(".")
    assert switch.confidence in {"documented", "observed", "assumed"}
    known = tomllib.loads((files("conformance.entra") / "sources.toml").read_text(encoding="utf-8"))
    assert any(key in switch.source for key in (*known, "(I)", "(Q)", "(T)", "T ", "T;", "the tutorial")), switch.source


def test_the_default_is_what_nobody_chose() -> None:
    for switch in switches().values():
        assert Dialect()[switch.id] == switch.default
        for value in switch.values:
            assert Dialect.of(flagged=True, chosen={switch.id: value})[switch.id] == value


def test_every_contradiction_has_a_switch_or_a_reason() -> None:
    found = contradictions()
    assert len(found) == 10
    for each in found:
        assert bool(each.switch) is not bool(each.reason), each.says
        assert not each.switch or each.switch in switches(), each.says
        assert each.says.endswith(".")
        assert each.sources
    assert len([each for each in found if each.switch]) == 8
