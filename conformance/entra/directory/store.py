"""The source directory in the file of a job; every write leaves a change, so that a cycle reads the delta only."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from sqlite3 import Row
from typing import Any

from conformance.entra.database import Database
from conformance.entra.directory.delta import Recorded, merged
from conformance.entra.directory.model import Assignment, Change, Kind, Presence, SourceObject
from conformance.entra.directory.view import ORIGINAL_NAME, attributes_of
from conformance.entra.errors import SourceError
from conformance.entra.values import AppRole, Attributes, Scalar

_OBJECT = "id, kind, document, presence, since, manager"
_ASSIGNMENTS = """
select role, '' from assignment where principal = ?
union all
select a.role, m.group_id from member m
join object u on u.id = m.member_id and u.kind = 'User'
join object g on g.id = m.group_id and g.presence = 'present'
join assignment a on a.principal = m.group_id
where m.member_id = ? and coalesce(json_extract(g.document, '$.securityEnabled'), 1) <> 0
order by 2, 1
"""
Attribute = Scalar | tuple[Scalar, ...]


class Source:
    """Users, groups, roles and assignments; raises SourceError for an object or a role that is not there."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._run = database.connection.execute
        self._roles: dict[str, AppRole] | None = None

    def get(self, id: str) -> SourceObject | None:
        """The object with this id, None if there is none or it is gone for good."""
        row = self._run(f"select {_OBJECT} from object where id = ?", (id,)).fetchone()
        return self._object(row) if row and row["presence"] != Presence.HARD_DELETED else None

    def presence(self, id: str) -> Presence:
        """Whether an object is there; one that never was counts as gone for good."""
        row = self._run("select presence from object where id = ?", (id,)).fetchone()
        return Presence(row[0]) if row else Presence.HARD_DELETED

    def objects(self, kind: Kind) -> Iterator[SourceObject]:
        """The objects of a kind that are present or soft-deleted, by id."""
        chosen = f"select {_OBJECT} from object where kind = ? and presence <> ? order by id"
        for row in self._run(chosen, (kind, Presence.HARD_DELETED)).fetchall():
            yield self._object(row)

    def ids(self, kind: Kind) -> list[str]:
        """The ids of the objects of a kind that are present or soft-deleted, in order."""
        chosen = "select id from object where kind = ? and presence <> ? order by id"
        return [row[0] for row in self._run(chosen, (kind, Presence.HARD_DELETED))]

    def gone(self, kind: Kind) -> list[str]:
        """The ids of the objects of a kind that are gone for good."""
        rows = self._run("select id from object where kind = ? and presence = ?", (kind, Presence.HARD_DELETED))
        return [row[0] for row in rows]

    def find(self, text: str) -> SourceObject | None:
        """The one object with this id, userPrincipalName, mail or displayName, in any case; else None.

        Where a present one and others in the recycle bin have the name, it is the present one.
        """
        if (found := self.get(text)) is not None:
            return found
        names = ("userPrincipalName", "mail", "displayName")
        matches = " or ".join(f"lower(json_extract(document, '$.{name}')) = lower(?)" for name in names)
        rows = self._run(f"select {_OBJECT} from object where {matches}", [text] * len(names)).fetchall()
        for presence in (Presence.PRESENT, Presence.SOFT_DELETED):
            if chosen := [row for row in rows if row["presence"] == presence]:
                return self._object(chosen[0]) if len(chosen) == 1 else None
        return None

    def roles(self) -> list[AppRole]:
        """The roles of the application."""
        return list(self._known_roles().values())

    def _known_roles(self) -> dict[str, AppRole]:
        if self._roles is None:
            rows = self._run("select document from role order by id")
            self._roles = {role.id: role for role in (AppRole(**json.loads(row[0])) for row in rows)}
        return self._roles

    def role(self, name: str) -> AppRole:
        """The role with this id, value or display name; raises SourceError."""
        for role in self.roles():
            if name in {role.id, role.value, role.display_name}:
                return role
        raise SourceError(f"the application has no role {name!r}; it has {', '.join(r.value for r in self.roles())}")

    def assignments(self, principal: str) -> list[tuple[Assignment, str]]:
        """The assignments of a principal; the second part is the group one came through, "" for a direct one.

        Users have those of the groups they are direct members of, if the groups are there and security-enabled (HOW).
        """
        return [(Assignment(principal, row[0]), row[1]) for row in self._run(_ASSIGNMENTS, (principal, principal))]

    def roles_of(self, principal: str) -> tuple[AppRole, ...]:
        """The roles a principal is assigned to, each once; those of its own come first."""
        held = dict.fromkeys(row[0] for row in self._run(_ASSIGNMENTS, (principal, principal)))
        known = self._known_roles()
        return tuple(known[each] for each in held if each in known)

    def groups_of(self, member: str) -> list[str]:
        """The ids of the groups that have this member."""
        return [row[0] for row in self._run("select group_id from member where member_id = ? order by 1", (member,))]

    def reports_of(self, manager: str) -> list[str]:
        """The ids of the users whose manager this is, without those who are gone for good."""
        chosen = "select id from object where manager = ? and presence <> ? order by id"
        return [row[0] for row in self._run(chosen, (manager, Presence.HARD_DELETED))]

    def count(self, kind: Kind) -> int:
        """How many objects of a kind are not gone for good."""
        chosen = "select count(*) from object where kind = ? and presence <> ?"
        found: int = self._run(chosen, (kind, Presence.HARD_DELETED)).fetchone()[0]
        return found

    def position(self) -> int:
        """The position of the newest change, 0 before the first."""
        found: int = self._run("select coalesce(max(position), 0) from change").fetchone()[0]
        return found

    def changes(self, since: int) -> list[Change]:
        """What changed after a position, one change per object, in the order of their latest."""
        rows = self._run("select position, id, kind, what, detail from change where position > ? order by 1", (since,))
        return merged(Recorded(row[0], row[1], Kind(row[2]), row[3], json.loads(row[4])) for row in rows)

    def attributes(
        self, found: SourceObject, *, soft_deleted: bool, roles: Collection[AppRole] | None = None
    ) -> Attributes:
        """The attributes of an object as mappings see them; `soft_deleted` becomes IsSoftDeleted.

        roles: those it is assigned to, where they were read already.
        """
        held = self.roles_of(found.id) if roles is None else roles
        return attributes_of(found, held, soft_deleted=soft_deleted)

    def put(self, found: SourceObject) -> None:
        """The object is there as given; what differs from before is a change."""
        before = self.get(found.id)
        self._store(found)
        if before is None:
            self._note(found, "new")
        else:
            self._note_differences(before, found)
        self._set_members(found, before.members if before else ())

    def _note_differences(self, before: SourceObject, found: SourceObject) -> None:
        names = {*before.attributes, *found.attributes}
        changed = [name for name in sorted(names) if before.attributes.get(name) != found.attributes.get(name)]
        if changed:
            derived = [ORIGINAL_NAME] if "userPrincipalName" in changed else []
            self._note(found, "attributes", changed + derived)
        if "accountEnabled" in changed or before.presence is not found.presence:
            self._note(found, "presence")
        if before.manager != found.manager:
            self._note(found, "manager")
        if before.gives_assignments is not found.gives_assignments:
            self._assignment_changed(found)

    def set_attributes(self, id: str, attributes: Mapping[str, Attribute | None]) -> None:
        """These attributes have these values, none for None."""
        found = self._needed(id)
        wanted = {**found.attributes, **attributes}
        kept = {name: value for name, value in wanted.items() if value not in (None, "", ())}
        self.put(replace(found, attributes=kept))

    def set_manager(self, id: str, manager: str) -> None:
        """The manager of a user, a user too; "" for none."""
        other = self._needed(manager, Kind.USER).id if manager else ""
        self.put(replace(self._needed(id, Kind.USER), manager=other))

    def set_presence(self, id: str, presence: Presence, at: datetime) -> None:
        """The object is present, soft-deleted or gone for good; what is gone is in no group and nobody's manager."""
        found = self._needed(id)
        self._store(replace(found, presence=presence, presence_since=at))
        self._note(found, "presence")
        if found.kind is Kind.GROUP:
            self._assignment_changed(found)
        if presence is Presence.HARD_DELETED:
            self._forget(found)

    def _forget(self, found: SourceObject) -> None:
        for group in self.groups_of(found.id):
            self.change_members(group, removed=[found.id])
        for report in self.reports_of(found.id):
            self.set_manager(report, "")
        self._run("delete from assignment where principal = ?", (found.id,))
        self._run("delete from member where group_id = ?", (found.id,))

    def change_members(self, group: str, *, added: Iterable[str] = (), removed: Iterable[str] = ()) -> None:
        """These became or are no longer members of a group."""
        found = self._needed(group, Kind.GROUP)
        came, went = {self._needed(each).id: None for each in added}, {*removed}
        members = dict.fromkeys(each for each in found.members if each not in went)
        self._set_members(replace(found, members=tuple({**members, **came})), found.members)

    def put_role(self, role: AppRole) -> None:
        """The application has this role."""
        told = json.dumps(asdict(role))
        self._run("insert or replace into role (id, document) values (?, ?)", (role.id, told))
        self._roles = None

    def drop_role(self, id: str) -> None:
        """The application has this role no more, and nobody is assigned to it."""
        for row in self._run("select principal from assignment where role = ?", (id,)).fetchall():
            self.unassign(row[0], id)
        self._run("delete from role where id = ?", (id,))
        self._roles = None

    def assign(self, principal: str, role: str) -> None:
        """The principal has the role, and the direct members of a group with it."""
        found, wanted = self._needed(principal), self.role(role)
        cursor = self._run("insert or ignore into assignment values (?, ?)", (found.id, wanted.id))
        if cursor.rowcount:
            self._assignment_changed(found)

    def unassign(self, principal: str, role: str | None = None) -> None:
        """The principal has the role no more, or none at all."""
        found = self._needed(principal)
        where, values = ("", ()) if role is None else (" and role = ?", (self.role(role).id,))
        if self._run(f"delete from assignment where principal = ?{where}", (found.id, *values)).rowcount:
            self._assignment_changed(found)

    def _needed(self, id: str, kind: Kind | None = None) -> SourceObject:
        found = self.get(id)
        if found is None:
            raise SourceError(f"the source directory has no object {id!r}")
        if kind not in {None, found.kind}:
            raise SourceError(f"{found.name} is a {found.kind.lower()}, and no {kind and kind.lower()}")
        return found

    def _object(self, row: Row) -> SourceObject:
        kind = Kind(row["kind"])
        attributes = {name: _read(value) for name, value in json.loads(row["document"]).items()}
        members: tuple[str, ...] = ()
        if kind is Kind.GROUP:
            listed = self._run("select member_id from member where group_id = ? order by 1", (row["id"],))
            members = tuple(each[0] for each in listed)
        since = datetime.fromisoformat(row["since"]) if row["since"] else None
        return SourceObject(row["id"], kind, attributes, row["manager"], members, Presence(row["presence"]), since)

    def _store(self, found: SourceObject) -> None:
        told = json.dumps(
            {name: list(each) if isinstance(each, tuple) else each for name, each in found.attributes.items()}
        )
        since = found.presence_since.isoformat() if found.presence_since else None
        values = (found.id, found.kind, told, found.presence, since, found.manager)
        self._run(f"insert or replace into object ({_OBJECT}) values (?, ?, ?, ?, ?, ?)", values)

    def _set_members(self, found: SourceObject, before: Collection[str]) -> None:
        had, has = set(before), set(found.members)
        came, went = [each for each in found.members if each not in had], [each for each in before if each not in has]
        if not (came or went):
            return
        many = self.database.connection.executemany
        many("insert or ignore into member values (?, ?)", [(found.id, each) for each in came])
        many("delete from member where group_id = ? and member_id = ?", [(found.id, each) for each in went])
        for what, members in (("member+", came), ("member-", went)):
            for each in members:
                self._note(found, what, each)
        if self._run("select 1 from assignment where principal = ?", (found.id,)).fetchone():
            self._members_assigned((*came, *went))

    def _assignment_changed(self, found: SourceObject) -> None:
        self._note(found, "assignment")
        self._members_assigned(found.members)

    def _members_assigned(self, members: Iterable[str]) -> None:
        """What users have through a group differs; groups in it have nothing through it."""
        for each in members:
            if self._run("select 1 from object where id = ? and kind = ?", (each, Kind.USER)).fetchone():
                self._record(each, Kind.USER, "assignment", None)

    def _note(self, found: SourceObject, what: str, detail: object = None) -> None:
        self._record(found.id, found.kind, what, detail)

    def _record(self, id: str, kind: str, what: str, detail: object) -> None:
        statement = "insert into change (id, kind, what, detail) values (?, ?, ?, ?)"
        self._run(statement, (id, kind, what, json.dumps(detail)))


def _read(value: Any) -> Attribute:
    return tuple(value) if isinstance(value, list) else value
