"""Defects that only a sequence shows: create, change, delete, and look again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mock_samanage.store import Record, Session
from mock_samanage.tenant import users
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.resource import Resource
from mock_samanage.tenant.users import Users
from tests.mutants.mutant import Defect, mutant

Document = dict[str, Any]


@mutant(
    clauses=("7644-3.6-03",),
    trips={
        "me.the_alias_may_be_changed",
        "state_machine.users_live_as_the_model_says",
        "versioning.the_present_tag_lets_writes_pass",
    },
    only="GET by id of what was read before",
)
def a_deleted_user_can_still_be_read(defect: Defect) -> None:
    """A user who was deleted after its last change was read is still answered by id."""
    read: dict[tuple[int, str], Resource] = {}

    def get(self: Directory, type_name: str, resource_id: str, **options: Any) -> Resource:
        known = read.get((self._account.pk, resource_id))
        try:
            found: Resource = old(self, type_name, resource_id, **options)
        except Exception:
            if known is not None and known.type == type_name:
                return known
            raise
        read[self._account.pk, resource_id] = found
        return found

    old = defect.replace(Directory, "get", get)


@mutant(
    clauses=("SAM-MATCH-07", "7644-3.4.2.2-04"),
    trips={
        "patch.remove_with_a_filter_removes_what_it_selects",
        "state_machine.users_live_as_the_model_says",
    },
    only="the second change of a user",
)
def a_second_change_is_not_indexed(defect: Defect) -> None:
    """Filters know a user as it was after its first change."""

    def replace_rows(self: Session, record: Record, rows: Any) -> None:
        if record.version == 1:
            old(self, record, rows)

    old = defect.replace(Session, "_replace_rows", replace_rows)


@mutant(
    clauses=("7644-3.5.2.2-02", "7644-3.4.1-02"),
    trips={
        "patch.a_text_is_added_and_removed",
        "state_machine.users_live_as_the_model_says",
    },
    only="the PATCH after the one that removed a value",
)
def a_removed_value_comes_back(defect: Defect) -> None:
    """What a PATCH removed is there again after the next PATCH."""
    removed: dict[int, Document] = {}

    def patch(self: Users, session: Session, record: Record, body: Any) -> Record:
        found: Record = old(self, session, record, body)
        again = {name: value for name, value in removed.pop(record.rid, {}).items() if name not in found.document}
        removed[record.rid] = {k: v for k, v in record.document.items() if k not in found.document}
        return session.update(found, {**found.document, **again}, now=self.now()) if again else found

    old = defect.replace(Users, "patch", patch)


@mutant(
    clauses=("7643-3.1-06",),
    trips={
        "bulk.a_job_comes_to_what_its_requests_in_turn_come_to",
        "bulk.a_job_goes_on_past_failures",
        "deleting.a_deleted_name_can_be_taken_again",
    },
    only="the user made after one was deleted",
)
def an_id_is_given_again(defect: Defect) -> None:
    """A new user gets the id of the user who was deleted last."""
    free: list[str] = []

    def delete(self: Users, session: Session, record: Record) -> None:
        old_delete(self, session, record)
        free.append(record.id)

    def new_id(*arguments: Any) -> str:
        fresh: str = old_id(*arguments)
        return free.pop() if free else fresh

    old_delete = defect.replace(Users, "delete", delete)
    old_id = defect.replace(users, "new_id", new_id)


@mutant(
    clauses=("7644-3.5.2.3-03", "7644-3.4.1-02"),
    trips={"state_machine.users_live_as_the_model_says"},
    only="a PATCH after a PUT",
)
def a_patch_starts_from_before_the_replace(defect: Defect) -> None:
    """A PATCH changes the user as it was before the last PUT, which is lost."""
    known: dict[int, Document] = {}

    def put(self: Users, session: Session, record: Record, document: Document) -> Record:
        known[record.rid] = record.document
        found: Record = old_put(self, session, record, document)
        return found

    def patch(self: Users, session: Session, record: Record, body: Any) -> Record:
        before = known.pop(record.rid, record.document)
        found: Record = old_patch(self, session, replace(record, document=before), body)
        return found

    old_put = defect.replace(Users, "replace", put)
    old_patch = defect.replace(Users, "patch", patch)
