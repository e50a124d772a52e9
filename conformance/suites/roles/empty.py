"""No role, an empty role, and the paths that select one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.judging import budget, clause, holds
from conformance.population import OMIT, Users
from conformance.suites.roles.forms import EMPTY, POWERFUL, REQUESTER, TASK
from conformance.suites.roles.holder import Holder, make_holder, roles_of, sets_role

PRIMARY = 'roles[primary eq "True"]'


@pytest.fixture(scope="module")
def holder(suite_users: Users) -> Holder:
    """One user for the whole suite."""
    return make_holder(suite_users)


@pytest.fixture(scope="module")
def default(holder: Holder) -> str:
    """The role of a user that is created without one."""
    return " and ".join(roles_of(holder.users.create(roles=OMIT)))


def path_write(holder: Holder, op: str, path: str, value: object) -> list[str]:
    """The roles after one operation, or its status where it was refused."""
    answer = holder.operations(json.dumps([{"op": op, "path": path, "value": value}]).encode())
    return holder.role() if answer.ok else [str(answer.status)]


@clause("SAM-ROLE-01")
def test_a_user_without_roles_gets_the_default(holder: Holder) -> None:
    """A user created without roles has one role, and it is no powerful one."""
    found = roles_of(holder.users.create(roles=OMIT))
    harmless = len(found) == 1 and not set(found) & POWERFUL
    holds("SAM-ROLE-01", harmless, expected="one role without power", observed=found, harm=bool(set(found) & POWERFUL))


@clause("SAM-ROLE-02")
def test_a_put_without_roles_keeps_the_role(holder: Holder) -> None:
    """A PUT that does not mention roles leaves the role as it was."""
    holder.reset(TASK)
    answer = holder.put_without()
    holds("SAM-ROLE-02", answer.ok and holder.role() == [TASK], expected=f"2xx and {TASK}", observed=answer.body[:200])


@clause("SAM-ROLE-03")
@budget(6)
def test_empty_roles_on_create_mean_the_default(holder: Holder, default: str) -> None:
    """null, an empty list, an empty text or an empty value give a new user the default role."""
    sets_role("SAM-ROLE-03", holder.post, EMPTY, holder, default)


@clause("SAM-ROLE-04")
@budget(11)
def test_empty_roles_in_a_put_reset_the_role(holder: Holder, default: str) -> None:
    """null, an empty list, an empty text or an empty value in a PUT reset the role."""
    for value in EMPTY:
        holder.reset(TASK)
        sets_role("SAM-ROLE-04", holder.put, [value], holder, default)


@clause("SAM-ROLE-05")
@budget(11)
def test_empty_roles_in_a_patch_reset_the_role(holder: Holder, default: str) -> None:
    """null, an empty list, an empty text or an empty value in a PATCH reset the role."""
    for value in EMPTY:
        holder.reset(TASK)
        sets_role("SAM-ROLE-05", holder.patch, [value], holder, default)


@clause("SAM-ROLE-06")
@budget(10)
def test_removing_roles_resets_the_role(holder: Holder, default: str) -> None:
    """Removing roles, by each of its paths, resets the role."""
    for path in ("roles", PRIMARY, f'roles[value eq "{TASK}"]'):
        holder.reset(TASK)
        answer = holder.operations(json.dumps([{"op": "remove", "path": path}]).encode())
        found = holder.role()
        if not holds(
            "SAM-ROLE-06",
            answer.ok and found == [default],
            expected=f"2xx and {default}",
            observed=(path, found),
            answer=answer,
        ):
            return


@clause("SAM-ROLE-22")
@budget(13)
def test_the_primary_path_sets_the_role(holder: Holder) -> None:
    """`roles[primary eq "True"].value` sets the role, its constant quoted or not."""
    for number, path in enumerate((f"{PRIMARY}.value", "roles[primary eq true].value") * 2):
        holder.reset(REQUESTER)
        found = path_write(holder, "Add" if number < 2 else "Replace", path, TASK)
        if not holds("SAM-ROLE-22", found == [TASK], expected=f"2xx and {TASK}", observed=(path, found)):
            return


@clause("SAM-ROLE-23")
@budget(13)
def test_other_paths_of_the_element_set_the_role(holder: Holder) -> None:
    """`.display`, `.displayName` and `roles.value` set the role, and all keys agree afterwards."""
    for path in (f"{PRIMARY}.display", f"{PRIMARY}.displayName", "roles.value"):
        holder.reset(REQUESTER)
        found = path_write(holder, "replace", path, TASK)
        shown = json.dumps(holder.users.read(holder.user).get("roles"))
        agrees = found == [TASK] and REQUESTER not in shown
        if not holds("SAM-ROLE-23", agrees, expected=f"2xx and {TASK} in every key", observed=(path, found, shown)):
            return


@clause("SAM-ROLE-61")
@budget(7)
def test_the_primary_path_works_without_a_primary(holder: Holder) -> None:
    """The primary path sets the role of a user that was created without roles."""
    for op in ("add", "replace"):
        fresh = Holder(holder.users, holder.users.create(roles=OMIT))
        found = path_write(fresh, op, f"{PRIMARY}.value", TASK)
        if not holds("SAM-ROLE-61", found == [TASK], expected=f"2xx and {TASK}", observed=(op, found)):
            return


@clause("SAM-ROLE-58", "SAM-ROLE-59")
@budget(5)
def test_a_role_is_answered_in_one_form(holder: Holder) -> None:
    """A role is one element with value, display and primary, and /Schemas lists the names."""
    made = holder.users.create(roles=[{"displayName": TASK}])
    listed = holder.users.client.query("/Users", f'userName eq "{made["userName"]}"').resources[0]
    wanted = [{"value": TASK, "display": TASK, "primary": True}]
    shown = [_core(each.get("roles")) for each in (made, holder.users.read(made), listed)]
    holds("SAM-ROLE-58", shown == [wanted] * 3, expected=str(wanted), observed=shown)
    attributes: list[dict[str, Any]] = holder.users.client.get(
        "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User"
    ).resource["attributes"]
    roles: dict[str, Any] = next((each for each in attributes if each.get("name") == "roles"), {})
    names = next(
        (each.get("canonicalValues") for each in roles.get("subAttributes", []) if each.get("name") == "value"), None
    )
    complete = isinstance(names, list) and {TASK, REQUESTER} | POWERFUL <= set(names)
    holds("SAM-ROLE-59", complete, expected="the built-in four among canonicalValues", observed=names)


def _core(roles: object) -> list[dict[str, object]]:
    elements = [each for each in roles if isinstance(each, dict)] if isinstance(roles, list) else []
    return [{key: element.get(key) for key in ("value", "display", "primary")} for element in elements]
