"""Defects of the characteristics of attributes: what /Schemas declares is not what the tenant does."""

from __future__ import annotations

from typing import Any

from mock_samanage.scim import validation
from mock_samanage.scim.errors import Mutability as Fixed
from mock_samanage.scim.patch import _Patching
from mock_samanage.scim.registry import DEVICE_URN, ENTERPRISE_URN, LABORATORY_URN, WARRANTY_URN
from mock_samanage.scim.schema import AttributeType, Mutability, Returned
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.groups import Groups
from mock_samanage.tenant.resource import Resource
from mock_samanage.tenant.users import Users
from mock_samanage.web.call import Call
from tests.mutants.answers import Json, asked, changed, resources, single
from tests.mutants.characteristics import LAB, treated
from tests.mutants.mutant import Defect, Environ, Reply, mutant


@mutant(clauses=("7643-7-16",), trips={"schemas.immutable_attributes_keep_their_first_value"}, only="badge", **LAB)
def a_badge_can_be_changed(defect: Defect) -> None:
    """An immutable attribute can be changed by PUT and PATCH."""
    treated(defect, LABORATORY_URN, "badge", mutability=Mutability.READ_WRITE)


@mutant(
    clauses=("7643-7-16",),
    trips={"schemas.immutable_attributes_keep_their_first_value"},
    only="a part of a complex attribute",
    **LAB,
)
def the_code_of_a_locker_can_be_changed(defect: Defect) -> None:
    """An immutable part of a complex attribute can be changed."""
    treated(defect, LABORATORY_URN, "locker.code", mutability=Mutability.READ_WRITE)


@mutant(clauses=("7643-7-16",), trips={"schemas.immutable_attributes_keep_their_first_value"}, only="PATCH", **LAB)
def immutable_means_not_by_put(defect: Defect) -> None:
    """A PATCH changes immutable attributes that have a value."""

    def set_(self: _Patching, op: Any, target: Any, value: object) -> None:
        try:
            old(self, op, target, value)
        except Fixed:
            self._store(target, value if op != "remove" and target.sub is None else None)

    old = defect.replace(_Patching, "_set", set_)


@mutant(
    clauses=("7643-7-22",),
    trips={"schemas.attributes_returned_on_request_come_when_named_or_written"},
    only="remark",
    **LAB,
)
def a_remark_is_always_shown(defect: Defect) -> None:
    """What is returned on request comes unasked."""
    treated(defect, LABORATORY_URN, "remark", returned=Returned.DEFAULT)


@mutant(
    clauses=("7643-7-22",),
    trips={"schemas.attributes_returned_on_request_come_when_named_or_written"},
    only="answers to writes",
    **LAB,
)
def a_write_does_not_ask(defect: Defect) -> None:
    """The answer to a write lacks what it set and is returned on request."""

    def shown(self: Call, resource: Resource, kept: Any, *_: Any) -> Any:
        return old(self, resource, kept)

    old = defect.replace(Call, "shown", shown)


@mutant(
    clauses=("7643-7-18",),
    trips={"schemas.attributes_that_are_always_returned_are_in_each_answer"},
    only="cohort",
    **LAB,
)
def a_cohort_goes_when_others_are_named(defect: Defect) -> None:
    """What is always returned is missing when other attributes are named."""
    treated(defect, LABORATORY_URN, "cohort", returned=Returned.DEFAULT)


@mutant(
    clauses=("7643-7-19",),
    trips={
        "schemas.answers_to_writes_show_what_is_stored",
        "schemas.attributes_that_are_never_returned_are_in_no_answer",
        "schemas.secrets_never_come_back",
    },
    only="pin",
    **LAB,
)
def a_pin_is_shown_on_request(defect: Defect) -> None:
    """What is never returned comes when it is named."""
    treated(defect, LABORATORY_URN, "pin", returned=Returned.REQUEST)


