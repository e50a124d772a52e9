"""App roles (MAP)."""

from __future__ import annotations

import pytest

from conformance.entra.errors import ExpressionError
from conformance.entra.expressions import EvaluationError, parse
from conformance.entra.values import AppRole, RoleFlow, Roles
from tests.conformance.entra.expressions.evaluating import value

HELD = (AppRole("1", "planner", "Planner"), AppRole("2", "viewer", "Viewer"))
ASSIGNED = Roles(RoleFlow.COMPLEX, HELD)


@pytest.mark.parametrize(
    ("function", "flow", "roles"),
    [
        ("SingleAppRoleAssignment", RoleFlow.SINGLE, HELD[:1]),
        ("AppRoleAssignmentsComplex", RoleFlow.COMPLEX, HELD),
        ("AssertiveAppRoleAssignmentsComplex", RoleFlow.ASSERTIVE, HELD),
    ],
)
def test_role_functions_give_roles(function: str, flow: RoleFlow, roles: tuple[AppRole, ...]) -> None:
    expression = f"{function}([appRoleAssignments])"
    assert value(expression, appRoleAssignments=ASSIGNED) == Roles(flow, roles)
    assert value(expression) is None
    assert parse(expression).attributes == {"appRoleAssignments"}


def test_the_single_role_is_a_name_for_other_functions() -> None:
    expression = 'Switch(SingleAppRoleAssignment([appRoleAssignments]),"Requester","planner","Administrator")'
    assert value(expression, appRoleAssignments=ASSIGNED) == "Administrator"
    assert value(expression) == "Requester"


def test_several_roles_are_no_name() -> None:
    with pytest.raises(EvaluationError, match="ToLower: source has several values"):
        value("ToLower(AppRoleAssignmentsComplex([appRoleAssignments]))", appRoleAssignments=ASSIGNED)


@pytest.mark.parametrize("argument", ["[department]", '"Planner"', "Coalesce([appRoleAssignments])"])
def test_role_functions_take_the_assignments_and_nothing_else(argument: str) -> None:
    with pytest.raises(ExpressionError, match=r"takes \[appRoleAssignments\] and nothing else, in column 25"):
        parse(f"SingleAppRoleAssignment({argument})")


def test_what_is_no_role_is_an_error_of_the_object() -> None:
    with pytest.raises(EvaluationError, match="SingleAppRoleAssignment: appRoleAssignments holds no roles"):
        value("SingleAppRoleAssignment([appRoleAssignments])", appRoleAssignments="planner")


def test_select_unique_value_is_for_active_directory_only() -> None:
    with pytest.raises(ExpressionError, match=r"SelectUniqueValue works in jobs from Workday.*, in column 1"):
        parse('SelectUniqueValue([mail],"x")')
    with pytest.raises(ExpressionError, match="takes 2 arguments or more, not 1"):
        parse("SelectUniqueValue([mail])")
