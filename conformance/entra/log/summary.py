"""Events in the shape of Graph's provisioningObjectSummary (GRAPH, `GET /auditLogs/provisioning`)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final

from conformance.entra.directory.model import Kind
from conformance.entra.log.model import Event, Problem, Step

TARGET_TYPES: Final = {
    Kind.USER: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    Kind.GROUP: "urn:ietf:params:scim:schemas:core:2.0:Group",
}
_SPACE: Final = uuid.UUID("6f1c1a52-6a35-5a45-9f1b-53414d414e41")


@dataclass(frozen=True, slots=True)
class Names:
    """The names and ids that are the same for every event of an application."""

    application: str

    def guid(self, what: str) -> str:
        """An id that is the same for the same application and purpose."""
        return str(uuid.uuid5(_SPACE, f"{self.application}/{what}"))

    @property
    def job(self) -> str:
        """The id of the job: the prefix of the current client, the tenant, the job (COMPAT)."""
        return f"scim.{self.guid('tenant').replace('-', '')}.{self.guid('job')}"


def summary(event: Event, names: Names) -> dict[str, Any]:
    """One provisioningObjectSummary."""
    return {
        "id": event.id,
        "activityDateTime": event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "tenantId": names.guid("tenant"),
        "jobId": names.job,
        "cycleId": event.cycle,
        "changeId": event.change,
        "provisioningAction": event.action.value,
        "durationInMilliseconds": event.duration_ms,
        "initiatedBy": {"id": "", "displayName": "Azure AD Provisioning Service", "initiatorType": "system"},
        "servicePrincipal": {"id": names.guid("principal"), "displayName": names.application},
        "sourceSystem": {"id": names.guid("source"), "displayName": "Azure Active Directory", "details": {}},
        "targetSystem": {
            "id": names.guid("target"),
            "displayName": names.application,
            "details": {
                "ApplicationId": names.guid("application"),
                "ServicePrincipalId": names.guid("principal"),
                "ServicePrincipalDisplayName": names.application,
            },
        },
        "sourceIdentity": _identity(event.source_id, event.source_name, event.kind.value),
        "targetIdentity": _identity(event.target_id, event.target_name, TARGET_TYPES[event.kind]),
        "provisioningStatusInfo": {"status": event.status.value, "errorInformation": _error(event.problem)},
        "provisioningSteps": [_step(step) for step in event.steps],
        "modifiedProperties": [
            {"displayName": each.display_name, "oldValue": each.old, "newValue": each.new} for each in event.modified
        ],
    }


def _identity(id: str, name: str, kind: str) -> Mapping[str, Any]:
    return {"id": id, "displayName": name, "identityType": kind, "details": {}}


def _error(found: Problem | None) -> Mapping[str, Any] | None:
    if found is None:
        return None
    return {
        "errorCode": found.code,
        "reason": found.reason,
        "additionalDetails": found.details or None,
        "errorCategory": found.category,
        "recommendedAction": found.recommended_action,
    }


def _step(step: Step) -> Mapping[str, Any]:
    return {
        "name": step.name,
        "provisioningStepType": step.type.value,
        "status": step.status.value,
        "description": step.description,
        "details": dict(step.details),
    }
