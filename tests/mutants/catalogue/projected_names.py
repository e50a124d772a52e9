"""Defects of the names in `attributes` and `excludedAttributes`: how they are read, what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mock_samanage.scim import projection as projecting
from mock_samanage.scim.registry import USER_URN
from mock_samanage.scim.schema import ResourceType
from mock_samanage.scim.syntax import AttrPath
from mock_samanage.web import parameters
from mock_samanage.web import projection as shown
from mock_samanage.web.call import Call
from mock_samanage.web.projection import Projection
from tests.mutants.answers import Json
from tests.mutants.catalogue.projecting import EVERYTHING, Document, Places, cut, kept, placed
from tests.mutants.mutant import Defect, mutant


@mutant(
    clauses=("7644-3.9-05",),
    trips={
        "projection.a_named_attribute_without_a_value",
        "projection.names_are_separated_by_commas",
        "projection.names_come_in_any_case",
    },
    only="the third and later names",
)
def two_names_are_read(defect: Defect) -> None:
    """Of the names in `attributes` the first two count."""

    def change(_: Call, wanted: Projection) -> Projection:
        return replace(wanted, attributes=wanted.attributes[:2])

    kept(defect, change)


@mutant(clauses=("7644-3.9-05",), trips={"projection.names_are_separated_by_commas"}, only="names after a blank")
def a_blank_hides_a_name(defect: Defect) -> None:
    """A name after a comma and a blank counts for nothing."""

    def names(sent: parameters.Parameters, name: str) -> tuple[str, ...]:
        return tuple(each for each in old(sent, name) if not each.startswith(" "))

    old = defect.replace(parameters, "_names", names)


@mutant(
    clauses=("7644-3.4.2.5-03",), trips={"projection.names_may_be_qualified"}, only="qualified names of the core schema"
)
def the_core_schema_has_no_urn(defect: Defect) -> None:
    """Names that are qualified by the URN of the core schema count for nothing."""
    placed(defect, lambda name, found: [] if name.uri and name.uri.lower() == USER_URN.lower() else found)


@mutant(clauses=("7644-3.4.2.5-03",), trips={"projection.attributes_of_an_extension_can_be_named"}, only="extensions")
def an_attribute_brings_its_extension(defect: Defect) -> None:
    """Naming an attribute of an extension shows all of that extension."""

    def change(wanted: Projection, document: Document, left: Json) -> None:
        left.update({name: document[name] for name in left if ":" in name and wanted.attributes})

    cut(defect, change)


@mutant(
    clauses=("7644-3.10-09",), trips={"projection.the_urn_of_an_extension_as_a_name"}, only="the URN of an extension"
)
def the_urn_of_an_extension_is_its_first_attribute(defect: Defect) -> None:
    """Naming an extension by its URN shows the first of its attributes that has a value."""

    def change(wanted: Projection, _: Document, left: Json) -> None:
        named = {str(path).lower() for path in wanted.attributes}
        for name in [name for name in left if name.lower() in named and ":" in name]:
            left[name] = dict(list(left[name].items())[:1])

    cut(defect, change)


@mutant(clauses=("7644-3.10-10",), trips={"projection.names_come_in_any_case"}, only="names in another case")
def names_to_show_have_case(defect: Defect) -> None:
    """A name counts for nothing when it is not spelt as in the schema."""

    def change(name: AttrPath, found: Places) -> Places:
        return [each for each in found if name.name in each[0]]

    placed(defect, change)


@mutant(clauses=("7644-3.9-07",), trips={"projection.both_parameters_at_once"}, only="both parameters at once")
def two_parameters_cancel_each_other(defect: Defect) -> None:
    """With both parameters everything is shown."""

    def both(attributes: tuple[str, ...], excluded: tuple[str, ...]) -> Projection:
        found: Projection = EVERYTHING if attributes and excluded else old(attributes, excluded)
        return found

    old = shown.projection
    defect.replace(parameters, "projection", both)


@mutant(
    clauses=("7644-3.4.2.5-06",),
    trips={"projection.attributes_replace_the_usual_ones", "projection.unknown_names_are_ignored_or_refused"},
    only="unknown names",
)
def unknown_names_ask_for_everything(defect: Defect) -> None:
    """`attributes` with nothing but unknown names shows everything."""

    def named(kind: ResourceType, document: Document, attributes: Sequence[AttrPath], *arguments: Any) -> Document:
        known = [path for path in attributes if projecting._places(kind, path)]
        return old(kind, document, known, *arguments)  # type: ignore[no-any-return]

    old = defect.replace(shown, "project", named)


@mutant(clauses=("7644-3.4.2.5-07",), trips={"projection.an_empty_list_of_names"}, only="`attributes` without a name")
def an_empty_list_of_names_shows_nothing(defect: Defect) -> None:
    """With an empty `attributes` a resource is an empty object."""

    def show(self: Call, *arguments: Any) -> Document:
        found: Document = old(self, *arguments)
        return {} if self.parameters.get("attributes") == "" else found

    old = defect.replace(Call, "shown", show)
