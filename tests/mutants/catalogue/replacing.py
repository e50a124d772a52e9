"""Defects of PUT."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

from mock_samanage.scim.errors import Conflict, InvalidValue, NotFound, ScimError, Uniqueness
from mock_samanage.scim.registry import ENTERPRISE_URN
from mock_samanage.store import Record, Session
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.groups import StoredMembers
from mock_samanage.tenant.resource import Resource
from mock_samanage.tenant.users import Users
from mock_samanage.web import call
from mock_samanage.web.edge import BODY_KEY
from tests.mutants.answers import Json, asked, changed
from tests.mutants.mutant import Defect, Environ, Reply, mutant


def _documents(defect: Defect, change: Any) -> None:
    """Changes the document that a PUT stores in place of a user; the record and the document are at hand."""

    def replace_(self: Users, session: Session, record: Record, document: Json) -> Record:
        found: Record = old(self, session, record, change(record, dict(document)))
        return found

    old = defect.replace(Users, "replace", replace_)


@mutant(
    clauses=("7644-3.5.1-01",),
    trips={"replace.a_replace_answers_the_whole_resource", "replace.projection_works_on_replace"},
    only="the answer",
)
def a_replace_repeats_what_was_sent(defect: Defect) -> None:
    """The answer of a PUT has the attributes of the request only, beside id and meta."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if not asked(environ, "PUT", "/Users/") or reply.code != 200:
            return reply
        sent = {name.lower() for name in json.loads(environ[BODY_KEY])} | {"id", "meta", "schemas"}

        def cut(user: Json) -> None:
            for name in [name for name in user if name.lower() not in sent]:
                del user[name]

        return changed(reply, cut)

    defect.answers(rewrite)


@mutant(
    clauses=("7644-3.5.1-02", "7644-3.6-01", "7644-3.6-03"),
    trips={
        "deleting.a_deleted_user_is_gone",
        "replace.a_replace_never_creates",
        "versioning.if_match_takes_a_star_and_lists",
        "versioning.other_refusals_come_before_preconditions",
    },
    only="users",
)
def a_replace_creates_what_is_missing(defect: Defect) -> None:
    """A PUT of a user that does not exist creates one."""

    def replace_(self: Directory, kind: str, rid: str, body: Json, *arguments: Any, **options: Any) -> Any:
        try:
            return old(self, kind, rid, body, *arguments, **options)
        except NotFound:
            if kind != "User":
                raise
            return self.create(kind, body)

    old = defect.replace(Directory, "replace", replace_)


@mutant(
    clauses=("7644-3.5.1-04",),
    trips={"matching.a_replaced_user_matches_by_the_new_values", "replace.new_values_replace_the_old"},
    only="e-mails",
)
def a_replace_collects_addresses(defect: Defect) -> None:
    """The e-mails of a PUT are added to the ones that are there."""

    def change(record: Record, document: Json) -> Json:
        given = document.get("emails")
        if not given:
            return document
        named = [each.get("value") for each in given]
        kept = [each for each in record.document.get("emails", ()) if each.get("value") not in named]
        return {**document, "emails": [*given, *({**each, "primary": False} for each in kept)]}

    _documents(defect, change)


@mutant(
    clauses=("7644-3.5.1-05",),
    trips={"replace.null_and_an_empty_list_clear", "replace.omitted_attributes_are_treated_alike"},
    only="attributes with one value",
)
def a_replace_keeps_what_it_does_not_name(defect: Defect) -> None:
    """A PUT keeps the title where the body has none, and clears all else."""

    def change(record: Record, document: Json) -> Json:
        kept = record.document.get("title")
        return {**document, "title": kept} if kept and "title" not in document else document

    _documents(defect, change)


@mutant(clauses=("7643-3.3-05",), trips={"replace.omitted_attributes_are_treated_alike"}, only="`schemas`")
def a_dropped_extension_stays_listed(defect: Defect) -> None:
    """A PUT without the extension takes its attributes away and leaves its URN in `schemas`."""

    def change(record: Record, document: Json) -> Json:
        lost = ENTERPRISE_URN in record.document and ENTERPRISE_URN not in document
        return {**document, "schemas": [*document["schemas"], ENTERPRISE_URN]} if lost else document

    _documents(defect, change)


@mutant(
    clauses=("7644-3.5.1-06",),
    trips={"replace.null_and_an_empty_list_clear", "roles.empty_roles_in_a_put_reset_the_role"},
    only="an empty list",
)
def an_empty_list_does_not_clear(defect: Defect) -> None:
    """A PUT with an empty list for an attribute keeps what is there."""

    def replace_(self: Directory, kind: str, rid: str, body: Json, *arguments: Any, **options: Any) -> Any:
        if kind == "User":
            stored = self.get(kind, rid).document
            body = {key: stored[key] if item == [] and key in stored else item for key, item in body.items()}
        return old(self, kind, rid, body, *arguments, **options)

    old = defect.replace(Directory, "replace", replace_)


@mutant(clauses=("7644-3.5.1-10",), trips={"replace.read_only_values_are_ignored_on_replace"}, only="groups")
def a_replace_leaves_the_groups_it_does_not_name(defect: Defect) -> None:
    """A PUT whose body holds `groups` takes the user out of every group it does not name."""

    def replace_(self: Directory, kind: str, rid: str, body: Json, *arguments: Any, **options: Any) -> Any:
        found = old(self, kind, rid, body, *arguments, **options)
        if kind == "User" and isinstance(body.get("groups"), list):
            named = [each.get("value") for each in body["groups"] if isinstance(each, dict)]
            with self._store.writing() as session:
                record = self._find(session, kind, rid)
                for group in session.groups_of(record):
                    if group.id not in named:
                        session.remove_members(self._find(session, "Group", group.id), [rid])
        return self.get(kind, rid) if kind == "User" else found

    old = defect.replace(Directory, "replace", replace_)


