"""On-demand provisioning: one object at once, with what each step found (POD)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from conformance.entra.application.connection import Connection
from conformance.entra.application.model import Application
from conformance.entra.directory.model import Kind, Presence, SourceObject
from conformance.entra.errors import ProvisioningError
from conformance.entra.job.engine import Job
from conformance.entra.job.state import State
from conformance.entra.job.tasks import Wanted
from conformance.entra.job.work import work_on
from conformance.entra.log.model import Event, Status, Step, StepType
from conformance.entra.mapping.flow import sources
from conformance.entra.mapping.model import Schema

MEMBERS: Final = 5
"""Members of a group at once."""
REQUESTS: Final = 5
WINDOW: Final = timedelta(seconds=10)
"""No more than REQUESTS are taken in this time (GRAPH)."""


@dataclass(frozen=True, slots=True)
class OnDemand:
    """What came of it: the events, the last one for references; none where Test Connection failed."""

    events: tuple[Event, ...] = ()
    connection: Connection = field(default_factory=Connection)

    @property
    def ok(self) -> bool:
        """Whether the object was provisioned, or left out for a reason."""
        return self.connection.ok and all(event.status is not Status.FAILURE for event in self.events)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Import, scope, match, action; Test Connection stands among them only where it failed."""
        if not self.connection.ok:
            told = f"{self.connection.message} {self.connection.hint}"
            details = {"ErrorCode": self.connection.code}
            return (Step("TestConnection", StepType.IMPORT, Status.FAILURE, told, details),)
        return tuple(step for event in self.events for step in event.steps)


def provision_on_demand(job: Job, who: str, members: Sequence[str] = ()) -> OnDemand:
    """One user, or one group with at most five of its members, provisioned now; watermark and escrows stay.

    members: which ones, all of a small group if none are named. The compliance flag has no effect here (COMPAT), and
    roles are left out. Raises ProvisioningError for somebody who cannot be picked (unknown, disabled or deleted), and
    for more than five requests in ten seconds.
    """
    found = _picked(job, who)
    chosen = _members(job, found, members)
    now = job.clock.now()
    _take_turn(job.state, now)
    connection = job.test_connection()
    if not connection.ok:
        return OnDemand(connection=connection)
    preparation = job.preparation(now)
    preparation = replace(
        preparation,
        application=_without_roles(job.application),
        dialect=replace(preparation.dialect, flagged=False),
    )
    wanted = Wanted(everything=True) if found.kind is Kind.USER else Wanted(only=True, added=chosen)
    cycle = job.cycle(preparation, work_on(found.kind, found.id, wanted), forced=True, escrowing=False)
    cycle.run()
    return OnDemand(tuple(job.state.events(cycle=cycle.id)))


def _picked(job: Job, who: str) -> SourceObject:
    found = job.source.find(who)
    if found is None:
        raise ProvisioningError(f"{who!r} is nobody's id, userPrincipalName, mail or displayName, or several people's")
    if found.presence is not Presence.PRESENT or not found.enabled:
        raise ProvisioningError(f"{found.name} is disabled or deleted, and cannot be picked for on-demand provisioning")
    if not job.application.schema.objects[found.kind].enabled:
        raise ProvisioningError(f"{found.name} is a {found.kind.lower()}, and the mapping of groups is switched off")
    return found


def _members(job: Job, found: SourceObject, named: Sequence[str]) -> tuple[str, ...]:
    """The ids of the members that are provisioned with a group."""
    if found.kind is Kind.USER:
        if named:
            raise ProvisioningError(f"{found.name} is a user, and has no members")
        return ()
    chosen = dict.fromkeys(_member(job, found, each) for each in named) if named else found.members
    if len(chosen) > MEMBERS:
        right = f"at most {MEMBERS} of them are provisioned on demand; name them with --member"
        raise ProvisioningError(f"{found.name} has {len(found.members)} members; {right}")
    return tuple(chosen)


def _member(job: Job, group: SourceObject, who: str) -> str:
    member = job.source.find(who)
    if member is None or member.id not in group.members:
        raise ProvisioningError(f"{who!r} is no member of {group.name}")
    return member.id


def _take_turn(state: State, now: datetime) -> None:
    told: list[str] = json.loads(state.setting("on-demand") or "[]")
    recent = [moment for moment in told if now - datetime.fromisoformat(moment) < WINDOW]
    if len(recent) >= REQUESTS:
        seconds = WINDOW.seconds
        raise ProvisioningError(f"TooManyRequests: {REQUESTS} requests in {seconds} seconds are taken; wait a little")
    state.set_setting("on-demand", json.dumps([*recent, now.isoformat()]))


def _without_roles(application: Application) -> Application:
    objects = {
        kind: replace(
            mapping,
            attributes=tuple(each for each in mapping.attributes if "appRoleAssignments" not in sources(each)),
        )
        for kind, mapping in application.schema.objects.items()
    }
    return replace(application, schema=Schema(objects))
