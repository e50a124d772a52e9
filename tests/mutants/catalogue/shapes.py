"""Defects of names and values: how they are read from a body and how they are shown."""

from __future__ import annotations

from typing import Any

from mock_samanage.scim import values
from mock_samanage.scim.errors import Conflict
from mock_samanage.scim.schema import ResourceType
from mock_samanage.tenant import users
from tests.mutants.answers import Json, answered, asked, changed, resources, single
from tests.mutants.mutant import Defect, Environ, Reply, mutant


class _Fault(Conflict):
    """What a server says that fell over a body."""

    status = 500


def _bodies(defect: Defect, change: Any) -> None:
    """Changes the bodies of POST and PUT of users before they are read."""
    defect.wrap(users, "validate", lambda old: lambda kind, body, **options: old(kind, change(body), **options))


@mutant(
    clauses=("7643-2.1-04",),
    trips={"representation.case_and_order_of_names_do_not_matter"},
    only="names of the outermost object",
)
def names_of_another_case_are_unknown(defect: Defect) -> None:
    """An attribute of a body that is not spelled as in the schema is ignored, but for userName and schemas."""
    known = {"username": "userName", "schemas": "schemas"}

    def change(body: Json) -> Json:
        shouted = {name for name in body if name.isupper()}
        return {
            known.get(name.lower(), name): body[name] for name in body if name not in shouted or name.lower() in known
        }

    _bodies(defect, change)


@mutant(
    clauses=("7643-2.1-04",),
    trips={"representation.case_and_order_of_names_do_not_matter"},
    only="names of sub-attributes",
)
def sub_attributes_of_another_case_are_unknown(defect: Defect) -> None:
    """A sub-attribute of a body that is not spelled as in the schema is ignored."""

    def parts(attribute: Any, raw: Any, where: str, dialect: Any) -> Any:
        exact = {sub.name for sub in attribute.sub_attributes}
        return old(attribute, {name: item for name, item in raw.items() if name in exact}, where, dialect)

    old = defect.replace(values, "_parts", parts)


@mutant(
    clauses=("7643-2.3.8-03",),
    trips={"representation.case_and_order_of_names_do_not_matter"},
    only="name",
)
def parts_of_a_name_come_in_one_order(defect: Defect) -> None:
    """Parts of a name are read in one order, the given name first; one that comes too late is lost."""

    def change(body: Json) -> Json:
        name = body.get("name")
        order = ["formatted", "givenname", "familyname", "middlename", "honorificprefix", "honorificsuffix"]
        if not isinstance(name, dict) or not {part.lower() for part in name} <= set(order):
            return body
        kept, last = {}, -1
        for part, value in name.items():
            if order.index(part.lower()) > last:
                kept[part], last = value, order.index(part.lower())
        return {**body, "name": kept}

    _bodies(defect, change)


@mutant(
    clauses=("7643-2.1-05",),
    trips={"listing.entries_are_whole_resources", "representation.attributes_have_the_shape_and_name_of_their_schema"},
    only="lists",
)
def names_in_lists_are_small_letters(defect: Defect) -> None:
    """In a list a displayName is spelled `displayname`."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if not asked(environ, "GET", "/Users") or single(environ, "/Users") or reply.code != 200:
            return reply
        return changed(
            reply,
            lambda found: [
                each.update(displayname=each.pop("displayName")) for each in resources(found) if "displayName" in each
            ],
        )

    defect.answers(rewrite)


@mutant(
    clauses=("7644-3.8-01",),
    trips={
        "patch.a_filter_on_no_values_has_no_target_or_makes_one",
        "patch.a_sequence_of_operations_leaves_what_the_model_says",
        "patch.adding_what_is_there_changes_nothing",
        "patch.without_a_path_the_value_lists_attributes",
        "representation.attributes_have_the_shape_and_name_of_their_schema",
        "representation.case_and_order_of_names_do_not_matter",
        "representation.one_object_is_no_list",
        "representation.values_are_kept_apart_by_type_and_value",
    },
    only="lists of one",
)
def a_single_address_is_an_object(defect: Defect) -> None:
    """`emails` with one value is shown as that value and not as an array."""

    def change(found: Json) -> None:
        if len(found.get("emails", ())) == 1:
            found["emails"] = found["emails"][0]

    answered(defect, "GET POST PUT PATCH", change)


@mutant(clauses=("7644-3.10-01",), trips={"representation.qualified_names_are_read_in_any_case"}, only="URNs")
def urns_are_read_as_they_are_spelled(defect: Defect) -> None:
    """A name with a URN in other letters than the schema's is unknown."""

    def resolve(self: ResourceType, path: Any) -> Any:
        known = {None, self.schema.id, *(extension.id for extension in self.extensions)}
        return old(self, path) if path.uri in known else None

    old = defect.replace(ResourceType, "resolve", resolve)
