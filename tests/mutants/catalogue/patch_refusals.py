"""Defects of PATCH on what must be refused: paths, readOnly attributes, values of the wrong type."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mock_samanage.scim.errors import InvalidPath, Mutability
from mock_samanage.scim.patch import _Patching
from mock_samanage.scim.targets import Container, Target
from tests.mutants import patches
from tests.mutants.answers import asked
from tests.mutants.mutant import Defect, Environ, Reply, mutant


@mutant(clauses=("7644-3.5.2-04",), trips={"patch.a_path_outside_the_grammar_is_refused"}, only="a slash before a name")
def a_pointer_is_a_path(defect: Defect) -> None:
    """`/userName` is read as `userName`."""
    patches.paths(defect, lambda text: text[1:] if re.fullmatch(r"/\w+", text) else text)


@mutant(
    clauses=("7644-3.12-26",),
    trips={"patch.a_path_outside_the_grammar_is_refused", "patch.a_path_to_an_undefined_attribute_is_refused"},
    only="attributes that no schema has",
)
def an_undefined_attribute_is_lost(defect: Defect) -> None:
    """An operation on an attribute that no schema has succeeds and does nothing."""

    def apply_at(self: _Patching, op: str, text: str, value: object) -> None:
        try:
            old(self, op, text, value)
        except InvalidPath as error:
            if "is no attribute of" not in error.detail:
                raise

    old = defect.replace(_Patching, "_apply_at", apply_at)


@mutant(
    clauses=("7644-3.10-11",),
    trips={"patch.paths_may_be_qualified_and_in_any_case", "representation.qualified_names_are_read_in_any_case"},
    only="names of sub-attributes",
)
def parts_have_one_case(defect: Defect) -> None:
    """A sub-attribute in a path is understood in the spelling of the schema only."""

    def change(_text: str, target: Target | Container | None) -> Target | Container | None:
        known = not isinstance(target, Target) or target.sub is None or target.part == target.sub.name
        return target if known else None

    patches.located(defect, change)


@mutant(
    clauses=("7644-3.5.2-05",),
    trips={
        "matching.a_patched_user_matches_by_the_new_values",
        "matching.the_set_does_not_bind_patches",
        "patch.a_filter_on_no_values_has_no_target_or_makes_one",
        "patch.a_new_primary_value_resets_the_others",
        "patch.a_sequence_of_operations_leaves_what_the_model_says",
        "patch.add_appends_values",
        "patch.add_with_a_filter_sets_what_it_selects",
        "patch.an_immutable_value_is_set_once",
        "patch.every_form_of_path_is_understood",
        "patch.remove_of_a_part_takes_it_from_what_is_selected",
        "patch.replace_of_a_part_changes_all_that_is_selected",
        "representation.display_is_as_mutable_as_the_schema_says",
    },
    only="paths with a part behind a bracket",
)
def a_bracket_ends_a_path(defect: Defect) -> None:
    """A path that goes on behind a bracket is refused."""

    def change(text: str, target: Target | Container | None) -> Target | Container | None:
        if "]." in text and "roles" not in text:
            raise InvalidPath(f"{text[:80]} goes on behind the bracket.")
        return target

    patches.located(defect, change)


@mutant(
    clauses=("7644-3.5.2-08",),
    trips={
        "errors.writing_a_read_only_attribute_is_a_mutability_error",
        "patch.read_only_and_required_attributes_stay",
    },
    only="add and replace",
)
def setting_what_is_read_only_does_nothing(defect: Defect) -> None:
    """An add or replace of a readOnly attribute succeeds and does nothing."""

    def change(self: _Patching, op: str, target: Target, value: object) -> None:
        try:
            old(self, op, target, value)
        except Mutability as error:
            if op == "remove" or "readOnly" not in error.detail:
                raise

    old = defect.replace(_Patching, "_change", change)


@mutant(
    clauses=("7644-3.5.2-09",),
    trips={"patch.read_only_members_of_a_value_change_nothing"},
    only="path-less values with an id",
)
def a_value_with_an_id_is_passed_over(defect: Defect) -> None:
    """An operation without a path whose value holds `id` succeeds and does nothing."""

    def apply_all(self: _Patching, op: str, value: object) -> None:
        if not (isinstance(value, Mapping) and "id" in value):
            old(self, op, value)

    old = defect.replace(_Patching, "_apply_all", apply_all)


@mutant(
    clauses=("7644-3.5.2-16",),
    trips={
        "patch.a_failing_operation_undoes_the_others",
        "patch.an_operation_lacks_nothing",
        "patch.read_only_and_required_attributes_stay",
    },
    only="PATCH",
)
def a_failed_patch_is_a_plain_text(defect: Defect) -> None:
    """A PATCH that is refused with 400 is explained in plain text."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if not asked(environ, "PATCH", "/") or reply.code != 400:
            return reply
        bare = reply.without("Content-Type").with_body(b"The request was not understood.")
        return Reply(bare.status, [*bare.headers, ("Content-Type", "text/plain")], bare.body)

    defect.answers(rewrite)
