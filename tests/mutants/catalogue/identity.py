"""Defects of `id` and `externalId`."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

from mock_samanage.scim.errors import InvalidSyntax, Uniqueness
from mock_samanage.scim.syntax import AttrPath, Compare, Operator, Present
from mock_samanage.tenant import users
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.reading import Reading
from mock_samanage.tenant.resource import Query, ResourcePage
from tests.mutants.answers import Json, answered, asked, changed, represented
from tests.mutants.mutant import Defect, Environ, Reply, mutant


@mutant(
    clauses=("7643-3.1-03",),
    trips={"replace.a_replace_answers_the_whole_resource", "representation.every_resource_has_an_id_of_its_own"},
    only="the answer of a PUT",
)
def a_replace_answers_its_id_as_a_number(defect: Defect) -> None:
    """The answer of a PUT has a JSON number for an id."""
    answered(defect, "PUT", lambda found: found["id"].isdecimal() and found.update(id=int(found["id"])))


@mutant(
    clauses=("7643-3.1-05",),
    trips={"replace.a_replace_answers_the_whole_resource", "representation.every_resource_has_an_id_of_its_own"},
    only="the answer of a PUT",
)
def a_replace_answers_the_id_of_its_body(defect: Defect) -> None:
    """The answer of a PUT has the userName for an id."""
    answered(defect, "PUT", lambda found: "userName" in found and found.update(id=found["userName"]))


@mutant(clauses=("7643-3.1-08",), trips={"representation.every_resource_has_an_id_of_its_own"}, only="users")
def ids_of_users_hold_the_reserved_word(defect: Defect) -> None:
    """Ids of new users look like `bulkId-7`."""
    defect.wrap(users, "new_id", lambda old: lambda *source: f"bulkId-{old(*source)}")


@mutant(
    clauses=("7643-3.1-10",),
    trips={"discovery.common_attributes_keep_their_characteristics", "representation.ids_are_exact_and_always_shown"},
    only="excludedAttributes",
)
def the_id_can_be_excluded(defect: Defect) -> None:
    """`excludedAttributes=id` takes the id out of the answer."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        query = environ["QUERY_STRING"]
        excluded = asked(environ, "GET", "/Users/") and "excludedAttributes=id" in query and reply.code == 200
        return changed(reply, lambda found: found.pop("id", None)) if excluded else reply

    defect.answers(rewrite)


@mutant(clauses=("7643-3.1-09",), trips={"representation.ids_are_exact_and_always_shown"}, only="uuids in a path")
def ids_in_a_path_ignore_case(defect: Defect) -> None:
    """New users get ids of letters, and a path names them in any case."""
    defect.wrap(users, "new_id", lambda old: lambda *source: f"u{old(*source)}x")
    defect.wrap(
        Reading,
        "_find",
        lambda old: lambda self, session, kind, id_: old(self, session, kind, id_.lower() if kind == "User" else id_),
    )


@mutant(
    clauses=("7643-3.1-07",),
    trips={"discovery.common_attributes_keep_their_characteristics", "representation.the_provider_issues_the_id"},
    only="ids that are no numbers",
)
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


@mutant(clauses=("7643-3.1-07",), trips={"representation.the_provider_issues_the_id"})
def an_id_of_the_client_is_refused(defect: Defect) -> None:
    """A create with an `id` is refused."""

    def create(self: Directory, type_name: str, body: Json, **options: Any) -> Any:
        if "id" in body:
            raise InvalidSyntax("id is readOnly.")
        return old(self, type_name, body, **options)

    old = defect.replace(Directory, "create", create)


@mutant(clauses=("7643-3.1-11",), trips={"representation.an_external_id_is_kept_and_found_exactly"})
def an_external_id_is_stored_in_small_letters(defect: Defect) -> None:
    """ExternalId is shown in small letters."""

    def change(found: Json) -> None:
        if "externalId" in found:
            found["externalId"] = found["externalId"].lower()

    represented(defect, change)


@mutant(clauses=("7643-3.1-15",), trips={"representation.an_external_id_is_kept_and_found_exactly"}, only="filters")
def an_external_id_is_found_in_any_case(defect: Defect) -> None:
    """A filter on externalId ignores case."""

    def query(self: Reading, type_names: Any, query: Query) -> ResourcePage:
        asked = query.filter
        if not isinstance(asked, Compare) or asked.path.name != "externalId" or asked.op is not Operator.EQ:
            found: ResourcePage = old(self, type_names, query)
            return found
        all_of_them = old(self, type_names, replace(query, filter=Present(asked.path), count=1000)).resources
        wanted = str(asked.value).casefold()
        same = [each for each in all_of_them if str(each.document["externalId"]).casefold() == wanted]
        return ResourcePage(len(same), 1, same)

    old = defect.replace(Reading, "query", query)


@mutant(clauses=("7643-3.1-11",), trips={"representation.an_external_id_is_kept_and_found_exactly"}, only="PUT")
def an_external_id_is_set_once(defect: Defect) -> None:
    """A PUT leaves an externalId as it is."""

    def replaced(self: Directory, type_name: str, resource_id: str, body: Json, *rest: Any, **options: Any) -> Any:
        before = self.get(type_name, resource_id).document.get("externalId")
        return old(self, type_name, resource_id, {**body, "externalId": before} if before else body, *rest, **options)

    old = defect.replace(Directory, "replace", replaced)


@mutant(clauses=("7643-3.1-13",), trips={"representation.two_users_may_share_an_external_id"}, only="users")
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


@mutant(
    clauses=("7643-3.1-14",),
    trips={"representation.an_external_id_belongs_to_its_domain"},
    only="filters on externalId",
)
def an_external_id_is_found_in_every_account(defect: Defect) -> None:
    """A filter on externalId gives what the oldest account with a match has."""

    def query(self: Reading, type_names: Any, query: Query) -> Any:
        asks = isinstance(query.filter, Compare) and query.filter.path.name == "externalId"
        for account in range(1, self._account.pk if asks else 1):
            page = old(_of_account(self, account), type_names, query)
            if page.total:
                return page
        return old(self, type_names, query)

    def _of_account(directory: Reading, pk: int) -> Reading:
        made: Reading = object.__new__(type(directory))
        made.__dict__.update(directory.__dict__)
        made._account = replace(directory._account, pk=pk)
        return made

    old = defect.replace(Reading, "query", query)
