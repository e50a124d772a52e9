"""Defects of what every resource has: `id`, `externalId` and `meta`."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

from mock_samanage.scim.errors import InvalidFilter, InvalidSyntax, Uniqueness
from mock_samanage.scim.syntax import AttrPath, Compare, Operator
from mock_samanage.store import Record
from mock_samanage.tenant import users
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.reading import Reading
from mock_samanage.tenant.resource import Query, Resource
from mock_samanage.web import call, projection
from tests.mutants.answers import Json, answered, asked, changed, represented
from tests.mutants.mutant import Defect, Environ, Reply, mutant


def _recorded(defect: Defect, change: Any) -> None:
    """Changes each resource as the directory gives it: `change` gets it with its record, and gives another."""

    def resource(self: Reading, session: Any, record: Record, wanted: frozenset[str]) -> Resource:
        found: Resource = change(old(self, session, record, wanted), record)
        return found

    old = defect.replace(Reading, "_resource", resource)


@mutant(clauses=("7643-3.1-03",), trips=(), only="groups")
def ids_of_groups_are_numbers(defect: Defect) -> None:
    """The id of a group is shown as a JSON number."""

    def change(found: Json) -> None:
        if found["meta"]["resourceType"] == "Group" and found["id"].isdecimal():
            found["id"] = int(found["id"])

    represented(defect, change)


@mutant(clauses=("7643-3.1-05",), trips=(), only="the answer of a PUT")
def a_replace_answers_the_id_of_its_body(defect: Defect) -> None:
    """The answer of a PUT has the userName for an id."""
    answered(defect, "PUT", lambda found: "userName" in found and found.update(id=found["userName"]))


@mutant(clauses=("7643-3.1-08",), trips=(), only="users")
def ids_of_users_hold_the_reserved_word(defect: Defect) -> None:
    """Ids of new users look like `bulkId-7`."""
    defect.wrap(users, "new_id", lambda old: lambda *source: f"bulkId-{old(*source)}")


@mutant(clauses=("7643-3.1-10",), trips=(), only="excludedAttributes")
def the_id_can_be_excluded(defect: Defect) -> None:
    """`excludedAttributes=id` takes the id out of the answer."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        query = environ["QUERY_STRING"]
        excluded = asked(environ, "GET", "/Users/") and "excludedAttributes=id" in query and reply.code == 200
        return changed(reply, lambda found: found.pop("id", None)) if excluded else reply

    defect.answers(rewrite)


@mutant(clauses=("7643-3.1-09",), trips=(), only="uuids in a path")
def ids_in_a_path_ignore_case(defect: Defect) -> None:
    """New users get ids of letters, and a path names them in any case."""
    defect.wrap(users, "new_id", lambda old: lambda *source: f"u{old(*source)}x")
    defect.wrap(
        Reading,
        "_find",
        lambda old: lambda self, session, kind, id_: old(self, session, kind, id_.lower() if kind == "User" else id_),
    )


@mutant(clauses=("7643-3.1-07",), trips=(), only="ids that are no numbers")
def an_id_of_the_client_is_taken(defect: Defect) -> None:
    """A create takes the `id` of its body."""
    wanted = threading.local()

    def create(self: Directory, type_name: str, body: Json, **options: Any) -> Any:
        wanted.id = body.get("id")
        return old(self, type_name, body, **options)

    def new_id(*source: Any) -> str:
        given = getattr(wanted, "id", None)
        return given if isinstance(given, str) and given and not given.isdecimal() else str(own(*source))

    old = defect.replace(Directory, "create", create)
    own = defect.replace(users, "new_id", new_id)


@mutant(clauses=("7643-3.1-07",), trips=())
def an_id_of_the_client_is_refused(defect: Defect) -> None:
    """A create with an `id` is refused."""

    def create(self: Directory, type_name: str, body: Json, **options: Any) -> Any:
        if "id" in body:
            raise InvalidSyntax("id is readOnly.")
        return old(self, type_name, body, **options)

    old = defect.replace(Directory, "create", create)


@mutant(clauses=("7643-3.1-11",), trips=())
def an_external_id_is_stored_in_small_letters(defect: Defect) -> None:
    """ExternalId is shown in small letters."""

    def change(found: Json) -> None:
        if "externalId" in found:
            found["externalId"] = found["externalId"].lower()

    represented(defect, change)


@mutant(clauses=("7643-3.1-15",), trips=(), only="filters")
def an_external_id_is_found_in_any_case(defect: Defect) -> None:
    """A filter on externalId ignores case."""

    def query(self: Reading, type_names: Any, query: Query) -> Any:
        asks = isinstance(query.filter, Compare) and query.filter.path.name == "externalId"
        page = old(self, type_names, query)
        for spelled in (str.lower, str.upper, str.swapcase):
            if page.total or not asks:
                break
            page = old(self, type_names, replace(query, filter=_spelled(query.filter, spelled)))
        return page

    old = defect.replace(Reading, "query", query)


def _spelled(tree: Any, spelled: Any) -> Compare:
    return Compare(tree.path, tree.op, spelled(str(tree.value)))


@mutant(clauses=("7643-3.1-11",), trips=(), only="PUT")
def an_external_id_is_set_once(defect: Defect) -> None:
    """A PUT leaves an externalId as it is."""

    def replaced(self: Directory, type_name: str, resource_id: str, body: Json, *rest: Any, **options: Any) -> Any:
        before = self.get(type_name, resource_id).document.get("externalId")
        return old(self, type_name, resource_id, {**body, "externalId": before} if before else body, *rest, **options)

    old = defect.replace(Directory, "replace", replaced)


