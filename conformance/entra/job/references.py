"""The second pass: managers and members, once everybody is linked (HOW)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from conformance.entra.dialect import Dialect
from conformance.entra.directory.model import Change, Kind
from conformance.entra.directory.store import Source
from conformance.entra.job.decision import Decision, Todo
from conformance.entra.job.exports import Failed, send
from conformance.entra.job.model import Link
from conformance.entra.job.state import State
from conformance.entra.job.tasks import Outcome, Task
from conformance.entra.log.model import Action, ModifiedProperty, Status, Step, StepType
from conformance.entra.log.problems import of_answer, of_silence
from conformance.entra.wire import groups, manager, queries
from conformance.entra.wire.model import Channel, NoAnswer, Request

MANAGER: Final = "manager"
MEMBERS: Final = "members"


@dataclass(frozen=True, slots=True)
class Pair:
    """A referenced source object and its target resource."""

    source_id: str
    target_id: str


@dataclass(frozen=True, slots=True)
class ReferenceTask:
    """References of one resource: a manager, None to take it away, or members that come and go.

    waiting: source ids of members, or the manager, that are in scope and not there yet because they failed. change:
    whether the resource shows another manager.
    """

    source_id: str
    name: str
    kind: Kind
    link: Link
    manager: Pair | None = None
    added: tuple[Pair, ...] = ()
    removed: tuple[Pair, ...] = ()
    waiting: tuple[str, ...] = ()
    change: bool = False


@dataclass(slots=True)
class ReferenceOutcome:
    """What came of it; `added` and `removed` are the source ids of members whose request succeeded."""

    task: ReferenceTask
    outcome: Outcome
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class References:
    """Finds the references that are to be written; reads source and state, sends nothing."""

    source: Source
    state: State
    dialect: Dialect

    def of_user(self, id: str, change: Change | None, seen: Outcome | None) -> ReferenceTask | None:
        """The manager of a user, if it is to be written: in a full cycle, or when it changed, or the user is new.

        seen: what came of the user in this cycle. A manager without a link waits for a restart, unless it failed.
        """
        link, found = self.state.link(id), self.source.get(id)
        if link is None or found is None or not link.in_scope:
            return None
        if change is not None and not change.manager and not (seen and seen.fresh):
            return None
        if not found.manager:
            cleared = change is not None and change.manager and not (seen and seen.fresh)
            return ReferenceTask(id, found.name, Kind.USER, link) if cleared else None
        other = self.state.link(found.manager)
        if other is None:
            waiting = (found.manager,) if self.state.escrow(found.manager) else ()
            return ReferenceTask(id, found.name, Kind.USER, link, waiting=waiting) if waiting else None
        if seen is not None and seen.manager == other.target_id:
            return None
        pair = Pair(found.manager, other.target_id)
        return ReferenceTask(id, found.name, Kind.USER, link, pair, change=bool(seen and seen.manager))

    def of_group(self, id: str, change: Change | None, *, fresh: bool) -> ReferenceTask | None:
        """The members of a group that come or go: all that differ in a full cycle, else those that changed."""
        link, found = self.state.link(id), self.source.get(id)
        if link is None or found is None or not link.in_scope:
            return None
        held = self.state.exported(id)
        if change is None or fresh:
            came, went = found.members, held - set(found.members)
        else:
            came, went = change.members_added, set(change.members_removed) & held
        links = {each: self.state.link(each) for each in came if each not in held}
        added = tuple(Pair(each, one.target_id) for each, one in links.items() if one is not None and one.in_scope)
        waiting = tuple(each for each, one in links.items() if one is None and self.state.escrow(each))
        gone = [(each, self.state.link(each)) for each in sorted(went)]
        removed = tuple(Pair(each, one.target_id) for each, one in gone if one is not None)
        if not (added or removed or waiting):
            return None
        return ReferenceTask(id, found.name, Kind.GROUP, link, added=added, removed=removed, waiting=waiting)


@dataclass(frozen=True, slots=True)
class ReferenceExporter:
    """Writes references; one for all threads of a cycle."""

    channel: Channel
    dialect: Dialect
    base: str = ""
    batch: int = groups.BATCH

    def do(self, task: ReferenceTask) -> ReferenceOutcome:
        """What came of it; it never raises for what the target does."""
        bare = Task(task.source_id, task.name, task.kind, Decision(Todo.UPDATE), task.link)
        found = ReferenceOutcome(task, Outcome(bare, Action.UPDATE, target_id=task.link.target_id))
        try:
            self._manager(task, found) if task.kind is Kind.USER else self._members(task, found)
        except Failed as failure:
            found.outcome.status, found.outcome.problem = Status.FAILURE, failure.problem
        except NoAnswer as silence:
            found.outcome.status, found.outcome.problem = Status.FAILURE, of_silence(silence)
        found.outcome.steps.append(_step(found.outcome))
        return found

    def _manager(self, task: ReferenceTask, found: ReferenceOutcome) -> None:
        if task.waiting:
            return
        wanted = task.manager.target_id if task.manager else None
        if wanted is not None and self._has(task, MANAGER, wanted, found):
            return
        target_id = task.link.target_id
        request = manager.set_manager(target_id, wanted, self.dialect, base=self.base, change=task.change)
        self._write(request, "Setting the manager", found)
        found.outcome.modified.append(ModifiedProperty(MANAGER, None, wanted))

    def _members(self, task: ReferenceTask, found: ReferenceOutcome) -> None:
        for some in _batches(task.added, self.batch):
            new = [each for each in some if not self._has(task, MEMBERS, each.target_id, found)]
            ids = [each.target_id for each in new]
            for request in groups.add_members(task.link.target_id, ids, self.dialect, batch=self.batch):
                self._write(request, "Adding members", found)
            found.added += [each.source_id for each in some]
            found.outcome.modified += [ModifiedProperty(MEMBERS, None, each) for each in ids]
        for some in _batches(task.removed, self.batch):
            ids = [each.target_id for each in some]
            for request in groups.remove_members(task.link.target_id, ids, self.dialect, batch=self.batch):
                self._write(request, "Removing members", found)
            found.removed += [each.source_id for each in some]
            found.outcome.modified += [ModifiedProperty(MEMBERS, each, None) for each in ids]

    def _has(self, task: ReferenceTask, attribute: str, target_id: str, found: ReferenceOutcome) -> bool:
        """Whether the target says that the reference is there already, where it is asked at all."""
        if self.dialect["reference-check"] == "off":
            return False
        asked = queries.has_reference(task.kind, task.link.target_id, attribute, target_id, self.dialect)
        answer = send(self.channel, asked, found.outcome)
        return answer.ok and answer.json is not None and answer.json.get("totalResults") == 1

    def _write(self, request: Request, what: str, found: ReferenceOutcome) -> None:
        answer = send(self.channel, request, found.outcome)
        if not answer.ok:
            raise Failed(of_answer(answer, what))


def pending(task: ReferenceTask) -> Mapping[str, object]:
    """What an escrow remembers of references that failed or wait."""
    return {"references": True, "waiting": list(task.waiting)}


def _step(outcome: Outcome) -> Step:
    told = outcome.problem.reason if outcome.problem else f"{len(outcome.modified)} references were written."
    return Step("EntryExportUpdate", StepType.REFERENCE, outcome.status, told)


def _batches(pairs: Sequence[Pair], size: int) -> Iterator[Sequence[Pair]]:
    return (pairs[at : at + size] for at in range(0, len(pairs), size))


def in_order(tasks: Iterable[ReferenceTask | None]) -> Iterator[ReferenceTask]:
    """Those that are tasks."""
    return (each for each in tasks if each is not None)
