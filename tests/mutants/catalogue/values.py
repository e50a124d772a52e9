"""Defects of lists, and of values that are none."""

from __future__ import annotations

from typing import Any

from mock_samanage.scim import multivalued, values
from mock_samanage.scim import patch as patching
from mock_samanage.scim.bound import BoundCompare, BoundConstant, BoundFilter
from mock_samanage.scim.errors import Conflict, InvalidValue, Mutability
from mock_samanage.scim.registry import ENTERPRISE_URN
from mock_samanage.tenant import users
from mock_samanage.web import call
from tests.mutants.answers import Json, represented
from tests.mutants.mutant import Defect, mutant
from tests.mutants.queries import compared


class _Fault(Conflict):
    """What a server says that fell over a body."""

    status = 500


def _bodies(defect: Defect, change: Any) -> None:
    """Changes the bodies of POST and PUT of users before they are read."""
    defect.wrap(users, "validate", lambda old: lambda kind, body, **options: old(kind, change(body), **options))


@mutant(
    clauses=("7644-3.10-01",), trips={"representation.qualified_names_are_read_in_any_case"}, only="the path of a PATCH"
)
def the_urn_of_a_path_is_read_as_it_is_spelled(defect: Defect) -> None:
    """A PATCH whose path has a URN in capitals has no target and changes nothing."""

    def apply_at(self: Any, op: Any, path: str, value: object) -> None:
        if not path.startswith("URN:"):
            old(self, op, path, value)

    old = defect.replace(patching._Patching, "_apply_at", apply_at)


@mutant(
    clauses=("7643-2.4-01",),
    trips={"patch.one_operation_leaves_one_primary", "representation.one_value_is_primary"},
    only="POST and PUT",
)
def two_values_may_be_primary(defect: Defect) -> None:
    """A body with two primary values is taken as it is."""
    defect.replace(values, "refuse_primaries", lambda _elements, _where: None)


@mutant(clauses=("7643-2.4-02",), trips={"representation.values_are_kept_apart_by_type_and_value"}, only="filters")
def a_value_without_primary_is_primary_to_filters(defect: Defect) -> None:
    """A filter takes a value without `primary` for a primary one."""

    def change(node: BoundCompare) -> BoundFilter:
        return BoundConstant(value=True) if node.path == "emails.primary" and node.key is True else node

    compared(defect, change)


@mutant(
    clauses=("7643-2.4-02",),
    trips={
        "patch.a_filter_on_no_values_has_no_target_or_makes_one",
        "patch.a_sequence_of_operations_leaves_what_the_model_says",
        "patch.add_with_a_filter_sets_what_it_selects",
        "patch.every_form_of_path_is_understood",
        "patch.many_values_come_and_go_at_once",
        "patch.remove_of_a_part_takes_it_from_what_is_selected",
        "patch.replace_with_a_filter_replaces_all_it_selects",
        "patch.without_a_path_the_value_lists_attributes",
        "representation.values_are_kept_apart_by_type_and_value",
    },
    only="the first value",
)
def the_first_value_is_primary(defect: Defect) -> None:
    """Where no address is primary, the first one is shown as primary."""

    def change(found: Json) -> None:
        emails = [dict(each) for each in found.get("emails", ())]
        if emails and not any(each.get("primary") for each in emails):
            emails[0]["primary"] = True
            found["emails"] = emails

    represented(defect, change)


@mutant(clauses=("7643-2.4-03",), trips={"representation.values_are_kept_apart_by_type_and_value"}, only="POST and PUT")
def a_value_can_be_there_twice(defect: Defect) -> None:
    """Values of the same type and text are kept as often as they come."""
    defect.replace(values, "collapsed", lambda _attribute, elements: list(elements))


@mutant(
    clauses=("7643-2.4-06",),
    trips={
        "patch.a_new_primary_value_resets_the_others",
        "patch.a_sequence_of_operations_leaves_what_the_model_says",
        "representation.case_and_order_of_names_do_not_matter",
        "representation.predefined_sub_attributes_have_their_meaning",
    },
    only="primary",
)
def primary_is_a_text(defect: Defect) -> None:
    """`primary` is shown as a string."""

    def change(found: Json) -> None:
        found["emails"] = [
            {**each, "primary": str(each["primary"]).lower()} if "primary" in each else each for each in found["emails"]
        ]

    represented(defect, lambda found: change(found) if "emails" in found else None)


