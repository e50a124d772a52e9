"""Defects of the enterprise extension and of managers."""

from __future__ import annotations

from typing import Any

from mock_samanage.scim import targets
from mock_samanage.scim.registry import ENTERPRISE_URN
from mock_samanage.scim.schema import ResourceType
from mock_samanage.scim.syntax import AttrPath
from tests.mutants.answers import Json, declared
from tests.mutants.edits import enterprise, shown, stored
from tests.mutants.mutant import Defect, mutant


@mutant(
    clauses=("7643-4.3-02",),
    trips={
        "dialects.a_manager_in_a_body_is_a_plain_string",
        "dialects.a_manager_in_odd_shapes_is_read_or_refused",
        "dialects.a_manager_is_a_list_with_a_reference",
        "dialects.a_manager_is_a_plain_string",
        "dialects.a_manager_is_an_object",
        "dialects.many_attributes_are_added",
        "dialects.many_attributes_are_replaced_compactly",
        "dialects.many_attributes_are_replaced_one_by_one",
        "dialects.several_attributes_by_flat_keys",
        "dialects.several_attributes_by_paths",
        "filtering.extension_attributes_with_their_urn",
        "filtering.texts_are_ordered",
        "patch.a_simple_value_is_selected_or_refused",
        "patch.an_added_schema_lets_its_attributes_follow",
        "patch.paths_may_be_qualified_and_in_any_case",
        "patch.the_request_need_not_repeat_the_schemas",
        "representation.an_extension_stands_in_its_container",
        "schemas.a_reference_to_nobody_is_taken_or_refused",
        "schemas.default_attributes_are_shown_unless_others_are_named",
        "schemas.unknown_attributes_are_ignored_or_refused",
        "schemas.writable_attributes_are_updated_by_put_and_patch",
        "users.a_manager_is_another_user",
        "users.a_manager_is_read_in_other_shapes",
        "users.a_manager_is_unassigned",
        "users.an_employee_number_is_text",
        "users.the_extension_comes_back_under_its_urn",
        "users.the_name_of_a_manager_is_read_only",
        "users.the_words_of_the_extension_are_kept",
    },
)
def the_extension_is_shown_flat(defect: Defect) -> None:
    """The attributes of the extension are shown beside those of the user."""
    shown(defect, lambda user: user.update(user.pop(ENTERPRISE_URN, {})))


@mutant(clauses=("7643-4.3-03",), trips={"users.an_employee_number_is_text"}, only="numbers with zeros in front")
def an_employee_number_has_no_leading_zeros(defect: Defect) -> None:
    """The zeros in front of an employeeNumber are dropped."""

    def change(user: Json) -> None:
        if "employeeNumber" in enterprise(user):
            enterprise(user)["employeeNumber"] = enterprise(user)["employeeNumber"].lstrip("0") or "0"

    stored(defect, change)


@mutant(
    clauses=("7643-4.3-04",),
    trips={
        "schemas.writable_attributes_are_updated_by_put_and_patch",
        "users.the_words_of_the_extension_are_kept",
    },
    only="users with a department",
)
def the_division_is_the_department(defect: Defect) -> None:
    """The division of a user with a department is that department."""

    def change(user: Json) -> None:
        if {"division", "department"} <= enterprise(user).keys():
            enterprise(user)["division"] = enterprise(user)["department"]

    stored(defect, change)


@mutant(
    clauses=("7643-3-07",),
    trips={
        "dialects.the_mapped_attributes_are_discovered",
        "users.an_undeclared_extension_is_not_shown",
    },
    only="discovery",
)
def the_extension_is_not_declared(defect: Defect) -> None:
    """No resource type declares the extension that users have."""
    declared(defect, lambda document: document.update({"schemaExtensions": []} if "endpoint" in document else {}))


@mutant(
    clauses=("7644-3.10-03",),
    trips={
        "representation.qualified_names_are_read_in_any_case",
        "users.the_extension_is_searched_by_its_urn",
    },
    only="URNs in another case",
)
def a_urn_has_one_case(defect: Defect) -> None:
    """A path under a URN in another case names nothing."""

    def resolve(self: ResourceType, path: AttrPath) -> Any:
        known = {self.schema.id, *(extension.id for extension in self.extensions)}
        return old(self, path) if path.uri is None or path.uri in known else None

    old = defect.replace(ResourceType, "resolve", resolve)


@mutant(
    clauses=("ENTRA-2.1-01",),
    trips={"dialects.a_dot_before_an_extension_attribute"},
    only="attributes of the extension",
)
def a_dot_for_a_colon_is_fatal(defect: Defect) -> None:
    """The server fails at a dot between the URN of an extension and the attribute."""

    def colonised(kind: ResourceType, text: str) -> str:
        found: str = old(kind, text)
        if found != text:
            raise KeyError(text)
        return found

    old = defect.replace(targets, "_colonised", colonised)
