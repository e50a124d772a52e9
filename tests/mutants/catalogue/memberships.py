"""Defects of groups: their names, their members, and the groups a user shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from mock_samanage.scim import patch, values
from mock_samanage.scim.errors import InvalidValue, NotFound
from mock_samanage.store.indexing import Indexed, Rows
from mock_samanage.tenant import groups, users
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.groups import Groups, StoredMembers
from tests.mutants.answers import Json
from tests.mutants.mutant import Defect, mutant


def _bodies(defect: Defect, change: Any) -> None:
    """Changes the body of every create and replace of a group before it is read."""

    def validate(kind: Any, body: Any, **options: Any) -> Json:
        given = dict(body)
        change(given)
        read: Json = old(kind, given, **options)
        return read

    old = defect.replace(groups, "validate", validate)


@mutant(clauses=("7643-4.2-03",), trips={"groups.a_group_has_a_name"}, only="names that are null")
def a_group_that_is_named_null_gets_a_name(defect: Defect) -> None:
    """A group whose displayName is null gets a random one."""

    def change(body: Json) -> None:
        if body.get("displayName", "") is None:
            body["displayName"] = f"Group {uuid4()}"

    _bodies(defect, change)


@mutant(
    clauses=("7643-4.2-04", "ENTRA-8.1-07"),
    trips={
        "dialects.a_group_is_created_once",
        "groups.two_groups_may_share_a_name",
        "schemas.unique_values_are_given_once",
    },
    only="groups",
)
def groups_may_share_a_name(defect: Defect) -> None:
    """Two groups may have one displayName, though it is declared as unique."""

    def add(self: Rows, rid: int, entry: Indexed, element: int, found: Any) -> None:
        old(self, rid, replace(entry, unique=False) if entry.path == "displayName" else entry, element, found)

    old = defect.replace(Rows, "add", add)


@mutant(
    clauses=("7643-4.2-05", "OKTA-9.1-05"),
    trips={
        "bulk.a_reference_in_a_path_is_followed_or_refused",
        "dialects.okta_creates_a_group",
        "groups.a_group_may_be_empty",
    },
    only="empty lists",
)
def an_empty_list_of_members_is_refused(defect: Defect) -> None:
    """A group with an empty list of members is refused; one without the list is not."""

    def check(body: Json) -> None:
        if body.get("members") == []:
            raise InvalidValue("members must not be empty.")

    _bodies(defect, check)


@mutant(
    clauses=("7643-4.2-09", "OKTA-9.1-06"),
    trips={
        "dialects.members_are_pushed",
        "groups.the_name_of_a_member_may_be_sent",
    },
    only="display",
)
def a_member_has_no_name(defect: Defect) -> None:
    """A member that is sent with its `display` is refused."""

    def parts(attribute: Any, raw: Any, where: str, dialect: Any) -> Any:
        if attribute.name == "members" and "display" in raw:
            raise InvalidValue(f"{where}.display is no attribute.")
        return old(attribute, raw, where, dialect)

    old = defect.replace(values, "_parts", parts)


def _is_group(members: StoredMembers, id_: str) -> bool:
    found = members._session.get(members._group.account, None, id_)
    return found is not None and found.type == "Group"


@mutant(
    clauses=("7643-4.2-11", "ENTRA-1.7-07"),
    trips={
        "bulk.circular_memberships_are_tried",
        "dialects.a_group_is_a_member",
        "groups.a_group_may_be_a_member",
    },
    only="groups in groups",
)
def a_group_in_a_group_is_overlooked(defect: Defect) -> None:
    """A member that is a group is dropped, the users beside it are added."""

    def add(self: StoredMembers, ids: Sequence[str]) -> int:
        added: int = old(self, [id_ for id_ in ids if not _is_group(self, id_)])
        return added

    old = defect.replace(StoredMembers, "add", add)


@mutant(
    clauses=("7643-4.2-12",), trips={"groups.a_required_part_of_a_member_is_required"}, only="members without a value"
)
def a_member_without_an_id_is_fatal(defect: Defect) -> None:
    """The server fails at a member without a value."""

    def read(attribute: Any, raw: Any, where: str, dialect: Any) -> Any:
        if attribute.name == "members" and isinstance(raw, dict) and not {"value", "$ref"} & raw.keys():
            raise KeyError("value")
        return old(attribute, raw, where, dialect)

    old = defect.replace(values, "read_element", read)


@mutant(
    clauses=("7644-3.5.2.1-01", "ENTRA-1.7-06"),
    trips={
        "dialects.a_member_is_added_again",
        "groups.a_patched_group_shows_all_members_or_none",
        "groups.a_present_member_is_added_without_effect",
        "patch.adding_what_is_there_changes_nothing",
    },
    only="members that are present",
)
def adding_a_member_again_takes_it_out(defect: Defect) -> None:
    """Adding a member that is present removes it."""

    def add(self: StoredMembers, ids: Sequence[str]) -> int:
        present = {member.id for member in self._session.members_among(self._group, ids)}
        return self.remove(sorted(present)) + int(old(self, [id_ for id_ in ids if id_ not in present]))

    old = defect.replace(StoredMembers, "add", add)


@mutant(clauses=("7643-2.3.7-05",), trips={"groups.a_deleted_user_is_a_member_no_more"}, only="deleting a user")
def a_deleted_member_leaves_an_empty_group(defect: Defect) -> None:
    """Deleting a user takes the other members out of its groups as well."""

    def remove(session: Any, account: Any, record: Any, *, now: int) -> None:
        for reference in session.groups_of(record):
            session.remove_members(session.get(account.pk, account.registry.group, reference.id))
        old(session, account, record, now=now)

    old = defect.replace(users, "remove", remove)


@mutant(clauses=("ENTRA-8.1-16", "ENTRA-8.1-17"), trips={"dialects.entra_deletes_a_group"}, only="groups")
def a_group_can_be_deleted_twice(defect: Defect) -> None:
    """Deleting a group that is not there succeeds."""

    def delete(self: Directory, type_name: str, *arguments: Any) -> None:
        try:
            old(self, type_name, *arguments)
        except NotFound:
            if type_name != "Group":
                raise

    old = defect.replace(Directory, "delete", delete)


@mutant(
    clauses=("ENTRA-1.7-03", "ENTRA-8.1-09"),
    trips={
        "dialects.a_group_is_renamed",
        "dialects.okta_renames_a_group",
        "dialects.okta_replaces_a_group",
        "schemas.writable_attributes_are_updated_by_put_and_patch",
    },
    only="PATCH of displayName",
)
def a_renamed_group_is_empty(defect: Defect) -> None:
    """A PATCH that changes the displayName of a group takes all members out."""

    def changed(self: Groups, session: Any, record: Any, document: Json, members: StoredMembers) -> Any:
        if document.get("displayName") != record.document.get("displayName"):
            members.clear()
        return old(self, session, record, document, members)

    old = defect.replace(Groups, "_changed", changed)


@mutant(clauses=("7643-4.1.2-14",), trips={"users.the_groups_of_a_user_are_read_only"}, only="create")
def a_user_joins_the_groups_of_its_body(defect: Defect) -> None:
    """A create of a user adds it to the groups that its body names."""

    def create(self: Directory, type_name: str, body: Any, **options: Any) -> Any:
        made = old(self, type_name, body, **options)
        named = [each.get("value") for each in body.get("groups") or () if isinstance(each, dict)]
        with self._store.writing() as session:
            for id_ in named if type_name == "User" else ():
                group = session.get(self._account.pk, self._account.registry.group, str(id_))
                if group is not None:
                    session.add_members(group, [made.id])
        return made

    old = defect.replace(Directory, "create", create)


@mutant(
    clauses=("7643-4.1.2-17", "ENTRA-2.7-02"),
    trips={
        "dialects.a_member_comes_and_goes_in_one_request",
        "dialects.entra_removes_members_by_filter",
        "dialects.members_are_pushed",
        "patch.a_member_is_removed_by_its_id",
        "users.direct_groups_are_left_through_the_group",
    },
    only="removals by filter",
)
def a_leaving_member_takes_the_others_along(defect: Defect) -> None:
    """Removing one member by filter removes all of them."""

    def change(members: Any, op: Any, target: Any, raw: object, dialect: Any) -> None:
        if op == "remove" and target.filter is not None and members.matching(target.filter):
            members.clear()
        else:
            old(members, op, target, raw, dialect)

    old = defect.replace(patch, "change_members", change)
