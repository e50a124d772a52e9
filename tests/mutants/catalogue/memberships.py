"""Defects of groups: their names, their members, and the groups a user shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from mock_samanage.scim import patch, values
from mock_samanage.scim.errors import InvalidValue, NotFound
from mock_samanage.scim.registry import GROUP_URN
from mock_samanage.store import Session
from mock_samanage.store.indexing import Indexed, Rows
from mock_samanage.tenant import groups, users
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.groups import Groups, StoredMembers
from mock_samanage.web.edge import BODY_KEY
from mock_samanage.web.negotiation import SCIM
from tests.mutants.answers import Json, asked, single
from tests.mutants.edits import shown
from tests.mutants.mutant import Defect, Environ, Reply, mutant


def _bodies(defect: Defect, change: Any) -> None:
    """Changes the body of every create and replace of a group before it is read."""

    def validate(kind: Any, body: Any, **options: Any) -> Json:
        given = dict(body)
        change(given)
        read: Json = old(kind, given, **options)
        return read

    old = defect.replace(groups, "validate", validate)


@mutant(clauses=("7643-4.2-03",), trips=(), only="names that are null")
def a_group_that_is_named_null_gets_a_name(defect: Defect) -> None:
    """A group whose displayName is null gets a random one."""

    def change(body: Json) -> None:
        if body.get("displayName", "") is None:
            body["displayName"] = f"Group {uuid4()}"

    _bodies(defect, change)


@mutant(clauses=("7643-4.2-04", "ENTRA-8.1-07"), trips=(), only="groups")
def groups_may_share_a_name(defect: Defect) -> None:
    """Two groups may have one displayName, though it is declared as unique."""

    def add(self: Rows, rid: int, entry: Indexed, element: int, found: Any) -> None:
        old(self, rid, replace(entry, unique=False) if entry.path == "displayName" else entry, element, found)

    old = defect.replace(Rows, "add", add)


@mutant(clauses=("7643-4.2-05", "OKTA-9.1-05"), trips=(), only="empty lists")
def an_empty_list_of_members_is_refused(defect: Defect) -> None:
    """A group with an empty list of members is refused; one without the list is not."""

    def check(body: Json) -> None:
        if body.get("members") == []:
            raise InvalidValue("members must not be empty.")

    _bodies(defect, check)


@mutant(clauses=("7643-4.2-08", "7643-4.2-11"), trips=(), only="groups in groups")
def every_member_is_a_user(defect: Defect) -> None:
    """A member that is a group has the type User."""
    shown(defect, lambda group: [member.update(type="User") for member in group.get("members", ())])


@mutant(clauses=("7643-4.2-07",), trips=(), only="the reference of a member")
def a_member_leads_to_its_group(defect: Defect) -> None:
    """The reference of a member is that of the group."""

    def change(group: Json) -> None:
        for member in group.get("members", ()):
            member["$ref"] = group["meta"]["location"]

    shown(defect, change)


@mutant(clauses=("7643-4.2-06",), trips=(), only="the second and later members")
def a_member_has_the_id_of_the_one_before(defect: Defect) -> None:
    """The second and later members are shown with the id of the first."""

    def change(group: Json) -> None:
        for member in group.get("members", ())[1:]:
            member["value"] = group["members"][0]["value"]

    shown(defect, change)


@mutant(clauses=("7643-4.2-09", "OKTA-9.1-06"), trips=(), only="display")
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


@mutant(clauses=("7643-4.2-11", "ENTRA-1.7-07"), trips=(), only="groups in groups")
def a_group_in_a_group_is_overlooked(defect: Defect) -> None:
    """A member that is a group is dropped, the users beside it are added."""

    def add(self: StoredMembers, ids: Sequence[str]) -> int:
        added: int = old(self, [id_ for id_ in ids if not _is_group(self, id_)])
        return added

    old = defect.replace(StoredMembers, "add", add)


@mutant(clauses=("7643-4.2-12",), trips=(), only="members without a value")
def a_member_without_an_id_is_fatal(defect: Defect) -> None:
    """The server fails at a member without a value."""

    def read(attribute: Any, raw: Any, where: str, dialect: Any) -> Any:
        if attribute.name == "members" and isinstance(raw, dict) and not {"value", "$ref"} & raw.keys():
            raise KeyError("value")
        return old(attribute, raw, where, dialect)

    old = defect.replace(values, "read_element", read)


@mutant(clauses=("7644-3.5.2.1-01", "ENTRA-1.7-06"), trips=(), only="members that are present")
def adding_a_member_again_takes_it_out(defect: Defect) -> None:
    """Adding a member that is present removes it."""

    def add(self: StoredMembers, ids: Sequence[str]) -> int:
        present = {member.id for member in self._session.members_among(self._group, ids)}
        return self.remove(sorted(present)) + int(old(self, [id_ for id_ in ids if id_ not in present]))

    old = defect.replace(StoredMembers, "add", add)


@mutant(clauses=("PRAC-O-01", "ENTRA-1.7-04"), trips=(), only="the answer of a PATCH that adds members")
def a_patched_group_shows_what_was_added(defect: Defect) -> None:
    """The answer to a PATCH of a group that adds members lists these as the members."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if reply.code != 204 or not asked(environ, "PATCH", "/Groups/"):
            return reply
        given = json.loads(environ[BODY_KEY]).get("Operations", ())
        added = [each["value"] for each in given if each["op"].lower() == "add" and each.get("path") == "members"]
        if not added or not isinstance(added[0], list):
            return reply
        shown_group = {"schemas": [GROUP_URN], "id": single(environ, "/Groups"), "members": added[0]}
        fields = [*reply.headers, ("Content-Type", SCIM)]
        return Reply("200 OK", fields, b"").with_body(json.dumps(shown_group).encode())

    defect.answers(rewrite)


