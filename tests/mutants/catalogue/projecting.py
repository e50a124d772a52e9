"""Defects of `attributes` and `excludedAttributes`: what of a resource an answer shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mock_samanage.scim import projection as projecting
from mock_samanage.scim.projection import Place
from mock_samanage.scim.registry import USER_URN
from mock_samanage.scim.schema import Attribute, ResourceType
from mock_samanage.scim.syntax import AttrPath
from mock_samanage.web.call import Call
from mock_samanage.web.projection import Projection
from tests.mutants.answers import Json, declared
from tests.mutants.catalogue.schemas import _attribute
from tests.mutants.mutant import Defect, mutant

Document = Mapping[str, Any]
Places = list[tuple[Place, Attribute]]
EVERYTHING = Projection()


def kept(defect: Defect, change: Callable[[Call, Projection], Projection]) -> None:
    """Changes the projection of every resource an answer shows, by the request."""

    def show(self: Call, resource: Any, wanted: Projection, *arguments: Any) -> Document:
        return old(self, resource, change(self, wanted), *arguments)  # type: ignore[no-any-return]

    old = defect.replace(Call, "shown", show)


def cut(defect: Defect, change: Callable[[Projection, Document, Json], None]) -> None:
    """Changes what a projection shows: `change` gets it, the whole document, and what is shown of it."""

    def apply(self: Projection, kind: ResourceType, document: Document, *arguments: Any) -> Document:
        left = dict(old(self, kind, document, *arguments))
        change(self, document, left)
        return left

    old = defect.replace(Projection, "apply", apply)


def placed(defect: Defect, change: Callable[[AttrPath, Places], Places]) -> None:
    """Changes what a name of either parameter means."""

    def places(kind: ResourceType, name: AttrPath) -> Places:
        return change(name, old(kind, name))

    old = defect.replace(projecting, "_places", places)


def lists(call: Call) -> bool:
    """Whether the request reads more than one resource."""
    path: str = call.environ["PATH_INFO"]
    return call.environ["REQUEST_METHOD"] == "GET" and path.count("/") == 1


@mutant(
    clauses=("7644-3.4.2.5-05", "7644-3.4.2.5-02"),
    trips={
        "projection.both_parameters_are_supported",
        "projection.excluded_attributes_leave_the_rest",
        "projection.what_is_always_returned_cannot_be_excluded",
        "search.a_search_equals_the_query",
    },
    only="lists",
)
def lists_exclude_nothing(defect: Defect) -> None:
    """A list overlooks excludedAttributes."""
    kept(defect, lambda call, wanted: replace(wanted, excluded=()) if lists(call) else wanted)


@mutant(
    clauses=("7644-3.9-02",),
    trips={
        "projection.a_complex_attribute_comes_whole",
        "projection.a_named_attribute_without_a_value",
        "projection.attributes_of_an_extension_can_be_named",
        "projection.attributes_replace_the_usual_ones",
        "projection.both_parameters_are_supported",
        "projection.meta_and_its_parts_can_be_named",
        "projection.names_are_separated_by_commas",
        "projection.names_come_in_any_case",
        "projection.names_may_be_qualified",
        "projection.parts_can_be_named",
        "projection.the_urn_of_an_extension_as_a_name",
        "projection.unknown_names_are_ignored_or_refused",
        "schemas.default_attributes_are_shown_unless_others_are_named",
    },
    only="one resource",
)
def attributes_are_for_lists(defect: Defect) -> None:
    """`attributes` is overlooked when one resource is read."""

    def change(call: Call, wanted: Projection) -> Projection:
        single = call.environ["REQUEST_METHOD"] == "GET" and not lists(call)
        return replace(wanted, attributes=()) if single else wanted

    kept(defect, change)


@mutant(
    clauses=("7644-3.9-02",),
    trips={
        "projection.a_complex_attribute_comes_whole",
        "projection.a_named_attribute_without_a_value",
        "projection.attributes_of_an_extension_can_be_named",
        "projection.attributes_replace_the_usual_ones",
        "projection.meta_and_its_parts_can_be_named",
        "projection.names_are_separated_by_commas",
        "projection.names_come_in_any_case",
        "projection.names_may_be_qualified",
        "projection.parts_can_be_named",
        "projection.the_urn_of_an_extension_as_a_name",
        "projection.unknown_names_are_ignored_or_refused",
    },
    only="externalId",
)
def attributes_leave_the_external_id(defect: Defect) -> None:
    """The externalId is shown whatever `attributes` names."""

    def change(_: Projection, document: Document, left: Json) -> None:
        left.update({name: document[name] for name in ("externalId",) if name in document})

    cut(defect, change)


@mutant(
    clauses=("7644-3.9-03",),
    trips={
        "projection.meta_and_its_parts_can_be_named",
        "projection.names_may_be_qualified",
        "projection.parts_can_be_named",
    },
    only="parts of attributes with one value",
)
def a_part_brings_the_whole(defect: Defect) -> None:
    """Naming a part of a complex attribute with one value shows all of it."""

    def change(wanted: Projection, document: Document, left: Json) -> None:
        parents = {path.name.lower() for path in wanted.attributes if path.sub}
        left.update({name: document[name] for name in left if name.lower() in parents and type(document[name]) is dict})

    cut(defect, change)


@mutant(clauses=("7644-3.9-03",), trips={"projection.parts_can_be_named"}, only="parts of the second and later values")
def a_part_is_shown_of_the_first_value(defect: Defect) -> None:
    """Naming a part of an attribute with several values shows that of the first."""

    def change(wanted: Projection, _: Document, left: Json) -> None:
        parents = {path.name.lower() for path in wanted.attributes if path.sub}
        left.update({name: left[name][:1] for name in left if name.lower() in parents and type(left[name]) is list})

    cut(defect, change)


@mutant(
    clauses=("7644-3.9-04",),
    trips={
        "projection.a_complex_attribute_comes_whole",
        "projection.meta_and_its_parts_can_be_named",
        "projection.names_are_separated_by_commas",
    },
    only="complex attributes",
)
def a_complex_attribute_comes_with_one_part(defect: Defect) -> None:
    """Naming a complex attribute with one value shows the first of its parts."""

    def change(wanted: Projection, _: Document, left: Json) -> None:
        for name in {path.name for path in wanted.attributes if not path.sub} & left.keys():
            if isinstance(left[name], dict):
                left[name] = dict(list(left[name].items())[:1])

    cut(defect, change)


@mutant(
    clauses=("7644-3.9-06",),
    trips={
        "projection.excluded_attributes_leave_the_rest",
        "projection.names_come_in_any_case",
        "projection.unknown_names_are_ignored_or_refused",
        "projection.writes_are_projected_and_stored_whole",
    },
    only="parts",
)
def an_excluded_part_takes_the_whole(defect: Defect) -> None:
    """Excluding a part of an attribute excludes the attribute."""

    def change(wanted: Projection, _: Document, left: Json) -> None:
        for path in wanted.excluded:
            if path.sub:
                left.pop(path.name, None)

    cut(defect, change)


@mutant(
    clauses=("7644-3.4.2.5-04",),
    trips={"projection.what_is_always_returned_cannot_be_excluded", "search.a_search_keeps_what_is_always_there"},
    only="the id",
)
def excluding_the_id_works(defect: Defect) -> None:
    """A resource is shown without its id where excludedAttributes names it."""

    def change(wanted: Projection, _: Document, left: Json) -> None:
        if any(str(path).lower() == "id" for path in wanted.excluded):
            left.pop("id", None)

    cut(defect, change)


@mutant(clauses=("7643-3.1-27",), trips={"projection.meta_and_its_parts_can_be_named"}, only="parts of meta")
def meta_comes_whole(defect: Defect) -> None:
    """Naming a part of meta shows all of it."""

    def change(_: Projection, document: Document, left: Json) -> None:
        if "meta" in left:
            left["meta"] = document["meta"]

    cut(defect, change)


@mutant(clauses=("7643-3-09",), trips={"projection.schemas_stay_in_what_is_shown"}, only="schemas")
def schemas_are_shown_when_named(defect: Defect) -> None:
    """With `attributes` a resource has no `schemas` unless they are named."""

    def change(wanted: Projection, _: Document, left: Json) -> None:
        if wanted.attributes and "schemas" not in {path.name.lower() for path in wanted.attributes}:
            left.pop("schemas", None)

    cut(defect, change)


@mutant(
    clauses=("7643-2.5-06",),
    trips={"projection.a_named_attribute_without_a_value", "projection.attributes_replace_the_usual_ones"},
    only="attributes without a value",
)
def a_missing_value_is_shown_as_empty_text(defect: Defect) -> None:
    """A named attribute without a value is shown as an empty text."""

    def change(wanted: Projection, document: Document, left: Json) -> None:
        known = {"title": "title", "nickname": "nickName", "usertype": "userType", "locale": "locale"}
        names = [known[path.name.lower()] for path in wanted.attributes if path.name.lower() in known]
        left.update({name: "" for name in names if name not in document})

    cut(defect, change)


@mutant(
    clauses=("7643-7-33",),
    trips={
        "projection.what_is_returned_on_request_comes_when_named",
        "schemas.attributes_returned_on_request_come_when_named_or_written",
    },
    only="an attribute that is returned on request",
)
def what_is_returned_on_request_never_comes(defect: Defect) -> None:
    """The User schema declares timezone as returned on request, and no answer has it."""

    def declare(document: Json) -> None:
        for definition in _attribute(document, USER_URN, "timezone"):
            definition["returned"] = "request"

    declared(defect, declare)
    cut(defect, lambda _wanted, _document, left: left.pop("timezone", None))
