"""Pages, totals and the order of results."""

from __future__ import annotations

import random
from typing import Any

import psycopg
import pytest

from mock_samanage.scim.errors import InvalidPath
from mock_samanage.store import Page
from tests.mock_samanage.store.tenants import GROUP, NOW, USER, Tenant


def _seen(page: Page) -> tuple[int, list[str]]:
    return page.total, [record.id for record in page.records]


@pytest.fixture
def seven(tenant: Tenant) -> Tenant:
    """A tenant with the users 0 to 6, of which the odd ones have a title."""
    for number in range(7):
        title: dict[str, Any] = {"title": f"t{number}"} if number % 2 else {}
        tenant.user(f"u{number}", id=str(number), **title)
    return tenant


@pytest.mark.parametrize("filter", [None, "userName pr", "not (title eq null) or userName pr", 'userName co "u"'])
@pytest.mark.parametrize("sort", [None, "userName"])
def test_pages_make_up_the_list(seven: Tenant, filter: str | None, sort: str | None) -> None:
    pages = [_seen(seven.page(filter, sort=sort, start=start, count=3)) for start in (1, 4, 7, 10)]
    assert pages == [(7, ["0", "1", "2"]), (7, ["3", "4", "5"]), (7, ["6"]), (7, [])]


@pytest.mark.parametrize(
    ("start", "count", "wanted"),
    [(0, 2, ["0", "1"]), (-5, 2, ["0", "1"]), (1, 0, []), (1, -1, []), (10**30, 10**30, []), (6, 2**63, ["5", "6"])],
)
def test_values_out_of_range_are_brought_into_it(seven: Tenant, start: int, count: int, wanted: list[str]) -> None:
    assert _seen(seven.page(start=start, count=count)) == (7, wanted)


def test_the_unassigned_come_last_and_in_reverse_first(seven: Tenant) -> None:
    assert seven.ids(sort="title") == ["1", "3", "5", "0", "2", "4", "6"]
    assert seven.ids(sort="title", descending=True) == ["0", "2", "4", "6", "5", "3", "1"]
    assert seven.ids("title pr", sort="TITLE", descending=True) == ["5", "3", "1"]


def test_several_values_sort_by_the_primary_one_else_by_the_first(tenant: Tenant) -> None:
    tenant.user("first", emails=[{"value": "b@x"}, {"value": "a@x"}])
    tenant.user("primary", emails=[{"value": "z@x"}, {"value": "a@x", "primary": True}])
    tenant.user("none")
    for path in ("emails", "emails.value", "urn:ietf:params:scim:schemas:core:2.0:User:EMAILS.VALUE"):
        assert tenant.names(sort=path) == ["primary", "first", "none"]


def test_case_matters_only_where_the_schema_says_so(tenant: Tenant) -> None:
    for name in ("b", "C", "a"):
        tenant.user(name, externalId=name)
    assert tenant.names(sort="userName") == ["a", "b", "C"]
    assert tenant.names(sort="externalId") == ["C", "a", "b"]


def test_columns_sort_by_time_and_by_id(tenant: Tenant) -> None:
    tenant.user("late", id="1", now=NOW + 5)
    tenant.user("early", id="a", now=NOW)
    tenant.user("middle", id="B", now=NOW + 1)
    assert tenant.names(sort="meta.created") == ["early", "middle", "late"]
    assert tenant.names(sort="meta.lastModified", descending=True) == ["late", "middle", "early"]
    assert tenant.names(sort="id") == ["late", "middle", "early"]
    assert tenant.names(sort="meta.version") == ["late", "early", "middle"]
    assert tenant.names(sort="meta.resourceType") == ["late", "early", "middle"]


def test_several_types_sort_together(tenant: Tenant) -> None:
    beta, alpha, none = tenant.user("x", displayName="beta"), tenant.group("Alpha"), tenant.user("y")
    assert tenant.ids(None, USER, GROUP, sort="displayName") == [alpha.id, beta.id, none.id]
    assert tenant.ids("userName pr", USER, GROUP, sort="userName") == [beta.id, none.id]


@pytest.mark.parametrize("path", ["nosuch", "name", "groups", "groups.value", "password", "userName.x"])
def test_what_has_no_order_is_refused(tenant: Tenant, path: str) -> None:
    with pytest.raises(InvalidPath, match="sortBy"):
        tenant.page(sort=path)


@pytest.mark.parametrize("count", [1_000, 10_000])
def test_order_is_that_of_code_points_beyond_the_first_plane_too(tenant: Tenant, count: int) -> None:
    random_ = random.Random(count)
    titles = [_text(random_, random_.choice((1, 2, 3, 170))) for _ in range(count)]
    with tenant.store.writing() as session:
        documents = ((f"{at}", {"userName": f"u{at}", "externalId": title}) for at, title in enumerate(titles))
        session.insert_many(tenant.pk, USER, documents, now=NOW)
    order = sorted(range(count), key=lambda at: titles[at])
    page = tenant.page(sort="externalId", count=count)
    assert [int(record.id) for record in page.records] == order
    for _ in range(10):
        pivot = random_.choice(titles)
        assert _found(tenant, "gt", pivot) == {at for at in range(count) if titles[at] > pivot}
        assert _found(tenant, "le", pivot) == {at for at in range(count) if titles[at] <= pivot}
        head = pivot[: random_.choice((1, 165))]
        assert _found(tenant, "sw", head) == {at for at in range(count) if titles[at].startswith(head)}


def _found(tenant: Tenant, op: str, operand: str) -> set[int]:
    page = tenant.page(f'externalId {op} "{operand}"', count=10_000)
    return {int(record.id) for record in page.records}


def _text(random_: random.Random, length: int) -> str:
    """Astral characters, with a few of the first plane whose UTF-16 order would be another."""
    planes = ((0x10000, 0x10FFFF), (0x10000, 0x1FFFF), (0xE000, 0xFFFD), (0x4E00, 0x9FFF))
    return "".join(chr(random_.randint(*random_.choice(planes))) for _ in range(length))


@pytest.mark.parametrize("length", [1_000, 10_000])
def test_values_of_many_astral_characters_compare_whole(tenant: Tenant, length: int) -> None:
    random_ = random.Random(length)
    common = "".join(chr(random_.randint(0x10000, 0x10FFFF)) for _ in range(length))
    tails = ["\uffff", "\U00010000", "\U0010ffff", "", "a"]
    for at, tail in enumerate(tails):
        tenant.user(f"u{at}", externalId=common + tail)
    order = sorted(range(len(tails)), key=lambda at: tails[at])
    assert tenant.names(sort="externalId") == [f"u{at}" for at in order]
    assert tenant.names(f'externalId eq "{common}\uffff"') == ["u0"]
    assert tenant.names(f'externalId gt "{common}\uffff"') == ["u1", "u2"]
    assert tenant.names(f'externalId co "{common[500:]}\U0010ffff"') == ["u2"]


def test_the_foreign_database_itself_has_another_order(foreign_postgres_url: str) -> None:
    with psycopg.connect(foreign_postgres_url) as connection:
        assert connection.execute("SELECT 'a' < 'B'").fetchone() == (True,)
