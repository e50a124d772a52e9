"""Defects of what groups show of their members, and users of their groups."""

from __future__ import annotations

import json
from typing import Any

from mock_samanage.scim.registry import GROUP_URN
from mock_samanage.store import Session
from mock_samanage.web.edge import BODY_KEY
from mock_samanage.web.negotiation import SCIM
from tests.mutants.answers import Json, asked, single
from tests.mutants.edits import shown
from tests.mutants.mutant import Defect, Environ, Reply, mutant


@mutant(clauses=("7643-4.2-08", "7643-4.2-11"), trips={"groups.a_group_may_be_a_member"}, only="groups in groups")
def every_member_is_a_user(defect: Defect) -> None:
    """A member that is a group has the type User."""
    shown(defect, lambda group: [member.update(type="User") for member in group.get("members", ())])


@mutant(
    clauses=("7643-4.2-07",),
    trips={
        "groups.members_are_shown_by_id",
        "schemas.references_lead_to_their_resource",
    },
    only="the reference of a member",
)
def a_member_leads_to_its_group(defect: Defect) -> None:
    """The reference of a member is that of the group."""

    def change(group: Json) -> None:
        for member in group.get("members", ()):
            member["$ref"] = group["meta"]["location"]

    shown(defect, change)


@mutant(
    clauses=("7643-4.2-06",),
    trips={
        "bulk.references_to_new_users_become_their_ids",
        "dialects.a_group_is_a_member",
        "dialects.entra_adds_members",
        "dialects.entra_removes_members_by_a_list",
        "dialects.entra_removes_members_by_filter",
        "dialects.members_are_pushed",
        "groups.a_group_is_read_without_its_members",
        "groups.a_group_may_be_a_member",
        "groups.a_member_does_not_become_another",
        "groups.a_patched_group_shows_all_members_or_none",
        "groups.a_present_member_is_added_without_effect",
        "groups.members_are_shown_by_id",
        "groups.the_name_of_a_member_may_be_sent",
        "patch.members_are_replaced_and_removed_as_a_whole",
        "patch.operations_run_in_order",
        "replace.members_are_replaced",
        "schemas.references_lead_to_their_resource",
    },
    only="the second and later members",
)
def a_member_has_the_id_of_the_one_before(defect: Defect) -> None:
    """The second and later members are shown with the id of the first."""

    def change(group: Json) -> None:
        for member in group.get("members", ())[1:]:
            member["value"] = group["members"][0]["value"]

    shown(defect, change)


@mutant(
    clauses=("PRAC-O-01", "ENTRA-1.7-04"),
    trips={
        "dialects.entra_adds_members",
        "groups.a_patched_group_shows_all_members_or_none",
    },
    only="the answer of a PATCH that adds members",
)
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


@mutant(
    clauses=("PRAC-E-02",),
    trips={
        "dialects.members_are_left_out",
        "groups.a_group_is_read_without_its_members",
        "projection.members_can_be_left_out",
    },
    only="groups that are read by id",
)
def a_group_is_read_with_its_members(defect: Defect) -> None:
    """A group that is read by id shows its members, whether they are wanted or not."""
    _without_exclusion(defect, by_id=True)


@mutant(
    clauses=("PRAC-E-02", "ENTRA-1.7-01"),
    trips={
        "dialects.members_are_left_out",
        "groups.a_group_is_read_without_its_members",
        "matching.entra_matches_groups_without_members",
        "projection.members_can_be_left_out",
    },
    only="lists of groups",
)
def groups_are_listed_with_their_members(defect: Defect) -> None:
    """A list of groups shows their members, whether they are wanted or not."""
    _without_exclusion(defect, by_id=False)


@mutant(
    clauses=("7643-4.1.2-15",),
    trips={
        "deleting.a_deleted_group_leaves_its_members",
        "users.a_user_shows_its_groups",
    },
    only="users of several groups",
)
def a_user_shows_its_first_group(defect: Defect) -> None:
    """Of several groups a user shows the first."""
    shown(defect, lambda user: user.update(groups=user["groups"][:1]) if "groups" in user else None)


@mutant(clauses=("7643-4.1.2-16", "7643-4.1.2-17"), trips={"users.a_user_shows_its_groups"}, only="groups in groups")
def a_group_of_a_group_is_direct(defect: Defect) -> None:
    """A user shows the groups that its groups are in as direct ones."""

    def groups_of(self: Session, record: Any) -> Any:
        found = list(old(self, record))
        for reference in found:
            above = self.get(record.account, None, reference.id)
            found += [each for each in old(self, above) if each not in found]
        return found

    old = defect.replace(Session, "groups_of", groups_of)
