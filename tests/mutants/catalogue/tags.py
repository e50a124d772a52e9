"""Defects of entity-tags: what they look like, where they stand, when they change."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

from mock_samanage.store import Record
from mock_samanage.tenant import meta
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.groups import Groups
from mock_samanage.web import bulk, call, resources, wire
from tests.mutants.answers import Json, asked, changed, single
from tests.mutants.mutant import Defect, Environ, Reply, mutant

_SHOWN: tuple[ModuleType, ...] = (meta, call, resources, wire, bulk)


def _tagged(reply: Reply, tag: Any) -> Reply:
    """The answer with another ETag, where it has one."""
    return Reply(
        reply.status,
        [(name, tag(value) if name.lower() == "etag" else value) for name, value in reply.headers],
        reply.body,
    )


@mutant(
    clauses=("7232-2.3-01",),
    trips={
        "representation.meta_version_is_the_etag",
        "versioning.every_answer_with_a_resource_is_tagged",
        "versioning.if_match_takes_a_star_and_lists",
        "versioning.if_none_match_finds_the_tag_in_any_form",
    },
)
def tags_lack_quotation_marks(defect: Defect) -> None:
    """Tags are written without quotation marks, and read so."""
    for module in _SHOWN:
        defect.replace(module, "etag", lambda version: f"W/{version}")

    def divert(environ: Environ) -> None:
        for field in ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH"):
            sent = environ.get(field, "*").strip()
            if '"' not in sent and sent.startswith("W/"):
                environ[field] = f'W/"{sent[2:]}"'

    defect.requests(divert)


@mutant(
    clauses=("7643-3.1-24", "7232-2.3-01"),
    trips={
        "representation.meta_version_is_the_etag",
        "versioning.every_answer_with_a_resource_is_tagged",
        "versioning.if_none_match_finds_the_tag_in_any_form",
        "versioning.tags_under_projection",
    },
)
def the_weak_marker_is_a_small_letter(defect: Defect) -> None:
    """Weak tags start with `w/`."""
    for module in _SHOWN:
        defect.replace(module, "etag", lambda version: f'w/"{version}"')

    def divert(environ: Environ) -> None:
        for field in ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH"):
            if field in environ:
                environ[field] = environ[field].replace("w/", "W/")

    defect.requests(divert)


@mutant(clauses=("7232-2.3.3-01",), trips={"versioning.tags_under_projection"})
def tags_claim_to_be_strong(defect: Defect) -> None:
    """Tags are strong, though projected answers share them with whole ones."""
    for module in _SHOWN:
        defect.replace(module, "etag", lambda version: f'"{version}"')


@mutant(
    clauses=("7643-3.1-23", "7644-3.14-07"),
    trips={
        "bulk.versions_in_results_are_those_of_later_reads",
        "representation.meta_version_is_the_etag",
        "resources.a_create_carries_the_version",
        "versioning.a_group_changes_its_tag_with_its_members",
        "versioning.every_answer_with_a_resource_is_tagged",
        "versioning.list_entries_carry_their_version",
        "versioning.tags_under_projection",
    },
    only="the header field",
)
def the_header_forgets_the_weak_marker(defect: Defect) -> None:
    """ETag is the tag of `meta.version` without its `W/`."""
    defect.answers(lambda _environ, reply: _tagged(reply, lambda tag: tag.removeprefix("W/")))


@mutant(clauses=("7232-2.3.3-01",), trips={"versioning.tags_under_projection"}, only="projected reads")
def a_projection_has_a_weak_tag_of_its_own(defect: Defect) -> None:
    """The weak tag of a projected read differs from that of the whole resource."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        projected = asked(environ, "GET", "/") and "attributes=" in environ["QUERY_STRING"]
        return _tagged(reply, lambda tag: f'{tag[:-1]}-part"') if projected else reply

    defect.answers(rewrite)


@mutant(clauses=("7644-3.14-06",), trips={"versioning.every_answer_with_a_resource_is_tagged"}, only="PUT")
def a_replaced_resource_has_no_tag(defect: Defect) -> None:
    """The answer of a PUT has no ETag."""
    defect.answers(lambda environ, reply: reply.without("ETag") if environ["REQUEST_METHOD"] == "PUT" else reply)


@mutant(clauses=("7644-3.5.2-19", "7644-3.14-06"), trips={"patch.success_is_the_resource_or_no_content"}, only="groups")
def a_patched_group_has_no_tag(defect: Defect) -> None:
    """The 204 of a PATCH has no ETag."""
    defect.answers(
        lambda environ, reply: reply.without("ETag") if asked(environ, "PATCH", "/") and reply.code == 204 else reply
    )


@mutant(
    clauses=("7644-3.14-06", "7644-3.14-07"),
    trips={"representation.meta_version_is_the_etag", "versioning.every_answer_with_a_resource_is_tagged"},
    only="PATCH of users",
)
def a_patch_is_answered_with_the_tag_before_it(defect: Defect) -> None:
    """ETag of a PATCH is that of the version before the change."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if not asked(environ, "PATCH", "/") or reply.code != 200:
            return reply
        return _tagged(reply, lambda tag: f'W/"{max(int(tag[3:-1]) - 1, 1)}"')

    defect.answers(rewrite)


@mutant(clauses=("7644-3.14-07",), trips={"versioning.a_group_changes_its_tag_with_its_members"}, only="groups")
def a_group_keeps_its_version_to_the_header(defect: Defect) -> None:
    """A group that is read by id has no `meta.version`."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        read = asked(environ, "GET", "/Groups/") and reply.code == 200 and single(environ, "/Groups")
        return changed(reply, lambda group: group.get("meta", {}).pop("version", None)) if read else reply

    defect.answers(rewrite)


