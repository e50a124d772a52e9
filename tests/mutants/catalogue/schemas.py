"""Defects of what /Schemas declares; what the tenant does is sound."""

from __future__ import annotations

from collections.abc import Iterator

from mock_samanage.scim.registry import ENTERPRISE_URN, GROUP_URN, USER_URN
from tests.mutants.answers import Json, declared
from tests.mutants.mutant import Defect, mutant


def _attribute(document: Json, schema: str, *names: str) -> Iterator[Json]:
    """The definition of an attribute or sub-attribute, where the document is its schema."""
    found = [document] if document.get("id") == schema else []
    for key, name in zip(("attributes", "subAttributes"), names, strict=False):
        found = [each for holder in found for each in holder.get(key, ()) if each["name"] == name]
    yield from found


def _declare(defect: Defect, schema: str, *names: str, **characteristics: object) -> None:
    def change(document: Json) -> None:
        for definition in _attribute(document, schema, *names):
            definition.update(characteristics)

    declared(defect, change)


@mutant(
    clauses=("7643-7-07", "7643-7-08", "7643-7-09", "7643-7-10", "7643-7-11"),
    trips={
        "discovery.each_mutability_is_known",
        "discovery.each_returned_is_known",
        "discovery.each_type_is_known",
        "discovery.each_uniqueness_is_known",
        "discovery.flags_are_booleans",
    },
    only="the attribute title",
)
def one_attribute_is_declared_in_free_words(defect: Defect) -> None:
    """The User schema declares title with keywords in another case and with text for booleans."""
    free = {"type": "String", "mutability": "readwrite", "returned": "Default", "uniqueness": "None"}
    _declare(defect, USER_URN, "title", **free, required="false")


@mutant(clauses=("7643-7-06",), trips={"discovery.each_definition_has_a_sound_name"}, only="addresses.country")
def one_part_is_declared_by_its_name_only(defect: Defect) -> None:
    """The User schema says of addresses.country nothing but its name and type."""

    def change(document: Json) -> None:
        for definition in _attribute(document, USER_URN, "addresses", "country"):
            for key in definition.keys() - {"name", "type"}:
                del definition[key]

    declared(defect, change)


@mutant(
    clauses=("7643-7-12",),
    trips={
        "discovery.complex_attributes_are_sound",
        "discovery.the_name_of_a_manager_is_declared_read_only",
    },
    only="manager",
)
def a_complex_attribute_has_no_parts(defect: Defect) -> None:
    """The enterprise schema declares manager as complex and lists no sub-attributes."""
    _declare(defect, ENTERPRISE_URN, "manager", subAttributes=[])


@mutant(
    clauses=("7643-4.1.1-01", "7643-4.1.1-02", "7643-4.1.2-01", "7643-4.2-02", "7643-4.3-01"),
    trips={
        "discovery.groups_of_a_user_are_declared_read_only",
        "discovery.password_is_declared_write_only",
        "discovery.the_group_schema_is_sound",
        "discovery.the_name_of_a_manager_is_declared_read_only",
        "discovery.user_name_is_declared_required_and_unique",
    },
    only="one characteristic of each of five attributes",
)
def five_attributes_are_declared_wrong(defect: Defect) -> None:
    """/Schemas tells of a case-exact userName, a readable password, and three writable parts that are read-only."""
    wrong = (
        (USER_URN, ("userName",), {"caseExact": True}),
        (USER_URN, ("password",), {"mutability": "readWrite", "returned": "default"}),
        (USER_URN, ("groups",), {"mutability": "readWrite"}),
        (GROUP_URN, ("members", "value"), {"mutability": "readWrite"}),
        (ENTERPRISE_URN, ("manager", "displayName"), {"mutability": "readWrite"}),
    )

    def change(document: Json) -> None:
        for schema, names, characteristics in wrong:
            for definition in _attribute(document, schema, *names):
                definition.update(characteristics)

    declared(defect, change)
