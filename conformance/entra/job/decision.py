"""What is to be done with one source object, decided before anything is sent (HOW, ACC, SKIP)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from conformance.entra.dialect import Dialect
from conformance.entra.directory.model import Kind, Presence, SourceObject
from conformance.entra.job.model import Link
from conformance.entra.job.standing import Standing
from conformance.entra.mapping.model import Flow, ObjectMapping


class Todo(StrEnum):
    """The request that follows, or none."""

    PROVISION = "provision"
    """match, then create or update"""
    UPDATE = "update"
    DISABLE = "disable"
    DELETE = "delete"
    SKIP = "skip"
    NOTHING = "nothing"
    """not even an event"""


DELETIONS = frozenset({Todo.DISABLE, Todo.DELETE})


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done, and the reason where nothing is."""

    todo: Todo
    reason: str = ""

    @property
    def skipped(self) -> bool:
        """Whether nothing is sent."""
        return self.todo is Todo.SKIP

    @property
    def counts_as_deletion(self) -> bool:
        """Whether it counts for the accidental-deletion threshold (ACC)."""
        return self.todo in DELETIONS


def decide(
    found: SourceObject | None,
    link: Link | None,
    where: Standing | None,
    mapping: ObjectMapping,
    *,
    skip_deletions: bool,
    dialect: Dialect,
) -> Decision:
    """The decision; `found` is None for an object that is gone for good, `where` is its standing else."""
    if found is None or where is None:
        return _gone(link, mapping, unmanaged=dialect["unassigned-deletion"] == "deleted")
    disabled = where.in_scope and found.presence is Presence.PRESENT and not found.enabled
    if link is None:
        return _unlinked(where, mapping, welcome=disabled and dialect["disabled-users"] == "created")
    if where.in_scope and where.active:
        return Decision(Todo.UPDATE) if Flow.UPDATE in mapping.flows else Decision(Todo.SKIP, "UpdateNotEnabled")
    if not where.in_scope and skip_deletions:
        return Decision(Todo.SKIP, "SkipOutOfScopeDeletions")
    if link.disabled:
        return Decision(Todo.SKIP, where.skip_reason)
    return _leaving(found, mapping, where)


def _gone(link: Link | None, mapping: ObjectMapping, *, unmanaged: bool) -> Decision:
    """A hard deletion is sent; but not for an object that was unassigned before, unless the unmanaged go too."""
    if link is None or not (link.managed or unmanaged):
        return Decision(Todo.NOTHING)
    return Decision(Todo.DELETE) if Flow.DELETE in mapping.flows else Decision(Todo.SKIP, "DeleteNotEnabled")


def _unlinked(where: Standing, mapping: ObjectMapping, *, welcome: bool) -> Decision:
    """Who is there, or is welcome all the same, is provisioned."""
    if where.soft_deleted and not welcome:
        return Decision(Todo.SKIP, where.skip_reason)
    return Decision(Todo.PROVISION) if mapping.flows & {Flow.ADD, Flow.UPDATE} else Decision(Todo.SKIP, "AddNotEnabled")


def _leaving(found: SourceObject, mapping: ObjectMapping, where: Standing) -> Decision:
    """Groups, and users of a target that cannot disable, are deleted; others are disabled."""
    if found.kind is Kind.GROUP or not mapping.soft_delete:
        return Decision(Todo.DELETE) if Flow.DELETE in mapping.flows else Decision(Todo.SKIP, "DeleteNotEnabled")
    if not mapping.maps_soft_deletion:
        return Decision(Todo.SKIP, where.skip_reason)
    if Flow.UPDATE not in mapping.flows:
        return Decision(Todo.SKIP, "UpdateNotEnabled")
    return Decision(Todo.DISABLE)
