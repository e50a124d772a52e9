"""Defects of PATCH as a whole: its message, the order of operations, what is left of a failure, the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from threading import local
from typing import Any

from mock_samanage.scim import multivalued, operations, patch
from mock_samanage.scim.errors import InvalidSyntax, ScimError
from mock_samanage.scim.registry import ENTERPRISE_URN
from mock_samanage.store import Record, Session
from mock_samanage.tenant import users
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.groups import Groups, StoredMembers
from mock_samanage.tenant.users import Users
from tests.mutants import patches
from tests.mutants.answers import Json, asked, changed, declared
from tests.mutants.mutant import Defect, Environ, Reply, mutant
from tests.mutants.patches import Sound, Step

_PLACE = re.compile(r"Operations\[(\d+)\]: ")


@mutant(clauses=("7644-3.5-02",), trips={"bulk.a_patch_in_a_job_is_as_unsupported_as_alone", "patch.patch_is_offered"})
def patch_is_not_announced(defect: Defect) -> None:
    """ServiceProviderConfig says that PATCH is not supported."""
    declared(defect, lambda document: document.get("patch", {}).update(supported=False))


@mutant(
    clauses=("7644-3.5.2-13",),
    trips={
        "matching.a_patched_user_matches_by_the_new_values",
        "patch.a_failing_operation_undoes_the_others",
        "patch.a_sequence_of_operations_leaves_what_the_model_says",
        "patch.a_text_is_added_and_removed",
        "patch.a_text_is_replaced",
        "patch.add_appends_values",
        "patch.an_added_schema_lets_its_attributes_follow",
        "patch.every_form_of_path_is_understood",
        "patch.many_values_come_and_go_at_once",
        "patch.op_is_read_in_any_case",
        "patch.operations_run_in_order",
        "patch.paths_may_be_qualified_and_in_any_case",
    },
    only="the second and later operations",
)
def only_the_first_operation_counts(defect: Defect) -> None:
    """Of several operations the first is applied."""
    patches.operations(defect, lambda sent: sent[:1])


@mutant(
    clauses=("7644-3.5.2-24",), trips={"patch.many_values_come_and_go_at_once"}, only="operations after the fiftieth"
)
def the_fifty_first_operation_is_lost(defect: Defect) -> None:
    """At most fifty operations of one message are applied, the others are dropped without a word."""
    patches.operations(defect, lambda sent: sent[:50])


@mutant(clauses=("7644-3.5.2-14",), trips={"patch.add_appends_values"}, only="filters behind the first operation")
def filters_see_the_user_as_it_was(defect: Defect) -> None:
    """A filter in a path selects among the values the user had before the request."""
    present = local()

    def apply_patch(kind: Any, document: Mapping[str, Any], *arguments: Any, **options: Any) -> Any:
        present.document = document
        return old(kind, document, *arguments, **options)

    def change(step: Step, sound: Sound) -> Any:
        if step.target.filter is None:
            return sound(step)
        first = present.document.get(step.target.attribute.name, [])
        own = sound(replace(step, before=[each for each in step.before if each in first]))
        return own + [each for each in step.before if each not in first]

    old = defect.replace(users, "apply_patch", apply_patch)
    patches.steps(defect, multivalued, change)


def _sent(body: Mapping[str, Any]) -> list[Any]:
    listed = body.get("Operations")
    return listed if isinstance(listed, list) else []


def _failed(error: ScimError) -> int:
    """The place of the operation that failed."""
    found = _PLACE.match(error.detail)
    return int(found[1]) if found else 0


@mutant(clauses=("7644-3.5.2-15",), trips={"patch.a_failing_operation_undoes_the_others"})
def what_came_before_a_failure_stays(defect: Defect) -> None:
    """The operations before the one that fails stay applied."""

    def patch_(self: Directory, kind: str, rid: str, body: Json, *arguments: Any, **options: Any) -> Any:
        try:
            return old(self, kind, rid, body, *arguments, **options)
        except ScimError as error:
            done = _sent(body)[: _failed(error)]
            if done:
                with suppress(ScimError):
                    old(self, kind, rid, {**body, "Operations": done}, *arguments, **options)
            raise

    old = defect.replace(Directory, "patch", patch_)


@mutant(
    clauses=("7644-3.5.2-15",),
    trips={"patch.a_failing_operation_undoes_the_others"},
    only="members added before the failure",
)
def members_survive_a_failure(defect: Defect) -> None:
    """Members that a message adds stay in the group when a later operation fails."""

    def patch_(self: Directory, kind: str, rid: str, body: Json, *arguments: Any, **options: Any) -> Any:
        try:
            return old(self, kind, rid, body, *arguments, **options)
        except ScimError as error:
            done = _sent(body)[: _failed(error)]
            added = [each for each in done if each.get("path") == "members" and each.get("op", "").lower() == "add"]
            if kind == "Group" and added:
                with suppress(ScimError):
                    old(self, kind, rid, {**body, "Operations": added}, *arguments, **options)
            raise

    old = defect.replace(Directory, "patch", patch_)


@mutant(
    clauses=("7643-2.2-03",),
    trips={
        "auth_migration.one_token_is_enough",
        "patch.op_is_read_in_any_case",
        "roles.the_primary_path_sets_the_role",
    },
    only="op with capitals",
)
def op_is_written_in_lower_case(defect: Defect) -> None:
    """An op with a capital letter is refused."""

    def operation(item: Any, where: str) -> Any:
        word = item.get("op") if isinstance(item, dict) else None
        if isinstance(word, str) and word != word.lower():
            raise InvalidSyntax(f"{where}.op must be add, remove or replace.")
        return old(item, where)

    old = defect.replace(operations, "_operation", operation)


@mutant(clauses=("7644-3.5.2-03",), trips={"patch.what_is_no_patch_message_is_refused"}, only="op test")
def a_test_always_holds(defect: Defect) -> None:
    """The op `test` of another patch language is accepted and does nothing."""
    defect.replace(operations, "_OPS", {**operations._OPS, "test": "test"})
    patches.operations(defect, lambda sent: [each for each in sent if each.op in {"add", "replace", "remove"}])


@mutant(
    clauses=("7643-2.1-07",), trips={"patch.message_members_in_another_case_are_read_or_refused"}, only="`operations`"
)
def operations_in_lower_case_do_nothing(defect: Defect) -> None:
    """A message whose `operations` begin with a small letter succeeds and does nothing."""

    def read(body: Json) -> Any:
        return () if "operations" in body else old(body)

    old = defect.replace(patch, "read_operations", read)


@mutant(
    clauses=("7644-3.5.2-17",), trips={"patch.success_is_the_resource_or_no_content"}, only="extensions in the answer"
)
def a_patch_answers_the_core_only(defect: Defect) -> None:
    """The answer of a PATCH leaves out the extension."""

    def cut(user: Json) -> None:
        if user.pop(ENTERPRISE_URN, None) is not None and "schemas" in user:
            user["schemas"].remove(ENTERPRISE_URN)

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        return changed(reply, cut) if asked(environ, "PATCH", "/Users/") and reply.code == 200 else reply

    defect.answers(rewrite)


@mutant(
    clauses=("7644-3.5.2-19",), trips={"patch.success_is_the_resource_or_no_content"}, only="answers without a body"
)
def an_answer_without_body_has_no_tag(defect: Defect) -> None:
    """A 204 to a PATCH comes without ETag."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        return reply.without("ETag") if asked(environ, "PATCH", "/") and reply.code == 204 else reply

    defect.answers(rewrite)


