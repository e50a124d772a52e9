"""Defects of `meta`, and of the attributes that every resource has though no schema defines them."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

from mock_samanage.store import Record
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.reading import Reading
from mock_samanage.tenant.resource import Query, Resource, ResourcePage
from mock_samanage.web import call, projection
from tests.mutants.answers import Json, answered, represented
from tests.mutants.mutant import Defect, mutant
from tests.mutants.queries import names


def _recorded(defect: Defect, change: Any) -> None:
    """Changes each resource as the directory gives it: `change` gets it with its record, and gives another."""

    def resource(self: Reading, session: Any, record: Record, wanted: frozenset[str]) -> Resource:
        found: Resource = change(old(self, session, record, wanted), record)
        return found

    old = defect.replace(Reading, "_resource", resource)


@mutant(
    clauses=("7643-3.1-16",),
    trips={
        "patch.a_change_moves_the_time_of_change",
        "replace.a_replace_answers_the_whole_resource",
        "representation.every_resource_has_meta",
        "representation.times_tell_creation_and_last_change",
        "representation.two_users_may_share_an_external_id",
    },
    only="the answer of a create",
)
def a_new_user_has_no_times(defect: Defect) -> None:
    """The answer of a create has no `meta.lastModified`."""
    answered(defect, "POST", lambda found: found.get("meta", {}).pop("lastModified", None))


@mutant(
    clauses=("7643-3.1-18",),
    trips={
        "discovery.meta_names_the_resource_type",
        "representation.every_resource_has_meta",
        "resources.the_endpoint_decides_the_resource_type",
    },
    only="groups",
)
def the_type_of_a_group_is_a_plural(defect: Defect) -> None:
    """`meta.resourceType` of a group is the name of its endpoint."""
    represented(
        defect,
        lambda found: found["meta"].update(resourceType="Groups") if found["meta"]["resourceType"] == "Group" else None,
    )


@mutant(
    clauses=("7643-3.1-19",),
    trips={
        "replace.a_bad_replace_is_refused_and_changes_nothing",
        "replace.a_replace_answers_the_whole_resource",
        "replace.read_only_values_are_ignored_on_replace",
        "representation.the_meta_of_a_body_is_ignored",
        "representation.times_tell_creation_and_last_change",
        "versioning.a_group_is_replaced_at_its_version_alone",
        "versioning.a_stale_tag_stops_every_method",
    },
    only="PUT",
)
def a_replace_is_a_new_creation(defect: Defect) -> None:
    """A PUT moves `meta.created`."""
    born: dict[str, int] = {}

    def replaced(self: Directory, type_name: str, resource_id: str, *rest: Any, **options: Any) -> Any:
        born[resource_id] = self._now()
        return old(self, type_name, resource_id, *rest, **options)

    old = defect.replace(Directory, "replace", replaced)
    _recorded(defect, lambda found, record: replace(found, created=born.get(record.id, found.created)))


@mutant(
    clauses=("7643-3.1-20",),
    trips={
        "patch.a_change_moves_the_time_of_change",
        "replace.a_replace_answers_the_whole_resource",
        "representation.times_tell_creation_and_last_change",
    },
    only="new resources",
)
def a_new_resource_was_changed_a_second_ago(defect: Defect) -> None:
    """LastModified of a new resource is a second after created."""
    _recorded(
        defect,
        lambda found, record: replace(found, modified=found.created + 1_000_000) if record.version == 1 else found,
    )


@mutant(
    clauses=("7643-3.1-21",),
    trips={"patch.a_change_moves_the_time_of_change", "representation.times_tell_creation_and_last_change"},
    only="PATCH",
)
def last_modified_forgets_patches(defect: Defect) -> None:
    """LastModified is the time of the last PUT, else of the creation."""
    kept: dict[str, int] = {}

    def patch(self: Directory, type_name: str, resource_id: str, *rest: Any, **options: Any) -> Any:
        kept.setdefault(resource_id, self.get(type_name, resource_id, wanted=frozenset()).modified)
        return old(self, type_name, resource_id, *rest, **options)

    old = defect.replace(Directory, "patch", patch)
    _recorded(defect, lambda found, record: replace(found, modified=kept.get(record.id, found.modified)))


@mutant(clauses=("7643-3.1-22",), trips={"representation.meta_location_is_where_the_resource_is"}, only="groups")
def a_group_is_located_among_the_users(defect: Defect) -> None:
    """`meta.location` of a group is below /Users."""

    def change(found: Json) -> None:
        found["meta"]["location"] = found["meta"]["location"].replace("/Groups/", "/Users/")

    represented(defect, change)


@mutant(
    clauses=("7643-3.1-22",),
    trips={"representation.meta_location_is_where_the_resource_is", "resources.a_valid_user_is_created"},
    only="the Location of a create",
)
def a_new_resource_is_located_at_its_collection(defect: Defect) -> None:
    """Location of a create is the collection."""
    defect.wrap(call, "location", lambda old: lambda *named: old(*named).rpartition("/")[0])


@mutant(clauses=("7643-3.1-17",), trips={"representation.the_meta_of_a_body_is_ignored"}, only="PUT")
def a_replace_repeats_the_meta_it_was_sent(defect: Defect) -> None:
    """The answer of a PUT takes `meta.created` from the body."""
    sent = threading.local()

    def replaced(self: Directory, type_name: str, resource_id: str, body: Json, *rest: Any, **options: Any) -> Any:
        meta = body.get("meta")
        sent.created = meta.get("created") if isinstance(meta, dict) else None
        return old(self, type_name, resource_id, body, *rest, **options)

    old = defect.replace(Directory, "replace", replaced)
    answered(
        defect,
        "PUT",
        lambda found: found.get("meta", {}).update(created=sent.created) if getattr(sent, "created", None) else None,
    )


@mutant(
    clauses=("7643-3.1-25",),
    trips={"representation.common_attributes_exist_on_every_resource"},
    only="excludedAttributes",
)
def meta_cannot_be_excluded(defect: Defect) -> None:
    """`excludedAttributes=meta` leaves meta in the answer."""
    defect.wrap(
        projection,
        "project",
        lambda old: (
            lambda kind, document, named, left_out: old(
                kind, document, named, tuple(path for path in left_out if path.name.lower() != "meta")
            )
        ),
    )


@mutant(
    clauses=("7643-3-11",),
    trips={
        "listing.the_root_follows_the_rules_of_the_endpoints",
        "representation.common_attributes_exist_on_every_resource",
    },
    only="groups",
)
def a_group_cannot_be_found_by_external_id(defect: Defect) -> None:
    """A filter on externalId finds no group, because the schema of groups does not have it."""

    def query(self: Reading, type_names: Any, query: Query) -> ResourcePage:
        if query.filter is not None and "externalid" in names(query.filter) and list(type_names) == ["Group"]:
            return ResourcePage(0, 1, [])
        found: ResourcePage = old(self, type_names, query)
        return found

    old = defect.replace(Reading, "query", query)


@mutant(
    clauses=("7643-3-11",),
    trips={"representation.common_attributes_exist_on_every_resource"},
    only="attributes=meta.created",
)
def a_part_of_meta_cannot_be_asked_for(defect: Defect) -> None:
    """`attributes=meta.created` shows no meta, because no schema defines it."""
    defect.wrap(
        projection,
        "project",
        lambda old: (
            lambda kind, document, named, left_out: old(
                kind, {name: value for name, value in document.items() if name != "meta" or not named}, named, left_out
            )
        ),
    )
