"""Resources of a type without rules of its own: stored as their schema says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mock_samanage.scim.immutable import with_immutable
from mock_samanage.scim.patch import apply_patch
from mock_samanage.scim.schema import ResourceType
from mock_samanage.scim.validation import validate
from mock_samanage.store import Record, Session
from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.ids import Ids, new_id
from mock_samanage.tenant.meta import read_only

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Things:
    """Creates and changes the resources of one type of one account, inside the caller's session."""

    account: AccountView
    ids: Ids
    now: Callable[[], int]
    kind: ResourceType

    def read(self, body: Mapping[str, Any]) -> Document:
        """The document of a POST or PUT."""
        return validate(self.kind, body, dialect=self.account.dialect)

    def create(self, session: Session, document: Document) -> Record:
        """The new resource."""
        new = new_id(session, self.account, self.ids)
        return session.insert(self.account.pk, self.kind, document, id=new, now=self.now())

    def replace(self, session: Session, record: Record, document: Document) -> Record:
        """The resource with another document; immutable values stay."""
        return self._changed(session, record, with_immutable(self.kind, record.document, document))

    def patch(self, session: Session, record: Record, body: Mapping[str, Any]) -> Record:
        """The resource after the operations of the body."""
        document = apply_patch(self.kind, record.document, body, dialect=self.account.dialect, shown=read_only(record))
        return self._changed(session, record, document)

    def delete(self, session: Session, record: Record) -> None:
        """Removes the resource."""
        session.delete(record)

    def _changed(self, session: Session, record: Record, document: Document) -> Record:
        return record if document == record.document else session.update(record, document, now=self.now())
