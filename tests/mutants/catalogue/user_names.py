"""Defects of userName, of `active`, and of what a user needs."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from mock_samanage.scim.errors import InvalidValue, NotFound, Uniqueness
from mock_samanage.scim.registry import USER
from mock_samanage.scim.syntax import And, AttrPath, Compare, Operator
from mock_samanage.store.indexing import Indexed, Rows, indexer
from mock_samanage.store.keys import unique_hash
from mock_samanage.store.resources import Resources
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.reading import Reading
from mock_samanage.tenant.resource import Query
from mock_samanage.tenant.users import Users
from tests.mutants.answers import Json
from tests.mutants.edits import operations, sent, stored
from tests.mutants.mutant import Defect, mutant


def _named(users: Users, session: Any, user_name: str) -> Any:
    """The user of that name, None if there is none."""
    same = Compare(AttrPath(None, "userName"), Operator.EQ, user_name)
    return next(iter(session.query(users.account.pk, [USER], same, count=1).records), None)


@mutant(
    clauses=("7643-4.1.1-04",),
    trips={
        "schemas.a_required_text_is_not_unassigned",
        "users.a_user_has_a_name_to_sign_in",
    },
    only="empty names",
)
def an_empty_user_name_is_made_up(defect: Defect) -> None:
    """A user with an empty userName gets a random one."""
    sent(defect, lambda body: body.update(userName=f"user-{uuid4()}") if body.get("userName") == "" else None)


@mutant(
    clauses=("7643-4.1.1-05", "OKTA-9.2-08"),
    trips={
        "dialects.okta_makes_a_user",
        "resources.a_second_user_of_that_name_is_refused",
        "schemas.unique_values_are_given_once",
        "users.a_user_name_is_given_once",
        "users.the_case_of_a_user_name_does_not_matter",
    },
    only="create",
)
def a_create_updates_the_user_of_that_name(defect: Defect) -> None:
    """A create with a userName that is taken replaces that user and answers 201."""

    def create(self: Users, session: Any, document: Json) -> Any:
        taken = _named(self, session, document["userName"])
        return self.replace(session, taken, document) if taken else old(self, session, document)

    old = defect.replace(Users, "create", create)


@mutant(
    clauses=("7643-4.1.1-05",),
    trips={
        "patch.a_taken_name_cannot_be_patched_in",
        "users.a_user_name_is_given_once",
    },
    only="modify",
)
def a_patch_to_a_taken_name_is_passed_over(defect: Defect) -> None:
    """A PATCH that sets a taken userName succeeds and changes nothing."""

    def patch(self: Directory, type_name: str, resource_id: str, *arguments: Any, **options: Any) -> Any:
        try:
            return old(self, type_name, resource_id, *arguments, **options)
        except Uniqueness:
            if type_name != "User":
                raise
            return self.get(type_name, resource_id)

    old = defect.replace(Directory, "patch", patch)


@mutant(
    clauses=("7643-4.1.1-06",),
    trips={
        "schemas.unique_values_are_given_once",
        "users.the_case_of_a_user_name_does_not_matter",
    },
    only="uniqueness",
)
def a_user_name_is_taken_in_its_own_case_only(defect: Defect) -> None:
    """Two users may have userNames that differ in case only."""

    def add(self: Rows, rid: int, entry: Indexed, element: int, found: Any) -> None:
        old(self, rid, entry, element, found)
        if entry.unique and entry.path == "userName":
            self.values[-1] = (*self.values[-1][:5], unique_hash(found))

    old = defect.replace(Rows, "add", add)


@mutant(
    clauses=("7643-4.1.1-07", "ENTRA-8.1-03"),
    trips={
        "dialects.a_user_is_renamed_without_a_path",
        "matching.a_patched_user_matches_by_the_new_values",
        "matching.a_replaced_user_matches_by_the_new_values",
        "patch.a_taken_name_cannot_be_patched_in",
        "replace.a_replace_by_a_taken_name_is_refused",
        "users.a_user_name_can_be_changed",
        "users.a_user_name_is_given_once",
    },
    only="the index of userName",
)
def a_renamed_user_is_found_by_its_old_name(defect: Defect) -> None:
    """A user that was renamed is found by its first userName, which stays taken."""

    def replace_rows(self: Resources, record: Any, rows: Rows) -> None:
        entry = indexer("User").core["userName"].simple
        if entry is not None and record.type == "User":
            first = Rows(record.account)
            first.add(record.rid, entry, 0, record.document["userName"])
            rows.values = [row for row in rows.values if row[1] != entry.slot] + first.values
        old(self, record, rows)

    old = defect.replace(Resources, "_replace_rows", replace_rows)


@mutant(
    clauses=("7643-8.1-01",),
    trips={
        "schemas.the_schema_says_what_is_taken",
        "users.a_user_name_is_enough",
    },
    only="bodies of schemas and userName",
)
def a_user_needs_more_than_a_name(defect: Defect) -> None:
    """A user without any attribute but userName is refused, though no other is declared as required."""

    def check(body: Json) -> None:
        if {name.lower() for name in body} <= {"schemas", "username"}:
            raise InvalidValue("name is required and must not be empty.")

    sent(defect, check)


def _gone(defect: Defect, condition: Any) -> None:
    """Reading by id does not find the users that meet a condition."""

    def get(self: Directory, type_name: str, resource_id: str, **options: Any) -> Any:
        found = old(self, type_name, resource_id, **options)
        if type_name == "User" and condition(found.document):
            raise NotFound(f"There is no User with the id {resource_id}.")
        return found

    old = defect.replace(Directory, "get", get)


@mutant(
    clauses=("PRAC-E-01", "ENTRA-1.1-04"),
    trips={
        "dialects.a_disabled_user_stays",
        "matching.entra_finds_disabled_users",
        "users.a_user_is_deactivated_and_activated",
    },
    only="reading by id",
)
def a_disabled_user_cannot_be_read(defect: Defect) -> None:
    """A user whose `active` is false is not found by its id."""
    _gone(defect, lambda document: document.get("active") is False)


@mutant(
    clauses=("PRAC-E-01", "ENTRA-1.1-04"),
    trips={
        "dialects.a_disabled_user_stays",
        "matching.a_disabled_user_still_matches",
        "matching.entra_always_gets_a_list",
        "matching.entra_finds_disabled_users",
        "matching.entra_finds_users_by_external_id",
        "matching.entra_finds_users_by_user_name",
        "matching.entra_finds_users_in_capitals",
        "users.a_user_is_deactivated_and_activated",
    },
    only="queries with a filter",
)
def a_disabled_user_is_not_found(defect: Defect) -> None:
    """A filter finds no user whose `active` is false."""

    def read(self: Reading, type_names: Any, query: Query) -> Any:
        types, filter_, sort = old(self, type_names, query)
        if filter_ is not None and tuple(type_names) == ("User",):
            filter_ = And((filter_, Compare(AttrPath(None, "active"), Operator.EQ, True)))
        return types, filter_, sort

    old = defect.replace(Reading, "_read", read)


@mutant(
    clauses=("7643-4.1.1-19", "ENTRA-2.2-02"),
    trips={
        "dialects.a_disabled_user_stays",
        "dialects.active_comes_as_a_boolean",
        "dialects.active_comes_as_a_string",
        "dialects.okta_deactivates_and_activates",
        "matching.entra_finds_disabled_users",
        "users.a_user_is_deactivated_and_activated",
    },
    only="false",
)
def a_disabled_user_has_no_status(defect: Defect) -> None:
    """An `active` that is false counts as unassigned and is not shown."""
    stored(defect, lambda user: user.pop("active") if user.get("active") is False else None)


@mutant(
    clauses=("OKTA-9.1-03",),
    trips={
        "dialects.okta_deactivates_and_activates",
        "users.a_user_is_deactivated_and_activated",
    },
    only="PATCH without a path",
)
def active_needs_a_path(defect: Defect) -> None:
    """An `active` among the attributes of a path-less value is overlooked."""

    def change(given: list[Any]) -> list[Any]:
        for each in given:
            if each.path is None and isinstance(each.value, dict):
                each.value.pop("active", None)
        return given

    operations(defect, change)


@mutant(clauses=("7643-4.1.2-19",), trips={"users.roles_are_values"}, only="roles that are texts")
def a_role_that_is_a_text_is_fatal(defect: Defect) -> None:
    """The server fails at a list of roles that are texts and no objects."""

    def check(body: Json) -> None:
        for role in body.get("roles") or ():
            if isinstance(role, str):
                raise TypeError(role)

    sent(defect, check)