@mutant(
    clauses=("7643-2.4-06",),
    trips={"representation.predefined_sub_attributes_have_their_meaning"},
    only="members of groups",
)
def a_member_is_referred_to_by_its_name(defect: Defect) -> None:
    """`$ref` of a member is its display name."""

    def change(found: Json) -> None:
        for member in found.get("members", ()):
            member["$ref"] = member.get("display", "somebody")

    represented(defect, change)


@mutant(
    clauses=("7643-2.4-07",),
    trips={
        "patch.a_sequence_of_operations_leaves_what_the_model_says",
        "patch.add_with_a_filter_sets_what_it_selects",
        "patch.remove_of_a_part_takes_it_from_what_is_selected",
        "representation.display_is_as_mutable_as_the_schema_says",
    },
    only="emails",
)
def a_display_cannot_be_patched(defect: Defect) -> None:
    """A PATCH of `display` of an address is refused, though the schema calls it readWrite."""

    def changed_(op: Any, target: Any, *rest: Any) -> Any:
        if target.part == "display":
            raise Mutability("display is immutable.")
        return old(op, target, *rest)

    old = defect.replace(multivalued, "changed", changed_)


@mutant(
    clauses=("7643-2.4-07",),
    trips={
        "patch.a_sequence_of_operations_leaves_what_the_model_says",
        "patch.add_with_a_filter_sets_what_it_selects",
        "patch.remove_of_a_part_takes_it_from_what_is_selected",
        "representation.display_is_as_mutable_as_the_schema_says",
    },
    only="emails",
)
def a_patched_display_is_forgotten(defect: Defect) -> None:
    """A PATCH of `display` of an address is done, and changes nothing."""

    def changed_(op: Any, target: Any, elements: Any, *rest: Any) -> Any:
        return elements if target.part == "display" else old(op, target, elements, *rest)

    old = defect.replace(multivalued, "changed", changed_)


@mutant(
    clauses=("7643-2.5-01",),
    trips={"replace.null_and_an_empty_list_clear", "representation.null_and_empty_are_as_absent"},
    only="null",
)
def null_is_no_value_of_a_string(defect: Defect) -> None:
    """Null for a simple attribute is refused in a body."""

    def change(body: Json) -> Json:
        empty = [name for name, value in body.items() if value is None]
        if empty:
            raise InvalidValue(f"{empty[0]} must be a string; it is null.")
        return body

    _bodies(defect, change)


@mutant(
    clauses=("7643-2.5-01",),
    trips={"replace.null_and_an_empty_list_clear", "representation.null_and_empty_are_as_absent"},
    only="the empty array",
)
def an_empty_list_is_an_empty_value(defect: Defect) -> None:
    """An empty array of numbers or addresses makes one element without a value."""

    def validate(kind: Any, body: Json, **options: Any) -> Json:
        found: Json = old(kind, body, **options)
        empty = [name for name in ("phoneNumbers", "addresses") if body.get(name) == []]
        return {**found, **{name: [{"type": "other"}] for name in empty}}

    old = defect.replace(users, "validate", validate)


@mutant(clauses=("7644-3.8-02",), trips={"representation.one_object_is_no_list"}, only="emails")
def one_object_for_a_list_is_lost(defect: Defect) -> None:
    """An object for a multi-valued attribute is ignored."""
    _bodies(
        defect,
        lambda body: {name: item for name, item in body.items() if name != "emails" or not isinstance(item, dict)},
    )


@mutant(
    clauses=("7159-4-01",),
    trips={"representation.a_name_given_twice_is_refused_or_one_wins"},
    only="names that differ in case",
)
def names_that_differ_in_case_are_a_fault(defect: Defect) -> None:
    """A body that has a name in two cases makes the server fail."""

    def parse(data: bytes, **depth: Any) -> Json:
        try:
            found: Json = old(data, **depth)
        except InvalidValue as error:
            if "differ only in case" not in error.detail:
                raise
            raise _Fault("UNIQUE constraint failed.") from None
        return found

    old = defect.replace(call, "parse_json", parse)


@mutant(clauses=("7643-2.4-08",), trips={"representation.references_of_other_versions_are_alike"}, only="manager.$ref")
def a_versioned_reference_is_the_id(defect: Defect) -> None:
    """A manager given by a `$ref` with a version in it is stored with the whole URI for an id."""

    def change(body: Json) -> Json:
        enterprise = body.get(ENTERPRISE_URN)
        manager = enterprise.get("manager") if isinstance(enterprise, dict) else None
        if not isinstance(manager, dict) or "/v2/" not in str(manager.get("$ref")):
            return body
        return {**body, ENTERPRISE_URN: {**(enterprise or {}), "manager": {"value": manager["$ref"]}}}

    _bodies(defect, change)