def _without_exclusion(defect: Defect, *, by_id: bool) -> None:
    """Overlooks that members are not wanted, of one group or of many."""

    def divert(environ: Environ) -> None:
        one = bool(single(environ, "/Groups"))
        if environ["REQUEST_METHOD"] == "GET" and "/Groups" in environ["PATH_INFO"] and one is by_id:
            environ["QUERY_STRING"] = environ["QUERY_STRING"].replace("excludedAttributes=members", "")

    defect.requests(divert)


@mutant(clauses=("PRAC-E-02",), trips=(), only="groups that are read by id")
def a_group_is_read_with_its_members(defect: Defect) -> None:
    """A group that is read by id shows its members, whether they are wanted or not."""
    _without_exclusion(defect, by_id=True)


@mutant(clauses=("PRAC-E-02", "ENTRA-1.7-01"), trips=(), only="lists of groups")
def groups_are_listed_with_their_members(defect: Defect) -> None:
    """A list of groups shows their members, whether they are wanted or not."""
    _without_exclusion(defect, by_id=False)


@mutant(clauses=("7643-2.3.7-05",), trips=(), only="deleting a user")
def a_deleted_member_leaves_an_empty_group(defect: Defect) -> None:
    """Deleting a user takes the other members out of its groups as well."""

    def remove(session: Any, account: Any, record: Any, *, now: int) -> None:
        for reference in session.groups_of(record):
            session.remove_members(session.get(account.pk, account.registry.group, reference.id))
        old(session, account, record, now=now)

    old = defect.replace(users, "remove", remove)


@mutant(clauses=("ENTRA-8.1-16", "ENTRA-8.1-17"), trips=(), only="groups")
def a_group_can_be_deleted_twice(defect: Defect) -> None:
    """Deleting a group that is not there succeeds."""

    def delete(self: Directory, type_name: str, *arguments: Any) -> None:
        try:
            old(self, type_name, *arguments)
        except NotFound:
            if type_name != "Group":
                raise

    old = defect.replace(Directory, "delete", delete)


@mutant(clauses=("ENTRA-1.7-03", "ENTRA-8.1-09"), trips=(), only="PATCH of displayName")
def a_renamed_group_is_empty(defect: Defect) -> None:
    """A PATCH that changes the displayName of a group takes all members out."""

    def changed(self: Groups, session: Any, record: Any, document: Json, members: StoredMembers) -> Any:
        if document.get("displayName") != record.document.get("displayName"):
            members.clear()
        return old(self, session, record, document, members)

    old = defect.replace(Groups, "_changed", changed)


@mutant(clauses=("7643-4.1.2-14",), trips=(), only="create")
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


@mutant(clauses=("7643-4.1.2-15",), trips=(), only="users of several groups")
def a_user_shows_its_first_group(defect: Defect) -> None:
    """Of several groups a user shows the first."""
    shown(defect, lambda user: user.update(groups=user["groups"][:1]) if "groups" in user else None)


@mutant(clauses=("7643-4.1.2-16", "7643-4.1.2-17"), trips=(), only="groups in groups")
def a_group_of_a_group_is_direct(defect: Defect) -> None:
    """A user shows the groups that its groups are in as direct ones."""

    def groups_of(self: Session, record: Any) -> Any:
        found = list(old(self, record))
        for reference in found:
            above = self.get(record.account, None, reference.id)
            found += [each for each in old(self, above) if each not in found]
        return found

    old = defect.replace(Session, "groups_of", groups_of)


@mutant(clauses=("7643-4.1.2-17", "ENTRA-2.7-02"), trips=(), only="removals by filter")
def a_leaving_member_takes_the_others_along(defect: Defect) -> None:
    """Removing one member by filter removes all of them."""

    def change(members: Any, op: Any, target: Any, raw: object, dialect: Any) -> None:
        if op == "remove" and target.filter is not None and members.matching(target.filter):
            members.clear()
        else:
            old(members, op, target, raw, dialect)

    old = defect.replace(patch, "change_members", change)
