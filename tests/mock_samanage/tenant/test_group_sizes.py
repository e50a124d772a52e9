"""What a request costs does not grow with the group it is about, unless the answer or the body holds the members.

The cost is the number of steps that SQLite's virtual machine makes: each row that is read, written or skipped takes
some, and no clock has a part in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

import pytest

from mock_samanage.scim.errors import InvalidFilter, Mutability
from mock_samanage.scim.filter import parse_filter
from mock_samanage.scim.registry import USER_URN
from mock_samanage.store import Store
from mock_samanage.tenant.accounts import NewAccount
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.ids import Ids
from mock_samanage.tenant.resource import Query
from mock_samanage.tenant.tenant import Tenant
from tests.mock_samanage.tenant.bodies import group, patch, removal, user

SMALL, LARGE = 3, 3_000
NOTHING = frozenset[str]()
NUMBERS = count()


@dataclass
class Sized:
    """A tenant with one group of a size; the groups of the others are in it too."""

    store: Store
    directory: Directory
    groups: dict[int, str]
    members: list[str]
    strangers: Iterator[str]
    spent: list[int] = field(default_factory=lambda: [0])

    def steps(self, request: Request, id_: str) -> int:
        """The steps of a request about a group; of the second such, because the first prepares statements."""
        request(self, id_)
        before = self.spent[0]
        request(self, id_)
        return self.spent[0] - before


Request = Callable[[Sized, str], object]


@pytest.fixture(scope="module")
def sized() -> Iterator[Sized]:
    store = Store.open("sqlite://")
    tenant = Tenant(store, ids=Ids(1))
    directory = tenant.directory_of(tenant.accounts.create(NewAccount(name="acme")).account)
    with store.writing() as session:
        kind = directory.resource_type("User")
        numbers = [str(10_000 + at) for at in range(LARGE)]
        documents = ((id_, {"schemas": [USER_URN], "userName": f"u{id_}"}) for id_ in numbers)
        session.insert_many(directory._account.pk, kind, documents, now=1)
    groups = {size: directory.create("Group", group(f"g{size}", *numbers[:size])).id for size in (SMALL, LARGE)}
    strangers = (directory.create("User", user(f"stranger{at}")).id for at in count())
    made = Sized(store, directory, groups, numbers, strangers)
    connection = store._idle[0].connection
    assert isinstance(connection, sqlite3.Connection)
    connection.set_progress_handler(lambda: made.spent.__setitem__(0, made.spent[0] + 1), 1)
    yield made
    store.close()


def changed(op: str, path: str) -> Request:
    """A PATCH that names the group's second member, in the path as `?` and in the value."""

    def request(sized: Sized, id_: str) -> object:
        member = sized.members[1]
        body = patch((op, path.replace("?", member), [{"value": member}]))
        return sized.directory.patch("Group", id_, body, wanted=NOTHING)

    return request


def gone(path: str) -> Request:
    """The second member leaves the group, and comes back."""

    def request(sized: Sized, id_: str) -> object:
        member = sized.members[1]
        sized.directory.patch("Group", id_, removal(path.replace("?", member)), wanted=NOTHING)
        return sized.directory.patch("Group", id_, patch(("add", "members", [{"value": member}])), wanted=NOTHING)

    return request


def joined(sized: Sized, id_: str) -> object:
    """Somebody new joins the group."""
    value = [{"value": next(sized.strangers)}]
    return sized.directory.patch("Group", id_, patch(("add", "members", value)), wanted=NOTHING)


def found(text: str) -> Request:
    """A filter over groups whose answer leaves the members out."""

    def request(sized: Sized, id_: str) -> object:
        filter_ = parse_filter(text.replace("?", sized.members[1]).replace("#", id_))
        page = sized.directory.query(("Group",), Query(filter=filter_, wanted=NOTHING))
        assert id_ in [entry.id for entry in page.resources]
        return page

    return request


REQUESTS: dict[str, Request] = {
    "read without members": lambda sized, id_: sized.directory.get("Group", id_, wanted=NOTHING),
    "add one": joined,
    "add a present one": changed("add", "members"),
    "remove by id": gone('members[value eq "?"]'),
    "remove by id and type": gone('members[value eq "?" and type eq "User"]'),
    "remove an absent one": lambda sized, id_: sized.directory.patch(
        "Group", id_, removal('members[value eq "0" and type eq "User"]'), wanted=NOTHING
    ),
    "replace by the same": changed("replace", 'members[value eq "?"]'),
    "rename": lambda sized, id_: sized.directory.patch(
        "Group", id_, patch(("replace", "displayName", f"g{next(NUMBERS)}")), wanted=NOTHING
    ),
    "find by id and member": found('id eq "#" and members.value eq "?"'),
    "find by member and id": found('members[value eq "?"] and id eq "#"'),
    "find by id and any member": found('id eq "#" and members pr'),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_large_group_costs_what_a_small_one_costs(sized: Sized, name: str) -> None:
    small, large = (sized.steps(REQUESTS[name], id_) for id_ in sized.groups.values())
    assert 0 < large <= small * 1.5


@pytest.mark.parametrize(
    "text", ['members.value eq "?"', "members pr", 'members.display eq "u10001"', 'members.type eq "User"']
)
def test_finding_groups_by_members_does_not_look_at_all_of_them(sized: Sized, text: str) -> None:
    sized.directory.create("Group", group(f"of groups {next(NUMBERS)}", sized.groups[SMALL]))  # no user is in this one
    assert sized.steps(found(text), sized.groups[LARGE]) < LARGE / 3


def test_groups_in_groups_are_found_without_a_look_at_users(sized: Sized) -> None:
    outer = sized.directory.create("Group", group("outer", sized.groups[SMALL])).id
    assert sized.steps(found('members.type eq "Group"'), outer) < LARGE / 3


def test_refusals_look_at_nobody_else(sized: Sized) -> None:
    """Also a wrong filter and an id that would change are told without a look at the members."""
    for id_ in sized.groups.values():
        other = removal(f'members[value eq "{sized.members[1]}" and nonsense eq "x"]')
        with pytest.raises(InvalidFilter):
            sized.directory.patch("Group", id_, other)
        path = f'members[value eq "{sized.members[0]}" and type eq "User"].value'
        with pytest.raises(Mutability):
            sized.directory.patch("Group", id_, patch(("replace", path, sized.members[1])))


def test_deleting_costs_rows_and_no_more(sized: Sized) -> None:
    """A group of n members is removed in a number of steps that is linear in n."""
    costs = []
    for size in (LARGE // 10, LARGE):
        id_ = sized.directory.create("Group", group(f"gone{size}", *sized.members[:size]), wanted=NOTHING).id
        before = sized.spent[0]
        sized.directory.delete("Group", id_)
        costs.append(sized.spent[0] - before)
    assert costs[1] <= costs[0] * 12


def test_members_are_found_without_a_look_at_all_people(sized: Sized) -> None:
    before = sized.spent[0]
    sized.directory.create("Group", group(f"made of {next(NUMBERS)}", *sized.members[:20]), wanted=NOTHING)
    assert sized.spent[0] - before < 3 * LARGE
