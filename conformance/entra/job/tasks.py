"""What is sent for one object, as data: made in the thread that reads the source, done in any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from conformance.entra.directory.model import Change, Kind
from conformance.entra.job.decision import Decision
from conformance.entra.job.model import Link, Pending
from conformance.entra.log.model import Action, ModifiedProperty, Problem, Status, Step
from conformance.entra.values import Value


@dataclass(frozen=True, slots=True)
class Task:
    """One object with what was decided about it.

    matching: target attribute -> value, by precedence. reportable: what the log calls it by. created, updated: target
    -> mapped value. exact: targets whose case counts. problem: found while the values were made, so that nothing is
    sent.
    """

    source_id: str
    name: str
    kind: Kind
    decision: Decision
    link: Link | None
    steps: tuple[Step, ...] = ()
    matching: Mapping[str, str] = field(default_factory=dict)
    reportable: str = ""
    created: Mapping[str, Value] = field(default_factory=dict)
    updated: Mapping[str, Value] = field(default_factory=dict)
    exact: frozenset[str] = frozenset()
    may_create: bool = True
    may_update: bool = True
    problem: Problem | None = None


@dataclass(slots=True)
class Outcome:
    """What came of a task, filled while it is done.

    target_id: of the resource it is linked to from now on, "" for none. deleted: the link is to be dropped. fresh: it
    was linked now. manager: the target id of the manager the resource has, None where it was not read. exchanges: one
    object per request.
    """

    task: Task
    action: Action = Action.OTHER
    status: Status = Status.SUCCESS
    steps: list[Step] = field(default_factory=list)
    target_id: str = ""
    target_name: str = ""
    deleted: bool = False
    fresh: bool = False
    manager: str | None = None
    modified: list[ModifiedProperty] = field(default_factory=list)
    skip_reason: str = ""
    problem: Problem | None = None
    exchanges: list[Mapping[str, object]] = field(default_factory=list)
    duration_ms: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether it is to be tried again; a skipped import names a problem too, and is not."""
        return self.status is Status.FAILURE

    @property
    def writes(self) -> int:
        """How many requests could change something."""
        return sum(each["method"] != "GET" for each in self.exchanges)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the second pass of a cycle knows of the first: whether the object was linked now, and the manager it has."""

    fresh: bool = False
    manager: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which references of an object are looked at in a cycle: all of them, or those that changed or failed.

    only: no others, also where the object is new.
    """

    everything: bool = False
    only: bool = False
    manager: bool = False
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @classmethod
    def of(cls, change: Change) -> Wanted:
        """Those that a change is about."""
        return cls(manager=change.manager, added=change.members_added, removed=change.members_removed)

    def also(self, pending: Pending) -> Wanted:
        """These and what is still to do from earlier."""
        return replace(
            self,
            manager=self.manager or pending.manager,
            added=tuple(dict.fromkeys((*self.added, *pending.added))),
            removed=tuple(dict.fromkeys((*self.removed, *pending.removed))),
        )
