"""What is sent for one object, as data: made in the thread that reads the source, done in any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from conformance.entra.directory.model import Kind
from conformance.entra.job.decision import Decision
from conformance.entra.job.model import Link
from conformance.entra.log.model import Action, ModifiedProperty, Problem, Status, Step
from conformance.entra.values import Value


@dataclass(frozen=True, slots=True)
class Task:
    """One object with what was decided about it.

    matching: target attribute -> value, by precedence. created, updated: target -> mapped value. exact: targets whose
    case counts. problem: found while the values were made, so that nothing is sent.
    """

    source_id: str
    name: str
    kind: Kind
    decision: Decision
    link: Link | None
    steps: tuple[Step, ...] = ()
    matching: Mapping[str, str] = field(default_factory=dict)
    created: Mapping[str, Value] = field(default_factory=dict)
    updated: Mapping[str, Value] = field(default_factory=dict)
    exact: frozenset[str] = frozenset()
    may_create: bool = True
    may_update: bool = True
    problem: Problem | None = None


@dataclass(slots=True)
class Outcome:
    """What came of a task, filled while it is done.

    target_id: of the resource it is linked to from now on, "" for none. deleted: the link is to be dropped. manager:
    the target id of the manager the resource has, None where it was not read. exchanges: one object per request.
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
    def writes(self) -> int:
        """How many requests could change something."""
        return sum(each["method"] != "GET" for each in self.exchanges)
