"""Where a source object stands: active, assigned, entitled, in scope; what it makes of IsSoftDeleted (HOW, NOUSERS)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conformance.entra.application.model import SyncScope
from conformance.entra.dialect import Dialect
from conformance.entra.directory.model import Kind, Presence, SourceObject
from conformance.entra.directory.store import Source
from conformance.entra.mapping.model import ObjectMapping
from conformance.entra.mapping.scoping import ScopeOutcome, in_scope


@dataclass(frozen=True, slots=True)
class Standing:
    """The answers of the scoping step.

    active: present and enabled. assigned: to the application, or everybody is provisioned. entitled: has a role that
    counts. scope: the scoping filters.
    """

    active: bool
    assigned: bool
    entitled: bool
    scope: ScopeOutcome

    @property
    def in_scope(self) -> bool:
        """Whether the object is to be provisioned, whether or not it is active."""
        return self.assigned and self.entitled and self.scope.passed

    @property
    def soft_deleted(self) -> bool:
        """The computed attribute IsSoftDeleted (MAP)."""
        return not (self.active and self.in_scope)

    @property
    def skip_reason(self) -> str:
        """The reason the log gives for leaving the object out."""
        if not (self.active and self.assigned and self.entitled):
            return "NotEffectivelyEntitled"
        return "" if self.scope.passed else "OutOfScope"

    def details(self) -> Mapping[str, str]:
        """The details of the scoping step, by Graph's keys."""
        told = {
            "IsActive": str(self.active),
            "Assigned": str(self.assigned),
            "IsEffectivelyEntitledForProvisioning": str(self.entitled),
            "ScopeEvaluationResult": str(self.scope.passed),
        }
        for title, clause, held in self.scope.clauses:
            value = f" {clause.value}" if clause.value else ""
            told[f"{title}: {clause.attribute} {clause.operator.value}{value}"] = str(held)
        return told


def standing(
    found: SourceObject, source: Source, mapping: ObjectMapping, scope: SyncScope, dialect: Dialect
) -> Standing:
    """Where an object stands."""
    active = found.presence is Presence.PRESENT and found.enabled
    attributes = source.attributes(found, soft_deleted=not active)
    outcome = in_scope(mapping.scope, attributes)
    if scope is SyncScope.ALL:
        return Standing(active, assigned=True, entitled=True, scope=outcome)
    held = {each.role for each, _ in source.assignments(found.id)}
    counting = held
    if found.kind is Kind.USER and dialect["default-access"] == "left-out":
        counting = held - {role.id for role in source.roles() if role.default_access}
    return Standing(active, assigned=bool(held), entitled=bool(counting), scope=outcome)
