"""Defects of the plain attributes of users: texts that do not come back as they were sent."""

from __future__ import annotations

from html import escape

from mock_samanage.scim import formats
from tests.mutants.answers import Json
from tests.mutants.edits import sent, stored, text
from tests.mutants.mutant import Defect, mutant

_TYPES = ("Contractor", "Employee", "Intern", "Temp", "External", "Unknown")


@mutant(clauses=("7643-4.1.1-15",), trips={"users.urls_and_language_ranges_are_kept"}, only="several language ranges")
def one_language_is_enough(defect: Defect) -> None:
    """A preferredLanguage is its first language range, the others and the weights are lost."""
    text(defect, "preferredLanguage", lambda ranges: ranges.split(",")[0].split(";")[0])


@mutant(
    clauses=("7643-4.1.1-13", "ENTRA-1.2-07"),
    trips={
        "dialects.entra_creates_a_user",
        "users.a_title_is_kept",
    },
    only="titles with a character of HTML",
)
def a_title_is_escaped(defect: Defect) -> None:
    """A title is escaped for HTML before it is stored."""
    text(defect, "title", escape)


@mutant(
    clauses=("7643-4.1.1-14",),
    trips={
        "dialects.many_attributes_are_added",
        "dialects.many_attributes_are_replaced_compactly",
        "dialects.many_attributes_are_replaced_one_by_one",
        "schemas.default_attributes_are_shown_unless_others_are_named",
        "schemas.writable_attributes_are_updated_by_put_and_patch",
        "users.any_user_type_is_kept",
    },
    only="values that the RFC does not suggest",
)
def an_unknown_user_type_is_lost(defect: Defect) -> None:
    """A userType that the RFC does not name as an example is dropped."""
    text(defect, "userType", lambda kind: kind if kind in _TYPES else None)


@mutant(clauses=("7643-4.1.1-16",), trips={"users.a_locale_is_a_tag_without_blanks"}, only="blanks")
def a_locale_may_hold_blanks(defect: Defect) -> None:
    """A locale of two words is accepted."""
    defect.replace(formats, "FORMATS", {"country": formats.country})


@mutant(
    clauses=("7643-4.1.1-17",),
    trips={"users.a_locale_with_an_underscore_is_kept_or_refused"},
    only="locales with an underscore",
)
def a_locale_ends_at_an_underscore(defect: Defect) -> None:
    """A locale with an underscore loses its region."""
    text(defect, "locale", lambda tag: tag.split("_")[0])


@mutant(
    clauses=("7643-4.1.1-18",),
    trips={
        "schemas.writable_attributes_are_updated_by_put_and_patch",
        "users.a_time_zone_is_kept",
    },
    only="zones with an underscore",
)
def a_time_zone_is_made_readable(defect: Defect) -> None:
    """Underscores in a timezone become blanks."""
    text(defect, "timezone", lambda zone: zone.replace("_", " "))


@mutant(
    clauses=("7643-4.1.1-08",),
    trips={
        "dialects.okta_creates_and_matches_a_user",
        "dialects.okta_makes_a_user",
        "dialects.okta_updates_by_put",
        "patch.a_name_is_removed_in_part_and_as_a_whole",
        "patch.a_part_of_a_name_is_set",
        "patch.every_form_of_path_is_understood",
        "patch.paths_may_be_qualified_and_in_any_case",
        "representation.case_and_order_of_names_do_not_matter",
        "representation.qualified_names_are_read_in_any_case",
        "schemas.values_of_another_type_are_refused",
        "users.a_name_is_not_lost",
    },
    only="names without formatted",
)
def a_name_in_parts_is_lost(defect: Defect) -> None:
    """A name without formatted is dropped on create and replace."""
    sent(defect, lambda body: None if "formatted" in (body.get("name") or {"formatted": ""}) else body.pop("name"))


@mutant(
    clauses=("7643-4.1.1-09",), trips={"users.a_formatted_name_follows_its_parts"}, only="names that were sent in parts"
)
def a_formatted_name_is_made_once(defect: Defect) -> None:
    """A formatted name is made of the parts on the first write and never again."""

    def make(user: Json) -> None:
        name = user.get("name", {})
        if "formatted" not in name and {"givenName", "familyName"} <= name.keys():
            name["formatted"] = f"{name['givenName']} {name['familyName']}"

    stored(defect, make)


@mutant(
    clauses=("7643-4.1.1-10", "ENTRA-1.2-07"),
    trips={
        "dialects.entra_creates_a_user",
        "dialects.many_attributes_are_added",
        "dialects.many_attributes_are_replaced_compactly",
        "dialects.many_attributes_are_replaced_one_by_one",
        "dialects.several_attributes_by_flat_keys",
        "dialects.several_attributes_by_paths",
        "dialects.several_operations_are_applied_in_order",
        "patch.a_part_of_a_name_is_set",
        "patch.a_sequence_of_operations_leaves_what_the_model_says",
        "patch.every_form_of_path_is_understood",
        "patch.paths_may_be_qualified_and_in_any_case",
        "schemas.strings_are_json_strings_in_utf_8",
        "schemas.writable_attributes_are_updated_by_put_and_patch",
        "users.a_display_name_is_kept",
    },
    only="users with both names",
)
def a_display_name_is_made_of_the_name(defect: Defect) -> None:
    """A displayName is replaced by given and family name where the user has both."""

    def make(user: Json) -> None:
        name = user.get("name", {})
        if "displayName" in user and {"givenName", "familyName"} <= name.keys():
            user["displayName"] = f"{name['givenName']} {name['familyName']}"

    stored(defect, make)


@mutant(
    clauses=("7643-4.1.1-11",),
    trips={
        "patch.a_sequence_of_operations_leaves_what_the_model_says",
        "patch.op_is_read_in_any_case",
        "representation.an_extension_stands_in_its_container",
        "representation.null_and_empty_are_as_absent",
        "users.a_nick_name_is_a_name_of_its_own",
    },
    only="users without a nickName",
)
def a_nick_name_is_made_from_the_user_name(defect: Defect) -> None:
    """A user without a nickName gets the part of the userName before the at sign."""
    stored(defect, lambda user: user.setdefault("nickName", user["userName"].split("@")[0]))
