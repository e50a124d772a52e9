"""From a source object to a task: where it stands, what is to be done, which values would flow."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from conformance.entra.application.model import Application, SyncScope
from conformance.entra.dialect import Dialect
from conformance.entra.directory.model import Change, Kind, Presence, SourceObject
from conformance.entra.directory.store import Source
from conformance.entra.expressions import Context, EvaluationError
from conformance.entra.job.decision import Decision, Todo, decide
from conformance.entra.job.standing import Standing, standing
from conformance.entra.job.state import State
from conformance.entra.job.tasks import Task
from conformance.entra.log.model import Status, Step, StepType
from conformance.entra.log.problems import problem
from conformance.entra.mapping.flow import mapped, sources
from conformance.entra.mapping.model import AttributeMapping, Flow, ObjectMapping
from conformance.entra.values import Attributes, Value
from conformance.entra.wire.reading import text_of


@dataclass(frozen=True, slots=True)
class Preparation:
    """Makes tasks for one cycle; reads source and state, sends nothing.

    scope: who is provisioned; a change of the setting counts after a restart only (KNOWN).
    """

    application: Application
    source: Source
    state: State
    scope: SyncScope
    now: datetime
    random: Random
    dialect: Dialect
    standings: dict[str, Standing] = field(default_factory=dict)

    def task(self, kind: Kind, id: str, change: Change | None) -> Task | None:
        """The task for an object; `change` is None for everything. None: nothing is to be done, and nothing to tell."""
        mapping = self.application.schema.objects[kind]
        found, link = self._found(id), self.state.link(id)
        where = self._standing(found, mapping)
        skip = self.application.settings.skip_out_of_scope_deletions
        decision = decide(found, link, where, mapping, skip_deletions=skip)
        if decision.todo is Todo.NOTHING:
            return None
        steps = _steps(found, id, where)
        name = found.name if found else id
        if found is None or where is None or decision.todo in {Todo.SKIP, Todo.DELETE}:
            return Task(id, name, kind, decision, link, steps)
        bare = Task(id, name, kind, decision, link, steps)
        return self._valued(bare, self.source.attributes(found, soft_deleted=where.soft_deleted), mapping, change)

    def _found(self, id: str) -> SourceObject | None:
        return None if self.source.presence(id) is Presence.HARD_DELETED else self.source.get(id)

    def _standing(self, found: SourceObject | None, mapping: ObjectMapping) -> Standing | None:
        if found is None:
            return None
        where = standing(found, self.source, mapping, self.scope, self.dialect)
        self.standings[found.id] = where
        return where

    def _valued(self, bare: Task, attributes: Attributes, mapping: ObjectMapping, change: Change | None) -> Task:
        """The task with the values that would flow; an object that was disabled gets all of them again."""
        flowing = _flowing(mapping, bare.decision, change if bare.link and not bare.link.disabled else None)
        try:
            creating = bare.decision.todo is Todo.PROVISION
            created = self._mapped(mapping.attributes, attributes, None) if creating else {}
            updated = self._mapped(flowing, attributes, change, creating=False)
            matching = self._matching(mapping, attributes)
        except EvaluationError as error:
            return replace(bare, problem=problem("InternalError", str(error)))
        return replace(
            bare,
            matching=matching,
            created=created,
            updated=updated,
            exact=frozenset(each.target for each in mapping.attributes if each.case_exact),
            may_create=Flow.ADD in mapping.flows,
            may_update=Flow.UPDATE in mapping.flows,
        )

    def _matching(self, mapping: ObjectMapping, attributes: Attributes) -> dict[str, str]:
        values = self._mapped(mapping.matching, attributes, None)
        return {target: told for target, value in values.items() if (told := text_of(value))}

    def _mapped(
        self,
        mappings: Collection[AttributeMapping],
        attributes: Attributes,
        change: Change | None,
        *,
        creating: bool = True,
    ) -> dict[str, Value]:
        changed = change.attributes if change else None
        context = Context(attributes, self.now, self.random, changed, creating, self.dialect)
        return mapped(mappings, context)


def _flowing(mapping: ObjectMapping, decision: Decision, change: Change | None) -> list[AttributeMapping]:
    """The mappings of an update: what follows IsSoftDeleted when disabling, else those whose sources changed."""
    if decision.todo is Todo.DISABLE:
        return [each for each in mapping.attributes if "IsSoftDeleted" in sources(each)]
    return [each for each in mapping.attributes if each.flow_always or change is None or _touched(each, change)]


def _touched(mapping: AttributeMapping, change: Change) -> bool:
    read = sources(mapping)
    if change.attributes is None or read & change.attributes:
        return True
    if "IsSoftDeleted" in read and (change.presence or change.assignment):
        return True
    return "appRoleAssignments" in read and change.assignment


def _steps(found: SourceObject | None, id: str, where: Standing | None) -> tuple[Step, ...]:
    if found is None or where is None:
        told = f"{id} was deleted in the source."
        return (Step("EntryImportDelete", StepType.IMPORT, Status.SUCCESS, told),)
    imported = Step("EntryImportAdd", StepType.IMPORT, Status.SUCCESS, f"{found.kind} {found.name} was read.")
    passed = Status.SUCCESS if where.in_scope and where.active else Status.SKIPPED
    told = "It is in scope." if passed is Status.SUCCESS else f"It is left out: {where.skip_reason}."
    return imported, Step("EntrySynchronizationScoping", StepType.SCOPING, passed, told, where.details())
