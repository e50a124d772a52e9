"""The members of groups, one row each, so that the size of a group does not matter to a change."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, func, insert, literal_column, select

from mock_samanage.store.errors import UnknownMember
from mock_samanage.store.model import GroupRef, Member, Record
from mock_samanage.store.resources import storable
from mock_samanage.store.shape import TYPES
from mock_samanage.store.statement import Statement
from mock_samanage.store.tables import membership, resource
from mock_samanage.store.work import Work

_IN_GROUP = membership.c.group_rid == bindparam("group_")
_MEMBER = resource.c.rid == membership.c.member_rid
_OF_ID = (resource.c.account == bindparam("account"), resource.c.id == bindparam("id"))

_MEMBERS = Statement(
    select(resource.c.id, resource.c.type, resource.c.display)
    .select_from(membership.join(resource, _MEMBER))
    .where(_IN_GROUP)
    .order_by(membership.c.member_rid)
)
_COUNT = Statement(select(func.count()).select_from(membership).where(_IN_GROUP))
_FIND = Statement(
    select(resource.c.rid, membership.c.group_rid)
    .select_from(resource.outerjoin(membership, (membership.c.member_rid == resource.c.rid) & _IN_GROUP))
    .where(*_OF_ID, resource.c.type.in_([literal_column(f"'{name}'") for name in TYPES]))
)
_ADD = Statement(insert(membership), ("group_rid", "member_rid"))
_REMOVE_ORDER = ("group_", "member_")
_REMOVE = Statement(delete(membership).where(_IN_GROUP, membership.c.member_rid == bindparam("member_")), _REMOVE_ORDER)
_CLEAR = Statement(delete(membership).where(_IN_GROUP))
_GROUPS = Statement(
    select(resource.c.id, resource.c.display)
    .select_from(membership.join(resource, resource.c.rid == membership.c.group_rid))
    .where(membership.c.member_rid == bindparam("member"))
    .order_by(membership.c.group_rid)
)


class Memberships(Work):
    """The part of a session that knows who is in which group; none of it changes a version."""

    __slots__ = ()

    def members(self, group: Record) -> list[Member]:
        """The direct members in the order they were created."""
        return [Member(*row) for row in self.run(_MEMBERS, group_=group.rid)]

    def member_count(self, group: Record) -> int:
        """How many direct members the group has."""
        found: int = self.run(_COUNT, group_=group.rid).fetchone()[0]
        return found

    def has_member(self, group: Record, id: str) -> bool:
        """Whether the resource of that id is a direct member."""
        _, present = self._find(group, id)
        return present

    def add_members(self, group: Record, ids: Iterable[str]) -> int:
        """How many of the resources were no members before; raises UnknownMember, having added none."""
        missing = []
        for id in dict.fromkeys(ids):
            rid, present = self._find(group, id)
            if rid is None:
                raise UnknownMember(id)
            if not present:
                missing.append((group.rid, rid))
        if missing:
            self.run_many(_ADD, missing)
        return len(missing)

    def remove_members(self, group: Record, ids: Iterable[str] | None = None) -> int:
        """How many of the resources were members, of all members if `ids` is None; unknown ids count nothing."""
        if ids is None:
            return self.run(_CLEAR, group_=group.rid).rowcount
        found = [(rid, present) for rid, present in (self._find(group, id) for id in dict.fromkeys(ids))]
        gone = [(group.rid, rid) for rid, present in found if present]
        if gone:
            self.run_many(_REMOVE, gone)
        return len(gone)

    def groups_of(self, record: Record) -> list[GroupRef]:
        """The groups the resource is a direct member of, in the order they were created."""
        return [GroupRef(*row) for row in self.run(_GROUPS, member=record.rid)]

    def _find(self, group: Record, id: str) -> tuple[int | None, bool]:
        if not storable(id):
            return None, False
        row = self.run(_FIND, account=group.account, id=id, group_=group.rid).fetchone()
        return (row[0], row[1] is not None) if row else (None, False)
