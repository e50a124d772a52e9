"""Resources: reading by id, and every kind of write with its index rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, insert, select, update

from mock_samanage.scim.numbers import ExactEncoder, decoder
from mock_samanage.scim.schema import ResourceType
from mock_samanage.store.bulk import BATCH, BulkLoad
from mock_samanage.store.errors import Duplicate, Stale
from mock_samanage.store.indexing import Indexer, Rows, indexer
from mock_samanage.store.keys import PREFIX
from mock_samanage.store.model import Record
from mock_samanage.store.statement import Statement
from mock_samanage.store.tables import counter, ids, long_value, resource, value
from mock_samanage.store.work import Work

COLUMNS: Final = (
    resource.c.rid,
    resource.c.account,
    resource.c.type,
    resource.c.id,
    resource.c.document,
    resource.c.version,
    resource.c.created,
    resource.c.modified,
)
_encode = ExactEncoder().encode
_decode = decoder().raw_decode

_OF_ID = (resource.c.account == bindparam("account"), resource.c.id == bindparam("id"))
_AT_VERSION = (resource.c.rid == bindparam("rid_"), resource.c.version == bindparam("version_"))
_GET = Statement(select(*COLUMNS).where(*_OF_ID))
_COUNT = Statement(
    select(func.count())
    .select_from(resource)
    .where(resource.c.account == bindparam("account"), resource.c.type == bindparam("type"))
)
_INSERT = Statement(
    insert(resource)
    .values(
        {c: bindparam(c) for c in ("account", "type", "id", "version", "created", "modified", "display", "document")}
    )
    .returning(resource.c.rid)
)
_UPDATE = Statement(
    update(resource)
    .where(*_AT_VERSION)
    .values(
        version=resource.c.version + 1,
        modified=bindparam("modified"),
        display=bindparam("display"),
        document=bindparam("document"),
    )
)
_TOUCH = Statement(
    update(resource).where(*_AT_VERSION).values(version=resource.c.version + 1, modified=bindparam("modified"))
)
_DELETE = Statement(delete(resource).where(*_AT_VERSION))

_HELD = Statement(select(value.c.slot, value.c.element, value.c.prefix).where(value.c.rid == bindparam("rid")))
_HOLDER = Statement(
    select(value.c.rid).where(
        value.c.account == bindparam("account"),
        value.c.slot == bindparam("slot"),
        value.c.hash == bindparam("hash"),
    )
)
_VALUE_ORDER = ("rid", "slot", "element", "account", "prefix", "hash")
_ADD_VALUE = Statement(insert(value), _VALUE_ORDER)
_LONG_ORDER = ("rid", "slot", "element", "key")
_ADD_LONG = Statement(insert(long_value), _LONG_ORDER)
_GONE_ORDER = ("rid_", "slot_", "element_")
_DROP_VALUE = Statement(
    delete(value).where(
        value.c.rid == bindparam("rid_"),
        value.c.slot == bindparam("slot_"),
        value.c.element == bindparam("element_"),
    ),
    _GONE_ORDER,
)

_NEXT_ID = {
    "sqlite": Statement(
        update(counter).where(counter.c.name == "id").values(value=counter.c.value + 1).returning(counter.c.value)
    ),
    "postgresql": Statement(select(ids.next_value())),
}


def record_of(row: Sequence[Any]) -> Record:
    """The record in a row of COLUMNS."""
    return Record(row[0], row[1], row[2], row[3], _decode(row[4])[0], row[5], row[6], row[7])


def display_of(document: Mapping[str, Any]) -> str | None:
    """The name that references show: the displayName, else the userName."""
    return document.get("displayName") or document.get("userName")


class Resources(Work):
    """The part of a session that reads and writes resources."""

    __slots__ = ()

    def next_id(self) -> int:
        """A number that no resource of this store was ever given before."""
        found: int = self.run(_NEXT_ID[self.dialect]).fetchone()[0]
        return found

    def get(self, account: int, type: ResourceType | None, id: str) -> Record | None:
        """The resource of that id and type, of any type if that is None; None if there is no such."""
        if not id.isalnum() and not storable(id):
            return None
        row = self.run(_GET, account=account, id=id).fetchone()
        if row is None or (type is not None and row[2] != type.name):
            return None
        return record_of(row)

    def count(self, account: int, type: ResourceType) -> int:
        """How many resources of the type the account has."""
        found: int = self.run(_COUNT, account=account, type=type.name).fetchone()[0]
        return found

    def insert(self, account: int, type: ResourceType, document: dict[str, Any], *, id: str, now: int) -> Record:
        """The new resource at version 1; raises Duplicate."""
        index = indexer(type.name)

        def work() -> int:
            rid = self._add(account, type.name, id, document, now)
            rows = Rows(account)
            index.collect(rows, rid, document)
            self._add_rows(rows)
            return rid

        rid = self.attempt(work, lambda: self._duplicate(account, index, [(id, document)]))
        return Record(rid, account, type.name, id, document, 1, now, now)

    def insert_many(
        self, account: int, type: ResourceType, documents: Iterable[tuple[str, dict[str, Any]]], *, now: int
    ) -> int:
        """Inserts pairs of id and document, many times faster than one by one, and counts them; raises Duplicate."""
        index = indexer(type.name)
        pairs = iter(documents)
        total = 0
        with BulkLoad(self) as load:
            while batch := list(islice(pairs, BATCH)):
                load.expect()
                self._insert_batch(account, index, batch, now)
                total += len(batch)
        return total

    def _insert_batch(self, account: int, index: Indexer, batch: list[tuple[str, dict[str, Any]]], now: int) -> None:
        def work() -> None:
            rows = Rows(account)
            for id, document in batch:
                index.collect(rows, self._add(account, index.type_name, id, document, now), document)
            self._add_rows(rows)

        self.attempt(work, lambda: self._duplicate(account, index, batch))

    def update(self, record: Record, document: dict[str, Any], *, now: int) -> Record:
        """The resource with a new document at the next version; raises Stale, Duplicate."""
        index = indexer(record.type)

        def work() -> None:
            changed = self.run(
                _UPDATE,
                rid_=record.rid,
                version_=record.version,
                modified=now,
                display=display_of(document),
                document=_encode(document),
            )
            _checked(changed.rowcount, record)
            rows = Rows(record.account)
            index.collect(rows, record.rid, document)
            self._replace_rows(record, rows)

        self.attempt(work, lambda: self._duplicate(record.account, index, [(record.id, document)], own=record.rid))
        return Record(
            record.rid, record.account, record.type, record.id, document, record.version + 1, record.created, now
        )

    def touch(self, record: Record, *, now: int) -> Record:
        """The resource at the next version with the same document; raises Stale."""
        changed = self.run(_TOUCH, rid_=record.rid, version_=record.version, modified=now)
        _checked(changed.rowcount, record)
        return Record(
            record.rid,
            record.account,
            record.type,
            record.id,
            record.document,
            record.version + 1,
            record.created,
            now,
        )

    def delete(self, record: Record) -> None:
        """Removes the resource with its memberships on both sides; raises Stale."""
        changed = self.run(_DELETE, rid_=record.rid, version_=record.version)
        _checked(changed.rowcount, record)

    def _add(self, account: int, type_name: str, id: str, document: dict[str, Any], now: int) -> int:
        row = self.run(
            _INSERT,
            account=account,
            type=type_name,
            id=id,
            version=1,
            created=now,
            modified=now,
            display=display_of(document),
            document=_encode(document),
        ).fetchone()
        rid: int = row[0]
        return rid

    def _add_rows(self, rows: Rows) -> None:
        self.run_many(_ADD_VALUE, rows.values)
        if rows.long:
            self.run_many(_ADD_LONG, rows.long)

    def _replace_rows(self, record: Record, rows: Rows) -> None:
        """Changes only the rows that differ; a full prefix may hide a longer key and counts as different."""
        held = {(row[0], row[1]): row[2] for row in self.run(_HELD, rid=record.rid)}
        same = {
            (row[1], row[2]) for row in rows.values if len(row[4]) < PREFIX and held.get((row[1], row[2])) == row[4]
        }
        gone = [(record.rid, *place) for place in held if place not in same]
        if gone:
            self.run_many(_DROP_VALUE, gone)
        rows.values = [row for row in rows.values if (row[1], row[2]) not in same]
        if rows.values:
            self._add_rows(rows)

    def _duplicate(
        self, account: int, index: Indexer, pairs: list[tuple[str, dict[str, Any]]], own: int | None = None
    ) -> Duplicate:
        """What was taken: found after the fact, because only then every other writer is done."""
        seen: set[bytes] = set()
        for id, document in pairs:
            for entry, found, digest in index.unique(document):
                holder = self.run(_HOLDER, account=account, slot=entry.slot, hash=digest).fetchone()
                if digest in seen or (holder is not None and holder[0] != own):
                    return Duplicate(entry.path, found)
                seen.add(digest)
            if own is None and self.run(_GET, account=account, id=id).fetchone():
                return Duplicate("id", id)
        return Duplicate("id", pairs[0][0])


def storable(text: str) -> bool:
    """Whether a database can hold the text: no U+0000, no lone surrogates."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _checked(rowcount: int, record: Record) -> None:
    if rowcount != 1:
        raise Stale(record.id, record.version)
