"""Defects that Entra and Okta meet: shapes of PATCH that a server overlooks, lists it shows by halves."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mock_samanage.scim import multivalued, singular
from mock_samanage.scim.errors import ERROR_URN
from mock_samanage.scim.multivalued import created_elements
from mock_samanage.scim.opaque import MISSING
from mock_samanage.scim.operations import Operation
from mock_samanage.scim.patch import _Patching
from mock_samanage.tenant import role_patch
from mock_samanage.tenant.reading import Reading
from mock_samanage.tenant.resource import Query
from mock_samanage.web.negotiation import SCIM
from tests.mutants.answers import Json, asked, changed, declared, resources, single
from tests.mutants.edits import Edit, edits, operations, sent
from tests.mutants.mutant import Defect, Environ, Reply, mutant

_NOTHING = (None, "")


@mutant(clauses=("ENTRA-8.2-03", "ENTRA-8.2-04"), trips=(), only="value paths")
def an_empty_part_clears_the_list(defect: Defect) -> None:
    """A PATCH that empties a part of one value of a list clears the whole list."""

    def edit(edit: Edit, sound: Callable[[Edit], Any]) -> Any:
        return [] if edit.target.filter is not None and edit.raw in _NOTHING else sound(edit)

    edits(defect, multivalued, edit)


@mutant(clauses=("ENTRA-2.3-01",), trips=(), only="texts")
def an_add_to_a_text_is_appended(defect: Defect) -> None:
    """An add to an attribute of one text appends to the text that is there."""

    def edit(edit: Edit, sound: Callable[[Edit], Any]) -> Any:
        texts = isinstance(edit.before, str) and isinstance(edit.raw, str) and edit.op == "add"
        return edit.before + edit.raw if texts and edit.raw != edit.before else sound(edit)

    edits(defect, singular, edit)


@mutant(clauses=("ENTRA-2.5-05",), trips=(), only="attributes of the extension")
def a_remove_with_a_value_takes_the_extension(defect: Defect) -> None:
    """A remove that names the present value beside the path takes all attributes of the extension."""

    def change(self: _Patching, op: Any, target: Any, value: object) -> None:
        old(self, op, target, value)
        if op == "remove" and value is not MISSING and target.extension:
            self.document.pop(target.extension, None)

    old = defect.replace(_Patching, "_change", change)


@mutant(clauses=("ENTRA-2.5-04",), trips=(), only="Add")
def each_part_makes_an_element(defect: Defect) -> None:
    """An add with a value path makes an element, also where the filter selects one."""

    def edit(edit: Edit, sound: Callable[[Edit], Any]) -> Any:
        if edit.op != "add" or edit.target.filter is None or edit.target.part is None:
            return sound(edit)
        return [*edit.before, *created_elements(edit.target, edit.raw, edit.dialect)]

    edits(defect, multivalued, edit)


@mutant(clauses=("ENTRA-2.5-02",), trips=(), only="Replace")
def a_replace_makes_no_element(defect: Defect) -> None:
    """A replace with a value path that selects nothing succeeds and changes nothing."""

    def edit(edit: Edit, sound: Callable[[Edit], Any]) -> Any:
        before = list(edit.before)
        if edit.op != "replace" or edit.target.filter is None:
            return sound(edit)
        return sound(edit) if before and sound(replace(edit, op="remove", raw=MISSING)) != before else before

    edits(defect, multivalued, edit)


@mutant(clauses=("ENTRA-1.5-04", "ENTRA-2.4-01"), trips=(), only="value paths")
def a_selected_value_loses_its_other_parts(defect: Defect) -> None:
    """A replaced part of a selected value leaves its type and that part only."""

    def put(target: Any, element: Json, parts: Json) -> None:
        old(target, element, parts)
        if target.filter is not None:
            for name in element.keys() - {"type", *parts}:
                del element[name]

    old = defect.replace(multivalued, "_put", put)


@mutant(clauses=("ENTRA-2.3-02", "ENTRA-8.1-06"), trips=(), only="add without a path")
def an_add_without_path_has_plain_keys(defect: Defect) -> None:
    """A dotted key in the value of a path-less add is overlooked."""

    def apply(self: _Patching, op: Any, key: str, value: object, plain: str | None = None) -> None:
        if op != "add" or "." not in key.rpartition(":")[2]:
            old(self, op, key, value, plain)

    old = defect.replace(_Patching, "_apply_key", apply)


@mutant(clauses=("ENTRA-8.1-12", "ENTRA-2.5-04"), trips=(), only="several operations on one attribute")
def the_first_operation_on_a_path_counts(defect: Defect) -> None:
    """Of several operations with one path the first is applied."""

    def first(given: list[Operation]) -> list[Operation]:
        paths = [each.path for each in given]
        return [each for at, each in enumerate(given) if each.path is None or paths.index(each.path) == at]

    operations(defect, first)


@mutant(clauses=("ENTRA-8.1-15", "ENTRA-8.1-12"), trips=(), only="requests with removals")
def removals_come_first(defect: Defect) -> None:
    """The removals of a request are applied before its other operations."""
    operations(defect, lambda given: sorted(given, key=lambda each: each.op != "remove"))


@mutant(clauses=("ENTRA-3.2-08",), trips=(), only="parts of a role")
def a_role_has_no_type(defect: Defect) -> None:
    """The server fails at a part of a role that is not its name."""

    def is_name(sub: str) -> bool:
        if not old(sub):
            raise KeyError(sub)
        return True

    old = defect.replace(role_patch, "sub_is_name", is_name)


@mutant(clauses=("OKTA-9.4-02",), trips=(), only="requests without a User-Agent")
def a_client_has_a_name(defect: Defect) -> None:
    """The server fails at a request without a User-Agent."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        failed = json.dumps({"schemas": [ERROR_URN], "status": "500"}).encode()
        if environ.get("HTTP_USER_AGENT"):
            return reply
        return Reply("500 Internal Server Error", [("Content-Type", SCIM)], b"").with_body(failed)

    defect.answers(rewrite)


