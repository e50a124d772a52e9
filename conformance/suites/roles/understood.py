"""Forms that name a role."""

from __future__ import annotations

import pytest

from conformance.judging import budget, clause, holds
from conformance.population import Users
from conformance.suites.roles import forms
from conformance.suites.roles.forms import AGENT, BUILT_IN, REQUESTER, TASK, text
from conformance.suites.roles.holder import Holder, make_holder, sets_role


@pytest.fixture(scope="module")
def holder(suite_users: Users) -> Holder:
    """One user for the whole suite."""
    return make_holder(suite_users)


@clause("SAM-ROLE-07")
def test_the_documented_form_is_understood_on_create(holder: Holder) -> None:
    """An object with displayName sets the role of a new user."""
    sets_role("SAM-ROLE-07", holder.post, forms.documented(TASK), holder)


@clause("SAM-ROLE-08")
def test_the_documented_form_is_understood_on_replace(holder: Holder) -> None:
    """An object with displayName sets the role by PUT."""
    sets_role("SAM-ROLE-08", holder.put, forms.documented(TASK), holder)


@clause("SAM-ROLE-09")
@budget(5)
def test_the_documented_form_is_understood_on_patch(holder: Holder) -> None:
    """An object with displayName sets the role by PATCH, with and without path."""
    sets_role("SAM-ROLE-09", holder.patch, forms.documented(TASK) * 4, holder)


@clause("SAM-ROLE-10")
def test_json_text_is_understood_on_create(holder: Holder) -> None:
    """The documented form as JSON text sets the role of a new user."""
    sets_role("SAM-ROLE-10", holder.post, forms.as_text(TASK), holder)


@clause("SAM-ROLE-11")
def test_json_text_is_understood_on_replace(holder: Holder) -> None:
    """The documented form as JSON text sets the role by PUT."""
    sets_role("SAM-ROLE-11", holder.put, forms.as_text(TASK), holder)


@clause("SAM-ROLE-12")
@budget(5)
def test_json_text_is_understood_on_patch(holder: Holder) -> None:
    """The documented form as JSON text sets the role by PATCH."""
    sets_role("SAM-ROLE-12", holder.patch, forms.as_text(TASK) * 2, holder)


@clause("SAM-ROLE-13")
def test_a_list_is_understood_on_create(holder: Holder) -> None:
    """A list with one element sets the role of a new user."""
    sets_role("SAM-ROLE-13", holder.post, forms.as_list(TASK), holder)


@clause("SAM-ROLE-14")
def test_a_list_is_understood_on_replace(holder: Holder) -> None:
    """A list with one element sets the role by PUT."""
    sets_role("SAM-ROLE-14", holder.put, forms.as_list(TASK), holder)


@clause("SAM-ROLE-15")
@budget(5)
def test_a_list_is_understood_on_patch(holder: Holder) -> None:
    """A list with one element sets the role by PATCH."""
    sets_role("SAM-ROLE-15", holder.patch, forms.as_list(TASK) * 4, holder)


@clause("SAM-ROLE-16")
@budget(6)
def test_each_key_is_understood_on_create(holder: Holder) -> None:
    """`value`, `display` and `displayName`, in any case, name the role of a new user."""
    sets_role("SAM-ROLE-16", holder.post, forms.by_key(TASK), holder)


@clause("SAM-ROLE-17")
@budget(6)
def test_each_key_is_understood_on_replace(holder: Holder) -> None:
    """`value`, `display` and `displayName`, in any case, name the role in a PUT."""
    sets_role("SAM-ROLE-17", holder.put, forms.by_key(TASK), holder)


@clause("SAM-ROLE-18")
@budget(6)
def test_each_key_is_understood_on_patch(holder: Holder) -> None:
    """`value`, `display` and `displayName`, in any case, name the role in a PATCH."""
    sets_role("SAM-ROLE-18", holder.patch, forms.by_key(TASK), holder)


@clause("SAM-ROLE-19")
def test_text_inside_value_is_understood_on_create(holder: Holder) -> None:
    """JSON text inside `value` names the role of a new user."""
    sets_role("SAM-ROLE-19", holder.post, forms.inside_value(TASK), holder)


