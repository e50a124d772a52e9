"""The tables, the same on SQLite and PostgreSQL.

`attribute_value` is an equality and ordering index as directory servers have it: one row per value
of a document. Its primary key keeps the values of one resource together, its second index orders
the values of one attribute. A key longer than `keys.PREFIX` stands whole in `long_value`.
Element numbers join the sub-values of one element; element 0 is the one that sorting looks at.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

SCHEMA_VERSION: Final = b"1"

TEXT: TypeEngine[str] = Text().with_variant(Text(collation="C"), "postgresql")
NUMBER: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()


def _resource_key(name: str, **options: Any) -> Column[int]:
    return Column(name, NUMBER, ForeignKey("resource.rid", ondelete="CASCADE"), nullable=False, **options)


def _account_key() -> Column[int]:
    return Column("account", NUMBER, ForeignKey("account.pk", ondelete="CASCADE"), nullable=False)


property_ = Table(
    "property", metadata, Column("name", TEXT, primary_key=True), Column("value", LargeBinary, nullable=False)
)

counter = Table("counter", metadata, Column("name", TEXT, primary_key=True), Column("value", NUMBER, nullable=False))
ids = Sequence("resource_ids", metadata=metadata)  # PostgreSQL: a row would make writers wait for each other

account = Table(
    "account",
    metadata,
    Column("pk", NUMBER, Identity(), primary_key=True),
    Column("name", TEXT, nullable=False, unique=True),
    Column("settings", TEXT, nullable=False),
    Column("created", NUMBER, nullable=False),
    Column("generation", NUMBER, nullable=False),
    sqlite_autoincrement=True,
)

credential = Table(
    "credential",
    metadata,
    Column("pk", NUMBER, Identity(), primary_key=True),
    _account_key(),
    Column("id", TEXT, nullable=False),
    Column("kind", TEXT, nullable=False),
    Column("owner", TEXT, nullable=False),
    Column("login", TEXT, unique=True),
    Column("secret", LargeBinary, nullable=False, unique=True),
    Column("state", TEXT, nullable=False),
    Column("created", NUMBER, nullable=False),
    Column("generation", NUMBER, nullable=False),
    UniqueConstraint("account", "id"),
    sqlite_autoincrement=True,
)

resource = Table(
    "resource",
    metadata,
    Column("rid", NUMBER, Identity(), primary_key=True),
    _account_key(),
    Column("type", TEXT, nullable=False),
    Column("id", TEXT, nullable=False),
    Column("version", NUMBER, nullable=False),
    Column("created", NUMBER, nullable=False),
    Column("modified", NUMBER, nullable=False),
    Column("display", TEXT),
    Column("document", TEXT, nullable=False),
    UniqueConstraint("account", "id"),
    sqlite_autoincrement=True,  # a rid is never used twice
)
Index("resource_in_order", resource.c.account, resource.c.type, resource.c.rid, resource.c.created)
Index("resource_modified", resource.c.account, resource.c.type, resource.c.modified)

value = Table(
    "attribute_value",
    metadata,
    _resource_key("rid"),
    Column("slot", Integer, nullable=False),
    Column("element", Integer, nullable=False),
    Column("account", NUMBER, nullable=False),
    Column("prefix", TEXT, nullable=False),
    Column("hash", LargeBinary),
    PrimaryKeyConstraint("rid", "slot", "element"),
    sqlite_with_rowid=False,
)
value_in_order = Index("value_in_order", value.c.account, value.c.slot, value.c.prefix, value.c.rid)
Index(
    "value_unique",
    value.c.account,
    value.c.slot,
    value.c.hash,
    unique=True,
    sqlite_where=value.c.hash.is_not(None),
    postgresql_where=value.c.hash.is_not(None),
)

long_value = Table(
    "long_value",
    metadata,
    Column("rid", NUMBER, nullable=False),
    Column("slot", Integer, nullable=False),
    Column("element", Integer, nullable=False),
    Column("key", TEXT, nullable=False),
    PrimaryKeyConstraint("rid", "slot", "element"),
    ForeignKeyConstraint(
        ["rid", "slot", "element"],
        ["attribute_value.rid", "attribute_value.slot", "attribute_value.element"],
        ondelete="CASCADE",
    ),
    sqlite_with_rowid=False,
)

membership = Table(
    "membership",
    metadata,
    _resource_key("group_rid"),
    _resource_key("member_rid"),
    PrimaryKeyConstraint("group_rid", "member_rid"),
    sqlite_with_rowid=False,
)
Index("membership_of", membership.c.member_rid, membership.c.group_rid)