@mutant(
    clauses=("7643-7-21", "7644-3.9-06"),
    trips={
        "projection.an_empty_list_of_names",
        "projection.excluded_attributes_leave_the_rest",
        "projection.meta_and_its_parts_can_be_named",
        "projection.names_come_in_any_case",
        "projection.names_may_be_qualified",
        "projection.parts_can_be_named",
        "projection.unknown_names_are_ignored_or_refused",
        "projection.what_is_always_returned_cannot_be_excluded",
        "search.a_search_equals_the_query",
        "search.names_of_a_search_are_a_list",
    },
    only="lists",
)
def lists_leave_out_the_names(defect: Defect) -> None:
    """The entries of a list have no `name`, which is returned by default."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if reply.code != 200 or not asked(environ, "GET", "/Users") or single(environ, "/Users"):
            return reply
        if "attributes=" in environ.get("QUERY_STRING", ""):
            return reply
        return changed(reply, lambda document: [entry.pop("name", None) for entry in resources(document)])

    defect.answers(rewrite)


@mutant(
    clauses=("7643-7-23",),
    trips={
        "schemas.strings_keep_their_case",
        "schemas.unique_values_are_given_once",
        "schemas.writable_attributes_are_updated_by_put_and_patch",
    },
    only="keyCode",
    **LAB,
)
def a_key_code_is_stored_in_capitals(defect: Defect) -> None:
    """A case-exact text comes back in capitals."""

    def stored(entry: Any, dialect: Any) -> Any:
        value = old(entry, dialect)
        return value.upper() if entry.attribute.name == "keyCode" and isinstance(value, str) else value

    old = defect.replace(validation, "_stored", stored)


@mutant(
    clauses=("7643-7-25", "7644-3.4.2.2-23"),
    trips={"schemas.case_counts_in_filters_as_described", "schemas.unique_values_are_given_once"},
    only="keyCode in filters",
    **LAB,
)
def a_key_code_is_found_in_any_case(defect: Defect) -> None:
    """A filter compares a case-exact text without case."""
    treated(defect, LABORATORY_URN, "keyCode", case_exact=False)


@mutant(
    clauses=("7643-7-15",), trips={"schemas.writable_attributes_are_updated_by_put_and_patch"}, only="nickName by PUT"
)
def a_nickname_survives_a_replacement(defect: Defect) -> None:
    """A PUT with another nickName keeps the old one."""

    def replaced(self: Directory, type_name: str, resource_id: str, body: Json, *rest: Any, **options: Any) -> Resource:
        had = self.get(type_name, resource_id).document.get("nickName")
        body = {**body, "nickName": had} if had and body.get("nickName") else body
        return old(self, type_name, resource_id, body, *rest, **options)  # type: ignore[no-any-return]

    old = defect.replace(Directory, "replace", replaced)


@mutant(
    clauses=("7643-7-15",),
    trips={"schemas.writable_attributes_are_updated_by_put_and_patch"},
    only="costCenter by PATCH",
)
def a_cost_centre_cannot_be_patched(defect: Defect) -> None:
    """A PATCH of costCenter is answered as if it were done."""

    def change(self: _Patching, op: Any, target: Any, value: object) -> None:
        if target.attribute.name != "costCenter":
            old(self, op, target, value)

    old = defect.replace(_Patching, "_change", change)


@mutant(clauses=("7643-7-14",), trips={"schemas.read_only_attributes_stay_whatever_a_client_writes"}, only="PATCH")
def a_patch_of_what_is_read_only_is_accepted(defect: Defect) -> None:
    """A PATCH of a readOnly attribute is answered as if it were done."""

    def change(self: _Patching, op: Any, target: Any, value: object) -> None:
        if Mutability.READ_ONLY not in {target.attribute.mutability, target.sub and target.sub.mutability}:
            old(self, op, target, value)

    old = defect.replace(_Patching, "_change", change)


@mutant(clauses=("7643-2.2-02",), trips={"schemas.required_attributes_are_required"}, only="groups")
def a_group_needs_no_name(defect: Defect) -> None:
    """A group without a displayName is created under one that the tenant makes up."""

    def read(self: Groups, body: Json) -> Json:
        body = body if any(name.lower() == "displayname" for name in body) else {**body, "displayName": hex(id(body))}
        return old(self, body)  # type: ignore[no-any-return]

    old = defect.replace(Groups, "read", read)


@mutant(clauses=("7643-2.2-02",), trips={"schemas.required_attributes_are_required"}, only="an extension", **LAB)
def a_warranty_needs_no_terms(defect: Defect) -> None:
    """A required attribute of a required extension can be left out."""
    treated(defect, WARRANTY_URN, "terms", required=False)


@mutant(clauses=("7644-3.12-04",), trips={"schemas.a_required_text_is_not_unassigned"}, only="null in a PUT")
def a_name_cannot_be_taken_away(defect: Defect) -> None:
    """A PUT with a userName that is null keeps the old one and is answered 200."""

    def replaced(self: Directory, type_name: str, resource_id: str, body: Json, *rest: Any, **options: Any) -> Resource:
        if type_name == "User" and "userName" in body and body["userName"] is None:
            body = {**body, "userName": self.get(type_name, resource_id).document["userName"]}
        return old(self, type_name, resource_id, body, *rest, **options)  # type: ignore[no-any-return]

    old = defect.replace(Directory, "replace", replaced)


@mutant(clauses=("7643-4.1.1-03",), trips={"schemas.a_required_text_is_not_unassigned"}, only="an empty userName")
def an_empty_name_is_made_up(defect: Defect) -> None:
    """A user with an empty userName is created under one that the tenant makes up."""

    def read(self: Users, body: Json) -> Json:
        body = {**body, "userName": hex(id(body))} if body.get("userName") == "" else body
        return old(self, body)  # type: ignore[no-any-return]

    old = defect.replace(Users, "read", read)


@mutant(
    clauses=("7643-7-15",),
    trips={
        "schemas.default_attributes_are_shown_unless_others_are_named",
        "schemas.writable_attributes_are_updated_by_put_and_patch",
    },
    only="employeeNumber",
)
def an_employee_number_is_not_stored(defect: Defect) -> None:
    """An attribute that the schema declares is taken and forgotten."""
    treated(defect, ENTERPRISE_URN, "employeeNumber", mutability=Mutability.READ_ONLY)


@mutant(clauses=("7644-3.1-02",), trips={"schemas.the_schema_says_what_is_taken"}, only="model", **LAB)
def a_device_needs_a_model(defect: Defect) -> None:
    """An attribute that the schema calls optional is required."""
    treated(defect, DEVICE_URN, "model", required=True)


@mutant(clauses=("7644-3.1-02",), trips={"schemas.the_schema_says_what_is_taken"}, only="tags", **LAB)
def there_is_one_tag(defect: Defect) -> None:
    """An attribute that the schema calls multi-valued takes one value, and no list."""
    treated(defect, LABORATORY_URN, "tags", multi_valued=False)


@mutant(clauses=("7644-3.12-05",), trips={"schemas.values_of_another_type_are_refused"}, only="visits", **LAB)
def a_whole_number_may_have_a_fraction(defect: Defect) -> None:
    """An integer attribute takes numbers with a fraction."""
    treated(defect, LABORATORY_URN, "visits", type=AttributeType.DECIMAL)


@mutant(
    clauses=("7643-7-17",),
    trips={
        "schemas.answers_to_writes_show_what_is_stored",
        "schemas.attributes_that_are_never_returned_are_in_no_answer",
        "schemas.secrets_never_come_back",
    },
    only="the answer to a POST",
)
def a_new_user_is_shown_with_the_password(defect: Defect) -> None:
    """The answer to the POST of a user repeats the password."""

    def shown(self: Call, *arguments: Any) -> Any:
        found = old(self, *arguments)
        sent = self.body().get("password") if asked(dict(self.environ), "POST", "/Users") else None
        return {**found, "password": sent} if sent and not arguments[1].attributes else found

    old = defect.replace(Call, "shown", shown)
