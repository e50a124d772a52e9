"""Defects in reading the forms of a role that are understood."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mock_samanage.scim import patch
from mock_samanage.scim.dialect import Dialect
from mock_samanage.scim.opaque import Change
from mock_samanage.store import Record, Session
from mock_samanage.tenant import role_patch, roles, users
from mock_samanage.tenant.role_patch import RolePatch
from mock_samanage.tenant.roles import NAME_KEYS, RoleRules, canonical
from mock_samanage.tenant.users import Users
from tests.mutants.answers import Json
from tests.mutants.mutant import Defect, mutant

LICENSED = "Service Agent User"


@mutant(
    clauses=("SAM-ROLE-16", "SAM-ROLE-17", "SAM-ROLE-18"),
    trips={
        "roles.duplicate_keys_are_refused_on_create",
        "roles.duplicate_keys_are_refused_on_patch",
        "roles.duplicate_keys_are_refused_on_replace",
        "roles.each_key_is_understood_on_create",
        "roles.each_key_is_understood_on_patch",
        "roles.each_key_is_understood_on_replace",
    },
    only="keys in another case",
)
def the_keys_of_a_role_are_exact(defect: Defect) -> None:
    """A key that names a role counts only as `value`, `display` or `displayName`, letter by letter."""

    def read(self: RoleRules, element: Mapping[str, Any], *, text: bool) -> str | None:
        exact = {key: value for key, value in element.items() if key in {"value", "display", "displayName"}}
        found: str | None = old(self, exact, text=text)
        return found

    old = defect.replace(RoleRules, "_object", read)


@mutant(
    clauses=("SAM-ROLE-12",),
    trips={
        "roles.doubly_encoded_text_is_refused_on_patch",
        "roles.json_text_is_understood_on_patch",
        "roles.unreadable_text_is_refused_on_patch",
    },
    only="PATCH without a path",
)
def role_text_without_a_path_is_passed_over(defect: Defect) -> None:
    """A PATCH without a path does not look at a role given as JSON text."""

    def apply(self: Any, op: str, key: str, value: object, plain: str | None = None) -> None:
        if not (key.lower() == "roles" and isinstance(value, str) and value):
            old(self, op, key, value, plain)

    old = defect.replace(patch._Patching, "_apply_key", apply)


def _interpreted(defect: Defect, pass_over: Any) -> None:
    """Lets the operations that `pass_over` chooses leave the role as it is."""

    def interpret(self: RolePatch, change: Change) -> object:
        return change.current if pass_over(change) else old(self, change)

    old = defect.replace(RolePatch, "interpret", interpret)


@mutant(
    clauses=("SAM-ROLE-27",),
    trips={
        "roles.a_list_is_understood_on_patch",
        "roles.adding_a_role_replaces_the_one_there_is",
        "roles.each_key_is_understood_on_patch",
        "roles.empty_roles_in_a_patch_reset_the_role",
        "roles.json_text_is_understood_on_patch",
        "roles.one_role_named_twice_counts_once_on_patch",
        "roles.text_inside_value_is_understood_on_patch",
        "roles.the_documented_form_is_understood_on_patch",
    },
    only="add",
)
def an_added_role_does_not_replace(defect: Defect) -> None:
    """PATCH add keeps the role a user has, unless it is the default one."""

    def taken(change: Change) -> bool:
        role = change.current[0]["value"] if isinstance(change.current, list) else roles.REQUESTER
        return change.op == "add" and role != roles.REQUESTER

    _interpreted(defect, taken)


@mutant(clauses=("SAM-ROLE-06",), trips={"roles.removing_roles_resets_the_role"}, only="a path that chooses by value")
def a_role_is_not_removed_by_its_value(defect: Defect) -> None:
    """PATCH remove of `roles[value eq …]` does nothing."""
    _interpreted(defect, lambda change: change.op == "remove" and "[value" in change.path)


@mutant(
    clauses=("SAM-ROLE-23",), trips={"roles.other_paths_of_the_element_set_the_role"}, only="the sub-attribute display"
)
def the_display_of_a_role_is_only_shown(defect: Defect) -> None:
    """PATCH of `roles[…].display` is accepted and changes nothing."""
    _interpreted(defect, lambda change: change.sub is not None and change.sub.lower() == "display")


@mutant(clauses=("SAM-ROLE-04",), trips={"roles.empty_roles_in_a_put_reset_the_role"}, only="null in PUT")
def null_in_a_put_keeps_the_role(defect: Defect) -> None:
    """A PUT with `roles` null keeps the role, as if it had been left out."""

    def assign(document: Json, rules: RoleRules, kept: str | None = None) -> None:
        if kept is not None and document.get("roles", ...) is None:
            del document["roles"]
        old(document, rules, kept)

    old = defect.replace(users, "assign", assign)


@mutant(clauses=("SAM-ROLE-02",), trips={"roles.a_put_without_roles_keeps_the_role"}, only="Service Task User")
def a_put_without_roles_demotes(defect: Defect) -> None:
    """A PUT without `roles` makes a Service Task User a Requester."""

    def assign(document: Json, rules: RoleRules, kept: str | None = None) -> None:
        old(document, rules, None if kept == "Service Task User" else kept)

    old = defect.replace(users, "assign", assign)


@mutant(
    clauses=("SAM-ROLE-01",),
    trips={
        "roles.a_user_without_roles_gets_the_default",
        "roles.empty_roles_in_a_patch_reset_the_role",
        "roles.empty_roles_in_a_put_reset_the_role",
        "roles.empty_roles_on_create_mean_the_default",
        "roles.removing_roles_resets_the_role",
    },
    only="create without roles",
)
def a_user_without_roles_takes_a_licence(defect: Defect) -> None:
    """A user created without `roles` is a Service Agent User."""

    def assign(document: Json, rules: RoleRules, kept: str | None = None) -> None:
        left_out = kept is None and "roles" not in document
        old(document, replace(rules, default=LICENSED) if left_out else rules, kept)

    old = defect.replace(users, "assign", assign)


@mutant(
    clauses=("SAM-ROLE-22",),
    trips={
        "roles.other_paths_of_the_element_set_the_role",
        "roles.removing_roles_resets_the_role",
        "roles.the_primary_path_sets_the_role",
        "roles.the_primary_path_works_without_a_primary",
    },
    only="the constant in quotes",
)
def true_in_quotes_selects_no_role(defect: Defect) -> None:
    """In `roles[primary eq "True"].value` the constant is text, with which no boolean can be compared: 400."""

    def selects(self: RolePatch, change_filter: Any, role: str | None) -> bool:
        literal = RolePatch(self.rules, Dialect(string_booleans="refuse"))
        found: bool = old(self, change_filter, role) and old(literal, change_filter, role)
        return found

    old = defect.replace(RolePatch, "_selects", selects)


@mutant(
    clauses=("SAM-ROLE-24",),
    trips={
        "roles.different_roles_are_refused_on_create",
        "roles.different_roles_are_refused_on_patch",
        "roles.different_roles_are_refused_on_replace",
        "roles.extras_beside_the_name_are_ignored",
    },
    only="primary false",
)
def an_element_that_is_not_primary_is_empty(defect: Defect) -> None:
    """An element with `primary` false beside its name counts as empty."""

    def element(self: RoleRules, given: Any) -> str | None:
        if isinstance(given, dict) and given.get("primary") is False and {key.lower() for key in given} & {*NAME_KEYS}:
            return None
        found: str | None = old(self, given)
        return found

    old = defect.replace(RoleRules, "_element", element)


@mutant(clauses=("SAM-ROLE-29",), trips={"roles.one_role_named_twice_counts_once_on_create"}, only="the second element")
def one_role_named_twice_is_two(defect: Defect) -> None:
    """Two elements that name one role count as two, and a create is refused for it."""

    def assign(document: Json, rules: RoleRules, kept: str | None = None) -> None:
        named = document.get("roles")
        if kept is None and isinstance(named, list) and len(named) > 1:
            raise rules._refusal(named, "names 2 roles, and a user has one")
        old(document, rules, kept)

    old = defect.replace(users, "assign", assign)


@mutant(
    clauses=("SAM-ROLE-20",),
    trips={
        "roles.an_unknown_role_is_refused_on_replace",
        "roles.disagreeing_keys_are_refused_on_replace",
        "roles.duplicate_keys_are_refused_on_replace",
        "roles.text_inside_value_is_understood_on_replace",
    },
    only="PUT",
)
def entra_text_is_kept_by_a_put(defect: Defect) -> None:
    """A PUT whose role is JSON text inside `value` keeps the role the user has."""

    def assign(document: Json, rules: RoleRules, kept: str | None = None) -> None:
        if kept is not None and '"value": "{' in json.dumps(document.get("roles")):
            del document["roles"]
        old(document, rules, kept)

    old = defect.replace(users, "assign", assign)


@mutant(clauses=("SAM-ROLE-28",), trips={"roles.the_present_role_again_changes_nothing"}, only="replace")
def the_same_role_again_is_a_change(defect: Defect) -> None:
    """PATCH replace of the role that a user has moves version and lastModified."""

    def changed(self: Users, session: Session, record: Record, body: Mapping[str, Any]) -> Record:
        after: Record = old(self, session, record, body)
        same = after.version == record.version and '"roles"' in json.dumps(body)
        return session.touch(record, now=self.now()) if same and "eplace" in str(body) else after

    old = defect.replace(Users, "patch", changed)


@mutant(
    clauses=("SAM-ROLE-25",),
    trips={
        "roles.a_list_is_understood_on_patch",
        "roles.a_put_without_roles_keeps_the_role",
        "roles.a_role_is_answered_in_one_form",
        "roles.adding_a_role_replaces_the_one_there_is",
        "roles.each_key_is_understood_on_patch",
        "roles.each_key_is_understood_on_replace",
        "roles.extras_beside_the_name_are_ignored",
        "roles.json_text_is_understood_on_patch",
        "roles.json_text_is_understood_on_replace",
        "roles.one_role_named_twice_counts_once_on_patch",
        "roles.one_role_named_twice_counts_once_on_replace",
        "roles.other_paths_of_the_element_set_the_role",
        "roles.text_inside_value_is_understood_on_patch",
        "roles.the_built_in_roles_are_known",
        "roles.the_documented_form_is_understood_on_create",
        "roles.the_documented_form_is_understood_on_patch",
        "roles.the_documented_form_is_understood_on_replace",
        "roles.the_primary_path_sets_the_role",
        "roles.the_primary_path_works_without_a_primary",
        "roles.users_are_found_by_their_role",
    },
    only="Service Task User",
)
def one_built_in_role_is_stored_as_another(defect: Defect) -> None:
    """A user who is made a Service Task User comes out as a Requester."""

    def shown(role: str) -> list[Json]:
        return canonical("Requester" if role == "Service Task User" else role)

    defect.replace(roles, "canonical", shown)
    defect.replace(role_patch, "canonical", shown)


@mutant(
    clauses=("SAM-ROLE-09",),
    trips={
        "roles.a_nameless_object_is_refused_on_patch",
        "roles.disagreeing_keys_are_refused_on_patch",
        "roles.the_documented_form_is_understood_on_patch",
    },
    only="a plain object in PATCH replace",
)
def a_replaced_role_is_a_list_or_nothing(defect: Defect) -> None:
    """PATCH replace with the documented object instead of a list changes nothing."""
    _interpreted(defect, lambda change: change.op == "replace" and isinstance(change.value, dict))


@mutant(clauses=("ENTRA-3.2-07",), trips={"roles.a_quoted_primary_is_a_boolean"}, only="primary as text")
def primary_as_text_is_refused(defect: Defect) -> None:
    """An element whose `primary` is text is refused, also where it says `True`."""

    def element(self: RoleRules, given: Any) -> str | None:
        if isinstance(given, dict) and isinstance(given.get("primary"), str):
            raise self._refusal(given, "has a `primary` that is no boolean")
        found: str | None = old(self, given)
        return found

    old = defect.replace(RoleRules, "_element", element)


@mutant(
    clauses=("SAM-ROLE-03", "ENTRA-3.2-03"),
    trips={
        "dialects.entra_creates_a_user",
        "roles.empty_roles_on_create_mean_the_default",
        "roles.the_shapes_of_a_create_are_understood",
    },
    only="an empty list on create",
)
def an_empty_list_is_refused_on_create(defect: Defect) -> None:
    """A create with `roles` empty is refused."""

    def assign(document: Json, rules: RoleRules, kept: str | None = None) -> None:
        if kept is None and document.get("roles", ...) == []:
            raise rules._refusal([], "names no role")
        old(document, rules, kept)

    old = defect.replace(users, "assign", assign)
