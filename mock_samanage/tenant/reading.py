"""The reading half of a directory: one resource, pages by index and pages by cursor."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mock_samanage.scim.errors import InvalidCount, NotFound
from mock_samanage.scim.schema import ResourceType
from mock_samanage.scim.syntax import AttrPath, Filter
from mock_samanage.store import Position, Record, Session, Store, Stretch
from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.cursors import Cursor, Cursors, scope
from mock_samanage.tenant.matching import admit
from mock_samanage.tenant.resource import (
    EVERYTHING,
    GROUPS,
    MEMBERS,
    CursorPage,
    Query,
    Reference,
    Resource,
    ResourcePage,
)
from mock_samanage.tenant.role_answer import aliased, answered

DEFAULT_PAGE = 100
MAX_RESULTS = 1000
"""Resources in one page at most; `filter.maxResults` and `pagination.maxPageSize` of ServiceProviderConfig."""

_NO_ID = re.compile("[\x00\ud800-\udfff]")  # databases refuse these in text
_LONGEST_ID = 255  # characters

Read = tuple[list[ResourceType], Filter | None, AttrPath | None]


class Reading:
    """Reads the resources of one account for one user, `reader`, to whom cursors belong."""

    def __init__(
        self, store: Store, account: AccountView, now: Callable[[], int], *, cursors: Cursors, reader: str
    ) -> None:
        self._store = store
        self._account = account
        self._now = now
        self._cursors = cursors
        self._reader = reader

    def resource_type(self, name: str) -> ResourceType:
        """The type as this account declares it: its roles as canonicalValues, and the quirk role-answer."""
        kind = self._account.registry.type_named(name)
        if kind is None:
            endpoints = self._account.registry.endpoints
            raise NotFound(f"There is no resource type {name[:80]!r}; resources are at {endpoints}.")
        return kind

    @property
    def type_names(self) -> list[str]:
        """The names of the account's resource types."""
        return [kind.name for kind in self._account.registry.types]

    def get(self, type_name: str, resource_id: str, *, wanted: frozenset[str] = EVERYTHING) -> Resource:
        """The resource of that id."""
        with self._store.reading() as session:
            return self._resource(session, self._find(session, type_name, resource_id), wanted)

    def query(self, type_names: Sequence[str], query: Query) -> ResourcePage:
        """One page of what matches; InvalidFilter for an attribute outside the filterable set, or one no type has."""
        types, filter_, sort = self._read(type_names, query)
        start = max(query.start_index, 1)
        count = _size(query.count)
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

    def walk(self, type_names: Sequence[str], query: Query) -> CursorPage:
        """The page that the query's cursor names, the first one for an empty cursor (RFC 9865).

        Raises as `query` does; InvalidCursor, ExpiredCursor, and InvalidCount for a count that is not the first page's.
        """
        read = self._read(type_names, query)
        belongs, now = scope(self._account.pk, self._reader, type_names, query), self._now()
        at = self._place(query, belongs, now)
        with self._store.reading() as session:
            found = self._stretch(session, read, query, at)
            if at.backward and not found.records:  # what was before is gone, so this is the first page
                at = Cursor(None, backward=False, count=at.count)
                found = self._stretch(session, read, query, at)
            resources = [self._resource(session, record, query.wanted) for record in found.records]
        before, after = _neighbours(at, found)
        seal = self._cursors.seal
        return CursorPage(
            found.total,
            resources,
            seal(Cursor(after, backward=False, count=at.count), belongs, now) if after else None,
            seal(Cursor(before, backward=True, count=at.count), belongs, now) if before else None,
        )

    def _place(self, query: Query, belongs: bytes, now: int) -> Cursor:
        count = _size(query.count)
        if not query.cursor:
            return Cursor(None, backward=False, count=count)
        at = self._cursors.open(query.cursor, belongs, now)
        if query.count is not None and count != at.count:
            raise InvalidCount(f"count is {count}, but the first page had {at.count}; leave it as it was.")
        return at

    def _stretch(self, session: Session, read: Read, query: Query, at: Cursor) -> Stretch:
        types, filter_, sort = read
        return session.stretch(
            self._account.pk,
            types,
            filter_,
            sort=sort,
            descending=query.descending,
            beyond=at.position,
            backward=at.backward,
            count=at.count,
            string_booleans=self._account.dialect.string_booleans,
        )

    def _read(self, type_names: Sequence[str], query: Query) -> Read:
        """The types, the filter and the order as the store knows them; raises InvalidFilter."""
        types = [self.resource_type(name) for name in type_names]
        filter_, sort = query.filter, query.sort_by
        if filter_ is not None:
            admit(filter_, self._account.settings.filterable, types)
        if self._account.quirks["role-answer"] == "displayName":
            filter_, sort = aliased(filter_, sort)
        return types, filter_, sort

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
        elif record.type == "Group" and MEMBERS in wanted:
            members = [Reference(member.id, member.type, member.display) for member in session.members(record)]
        return Resource(
            record.id, record.type, document, record.version, record.created, record.modified, groups, members
        )


def _size(count: int | None) -> int:
    """The size of a page for a count that was asked for."""
    return DEFAULT_PAGE if count is None else min(max(count, 0), MAX_RESULTS)


def _neighbours(at: Cursor, found: Stretch) -> tuple[Position | None, Position | None]:
    """The positions that the pages before and after this one go on from, None where there is no such page."""
    if at.backward:
        return (found.first if found.more else None), found.last
    return (found.first if at.position else None), (found.last if found.more else None)
