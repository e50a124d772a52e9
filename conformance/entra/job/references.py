"""The second pass: which managers and members are to be written, once everybody is linked (HOW, KNOWN)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from conformance.entra.directory.model import Kind
from conformance.entra.directory.store import Source
from conformance.entra.job.model import Link, Pending
from conformance.entra.job.standing import Standing
from conformance.entra.job.state import State
from conformance.entra.job.tasks import Outcome, Seen, Wanted


@dataclass(frozen=True, slots=True)
class Pair:
    """A referenced source object and its target resource."""

    source_id: str
    target_id: str


@dataclass(frozen=True, slots=True)
class ReferenceTask:
    """References of one resource: a manager, None to take it away, or members that come and go.

    had: the manager that was seen before, None where it is not known. waiting: source ids of members, or of the
    manager, that are in scope and not there yet because they failed.
    """

    source_id: str
    name: str
    kind: Kind
    link: Link
    manager: Pair | None = None
    had: str | None = None
    added: tuple[Pair, ...] = ()
    removed: tuple[Pair, ...] = ()
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class References:
    """Finds the references that are to be written; reads source and state, sends nothing.

    standings: where the objects of this cycle stand, which their links do not tell after a failure.
    """

    source: Source
    state: State
    standings: Mapping[str, Standing] = field(default_factory=dict)

    def task(self, kind: Kind, id: str, wanted: Wanted, seen: Seen) -> ReferenceTask | None:
        """The references of an object that are to be written; `seen` is what came of it in this cycle.

        An object that is not linked or not in scope has none.
        """
        link, found = self.state.link(id), self.source.get(id)
        if link is None or found is None or not self._in(link):
            return None
        bare = ReferenceTask(id, found.name, kind, link, had=seen.manager)
        if kind is Kind.USER:
            return self._of_user(bare, found.manager, wanted, fresh=seen.fresh)
        return self._of_group(bare, found.members, wanted, fresh=seen.fresh)

    def _of_user(self, bare: ReferenceTask, manager_id: str, wanted: Wanted, *, fresh: bool) -> ReferenceTask | None:
        """The manager, in a full cycle, or when it changed or the user is new.

        One that is not there waits for a restart (KNOWN), unless it failed. That there is none is told only where it
        changed, since no value is provisioned otherwise (MAP).
        """
        if not (wanted.everything or wanted.manager or fresh):
            return None
        if not manager_id:
            return bare if wanted.manager and bare.had != "" else None
        other = self.state.link(manager_id)
        if other is None:
            return replace(bare, waiting=(manager_id,)) if self.state.escrow(manager_id) else None
        if bare.had == other.target_id:
            return None
        return replace(bare, manager=Pair(manager_id, other.target_id))

    def _of_group(
        self, bare: ReferenceTask, members: Iterable[str], wanted: Wanted, *, fresh: bool
    ) -> ReferenceTask | None:
        """The members that come or go: all that differ in a full cycle or a new group, else those that changed."""
        held, has = self.state.exported(bare.source_id), dict.fromkeys(members)
        if wanted.everything or (fresh and not wanted.only):
            came, went = [each for each in has if each not in held], sorted(held.keys() - has.keys())
        else:
            came = [each for each in wanted.added if each in has and each not in held]
            went = [each for each in wanted.removed if each not in has and each in held]
        links = {each: self.state.link(each) for each in (has if went else came)}
        there = {each: Pair(each, one.target_id) for each, one in links.items() if one is not None and self._in(one)}
        stays = {one.target_id for one in links.values() if one is not None} if went else set()
        added = tuple(there[each] for each in came if each in there)
        waiting = tuple(each for each in came if each not in there and self.state.escrow(each))
        removed = tuple(Pair(each, held[each]) for each in went if held[each] not in stays)
        if not (added or removed or waiting):
            return None
        return replace(bare, added=added, removed=removed, waiting=waiting)

    def _in(self, link: Link) -> bool:
        """Whether an object is in scope, also where it just left and the target does not know yet."""
        where = self.standings.get(link.source_id)
        return link.in_scope and (where is None or not where.soft_deleted)


@dataclass(slots=True)
class ReferenceOutcome:
    """What came of it; `added` and `removed` are the source ids of members whose request succeeded."""

    task: ReferenceTask
    outcome: Outcome
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    @property
    def pending(self) -> Pending:
        """What is still to do."""
        task = self.task
        if task.kind is Kind.USER:
            return Pending(manager=self.outcome.failed)
        added = [each.source_id for each in task.added if each.source_id not in {*self.added}]
        removed = [each.source_id for each in task.removed if each.source_id not in {*self.removed}]
        return Pending(added=(*added, *task.waiting), removed=tuple(removed))
