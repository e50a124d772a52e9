"""What a job remembers: links, escrows, watermark, quarantine, cycles, events, audit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from sqlite3 import Row
from typing import Any

from conformance.entra.database import Database
from conformance.entra.directory.model import Kind
from conformance.entra.job.escrows import STAGED
from conformance.entra.job.model import Counts, CycleKind, CycleResult, Escrow, Link, Pending, Quarantine
from conformance.entra.log.model import AuditEvent, Event
from conformance.entra.log.stored import event_from_json, event_to_text

_LINK = "source_id, kind, target_id, in_scope, managed, disabled"
_EXPORTED = "insert or replace into exported select ?, source_id, target_id from link where source_id = ?"
_NOT_EXPORTED = "delete from exported where group_id = ? and member_id = ?"
_ESCROW = "source_id, kind, code, reference, attempts, first, next_attempt, pending"


class State:
    """The memory of one job; writes join the transaction of the database that is open, or are one each."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._run = database.connection.execute

    def link(self, source_id: str) -> Link | None:
        """The link of a source object."""
        row = self._run(f"select {_LINK} from link where source_id = ?", (source_id,)).fetchone()
        return _link(row) if row else None

    def link_of_target(self, kind: Kind, target_id: str) -> Link | None:
        """The link that leads to a target resource."""
        row = self._run(f"select {_LINK} from link where kind = ? and target_id = ?", (kind, target_id)).fetchone()
        return _link(row) if row else None

    def links(self, kind: Kind) -> Iterator[Link]:
        """Every link of a kind."""
        return map(_link, self._run(f"select {_LINK} from link where kind = ? order by source_id", (kind,)).fetchall())

    def count_links(self, kind: Kind) -> int:
        """How many objects of a kind are linked."""
        found: int = self._run("select count(*) from link where kind = ?", (kind,)).fetchone()[0]
        return found

    def count_entries(self, kind: Kind) -> int:
        """How many objects of a kind were linked since the connector data store was reset: what the progress shows."""
        found: int = self._run("select count(*) from entry where kind = ?", (kind,)).fetchone()[0]
        return found

    def put_link(self, link: Link) -> None:
        """The link stands, in place of an earlier one of the same source object."""
        values = (link.source_id, link.kind, link.target_id, link.in_scope, link.managed, link.disabled)
        self._run(f"insert or replace into link ({_LINK}) values (?, ?, ?, ?, ?, ?)", values)
        self._run("insert or ignore into entry (source_id, kind) values (?, ?)", (link.source_id, link.kind))

    def drop_link(self, source_id: str) -> None:
        """The source object is linked to nothing."""
        self._run("delete from link where source_id = ?", (source_id,))

    def drop_links(self) -> None:
        """Nothing is linked any more (ConnectorDataStore)."""
        self._run("delete from link")
        self._run("delete from entry")

    def exported(self, group: str) -> dict[str, str]:
        """The members that the job gave to a group in the target: source id -> target id."""
        return dict(self._run("select member_id, target_id from exported where group_id = ?", (group,)).fetchall())

    def set_exported(self, group: str, *, added: Iterable[str] = (), removed: Iterable[str] = ()) -> None:
        """These became, or are no longer, members of a group in the target."""
        many = self.database.connection.executemany
        for statement, members in ((_EXPORTED, added), (_NOT_EXPORTED, removed)):
            if rows := [(group, each) for each in members]:
                many(statement, rows)

    def forget_exported(self, id: str | None = None) -> None:
        """The object, a group or a member, is in no exported membership; None: nothing is."""
        if id is None:
            self._run("delete from exported")
        else:
            self._run("delete from exported where group_id = ? or member_id = ?", (id, id))

    def escrow(self, source_id: str) -> Escrow | None:
        """The failure of an object that is to be tried again."""
        row = self._run(f"select {_ESCROW} from escrow where source_id = ?", (source_id,)).fetchone()
        return _escrow(row) if row else None

    def escrows(self, due: datetime | None = None) -> list[Escrow]:
        """The failures to be tried again, those due at a moment, or all."""
        where, values = ("", ()) if due is None else (" where next_attempt <= ?", (due.isoformat(),))
        return [_escrow(row) for row in self._run(f"select {_ESCROW} from escrow{where} order by source_id", values)]

    def escrowed(self) -> set[str]:
        """The source ids of the objects that are to be tried again."""
        return {row[0] for row in self._run("select source_id from escrow")}

    def staged(self) -> list[Escrow]:
        """The deletions that wait until they are allowed."""
        return [_escrow(row) for row in self._run(f"select {_ESCROW} from escrow where code = ?", (STAGED,))]

    def put_escrow(self, escrow: Escrow) -> None:
        """The failure is remembered, in place of an earlier one of the same object."""
        told = (
            escrow.code,
            escrow.reference,
            escrow.attempts,
            escrow.first.isoformat(),
            escrow.next_attempt.isoformat(),
        )
        values = (escrow.source_id, escrow.kind, *told, json.dumps(asdict(escrow.pending)))
        self._run(f"insert or replace into escrow ({_ESCROW}) values (?, ?, ?, ?, ?, ?, ?, ?)", values)

    def drop_escrow(self, source_id: str) -> None:
        """The object is not tried again."""
        self._run("delete from escrow where source_id = ?", (source_id,))

    def drop_escrows(self) -> int:
        """No object is tried again; how many there were."""
        return self._run("delete from escrow").rowcount

    def prune_escrows(self) -> int:
        """No failed object is tried again, but staged deletions still wait; how many there were."""
        return self._run("delete from escrow where code <> ?", (STAGED,)).rowcount

    @property
    def watermark(self) -> int | None:
        """The position of the source up to which everything was read; None before the first cycle has ended."""
        told = self.setting("watermark")
        return None if told is None else int(told)

    def set_watermark(self, position: int | None) -> None:
        """The next cycle reads what came after the position; everything for None."""
        self.set_setting("watermark", None if position is None else str(position))

    @property
    def status(self) -> str:
        """Graph's status code: NotRun, Active, Paused, Disabled."""
        return self.setting("status") or "NotRun"

    def set_status(self, status: str) -> None:
        """The status code from now on."""
        self.set_setting("status", status)

    @property
    def quarantine(self) -> Quarantine | None:
        """The quarantine the job is in."""
        told = self.setting("quarantine")
        if told is None:
            return None
        document = json.loads(told)
        moments = {name: datetime.fromisoformat(document[name]) for name in ("began", "next_attempt", "series_began")}
        return Quarantine(**{**document, **moments})

    def set_quarantine(self, quarantine: Quarantine | None) -> None:
        """The job is in this quarantine, or in none."""
        self.set_setting("quarantine", None if quarantine is None else json.dumps(asdict(quarantine), default=str))

    def setting(self, name: str) -> str | None:
        """A value by its name."""
        row = self._run("select value from setting where name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set_setting(self, name: str, value: str | None) -> None:
        """The value stands under the name; None takes it away."""
        if value is None:
            self._run("delete from setting where name = ?", (name,))
        else:
            self._run("insert or replace into setting (name, value) values (?, ?)", (name, value))

    def add_cycle(self, result: CycleResult) -> None:
        """The end of a cycle is remembered."""
        self._run(
            "insert into cycle (id, document) values (?, ?)", (result.id, json.dumps(asdict(result), default=str))
        )

    def count_cycles(self) -> int:
        """How many cycles have ended."""
        found: int = self._run("select count(*) from cycle").fetchone()[0]
        return found

    def cycles(self, last: int | None = None) -> list[CycleResult]:
        """The cycles in order, or the last of them."""
        rows = self._run("select document from cycle order by number desc limit ?", (-1 if last is None else last,))
        return [_cycle(json.loads(row[0])) for row in rows][::-1]

    def add_events(self, events: Iterable[Event]) -> None:
        """The events stand in the provisioning log."""
        self.database.connection.executemany(
            "insert into event (id, at, cycle, kind, action, status, source_id, source_name, target_id, document)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (each.id, each.at.isoformat(), each.cycle, each.kind, each.action, each.status, each.source_id,
                 each.source_name, each.target_id, event_to_text(each))
                for each in events
            ],
        )  # fmt: skip

    def events(
        self,
        *,
        who: str = "",
        action: str = "",
        status: str = "",
        cycle: str = "",
        last: int | None = None,
    ) -> Iterator[Event]:
        """The events of the log in order; `who` is an id, or a part of a name in any case; each other one is exact."""
        known = {"action": action, "status": status, "cycle": cycle}
        where = [f"{name} = ?" for name, value in known.items() if value]
        values: list[Any] = [value for value in known.values() if value]
        if who:
            where.append("(source_id = ? or target_id = ? or instr(lower(source_name), lower(?)) > 0)")
            values += [who, who, who]
        chosen = f" where {' and '.join(where)}" if where else ""
        values.append(-1 if last is None else last)
        rows = self._run(f"select document from event{chosen} order by number desc limit ?", values).fetchall()
        return (event_from_json(json.loads(row[0])) for row in reversed(rows))

    def add_audit(self, event: AuditEvent) -> None:
        """The change stands in the audit log."""
        values = (event.at.isoformat(), event.activity, json.dumps(dict(event.details)))
        self._run("insert into audit (at, activity, details) values (?, ?, ?)", values)

    def audit(self) -> list[AuditEvent]:
        """The audit log in order."""
        rows = self._run("select at, activity, details from audit order by number")
        return [AuditEvent(datetime.fromisoformat(row[0]), row[1], json.loads(row[2])) for row in rows]


def _link(row: Row) -> Link:
    source_id, kind, target_id, *flags = tuple(row)
    in_scope, managed, disabled = map(bool, flags)
    return Link(source_id, Kind(kind), target_id, in_scope, managed, disabled)


def _escrow(row: Row) -> Escrow:
    return Escrow(
        source_id=row["source_id"],
        kind=Kind(row["kind"]),
        code=row["code"],
        reference=bool(row["reference"]),
        attempts=row["attempts"],
        first=datetime.fromisoformat(row["first"]),
        next_attempt=datetime.fromisoformat(row["next_attempt"]),
        pending=_pending(json.loads(row["pending"])),
    )


def _pending(document: dict[str, Any]) -> Pending:
    return Pending(document["manager"], tuple(document["added"]), tuple(document["removed"]))


def _cycle(document: dict[str, Any]) -> CycleResult:
    moments = {name: datetime.fromisoformat(document[name]) for name in ("began", "ended")}
    kind, counts = CycleKind(document["kind"]), Counts(**document["counts"])
    return CycleResult(**{**document, **moments, "kind": kind, "counts": counts})
