"""The role shapes of Entra's provisioning service, on any server that has roles."""

from __future__ import annotations

import json

import pytest

from conformance.client import Answer
from conformance.judging import budget, clause, holds
from conformance.population import OMIT, Document, Users
from conformance.suites.roles.forms import APP_ROLE, REQUESTER, TASK, text
from conformance.suites.roles.holder import Holder, make_holder, roles_of

TYPE = "WindowsAzureActiveDirectoryRole"
PATH = 'roles[primary eq "True"].value'


@pytest.fixture(scope="module")
def holder(suite_users: Users) -> Holder:
    """One user for the whole suite."""
    return make_holder(suite_users)


def shows(clause_id: str, answer: Answer, holder: Holder, *, also: str = "") -> bool:
    """Judge that the answer, or a read where it has no body, shows exactly the role, or else `also`."""
    shown = roles_of(answer.resource) if answer.ok and answer.body else holder.role() if answer.ok else []
    expected = f"2xx and the role {TASK}"
    return holds(
        clause_id, shown in ([TASK], [also or TASK]), expected=expected, observed=(answer.status, shown), answer=answer
    )


def element(**parts: object) -> str:
    """The text of a list with one element of Entra's type."""
    return text([{"primary": False, "type": TYPE, **parts}])


def operation(holder: Holder, op: str, path: str, value: object) -> Answer:
    """The answer to one operation."""
    return holder.operations(json.dumps([{"op": op, "path": path, "value": value}]).encode())


def primary_of(resource: Document) -> object:
    """`primary` of the first role."""
    roles = resource.get("roles")
    return roles[0].get("primary") if isinstance(roles, list) and roles and isinstance(roles[0], dict) else None


@clause("ENTRA-3.2-01", "ENTRA-3.2-02", "ENTRA-3.2-03")
def test_the_shapes_of_a_create_are_understood(holder: Holder) -> None:
    """A create with one role in Entra's shapes, or with an empty list, succeeds."""
    shows("ENTRA-3.2-01", holder.post(text([{"primary": True, "type": TYPE, "value": TASK}])), holder)
    shows("ENTRA-3.2-02", holder.post(element(displayName=TASK, value=TASK)), holder)
    empty = holder.post("[]")
    holds("ENTRA-3.2-03", empty.ok, expected="2xx", observed=empty.status, answer=empty)


@clause("ENTRA-3.2-04")
def test_text_inside_value_is_accepted(holder: Holder) -> None:
    """A PATCH whose role is JSON text inside `value` succeeds."""
    words = text({"id": APP_ROLE, "value": TASK, "displayName": TASK})
    shows("ENTRA-3.2-04", holder.patch(text([{"value": words}]), ("Add", "roles")), holder, also=words)


@clause("ENTRA-3.2-05")
@budget(9)
def test_the_primary_path_of_entra_sets_the_role(holder: Holder) -> None:
    """`Add` and `Replace` on the primary path set the role, also if there is none."""
    for op in ("Add", "Replace"):
        holder.reset(REQUESTER)
        bare = Holder(holder.users, holder.users.create(roles=OMIT))
        tries = [(each, operation(each, op, PATH, TASK)) for each in (holder, bare)]
        if not all(shows("ENTRA-3.2-05", answer, owner) for owner, answer in tries):
            return


@clause("ENTRA-3.2-06")
def test_the_assertive_form_replaces_the_list(holder: Holder) -> None:
    """A replace of `roles` leaves the role it names and no other."""
    holder.reset(REQUESTER)
    shows("ENTRA-3.2-06", holder.patch(element(display=TASK, value=TASK), ("replace", "roles")), holder)


@clause("ENTRA-3.2-07")
def test_a_quoted_primary_is_a_boolean(holder: Holder) -> None:
    """`"primary":"True"` is accepted and answered as a boolean."""
    made = holder.post(text([{"primary": "True", "value": TASK}]))
    holder.patch(text([{"primary": "True", "value": TASK}]), ("replace", "roles"))
    found = [primary_of(made.resource if made.ok else {}), primary_of(holder.users.read(holder.user))]
    holds("ENTRA-3.2-07", all(each is True for each in found), expected="true, twice", observed=found, answer=made)
