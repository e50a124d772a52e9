"""Walks by cursor: what a cursor may do, for whom, and for how long."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from mock_samanage.scim.errors import BadRequest, ExpiredCursor, InvalidCount, InvalidCursor
from mock_samanage.scim.filter import parse_filter
from mock_samanage.scim.messages import PATCH_OP_URN
from mock_samanage.scim.path import parse_attr_path
from mock_samanage.store import Store
from mock_samanage.tenant.accounts import CreatedAccount, NewAccount
from mock_samanage.tenant.clock import SECOND, ManualClock
from mock_samanage.tenant.cursors import CURSOR_TIMEOUT, reader_of
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.reading import DEFAULT_PAGE, MAX_RESULTS
from mock_samanage.tenant.resource import CursorPage, Query, Resource
from mock_samanage.tenant.tenant import Tenant
from tests.mock_samanage.tenant.bodies import group, user

FIRST = Query(cursor="", count=2)


def names(page: CursorPage) -> list[str]:
    return [str(resource.document.get("userName", "")) for resource in page.resources]


@pytest.fixture
def people(directory: Directory) -> Directory:
    """The administrator and five others."""
    for name in "cabed":
        directory.create("User", user(name))
    return directory


def test_a_walk_visits_each_resource_once(people: Directory) -> None:
    query = replace(FIRST, filter=parse_filter("not (title pr)"), sort_by=parse_attr_path("userName"))
    pages = [people.walk(("User",), query)]
    while pages[-1].next:
        pages.append(people.walk(("User",), replace(query, cursor=pages[-1].next, count=None)))
    assert [len(page.resources) for page in pages] == [2, 2, 2]
    assert [name for page in pages for name in names(page)][:5] == ["a", "admin@acme.example", "b", "c", "d"]
    assert [page.total for page in pages] == [6, 6, 6]
    assert [page.previous is None for page in pages] == [True, False, False]
    back = people.walk(("User",), replace(query, cursor=pages[1].previous))
    assert (names(back), back.previous) == (names(pages[0]), None)
    assert back.next is not None
    assert names(people.walk(("User",), replace(query, cursor=back.next))) == names(pages[1])


def test_cursors_are_opaque_and_unreserved(people: Directory) -> None:
    people.create("User", user("z", title="ü/+?&= \U0001f600" * 40))
    query = replace(FIRST, sort_by=parse_attr_path("title"), descending=True, count=6)
    found = people.walk(("User",), query).next
    assert found is not None
    assert re.fullmatch(r"[A-Za-z0-9._~-]+", found)
    assert len(people.walk(("User",), replace(query, cursor=found)).resources) == 1


def test_any_change_of_a_cursor_is_noticed(people: Directory) -> None:
    good = people.walk(("User",), FIRST).next
    assert good is not None
    payload, _, signature = good.partition(".")
    flipped = [f"{good[:at]}{'A' if good[at] != 'A' else 'B'}{good[at + 1 :]}" for at in range(len(good))]
    told = set()
    for bad in (*flipped, good[:-1], good + "A", payload, f".{signature}", ".", "x", "é", "\x00", good + "."):
        with pytest.raises(InvalidCursor) as caught:
            people.walk(("User",), replace(FIRST, cursor=bad))
        told.add(caught.value.detail)
    assert len(told) == 1


def test_a_cursor_belongs_to_one_query_one_account_and_one_user(
    tenant: Tenant, acme: CreatedAccount, people: Directory
) -> None:
    query = replace(FIRST, filter=parse_filter('userName pr and not (title eq "x")'), sort_by=parse_attr_path("id"))
    query = replace(query, cursor=people.walk(("User",), query).next)
    other = tenant.accounts.create(NewAccount(name="other"))
    told = set()
    for directory, types, asked in (
        (tenant.directory_of(other.account), ("User",), query),
        (tenant.directory_of(acme.account, "7"), ("User",), query),
        (people, ("User", "Group"), query),
        (people, ("User",), replace(query, filter=None)),
        (people, ("User",), replace(query, filter=parse_filter('userName pr and not (title eq "y")'))),
        (people, ("User",), replace(query, sort_by=None)),
        (people, ("User",), replace(query, descending=True)),
    ):
        with pytest.raises(InvalidCursor) as caught:
            directory.walk(types, asked)
        told.add(caught.value.detail)
    assert len(told) == 1
    assert len(people.walk(("User",), replace(query, wanted=frozenset())).resources) == 2


def test_a_cursor_expires_by_the_clock_of_the_account(clock: ManualClock, people: Directory) -> None:
    following = replace(FIRST, cursor=people.walk(("User",), FIRST).next)
    clock.advance(CURSOR_TIMEOUT * SECOND)
    assert len(people.walk(("User",), following).resources) == 2
    clock.advance(1)
    with pytest.raises(ExpiredCursor, match="start again"):
        people.walk(("User",), following)


def test_the_count_of_a_walk_stays(people: Directory) -> None:
    following = replace(FIRST, cursor=people.walk(("User",), FIRST).next)
    for count in (2, None):
        assert len(people.walk(("User",), replace(following, count=count)).resources) == 2
    for count in (1, 3, 0, -1, 10**9):
        with pytest.raises(InvalidCount, match="first page had 2"):
            people.walk(("User",), replace(following, count=count))


def test_the_size_of_a_page_is_bounded(tenant: Tenant, acme: CreatedAccount, directory: Directory) -> None:
    tenant.accounts.seed(acme.account.name, users=MAX_RESULTS + 5, groups=0)
    for count, shown in ((None, DEFAULT_PAGE), (10**6, MAX_RESULTS), (0, 0), (-3, 0)):
        page = directory.walk(("User",), Query(cursor="", count=count))
        assert len(page.resources) == shown
        assert (page.next is None) is (shown == 0)
    large = directory.walk(("User",), Query(cursor="", count=10**6))
    rest = directory.walk(("User",), Query(cursor=large.next, count=MAX_RESULTS))
    assert len(rest.resources) == large.total - MAX_RESULTS


def test_a_walk_over_every_type_sees_what_came_meanwhile_and_not_what_went(people: Directory) -> None:
    crew = people.create("Group", group("crew"))
    everything = replace(FIRST, count=6)
    first = people.walk(("User", "Group"), everything)
    last = people.create("User", user("last"))
    people.delete("User", first.resources[-1].id)
    people.delete("Group", crew.id)
    page = people.walk(("User", "Group"), replace(everything, cursor=first.next))
    assert [resource.id for resource in page.resources] == [last.id]
    assert (page.next, page.total) == (None, 6)


def test_the_way_back_to_what_is_gone_leads_to_the_first_page(people: Directory) -> None:
    first = people.walk(("User",), FIRST)
    second = people.walk(("User",), replace(FIRST, cursor=first.next))
    for resource in first.resources:
        people.delete("User", resource.id)
    back = people.walk(("User",), replace(FIRST, cursor=second.previous))
    assert (back.resources, back.previous) == (second.resources, None)


def test_every_worker_on_a_store_takes_the_cursors_of_the_others(tenant: Tenant, people: Directory) -> None:
    store: Store = tenant.store
    other = Tenant(store).directory_of(tenant.accounts.get("acme"))
    shown = replace(FIRST, count=3, sort_by=parse_attr_path("userName"))
    following = people.walk(("User",), shown).next
    with pytest.raises(BadRequest):  # the system's clock is far ahead of the one that stands still
        other.walk(("User",), replace(shown, cursor=following))
    again = other.walk(("User",), shown).next
    assert len(people.walk(("User",), replace(shown, cursor=again)).resources) == 3


def test_a_change_of_the_reader_voids_his_cursors_only(tenant: Tenant, acme: CreatedAccount, people: Directory) -> None:
    owners = [people.create("User", user(name, roles=[{"value": "Administrator"}])) for name in ("x", "y")]

    def opened(owner: Resource) -> Directory:
        with tenant.store.reading() as session:
            record = session.get(acme.account.pk, people.resource_type("User"), owner.id)
        assert record is not None
        return tenant.directory_of(acme.account, reader_of(record))

    first, other = (opened(owner).walk(("User",), FIRST).next for owner in owners)
    for active in (False, True):
        operation = {"op": "replace", "path": "active", "value": active}
        people.patch("User", owners[0].id, {"schemas": [PATCH_OP_URN], "Operations": [operation]})
    with pytest.raises(InvalidCursor):
        opened(owners[0]).walk(("User",), replace(FIRST, cursor=first))
    assert opened(owners[1]).walk(("User",), replace(FIRST, cursor=other)).resources
