"""On-demand provisioning: one object at once, with what each step found (POD)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from conformance.entra.directory.model import Kind, Presence, SourceObject
from conformance.entra.errors import ProvisioningError
from conformance.entra.job.cycle import Cycle, Work
from conformance.entra.job.engine import Job
from conformance.entra.job.exports import Claims, Exporter
from conformance.entra.job.model import CycleKind
from conformance.entra.job.references import ReferenceExporter
from conformance.entra.log.model import Event, Step

MEMBERS: Final = 5


@dataclass(frozen=True, slots=True)
class OnDemand:
    """What came of it: the events, the last one for references; the steps of all of them in order."""

    events: tuple[Event, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """Import, scope, match, action; Test Connection stands among them only where it failed."""
        return tuple(step for event in self.events for step in event.steps)


def provision_on_demand(job: Job, who: str) -> OnDemand:
    """One user, or one group of at most five members, provisioned now; watermark and escrows stay as they are.

    Raises ProvisioningError for somebody who cannot be picked: unknown, disabled or deleted. The compliance flag has no
    effect here (COMPAT), and neither have roles.
    """
    found = _picked(job, who)
    connection = job.test_connection()
    if not connection.ok:
        raise ProvisioningError(f"Test Connection failed: {connection.message} {connection.hint}")
    now = job.clock.now()
    dialect = replace(job.application.dialect, flagged=False)
    preparation = replace(job.preparation(now), dialect=dialect)
    items = {found.kind: {found.id: None}}
    watermark = job.state.watermark
    cycle = Cycle(
        preparation,
        Exporter(job.channel, dialect, Claims(job.state)),
        ReferenceExporter(job.channel, dialect, job.base, job.application.settings.batch),
        Work(CycleKind.INCREMENTAL, items, items),
        now,
        job.random,
        forced=True,
    )
    cycle.run()
    job.state.set_watermark(watermark)
    return OnDemand(tuple(job.state.events(cycle=cycle.id)))


def _picked(job: Job, who: str) -> SourceObject:
    found = job.source.find(who)
    if found is None:
        raise ProvisioningError(f"{who!r} is nobody's id, userPrincipalName, mail or displayName, or several people's")
    if found.presence is not Presence.PRESENT or not found.enabled:
        raise ProvisioningError(f"{found.name} is disabled or deleted, and cannot be picked for on-demand provisioning")
    if found.kind is Kind.GROUP and len(found.members) > MEMBERS:
        raise ProvisioningError(
            f"{found.name} has {len(found.members)} members; on demand at most {MEMBERS} are allowed"
        )
    return found
