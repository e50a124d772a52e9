"""Groups and their members, as rows and as the virtual attributes `members` and `groups`."""

from __future__ import annotations

import pytest

from mock_samanage.scim.registry import USER_URN
from mock_samanage.store import GroupRef, Member, Store, UnknownMember
from tests.mock_samanage.store.tenants import GROUP, USER, Tenant


def test_members_are_shown_in_the_order_they_were_created(tenant: Tenant) -> None:
    ada, eve = tenant.user("ada", displayName="Ada"), tenant.user("eve")
    inner = tenant.group("inner")
    outer = tenant.group("outer", (inner, eve, ada))
    with tenant.store.reading() as session:
        shown = [Member(ada.id, "User", "Ada"), Member(eve.id, "User", "eve"), Member(inner.id, "Group", "inner")]
        assert session.members(outer) == shown
        assert session.member_count(outer) == 3
        assert session.groups_of(inner) == session.groups_of(ada) == [GroupRef(outer.id, "outer")]
        assert session.has_member(outer, ada.id)
        assert not session.has_member(inner, ada.id)


def test_only_real_changes_are_counted(tenant: Tenant) -> None:
    ada, eve, bob = (tenant.user(name) for name in ("ada", "eve", "bob"))
    group = tenant.group("g", (ada,))
    with tenant.store.writing() as session:
        assert session.add_members(group, [ada.id, eve.id, eve.id]) == 1
        assert session.remove_members(group, [bob.id, "nobody", "\0", ada.id, ada.id]) == 1
        assert session.remove_members(group, []) == 0
        assert session.add_members(group, [bob.id, ada.id]) == 2
        assert session.remove_members(group) == 3
        assert session.members(group) == []


def test_many_members_come_and_go_at_once(tenant: Tenant) -> None:
    """More than one statement looks up, and every size of the last one."""
    people = [(str(1_000 + at), {"schemas": [USER_URN], "userName": f"u{at}"}) for at in range(600)]
    with tenant.store.writing() as session:
        session.insert_many(tenant.pk, USER, people, now=1)
    ids = [id for id, _ in people]
    group = tenant.group("g")
    for size in (1, 2, 255, 256, 257, 512, 600):
        with tenant.store.writing() as session:
            assert session.add_members(group, ids[:size]) == size
            assert [member.id for member in session.members(group)] == ids[:size]
            assert session.remove_members(group, [*ids, "nobody"]) == size
            assert session.members(group) == []


def test_members_are_looked_up_among_some(tenant: Tenant) -> None:
    ada, eve, bob = tenant.user("ada", displayName="Ada"), tenant.user("eve"), tenant.user("bob")
    group = tenant.group("g", (eve, ada))
    with tenant.store.reading() as session:
        among = session.members_among(group, [eve.id, bob.id, ada.id, "nobody", "\0", eve.id])
        assert among == [Member(ada.id, "User", "Ada"), Member(eve.id, "User", "eve")]
        assert session.members_among(group, []) == []


def test_an_unknown_member_is_named_and_nobody_is_added(tenant: Tenant, store: Store) -> None:
    stranger = Tenant.made(store, "other").user("stranger", id="77")
    ada, group = tenant.user("ada"), tenant.group("g")
    for unknown in ("nobody", "", "\ud800", stranger.id):
        with tenant.store.writing() as session, pytest.raises(UnknownMember) as caught:
            session.add_members(group, [ada.id, unknown])
        assert caught.value.id == unknown
    with tenant.store.reading() as session:
        assert session.member_count(group) == 0


def test_memberships_go_with_either_end(tenant: Tenant) -> None:
    ada, eve = tenant.user("ada"), tenant.user("eve")
    one, two = tenant.group("one", (ada, eve)), tenant.group("two", (ada,))
    with tenant.store.writing() as session:
        session.delete(ada)
        assert [member.id for member in session.members(one)] == [eve.id]
        assert session.members(two) == []
        session.delete(one)
        assert session.groups_of(eve) == []


