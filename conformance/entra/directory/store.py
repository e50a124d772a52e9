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
from conformance.entra.errors import SourceError
from conformance.entra.values import AppRole, Attributes, RoleFlow, Roles, Scalar

_OBJECT = "id, kind, document, presence, since, manager"
Attribute = Scalar | tuple[Scalar, ...]


class Source:
    """Users, groups, roles and assignments; raises SourceError for an object or a role that is not there."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._run = database.connection.execute

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
        """The one object with this id, userPrincipalName, mail or displayName, in any case; else None."""
        if (found := self.get(text)) is not None:
            return found
        names = ("userPrincipalName", "mail", "displayName")
        matches = " or ".join(f"lower(json_extract(document, '$.{name}')) = lower(?)" for name in names)
        rows = self._run(
            f"select {_OBJECT} from object where presence <> ? and ({matches}) limit 2",
            (Presence.HARD_DELETED, *[text] * len(names)),
        ).fetchall()
        return self._object(rows[0]) if len(rows) == 1 else None

    def roles(self) -> list[AppRole]:
        """The roles of the application."""
        return [AppRole(**json.loads(row[0])) for row in self._run("select document from role order by id")]

    def role(self, name: str) -> AppRole:
        """The role with this id, value or display name; raises SourceError."""
        for role in self.roles():
            if name in {role.id, role.value, role.display_name}:
                return role
        raise SourceError(f"the application has no role {name!r}; it has {', '.join(r.value for r in self.roles())}")

    def assignments(self, principal: str) -> list[tuple[Assignment, str]]:
        """The assignments of a principal; the second part is the group one came through, "" for a direct one."""
        direct = self._run("select principal, role from assignment where principal = ? order by role", (principal,))
        through = self._run(
            "select a.principal, a.role from member m join assignment a on a.principal = m.group_id"
            " join object o on o.id = m.group_id and o.presence = 'present'"
            " where m.member_id = ? and coalesce(json_extract(o.document, '$.securityEnabled'), 1) <> 0"
            " order by a.principal, a.role",
            (principal,),
        )
        found = [(Assignment(row[0], row[1]), "") for row in direct]
        return found + [(Assignment(principal, row[1]), row[0]) for row in through]

    def groups_of(self, member: str) -> list[str]:
        """The ids of the groups that have this member."""
        return [row[0] for row in self._run("select group_id from member where member_id = ? order by 1", (member,))]

    def reports_of(self, manager: str) -> list[str]:
        """The ids of the users whose manager this is."""
        return [row[0] for row in self._run("select id from object where manager = ? order by id", (manager,))]

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

    def attributes(self, found: SourceObject, *, soft_deleted: bool) -> Attributes:
        """The attributes of an object as mappings see them; `soft_deleted` becomes IsSoftDeleted."""
        view: dict[str, Any] = {name: value for name, value in found.attributes.items() if value not in (None, "", ())}
        view |= {"objectId": found.id, "IsSoftDeleted": str(soft_deleted)}
        if found.manager:
            view["manager"] = found.manager
        roles = {role.id: role for role in self.roles()} if found.kind is Kind.USER else {}
        held = dict.fromkeys(each.role for each, _ in self.assignments(found.id)) if roles else {}
        if named := tuple(roles[each] for each in held if each in roles and not roles[each].default_access):
            view["appRoleAssignments"] = Roles(RoleFlow.COMPLEX, named)
        return view

    def put(self, found: SourceObject) -> None:
        """The object is there as given; what differs from before is a change."""
        before = self.get(found.id)
        self._store(found)
        if before is None:
            self._note(found, "new")
        else:
            names = {*before.attributes, *found.attributes}
            changed = [name for name in sorted(names) if before.attributes.get(name) != found.attributes.get(name)]
            if changed:
                self._note(found, "attributes", changed)
            if "accountEnabled" in changed or before.presence is not found.presence:
                self._note(found, "presence")
            if before.manager != found.manager:
                self._note(found, "manager")
        self._set_members(found, before.members if before else ())

    def set_attributes(self, id: str, attributes: Mapping[str, Attribute | None]) -> None:
        """These attributes have these values, none for None."""
        found = self._needed(id)
        wanted = {**found.attributes, **attributes}
        kept = {name: value for name, value in wanted.items() if value not in (None, "", ())}
        self.put(replace(found, attributes=kept))

    def set_manager(self, id: str, manager: str) -> None:
        """The manager of a user, "" for none."""
        self.put(replace(self._needed(id), manager=self._needed(manager).id if manager else ""))

    def set_presence(self, id: str, presence: Presence, at: datetime) -> None:
        """The object is present, soft-deleted or gone for good; what is gone is in no group and nobody's manager."""
        found = self._needed(id)
        if presence is Presence.HARD_DELETED:
            for group in self.groups_of(id):
                self.change_members(group, removed=[id])
            for report in self.reports_of(id):
                self.set_manager(report, "")
            self._run("delete from assignment where principal = ?", (id,))
        self._store(replace(found, presence=presence, presence_since=at))
        self._note(found, "presence")

    def change_members(self, group: str, *, added: Iterable[str] = (), removed: Iterable[str] = ()) -> None:
        """These became or are no longer members of a group."""
        found = self._needed(group)
        came = [self._needed(each).id for each in added]
        members = [each for each in found.members if each not in set(removed)]
        members += [each for each in dict.fromkeys(came) if each not in members]
        self._set_members(replace(found, members=tuple(members)), found.members)

    def put_role(self, role: AppRole) -> None:
        """The application has this role."""
        told = json.dumps(asdict(role))
        self._run("insert or replace into role (id, document) values (?, ?)", (role.id, told))

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

    def _needed(self, id: str) -> SourceObject:
        found = self.get(id)
        if found is None:
            raise SourceError(f"the source directory has no object {id!r}")
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
        came, went = (
            [m for m in found.members if m not in set(before)],
            [m for m in before if m not in set(found.members)],
        )
        insert, delete = (
            "insert or ignore into member values (?, ?)",
            "delete from member where group_id = ? and member_id = ?",
        )
        self.database.connection.executemany(insert, [(found.id, each) for each in came])
        self.database.connection.executemany(delete, [(found.id, each) for each in went])
        for what, members in (("member+", came), ("member-", went)):
            for each in members:
                self._note(found, what, each)
        if (came or went) and self._run("select 1 from assignment where principal = ?", (found.id,)).fetchone():
            for each in (*came, *went):
                self._note_id(each, "assignment")

    def _assignment_changed(self, found: SourceObject) -> None:
        self._note(found, "assignment")
        for each in found.members:
            self._note_id(each, "assignment")

    def _note_id(self, id: str, what: str) -> None:
        row = self._run("select kind from object where id = ?", (id,)).fetchone()
        if row:
            self._record(id, row[0], what, None)

    def _note(self, found: SourceObject, what: str, detail: object = None) -> None:
        self._record(found.id, found.kind, what, detail)

    def _record(self, id: str, kind: str, what: str, detail: object) -> None:
        statement = "insert into change (id, kind, what, detail) values (?, ?, ?, ?)"
        self._run(statement, (id, kind, what, json.dumps(detail)))


def _read(value: Any) -> Attribute:
    return tuple(value) if isinstance(value, list) else value
