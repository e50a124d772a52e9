"""The provisioning job: when a cycle runs, what a restart forgets, what puts it into quarantine (HOW, QUAR, GRAPH)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Final

from conformance.entra.application.connection import Connection, check_connection
from conformance.entra.application.model import Application
from conformance.entra.clock import Clock
from conformance.entra.directory.store import Source
from conformance.entra.errors import ProvisioningError
from conformance.entra.job import quarantine as rules
from conformance.entra.job.book import Book
from conformance.entra.job.configured import notice, scope_of
from conformance.entra.job.cycle import Cycle, OnProgress
from conformance.entra.job.exports import Claims, Exporter
from conformance.entra.job.model import Counts, CycleKind, CycleResult, Quarantine, ResetScope
from conformance.entra.job.preparation import Preparation
from conformance.entra.job.reference_exports import ReferenceExporter
from conformance.entra.job.state import State
from conformance.entra.job.work import Work, work_of
from conformance.entra.log.model import AuditEvent
from conformance.entra.wire.model import Channel

PORTAL: Final = frozenset({ResetScope.QUARANTINE_STATE, ResetScope.WATERMARK, ResetScope.ESCROWS})
"""What the restart button forgets; links are kept (HOW)."""
PRUNED: Final = "escrows-pruned"
"""The setting that remembers that an initial cycle met the error threshold."""
FORCED: Final = "force-deletes"
"""The setting that lets staged deletions through in the next cycle."""
Notify = Callable[[str, str, datetime], None]


@dataclass(slots=True)
class Job:
    """One job of one application; everything it knows is in its state, so that a new object goes on where it was.

    base: the tenant URL, for references that carry one. notify: told subject, text and moment of a mail.
    """

    application: Application
    source: Source
    state: State
    channel: Channel
    clock: Clock
    random: Random = field(default_factory=Random)
    base: str = ""
    notify: Notify | None = None
    on_progress: OnProgress | None = None

    def test_connection(self) -> Connection:
        """How Test Connection goes."""
        return check_connection(self.application, self.channel, self.random)

    def start(self) -> None:
        """The job runs, or goes on; the quarantine is over."""
        with self.state.database.transaction():
            self.state.set_status("Active")
            self.state.set_quarantine(None)
            self._audit("Enable/start provisioning")

    def pause(self) -> None:
        """No cycle begins until the job is started; what it knows is kept."""
        with self.state.database.transaction():
            self.state.set_status("Paused")
            self._audit("Disable/pause provisioning")

    def restart(self, scopes: Iterable[ResetScope] = ()) -> None:
        """The job forgets what the scopes name, the portal's if there is none, and runs."""
        wanted = frozenset(scopes) or PORTAL
        if ResetScope.FULL in wanted:
            wanted |= {*PORTAL, ResetScope.CONNECTOR_DATA_STORE}
        with self.state.database.transaction():
            self._forget(wanted)
            self.state.set_status("Active")
            self.state.set_setting("scope", self.application.scope)
            self._audit("Enable/restart provisioning", resetScope=", ".join(sorted(wanted)))

    def due(self) -> datetime | None:
        """The moment of the next cycle, the past for at once; None while paused, disabled or switched off.

        In quarantine it is the next retry, or the moment at which the job is disabled.
        """
        if self.state.status in {"Paused", "Disabled"} or not self.application.enabled:
            return None
        found = self.state.quarantine
        if found is not None:
            return min(found.next_attempt, rules.end(found, self.application.settings.quarantine))
        last = self.state.cycles(1)
        return last[0].began + self.application.settings.interval if last else self.clock.now()

    def run_cycle(self) -> CycleResult | None:
        """The end of one cycle that ran now; None while the job is paused, disabled, or waits in quarantine."""
        now, before = self.clock.now(), self.state.quarantine
        if self.state.status in {"Paused", "Disabled"} or not self.application.enabled:
            return None
        if before is not None and now >= rules.end(before, self.application.settings.quarantine):
            self._disable(before)
            return None
        if before is not None and now < before.next_attempt:
            return None
        if self.state.status == "NotRun":
            self.start()
        notice(self.application, self.state, now)
        return self._cycle(now, before)

    def _cycle(self, now: datetime, before: Quarantine | None) -> CycleResult:
        forced = self.state.setting(FORCED) is not None
        preparation = self.preparation(now)
        position = self.source.position()
        work = work_of(preparation, forced=forced)
        if before is not None and before.reason != rules.TOO_MANY_DELETES:
            connection = self.test_connection()
            if not connection.ok:
                return self._refused(now, before, work.kind, connection)
        cycle = self.cycle(preparation, work, forced=forced)
        cycle.run()
        return self._ended(cycle, position, before)

    def cycle(self, preparation: Preparation, work: Work, *, forced: bool, escrowing: bool = True) -> Cycle:
        """A cycle that does this work; escrowing: failures are tried again later."""
        exporter = Exporter(self.channel, preparation.dialect, Claims(self.state))
        batch = self.application.settings.batch
        references = ReferenceExporter(self.channel, preparation.dialect, self.base, batch, exporter.stopped)
        book = Book(preparation, self.random, escrowing)
        return Cycle(book, exporter, references, work, forced, self.on_progress)

    def preparation(self, now: datetime) -> Preparation:
        """What reads source and state for this moment."""
        scope, dialect = scope_of(self.application, self.state), self.application.dialect
        return Preparation(self.application, self.source, self.state, scope, now, self.random, dialect)

    def _ended(self, cycle: Cycle, position: int, before: Quarantine | None) -> CycleResult:
        counts, problem = cycle.counts, cycle.stopped_by
        state = "Failed" if problem else "EntryLevelErrors" if counts.failed or counts.reference_failed else "Succeeded"
        error = f"{problem.code}: {problem.reason}" if problem else ""
        began = cycle.book.preparation.now
        result = CycleResult(cycle.id, cycle.work.kind, began, self.clock.now(), state, counts, error)
        with self.state.database.transaction():
            self.state.add_cycle(result)
            if problem is None:
                self.state.set_watermark(position)
                self.state.set_setting(FORCED, None)
                self.state.set_setting("scope", cycle.book.preparation.scope)
            self._quarantine(cycle, before)
        return result

    def _quarantine(self, cycle: Cycle, before: Quarantine | None) -> None:
        """The job goes into quarantine, stays there, or leaves it, by what the cycle met."""
        problem, settings = cycle.stopped_by, self.application.settings
        if problem:
            self._set_quarantine(rules.CREDENTIALS, problem.code, problem.reason, before)
            return
        reason, message = rules.reason_of(cycle.counts, settings.quarantine), ""
        if reason and cycle.work.kind is CycleKind.INITIAL:
            self.state.set_setting(PRUNED, "true")
            self.state.prune_escrows()
        if not reason and (staged := len(self.state.staged())):
            reason = rules.TOO_MANY_DELETES
            message = f"{staged} deletions are staged; allow them, or mend the cause and restart."
        elif reason:
            message = f"{cycle.counts.failed} objects and {cycle.counts.reference_failed} references failed."
        self._set_quarantine(reason, reason, message, before)

    def _set_quarantine(self, reason: str, code: str, message: str, before: Quarantine | None) -> None:
        now, dialect = self.clock.now(), self.application.dialect
        if not reason:
            if before is not None:
                self.state.set_quarantine(None)
                self._audit("Quarantine", state="lifted")
            return
        if before is None:
            found = rules.begin(reason, now, dialect, code=code, message=message)
        else:
            found = rules.again(before, reason, now, dialect, code=code, message=message)
        self.state.set_quarantine(found)
        if before is None or before.reason != reason:
            self._audit("Quarantine", reason=reason, error=code)
            self._mail(f"Provisioning of {self.application.name} is in quarantine", f"{reason}\n{code}: {message}")

    def _refused(self, now: datetime, before: Quarantine, kind: CycleKind, found: Connection) -> CycleResult:
        guid = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        result = CycleResult(guid, kind, now, self.clock.now(), "Failed", Counts(), found.message)
        with self.state.database.transaction():
            self.state.add_cycle(result)
            self._set_quarantine(rules.CREDENTIALS, found.code, found.message, before)
        return result

    def _disable(self, found: Quarantine) -> None:
        with self.state.database.transaction():
            self.state.set_status("Disabled")
            self._audit("Disable/pause provisioning", reason=found.reason)
        days = self.application.settings.quarantine.disabled_after.days
        self._mail(f"Provisioning of {self.application.name} is disabled", f"It was in quarantine for {days} days.")

    def _forget(self, scopes: frozenset[ResetScope]) -> None:
        if ResetScope.CONNECTOR_DATA_STORE in scopes:
            self.state.drop_links()
            self.state.forget_exported()
        if ResetScope.ESCROWS in scopes:
            self.state.drop_escrows()
        if ResetScope.WATERMARK in scopes:
            self.state.set_watermark(None)
            self.state.set_setting(PRUNED, None)
        if scopes & {ResetScope.QUARANTINE_STATE, ResetScope.FORCE_DELETES}:
            self.state.set_quarantine(None)
        self.state.set_setting(FORCED, "true" if ResetScope.FORCE_DELETES in scopes else None)

    def _audit(self, activity: str, **details: str) -> None:
        self.state.add_audit(AuditEvent(self.clock.now(), activity, details))

    def _mail(self, subject: str, text: str) -> None:
        if self.notify is not None:
            self.notify(subject, text, self.clock.now())


def known_scopes(text: str) -> frozenset[ResetScope]:
    """The reset scopes of a comma-separated list; raises ProvisioningError for an unknown one."""
    try:
        return frozenset(ResetScope(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise ProvisioningError(f"{error}; a reset scope is {', '.join(ResetScope)}") from error
