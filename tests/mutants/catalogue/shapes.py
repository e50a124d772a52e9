"""Defects of names and values: how they are read from a body and how they are shown."""

from __future__ import annotations

from typing import Any

from mock_samanage.scim import multivalued, values
from mock_samanage.scim import patch as patching
from mock_samanage.scim.bound import BoundCompare, BoundConstant, BoundFilter
from mock_samanage.scim.errors import Conflict, InvalidValue, Mutability
from mock_samanage.scim.registry import ENTERPRISE_URN
from mock_samanage.scim.schema import ResourceType
from mock_samanage.tenant import users
from mock_samanage.web import call
from tests.mutants.answers import Json, answered, asked, changed, represented, resources, single
from tests.mutants.mutant import Defect, Environ, Reply, mutant
from tests.mutants.queries import compared


class _Fault(Conflict):
    """What a server says that fell over a body."""

    status = 500


def _bodies(defect: Defect, change: Any) -> None:
    """Changes the bodies of POST and PUT of users before they are read."""
    defect.wrap(users, "validate", lambda old: lambda kind, body, **options: old(kind, change(body), **options))


@mutant(clauses=("7643-2.1-04",), trips=(), only="names of the outermost object")
def names_of_another_case_are_unknown(defect: Defect) -> None:
    """An attribute of a body that is not spelled as in the schema is ignored, but for userName and schemas."""
    known = {"username": "userName", "schemas": "schemas"}

    def change(body: Json) -> Json:
        shouted = {name for name in body if name.isupper()}
        return {
            known.get(name.lower(), name): body[name] for name in body if name not in shouted or name.lower() in known
        }

    _bodies(defect, change)


@mutant(clauses=("7643-2.1-04",), trips=(), only="names of sub-attributes")
def sub_attributes_of_another_case_are_unknown(defect: Defect) -> None:
    """A sub-attribute of a body that is not spelled as in the schema is ignored."""

    def parts(attribute: Any, raw: Any, where: str, dialect: Any) -> Any:
        exact = {sub.name for sub in attribute.sub_attributes}
        return old(attribute, {name: item for name, item in raw.items() if name in exact}, where, dialect)

    old = defect.replace(values, "_parts", parts)


@mutant(clauses=("7643-2.3.8-03",), trips=(), only="name")
def parts_of_a_name_come_in_one_order(defect: Defect) -> None:
    """Parts of a name are read in the order of the schema; one that comes behind a later one is lost."""

    def change(body: Json) -> Json:
        name = body.get("name")
        order = ["formatted", "familyname", "givenname", "middlename", "honorificprefix", "honorificsuffix"]
        if not isinstance(name, dict) or not {part.lower() for part in name} <= set(order):
            return body
        kept, last = {}, -1
        for part, value in name.items():
            if order.index(part.lower()) > last:
                kept[part], last = value, order.index(part.lower())
        return {**body, "name": kept}

    _bodies(defect, change)


@mutant(clauses=("7643-2.1-05",), trips=(), only="lists")
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


@mutant(clauses=("7644-3.8-01",), trips=(), only="lists of one")
def a_single_address_is_an_object(defect: Defect) -> None:
    """`emails` with one value is shown as that value and not as an array."""

    def change(found: Json) -> None:
        if len(found.get("emails", ())) == 1:
            found["emails"] = found["emails"][0]

    answered(defect, "GET POST PUT PATCH", change)


@mutant(clauses=("7644-3.10-01",), trips=(), only="URNs")
def urns_are_read_as_they_are_spelled(defect: Defect) -> None:
    """A name with a URN in other letters than the schema's is unknown."""

    def resolve(self: ResourceType, path: Any) -> Any:
        known = {None, self.schema.id, *(extension.id for extension in self.extensions)}
        return old(self, path) if path.uri in known else None

    old = defect.replace(ResourceType, "resolve", resolve)


@mutant(clauses=("7644-3.10-01",), trips=(), only="the path of a PATCH")
def the_urn_of_a_path_is_read_as_it_is_spelled(defect: Defect) -> None:
    """A PATCH whose path has a URN in capitals has no target and changes nothing."""

    def apply_at(self: Any, op: Any, path: str, value: object) -> None:
        if not path.startswith("URN:"):
            old(self, op, path, value)

    old = defect.replace(patching._Patching, "_apply_at", apply_at)


@mutant(clauses=("7643-2.4-01",), trips=(), only="POST and PUT")
def two_values_may_be_primary(defect: Defect) -> None:
    """A body with two primary values is taken as it is."""
    defect.replace(values, "refuse_primaries", lambda _elements, _where: None)


@mutant(clauses=("7643-2.4-02",), trips=(), only="filters")
def a_value_without_primary_is_primary_to_filters(defect: Defect) -> None:
    """A filter takes a value without `primary` for a primary one."""

    def change(node: BoundCompare) -> BoundFilter:
        return BoundConstant(value=True) if node.path == "emails.primary" and node.key is True else node

    compared(defect, change)


