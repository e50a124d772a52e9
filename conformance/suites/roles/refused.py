"""Forms that name no role, or more than one: each is refused, and nothing changes."""

from __future__ import annotations

import pytest

from conformance.judging import budget, clause, holds
from conformance.population import Users
from conformance.suites.roles import forms
from conformance.suites.roles.forms import EXACT, REFUSED, REQUESTER, text
from conformance.suites.roles.holder import Holder, make_holder, refuses_role, stays_harmless


@pytest.fixture(scope="module")
def holder(suite_users: Users) -> Holder:
    """One user for the whole suite."""
    return make_holder(suite_users)


@clause("SAM-ROLE-32")
@budget(6)
def test_different_roles_are_refused_on_create(holder: Holder) -> None:
    """Different roles in a POST are refused."""
    refuses_role("SAM-ROLE-32", holder.post, forms.DIFFERENT, holder)


@clause("SAM-ROLE-33")
@budget(6)
def test_different_roles_are_refused_on_replace(holder: Holder) -> None:
    """Different roles in a PUT are refused."""
    refuses_role("SAM-ROLE-33", holder.put, forms.DIFFERENT, holder)


@clause("SAM-ROLE-34")
@budget(6)
def test_different_roles_are_refused_on_patch(holder: Holder) -> None:
    """Different roles in a PATCH are refused."""
    refuses_role("SAM-ROLE-34", holder.patch, forms.DIFFERENT, holder)


@clause("SAM-ROLE-35")
@budget(7)
def test_disagreeing_keys_are_refused_on_create(holder: Holder) -> None:
    """Keys that disagree in a POST are refused."""
    refuses_role("SAM-ROLE-35", holder.post, forms.DISAGREEING, holder)


@clause("SAM-ROLE-36")
@budget(7)
def test_disagreeing_keys_are_refused_on_replace(holder: Holder) -> None:
    """Keys that disagree in a PUT are refused."""
    refuses_role("SAM-ROLE-36", holder.put, forms.DISAGREEING, holder)


@clause("SAM-ROLE-37")
@budget(7)
def test_disagreeing_keys_are_refused_on_patch(holder: Holder) -> None:
    """Keys that disagree in a PATCH are refused."""
    refuses_role("SAM-ROLE-37", holder.patch, forms.DISAGREEING, holder)


@clause("SAM-ROLE-38")
@budget(8)
def test_an_unknown_role_is_refused_on_create(holder: Holder) -> None:
    """A role the account does not have in a POST is refused."""
    refuses_role("SAM-ROLE-38", holder.post, forms.UNKNOWN, holder)


@clause("SAM-ROLE-39")
@budget(8)
def test_an_unknown_role_is_refused_on_replace(holder: Holder) -> None:
    """A role the account does not have in a PUT is refused."""
    refuses_role("SAM-ROLE-39", holder.put, forms.UNKNOWN, holder)


@clause("SAM-ROLE-40")
@budget(8)
def test_an_unknown_role_is_refused_on_patch(holder: Holder) -> None:
    """A role the account does not have in a PATCH is refused."""
    refuses_role("SAM-ROLE-40", holder.patch, forms.UNKNOWN, holder)


@clause("SAM-ROLE-41")
@budget(9)
def test_unreadable_text_is_refused_on_create(holder: Holder) -> None:
    """Unreadable JSON text in a POST is refused."""
    refuses_role("SAM-ROLE-41", holder.post, forms.UNREADABLE, holder)


@clause("SAM-ROLE-42")
@budget(9)
def test_unreadable_text_is_refused_on_replace(holder: Holder) -> None:
    """Unreadable JSON text in a PUT is refused."""
    refuses_role("SAM-ROLE-42", holder.put, forms.UNREADABLE, holder)


@clause("SAM-ROLE-43")
@budget(9)
def test_unreadable_text_is_refused_on_patch(holder: Holder) -> None:
    """Unreadable JSON text in a PATCH is refused."""
    refuses_role("SAM-ROLE-43", holder.patch, forms.UNREADABLE, holder)


@clause("SAM-ROLE-44")
@budget(5)
def test_doubly_encoded_text_is_refused_on_create(holder: Holder) -> None:
    """Doubly encoded text in a POST is refused."""
    refuses_role("SAM-ROLE-44", holder.post, forms.DOUBLY_ENCODED, holder)


