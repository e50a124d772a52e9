"""Defects of managers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from mock_samanage.scim import singular, values
from mock_samanage.scim.bound import BoundCompare
from mock_samanage.scim.patch import _Patching
from mock_samanage.scim.registry import ENTERPRISE_URN
from mock_samanage.tenant import users
from mock_samanage.tenant.users import Users
from tests.mutants.answers import Json
from tests.mutants.edits import Edit, edits, enterprise, sent, shown
from tests.mutants.mutant import Defect, mutant
from tests.mutants.queries import compared


@mutant(clauses=("7643-4.3-06",), trips={"users.a_manager_is_another_user"}, only="the reference of a manager")
def a_manager_leads_to_a_group(defect: Defect) -> None:
    """The reference of a manager is below /Groups."""

    def change(user: Json) -> None:
        manager = enterprise(user).get("manager", {})
        if "$ref" in manager:
            manager["$ref"] = manager["$ref"].replace("/Users/", "/Groups/")

    shown(defect, change)


@mutant(
    clauses=("7643-4.3-07",),
    trips={
        "schemas.read_only_attributes_stay_whatever_a_client_writes",
        "users.the_name_of_a_manager_is_read_only",
    },
    only="manager.displayName in an object",
)
def a_manager_is_called_what_the_client_says(defect: Defect) -> None:
    """The displayName of a manager is stored as a client sends it."""

    def parts(attribute: Any, raw: Any, where: str, dialect: Any) -> Any:
        found = old(attribute, raw, where, dialect)
        if attribute.name == "manager" and isinstance(raw.get("displayName"), str):
            found["displayName"] = raw["displayName"]
        return found

    old = defect.replace(values, "_parts", parts)


@mutant(clauses=("7643-4.3-08",), trips={"users.the_id_of_a_manager_is_case_exact"}, only="manager.value")
def managers_are_found_in_any_case(defect: Defect) -> None:
    """Ids are UUIDs in small letters, and a manager is found by an id in any case."""

    def change(node: BoundCompare) -> BoundCompare:
        of_manager = node.path.endswith(":manager.value") and isinstance(node.key, str)
        return replace(node, key=str(node.key).lower()) if of_manager else node

    defect.replace(users, "new_id", lambda *_: str(uuid4()))
    compared(defect, change)


def _written(defect: Defect, kind: type) -> None:
    """A manager that is written in a form other than an object is lost."""

    def link(attribute: Any, raw: object) -> object:
        lost = not attribute.multi_valued and isinstance(raw, kind) and raw
        return None if lost else old(attribute, raw)

    old = defect.replace(values, "written_link", link)


@mutant(
    clauses=("PRAC-E-03", "ENTRA-2.6-02"),
    trips={
        "dialects.a_manager_in_a_body_is_a_plain_string",
        "dialects.a_manager_in_odd_shapes_is_read_or_refused",
        "dialects.a_manager_is_a_plain_string",
        "users.a_manager_is_read_in_other_shapes",
    },
    only="managers that are texts",
)
def a_manager_that_is_a_text_is_lost(defect: Defect) -> None:
    """A manager that is written as a bare id is overlooked, and the present one is unassigned."""
    _written(defect, str)


@mutant(
    clauses=("PRAC-E-03", "ENTRA-2.6-01"),
    trips={
        "dialects.a_manager_in_odd_shapes_is_read_or_refused",
        "dialects.a_manager_is_a_list_with_a_reference",
        "users.a_manager_is_read_in_other_shapes",
    },
    only="managers that are lists",
)
def a_manager_that_is_a_list_is_lost(defect: Defect) -> None:
    """A manager that is written as a list is overlooked, and the present one is unassigned."""
    _written(defect, list)


@mutant(clauses=("ENTRA-2.6-08",), trips={"dialects.a_manager_in_a_body_is_a_plain_string"}, only="create and replace")
def a_manager_in_a_body_is_an_object(defect: Defect) -> None:
    """A manager that is a bare id in the body of a create or replace is lost."""

    def change(body: Json) -> None:
        extension = body.get(ENTERPRISE_URN)
        if isinstance(extension, dict) and isinstance(extension.get("manager"), str):
            del extension["manager"]

    sent(defect, change)


def _managers(defect: Defect, change: Callable[[Edit, Callable[[Edit], Any]], Any]) -> None:
    """Changes what a PATCH makes of a manager."""

    def edit(edit: Edit, sound: Callable[[Edit], Any]) -> Any:
        return change(edit, sound) if edit.name == "manager" else sound(edit)

    edits(defect, singular, edit)


@mutant(
    clauses=("ENTRA-2.6-02", "ENTRA-2.6-03"),
    trips={
        "dialects.a_manager_in_odd_shapes_is_read_or_refused",
        "dialects.a_manager_is_a_plain_string",
        "dialects.a_manager_is_an_object",
        "dialects.a_manager_is_cleared",
    },
    only="users with a manager",
)
def a_manager_stays_for_good(defect: Defect) -> None:
    """A PATCH that sets another manager succeeds and leaves the present one."""
    _managers(defect, lambda edit, sound: edit.before if edit.before and edit.raw else sound(edit))


@mutant(
    clauses=("ENTRA-2.6-04", "7643-2.5-04"),
    trips={
        "dialects.a_manager_is_cleared",
        "users.a_manager_is_unassigned",
    },
    only="PATCH",
)
def without_a_manager_there_is_no_extension(defect: Defect) -> None:
    """A PATCH that unassigns a manager takes the whole extension along."""

    def store(self: _Patching, target: Any, value: object) -> None:
        old(self, target, value)
        if target.attribute.name == "manager" and not value:
            self.document.pop(ENTERPRISE_URN, None)

    old = defect.replace(_Patching, "_store", store)


@mutant(clauses=("7643-2.5-04",), trips={"users.a_manager_is_unassigned"}, only="replace")
def a_replace_keeps_the_manager(defect: Defect) -> None:
    """A replace without a manager leaves the present one."""

    def kept(self: Users, session: Any, record: Any, document: Json) -> Any:
        manager = enterprise(record.document).get("manager")
        if manager and "manager" not in enterprise(document):
            document = document | {ENTERPRISE_URN: enterprise(document) | {"manager": manager}}
        return old(self, session, record, document)

    old = defect.replace(Users, "replace", kept)


@mutant(
    clauses=("OKTA-9.4-01",), trips={"dialects.onelogin_names_a_manager_its_own_way"}, only="unknown parts of a manager"
)
def an_unknown_part_of_a_manager_is_fatal(defect: Defect) -> None:
    """The server fails at a manager with a sub-attribute that the schema lacks."""

    def parts(attribute: Any, raw: Any, where: str, dialect: Any) -> Any:
        unknown = [name for name in raw if attribute.sub(name) is None] if attribute.name == "manager" else []
        if unknown:
            raise KeyError(unknown[0])
        return old(attribute, raw, where, dialect)

    old = defect.replace(values, "_parts", parts)
