"""The members of groups, one row each, so that the size of a group does not matter to a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from sqlalchemy import bindparam, delete, func, insert, literal_column, select

from mock_samanage.store.errors import Stale, UnknownMember
from mock_samanage.store.model import GroupRef, Member, Record
from mock_samanage.store.resources import storable
from mock_samanage.store.shape import TYPES
from mock_samanage.store.statement import Statement
from mock_samanage.store.tables import membership, resource
from mock_samanage.store.work import Work

_IN_GROUP = membership.c.group_rid == bindparam("group_")
_MEMBER = resource.c.rid == membership.c.member_rid
_MANY: Final = 256  # ids that one statement looks up; a statement for each is slow across a network
_PLACES: Final = tuple(f"id{at}" for at in range(_MANY))

_SHOWN = (
    select(resource.c.id, resource.c.type, resource.c.display)
    .select_from(membership.join(resource, _MEMBER))
    .where(_IN_GROUP)
    .order_by(membership.c.member_rid)
)
_MEMBERS = Statement(_SHOWN)
_COUNT = Statement(select(func.count()).select_from(membership).where(_IN_GROUP))
# Joined to nothing: with an index on types SQLite would look at everybody of the account for many ids.
_TYPE = resource.c.type.concat(literal_column("''"))
_FOUND = (
    select(resource.c.id, resource.c.rid, membership.c.group_rid, resource.c.type, resource.c.display)
    .select_from(resource.outerjoin(membership, (membership.c.member_rid == resource.c.rid) & _IN_GROUP))
    .where(
        resource.c.account == bindparam("account"),
        _TYPE.in_([literal_column(f"'{name}'") for name in TYPES]),
    )
)
_FIND = Statement(_FOUND.where(resource.c.id == bindparam(_PLACES[0])))
_FIND_MANY = Statement(_FOUND.where(resource.c.id.in_([bindparam(place) for place in _PLACES])))
_ADD = Statement(insert(membership), ("group_rid", "member_rid"))
_ADD_MANY = Statement(
    insert(membership).values([{"group_rid": bindparam("group_"), "member_rid": bindparam(place)} for place in _PLACES])
)
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

    def members_among(self, group: Record, ids: Sequence[str]) -> list[Member]:
        """The direct members that have one of these ids, found without a look at the others."""
        found = sorted((row for row in self._found(group, ids) if row[2] is not None), key=lambda row: int(row[1]))
        return [Member(id, type_name, display) for id, _, _, type_name, display in found]

    def member_count(self, group: Record) -> int:
        """How many direct members the group has."""
        found: int = self.run(_COUNT, group_=group.rid).fetchone()[0]
        return found

    def has_member(self, group: Record, id: str) -> bool:
        """Whether the resource of that id is a direct member."""
        return bool(self.members_among(group, [id]))

    def add_members(self, group: Record, ids: Iterable[str]) -> int:
        """How many of the resources were no members before; raises UnknownMember, having added none.

        Raises Stale when another writer added or deleted one of them meanwhile.
        """
        wanted = list(dict.fromkeys(ids))
        found = {row[0]: row for row in self._found(group, wanted)}
        if (unknown := next((id for id in wanted if id not in found), None)) is not None:
            raise UnknownMember(unknown)
        missing = [found[id][1] for id in wanted if found[id][2] is None]
        if missing:
            stale = Stale(group.id, group.version)
            self.attempt(lambda: self._add_all(group.rid, missing), lambda: stale, orphans=True)
        return len(missing)

    def remove_members(self, group: Record, ids: Iterable[str] | None = None) -> int:
        """How many of the resources were members, of all members if `ids` is None; unknown ids count nothing."""
        if ids is None:
            return self.run(_CLEAR, group_=group.rid).rowcount
        gone = [(group.rid, row[1]) for row in self._found(group, dict.fromkeys(ids)) if row[2] is not None]
        if gone:
            self.run_many(_REMOVE, gone)
        return len(gone)

    def groups_of(self, record: Record) -> list[GroupRef]:
        """The groups the resource is a direct member of, in the order they were created."""
        return [GroupRef(*row) for row in self.run(_GROUPS, member=record.rid)]

    def _add_all(self, group: int, members: Sequence[int]) -> None:
        whole = len(members) - len(members) % _MANY
        for start in range(0, whole, _MANY):
            self.run(_ADD_MANY, group_=group, **dict(zip(_PLACES, members[start : start + _MANY], strict=True)))
        if members[whole:]:
            self.run_many(_ADD, [(group, member) for member in members[whole:]])

    def _found(self, group: Record, ids: Iterable[str]) -> Iterator[tuple[str, int, int | None, str, str | None]]:
        """Those of the ids that exist: id, rid, rid of the group if it is a member, type, display name."""
        known = [id for id in ids if storable(id)]
        of_group = {"account": group.account, "group_": group.rid}
        if len(known) == 1:
            yield from self.run(_FIND, **of_group, **{_PLACES[0]: known[0]}).fetchall()
            return
        for start in range(0, len(known), _MANY):
            part = known[start : start + _MANY]
            part += part[:1] * (_MANY - len(part))
            yield from self.run(_FIND_MANY, **of_group, **dict(zip(_PLACES, part, strict=True))).fetchall()