def test_groups_are_found_by_their_members(tenant: Tenant) -> None:
    ada, eve = tenant.user("ada", displayName="The Ada"), tenant.user("eve")
    inner = tenant.group("inner", (ada,))
    both = tenant.group("both", (ada, eve, inner))
    empty = tenant.group("empty")
    asked = {
        f'members.value eq "{ada.id}"': [inner, both],
        f'members eq "{eve.id}"': [both],
        f'members[value eq "{ada.id}"]': [inner, both],
        f'members[value eq "{ada.id}" and type eq "user"]': [inner, both],
        f'members[value eq "{ada.id}" and type eq "Group"]': [],
        'members.type eq "GROUP"': [both],
        'members.type sw "u"': [inner, both],
        'members.display eq "the ada"': [inner, both],
        'members.display eq "EVE"': [both],
        'members[not (type eq "User")]': [both],
        "members pr": [inner, both],
        "not (members pr)": [empty],
        "members.display pr": [inner, both],
        f'not (members.value eq "{eve.id}")': [inner, empty],
        f'displayName eq "both" and members.value eq "{eve.id}"': [both],
        f'displayName eq "inner" and members.value eq "{eve.id}"': [],
        f'members.value eq "{eve.id}" or displayName eq "empty"': [both, empty],
        'members.value eq "nobody"': [],
        f'members.$ref eq "http://host/scim/v2/Users/{eve.id}"': [both],
    }
    for filter, wanted in asked.items():
        assert tenant.ids(filter, GROUP) == [group.id for group in wanted], filter


def test_users_are_found_by_their_groups(tenant: Tenant) -> None:
    ada, eve, bob = (tenant.user(name) for name in ("ada", "eve", "bob"))
    one, two = tenant.group("one", (ada, eve)), tenant.group("two", (ada,))
    asked = {
        f'groups.value eq "{one.id}"': [ada, eve],
        f'groups eq "{two.id}"': [ada],
        'groups.display eq "ONE"': [ada, eve],
        'groups.type eq "direct"': [ada, eve],
        'groups.type eq "indirect"': [],
        f'groups[value eq "{one.id}" and display eq "two"]': [],
        "not (groups pr)": [bob],
        f'userName eq "eve" and groups.value eq "{one.id}"': [eve],
        f'userName eq "eve" and groups.value eq "{two.id}"': [],
        f'not (groups.value eq "{two.id}") and groups pr': [eve],
    }
    for filter, wanted in asked.items():
        assert tenant.ids(filter, USER) == [user.id for user in wanted], filter


def test_a_renamed_member_is_found_by_its_new_name(tenant: Tenant) -> None:
    ada = tenant.user("ada", displayName="Old")
    group = tenant.group("g", (ada,))
    with tenant.store.writing() as session:
        session.update(ada, {"userName": "ada"}, now=1)
        assert session.members(group) == [Member(ada.id, "User", "ada")]
    assert tenant.ids('members.display eq "old"', GROUP) == []
    assert tenant.ids('members.display eq "ada"', GROUP) == [group.id]


def test_an_empty_display_name_is_not_what_a_member_shows(tenant: Tenant) -> None:
    group = tenant.group("g", (tenant.user("ada", displayName=""),))
    for filter, wanted in {'eq ""': [], 'lt "a"': [], 'eq "ada"': [group.id], 'sw ""': [group.id]}.items():
        assert tenant.ids(f"members.display {filter}", GROUP) == wanted, filter
        assert tenant.ids(f'id eq "{group.id}" and members.display {filter}', GROUP) == wanted, filter


def test_members_of_another_account_are_not_seen(store: Store) -> None:
    one, two = Tenant.made(store, "one"), Tenant.made(store, "two")
    for each in (one, two):
        each.group("g", (each.user("ada", id="5"),))
    assert len(one.ids('members.value eq "5"', GROUP)) == 1
    assert len(two.ids('members.display eq "ada"', GROUP)) == 1


def test_a_group_in_a_group_is_no_user_of_that_group(tenant: Tenant) -> None:
    inner = tenant.group("inner")
    ada = tenant.user("ada")
    outer = tenant.group("outer", (inner, ada))
    assert tenant.ids(f'groups.value eq "{outer.id}"', USER) == [ada.id]
    assert tenant.ids("groups pr", USER) == [ada.id]
