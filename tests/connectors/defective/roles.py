"""Defects of roles."""

from __future__ import annotations

import json
from typing import Any

from tests.connectors.correct import Connector
from tests.connectors.defective.registry import defect
from tests.connectors.mapping import Json
from tests.connectors.source import Entry


@defect(
    "role-change",
    clauses=("CON-ROLE-02",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "roles.sends_roles_in_the_documented_form",
        "state.people_are_as_the_source_says",
    },
)
class RoleEncodedTwice(Connector):
    """The JSON of a role is sent as the text of a JSON text."""

    def role(self, person: Entry) -> Any:
        return json.dumps(json.dumps({"displayName": person["role"]}))


@defect(
    "role-change",
    clauses=("CON-STATE-01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "state.people_are_as_the_source_says",
    },
)
class RoleUnderAnotherName(Connector):
    """A role is sent by a name that Samanage does not know."""

    def role(self, person: Entry) -> Any:
        return [{"displayName": person["role"].upper()}]


@defect(
    "role-change",
    clauses=("CON-ROLE-01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "roles.sends_roles_in_the_documented_form",
        "state.people_are_as_the_source_says",
    },
)
class RoleInAnotherKey(Connector):
    """A role is sent as `name`."""

    def role(self, person: Entry) -> Any:
        return [{"name": person["role"]}]


@defect(
    "role-change",
    clauses=("CON-ROLE-01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "roles.sends_no_role_that_is_held",
        "roles.sends_roles_in_the_documented_form",
        "state.people_have_the_role_of_the_source",
    },
)
class TwoRoles(Connector):
    """The role of before is sent beside the new one."""

    def role_changes(self, person: Entry, found: Json) -> list[Json]:
        changes = super().role_changes(person, found)
        held = [{"displayName": each["value"]} for each in found.get("roles") or []]
        return [{**each, "value": [*held, *each["value"]]} for each in changes]


@defect(
    "nothing-changed",
    clauses=("CON-ROLE-03",),
    trips={
        "quiet.patches_what_differs",
        "quiet.writes_nothing_when_nothing_changed",
        "roles.sends_no_role_that_is_held",
    },
)
class RoleEachRun(Connector):
    """The role is sent on every run, changed or not."""

    def role_changes(self, person: Entry, found: Json) -> list[Json]:
        return super().role_changes(person, {**found, "roles": []})


@defect(
    "role-change",
    clauses=("CON-STATE-03",),
    trips={
        "state.people_have_the_role_of_the_source",
    },
)
class RoleOnlyAtFirst(Connector):
    """A role is sent on create only."""

    def role_changes(self, person: Entry, found: Json) -> list[Json]:  # noqa: ARG002 nothing is compared
        return []
