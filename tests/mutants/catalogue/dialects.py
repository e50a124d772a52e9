"""Defects that Entra and Okta meet: shapes of PATCH that a server overlooks, lists it shows by halves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mock_samanage.scim import multivalued, singular
from mock_samanage.scim.multivalued import created_elements
from mock_samanage.scim.opaque import MISSING
from mock_samanage.scim.operations import Operation
from mock_samanage.scim.patch import _Patching
from mock_samanage.tenant import role_patch
from tests.mutants.answers import Json
from tests.mutants.edits import Edit, edits, operations, sent
from tests.mutants.mutant import Defect, mutant

_NOTHING = (None, "")


@mutant(
    clauses=("ENTRA-8.2-03", "ENTRA-8.2-04"),
    trips={
        "dialects.optional_attributes_are_cleared_compactly",
        "dialects.optional_attributes_are_cleared_one_by_one",
    },
    only="value paths",
)
def an_empty_part_clears_the_list(defect: Defect) -> None:
    """A PATCH that empties a part of one value of a list clears the whole list."""

    def edit(edit: Edit, sound: Callable[[Edit], Any]) -> Any:
        return [] if edit.target.filter is not None and edit.raw in _NOTHING else sound(edit)

    edits(defect, multivalued, edit)


@mutant(
    clauses=("ENTRA-2.3-01",),
    trips={
        "dialects.a_path_less_add_has_dotted_keys",
        "dialects.add_sets_single_values",
        "dialects.several_operations_are_applied_in_order",
        "patch.a_text_is_added_and_removed",
    },
    only="texts",
)
def an_add_to_a_text_is_appended(defect: Defect) -> None:
    """An add to an attribute of one text appends to the text that is there."""

    def edit(edit: Edit, sound: Callable[[Edit], Any]) -> Any:
        texts = isinstance(edit.before, str) and isinstance(edit.raw, str) and edit.op == "add"
        return edit.before + edit.raw if texts and edit.raw != edit.before else sound(edit)

    edits(defect, singular, edit)


@mutant(clauses=("ENTRA-2.5-05",), trips={"dialects.remove_comes_with_the_value"}, only="attributes of the extension")
def a_remove_with_a_value_takes_the_extension(defect: Defect) -> None:
    """A remove that names the present value beside the path takes all attributes of the extension."""

    def change(self: _Patching, op: Any, target: Any, value: object) -> None:
        old(self, op, target, value)
        if op == "remove" and value is not MISSING and target.extension:
            self.document.pop(target.extension, None)

    old = defect.replace(_Patching, "_change", change)


@mutant(
    clauses=("ENTRA-2.5-04",),
    trips={
        "dialects.add_makes_the_element",
        "dialects.many_attributes_are_added",
        "patch.add_with_a_filter_sets_what_it_selects",
    },
    only="Add",
)
def each_part_makes_an_element(defect: Defect) -> None:
    """An add with a value path makes an element, also where the filter selects one."""

    def edit(edit: Edit, sound: Callable[[Edit], Any]) -> Any:
        if edit.op != "add" or edit.target.filter is None or edit.target.part is None:
            return sound(edit)
        return [*edit.before, *created_elements(edit.target, edit.raw, edit.dialect)]

    edits(defect, multivalued, edit)


@mutant(
    clauses=("ENTRA-2.5-02",),
    trips={
        "dialects.replace_makes_the_element",
        "patch.a_filter_on_no_values_has_no_target_or_makes_one",
        "patch.a_new_primary_value_resets_the_others",
        "patch.a_sequence_of_operations_leaves_what_the_model_says",
    },
    only="Replace",
)
def a_replace_makes_no_element(defect: Defect) -> None:
    """A replace with a value path that selects nothing succeeds and changes nothing."""

    def edit(edit: Edit, sound: Callable[[Edit], Any]) -> Any:
        before = list(edit.before)
        if edit.op != "replace" or edit.target.filter is None:
            return sound(edit)
        return sound(edit) if before and sound(replace(edit, op="remove", raw=MISSING)) != before else before

    edits(defect, multivalued, edit)


@mutant(
    clauses=("ENTRA-1.5-04", "ENTRA-2.4-01"),
    trips={
        "dialects.add_makes_the_element",
        "dialects.entra_replaces_an_address_and_a_name",
        "dialects.many_attributes_are_added",
        "dialects.many_attributes_are_replaced_compactly",
        "dialects.many_attributes_are_replaced_one_by_one",
        "patch.a_new_primary_value_resets_the_others",
        "patch.a_sequence_of_operations_leaves_what_the_model_says",
        "patch.add_with_a_filter_sets_what_it_selects",
        "patch.remove_of_a_part_takes_it_from_what_is_selected",
        "patch.replace_of_a_part_changes_all_that_is_selected",
    },
    only="value paths",
)
def a_selected_value_loses_its_other_parts(defect: Defect) -> None:
    """A replaced part of a selected value leaves its type and that part only."""

    def put(target: Any, element: Json, parts: Json) -> None:
        old(target, element, parts)
        if target.filter is not None:
            for name in element.keys() - {"type", *parts}:
                del element[name]

    old = defect.replace(multivalued, "_put", put)


@mutant(
    clauses=("ENTRA-2.3-02", "ENTRA-8.1-06"),
    trips={
        "dialects.a_path_less_add_has_dotted_keys",
        "dialects.many_attributes_are_added",
    },
    only="add without a path",
)
def an_add_without_path_has_plain_keys(defect: Defect) -> None:
    """A dotted key in the value of a path-less add is overlooked."""

    def apply(self: _Patching, op: Any, key: str, value: object, plain: str | None = None) -> None:
        if op != "add" or "." not in key.rpartition(":")[2]:
            old(self, op, key, value, plain)

    old = defect.replace(_Patching, "_apply_key", apply)


@mutant(
    clauses=("ENTRA-8.1-12", "ENTRA-2.5-04"),
    trips={
        "dialects.several_operations_are_applied_in_order",
        "patch.a_failing_operation_undoes_the_others",
        "patch.add_appends_values",
        "patch.many_values_come_and_go_at_once",
        "patch.operations_run_in_order",
    },
    only="several operations on one attribute",
)
def the_first_operation_on_a_path_counts(defect: Defect) -> None:
    """Of several operations with one path the first is applied."""

    def first(given: list[Operation]) -> list[Operation]:
        paths = [each.path for each in given]
        return [each for at, each in enumerate(given) if each.path is None or paths.index(each.path) == at]

    operations(defect, first)


@mutant(
    clauses=("ENTRA-8.1-15", "ENTRA-8.1-12"),
    trips={
        "dialects.a_member_comes_and_goes_in_one_request",
        "patch.a_sequence_of_operations_leaves_what_the_model_says",
    },
    only="requests with removals",
)
def removals_come_first(defect: Defect) -> None:
    """The removals of a request are applied before its other operations."""
    operations(defect, lambda given: sorted(given, key=lambda each: each.op != "remove"))


@mutant(clauses=("ENTRA-3.2-08",), trips={"dialects.the_primary_role_comes_in_parts"}, only="parts of a role")
def a_role_has_no_type(defect: Defect) -> None:
    """The server fails at a part of a role that is not its name."""

    def is_name(sub: str) -> bool:
        if not old(sub):
            raise KeyError(sub)
        return True

    old = defect.replace(role_patch, "sub_is_name", is_name)


@mutant(
    clauses=("ENTRA-1.5-02",),
    trips={
        "dialects.nulls_and_a_misspelt_schema_do_no_harm",
        "representation.null_and_empty_are_as_absent",
    },
    only="null in the body of a create",
)
def null_in_a_list_is_fatal(defect: Defect) -> None:
    """The server fails at a null in place of a list of e-mail addresses, telephone numbers or addresses."""

    def check(body: Json) -> None:
        for name in ("emails", "phoneNumbers", "addresses"):
            list(body.get(name, ()))

    sent(defect, check)