@mutant(clauses=("7643-3.1-13",), trips=(), only="users")
def an_external_id_is_unique(defect: Defect) -> None:
    """A second user with the same externalId is refused."""

    def create(self: Directory, type_name: str, body: Json, **options: Any) -> Any:
        given = body.get("externalId")
        if type_name == "User" and isinstance(given, str) and given:
            same = Compare(AttrPath(None, "externalId"), Operator.EQ, given)
            if Reading.query(self, ["User"], Query(filter=same)).total:
                raise Uniqueness("externalId is taken.")
        return old(self, type_name, body, **options)

    old = defect.replace(Directory, "create", create)


@mutant(clauses=("7643-3.1-14",), trips=(), only="filters on externalId")
def an_external_id_is_found_in_every_account(defect: Defect) -> None:
    """A filter on externalId that finds nothing goes on to look in the other accounts."""

    def query(self: Reading, type_names: Any, query: Query) -> Any:
        page = old(self, type_names, query)
        asks = isinstance(query.filter, Compare) and query.filter.path.name == "externalId"
        for account in range(1, 100):
            if page.total or not asks:
                break
            page = old(_of_account(self, account), type_names, query)
        return page

    def _of_account(directory: Reading, pk: int) -> Reading:
        made: Reading = object.__new__(type(directory))
        made.__dict__.update(directory.__dict__)
        made._account = replace(directory._account, pk=pk)
        return made

    old = defect.replace(Reading, "query", query)


@mutant(clauses=("7643-3.1-16",), trips=(), only="the answer of a create")
def a_new_user_has_no_times(defect: Defect) -> None:
    """The answer of a create has no `meta.lastModified`."""
    answered(defect, "POST", lambda found: found.get("meta", {}).pop("lastModified", None))


@mutant(clauses=("7643-3.1-18",), trips=(), only="groups")
def the_type_of_a_group_is_a_plural(defect: Defect) -> None:
    """`meta.resourceType` of a group is the name of its endpoint."""
    represented(
        defect,
        lambda found: found["meta"].update(resourceType="Groups") if found["meta"]["resourceType"] == "Group" else None,
    )


@mutant(clauses=("7643-3.1-19",), trips=(), only="PUT")
def a_replace_is_a_new_creation(defect: Defect) -> None:
    """A PUT moves `meta.created`."""
    born: dict[str, int] = {}

    def replaced(self: Directory, type_name: str, resource_id: str, *rest: Any, **options: Any) -> Any:
        born[resource_id] = self._now()
        return old(self, type_name, resource_id, *rest, **options)

    old = defect.replace(Directory, "replace", replaced)
    _recorded(defect, lambda found, record: replace(found, created=born.get(record.id, found.created)))


@mutant(clauses=("7643-3.1-20",), trips=(), only="new resources")
def a_new_resource_was_changed_a_second_ago(defect: Defect) -> None:
    """LastModified of a new resource is a second after created."""
    _recorded(
        defect,
        lambda found, record: replace(found, modified=found.created + 1_000_000) if record.version == 1 else found,
    )


@mutant(clauses=("7643-3.1-21",), trips=(), only="PATCH")
def a_patch_leaves_the_time_of_change(defect: Defect) -> None:
    """LastModified is the time of the last PUT, else of the creation."""
    kept: dict[str, int] = {}

    def patch(self: Directory, type_name: str, resource_id: str, *rest: Any, **options: Any) -> Any:
        kept.setdefault(resource_id, self.get(type_name, resource_id, wanted=frozenset()).modified)
        return old(self, type_name, resource_id, *rest, **options)

    old = defect.replace(Directory, "patch", patch)
    _recorded(defect, lambda found, record: replace(found, modified=kept.get(record.id, found.modified)))


@mutant(clauses=("7643-3.1-22",), trips=(), only="groups")
def a_group_is_located_among_the_users(defect: Defect) -> None:
    """`meta.location` of a group is below /Users."""

    def change(found: Json) -> None:
        found["meta"]["location"] = found["meta"]["location"].replace("/Groups/", "/Users/")

    represented(defect, change)


@mutant(clauses=("7643-3.1-22",), trips=(), only="the Location of a create")
def a_new_resource_is_located_at_its_collection(defect: Defect) -> None:
    """Location of a create is the collection."""
    defect.wrap(call, "location", lambda old: lambda *named: old(*named).rpartition("/")[0])


@mutant(clauses=("7643-3.1-17",), trips=(), only="PUT")
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


@mutant(clauses=("7643-3.1-25",), trips=(), only="excludedAttributes")
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


@mutant(clauses=("7643-3-11",), trips=(), only="groups")
def a_group_cannot_be_found_by_external_id(defect: Defect) -> None:
    """A filter on externalId of groups is refused, because the schema of groups does not have it."""

    def query(self: Reading, type_names: Any, query: Query) -> Any:
        asks = isinstance(query.filter, Compare) and query.filter.path.name == "externalId"
        if asks and list(type_names) == ["Group"]:
            raise InvalidFilter("externalId is no attribute of Group.")
        return old(self, type_names, query)

    old = defect.replace(Reading, "query", query)


@mutant(clauses=("7643-3-11",), trips=(), only="attributes=meta.created")
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
