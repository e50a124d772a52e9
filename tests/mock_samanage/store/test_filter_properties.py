"""Whatever the filter and whatever the resources, the database finds what evaluation in memory finds."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_samanage.scim.bind import bind
from mock_samanage.scim.errors import InvalidFilter
from mock_samanage.scim.evaluate import matches
from mock_samanage.scim.filter import AttrPath, Filter
from mock_samanage.scim.schema import ResourceType
from mock_samanage.store import Record, Store
from tests.mock_samanage.store.population import INSTANTS, filters, group, user
from tests.mock_samanage.store.tenants import GROUP, USER, Tenant

USERS, GROUPS = 24, 6
TYPES = {"User": USER, "Group": GROUP}


@dataclass(frozen=True)
class Known:
    """A resource as a client sees it, with its type."""

    kind: ResourceType
    id: str
    shown: dict[str, Any]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_query_finds_what_evaluation_finds(tenant: Tenant, seed: int) -> None:
    _search(tenant, seed, 50)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(3, 13))
def test_a_query_finds_what_evaluation_finds_in_many_populations(tenant: Tenant, seed: int) -> None:
    _search(tenant, seed, 1000)


def _search(tenant: Tenant, seed: int, examples: int) -> None:
    everything = _populate(tenant, random.Random(seed))

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
    )
    @given(filters(), st.sampled_from(["User", "Group", "User Group"]))
    def search(tree: Filter, names: str) -> None:
        types = tuple(TYPES[name] for name in names.split())
        try:
            wanted = _matching(everything, tree, types)
        except InvalidFilter:
            with pytest.raises(InvalidFilter):
                _asked(tenant, tree, types)
            return
        assert _asked(tenant, tree, types) == wanted

    search()


def _matching(everything: Sequence[Known], tree: Filter, types: tuple[ResourceType, ...]) -> list[str]:
    unknown: Any = "refuse" if len(types) == 1 else "unassigned"
    bound = {kind.name: bind(tree, kind, unknown=unknown) for kind in types}
    return [
        known.id
        for known in everything
        if known.kind.name in bound and matches(bound[known.kind.name], known.shown, known.kind)
    ]


def _asked(tenant: Tenant, tree: Filter, types: tuple[ResourceType, ...]) -> list[str]:
    with tenant.store.reading() as session:
        page = session.query(tenant.pk, types, tree, count=1000)
        total = session.query(tenant.pk, types, tree, count=0).total
        ordered = session.query(tenant.pk, types, tree, sort=AttrPath(None, "displayName"), count=1000)
    found = [record.id for record in page.records]
    assert page.total == total == ordered.total == len(found)
    assert sorted(record.id for record in ordered.records) == sorted(found)
    return found


def _populate(tenant: Tenant, random_: random.Random) -> list[Known]:
    records: list[Record] = []
    with tenant.store.writing() as session:
        for number in range(USERS + GROUPS):
            kind, make = (USER, user) if number < USERS else (GROUP, group)
            made = make(random_, number)
            record = session.insert(tenant.pk, kind, made, id=str(number), now=random_.choice(INSTANTS))
            if random_.random() < 0.3:
                record = session.touch(record, now=random_.choice(INSTANTS))
            records.append(record)
        for record in records[USERS:]:
            session.add_members(record, [str(n) for n in random_.sample(range(USERS + 2), random_.randint(0, 6))])
    return [_shown(tenant.store, record) for record in records]


def _shown(store: Store, record: Record) -> Known:
    shown = {
        "id": record.id,
        **record.document,
        "meta": {
            "resourceType": record.type,
            "created": _text(record.created),
            "lastModified": _text(record.modified),
            "version": f'W/"{record.version}"',
        },
    }
    with store.reading() as session:
        groups = [
            {"value": other.id, "display": other.display, "type": "direct"} for other in session.groups_of(record)
        ]
        members = [
            {"value": other.id, "display": other.display, "type": other.type} for other in session.members(record)
        ]
    shown |= {"groups": groups} if record.type == "User" and groups else {}
    shown |= {"members": members} if members else {}
    return Known(USER if record.type == "User" else GROUP, record.id, shown)


def _text(moment: int) -> str:
    seconds, micros = divmod(moment, 1_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{micros:06}Z"