@clause("SAM-ROLE-45")
@budget(5)
def test_doubly_encoded_text_is_refused_on_replace(holder: Holder) -> None:
    """Doubly encoded text in a PUT is refused."""
    refuses_role("SAM-ROLE-45", holder.put, forms.DOUBLY_ENCODED, holder)


@clause("SAM-ROLE-46")
@budget(5)
def test_doubly_encoded_text_is_refused_on_patch(holder: Holder) -> None:
    """Doubly encoded text in a PATCH is refused."""
    refuses_role("SAM-ROLE-46", holder.patch, forms.DOUBLY_ENCODED, holder)


@clause("SAM-ROLE-47")
@budget(7)
def test_duplicate_keys_are_refused_on_create(holder: Holder) -> None:
    """Duplicate keys in a POST are refused."""
    refuses_role("SAM-ROLE-47", holder.post, forms.DUPLICATE_KEYS, holder)


@clause("SAM-ROLE-48")
@budget(7)
def test_duplicate_keys_are_refused_on_replace(holder: Holder) -> None:
    """Duplicate keys in a PUT are refused."""
    refuses_role("SAM-ROLE-48", holder.put, forms.DUPLICATE_KEYS, holder)


@clause("SAM-ROLE-49")
@budget(7)
def test_duplicate_keys_are_refused_on_patch(holder: Holder) -> None:
    """Duplicate keys in a PATCH are refused."""
    refuses_role("SAM-ROLE-49", holder.patch, forms.DUPLICATE_KEYS, holder)


@clause("SAM-ROLE-50")
@budget(8)
def test_a_nameless_object_is_refused_on_create(holder: Holder) -> None:
    """An object without a name in a POST is refused."""
    refuses_role("SAM-ROLE-50", holder.post, forms.NAMELESS, holder)


@clause("SAM-ROLE-51")
@budget(8)
def test_a_nameless_object_is_refused_on_replace(holder: Holder) -> None:
    """An object without a name in a PUT is refused."""
    refuses_role("SAM-ROLE-51", holder.put, forms.NAMELESS, holder)


@clause("SAM-ROLE-52")
@budget(8)
def test_a_nameless_object_is_refused_on_patch(holder: Holder) -> None:
    """An object without a name in a PATCH is refused."""
    refuses_role("SAM-ROLE-52", holder.patch, forms.NAMELESS, holder)


@clause("SAM-ROLE-53")
@budget(9)
def test_another_type_is_refused_on_create(holder: Holder) -> None:
    """Another JSON type in a POST is refused."""
    refuses_role("SAM-ROLE-53", holder.post, forms.OTHER_TYPES, holder)


@clause("SAM-ROLE-54")
@budget(9)
def test_another_type_is_refused_on_replace(holder: Holder) -> None:
    """Another JSON type in a PUT is refused."""
    refuses_role("SAM-ROLE-54", holder.put, forms.OTHER_TYPES, holder)


@clause("SAM-ROLE-55")
@budget(9)
def test_another_type_is_refused_on_patch(holder: Holder) -> None:
    """Another JSON type in a PATCH is refused."""
    refuses_role("SAM-ROLE-55", holder.patch, forms.OTHER_TYPES, holder)


@clause("SAM-ROLE-26")
@budget(7)
def test_role_names_are_exact(holder: Holder) -> None:
    """A role name in another case, or with blanks around it, is refused."""
    refuses_role("SAM-ROLE-26", holder.post, [text({"displayName": name}) for name in EXACT], holder)


@clause("SAM-ROLE-56")
@budget(37)
def test_no_malformed_role_becomes_a_powerful_one(holder: Holder) -> None:
    """No form that is not understood makes anybody Administrator or Service Agent User."""
    holder.reset(REQUESTER)
    stays_harmless("SAM-ROLE-56", [holder.post(value) for values in REFUSED.values() for value in values])


@clause("SAM-ROLE-57")
def test_the_refusal_shows_the_right_form(holder: Holder) -> None:
    """The refusal quotes what was wrong and shows the right form."""
    answer = holder.post(text({"displayName": "Superuser"}))
    detail = str((answer.error or {}).get("detail", ""))
    told = "Superuser" in detail and "displayName" in detail
    holds("SAM-ROLE-57", told, expected="a detail with Superuser and displayName", observed=detail, answer=answer)
