"""Defects of DELETE."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mock_samanage.scim.comparison import fold
from mock_samanage.scim.errors import NotFound, Uniqueness
from mock_samanage.store import Record, Session
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.groups import Groups
from mock_samanage.tenant.reading import Reading
from mock_samanage.tenant.users import Users
from mock_samanage.tenant.versions import ALWAYS
from mock_samanage.web import resources
from mock_samanage.web.answer import Answer
from mock_samanage.web.call import Call
from tests.mutants.answers import Json
from tests.mutants.mutant import Defect, Environ, Reply, mutant


@mutant(clauses=("7644-3.6-03",), trips={"deleting.a_deleted_user_is_gone"}, only="DELETE of what was deleted")
def a_user_can_be_deleted_twice(defect: Defect) -> None:
    """A DELETE of a user that was deleted before is answered 204 again."""
    gone: set[str] = set()

    def delete(self: Directory, kind: str, rid: str, *arguments: Any) -> None:
        try:
            old(self, kind, rid, *arguments)
        except NotFound:
            if rid not in gone:
                raise
        gone.add(rid)

    old = defect.replace(Directory, "delete", delete)


@mutant(
    clauses=("7644-3.12-33",),
    trips={
        "auth_migration.a_credential_opens_its_own_account_only",
        "bulk.a_higher_limit_tolerates_errors_below_it",
        "bulk.results_have_the_status_of_single_requests",
        "bulk.the_first_error_may_end_a_job",
        "deleting.an_unknown_id_cannot_be_deleted",
    },
    only="ids that no user ever had",
)
def nobody_can_be_deleted(defect: Defect) -> None:
    """A DELETE of a user that never was is answered 204."""
    gone: set[str] = set()

    def delete(self: Directory, kind: str, rid: str, *arguments: Any) -> None:
        try:
            old(self, kind, rid, *arguments)
        except NotFound:
            if rid in gone:
                raise
        gone.add(rid)

    old = defect.replace(Directory, "delete", delete)


def _kept(defect: Defect, seen: Any) -> None:
    """Deleted users stay in the store, unreachable by id and with their name free; lists may see them."""
    deleted: set[str] = set()

    def delete(self: Users, session: Session, record: Record) -> None:
        deleted.add(record.id)
        session.update(record, {**record.document, "userName": f"{record.document['userName']}#"}, now=self.now())

    def find(self: Reading, session: Session, kind: str, rid: str) -> Record:
        if rid in deleted:
            raise NotFound(f"There is no {kind} with the id {rid}.")
        found: Record = old_find(self, session, kind, rid)
        return found

    def query(self: Reading, kinds: Any, asking: Any) -> Any:
        page = old_query(self, kinds, asking)
        if seen(kinds):
            return page
        return _without(page, deleted)

    defect.replace(Users, "delete", delete)
    old_find = defect.replace(Reading, "_find", find)
    old_query = defect.replace(Reading, "query", query)


def _without(page: Any, deleted: set[str]) -> Any:
    left = [each for each in page.resources if each.id not in deleted]
    return replace(page, total=page.total - len(page.resources) + len(left), resources=left)


@mutant(
    clauses=("7644-3.6-04",),
    trips={
        "auth_migration.a_deleted_owner_opens_nothing",
        "deleting.a_deleted_user_is_in_no_list",
        "matching.a_deleted_user_matches_nothing",
        "state_machine.users_live_as_the_model_says",
    },
    only="lists of users",
)
def a_deleted_user_stays_listed(defect: Defect) -> None:
    """A user that was deleted stays in the list of users, under a name with a mark."""
    _kept(defect, lambda kinds: tuple(kinds) == ("User",))


@mutant(
    clauses=("7644-3.6-04",),
    trips={"auth_migration.a_deleted_owner_opens_nothing", "deleting.a_deleted_user_is_in_no_list"},
    only="the root",
)
def the_root_still_lists_a_deleted_user(defect: Defect) -> None:
    """A user that was deleted stays in queries on the root, under a name with a mark."""
    _kept(defect, lambda kinds: len(kinds) > 1)


@mutant(
    clauses=("7644-3.6-05",),
    trips={"bulk.a_job_comes_to_what_its_requests_in_turn_come_to", "deleting.a_deleted_name_can_be_taken_again"},
    only="userName of deleted users",
)
def a_deleted_name_stays_taken(defect: Defect) -> None:
    """The userName of a user that was deleted cannot be taken again."""
    taken: set[str] = set()

    def delete(self: Users, session: Session, record: Record) -> None:
        old_delete(self, session, record)
        taken.add(fold(record.document["userName"]))

    def create(self: Users, session: Session, document: Json) -> Record:
        if fold(document["userName"]) in taken:
            raise Uniqueness("userName is taken; it must be unique.")
        found: Record = old_create(self, session, document)
        return found

    old_delete = defect.replace(Users, "delete", delete)
    old_create = defect.replace(Users, "create", create)


@mutant(
    clauses=("7644-3.6-07",),
    trips={
        "deleting.a_stale_version_is_not_deleted",
        "versioning.a_stale_tag_stops_every_method",
        "versioning.if_none_match_stops_writes",
    },
    only="DELETE",
)
def a_delete_does_not_look_at_the_version(defect: Defect) -> None:
    """A DELETE with a stale If-Match deletes."""

    def delete(call: Call, type_name: str, resource_id: str) -> Answer:
        call.directory.delete(type_name, resource_id, ALWAYS)
        return Answer(204)

    old = Directory.delete
    defect.replace(Directory, "delete", lambda self, kind, rid, _match=ALWAYS: old(self, kind, rid, ALWAYS))
    defect.replace(resources, "delete", delete)


@mutant(
    clauses=("7644-3.6-08",),
    trips={"deleting.a_body_of_a_delete_has_no_meaning", "deleting.a_deleted_group_leaves_its_members"},
    only="groups",
)
def a_group_takes_its_members_along(defect: Defect) -> None:
    """Deleting a group deletes the users in it."""

    def delete(self: Groups, session: Session, record: Record) -> None:
        for member in session.members(record):
            found = session.get(self.account.pk, self.account.registry.user, member.id)
            if found is not None:
                session.delete(found)
        old(self, session, record)

    old = defect.replace(Groups, "delete", delete)


@mutant(clauses=("7231-4.3.5-01",), trips={"deleting.a_body_of_a_delete_has_no_meaning"}, only="a DELETE with a body")
def a_delete_with_a_body_does_nothing(defect: Defect) -> None:
    """A DELETE with a body is answered 204 and deletes nothing."""

    def divert(environ: Environ) -> None:
        if environ["REQUEST_METHOD"] == "DELETE" and int(environ.get("CONTENT_LENGTH") or 0) > 0:
            environ["REQUEST_METHOD"] = "GET"
            environ["mutant.body"] = True

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        done = environ.get("mutant.body") and reply.code == 200
        return Reply("204 No Content", [], b"") if done else reply

    defect.requests(divert)
    defect.answers(rewrite)
