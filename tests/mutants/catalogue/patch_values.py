"""Defects of PATCH on single values, on complex ones, on extensions, and without a path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mock_samanage.scim import operations, patch, singular
from mock_samanage.scim.comparison import fold
from mock_samanage.scim.errors import Mutability, Uniqueness
from mock_samanage.scim.patch import _Patching
from mock_samanage.scim.registry import ENTERPRISE_URN
from mock_samanage.scim.schema import AttributeType, Schema
from mock_samanage.tenant import users
from mock_samanage.tenant.directory import Directory
from tests.mutants import patches
from tests.mutants.answers import Json
from tests.mutants.mutant import Defect, mutant
from tests.mutants.patches import Sound, Step


def _complex(step: Step) -> bool:
    return step.target.attribute.type is AttributeType.COMPLEX


@mutant(
    clauses=("7644-3.5.2.3-05",),
    trips={
        "patch.a_sequence_of_operations_leaves_what_the_model_says",
        "patch.a_text_is_replaced",
        "patch.a_value_of_another_type_is_refused",
        "patch.message_members_in_another_case_are_read_or_refused",
        "patch.read_only_members_of_a_value_change_nothing",
        "patch.success_is_the_resource_or_no_content",
        "state_machine.users_live_as_the_model_says",
    },
    only="values that are not there",
)
def a_replace_needs_something_to_replace(defect: Defect) -> None:
    """A replace of a simple value that is not there succeeds and sets nothing."""

    def change(step: Step, sound: Sound) -> Any:
        absent = step.op == "replace" and not _complex(step) and step.before is None
        return None if absent else sound(step)

    patches.steps(defect, singular, change)


@mutant(clauses=("7644-3.5.2.2-02",), trips={"patch.a_text_is_added_and_removed"}, only="texts")
def a_removed_text_is_empty(defect: Defect) -> None:
    """A text that is removed is an empty text from then on."""

    def change(step: Step, sound: Sound) -> Any:
        after = sound(step)
        return "" if step.op == "remove" and isinstance(step.before, str) else after

    patches.steps(defect, singular, change)


@mutant(
    clauses=("7644-3.5.2.1-07",),
    trips={"patch.a_part_of_a_name_is_set", "patch.a_sequence_of_operations_leaves_what_the_model_says"},
    only="add",
)
def an_add_replaces_a_complex_value(defect: Defect) -> None:
    """An add to a complex value drops the parts that it does not name."""

    def change(step: Step, sound: Sound) -> Any:
        return sound(replace(step, before=None) if step.op == "add" and step.whole and _complex(step) else step)

    patches.steps(defect, singular, change)


@mutant(
    clauses=("7644-3.5.2.2-03",),
    trips={"patch.a_name_is_removed_in_part_and_as_a_whole"},
    only="remove of a sub-attribute",
)
def removing_a_part_removes_the_whole(defect: Defect) -> None:
    """Removing a sub-attribute of a single value removes the value."""

    def change(step: Step, sound: Sound) -> Any:
        after = sound(step)
        return None if step.op == "remove" and step.target.part else after

    patches.steps(defect, singular, change)


@mutant(
    clauses=("7644-3.12-31",),
    trips={"patch.read_only_and_required_attributes_stay"},
    only="empty values for userName and displayName",
)
def emptying_a_name_changes_nothing(defect: Defect) -> None:
    """A replace of a required attribute by nothing succeeds and changes nothing."""

    def change(step: Step, sound: Sound) -> Any:
        empty = step.op == "replace" and step.target.attribute.required and step.raw in (None, "")
        return step.before if empty else sound(step)

    patches.steps(defect, singular, change)


@mutant(
    clauses=("7644-3.5.2.3-11",), trips={"patch.a_change_moves_the_time_of_change"}, only="userName in its own spelling"
)
def a_name_is_taken_by_its_owner(defect: Defect) -> None:
    """A replace of userName by the same userName is a clash."""

    def change(step: Step, sound: Sound) -> Any:
        named = step.op == "replace" and step.target.attribute.name == "userName" and isinstance(step.raw, str)
        if named and fold(step.raw) == fold(step.before):
            raise Uniqueness(f"userName {step.raw!r} is taken; it must be unique.")
        return sound(step)

    patches.steps(defect, singular, change)


@mutant(clauses=("7644-3.12-30",), trips={"patch.a_taken_name_cannot_be_patched_in"}, only="PATCH")
def a_clash_in_a_patch_is_passed_over(defect: Defect) -> None:
    """A PATCH with a userName that is taken succeeds and changes nothing."""

    def patch_(self: Directory, kind: str, rid: str, *arguments: Any, **options: Any) -> Any:
        try:
            return old(self, kind, rid, *arguments, **options)
        except Uniqueness:
            return self.get(kind, rid)

    old = defect.replace(Directory, "patch", patch_)


@mutant(clauses=("7644-3.5.2.1-02",), trips={"patch.an_operation_lacks_nothing"}, only="add")
def an_add_of_nothing_succeeds(defect: Defect) -> None:
    """An add without a value succeeds and adds nothing."""

    def operation(item: Any, where: str) -> Any:
        bare = isinstance(item, dict) and str(item.get("op")).lower() == "add" and "value" not in item
        return old({**item, "value": {}, "path": None} if bare else item, where)

    old = defect.replace(operations, "_operation", operation)


@mutant(
    clauses=("7644-3.5.2.3-01",),
    trips={
        "patch.a_sequence_of_operations_leaves_what_the_model_says",
        "patch.read_only_members_of_a_value_change_nothing",
        "patch.the_request_need_not_repeat_the_schemas",
        "patch.without_a_path_the_value_lists_attributes",
    },
    only="replace without a path",
)
def a_replace_without_path_is_a_put(defect: Defect) -> None:
    """A replace without a path drops title, nickName and displayName where its value does not name them."""

    def apply_all(self: _Patching, op: str, value: object) -> None:
        old(self, op, value)
        if op == "replace" and isinstance(value, dict) and self.resource_type.name == "User":
            named = {key.lower() for key in value}
            for name in ("title", "nickName", "displayName"):
                if name.lower() not in named:
                    self.document.pop(name, None)

    old = defect.replace(_Patching, "_apply_all", apply_all)


def _patched(defect: Defect, change: Any) -> None:
    """Changes the documents of users that PATCH leaves."""

    def apply_patch(kind: Any, document: Mapping[str, Any], body: Json, **options: Any) -> Any:
        after = old(kind, document, body, **options)
        change(document, after, body)
        return after

    old = defect.replace(users, "apply_patch", apply_patch)


@mutant(
    clauses=("7644-3.5.2-21",),
    trips={
        "patch.a_simple_value_is_selected_or_refused",
        "patch.an_added_schema_lets_its_attributes_follow",
        "patch.paths_may_be_qualified_and_in_any_case",
    },
    only="`schemas`",
)
def a_patch_leaves_schemas_alone(defect: Defect) -> None:
    """A PATCH that adds the first attribute of an extension does not add its URN to `schemas`."""
    _patched(defect, lambda before, after, _body: after.update(schemas=before["schemas"]))


@mutant(
    clauses=("7644-3.5.2-25",),
    trips={
        "patch.an_added_schema_lets_its_attributes_follow",
        "patch.paths_may_be_qualified_and_in_any_case",
        "patch.the_request_need_not_repeat_the_schemas",
    },
    only="paths into an extension that the request does not name",
)
def the_request_names_the_extension(defect: Defect) -> None:
    """A path into an extension whose URN is not in the `schemas` of the request succeeds and changes nothing."""

    def read(body: Json) -> Any:
        named = [uri.lower() for uri in body.get("schemas", ()) if isinstance(uri, str)]
        sent = old(body)
        if ENTERPRISE_URN.lower() in named:
            return sent
        return tuple(each for each in sent if not (each.path or "").lower().startswith(ENTERPRISE_URN.lower() + ":"))

    old = defect.replace(patch, "read_operations", read)


@mutant(
    clauses=("7644-3.5.2-22",),
    trips={"patch.an_added_schema_lets_its_attributes_follow"},
    only="operations behind one on `schemas`",
)
def schemas_end_the_message(defect: Defect) -> None:
    """Operations behind one on `schemas` are not applied."""

    def change(sent: list[operations.Operation]) -> list[operations.Operation]:
        places = [index for index, each in enumerate(sent) if each.path == "schemas"]
        return sent[: places[0] + 1] if places else sent

    patches.operations(defect, change)


@mutant(clauses=("7643-3.3-06",), trips={"patch.the_base_schema_stays"}, only="the base schema")
def removing_the_schemas_does_nothing(defect: Defect) -> None:
    """A remove of `schemas` succeeds and leaves them as they are."""

    def removed(*arguments: Any) -> list[Schema]:
        try:
            found: list[Schema] = old(*arguments)
        except Mutability:
            return []
        return found

    old = defect.replace(patch, "extensions_removed", removed)


@mutant(
    clauses=("7644-3.5.2-23",),
    trips={"patch.a_simple_value_is_selected_or_refused"},
    only="simple values behind a bracket",
)
def a_selected_schema_stays(defect: Defect) -> None:
    """A remove of one of the `schemas` by `[value eq …]` succeeds and leaves it."""

    def removed(kind: Any, op: str, target: Any, raw: Any, present: Any) -> list[Schema]:
        found: list[Schema] = old(kind, op, target, raw, present)
        return [] if target.filter is not None else found

    old = defect.replace(patch, "extensions_removed", removed)
