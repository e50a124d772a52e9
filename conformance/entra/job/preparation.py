"""From a source object to a task: where it stands, what is to be done, which values would flow."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from conformance.entra.application.model import Application, SyncScope
from conformance.entra.dialect import Dialect
from conformance.entra.directory.model import Change, Kind, SourceObject
from conformance.entra.directory.store import Source
from conformance.entra.expressions import Context, EvaluationError
from conformance.entra.job.decision import Decision, Todo, decide
from conformance.entra.job.model import Link
from conformance.entra.job.standing import Standing, is_active, standing
from conformance.entra.job.state import State
from conformance.entra.job.tasks import Task
from conformance.entra.log.model import Problem, Status, Step, StepType
from conformance.entra.log.problems import problem
from conformance.entra.mapping.flow import mapped, sources
from conformance.entra.mapping.model import AttributeMapping, Flow, ObjectMapping
from conformance.entra.values import Attributes, Redacted, Value
from conformance.entra.wire.reading import text_of
from conformance.entra.wire.shapes import plain

IMPORT_SKIPPED = "ImportSkipped"


@dataclass(frozen=True, slots=True)
class Sight:
    """One object as it is at the moment; found and where are None for one that is gone for good."""

    found: SourceObject | None
    link: Link | None
    where: Standing | None
    attributes: Attributes
    decision: Decision


class Many(Exception):
    """An attribute that takes one value would get several."""


@dataclass(frozen=True, slots=True)
class Preparation:
    """Makes tasks for one cycle; reads source and state, sends nothing.

    scope: who is provisioned; from everybody to those assigned it changes after a restart only (KNOWN). standings:
    where the objects stand that tasks were made for.
    """

    application: Application
    source: Source
    state: State
    scope: SyncScope
    now: datetime
    random: Random
    dialect: Dialect
    standings: dict[str, Standing] = field(default_factory=dict)
    _owners: dict[tuple[Kind, str, str], str] = field(default_factory=dict)

    def decision(self, kind: Kind, id: str) -> Decision:
        """What is to be done with an object."""
        return self._sight(kind, id).decision

    def task(self, kind: Kind, id: str, change: Change | None) -> Task | None:
        """The task for an object; `change` is None for everything. None: nothing is to be done, and nothing to tell."""
        seen = self._sight(kind, id)
        if seen.where is not None:
            self.standings[id] = seen.where
        if seen.decision.todo is Todo.NOTHING:
            return None
        name = seen.found.name if seen.found else id
        bare = Task(id, name, kind, seen.decision, seen.link, _steps(seen, id))
        if seen.found is None or seen.decision.todo is Todo.DELETE:
            return bare
        return self._valued(bare, seen.attributes, change)

    def _sight(self, kind: Kind, id: str) -> Sight:
        mapping, link = self.application.schema.objects[kind], self.state.link(id)
        found, where = self.source.get(id), None
        attributes: Attributes = {}
        if found is not None:
            roles, active = self.source.roles_of(id), is_active(found)
            attributes = self.source.attributes(found, soft_deleted=not active, roles=roles)
            where = standing(found, roles, attributes, mapping=mapping, scope=self.scope, dialect=self.dialect)
            attributes = {**attributes, "IsSoftDeleted": str(where.soft_deleted)}
        skip = self.application.settings.skip_out_of_scope_deletions
        decision = decide(found, link, where, mapping, skip_deletions=skip, dialect=self.dialect)
        return Sight(found, link, where, attributes, decision)

    def _valued(self, bare: Task, attributes: Attributes, change: Change | None) -> Task:
        """The task with the values that would flow, or with what stands against them."""
        mapping = self.application.schema.objects[bare.kind]
        try:
            named = self._matching(mapping, attributes)
            if not named and bare.link is None:
                return _import_skipped(bare)
            bare = replace(bare, reportable=next(iter(named.values()))[1] if named else "")
            if bare.decision.todo is Todo.SKIP:
                return bare
            return self._flowing(replace(bare, matching={t: v for t, (v, _) in named.items()}), attributes, change)
        except EvaluationError as error:
            return replace(bare, problem=problem("InternalError", str(error)))
        except Many as error:
            return replace(bare, problem=problem("SchemaPropertyCanOnlyAcceptValue", str(error)))

    def _flowing(self, bare: Task, attributes: Attributes, change: Change | None) -> Task:
        """The values of a create and of an update; an object that was disabled gets all of them again."""
        mapping = self.application.schema.objects[bare.kind]
        creating = bare.decision.todo is Todo.PROVISION
        known = change if bare.link and not bare.link.disabled else None
        updated = _updated(mapping, bare.decision, known)
        return replace(
            bare,
            created=self._mapped(mapping.attributes, attributes, None) if creating else {},
            updated=self._mapped(updated, attributes, known, creating=False),
            exact=frozenset(each.target for each in mapping.attributes if each.case_exact),
            may_create=Flow.ADD in mapping.flows,
            may_update=Flow.UPDATE in mapping.flows,
            problem=self._taken(bare) if creating else None,
        )

    def _taken(self, task: Task) -> Problem | None:
        """Another source object of this cycle has the first matching value too."""
        target, value = next(iter(task.matching.items()))
        owner = self._owners.setdefault((task.kind, target, value), task.source_id)
        if owner == task.source_id:
            return None
        return problem("DuplicateSourceEntries", f"{owner} of the source has {target} {task.reportable!r} too.")

    def _matching(self, mapping: ObjectMapping, attributes: Attributes) -> dict[str, tuple[str, str]]:
        """Target -> the value to look for, and how the log shows it."""
        values = self._mapped(mapping.matching, attributes, None)
        return {
            target: (str(plain(value)) if isinstance(value, Redacted) else told, told)
            for target, value in values.items()
            if (told := text_of(value))
        }

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
        values = mapped(mappings, context)
        for each in mappings:
            value = values.get(each.target)
            if isinstance(value, tuple) and not each.multi_valued:
                values[each.target] = _only(value, each)
        return values


def _only(value: tuple[Value, ...], mapping: AttributeMapping) -> Value:
    if len(value) > 1:
        raise Many(f"{mapping.target} takes one value, and {mapping.source} gives {len(value)}.")
    return value[0]


def _updated(mapping: ObjectMapping, decision: Decision, change: Change | None) -> list[AttributeMapping]:
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


def _import_skipped(bare: Task) -> Task:
    """Without a matching value nothing else is looked at, scope neither (LOGHOW)."""
    told = f"{bare.kind} {bare.name} was read, and has no value for any matching attribute."
    step = Step("EntryImport", StepType.IMPORT, Status.SKIPPED, told)
    return replace(bare, decision=Decision(Todo.SKIP, IMPORT_SKIPPED), steps=(step,))


def _steps(seen: Sight, id: str) -> tuple[Step, ...]:
    if seen.found is None or seen.where is None:
        told = f"{id} was deleted in the source."
        return (Step("EntryImportDelete", StepType.IMPORT, Status.SUCCESS, told),)
    name = "EntryImportUpdate" if seen.link else "EntryImportAdd"
    imported = Step(name, StepType.IMPORT, Status.SUCCESS, f"{seen.found.kind} {seen.found.name} was read.")
    where = seen.where
    passed = Status.SUCCESS if where.in_scope and where.active else Status.SKIPPED
    told = "It is in scope." if passed is Status.SUCCESS else f"It is left out: {where.skip_reason}."
    return imported, Step("EntrySynchronizationScoping", StepType.SCOPING, passed, told, where.details())
