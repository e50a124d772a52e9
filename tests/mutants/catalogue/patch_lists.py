"""Defects of PATCH on lists of values: what add, replace and remove do to them, which value is primary."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mock_samanage.scim import multivalued
from mock_samanage.scim.errors import Mutability
from mock_samanage.scim.evaluate import matching_elements
from tests.mutants import patches
from tests.mutants.mutant import Defect, mutant
from tests.mutants.patches import Sound, Step


def _found(step: Step) -> list[int]:
    """The places of the values that the filter selects."""
    assert step.target.filter is not None
    return list(matching_elements(step.target.filter, step.before, step.target.attribute))


@mutant(
    clauses=("7644-3.5.2.1-09",),
    trips={
        "patch.a_new_primary_value_resets_the_others",
        "patch.a_sequence_of_operations_leaves_what_the_model_says",
        "patch.add_appends_values",
        "patch.many_values_come_and_go_at_once",
        "patch.without_a_path_the_value_lists_attributes",
    },
)
def add_replaces_the_list(defect: Defect) -> None:
    """An add to a list leaves the added values only."""

    def change(step: Step, sound: Sound) -> Any:
        return sound(replace(step, op="replace") if step.op == "add" and step.whole else step)

    patches.steps(defect, multivalued, change)


@mutant(
    clauses=("7644-3.5.2-20",), trips={"patch.a_new_primary_value_resets_the_others"}, only="`primary` behind a bracket"
)
def the_primary_path_resets_nothing(defect: Defect) -> None:
    """Setting `emails[…].primary` leaves the other values primary."""

    def change(step: Step, sound: Sound) -> Any:
        after = sound(step)
        if step.target.filter is None or step.target.part != "primary":
            return after
        first = [each.get("value") for each in step.before if each.get("primary")]
        return [{**each, "primary": True} if each.get("value") in first else each for each in after]

    patches.steps(defect, multivalued, change)


@mutant(
    clauses=("7643-2.4-09",),
    trips={"patch.one_operation_leaves_one_primary"},
    only="several primary values in one operation",
)
def one_operation_leaves_two_primaries(defect: Defect) -> None:
    """A replace by two primary values stores both of them as primary."""

    def change(step: Step, sound: Sound) -> Any:
        if step.op != "replace" or not step.whole or not isinstance(step.raw, list):
            return sound(step)
        chosen = [each.get("value") for each in step.raw if isinstance(each, dict) and each.get("primary") is True]
        if len(chosen) < 2:
            return sound(step)
        rest = [{**each, "primary": False} if isinstance(each, dict) else each for each in step.raw]
        after = sound(replace(step, raw=rest))
        return [{**each, "primary": True} if each.get("value") in chosen else each for each in after]

    patches.steps(defect, multivalued, change)


@mutant(
    clauses=("7644-3.5.2.1-14",),
    trips={"patch.add_with_a_filter_sets_what_it_selects"},
    only="filters that select nothing, add and replace",
)
def a_filter_without_a_match_selects_all(defect: Defect) -> None:
    """An add or replace whose filter selects nothing changes every value."""

    def change(step: Step, sound: Sound) -> Any:
        idle = step.op != "remove" and step.target.filter is not None and step.before and not _found(step)
        if not idle or step.target.part is None:
            return sound(step)
        return sound(replace(step, op="replace", target=replace(step.target, filter=None)))

    patches.steps(defect, multivalued, change)


@mutant(clauses=("7644-3.5.2.1-13",), trips={"patch.add_with_a_filter_sets_what_it_selects"}, only="add")
def an_add_with_a_filter_makes_another_value(defect: Defect) -> None:
    """An add whose filter selects a value adds another one in place of setting it."""

    def change(step: Step, sound: Sound) -> Any:
        if step.op != "add" or step.target.filter is None or step.target.part is None or not _found(step):
            return sound(step)
        return [*step.before, *sound(replace(step, before=[]))]

    patches.steps(defect, multivalued, change)


@mutant(
    clauses=("7644-3.5.2.3-08",),
    trips={
        "patch.replace_of_a_part_changes_all_that_is_selected",
        "patch.replace_with_a_filter_replaces_all_it_selects",
    },
    only="the second and later matches of a replace",
)
def a_replace_changes_the_first_match(defect: Defect) -> None:
    """Of the values that the filter of a replace selects the first is changed."""

    def change(step: Step, sound: Sound) -> Any:
        if step.op != "replace" or step.target.filter is None:
            return sound(step)
        found = _found(step)
        cut = found[1] if len(found) > 1 else len(step.before)
        return [*sound(replace(step, before=step.before[:cut])), *step.before[cut:]]

    patches.steps(defect, multivalued, change)


@mutant(
    clauses=("7644-3.5.2.3-09",),
    trips={
        "patch.a_new_primary_value_resets_the_others",
        "patch.add_appends_values",
        "patch.every_form_of_path_is_understood",
        "patch.replace_of_a_part_changes_all_that_is_selected",
    },
    only="replace of a sub-attribute",
)
def a_replaced_part_changes_in_every_value(defect: Defect) -> None:
    """Replacing a sub-attribute behind a bracket that selects something changes it in every value."""

    def change(step: Step, sound: Sound) -> Any:
        some = step.op == "replace" and step.target.filter is not None and step.target.part and _found(step)
        return sound(replace(step, target=replace(step.target, filter=None)) if some else step)

    patches.steps(defect, multivalued, change)


@mutant(
    clauses=("7644-3.5.2.2-06",),
    trips={
        "patch.a_sequence_of_operations_leaves_what_the_model_says",
        "patch.remove_with_a_filter_removes_what_it_selects",
    },
    only="the second and later matches of a remove",
)
def a_remove_takes_the_first_match(defect: Defect) -> None:
    """Of the values that the filter of a remove selects the first is removed."""

    def change(step: Step, sound: Sound) -> Any:
        if step.op != "remove" or step.target.filter is None or step.target.part is not None:
            return sound(step)
        first = _found(step)[:1]
        return [each for index, each in enumerate(step.before) if index not in first]

    patches.steps(defect, multivalued, change)


@mutant(
    clauses=("7644-3.5.2.2-08",),
    trips={
        "patch.a_sequence_of_operations_leaves_what_the_model_says",
        "patch.remove_of_a_part_takes_it_from_what_is_selected",
    },
    only="remove of a sub-attribute",
)
def a_removed_part_goes_from_every_value(defect: Defect) -> None:
    """Removing a sub-attribute behind a bracket takes it from every value."""

    def change(step: Step, sound: Sound) -> Any:
        part = step.op == "remove" and step.target.filter is not None and step.target.part is not None
        return sound(replace(step, target=replace(step.target, filter=None)) if part else step)

    patches.steps(defect, multivalued, change)


@mutant(clauses=("7643-2.5-07",), trips={"patch.a_text_is_replaced"}, only="an empty list")
def an_empty_list_changes_nothing(defect: Defect) -> None:
    """A replace by an empty list leaves the values as they are."""
    patches.steps(
        defect,
        multivalued,
        lambda step, sound: step.before if step.op == "replace" and step.raw == [] else sound(step),
    )


@mutant(clauses=("7644-3.5.2-12",), trips={"patch.a_value_of_another_type_is_refused"}, only="texts for complex values")
def a_text_is_a_value_of_a_list(defect: Defect) -> None:
    """A bare text is taken for the value of a complex element."""

    def change(step: Step, sound: Sound) -> Any:
        bare = step.whole and isinstance(step.raw, str) and step.raw and step.target.attribute.sub("value")
        return sound(replace(step, raw={"value": step.raw}) if bare and step.op != "remove" else step)

    patches.steps(defect, multivalued, change)


@mutant(clauses=("7644-3.5.2.3-04",), trips={"patch.members_are_replaced_and_removed_as_a_whole"}, only="members")
def replacing_the_members_adds_some(defect: Defect) -> None:
    """A replace of `members` adds the new ones and removes nobody."""

    def change(_members: Any, step: Step, sound: Any) -> None:
        sound(replace(step, op="add") if step.op == "replace" and step.whole and step.raw else step)

    patches.memberships(defect, change)


@mutant(clauses=("7644-3.5.2.2-06",), trips={"patch.a_member_is_removed_by_its_id"}, only="members")
def removing_one_member_removes_all(defect: Defect) -> None:
    """A remove of `members[value eq "…"]` overlooks the bracket."""

    def change(_members: Any, step: Step, sound: Any) -> None:
        sound(replace(step, target=replace(step.target, filter=None)) if step.op == "remove" else step)

    patches.memberships(defect, change)


@mutant(clauses=("7644-3.5.2-10",), trips={"patch.an_immutable_value_is_set_once"}, only="members selected by a filter")
def a_member_becomes_another(defect: Defect) -> None:
    """A replace of `members[value eq "…"].value` puts another member in the place of the first."""

    def change(members: Any, step: Step, sound: Any) -> None:
        try:
            sound(step)
        except Mutability:
            found = members.matching(step.target.filter) if step.target.filter else []
            new = step.raw.get("value") if isinstance(step.raw, dict) else step.raw
            if step.op != "replace" or not found or not isinstance(new, str):
                raise
            members.remove(found)
            members.add([new])

    patches.memberships(defect, change)