@mutant(clauses=("7643-2.4-02",), trips=(), only="the first value")
def the_first_value_is_primary(defect: Defect) -> None:
    """Where no address is primary, the first one is shown as primary."""

    def change(found: Json) -> None:
        emails = [dict(each) for each in found.get("emails", ())]
        if emails and not any(each.get("primary") for each in emails):
            emails[0]["primary"] = True
            found["emails"] = emails

    represented(defect, change)


@mutant(clauses=("7643-2.4-03",), trips=(), only="POST and PUT")
def a_value_can_be_there_twice(defect: Defect) -> None:
    """Values of the same type and text are kept as often as they come."""
    defect.replace(values, "collapsed", lambda _attribute, elements: list(elements))


@mutant(clauses=("7643-2.4-04",), trips=(), only="the same text under two types")
def a_text_stands_under_one_type(defect: Defect) -> None:
    """An address that comes as work and as home is kept once."""

    def collapsed(attribute: Any, elements: Any) -> Any:
        kept: dict[object, Any] = {}
        for element in old(attribute, elements):
            text = element.get("value") if isinstance(element, dict) else None
            kept.setdefault(text or len(kept), element)
        return list(kept.values())

    old = defect.replace(values, "collapsed", collapsed)


@mutant(clauses=("7643-2.4-06",), trips=(), only="primary")
def primary_is_a_text(defect: Defect) -> None:
    """`primary` is shown as a string."""

    def change(found: Json) -> None:
        found["emails"] = [
            {**each, "primary": str(each["primary"]).lower()} if "primary" in each else each for each in found["emails"]
        ]

    represented(defect, lambda found: change(found) if "emails" in found else None)


@mutant(clauses=("7643-2.4-06",), trips=(), only="members of groups")
def a_member_is_referred_to_by_its_name(defect: Defect) -> None:
    """`$ref` of a member is its display name."""

    def change(found: Json) -> None:
        for member in found.get("members", ()):
            member["$ref"] = member.get("display", "somebody")

    represented(defect, change)


@mutant(clauses=("7643-2.4-07",), trips=(), only="emails")
def a_display_cannot_be_patched(defect: Defect) -> None:
    """A PATCH of `display` of an address is refused, though the schema calls it readWrite."""

    def changed_(op: Any, target: Any, *rest: Any) -> Any:
        if target.part == "display":
            raise Mutability("display is immutable.")
        return old(op, target, *rest)

    old = defect.replace(multivalued, "changed", changed_)


@mutant(clauses=("7643-2.4-07",), trips=(), only="emails")
def a_patched_display_is_forgotten(defect: Defect) -> None:
    """A PATCH of `display` of an address is done, and changes nothing."""

    def changed_(op: Any, target: Any, elements: Any, *rest: Any) -> Any:
        return elements if target.part == "display" else old(op, target, elements, *rest)

    old = defect.replace(multivalued, "changed", changed_)


@mutant(clauses=("7643-2.5-01",), trips=(), only="null")
def null_is_no_value_of_a_string(defect: Defect) -> None:
    """Null for a simple attribute is refused in a body."""

    def change(body: Json) -> Json:
        empty = [name for name, value in body.items() if value is None]
        if empty:
            raise InvalidValue(f"{empty[0]} must be a string; it is null.")
        return body

    _bodies(defect, change)


@mutant(clauses=("7643-2.5-01",), trips=(), only="the empty array")
def an_empty_list_is_an_empty_value(defect: Defect) -> None:
    """`"emails": []` makes an address without a value."""

    def validate(kind: Any, body: Json, **options: Any) -> Json:
        found: Json = sound(kind, body, **options)
        if body.get("emails") == []:
            found["emails"] = [{"type": "work"}]
        return found

    sound = defect.replace(users, "validate", validate)


@mutant(clauses=("7644-3.8-02",), trips=(), only="emails")
def one_object_for_a_list_is_lost(defect: Defect) -> None:
    """An object for a multi-valued attribute is ignored."""
    _bodies(
        defect,
        lambda body: {name: item for name, item in body.items() if name != "emails" or not isinstance(item, dict)},
    )


@mutant(clauses=("7159-4-01",), trips=(), only="names that differ in case")
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


@mutant(clauses=("7643-2.4-08",), trips=(), only="manager.$ref")
def a_versioned_reference_is_the_id(defect: Defect) -> None:
    """A manager given by a `$ref` with a version in it is stored with the whole URI for an id."""

    def change(body: Json) -> Json:
        enterprise = body.get(ENTERPRISE_URN)
        manager = enterprise.get("manager") if isinstance(enterprise, dict) else None
        if not isinstance(manager, dict) or "/v2/" not in str(manager.get("$ref")):
            return body
        return {**body, ENTERPRISE_URN: {**(enterprise or {}), "manager": {"value": manager["$ref"]}}}

    _bodies(defect, change)
