"""Walks through a query from position to position, on every kind of store."""

from __future__ import annotations

from typing import Any

from mock_samanage.scim.filter import parse_filter
from mock_samanage.scim.path import parse_attr_path
from mock_samanage.store import Position, Stretch
from mock_samanage.store.sorting import LONGEST
from tests.mock_samanage.store.tenants import GROUP, NOW, USER, Tenant

QUERIES: tuple[dict[str, Any], ...] = (
    {},
    {"filter": 'title eq "b" or title eq "a"'},
    {"filter": "not (nickName pr)"},
    *({"sort": sort, "descending": down} for sort in ("title", "userName", "meta.created", "id") for down in (0, 1)),
    {"sort": "title", "filter": 'userName sw "u"'},
    {"sort": "title", "filter": 'title eq "a"', "descending": True},
    {"sort": "displayName", "types": (USER, GROUP)},
)


def stretch(tenant: Tenant, query: dict[str, Any], **options: Any) -> Stretch:
    filter_, sort = query.get("filter"), query.get("sort")
    with tenant.store.reading() as session:
        return session.stretch(
            tenant.pk,
            query.get("types", (USER,)),
            parse_filter(filter_) if filter_ else None,
            sort=parse_attr_path(sort) if sort else None,
            descending=bool(query.get("descending")),
            **options,
        )


def walk(tenant: Tenant, query: dict[str, Any], count: int, *, backward: bool = False) -> list[list[str]]:
    """The ids of each page, from one end to the other."""
    pages, at = [], None
    while True:
        page = stretch(tenant, query, beyond=at, count=count, backward=backward)
        pages.append([record.id for record in page.records])
        if not page.more:
            return pages
        at = page.first if backward else page.last


def joined(pages: list[list[str]]) -> list[str]:
    return [id_ for page in pages for id_ in page]


def populate(tenant: Tenant) -> None:
    titles = ("b", None, "a", "A", "b", None, "c" * 200 + "2", "c" * 200 + "1", "B", "c" * 200 + "1", "")
    for number, title in enumerate(titles):
        tenant.user(f"u{(number * 7) % 11:02}", now=NOW + number // 3, **({} if title is None else {"title": title}))
    tenant.group("a group")
    tenant.group("z group")


def test_a_walk_in_either_direction_visits_what_one_page_holds(tenant: Tenant) -> None:
    populate(tenant)
    for query in QUERIES:
        whole = [record.id for record in stretch(tenant, query, count=100).records]
        options: dict[str, Any] = {"sort": query.get("sort"), "descending": bool(query.get("descending"))}
        page = tenant.page(query.get("filter"), *query.get("types", ()), **options, count=100)
        assert [record.id for record in page.records] == whole
        for count in (1, 3, 4):
            forth = walk(tenant, query, count)
            assert joined(forth) == whole, query
            assert all(len(page) == count for page in forth[:-1])
            assert joined(walk(tenant, query, count, backward=True)[::-1]) == whole, query


def test_the_way_back_from_a_page_is_the_page_before(tenant: Tenant) -> None:
    populate(tenant)
    for query in QUERIES:
        one = stretch(tenant, query, count=2)
        two = stretch(tenant, query, count=2, beyond=one.last)
        again = stretch(tenant, query, count=2, beyond=two.first, backward=True)
        assert (again.records, again.more) == (one.records, False)
        assert one.total == two.total == again.total == stretch(tenant, query, count=100).total


def test_what_comes_and_goes_meanwhile_repeats_and_hides_nothing(tenant: Tenant) -> None:
    made = [tenant.user(name) for name in ("b", "d", "f", "h")]
    query = {"sort": "userName"}
    one = stretch(tenant, query, count=2)
    tenant.user("a")
    tenant.user("e")
    with tenant.store.writing() as session:
        session.delete(made[0])
        session.delete(made[1])
    two = stretch(tenant, query, count=2, beyond=one.last)
    assert [record.document["userName"] for record in two.records] == ["e", "f"]
    assert [record.id for record in stretch(tenant, {}, beyond=Position(made[1].rid)).records][:1] == [made[2].id]


def test_texts_longer_than_a_position_holds_come_in_the_order_of_creation(tenant: Tenant) -> None:
    same = "x" * LONGEST
    made = [tenant.user(name, title=same + tail) for name, tail in (("a", "2"), ("b", "1"), ("c", ""), ("d", "3"))]
    for query in ({"sort": "title"}, {"sort": "title", "descending": True}):
        assert joined(walk(tenant, query, 1)) == [record.id for record in made]
    page = stretch(tenant, {"sort": "title"}, count=1)
    assert page.last is not None
    assert max(len(key) for key in page.last.keys or ()) == LONGEST


def test_an_empty_stretch_still_counts(tenant: Tenant) -> None:
    populate(tenant)
    for count in (0, -3):
        assert stretch(tenant, {}, count=count) == Stretch(11)
    assert stretch(tenant, {"filter": 'userName eq "nobody"'}) == Stretch(0)
    assert stretch(tenant, {}, beyond=Position(2**60)) == Stretch(11)
    assert stretch(tenant, {"filter": 'meta.resourceType eq "Group"'}) == Stretch(0)
