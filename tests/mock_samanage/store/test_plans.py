"""Queries that an index can answer never look at all rows, and one shape is planned once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mock_samanage.scim.filter import parse_filter
from mock_samanage.scim.registry import ENTERPRISE_URN, GROUP_URN
from mock_samanage.store import Session, Store, querying
from mock_samanage.store.statement import Cursor
from tests.mock_samanage.store.tenants import GROUP, NOW, USER, Tenant

TABLES = ("attribute_value", "resource", "membership", "long_value")
INDEXED = [
    'userName eq "u7"',
    'externalId eq "e7"',
    'emails[type eq "work" and value eq "u7@x"]',
    'emails[type eq "work"].value eq "u7@x"',
    'userName eq "u7" and active eq true',
    'active eq true and userName eq "u7"',
    'userName eq "u7" and not (active eq false)',
    'id eq "7" and manager eq "5"',
    'manager eq "5" and id eq "7"',
    'userName eq "u7" or externalId eq "e8"',
    '(userName eq "u7" or externalId eq "e8") and active eq true',
    'userName sw "u77"',
    'userName ge "u77" and userName lt "u78" and title pr',
    'meta.lastModified gt "2030-01-01T00:00:00Z"',
    'groups.value eq "g1" and userName eq "u7"',
    'userName eq "u7" and groups[value eq "g1"]',
    f'externalId eq "{"x" * 200}"',
]

LINKED = ['members.value eq "7"', 'id eq "g1" and members eq "7"', 'displayName eq "g" and members[value eq "7"]']


class Recorder:
    """A cursor that remembers what it was asked."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self.asked: list[tuple[str, Any]] = []

    def execute(self, text: str, params: Any = ()) -> Any:
        self.asked.append((text, params))
        return self._cursor.execute(text, params)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)

    def plans(self, explain: str) -> list[str]:
        """The lines of the plans of everything asked."""
        found: list[str] = []
        for text, params in self.asked:
            self._cursor.execute(f"{explain} {text}", params)
            found += [str(row[-1]) for row in self._cursor.fetchall()]
        return found


def _plans(session: Session, tenant: Tenant, filter: str, kind: Any = USER) -> list[str]:
    recorder = Recorder(session.cursor)
    session.cursor = recorder
    session.query(tenant.pk, [kind], parse_filter(filter), count=100)
    session.query(tenant.pk, [kind], parse_filter(filter), count=0)
    return recorder.plans("EXPLAIN QUERY PLAN" if session.dialect == "sqlite" else "EXPLAIN")


def _furnish(store: Store, users: int) -> Tenant:
    tenant = Tenant.made(store, "acme")
    with store.writing() as session:
        session.insert_many(tenant.pk, USER, ((str(at), _person(at)) for at in range(users)), now=NOW)
    return tenant


def _person(at: int) -> dict[str, Any]:
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": f"u{at}",
        "externalId": f"e{at}",
        "title": f"t{at % 5}",
        "active": at % 50 > 0,
        "emails": [{"type": "work", "value": f"u{at}@x", "primary": True}],
        ENTERPRISE_URN: {"manager": {"value": str(at // 10)}},
    }


@pytest.mark.parametrize("filter", INDEXED)
def test_sqlite_searches_and_does_not_scan(filter: str, tmp_path: Any) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/s.db")
    tenant = _furnish(store, 10)
    with store.reading() as session:
        lines = _plans(session, tenant, filter)
    store.close()
    assert lines
    assert not [line for line in lines if line.startswith("SCAN") and any(table in line for table in TABLES)], lines


@pytest.mark.parametrize("filter", LINKED)
def test_sqlite_reaches_a_membership_from_its_ends(filter: str, tmp_path: Any) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/s.db")
    tenant = _furnish(store, 10)
    with store.reading() as session:
        lines = _plans(session, tenant, filter, GROUP)
    store.close()
    used = [line for line in lines if "membership" in line]
    assert used
    assert not [line for line in lines if line.startswith("SCAN") and any(table in line for table in TABLES)], lines
    if "and" in filter:
        assert all("group_rid=? AND member_rid=?" in line for line in used), lines


def test_postgresql_searches_and_does_not_scan(postgres_url: str) -> None:
    store = Store.open(postgres_url)
    tenant = _furnish(store, 3000)
    for filter in INDEXED:
        with store.reading() as session:
            lines = _plans(session, tenant, filter)
        assert not [line for line in lines if "Seq Scan on attribute_value" in line], (filter, lines)
    store.close()


def test_postgresql_reaches_a_membership_from_its_ends(postgres_url: str) -> None:
    """Also before it has statistics of a large group that was just made."""
    store = Store.open(postgres_url)
    tenant = _furnish(store, 3000)
    with store.writing() as session:
        document = {"schemas": [GROUP_URN], "displayName": "g"}
        group = session.insert(tenant.pk, GROUP, document, id="g1", now=NOW)
        session.add_members(group, [str(at) for at in range(3000)])
    for filter in LINKED:
        with store.reading() as session:
            lines = _plans(session, tenant, filter, GROUP)
        assert not [line for line in lines if "Seq Scan on membership" in line], (filter, lines)
    store.close()


def test_filters_of_one_shape_share_one_plan(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    plans: dict[object, object] = {}
    monkeypatch.setattr(querying, "_plans", plans)
    tenant.user("ada", title="x")
    for name in ("ada", "eve", "bob"):
        tenant.ids(f'userName eq "{name}" and title sw "{name[0]}"')
    assert len(plans) == 1
    assert tenant.ids('userName eq "ada" and title sw "x"') == tenant.ids('userName eq "ada"')
    assert len(plans) == 2


def test_the_plans_kept_are_bounded(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(querying, "_plans", {})
    monkeypatch.setattr(querying, "_MOST_PLANS", 5)
    for terms in range(1, 20):
        tenant.ids(" or ".join(["title pr"] * terms + ["userName pr"]))
    assert len(querying._plans) <= 5
