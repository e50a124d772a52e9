"""Where a source object stands: active, assigned, entitled, in scope; what it makes of IsSoftDeleted (HOW, NOUSERS)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from conformance.entra.application.model import SyncScope
from conformance.entra.dialect import Dialect
from conformance.entra.directory.model import Presence, SourceObject
from conformance.entra.mapping.model import ObjectMapping
from conformance.entra.mapping.scoping import ScopeOutcome, in_scope
from conformance.entra.values import AppRole, Attributes


@dataclass(frozen=True, slots=True)
class Standing:
    """The answers of the scoping step.

    active: present and enabled. assigned: to the application, or everybody is provisioned (`everyone`). entitled: has a
    role that counts. scope: the scoping filters.
    """

    active: bool
    assigned: bool
    entitled: bool
    scope: ScopeOutcome
    everyone: bool = False

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
        """The details of the scoping step: Graph's keys, whether everybody is provisioned, each condition (POD)."""
        told = {
            "IsActive": str(self.active),
            "Assigned": str(self.assigned),
            "IsEffectivelyEntitledForProvisioning": str(self.entitled),
            "IsInProvisioningScopeDisplayName": str(self.in_scope),
            "ScopeEvaluationResult": str(self.scope.passed),
            "SyncAll": str(self.everyone),
        }
        for title, clause, held in self.scope.clauses:
            value = f" {clause.value}" if clause.value else ""
            told[f"{title}: {clause.attribute} {clause.operator.value}{value}"] = str(held)
        return told


def is_active(found: SourceObject) -> bool:
    """Whether an object is there and enabled."""
    return found.presence is Presence.PRESENT and found.enabled


def standing(
    found: SourceObject,
    roles: Collection[AppRole],
    attributes: Attributes,
    *,
    mapping: ObjectMapping,
    scope: SyncScope,
    dialect: Dialect,
) -> Standing:
    """Where an object stands that is assigned to these roles and has these attributes.

    Default Access entitles nobody, neither a user nor a group (TUTORIAL), unless the switch says so (NOUSERS); a group
    has to be security-enabled (HOW).
    """
    outcome = in_scope(mapping.scope, attributes)
    if scope is SyncScope.ALL:
        return Standing(is_active(found), assigned=True, entitled=True, scope=outcome, everyone=True)
    counting = [role for role in roles if not role.default_access or dialect["default-access"] == "any-role"]
    secure = found.gives_assignments or found.presence is not Presence.PRESENT
    return Standing(is_active(found), assigned=bool(roles), entitled=bool(counting) and secure, scope=outcome)
