"""The source directory: what it holds, and the delta that each write leaves."""

from __future__ import annotations

import pytest

from conformance.entra.directory.model import Assignment, Kind, Presence
from conformance.entra.errors import SourceError
from conformance.entra.values import RoleFlow, Roles
from tests.conformance.entra.directory.sources import ACCESS, AGENT, AT, BOSS, edit, group, source, user


def test_objects_come_back_as_they_were_put() -> None:
    ana, ops = user("ana", "bob", skills=("a", "b"), accountEnabled=True), group("ops", "ana", "bob")
    found = source(user("bob"), ana, ops)
    assert (found.get("ana"), found.get("ops"), found.get("nobody")) == (ana, ops, None)
    assert [each.id for each in found.objects(Kind.USER)] == found.ids(Kind.USER) == ["ana", "bob"]
    assert (found.count(Kind.USER), found.count(Kind.GROUP)) == (2, 1)
    assert (found.groups_of("ana"), found.reports_of("bob")) == (["ops"], ["ana"])


def test_what_is_gone_for_good_is_in_no_group_and_manages_nobody() -> None:
    found = source(user("bob"), user("ana", "bob"), group("ops", "ana", "bob"))
    found.assign("bob", "Agent")
    since = found.position()
    found.set_presence("bob", Presence.HARD_DELETED, AT)
    assert found.get("bob") is None
    assert found.gone(Kind.USER) == ["bob"]
    assert found.assignments("bob") == []
    changes = {each.id: each for each in found.changes(since)}
    assert changes["bob"].presence
    assert changes["ana"].manager
    assert changes["ops"].members_removed == ("bob",)


def test_who_is_in_the_recycle_bin_keeps_everything() -> None:
    found = source(user("ana"), group("ops", "ana"))
    found.assign("ana", "Agent")
    found.set_presence("ana", Presence.SOFT_DELETED, AT)
    ana = found.get("ana")
    assert ana is not None
    assert (ana.presence, ana.presence_since) == (Presence.SOFT_DELETED, AT)
    assert found.groups_of("ana") == ["ops"]
    assert len(found.assignments("ana")) == 1


@pytest.mark.parametrize("text", ["ana", "ANA@fabrik.example", "mail@fabrik.example"])
def test_somebody_is_found_by_id_and_names_in_any_case(text: str) -> None:
    found = source(user("ana", mail="Mail@fabrik.example"), user("bob"))
    one = found.find(text)
    assert one is not None
    assert one.id == "ana"


def test_nobody_is_found_by_a_name_of_several_but_the_present_one_comes_first() -> None:
    found = source(user("one", displayName="Twin"), user("two", displayName="Twin"))
    assert found.find("twin") is None
    found.set_presence("one", Presence.SOFT_DELETED, AT)
    assert (found.find("twin") or user("")).id == "two"
    found.set_presence("two", Presence.HARD_DELETED, AT)
    assert (found.find("twin") or user("")).id == "one"


def test_users_have_the_assignments_of_their_groups_and_their_own_first() -> None:
    found = source(user("ana"), group("a", "ana"), group("b", "ana"))
    edit(found, 'assign a Boss\nassign b Agent\nassign ana "Default Access"')
    assert found.assignments("ana") == [
        (Assignment("ana", ACCESS.id), ""),
        (Assignment("ana", BOSS.id), "a"),
        (Assignment("ana", AGENT.id), "b"),
    ]
    assert found.roles_of("ana") == (ACCESS, BOSS, AGENT)


@pytest.mark.parametrize(
    "script",
    ["delete ops", "drop ops", "set ops securityEnabled=false", "unassign ops", "leave ops ana"],
)
def test_a_group_that_does_not_count_assigns_nobody_and_its_members_change(script: str) -> None:
    found = source(user("ana"), group("ops", "ana"))
    found.assign("ops", "Agent")
    since = found.position()
    edit(found, script)
    assert found.roles_of("ana") == ()
    assert {each.id: each.assignment for each in found.changes(since)}["ana"]


def test_groups_have_no_assignments_through_groups_and_nesting_is_not_read() -> None:
    found = source(user("ana"), group("inner", "ana"), group("outer", "inner"))
    found.assign("outer", "Agent")
    assert found.roles_of("outer") == (AGENT,)
    assert found.roles_of("inner") == found.roles_of("ana") == ()


def test_the_attributes_that_mappings_see() -> None:
    guest = "ana_partner.example#EXT#@fabrik.example"
    found = source(user("bob"), user("ana", "bob", userPrincipalName=guest, city="", skills=("a",)))
    edit(found, 'assign ana "Default Access"\nassign ana Agent')
    ana = found.get("ana")
    assert ana is not None
    assert dict(found.attributes(ana, soft_deleted=True)) == {
        "userPrincipalName": "ana_partner.example",
        "originalUserPrincipalName": guest,
        "displayName": "Ana",
        "skills": ("a",),
        "objectId": "ana",
        "IsSoftDeleted": "True",
        "manager": "bob",
        "appRoleAssignments": Roles(RoleFlow.COMPLEX, (AGENT,)),
    }


def test_roles_are_found_by_id_value_and_name() -> None:
    found = source()
    assert {found.role(name) for name in ("r-agent", "Agent", "An agent")} == {AGENT}
    with pytest.raises(SourceError, match="the application has no role 'Chef'; it has"):
        found.role("Chef")


def test_a_role_that_goes_takes_its_assignments_along() -> None:
    found = source(user("ana"))
    edit(found, "assign ana Agent\nassign ana Boss")
    since = found.position()
    found.drop_role("r-agent")
    assert found.roles_of("ana") == (BOSS,)
    assert AGENT not in found.roles()
    assert found.changes(since)[0].assignment


@pytest.mark.parametrize(
    "wrong",
    [
        lambda found: found.set_attributes("nobody", {}),
        lambda found: found.set_manager("ana", "nobody"),
        lambda found: found.change_members("ops", added=["nobody"]),
        lambda found: found.assign("nobody", "Agent"),
        lambda found: found.set_presence("nobody", Presence.PRESENT, AT),
    ],
)
def test_who_is_not_there_is_told(wrong) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SourceError, match="the source directory has no object 'nobody'"):
        wrong(source(user("ana"), group("ops")))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda found: found.set_manager("ana", "ops"), "Ops is a group, and no user"),
        (lambda found: found.set_manager("ops", "ana"), "Ops is a group, and no user"),
        (lambda found: found.change_members("ana", added=["ops"]), "Ana is a user, and no group"),
    ],
)
def test_users_and_groups_are_not_mixed_up(wrong, told: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SourceError, match=told):
        wrong(source(user("ana"), group("ops")))
