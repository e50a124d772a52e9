"""The provisioning job on a SCIM server that nobody here wrote: scim2-server from PyPI."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from conformance.entra.application.model import AdminCredentials, Application, SyncScope
from conformance.entra.clock import VirtualClock
from conformance.entra.database import open_database
from conformance.entra.directory.generate import Wish, generate
from conformance.entra.directory.model import Kind
from conformance.entra.directory.snapshot import load
from conformance.entra.directory.store import Source
from conformance.entra.job.engine import Job
from conformance.entra.job.model import CycleResult
from conformance.entra.job.running import run_cycles
from conformance.entra.job.state import State
from conformance.entra.mapping.defaults import custom_schema
from conformance.entra.wire.channel import HttpChannel, bearer
from conformance.entra.wire.model import Request
from conformance.entra.wire.paths import ENTERPRISE
from tests.third_party.scim2_server import TOKEN, running

SWITCHES = {"group-schemas": "core", "manager-shape-flagged": "object"}
"""The server refuses schemas and paths that RFC 7643 does not know; the flag and these keep to it."""
WISH = Wish(users=200, groups=20, members=10, seed=7)


@dataclass
class Provisioned:
    """The server after three cycles: the first, one without a change, and a full one after a restart."""

    source: Source
    state: State
    cycles: list[CycleResult]
    users: dict[str, Any]
    groups: dict[str, Any]

    @property
    def enabled(self) -> dict[str, str]:
        """Source id -> target id of everybody whose account is enabled; others are not created (HOW)."""
        found = {each.id: self.state.link(each.id) for each in self.source.objects(Kind.USER) if each.enabled}
        return {id: link.target_id for id, link in found.items() if link}


@pytest.fixture(scope="module")
def provisioned() -> Iterator[Provisioned]:
    with running() as url, closing(open_database(None)) as database:
        source, state, clock = Source(database), State(database), VirtualClock()
        load(source, generate(WISH), clock.now())
        tenant_url, credentials = f"{url}/?aadOptscim062020", AdminCredentials(token=TOKEN)
        found = Application("Directory", tenant_url, credentials, custom_schema(), SyncScope.ALL, switches=SWITCHES)
        with closing(HttpChannel(tenant_url, bearer(TOKEN), found.dialect)) as channel:
            job = Job(found, source, state, channel, clock, Random(7), base=url)
            cycles = run_cycles(job, cycles=2)
            job.restart()
            cycles += run_cycles(job)
            yield Provisioned(source, state, cycles, resources(channel, "Users"), resources(channel, "Groups"))


def resources(channel: HttpChannel, kind: str) -> dict[str, Any]:
    """Everything of a kind in the server, by id."""
    found: dict[str, Any] = {}
    while True:
        body = channel.send(Request("GET", f"/{kind}", query=f"startIndex={len(found) + 1}&count=100")).json or {}
        found |= {each["id"]: each for each in body["Resources"]}
        if len(found) >= body["totalResults"]:
            return found


def test_everybody_is_created_once_and_a_second_cycle_writes_nothing(provisioned: Provisioned) -> None:
    first, second, full = provisioned.cycles
    assert [(each.state, each.counts.failed, each.counts.reference_failed) for each in provisioned.cycles] == [
        ("Succeeded", 0, 0)
    ] * 3
    assert first.counts.created == len(provisioned.users) + len(provisioned.groups)
    assert (second.counts.requests, full.counts.writes) == (0, 0)
    assert len(provisioned.groups) == WISH.groups
    assert len(provisioned.enabled) == len(provisioned.users) > WISH.users * 0.9


def test_users_are_as_in_the_source_with_their_managers(provisioned: Provisioned) -> None:
    linked = provisioned.enabled
    for id, target_id in linked.items():
        person, user = provisioned.source.get(id), provisioned.users[target_id]
        assert person
        assert (user["displayName"], user["active"]) == (person.attributes["displayName"], True)
        assert user["emails"][0]["value"] == person.attributes["mail"]
        manager = user.get(ENTERPRISE, {}).get("manager", {}).get("value")
        assert manager == linked.get(person.manager)


def test_groups_have_the_members_that_are_in_scope(provisioned: Provisioned) -> None:
    linked = provisioned.enabled
    wanted = {
        group.attributes["displayName"]: {linked[each] for each in group.members if each in linked}
        for group in provisioned.source.objects(Kind.GROUP)
    }
    found = {
        group["displayName"]: [each["value"] for each in group.get("members", [])]
        for group in provisioned.groups.values()
    }
    assert {name: set(ids) for name, ids in found.items()} == wanted
    assert all(len(ids) == len(set(ids)) for ids in found.values())
    assert sum(map(len, found.values())) > WISH.groups