@mutant(
    clauses=("7232-2.1-01",),
    trips={
        "versioning.a_group_changes_its_tag_with_its_members",
        "versioning.a_group_is_replaced_at_its_version_alone",
    },
    only="members of groups",
)
def a_new_member_makes_no_new_version(defect: Defect) -> None:
    """A change of the members alone leaves version and lastModified of the group."""

    def change(_self: Groups, session: Any, record: Record, document: Json, _members: Any) -> Record:
        if document != record.document:
            made: Record = session.update(record, document, now=_self.now())
            return made
        return record

    defect.replace(Groups, "_changed", change)


@mutant(
    clauses=("7232-2.1-01",),
    trips={
        "replace.a_replace_answers_the_whole_resource",
        "versioning.a_group_changes_its_tag_with_its_members",
        "versioning.a_stale_tag_stops_every_method",
        "versioning.a_tag_changes_with_its_resource_only",
        "versioning.if_none_match_finds_the_tag_in_any_form",
        "versioning.of_writers_with_one_version_one_wins",
        "versioning.the_present_tag_lets_writes_pass",
    },
    only="PUT",
)
def a_replace_keeps_the_version(defect: Defect) -> None:
    """What a PUT changes does not count: the tag is that of the last PATCH."""
    replaced: dict[str, int] = {}

    def replaces(self: Directory, type_name: str, resource_id: str, *body: Any, **options: Any) -> Any:
        before = self.get(type_name, resource_id).version
        found = old(self, type_name, resource_id, *body, **options)
        replaced[resource_id] = replaced.get(resource_id, 0) + found.version - before
        return found

    old = defect.replace(Directory, "replace", replaces)
    _renumbered(defect, lambda record: record.version - replaced.get(record.id, 0))


def _renumbered(defect: Defect, version: Any) -> None:
    """Shows another version of each resource than the store has."""

    def shown(self: Directory, session: Any, record: Record, wanted: frozenset[str]) -> Any:
        return replace(old(self, session, record, wanted), version=version(record))

    old = defect.replace(Directory, "_resource", shown)


@mutant(
    clauses=("7232-2.1-02",),
    trips={"me.the_alias_may_be_changed", "versioning.a_tag_changes_with_its_resource_only"},
    only="the newest user",
)
def a_change_moves_the_tag_of_the_newest_user(defect: Defect) -> None:
    """A PUT of a user gives the user that was made last a new version too."""
    newest: dict[int, str] = {}

    def create(self: Directory, type_name: str, *body: Any, **options: Any) -> Any:
        made = old(self, type_name, *body, **options)
        if type_name == "User":
            newest[self._account.pk] = made.id
        return made

    def replaces(self: Directory, type_name: str, resource_id: str, *body: Any, **options: Any) -> Any:
        found = sound(self, type_name, resource_id, *body, **options)
        last = newest.get(self._account.pk, resource_id)
        with self._store.writing() as session:
            record = session.get(self._account.pk, self.resource_type("User"), last)
            if record is not None and type_name == "User" and last != resource_id:
                session.touch(record, now=self._now())
        return found

    old = defect.replace(Directory, "create", create)
    sound = defect.replace(Directory, "replace", replaces)


@mutant(
    clauses=("7232-2.1-02",),
    trips={
        "patch.a_failing_operation_undoes_the_others",
        "patch.adding_what_is_there_changes_nothing",
        "patch.an_immutable_value_is_set_once",
        "patch.success_is_the_resource_or_no_content",
        "versioning.a_group_changes_its_tag_with_its_members",
        "versioning.a_group_is_replaced_at_its_version_alone",
    },
    only="reads of groups",
)
def a_group_has_a_new_tag_at_each_read(defect: Defect) -> None:
    """Each read of a group by id gives it a new version."""

    def get(self: Directory, type_name: str, resource_id: str, **options: Any) -> Any:
        if type_name == "Group":
            with self._store.writing() as session:
                session.touch(self._find(session, type_name, resource_id), now=self._now())
        return old(self, type_name, resource_id, **options)

    old = defect.replace(Directory, "get", get)


@mutant(
    clauses=("7644-3.14-11",),
    trips={"listing.entries_are_whole_resources", "versioning.list_entries_carry_their_version"},
    only="lists",
)
def list_entries_have_no_version(defect: Defect) -> None:
    """The entries of a list have no `meta.version`."""
    _listed(defect, lambda entry: entry.get("meta", {}).pop("version", None))


@mutant(clauses=("7644-3.14-11",), trips={"versioning.list_entries_carry_their_version"}, only="lists")
def list_entries_have_their_first_version(defect: Defect) -> None:
    """The entries of a list show the version they were created with."""
    _listed(defect, lambda entry: entry.get("meta", {}).get("version") and entry["meta"].update(version='W/"1"'))


def _listed(defect: Defect, change: Any) -> None:
    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if not asked(environ, "GET POST", "/") or reply.code != 200:
            return reply
        return changed(reply, lambda found: [change(entry) for entry in found.get("Resources", ())])

    defect.answers(rewrite)