@mutant(
    clauses=("7644-3.12-28", "7644-3.6-03"),
    trips={"deleting.a_deleted_user_is_gone", "patch.patch_needs_a_resource"},
    only="PATCH",
)
def a_patch_of_nobody_succeeds(defect: Defect) -> None:
    """A PATCH of a resource that does not exist is answered 204."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        missing = asked(environ, "PATCH", "/") and reply.code == 404
        return Reply("204 No Content", [], b"") if missing else reply

    defect.answers(rewrite)


@mutant(clauses=("7644-3.8-04",), trips={"patch.json_patch_is_another_language"}, only="application/json-patch+json")
def another_patch_language_breaks_the_server(defect: Defect) -> None:
    """The media type of JSON Patch is answered 500."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        foreign = asked(environ, "PATCH", "/") and environ.get("CONTENT_TYPE") == "application/json-patch+json"
        if not foreign:
            return reply
        wrong = changed(reply, lambda error: error.update(status="500"))
        return Reply("500 Internal Server Error", wrong.headers, wrong.body)

    defect.answers(rewrite)


@mutant(clauses=("7644-3.12-32",), trips={"patch.a_broken_patch_body_is_refused"}, only="PATCH")
def a_patch_that_is_no_json_is_unprocessable(defect: Defect) -> None:
    """A PATCH whose body is no JSON is answered 422."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if not asked(environ, "PATCH", "/") or b"not JSON" not in reply.body:
            return reply
        wrong = changed(reply, lambda error: error.update(status="422"))
        return Reply("422 Unprocessable Content", wrong.headers, wrong.body)

    defect.answers(rewrite)


@mutant(
    clauses=("7643-3.1-29",),
    trips={"patch.a_change_moves_the_time_of_change", "representation.times_tell_creation_and_last_change"},
    only="lastModified of users",
)
def a_patch_leaves_the_time_of_change(defect: Defect) -> None:
    """A PATCH of a user moves the version, but not lastModified."""

    def patch_(self: Users, session: Session, record: Record, body: Json) -> Record:
        found: Record = old(replace(self, now=lambda: record.modified), session, record, body)
        return found

    old = defect.replace(Users, "patch", patch_)


@mutant(clauses=("7643-3.1-29",), trips={"patch.members_are_replaced_and_removed_as_a_whole"}, only="members")
def members_make_no_new_version(defect: Defect) -> None:
    """A group whose members change keeps its version and lastModified."""

    def changed_(self: Groups, session: Session, record: Record, document: Json, members: StoredMembers) -> Record:
        members.changed = 0
        found: Record = old(self, session, record, document, members)
        return found

    old = defect.replace(Groups, "_changed", changed_)


@mutant(
    clauses=("7644-3.5.2.1-12",),
    trips={"patch.adding_what_is_there_changes_nothing", "roles.the_present_role_again_changes_nothing"},
    only="add to users",
)
def adding_what_is_there_moves_the_time(defect: Defect) -> None:
    """An add that changes nothing moves version and lastModified."""

    def patch_(self: Users, session: Session, record: Record, body: Json) -> Record:
        after: Record = old(self, session, record, body)
        idle = after.version == record.version and all(each.get("op") == "add" for each in _sent(body))
        return session.touch(record, now=self.now()) if idle else after

    old = defect.replace(Users, "patch", patch_)