@mutant(clauses=("ENTRA-1.5-02",), trips=(), only="null in the body of a create")
def null_in_a_list_is_fatal(defect: Defect) -> None:
    """The server fails at a null in place of a list of e-mail addresses, telephone numbers or addresses."""

    def check(body: Json) -> None:
        for name in ("emails", "phoneNumbers", "addresses"):
            list(body.get(name, ()))

    sent(defect, check)


@mutant(clauses=("OKTA-9.2-01",), trips=(), only="lists of users")
def a_list_does_not_tell_who_is_active(defect: Defect) -> None:
    """The users of a list come without `active`."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        listed = asked(environ, "GET", "/Users") and not single(environ, "/Users") and reply.code == 200
        if not listed:
            return reply
        return changed(reply, lambda found: [user.pop("active", None) for user in resources(found)])

    defect.answers(rewrite)


@mutant(clauses=("OKTA-9.2-03", "OKTA-9.2-05"), trips=(), only="requests with Accept-Charset")
def nobody_is_found_in_a_charset(defect: Defect) -> None:
    """A filter that finds nobody is answered 404 where the request has an Accept-Charset."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        asked_so = "HTTP_ACCEPT_CHARSET" in environ and "filter" in environ["QUERY_STRING"]
        if not asked_so or reply.code != 200 or json.loads(reply.body).get("totalResults") != 0:
            return reply
        error = {"schemas": [ERROR_URN], "status": "404", "detail": "There is no such user."}
        return Reply("404 Not Found", reply.headers, b"").with_body(json.dumps(error).encode())

    defect.answers(rewrite)


@mutant(clauses=("ENTRA-8.2-07",), trips=(), only="the second and later pages of users")
def a_page_of_users_repeats_an_entry(defect: Defect) -> None:
    """A page of users behind the first begins with the last user of the page before."""
    _shifted(defect, "User", lambda start: start - 1)


@mutant(clauses=("ENTRA-8.2-08",), trips=(), only="groups")
def groups_have_one_page(defect: Defect) -> None:
    """Every page of groups begins with the first group, whatever startIndex it tells."""
    _shifted(defect, "Group", lambda _start: 1)


def _shifted(defect: Defect, type_name: str, begin: Callable[[int], int]) -> None:
    """Begins a page of a type elsewhere than it was asked for."""

    def query(self: Reading, type_names: Any, query: Query) -> Any:
        start = query.start_index
        if tuple(type_names) != (type_name,) or start <= 1:
            return old(self, type_names, query)
        return replace(old(self, type_names, replace(query, start_index=begin(start))), start_index=start)

    old = defect.replace(Reading, "query", query)


def _undeclared(defect: Defect, name: str, sub: str = "") -> None:
    """Leaves an attribute of users, or a part of one, out of the schema that is served."""

    def change(document: Json) -> None:
        for attribute in document.get("attributes", ()):
            if sub and attribute["name"] == name:
                attribute["subAttributes"] = [each for each in attribute["subAttributes"] if each["name"] != sub]
        if not sub and "attributes" in document:
            document["attributes"] = [each for each in document["attributes"] if each["name"] != name]

    declared(defect, change)


@mutant(clauses=("ENTRA-8.2-01",), trips=(), only="preferredLanguage")
def a_mapped_attribute_is_not_declared(defect: Defect) -> None:
    """The schema of users lacks preferredLanguage, which users have."""
    _undeclared(defect, "preferredLanguage")
