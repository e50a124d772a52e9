"""Groups: a name and a membership, which is never loaded to change it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mock_samanage.scim.errors import InvalidValue
from mock_samanage.scim.evaluate import matching_elements
from mock_samanage.scim.members import values_allowed
from mock_samanage.scim.patch import apply_patch
from mock_samanage.scim.schema import Attribute
from mock_samanage.scim.syntax import Filter
from mock_samanage.scim.validation import validate
from mock_samanage.store import Record, Session, UnknownMember
from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.ids import Ids, new_id
from mock_samanage.tenant.meta import read_only
from mock_samanage.tenant.removal import remove

Document = dict[str, Any]


class StoredMembers:
    """The membership of one stored group, as `scim.members.MemberSet` describes it; counts what changed."""

    def __init__(self, session: Session, group: Record, attribute: Attribute) -> None:
        self._session = session
        self._group = group
        self._attribute = attribute
        self.changed = 0

    def add(self, ids: Sequence[str]) -> int:
        """Adds the ids; InvalidValue names one that no user or group of the account has (AMB-20)."""
        if self._group.id in ids:
            raise InvalidValue(f"members: the group {self._group.id} cannot be a member of itself.")
        try:
            return self._count(self._session.add_members(self._group, ids))
        except UnknownMember as unknown:
            raise InvalidValue(
                f"members: there is no user or group with the id {unknown.id[:80]!r}; create it before it is a member."
            ) from None

    def remove(self, ids: Sequence[str]) -> int:
        """Removes the ids; those that are no members count nothing."""
        return self._count(self._session.remove_members(self._group, ids)) if ids else 0

    def clear(self) -> int:
        """Removes every member."""
        return self._count(self._session.remove_members(self._group))

    def replace(self, ids: Sequence[str]) -> int:
        """Makes these the only members; only the difference is written."""
        present = {member.id for member in self._session.members(self._group)}
        removed = self.remove(sorted(present.difference(ids)))
        return removed + self.add([id_ for id_ in dict.fromkeys(ids) if id_ not in present])

    def matching(self, filter_: Filter) -> Sequence[str]:
        """The ids of the members that meet the filter; where it says whom it can be about, only those are looked at."""
        allowed = values_allowed(filter_)
        session, group = self._session, self._group
        members = session.members(group) if allowed is None else session.members_among(group, allowed)
        elements = [{"value": member.id, "type": member.type, "display": member.display} for member in members]
        return [members[at].id for at in matching_elements(filter_, elements, self._attribute)]

    def _count(self, changed: int) -> int:
        self.changed += changed
        return changed


@dataclass(frozen=True, slots=True)
class Groups:
    """Creates and changes the groups of one account, inside the caller's session."""

    account: AccountView
    ids: Ids
    now: Callable[[], int]

    def read(self, body: Mapping[str, Any]) -> Document:
        """The document of a POST or PUT, with `members` still in it."""
        return validate(self.account.registry.group, body, dialect=self.account.dialect)

    def create(self, session: Session, document: Document) -> Record:
        """The new group with its members."""
        stored, ids = _split(document)
        kind = self.account.registry.group
        new = new_id(session, self.account, self.ids)
        record = session.insert(self.account.pk, kind, stored, id=new, now=self.now())
        if ids:
            self._members(session, record).add(ids)
        return record

    def replace(self, session: Session, record: Record, document: Document) -> Record:
        """The group with another document and these members only."""
        stored, ids = _split(document)
        members = self._members(session, record)
        members.replace(ids)
        return self._changed(session, record, stored, members)

    def patch(self, session: Session, record: Record, body: Mapping[str, Any]) -> Record:
        """The group after the operations of the body."""
        members = self._members(session, record)
        document = apply_patch(
            self.account.registry.group,
            record.document,
            body,
            dialect=self.account.dialect,
            members=members,
            shown=read_only(record),
        )
        return self._changed(session, record, document, members)

    def delete(self, session: Session, record: Record) -> None:
        """Removes the group; its members stay."""
        remove(session, self.account, record, now=self.now())

    def _members(self, session: Session, record: Record) -> StoredMembers:
        attribute = self.account.registry.group.schema.attribute("members")
        assert attribute is not None
        return StoredMembers(session, record, attribute)

    def _changed(self, session: Session, record: Record, document: Document, members: StoredMembers) -> Record:
        if document != record.document:
            return session.update(record, document, now=self.now())
        return session.touch(record, now=self.now()) if members.changed else record


def _split(document: Mapping[str, Any]) -> tuple[Document, list[str]]:
    """The document as it is stored, and the ids of the members beside it."""
    elements: Iterable[Mapping[str, Any]] = document.get("members") or ()
    stored = {key: value for key, value in document.items() if key != "members"}
    return stored, [element["value"] for element in elements if "value" in element]
