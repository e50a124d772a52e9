"""Whole runs against the tenant: what it holds in the end (TUTORIAL, HOW)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from conformance.entra.application.credentials import authorization, migrate
from conformance.entra.application.model import AdminCredentials, Application, JobSettings, SyncScope
from conformance.entra.clock import VirtualClock
from conformance.entra.database import open_database
from conformance.entra.directory.generate import Wish, generate
from conformance.entra.directory.model import Kind
from conformance.entra.directory.mutations import Editor, read_script
from conformance.entra.directory.snapshot import load
from conformance.entra.directory.store import Source
from conformance.entra.job.engine import Job
from conformance.entra.job.model import CycleResult, ResetScope
from conformance.entra.job.running import run_cycles
from conformance.entra.job.state import State
from conformance.entra.mapping.defaults import samanage_schema
from conformance.entra.wire.channel import HttpChannel
from mock_samanage.testing import LiveServer

WISH = Wish(users=20, groups=3, members=6)
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


class Provisioned:
    """A job of the gallery's Samanage application at a tenant, its source generated."""

    def __init__(self, server: LiveServer, stack: ExitStack, **fields: Any) -> None:
        self.server = server
        everyone = fields.get("scope") is SyncScope.ALL
        wanted = {
            "tenant_url": server.url,
            "credentials": AdminCredentials(token=server.token, migrated=True),
            **fields,
        }
        app = Application("Samanage", schema=samanage_schema(everyone=everyone), **wanted)
        database = open_database(None)
        stack.callback(database.close)
        self.source, self.state, self.clock = Source(database), State(database), VirtualClock()
        load(self.source, generate(WISH), self.clock.now())
        self.channel = HttpChannel(app.tenant_url, authorization(app.credentials), app.dialect)
        stack.callback(self.channel.close)
        self.random = Random(7)
        self.job = Job(app, self.source, self.state, self.channel, self.clock, self.random, self.channel.url.base)
        self.people = [found for found in self.source.objects(Kind.USER) if found.enabled]

    def script(self, text: str) -> None:
        """The source changes."""
        editor = Editor(self.source, self.clock.now(), self.random)
        for mutation in read_script(text.replace(";", "\n")):
            editor.apply(mutation)

    def run(self, cycles: int = 1) -> CycleResult:
        """The last of so many cycles."""
        return run_cycles(self.job, cycles)[-1]

    def found(self, id: str) -> dict[str, Any] | None:
        """The resource a source object is linked to, None where it is gone."""
        link = self.state.link(id)
        if link is None:
            return None
        answer = self.server.request("GET", f"/{link.kind}s/{link.target_id}")
        return answer.json() if answer.ok else None

    def members(self, id: str) -> set[str]:
        """The source ids of the members of a group in the tenant."""
        held = {each["value"] for each in (self.found(id) or {}).get("members", [])}
        return {link.source_id for link in self.state.links(Kind.USER) if link.target_id in held}


Make = Callable[..., Provisioned]


@pytest.fixture
def make(samanage: LiveServer) -> Iterator[Make]:
    with ExitStack() as stack:
        yield lambda **fields: Provisioned(samanage, stack, **fields)


def test_after_the_first_cycle_the_tenant_holds_what_the_source_says(make: Make) -> None:
    at = make()
    result = at.run()
    assert (result.state, result.counts.created) == ("Succeeded", 23)
    for person in at.people:
        found = at.found(person.id)
        assert found is not None
        assert found["name"]["givenName"] == person.attributes["givenName"]
        assert found["active"] is True
        assert found["roles"][0]["value"] in {"Requester", "Service Agent User"}
        assert found["externalId"] == person.attributes["mailNickname"]
        manager = at.found(person.manager)
        assert found.get(ENTERPRISE, {}).get("manager", {}).get("value") == (manager["id"] if manager else None)
    for group in at.source.objects(Kind.GROUP):
        assert at.members(group.id) == set(group.members)
    assert at.run().counts.requests == 0
    at.job.restart()
    assert at.run().counts.writes == 0
    at.job.restart([ResetScope.FULL])
    assert at.run().counts.created == 0


@pytest.mark.parametrize(
    ("events", "active"),
    [
        (["disable {}"], False),
        (["disable {}", "enable {}"], True),
        (["delete {}"], False),
        (["delete {}", "restore {}"], True),
        (["purge {}"], None),
        (["delete {}", "purge {}"], None),
        (["unassign {}"], False),
        (["unassign {}", "assign {} Requester"], True),
        (["unassign {}", "delete {}", "purge {}"], False),
    ],
)
def test_the_table_of_events(make: Make, events: list[str], *, active: bool | None) -> None:
    at = make()
    at.run()
    id = next(each.id for each in at.people if not at.source.groups_of(each.id))
    link = at.state.link(id)
    assert link is not None
    for event in events:
        at.script(event.format(id))
        assert at.run().state == "Succeeded"
    answer = at.server.request("GET", f"/Users/{link.target_id}")
    assert (answer.json()["active"] if answer.ok else None) is active


