"""Defects of `schemas` and of the containers of extensions."""

from __future__ import annotations

from typing import Any

from mock_samanage.scim import patch, validation
from mock_samanage.scim.registry import ENTERPRISE_URN, USER_URN
from mock_samanage.tenant import users
from mock_samanage.tenant.directory import Directory
from tests.mutants.answers import Json, answered, asked, changed, represented, resources, single
from tests.mutants.mutant import Defect, Environ, Reply, mutant


@mutant(
    clauses=("7643-3-01", "7643-2.1-03"),
    trips={
        "listing.entries_are_whole_resources",
        "representation.an_extension_with_data_is_listed",
        "representation.every_representation_names_its_schemas",
        "representation.schemas_stand_in_projected_answers_too",
    },
    only="lists",
)
def list_entries_name_no_schemas(defect: Defect) -> None:
    """The entries of a list have no `schemas`."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        here = asked(environ, "GET", "/Users") or asked(environ, "GET", "/Groups")
        if not here or single(environ, "/Users") or single(environ, "/Groups") or reply.code != 200:
            return reply
        return changed(reply, lambda found: [each.pop("schemas", None) for each in resources(found)])

    defect.answers(rewrite)


@mutant(
    clauses=("7643-3-01",), trips={"representation.schemas_stand_in_projected_answers_too"}, only="projected answers"
)
def projected_answers_name_no_schemas(defect: Defect) -> None:
    """A read with `attributes` has no `schemas`."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        projected = asked(environ, "GET", "/Users") and environ["QUERY_STRING"].startswith("attributes=")
        if not projected or reply.code != 200:
            return reply
        return changed(reply, lambda found: [each.pop("schemas", None) for each in resources(found) if "id" in each])

    defect.answers(rewrite)


@mutant(
    clauses=("7643-3.3-02",),
    trips={
        "patch.an_added_schema_lets_its_attributes_follow",
        "patch.the_request_need_not_repeat_the_schemas",
        "representation.every_representation_names_its_schemas",
    },
    only="users with an extension",
)
def an_extension_displaces_the_base_schema(defect: Defect) -> None:
    """`schemas` of a user with an extension has the URN of the extension alone."""
    represented(
        defect,
        lambda found: found.update(schemas=[ENTERPRISE_URN]) if ENTERPRISE_URN in found else None,
    )


@mutant(
    clauses=("7643-3-03",),
    trips={"representation.every_representation_names_its_schemas", "representation.the_schemas_of_a_body_are_checked"},
)
def schemas_are_listed_twice(defect: Defect) -> None:
    """`schemas` has the base schema twice, at the beginning and at the end."""
    represented(defect, lambda found: found.update(schemas=[*found["schemas"], found["schemas"][0]]))


@mutant(
    clauses=("7643-3-02", "7643-3-06"),
    trips={"representation.an_unknown_schema_is_dropped_or_refused"},
    only="URNs that are unknown",
)
def unknown_schemas_are_repeated(defect: Defect) -> None:
    """`schemas` repeats whatever URNs the body had."""
    sent: dict[str, list[str]] = {}

    def create(self: Directory, type_name: str, body: Json, **options: Any) -> Any:
        made = old(self, type_name, body, **options)
        if isinstance(body.get("schemas"), list):
            sent[made.id] = [urn for urn in body["schemas"] if urn != ENTERPRISE_URN]
        return made

    old = defect.replace(Directory, "create", create)
    represented(
        defect,
        lambda found: found.update(schemas=list(dict.fromkeys([*found["schemas"], *sent.get(found["id"], ())]))),
    )


@mutant(clauses=("7643-3-03",), trips={"representation.the_schemas_of_a_body_are_checked"}, only="URNs sent twice")
def schemas_sent_twice_are_a_list_of_two(defect: Defect) -> None:
    """The answer of a create has a schema twice if the body had it twice."""

    def create(self: Directory, type_name: str, body: Json, **options: Any) -> Any:
        made = old(self, type_name, body, **options)
        sent = body.get("schemas")
        if isinstance(sent, list) and len(sent) != len(set(sent)):
            twice.add(made.id)
        return made

    twice: set[str] = set()
    old = defect.replace(Directory, "create", create)
    represented(
        defect,
        lambda found: found.update(schemas=[*found["schemas"], found["schemas"][0]]) if found["id"] in twice else None,
    )


