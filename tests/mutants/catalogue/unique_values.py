"""Defects of values that are given once, or may repeat."""

from __future__ import annotations

from typing import Any

from mock_samanage.scim.errors import Uniqueness as Taken
from mock_samanage.scim.registry import DEVICE_URN, ENTERPRISE_URN, GROUP_URN, LABORATORY_URN, USER_URN
from mock_samanage.scim.schema import Uniqueness
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.resource import Resource
from tests.mutants.characteristics import LAB, treated
from tests.mutants.mutant import Defect, mutant


@mutant(clauses=("7643-7-26",), trips={"schemas.unique_values_are_given_once"}, only="keyCode", **LAB)
def a_key_code_may_repeat(defect: Defect) -> None:
    """A unique attribute of an extension takes a value that another user has."""
    treated(defect, LABORATORY_URN, "keyCode", uniqueness=Uniqueness.NONE)


@mutant(clauses=("7643-7-26",), trips={"schemas.unique_values_are_given_once"}, only="the second resource type", **LAB)
def a_serial_number_may_repeat(defect: Defect) -> None:
    """A unique attribute of another resource type takes a value twice."""
    treated(defect, DEVICE_URN, "serialNumber", uniqueness=Uniqueness.NONE)


@mutant(
    clauses=("7643-7-27",),
    trips={
        "schemas.case_counts_in_filters_as_described",
        "schemas.unique_values_are_given_once",
        "sorting.ascending_is_the_default",
        "sorting.sort_by_orders_the_list",
    },
    only="names in another case",
)
def a_taken_name_is_free_in_another_case(defect: Defect) -> None:
    """A userName that differs from another in case only is taken for a new one."""
    treated(defect, USER_URN, "userName", case_exact=True)


@mutant(clauses=("7643-7-28",), trips={"schemas.other_values_may_repeat"}, only="employeeNumber")
def an_employee_number_is_given_once(defect: Defect) -> None:
    """Two users cannot have the same employeeNumber, of which the schema says nothing."""
    treated(defect, ENTERPRISE_URN, "employeeNumber", uniqueness=Uniqueness.SERVER)


@mutant(clauses=("7643-7-29",), trips={"?"}, only="PUT")
def a_taken_name_is_kept_quiet(defect: Defect) -> None:
    """A PUT with a userName that another user has is answered 200 and changes nothing."""

    def replaced(self: Directory, type_name: str, resource_id: str, *arguments: Any, **options: Any) -> Resource:
        try:
            return old(self, type_name, resource_id, *arguments, **options)  # type: ignore[no-any-return]
        except Taken:
            return self.get(type_name, resource_id)

    old = defect.replace(Directory, "replace", replaced)


@mutant(clauses=("7643-7-29",), trips={"schemas.a_taken_value_is_refused_in_updates"}, only="PATCH")
def a_taken_name_breaks_a_patch(defect: Defect) -> None:
    """A PATCH with a userName that another user has is answered 500."""

    def patched(self: Directory, *arguments: Any, **options: Any) -> Resource:
        try:
            return old(self, *arguments, **options)  # type: ignore[no-any-return]
        except Taken as taken:
            raise RuntimeError("unique constraint") from taken

    old = defect.replace(Directory, "patch", patched)


@mutant(clauses=("7643-7-26", "7643-7-27"), trips={"schemas.unique_values_are_given_once"}, only="groups")
def a_group_name_may_repeat(defect: Defect) -> None:
    """Two groups can have the same displayName though the schema calls it unique."""
    treated(defect, GROUP_URN, "displayName", uniqueness=Uniqueness.NONE)