def test_a_rename_a_move_a_role_and_a_manager_arrive(make: Make) -> None:
    at = make()
    at.run()
    one, other, boss = (each.id for each in at.people[:3])
    at.script(f'rename {one} "Zoë Ödegård"; move {one} Ops; manager {one} {boss}; unassign {other} Requester')
    at.script(f'assign {other} "Service Task User"')
    result = at.run()
    assert result.state == "Succeeded"
    found, changed, manager = at.found(one), at.found(other), at.found(boss)
    assert found
    assert changed
    assert manager
    assert (found["displayName"], found["name"]["familyName"]) == ("Zoë Ödegård", "Ödegård")
    assert found[ENTERPRISE]["department"] == "Ops"
    assert found[ENTERPRISE]["manager"]["value"] == manager["id"]
    assert changed["roles"][0]["value"] == "Service Task User"
    at.script(f"manager {one} none")
    at.run()
    assert "manager" not in (at.found(one) or {}).get(ENTERPRISE, {})


def test_groups_follow_renames_and_moves_and_go(make: Make) -> None:
    at = make()
    at.run()
    group = next(iter(at.source.objects(Kind.GROUP)))
    comes = next(each.id for each in at.people if each.id not in group.members)
    at.script(f'join {group.id} {comes}; leave {group.id} {group.members[0]}; set {group.id} "displayName=Łódź team"')
    at.run()
    assert at.members(group.id) == {*group.members, comes} - {group.members[0]}
    assert (at.found(group.id) or {})["displayName"] == "Łódź team"
    at.script(f"drop {group.id}")
    at.run()
    assert at.server.get("/Groups?count=0")["totalResults"] == 2


def test_everybody_is_provisioned_with_the_default_role(make: Make) -> None:
    at = make(scope=SyncScope.ALL)
    at.script("; ".join(f"unassign {each.id}" for each in at.people))
    at.run()
    roles = {(at.found(each.id) or {})["roles"][0]["value"] for each in at.people}
    assert roles == {"Requester"}


@pytest.mark.parametrize("flag", ["", "?aadOptscim062020"])
def test_with_the_flag_and_without_the_tenant_ends_up_the_same(make: Make, samanage: LiveServer, flag: str) -> None:
    at = make(tenant_url=samanage.url + flag)
    at.run()
    one, other = (each.id for each in at.people[:2])
    at.script(
        f'rename {one} "Ana Lima"; set {one} jobTitle=Lead mobile="+1 555"; manager {one} {other}; disable {other}'
    )
    assert at.run().state == "Succeeded"
    found = at.found(one) or {}
    assert (found["displayName"], found["name"]["givenName"], found["title"]) == ("Ana Lima", "Ana", "Lead")
    assert (at.found(other) or {})["active"] is False
    assert [each["value"] for each in found["phoneNumbers"] if each["type"] == "mobile"] == ["+1 555"]


def test_a_user_that_was_there_is_matched(make: Make, samanage: LiveServer) -> None:
    at = make()
    there = samanage.user(userName=str(at.people[0].attributes["userPrincipalName"]), title="Somebody")
    assert at.run().counts.created == 22
    found = at.found(at.people[0].id) or {}
    assert (found["id"], found["title"]) == (there["id"], at.people[0].attributes["jobTitle"])


def test_a_user_that_was_deleted_behind_its_back_is_an_invalid_anchor_until_a_full_restart(make: Make) -> None:
    at = make()
    at.run()
    link = at.state.link(at.people[0].id)
    assert link is not None
    at.server.request("DELETE", f"/Users/{link.target_id}")
    at.script(f"move {at.people[0].id} Law")
    at.run()
    (event,) = at.state.events(status="failure")
    assert event.problem is not None
    assert event.problem.code == "InvalidAnchor"
    at.job.restart([ResetScope.FULL])
    assert at.run().counts.created == 1
    assert at.found(at.people[0].id)


def test_a_matching_attribute_that_cannot_be_filtered_makes_everybody_fail(make: Make, samanage: LiveServer) -> None:
    samanage.hook("filterable.set", attributes=["externalId"])
    at = make(settings=JobSettings())
    result = at.run()
    assert (result.state, result.counts.created, result.counts.failed) == ("EntryLevelErrors", 0, 23)
    reasons = {each.problem.reason.partition(":")[0] for each in at.state.events() if each.problem}
    assert all("was answered 400 BadRequest" in reason for reason in reasons)


def test_a_token_that_expires_in_mid_cycle_and_its_successor(make: Make, samanage: LiveServer) -> None:
    at = make()
    tokens = samanage.hook("credential.list")["credentials"]
    (token,) = [each["id"] for each in tokens if each["kind"] == "token"]
    calls = 0

    def expire(*_: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 10:
            samanage.hook("credential.expire", credential=token)

    at.job.on_progress = expire
    assert at.run().state == "Failed"
    assert at.state.quarantine is not None
    issued = samanage.hook("credential.create", kind="token")
    at.channel.authorization = f"Bearer {issued['token']}"
    at.job.on_progress = None
    result = at.run()
    assert result.state == "Succeeded"
    assert result.began - at.state.cycles()[0].began == timedelta(hours=6)
    assert at.state.quarantine is None


def test_a_stored_password_works_until_the_phase_ends_that_takes_it(make: Make, samanage: LiveServer) -> None:
    credentials = migrate(AdminCredentials(samanage.username, samanage.password))
    at = make(credentials=credentials)
    assert at.run().state == "Succeeded"
    samanage.hook("phase.set", phase="token")
    at.script(f"move {at.people[0].id} Law")
    assert at.run().state == "Failed"
    assert at.state.quarantine is not None
