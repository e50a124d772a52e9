"""The functions of app roles, and the one that only inbound jobs have."""

from __future__ import annotations

from collections.abc import Iterable

from conformance.entra.expressions.arguments import Arguments
from conformance.entra.expressions.context import EvaluationError
from conformance.entra.expressions.functions.declaring import function
from conformance.entra.expressions.tree import Attribute, Call, Complaint
from conformance.entra.values import AppRole, RoleFlow, Roles, Value

ASSIGNMENTS = "appRoleAssignments"
ROLE_FUNCTIONS = frozenset(
    {"SingleAppRoleAssignment", "AppRoleAssignmentsComplex", "AssertiveAppRoleAssignmentsComplex"}
)
"""None of them works while all users and groups are provisioned (MAP)."""


def _assignments_only(call: Call) -> Iterable[Complaint]:
    argument = call.arguments[0]
    if argument != Attribute(ASSIGNMENTS):
        yield Complaint(f"{call.function.name} takes [{ASSIGNMENTS}] and nothing else", argument.column)


def _held(given: Arguments) -> tuple[AppRole, ...]:
    value = given.value(f"[{ASSIGNMENTS}]")
    if value is None:
        return ()
    if not isinstance(value, Roles):
        raise EvaluationError(f"{ASSIGNMENTS} holds no roles")
    return value.roles


@function("SingleAppRoleAssignment", f"[{ASSIGNMENTS}]", check=_assignments_only)
def single(given: Arguments) -> Value:
    """The one role of a user; which of several is undefined, here the first."""
    held = _held(given)
    return Roles(RoleFlow.SINGLE, held[:1]) if held else None


@function("AppRoleAssignmentsComplex", f"[{ASSIGNMENTS}]", check=_assignments_only)
def complex_roles(given: Arguments) -> Value:
    """All roles of a user, added to those of the target."""
    held = _held(given)
    return Roles(RoleFlow.COMPLEX, held) if held else None


@function("AssertiveAppRoleAssignmentsComplex", f"[{ASSIGNMENTS}]", check=_assignments_only, source="MAP")
def assertive_roles(given: Arguments) -> Value:
    """All roles of a user, in place of those of the target."""
    held = _held(given)
    return Roles(RoleFlow.ASSERTIVE, held) if held else None


def _inbound_only(call: Call) -> Iterable[Complaint]:
    told = "SelectUniqueValue works in jobs from Workday, SuccessFactors or the API to Active Directory only"
    yield Complaint(f"{told}; a SCIM application needs a rule whose values are unique by themselves", call.column)


@function("SelectUniqueValue", "uniqueValueRule1", "uniqueValueRule2", repeats=1, check=_inbound_only)
def select_unique_value(given: Arguments) -> Value:
    """The first rule whose value is free in the target; refused here, as only jobs to Active Directory have it."""
    raise EvaluationError(f"{given.call.function.name} is for jobs to Active Directory only")
