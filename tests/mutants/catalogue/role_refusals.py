"""Defects in refusing roles that are not understood."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mock_samanage.scim.errors import InvalidValue
from mock_samanage.scim.opaque import Change
from mock_samanage.tenant import roles, users
from mock_samanage.tenant.role_patch import RolePatch
from mock_samanage.tenant.roles import RoleRules
from mock_samanage.tenant.users import Users
from tests.mutants.answers import Json
from tests.mutants.mutant import Defect, mutant


@mutant(
    clauses=("SAM-ROLE-32",),
    trips={"roles.different_roles_are_refused_on_create"},
    only="POST with one element marked primary",
)
def the_primary_one_of_two_roles_wins(defect: Defect) -> None:
    """Of two different roles in a create the one marked primary is taken."""

    def assign(document: Json, rules: RoleRules, kept: str | None = None) -> None:
        named = document.get("roles")
        if kept is None and isinstance(named, list) and len(named) > 1:
            primary = [each for each in named if isinstance(each, dict) and each.get("primary") is True]
            document["roles"] = primary if len(primary) == 1 else named
        old(document, rules, kept)

    old = defect.replace(users, "assign", assign)


@mutant(clauses=("SAM-ROLE-34",), trips={"roles.different_roles_are_refused_on_patch"}, only="PATCH")
def the_last_of_two_roles_wins_in_a_patch(defect: Defect) -> None:
    """Of two different roles in a PATCH the last one is taken."""

    def patch(self: Users, *given: Any) -> Any:
        rules = _LastWins(**{name: getattr(self.account.role_rules, name) for name in RoleRules.__slots__})
        return old(replace(self, account=replace(self.account, role_rules=rules)), *given)

    class _LastWins(RoleRules):
        def _one(self, named: Sequence[str], value: object) -> str | None:
            return super()._one(named[-1:], value)

    old = defect.replace(Users, "patch", patch)


@mutant(
    clauses=("SAM-ROLE-35", "SAM-ROLE-36", "SAM-ROLE-37"),
    trips={
        "roles.disagreeing_keys_are_refused_on_create",
        "roles.disagreeing_keys_are_refused_on_patch",
        "roles.disagreeing_keys_are_refused_on_replace",
    },
    only="JSON text",
)
def keys_in_text_may_disagree(defect: Defect) -> None:
    """Inside JSON text `displayName` wins over a `value` that names another role."""

    def decoded(self: RoleRules, text: str) -> Mapping[str, Any]:
        found: dict[str, Any] = dict(old(self, text))
        names = {key.lower(): key for key in found}
        if {"displayname", "value"} <= names.keys():
            del found[names["value"]]
        return found

    old = defect.replace(RoleRules, "_decoded", decoded)


@mutant(
    clauses=("SAM-ROLE-39",),
    trips={
        "roles.an_unknown_role_is_refused_on_replace",
        "roles.doubly_encoded_text_is_refused_on_replace",
    },
    only="PUT",
)
def an_unknown_role_in_a_put_is_passed_over(defect: Defect) -> None:
    """A PUT with a role that is not understood keeps the role of the user and is answered 200."""

    def assign(document: Json, rules: RoleRules, kept: str | None = None) -> None:
        try:
            old(document, rules, kept)
        except InvalidValue as error:
            if kept is None or "is no role of this account" not in error.detail:
                raise
            document["roles"] = roles.canonical(kept)

    old = defect.replace(users, "assign", assign)


def _loads(defect: Defect, load: Callable[[str], Any]) -> None:
    """Reads the JSON text of a role with another function where the right one refuses it."""

    def decoded(self: RoleRules, text: str) -> Any:
        try:
            return old(self, text)
        except InvalidValue:
            try:
                found = load(text)
            except ValueError:
                found = None
            if not isinstance(found, dict):
                raise
            return found

    old = defect.replace(RoleRules, "_decoded", decoded)


@mutant(
    clauses=("SAM-ROLE-41", "SAM-ROLE-42", "SAM-ROLE-43"),
    trips={
        "roles.no_malformed_role_becomes_a_powerful_one",
        "roles.unreadable_text_is_refused_on_create",
        "roles.unreadable_text_is_refused_on_patch",
        "roles.unreadable_text_is_refused_on_replace",
    },
    only="text behind the object",
)
def text_behind_a_role_is_ignored(defect: Defect) -> None:
    """JSON text of a role is read up to the end of its object, whatever stands behind."""
    _loads(defect, lambda text: json.JSONDecoder(object_pairs_hook=roles._without_duplicates).raw_decode(text)[0])


@mutant(
    clauses=("SAM-ROLE-47", "SAM-ROLE-48", "SAM-ROLE-49"),
    trips={
        "roles.duplicate_keys_are_refused_on_create",
        "roles.duplicate_keys_are_refused_on_patch",
        "roles.duplicate_keys_are_refused_on_replace",
        "roles.no_malformed_role_becomes_a_powerful_one",
    },
    only="JSON text",
)
def the_last_of_two_keys_wins_in_text(defect: Defect) -> None:
    """JSON text of a role may hold a key twice; the last one counts."""
    defect.replace(roles, "_without_duplicates", dict)


@mutant(
    clauses=("SAM-ROLE-53", "SAM-ROLE-54", "SAM-ROLE-55", "SAM-ROLE-56"),
    trips={
        "roles.another_type_is_refused_on_create",
        "roles.another_type_is_refused_on_patch",
        "roles.another_type_is_refused_on_replace",
    },
    only="numbers",
)
def a_number_is_a_place_in_the_list_of_roles(defect: Defect) -> None:
    """A number stands for the role in that place, and 1 is the Administrator."""

    def element(self: RoleRules, given: Any) -> Any:
        number = isinstance(given, int) and not isinstance(given, bool)
        return self.names[(given - 1) % len(self.names)] if number else old(self, given)

    old = defect.replace(RoleRules, "_element", element)


@mutant(clauses=("SAM-ROLE-26", "SAM-ROLE-56"), trips={"roles.role_names_are_exact"}, only="lower-case letters")
def a_role_in_lower_case_is_understood(defect: Defect) -> None:
    """The name of a role in small letters is understood, also that of the Administrator."""

    def name(self: RoleRules, value: Any, *, text: bool) -> Any:
        known = {role.lower(): role for role in self.names}
        return old(self, known.get(value, value) if isinstance(value, str) else value, text=text)

    old = defect.replace(RoleRules, "_name", name)


@mutant(clauses=("SAM-ROLE-57",), trips={"roles.the_refusal_shows_the_right_form"}, only="unknown names")
def an_unknown_role_is_not_quoted(defect: Defect) -> None:
    """The refusal of an unknown role does not say which one."""

    def refusal(self: RoleRules, part: object, why: str) -> InvalidValue:
        return old(self, "the value" if "is no role" in why else part, why)  # type: ignore[no-any-return]  # replaced

    old = defect.replace(RoleRules, "_refusal", refusal)


@mutant(
    clauses=("SAM-ROLE-38",),
    trips={
        "roles.an_unknown_role_is_refused_on_create",
        "roles.doubly_encoded_text_is_refused_on_create",
        "roles.role_names_are_exact",
        "roles.the_refusal_shows_the_right_form",
    },
    only="POST",
)
def an_unknown_role_on_create_is_the_default(defect: Defect) -> None:
    """A create with a role that the account does not have gives the default role."""

    def assign(document: Json, rules: RoleRules, kept: str | None = None) -> None:
        try:
            old(document, rules, kept)
        except InvalidValue as error:
            if kept is not None or "is no role of this account" not in error.detail:
                raise
            document["roles"] = roles.canonical(rules.default)

    old = defect.replace(users, "assign", assign)


@mutant(
    clauses=("SAM-ROLE-40",),
    trips={
        "roles.an_unknown_role_is_refused_on_patch",
        "roles.doubly_encoded_text_is_refused_on_patch",
    },
    only="PATCH",
)
def an_unknown_role_in_a_patch_is_passed_over(defect: Defect) -> None:
    """A PATCH with a role that the account does not have is answered 200 and changes nothing."""

    def interpret(self: RolePatch, change: Change) -> object:
        try:
            return old(self, change)
        except InvalidValue as error:
            if "is no role of this account" not in error.detail:
                raise
            return change.current

    old = defect.replace(RolePatch, "interpret", interpret)


@mutant(
    clauses=("SAM-ROLE-44", "SAM-ROLE-45", "SAM-ROLE-46"),
    trips={
        "roles.doubly_encoded_text_is_refused_on_create",
        "roles.doubly_encoded_text_is_refused_on_patch",
        "roles.doubly_encoded_text_is_refused_on_replace",
        "roles.no_malformed_role_becomes_a_powerful_one",
    },
    only="text that is text again",
)
def text_of_text_is_decoded_twice(defect: Defect) -> None:
    """JSON text of JSON text is decoded twice where it is the whole role."""
    _loads(defect, lambda text: json.loads(json.loads(text)) if text.startswith('"') else None)


@mutant(
    clauses=("SAM-ROLE-50", "SAM-ROLE-51"),
    trips={
        "roles.a_nameless_object_is_refused_on_create",
        "roles.a_nameless_object_is_refused_on_replace",
    },
    only="POST and PUT",
)
def an_object_without_a_name_is_no_role_at_all(defect: Defect) -> None:
    """A create or PUT whose role is an object that names none is done as if `roles` were left out."""

    def assign(document: Json, rules: RoleRules, kept: str | None = None) -> None:
        try:
            old(document, rules, kept)
        except InvalidValue as error:
            if "has none of the keys" not in error.detail:
                raise
            document["roles"] = roles.canonical(kept or rules.default)

    old = defect.replace(users, "assign", assign)
