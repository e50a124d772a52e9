"""Defects in showing roles: in answers, in /Schemas, and to filters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mock_samanage.scim.syntax import And, Compare, Filter, Not, Or, ValuePath
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.resource import Query, Resource
from tests.mutants.answers import Json, changed, declared, resources
from tests.mutants.mutant import Defect, Environ, Reply, mutant


def _shown(defect: Defect, when: Any, change: Any) -> None:
    """Changes the roles of every user in the answers that `when` chooses."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if reply.code not in {200, 201} or not when(environ):
            return reply

        def each(body: Json) -> None:
            for user in resources(body):
                if user.get("roles"):
                    user["roles"] = change(user["roles"])

        return changed(reply, each)

    defect.answers(rewrite)


@mutant(clauses=("SAM-ROLE-58",), trips={"roles.a_role_is_answered_in_one_form"}, only="lists")
def a_listed_role_has_no_display(defect: Defect) -> None:
    """In lists a role has a value and no display."""

    def listed(environ: Environ) -> bool:
        return environ["REQUEST_METHOD"] == "GET" and environ["PATH_INFO"] in {"/Users", "/Users/"}

    _shown(defect, listed, lambda given: [{"value": role["value"], "primary": True} for role in given])


@mutant(
    clauses=("SAM-ROLE-09", "SAM-ROLE-58"),
    trips={
        "roles.a_list_is_understood_on_patch",
        "roles.adding_a_role_replaces_the_one_there_is",
        "roles.each_key_is_understood_on_patch",
        "roles.empty_roles_in_a_patch_reset_the_role",
        "roles.extras_beside_the_name_are_ignored",
        "roles.json_text_is_understood_on_patch",
        "roles.one_role_named_twice_counts_once_on_patch",
        "roles.text_inside_value_is_understood_on_patch",
        "roles.the_documented_form_is_understood_on_patch",
    },
    only="the answer of a PATCH",
)
def a_patch_shows_the_role_before(defect: Defect) -> None:
    """The answer of a PATCH shows the role that the user had before."""

    def patch(self: Directory, type_name: str, resource_id: str, *given: Any, **options: Any) -> Resource:
        with self._store.reading() as session:
            before = self._find(session, type_name, resource_id).document
        after: Resource = old(self, type_name, resource_id, *given, **options)
        kept = {"roles": before["roles"]} if "roles" in before else {}
        return replace(after, document={**after.document, **kept})

    old = defect.replace(Directory, "patch", patch)


@mutant(clauses=("SAM-ROLE-59",), trips={"roles.a_role_is_answered_in_one_form"}, only="the last built-in role")
def the_schema_forgets_the_requester(defect: Defect) -> None:
    """/Schemas declares every role but the Requester, which needs no licence."""

    def change(document: Json) -> None:
        for attribute in document.get("attributes", ()):
            if attribute["name"] == "roles":
                value = attribute["subAttributes"][0]
                value["canonicalValues"] = [role for role in value["canonicalValues"] if role != "Requester"]

    declared(defect, change)


def _without_value(filter_: Filter) -> Filter:
    """The filter, where a bracket that also names `primary` forgets its other terms."""
    match filter_:
        case And(terms) | Or(terms):
            return replace(filter_, terms=tuple(map(_without_value, terms)))
        case Not(term):
            return Not(_without_value(term))
        case ValuePath(path, And(terms)) if path.name.lower() == "roles":
            primary = [each for each in terms if isinstance(each, Compare) and each.path.name.lower() == "primary"]
            return ValuePath(path, primary[0]) if primary else filter_
        case _:
            return filter_


@mutant(clauses=("SAM-ROLE-60",), trips={"roles.users_are_found_by_their_role"}, only="a bracket with `primary`")
def a_primary_role_matches_whatever_it_is(defect: Defect) -> None:
    """In `roles[primary eq true and value eq …]` only `primary` is compared."""

    def query(self: Directory, type_names: Any, asked_for: Query) -> Any:
        return old(self, type_names, replace(asked_for, filter=asked_for.filter and _without_value(asked_for.filter)))

    old = defect.replace(Directory, "query", query)
