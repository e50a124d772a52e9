"""One account, as seen by one request: queries, and writes that are one transaction each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, TypeVar

from mock_samanage.scim.errors import PreconditionFailed, Unavailable, Uniqueness
from mock_samanage.store import Busy, Duplicate, Session, Stale, Store
from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.cursors import Cursors
from mock_samanage.tenant.groups import Groups
from mock_samanage.tenant.ids import Ids
from mock_samanage.tenant.reading import Reading
from mock_samanage.tenant.resource import EVERYTHING, Resource
from mock_samanage.tenant.things import Things
from mock_samanage.tenant.users import Users
from mock_samanage.tenant.versions import ALWAYS, Preconditions

_ATTEMPTS = 8  # writes that may lose a race before the client is asked to come back
_T = TypeVar("_T")
Body = Mapping[str, Any]


class Directory(Reading):
    """The resources of one account; every write is one transaction and is atomic.

    Types are the names of the account's resource types; ids are the text of the URL. Raises the errors of
    `scim.errors`: NotFound for an unknown id, Uniqueness for a taken userName or Group displayName, PreconditionFailed,
    Unavailable while another writer holds the store. A write that changes nothing keeps version and
    lastModified.
    """

    def __init__(
        self,
        store: Store,
        account: AccountView,
        ids: Ids,
        now: Callable[[], int],
        *,
        cursors: Cursors,
        reader: str = "",
    ) -> None:
        super().__init__(store, account, now, cursors=cursors, reader=reader)
        self._kinds: Mapping[str, Users | Groups | Things] = {
            "User": Users(account, ids, now),
            "Group": Groups(account, ids, now),
            **{kind.name: Things(account, ids, now, kind) for kind in account.registry.others},
        }

    def create(self, type_name: str, body: Mapping[str, Any], *, wanted: frozenset[str] = EVERYTHING) -> Resource:
        """The new resource; InvalidValue, InvalidSyntax, Uniqueness."""
        kind = self._kind(type_name)
        document = kind.read(body)
        return self._write(ALWAYS, lambda session: self._resource(session, kind.create(session, document), wanted))

    def create_together(
        self, firsts: Sequence[tuple[str, Body]], complete: Callable[[Sequence[str]], Sequence[Body]]
    ) -> list[Resource]:
        """The new resources that refer to each other, all of them or none; raises as `create` does.

        firsts: type and body of each, without what refers to another; complete: the whole bodies for the new ids.
        """
        kinds = [self._kind(type_name) for type_name, _ in firsts]
        documents = [kind.read(body) for kind, (_, body) in zip(kinds, firsts, strict=True)]

        def work(session: Session) -> list[Resource]:
            made = [kind.create(session, document) for kind, document in zip(kinds, documents, strict=True)]
            whole = complete([record.id for record in made])
            return [
                self._resource(session, kind.replace(session, record, kind.read(body)), frozenset())
                for kind, record, body in zip(kinds, made, whole, strict=True)
            ]

        return self._write(ALWAYS, work)

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
            changed = kind.replace(session, record, kind.read(body))
            match.check(record.version)
            return self._resource(session, changed, wanted)

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

    def _kind(self, type_name: str) -> Users | Groups | Things:
        return self._kinds[self.resource_type(type_name).name]

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