@mutant(
    clauses=("7643-3.1-28",),
    trips={
        "replace.a_replace_answers_the_whole_resource",
        "replace.read_only_values_are_ignored_on_replace",
        "representation.the_meta_of_a_body_is_ignored",
        "representation.times_tell_creation_and_last_change",
    },
    only="users",
)
def a_replaced_user_is_a_new_one(defect: Defect) -> None:
    """meta.created of a user is the moment of the last PUT."""
    replaced: dict[str, int] = {}

    def replace_(self: Directory, kind: str, rid: str, *arguments: Any, **options: Any) -> Any:
        found = old(self, kind, rid, *arguments, **options)
        if kind == "User":
            replaced[rid] = found.modified
        return found

    def shown(resource: Resource, base: str) -> Json:
        created = replaced.get(resource.id, resource.created)
        document: Json = old_document(replace(resource, created=created), base)
        return document

    old = defect.replace(Directory, "replace", replace_)
    old_document = defect.replace(call, "document", shown)


@mutant(
    clauses=("7644-3.12-22",),
    trips={"errors.a_taken_name_is_a_uniqueness_error_on_update", "replace.a_replace_by_a_taken_name_is_refused"},
    only="PUT",
)
def a_clash_in_a_replace_is_passed_over(defect: Defect) -> None:
    """A PUT with a userName that is taken succeeds and changes nothing."""

    def replace_(self: Directory, kind: str, rid: str, *arguments: Any, **options: Any) -> Any:
        try:
            return old(self, kind, rid, *arguments, **options)
        except Uniqueness:
            return self.get(kind, rid)

    old = defect.replace(Directory, "replace", replace_)


@mutant(
    clauses=("7644-3.5.1-15",),
    trips={"replace.a_bad_replace_is_refused_and_changes_nothing"},
    only="texts beside a wrong value",
)
def a_refused_replace_is_half_done(defect: Defect) -> None:
    """A PUT that is refused for one value has replaced the texts."""

    def replace_(self: Directory, kind: str, rid: str, body: Json, *arguments: Any, **options: Any) -> Any:
        try:
            return old(self, kind, rid, body, *arguments, **options)
        except InvalidValue:
            stored = self.get(kind, rid).document
            texts = {key: item for key, item in body.items() if isinstance(item, str) and key not in {"active", "id"}}
            with suppress(ScimError):
                old(self, kind, rid, {**stored, **texts})
            raise

    old = defect.replace(Directory, "replace", replace_)


@mutant(
    clauses=("7231-4.2.2-01",),
    trips={
        "replace.a_replace_can_be_repeated",
        "replace.projection_works_on_replace",
        "roles.a_put_without_roles_keeps_the_role",
    },
    only="a PUT that changes nothing",
)
def a_replace_by_the_same_is_a_conflict(defect: Defect) -> None:
    """A PUT that would change nothing is answered 409."""

    def replace_(self: Users, session: Session, record: Record, document: Json) -> Record:
        found: Record = old(self, session, record, document)
        if found.version == record.version:
            raise Conflict("The user is like that already.")
        return found

    old = defect.replace(Users, "replace", replace_)


@mutant(clauses=("7643-3-10",), trips={"replace.a_replace_names_its_schemas"}, only="PUT without schemas")
def a_replace_without_schemas_does_nothing(defect: Defect) -> None:
    """A PUT whose body has no `schemas` succeeds and changes nothing."""

    def replace_(self: Directory, kind: str, rid: str, body: Json, *arguments: Any, **options: Any) -> Any:
        if any(key.lower() == "schemas" for key in body):
            return old(self, kind, rid, body, *arguments, **options)
        return self.get(kind, rid)

    old = defect.replace(Directory, "replace", replace_)


@mutant(clauses=("7644-3.5.1-14",), trips={"replace.members_are_replaced"}, only="members")
def a_replaced_group_loses_nobody(defect: Defect) -> None:
    """A PUT of a group adds the members of the body and removes nobody."""
    defect.replace(StoredMembers, "replace", lambda self, ids: self.add(ids))


@mutant(clauses=("7644-3.2-06",), trips={"replace.a_replace_never_creates"}, only="PUT on a collection")
def a_replace_of_the_collection_creates(defect: Defect) -> None:
    """A PUT on /Users creates a user."""

    def divert(environ: Environ) -> None:
        if environ["REQUEST_METHOD"] == "PUT" and environ["PATH_INFO"].rstrip("/").endswith("/Users"):
            environ["REQUEST_METHOD"] = "POST"

    defect.requests(divert)


@mutant(clauses=("7644-3.9-10",), trips={"replace.projection_works_on_replace"}, only="PUT with attributes")
def a_replace_shows_everything(defect: Defect) -> None:
    """A PUT does not look at `attributes`."""

    def divert(environ: Environ) -> None:
        if environ["REQUEST_METHOD"] == "PUT" and environ.get("QUERY_STRING", "").startswith("attributes="):
            environ["QUERY_STRING"] = ""

    defect.requests(divert)
