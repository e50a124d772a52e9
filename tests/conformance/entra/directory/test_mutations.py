"""The script of changes: every verb, and errors with their line."""

from __future__ import annotations

import pytest

from conformance.entra.directory.model import Presence
from conformance.entra.directory.mutations import GRAMMAR, read_script
from conformance.entra.directory.store import Source
from conformance.entra.errors import SourceError
from tests.conformance.entra.directory.sources import ACCESS, AGENT, edit, group, source, user


@pytest.fixture
def found() -> Source:
    return source(user("ana", department="Law"), user("bob"), group("ops", "bob"))


def _attributes(found: Source, id: str) -> dict[str, object]:
    one = found.get(id)
    assert one is not None
    return dict(one.attributes)


def test_hire(found: Source) -> None:
    edit(found, "hire eve@fabrik.example jobTitle='Team lead' mail= accountEnabled=false skills='a; b'")
    eve = found.find("eve@fabrik.example")
    assert eve is not None
    assert dict(eve.attributes) == {
        "userPrincipalName": "eve@fabrik.example",
        "mail": "eve@fabrik.example",
        "mailNickname": "eve",
        "displayName": "eve",
        "jobTitle": "Team lead",
        "accountEnabled": False,
        "skills": ("a", "b"),
    }


@pytest.mark.parametrize(
    ("name", "given", "family"),
    [("Ana Lima", "Ana", "Lima"), ("Ana Maria Lima", "Ana Maria", "Lima"), ("Ana", "Ana", None)],
)
def test_rename(found: Source, name: str, given: str, family: str | None) -> None:
    edit(found, f"rename ana '{name}'")
    told = _attributes(found, "ana")
    assert (told["displayName"], told["givenName"], told.get("surname")) == (name, given, family)


def test_move_set_and_clear(found: Source) -> None:
    edit(found, "move ana Ops\nset ana city=Lyon country=FR\nset ana city=")
    told = _attributes(found, "ana")
    assert (told["department"], told["country"], "city" in told) == ("Ops", "FR", False)


def test_manager(found: Source) -> None:
    edit(found, "manager ana bob")
    assert found.reports_of("bob") == ["ana"]
    edit(found, "manager ana none")
    assert found.reports_of("bob") == []


def test_disable_and_enable(found: Source) -> None:
    edit(found, "disable ana")
    assert _attributes(found, "ana")["accountEnabled"] is False
    edit(found, "enable ana")
    assert _attributes(found, "ana")["accountEnabled"] is True


def test_delete_restore_and_purge(found: Source) -> None:
    edit(found, "delete ana")
    assert found.presence("ana") is Presence.SOFT_DELETED
    edit(found, "restore ana")
    assert found.presence("ana") is Presence.PRESENT
    edit(found, "purge ana")
    assert found.presence("ana") is Presence.HARD_DELETED


def test_assign_and_unassign(found: Source) -> None:
    edit(found, "assign ana\nassign ana Agent")
    assert found.roles_of("ana") == (ACCESS, AGENT)
    edit(found, 'unassign ana "Default Access"')
    assert found.roles_of("ana") == (AGENT,)
    edit(found, "assign ana Boss\nunassign ana")
    assert found.roles_of("ana") == ()


def test_groups(found: Source) -> None:
    edit(found, 'group "New team"\njoin "New team" ana bob\nleave "New team" bob\ndrop ops')
    team = found.find("new team")
    assert team is not None
    assert (team.members, team.attributes["mailNickname"], team.attributes["securityEnabled"]) == (
        ("ana",),
        "new-team",
        True,
    )
    assert found.presence("ops") is Presence.HARD_DELETED


def test_a_hash_begins_a_comment_before_a_word_and_is_a_part_of_one() -> None:
    script = "# don't\nhire ana#EXT#@fabrik.example city='a # b' # why not\n\n  move \"x\" y\\#z #"
    words = [mutation.words for mutation in read_script(script)]
    assert words == [("ana#EXT#@fabrik.example", "city=a # b"), ("x", "y#z")]
    assert [mutation.line for mutation in read_script(script)] == [2, 4]


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("\nfire ana", "line 2: 'fire' is no change; these are: hire, rename"),
        ("move ana 'Ops", 'line 1: No closing quotation in "move ana'),
        ("move ana", "line 1: right is: move WHO DEPARTMENT"),
        ("move ana Ops now", "line 1: right is: move WHO DEPARTMENT"),
        ("enable", "line 1: right is: enable WHO"),
        ("leave ops", "line 1: right is: leave GROUP WHO …"),
        ("hire", r"line 1: right is: hire NAME \[attribute=value …\]"),
        ("move nobody Ops", "line 1: 'nobody' is nobody's id, userPrincipalName, mail or displayName, or several"),
        ("set ana city", "line 1: 'city' is no attribute=value"),
        ("set ana =x", "line 1: '=x' is no attribute=value"),
        ("assign ana Chef", "line 1: the application has no role 'Chef'"),
        ("restore ana", "line 1: Ana is present, not soft-deleted"),
        ("delete ana\ndelete ana", "line 2: Ana is soft-deleted, not present"),
        ("drop ana", "line 1: Ana is a user, and no group"),
        ("move ops Law", "line 1: Ops is a group, and no user"),
        ("manager ana ops", "line 1: Ops is a group, and no user"),
        ("join ana bob", "line 1: Ana is a user, and no group"),
        ("purge ana\nmove ana Ops", "line 2: 'ana' is nobody's id"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(found: Source, script: str, told: str) -> None:
    with pytest.raises(SourceError, match=told):
        edit(found, script)


def test_a_line_is_done_wholly_or_not_at_all(found: Source) -> None:
    with pytest.raises(SourceError):
        edit(found, "join ops ana nobody")
    assert found.groups_of("ana") == []


def test_the_grammar_shows_every_verb() -> None:
    from conformance.entra.directory.mutations import _VERBS

    assert all(any(verb == word for line in GRAMMAR.splitlines() for word in line.split()) for verb in _VERBS)


def test_the_same_seed_gives_the_same_ids() -> None:
    one, two = source(), source()
    edit(one, "hire a@b.example", 3)
    edit(two, "hire a@b.example", 3)
    assert (one.find("a@b.example") or user("")).id == (two.find("a@b.example") or user("x")).id