@mutant(
    clauses=("7643-3-04",), trips={"representation.an_extension_stands_in_its_container"}, only="the order of `schemas`"
)
def the_base_schema_comes_first_or_nothing_counts(defect: Defect) -> None:
    """A create whose `schemas` begins with the extension loses the extension."""

    def validate(resource_type: Any, body: Json, **options: Any) -> Any:
        sent = body.get("schemas")
        if isinstance(sent, list) and sent[:1] == [ENTERPRISE_URN]:
            body = {name: value for name, value in body.items() if name != ENTERPRISE_URN}
        return old(resource_type, body, **options)

    old = _validating(defect, validate)


def _validating(defect: Defect, validate: Any) -> Any:
    """Reads the bodies of POST and PUT of users otherwise; the sound way is returned."""
    return defect.replace(users, "validate", validate)


@mutant(
    clauses=("7643-3-05",),
    trips={"replace.a_replace_names_its_schemas", "representation.the_schemas_of_a_body_are_checked"},
)
def schemas_may_be_left_out(defect: Defect) -> None:
    """A body without `schemas` is taken."""

    def check(resource_type: Any, body: Json) -> None:
        if any(name.lower() == "schemas" for name in body):
            old(resource_type, body)

    old = defect.replace(validation, "_check_schemas", check)


@mutant(
    clauses=("7643-3.3-03",),
    trips={
        "patch.a_simple_value_is_selected_or_refused",
        "patch.an_added_schema_lets_its_attributes_follow",
        "patch.paths_may_be_qualified_and_in_any_case",
        "patch.the_request_need_not_repeat_the_schemas",
        "representation.an_extension_stands_in_its_container",
    },
    only="attributes other than manager",
)
def an_extension_stands_at_the_top(defect: Defect) -> None:
    """Attributes of the extension, but for manager, are shown beside those of the core schema, without a container."""

    def change(found: Json) -> None:
        enterprise = found.pop(ENTERPRISE_URN, {})
        found.update({name: value for name, value in enterprise.items() if name != "manager"})
        if "manager" in enterprise:
            found[ENTERPRISE_URN] = {"manager": enterprise["manager"]}

    answered(defect, "GET POST PUT PATCH", change)


@mutant(
    clauses=("7644-3.5.2-22", "7643-3.3-04"),
    trips={"patch.an_added_schema_lets_its_attributes_follow", "patch.paths_may_be_qualified_and_in_any_case"},
    only="extensions that a PATCH adds",
)
def a_patched_in_extension_is_not_listed(defect: Defect) -> None:
    """An extension that a PATCH adds to a user is not in `schemas`."""
    defect.wrap(
        patch,
        "present_schemas",
        lambda old: (
            lambda kind, document: [
                urn for urn in old(kind, document) if urn != ENTERPRISE_URN or urn in document.get("schemas", ())
            ]
        ),
    )


@mutant(
    clauses=("7643-3.3-04",),
    trips={
        "patch.an_added_schema_lets_its_attributes_follow",
        "patch.paths_may_be_qualified_and_in_any_case",
        "patch.the_request_need_not_repeat_the_schemas",
        "representation.an_extension_with_data_is_listed",
    },
    only="answers of reads",
)
def a_read_lists_the_base_schema_alone(defect: Defect) -> None:
    """`schemas` of a user that is read is the base schema, whatever extensions it has."""
    answered(defect, "GET", lambda found: "userName" in found and found.update(schemas=[USER_URN]))


@mutant(
    clauses=("7643-3.1-12",),
    trips={
        "representation.an_extension_stands_in_its_container",
        "representation.nothing_is_invented",
        "representation.null_and_empty_are_as_absent",
    },
    only="externalId",
)
def a_missing_external_id_is_made_up(defect: Defect) -> None:
    """A user without externalId is shown with its id for one."""
    represented(defect, lambda found: found.setdefault("externalId", found["id"]) if "userName" in found else None)