@clause("SAM-ROLE-20")
def test_text_inside_value_is_understood_on_replace(holder: Holder) -> None:
    """JSON text inside `value` names the role in a PUT."""
    sets_role("SAM-ROLE-20", holder.put, forms.inside_value(TASK), holder)


@clause("SAM-ROLE-21")
@budget(5)
def test_text_inside_value_is_understood_on_patch(holder: Holder) -> None:
    """JSON text inside `value`, Entra's habit, names the role in a PATCH."""
    sets_role("SAM-ROLE-21", holder.patch, forms.inside_value(TASK) * 4, holder)


@clause("SAM-ROLE-24")
@budget(5)
def test_extras_beside_the_name_are_ignored(holder: Holder) -> None:
    """`id`, `type` and `primary` beside the name have no effect."""
    for write in (holder.post, holder.put, holder.patch):
        sets_role("SAM-ROLE-24", write, forms.with_extras(TASK), holder)
    shown = holder.users.read(holder.user).get("roles")
    kept = [key for element in shown or [] for key in forms.EXTRA_KEYS if key in element]
    holds("SAM-ROLE-24", not kept, expected="neither id nor type in the answer", observed=shown)


@clause("SAM-ROLE-25")
@budget(5)
def test_the_built_in_roles_are_known(holder: Holder) -> None:
    """The four built-in role names are understood."""
    for role in BUILT_IN:
        sets_role("SAM-ROLE-25", holder.post, forms.documented(role), holder, role)


@clause("SAM-ROLE-27")
def test_adding_a_role_replaces_the_one_there_is(holder: Holder) -> None:
    """A PATCH that adds another role leaves exactly that one."""
    holder.reset(AGENT)
    sets_role(
        "SAM-ROLE-27", lambda value: holder.patch(value, ("add", "roles")), [text([{"value": TASK}])], holder, TASK
    )


@clause("SAM-ROLE-28")
@budget(6)
def test_the_present_role_again_changes_nothing(holder: Holder) -> None:
    """Setting the role a user has moves neither lastModified nor the ETag."""
    holder.reset(TASK)
    before = holder.users.read(holder.user)
    answers = [holder.patch(text([{"displayName": TASK}]), (op, "roles")) for op in ("add", "replace")]
    same = all(answer.ok for answer in answers) and holder.users.read(holder.user) == before
    holds("SAM-ROLE-28", same, expected="2xx, the user as before", observed=[answer.status for answer in answers])


@clause("SAM-ROLE-29")
def test_one_role_named_twice_counts_once_on_create(holder: Holder) -> None:
    """Several elements or keys that name one role count as one in a POST."""
    sets_role("SAM-ROLE-29", holder.post, forms.several_same(TASK), holder)


@clause("SAM-ROLE-30")
def test_one_role_named_twice_counts_once_on_replace(holder: Holder) -> None:
    """Several elements or keys that name one role count as one in a PUT."""
    sets_role("SAM-ROLE-30", holder.put, forms.several_same(TASK), holder)


@clause("SAM-ROLE-31")
def test_one_role_named_twice_counts_once_on_patch(holder: Holder) -> None:
    """Several elements or keys that name one role count as one in a PATCH."""
    sets_role("SAM-ROLE-31", holder.patch, forms.several_same(TASK), holder)


@clause("SAM-ROLE-60")
@budget(6)
def test_users_are_found_by_their_role(holder: Holder) -> None:
    """A filter on the role finds exactly the users that have it."""
    made = holder.users.create(roles=[{"value": TASK}])
    other = holder.users.create(roles=[{"value": REQUESTER}])
    spellings = ('roles.value eq "{}"', 'roles[value eq "{}"]', 'roles[primary eq true and value eq "{}"]')
    fence = f'(userName eq "{made["userName"]}" or userName eq "{other["userName"]}")'
    queries = [holder.users.client.query("/Users", f"{each.format(TASK)} and {fence}") for each in spellings]
    found = [[entry["id"] for entry in answer.resources] for answer in queries]
    holds("SAM-ROLE-60", found == [[made["id"]]] * 3, expected=f"only {made['id']}, three times", observed=found)
