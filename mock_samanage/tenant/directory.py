"""One account, as seen by one request: queries, and writes that are one transaction each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, TypeVar

from mock_samanage.scim.errors import NotFound, PreconditionFailed, Unavailable, Uniqueness
from mock_samanage.scim.schema import ResourceType
from mock_samanage.store import Busy, Duplicate, Record, Session, Stale, Store
from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.groups import Groups
from mock_samanage.tenant.ids import Ids
from mock_samanage.tenant.matching import admit
from mock_samanage.tenant.resource import EVERYTHING, GROUPS, MEMBERS, Query, Reference, Resource, ResourcePage
from mock_samanage.tenant.role_answer import aliased, answered
from mock_samanage.tenant.users import Users
from mock_samanage.tenant.versions import ALWAYS, Preconditions

DEFAULT_PAGE = 100
MAX_RESULTS = 1000
"""Resources in one page at most; `filter.maxResults` of ServiceProviderConfig."""

_ATTEMPTS = 8  # writes that may lose a race before the client is asked to come back
_NO_ID = re.compile("[\x00\ud800-\udfff]")  # databases refuse these in text
_LONGEST_ID = 255  # characters
_T = TypeVar("_T")


class Directory:
    """The resources of one account; every write is one transaction and is atomic.

    Types are the names `User` and `Group`; ids are the text of the URL. Raises the errors of `scim.errors`:
    NotFound for an unknown id, Uniqueness for a taken userName or Group displayName, PreconditionFailed,
    Unavailable while another writer holds the store. A write that changes nothing keeps version and
    lastModified.
    """

    def __init__(self, store: Store, account: AccountView, ids: Ids, now: Callable[[], int]) -> None:
        self._store = store
        self._account = account
        self._now = now
        self._kinds: Mapping[str, Users | Groups] = {
            "User": Users(account, ids, now),
            "Group": Groups(account, ids, now),
        }

    def resource_type(self, name: str) -> ResourceType:
        """User or Group as this account declares it: its roles as canonicalValues, and the quirk role-answer."""
        kind = self._account.registry.type_named(name)
        if kind is None:
            raise NotFound(f"There is no resource type {name[:80]!r}; there are User and Group.")
        return kind

    def get(self, type_name: str, resource_id: str, *, wanted: frozenset[str] = EVERYTHING) -> Resource:
        """The resource of that id."""
        with self._store.reading() as session:
            return self._resource(session, self._find(session, type_name, resource_id), wanted)

    def query(self, type_names: Sequence[str], query: Query) -> ResourcePage:
        """One page of what matches; InvalidFilter for an attribute outside the filterable set, or one no type has."""
        types = [self.resource_type(name) for name in type_names]
        filter_, sort = query.filter, query.sort_by
        if filter_ is not None:
            admit(filter_, self._account.settings.filterable, types)
        if self._account.quirks["role-answer"] == "displayName":
            filter_, sort = aliased(filter_, sort)
        start = max(query.start_index, 1)
        count = DEFAULT_PAGE if query.count is None else min(max(query.count, 0), MAX_RESULTS)
        with self._store.reading() as session:
            page = session.query(
                self._account.pk,
                types,
                filter_,
                sort=sort,
                descending=query.descending,
                start=start,
                count=count,
                string_booleans=self._account.dialect.string_booleans,
            )
            resources = [self._resource(session, record, query.wanted) for record in page.records]
        return ResourcePage(page.total, start, resources)

    def create(self, type_name: str, body: Mapping[str, Any], *, wanted: frozenset[str] = EVERYTHING) -> Resource:
        """The new resource; InvalidValue, InvalidSyntax, Uniqueness."""
        kind = self._kind(type_name)
        document = kind.read(body)
        return self._write(ALWAYS, lambda session: self._resource(session, kind.create(session, document), wanted))

    def replace(
        self,
        type_name: str,
        resource_id: str,
        body: Mapping[str, Any],
        match: Preconditions = ALWAYS,
        *,
        wanted: frozenset[str] = EVERYTHING,
    ) -> Resource:
        """The resource with the attributes of the body in place of its own (RFC 7644 section 3.5.1)."""
        kind = self._kind(type_name)

        def work(session: Session) -> Resource:
            record = self._find(session, type_name, resource_id)
            document = kind.read(body)
            match.check(record.version)
            return self._resource(session, kind.replace(session, record, document), wanted)

        return self._write(match, work)

    def patch(
        self,
        type_name: str,
        resource_id: str,
        body: Mapping[str, Any],
        match: Preconditions = ALWAYS,
        *,
        wanted: frozenset[str] = EVERYTHING,
    ) -> Resource:
        """The resource after the operations of the body, all of them or none (RFC 7644 section 3.5.2)."""
        kind = self._kind(type_name)

        def work(session: Session) -> Resource:
            record = self._find(session, type_name, resource_id)
            changed = kind.patch(session, record, body)
            match.check(record.version)
            return self._resource(session, changed, wanted)

        return self._write(match, work)

    def delete(self, type_name: str, resource_id: str, match: Preconditions = ALWAYS) -> None:
        """Removes the resource and its memberships, or disables a user under the quirk delete."""
        kind = self._kind(type_name)

        def work(session: Session) -> None:
            record = self._find(session, type_name, resource_id)
            match.check(record.version)
            kind.delete(session, record)

        self._write(match, work)

    def _kind(self, type_name: str) -> Users | Groups:
        return self._kinds[self.resource_type(type_name).name]

    def _find(self, session: Session, type_name: str, resource_id: str) -> Record:
        kind = self.resource_type(type_name)
        record = None
        if len(resource_id) <= _LONGEST_ID and not _NO_ID.search(resource_id):
            record = session.get(self._account.pk, kind, resource_id)
        if record is None:
            shown = resource_id[:80].encode("ascii", "backslashreplace").decode()
            raise NotFound(f"There is no {kind.name} with the id {shown}.")
        return record

    def _resource(self, session: Session, record: Record, wanted: frozenset[str]) -> Resource:
        groups = members = None
        document: Mapping[str, Any] = record.document
        if record.type == "User":
            if GROUPS in wanted:
                groups = [Reference(group.id, "Group", group.display) for group in session.groups_of(record)]
            if self._account.quirks["role-answer"] == "displayName":
                document = answered(document)
        elif MEMBERS in wanted:
            members = [Reference(member.id, member.type, member.display) for member in session.members(record)]
        return Resource(
            record.id, record.type, document, record.version, record.created, record.modified, groups, members
        )

    def _write(self, match: Preconditions, work: Callable[[Session], _T]) -> _T:
        """The result of the work in one transaction; a lost race is repeated unless the client named versions."""
        for _ in range(_ATTEMPTS):
            try:
                with self._store.writing() as session:
                    return work(session)
            except Stale:
                if match.given:
                    raise PreconditionFailed("The resource was changed while this request was handled.") from None
            except Busy:
                _unavailable()
            except Duplicate as taken:
                raise Uniqueness(f"{taken.path} {taken.value[:200]!r} is taken; it must be unique.") from None
        return _unavailable()


def _unavailable() -> NoReturn:
    raise Unavailable("Other writers hold the store; try again in a second.", (("Retry-After", "1"),))
