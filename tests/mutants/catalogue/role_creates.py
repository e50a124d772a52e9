"""Defects in reading the role of a new user, and in Entra's ways to set one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mock_samanage.tenant import users
from mock_samanage.tenant.role_patch import RolePatch
from mock_samanage.tenant.roles import RoleRules
from tests.mutants.answers import Json
from tests.mutants.mutant import Defect, mutant

POWERFUL = "Administrator"


def _assigned(defect: Defect, sent: Callable[[Any, str | None], object]) -> None:
    """Reads `roles` of a POST or PUT as something else: `sent` gets it, and the role of a user who is there."""

    def assign(document: Json, rules: RoleRules, kept: str | None = None) -> None:
        if "roles" in document:
            document["roles"] = sent(document["roles"], kept)
        old(document, rules, kept)

    old = defect.replace(users, "assign", assign)


@mutant(
    clauses=("SAM-ROLE-13",),
    trips={
        "roles.a_list_is_understood_on_create",
        "roles.a_role_is_answered_in_one_form",
    },
    only="displayName in lists of new users",
)
def a_list_gives_a_new_user_no_role(defect: Defect) -> None:
    """A POST with a list whose element has displayName alone gives the default role."""
    _assigned(defect, lambda raw, kept: None if kept is None and _is_list_with_a_name(raw) else raw)


def _is_list_with_a_name(raw: Any) -> bool:
    return isinstance(raw, list) and len(raw) == 1 and isinstance(raw[0], dict) and {*raw[0]} == {"displayName"}


@mutant(clauses=("SAM-ROLE-14",), trips={"roles.a_list_is_understood_on_replace"}, only="displayName in lists of PUT")
def a_list_in_a_put_resets_the_role(defect: Defect) -> None:
    """A PUT with a list whose element has displayName alone gives the default role."""

    def sent(raw: Any, kept: str | None) -> object:
        return None if kept is not None and _is_list_with_a_name(raw) else raw

    _assigned(defect, sent)


@mutant(
    clauses=("SAM-ROLE-10",),
    trips={
        "roles.an_unknown_role_is_refused_on_create",
        "roles.disagreeing_keys_are_refused_on_create",
        "roles.doubly_encoded_text_is_refused_on_create",
        "roles.duplicate_keys_are_refused_on_create",
        "roles.json_text_is_understood_on_create",
        "roles.unreadable_text_is_refused_on_create",
    },
    only="JSON text of new users",
)
def role_text_gives_a_new_user_no_role(defect: Defect) -> None:
    """A POST with a role as JSON text gives the default role."""
    _assigned(defect, lambda raw, kept: None if kept is None and isinstance(raw, str) else raw)


@mutant(
    clauses=("SAM-ROLE-19",),
    trips={
        "roles.an_unknown_role_is_refused_on_create",
        "roles.disagreeing_keys_are_refused_on_create",
        "roles.duplicate_keys_are_refused_on_create",
        "roles.text_inside_value_is_understood_on_create",
    },
    only="new users",
)
def text_inside_value_gives_a_new_user_no_role(defect: Defect) -> None:
    """A POST with JSON text inside `value` gives the default role."""

    def sent(raw: Any, kept: str | None) -> object:
        inside = isinstance(raw, list) and any(isinstance(each, dict) and _is_text(each.get("value")) for each in raw)
        return None if kept is None and inside else raw

    _assigned(defect, sent)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.lstrip().startswith("{")


@mutant(
    clauses=("SAM-ROLE-56",),
    trips={
        "roles.an_unknown_role_is_refused_on_create",
        "roles.an_unknown_role_is_refused_on_patch",
        "roles.an_unknown_role_is_refused_on_replace",
        "roles.another_type_is_refused_on_create",
        "roles.another_type_is_refused_on_patch",
        "roles.another_type_is_refused_on_replace",
        "roles.different_roles_are_refused_on_create",
        "roles.different_roles_are_refused_on_patch",
        "roles.different_roles_are_refused_on_replace",
        "roles.disagreeing_keys_are_refused_on_create",
        "roles.disagreeing_keys_are_refused_on_patch",
        "roles.disagreeing_keys_are_refused_on_replace",
        "roles.doubly_encoded_text_is_refused_on_create",
        "roles.doubly_encoded_text_is_refused_on_patch",
        "roles.doubly_encoded_text_is_refused_on_replace",
        "roles.duplicate_keys_are_refused_on_create",
        "roles.duplicate_keys_are_refused_on_patch",
        "roles.duplicate_keys_are_refused_on_replace",
        "roles.no_malformed_role_becomes_a_powerful_one",
        "roles.no_mutated_role_becomes_a_powerful_one",
        "roles.unreadable_text_is_refused_on_create",
        "roles.unreadable_text_is_refused_on_patch",
        "roles.unreadable_text_is_refused_on_replace",
    },
    only="names that are not understood",
)
def a_garbled_role_is_an_administrator(defect: Defect) -> None:
    """A role of a new user that is not understood and holds the word in capitals or small letters is Administrator."""

    def read(self: RoleRules, raw: object) -> str | None:
        try:
            found: str | None = old(self, raw)
        except Exception:
            if POWERFUL.lower() in str(raw).lower():
                return POWERFUL
            raise
        return found

    old = defect.replace(RoleRules, "read", read)


@mutant(
    clauses=("SAM-ROLE-21",),
    trips={
        "provisioning.another_role_takes_the_place_of_the_first",
        "roles.an_unknown_role_is_refused_on_patch",
        "roles.disagreeing_keys_are_refused_on_patch",
        "roles.doubly_encoded_text_is_refused_on_patch",
        "roles.duplicate_keys_are_refused_on_patch",
        "roles.text_inside_value_is_understood_on_patch",
    },
    only="PATCH with JSON text inside value",
)
def a_patch_with_text_inside_value_is_passed_over(defect: Defect) -> None:
    """A PATCH whose role is JSON text inside `value` succeeds and sets nothing."""
    _passed_over(defect, lambda change: isinstance(change.value, list) and '"{' in str(change.value).replace("'", '"'))


def _passed_over(defect: Defect, chosen: Callable[[Any], bool]) -> None:
    def interpret(self: RolePatch, change: Any) -> object:
        return change.current if chosen(change) else old(self, change)

    old = defect.replace(RolePatch, "interpret", interpret)


@mutant(
    clauses=("SAM-ROLE-22", "SAM-ROLE-61"),
    trips={
        "provisioning.another_role_takes_the_place_of_the_first",
        "roles.other_paths_of_the_element_set_the_role",
        "roles.the_primary_path_sets_the_role",
        "roles.the_primary_path_works_without_a_primary",
    },
    only="the path of the primary value",
)
def the_primary_role_is_not_set_by_its_path(defect: Defect) -> None:
    """A PATCH of `roles[primary eq "True"].value` succeeds and sets nothing."""
    _passed_over(defect, lambda change: change.sub is not None and change.filter is not None)


@mutant(
    clauses=("SAM-ROLE-24",),
    trips={
        "roles.different_roles_are_refused_on_patch",
        "roles.extras_beside_the_name_are_ignored",
    },
    only="elements that are not primary",
)
def what_is_not_primary_is_no_role(defect: Defect) -> None:
    """A PATCH replace by an element with `primary` false succeeds and sets nothing."""

    def chosen(change: Any) -> bool:
        listed = change.value if isinstance(change.value, list) else []
        return any(isinstance(each, dict) and each.get("primary") is False for each in listed)

    _passed_over(defect, chosen)
