"""The source directory as files: what is written is read, and what is wrong is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.entra.directory.files import read_directory, typed, write_csv, write_json
from conformance.entra.directory.generate import Wish, generate
from conformance.entra.directory.model import Assignment, Kind, Presence, SourceObject
from conformance.entra.directory.snapshot import Snapshot, load, snapshot_of
from conformance.entra.errors import SourceError
from tests.conformance.entra.directory.sources import ACCESS, AGENT, AT, BOSS, edit, group, source, user

WHOLE = Snapshot(
    (
        user("bob", accountEnabled=False, employeeId="007"),
        user(
            "ana",
            "bob",
            skills=("a", "b"),
            one=("x",),
            note="a; b",
            word="true",
            quote='"x"',
            list="[1]",
            city="Łódź\n2",
        ),
        SourceObject("old", Kind.USER, {"displayName": "Old"}, "", (), Presence.SOFT_DELETED, AT),
        group("inner", "bob"),
        group("ops", "ana", "inner", securityEnabled=False),
    ),
    (AGENT, BOSS, ACCESS),
    (Assignment("ana", AGENT.id), Assignment("ops", ACCESS.id)),
)


@pytest.mark.parametrize("name", ["directory.json", "folder"])
def test_what_is_written_is_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    (write_json if path.suffix else write_csv)(path, WHOLE)
    assert read_directory(path) == WHOLE


@pytest.mark.parametrize("name", ["directory.json", "folder"])
def test_a_generated_directory_goes_through_files(name: str, tmp_path: Path) -> None:
    path, made = tmp_path / name, generate(Wish(users=60, groups=3, members=5))
    (write_json if path.suffix else write_csv)(path, made)
    assert read_directory(path) == made


@pytest.mark.parametrize("name", ["directory.json", "folder"])
def test_an_empty_directory_goes_through_files(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    (write_json if path.suffix else write_csv)(path, Snapshot())
    assert read_directory(path) == Snapshot()


def test_numbers_stay_numbers_in_json_and_become_text_in_csv(tmp_path: Path) -> None:
    snapshot = Snapshot((user("ana", level=7, share=0.5),))
    write_json(tmp_path / "a.json", snapshot)
    assert read_directory(tmp_path / "a.json") == snapshot
    write_csv(tmp_path / "a", snapshot)
    assert read_directory(tmp_path / "a").objects[0].attributes["level"] == "7"


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


@given(st.one_of(texts, st.booleans(), st.lists(texts, min_size=1).map(tuple)))
def test_any_text_goes_through_a_csv_cell(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    folder = tmp_path_factory.mktemp("csv")
    snapshot = Snapshot((user("ana", note=value),))
    write_csv(folder, snapshot)
    assert read_directory(folder) == snapshot


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("TRUE", True),
        ("false", False),
        ("a; b", ("a", "b")),
        ("a;b", "a;b"),
        ('["a"]', ("a",)),
        ('"true"', "true"),
        ("[", "["),
        ('[["a"]]', '[["a"]]'),
        ("[" * 100_000, "[" * 100_000),
        ("007", "007"),
    ],
)
def test_what_a_cell_means(cell: str, value: object) -> None:
    assert typed(cell) == value


def test_roles_and_assignments_may_be_missing_and_a_mark_of_byte_order_is_put_up_with(tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text("\ufeffid,displayName,manager\nana,Ana,\nbob,,ana\n", encoding="utf-8")
    found = read_directory(tmp_path)
    assert [(each.id, dict(each.attributes), each.manager) for each in found.objects] == [
        ("ana", {"displayName": "Ana"}, ""),
        ("bob", {}, "ana"),
    ]


ROLE = {"id": "r", "value": "R", "display_name": "R"}


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ([], "holds no JSON object with users, groups, roles, assignments"),
        ({"people": []}, "unknown part people; known are users, groups, roles, assignments"),
        ({"users": None}, "users is a list, not None"),
        ({"users": ["ana"]}, "users 1 is an object, not 'ana'"),
        ({"users": [{}]}, "a user is an object with an id, not {}"),
        ({"groups": [{"id": 7}]}, "a group is an object with an id, not {'id': 7}"),
        ({"users": [{"id": ""}]}, "a user is an object with an id"),
        ({"users": [{"id": "a", "mail": "x"}]}, "user a has mail; what there is beside attributes, id, manager"),
        ({"users": [{"id": "a", "members": []}]}, "user a has members"),
        ({"groups": [{"id": "a", "manager": "b"}]}, "group a has manager"),
        ({"users": [{"id": "a", "attributes": []}]}, "the attributes of user a are an object of names and values"),
        ({"users": [{"id": "a", "attributes": {"x": {}}}]}, "x of user a is text, a number, true or false, or a list"),
        ({"users": [{"id": "a", "attributes": {"x": [[1]]}}]}, "x of user a is text, a number"),
        ({"users": [{"id": "a", "manager": 7}]}, "the manager of user a is an id, not 7"),
        ({"users": [{"id": "a", "manager": "b"}]}, "a has the manager b, who is no user of the directory"),
        ({"groups": [{"id": "g", "members": "ab"}]}, "the members of group g are a list of ids, not 'ab'"),
        ({"groups": [{"id": "g", "members": [1]}]}, "the members of group g are a list of ids"),
        ({"groups": [{"id": "g", "members": ["x"]}]}, "g has the member x, which is not in the directory"),
        ({"users": [{"id": "a", "presence": "lost"}]}, "the presence of user a is present or soft-deleted, not 'lost'"),
        ({"users": [{"id": "a", "presence": "hard-deleted"}]}, "who is gone is left out"),
        ({"users": [{"id": "a", "presence": []}]}, "the presence of user a is"),
        ({"users": [{"id": "a", "presence_since": "soon"}]}, "presence_since of user a is a moment such as 2031"),
        ({"users": [{"id": "a", "presence_since": 7}]}, "presence_since of user a is a moment such as"),
        ({"users": [{"id": "a"}, {"id": "a"}]}, "the id a stands there twice"),
        ({"users": [{"id": "a"}], "groups": [{"id": "a"}]}, "the id a stands there twice"),
        ({"roles": [ROLE, ROLE]}, "the id of a role r stands there twice"),
        ({"roles": [{"id": "r"}]}, "a role has id, value, display_name, enabled, default_access; value is missing in"),
        ({"roles": [{**ROLE, "name": "x"}]}, "a role has no name; it has id, value"),
        ({"roles": [{**ROLE, "enabled": "yes"}]}, "enabled of the role r is true or false, not 'yes'"),
        ({"roles": [{**ROLE, "value": 7}]}, "value of the role r is text, not 7"),
        ({"assignments": [{"principal": "a"}]}, "an assignment has the ids of a principal and a role, not"),
        ({"assignments": [{"principal": "a", "role": "r"}]}, "the assignment of r to a names what is not there"),
    ],
)
def test_what_is_wrong_in_json_is_told_with_the_file(document: object, told: str, tmp_path: Path) -> None:
    path = tmp_path / "directory.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_directory(path)
    assert str(caught.value).startswith(f"{path}")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "directory.json"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"directory\.json cannot be read as JSON"):
        read_directory(path)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"groups.csv": "id\n"}, "has no users.csv; a folder holds users.csv, groups.csv, roles.csv, assignments.csv"),
        ({"users.csv": "id,mail\nana,a,b\n"}, "users.csv: line 2 has more cells than there are columns"),
        ({"users.csv": "name\nana\n"}, "a user is an object with an id"),
        ({"users.csv": 'id,mail\nana,"x\n'}, "users.csv cannot be read as CSV"),
        ({"users.csv": "id,manager\nana,bob\n"}, "ana has the manager bob"),
        ({"users.csv": "id\nana\n", "assignments.csv": "who,role\nana,r\n"}, "an assignment has the ids"),
        (
            {"users.csv": "id\n", "roles.csv": "id,value,display_name,enabled\nr,R,R,perhaps\n"},
            "enabled of the role r is true or false, not 'perhaps'",
        ),
    ],
)
def test_what_is_wrong_in_csv_is_told(files: dict[str, str], told: str, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_directory(tmp_path)
    assert told in str(caught.value)


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_bytes(b"id\n\xff\n")
    with pytest.raises(SourceError, match=r"users\.csv cannot be read as CSV"):
        read_directory(tmp_path)


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SourceError, match="cannot be written"):
        write_csv(tmp_path / "file" / "folder", WHOLE)
    with pytest.raises(SourceError, match="cannot be written"):
        write_json(tmp_path / "no" / "folder.json", WHOLE)


def test_a_snapshot_that_is_loaded_is_what_the_source_holds() -> None:
    found = source()
    load(found, WHOLE, AT)
    assert sorted(snapshot_of(found).objects, key=lambda each: each.id) == sorted(
        WHOLE.objects, key=lambda each: each.id
    )
    assert {*snapshot_of(found).roles} == {*WHOLE.roles}
    assert {*snapshot_of(found).assignments} == {*WHOLE.assignments}


def test_loading_the_same_again_changes_nothing() -> None:
    found = source()
    load(found, WHOLE, AT)
    since = found.position()
    load(found, WHOLE, AT)
    assert found.changes(since) == []


def test_loading_another_directory_is_a_delta_and_what_it_lacks_is_gone() -> None:
    found = source()
    load(found, WHOLE, AT)
    since = found.position()
    fewer = Snapshot(
        tuple(each for each in WHOLE.objects if each.id not in {"old", "ops"}), (AGENT,), (Assignment("ana", AGENT.id),)
    )
    load(found, fewer, AT)
    assert {each.id for each in found.changes(since)} == {"ana", "old", "ops"}  # Ana had a role through the group
    assert found.roles() == [AGENT]
    assert found.get("old") is None


def test_edits_are_written_out_too(tmp_path: Path) -> None:
    found = source(user("ana"))
    edit(found, "assign ana Agent\ngroup Ops\njoin Ops ana")
    write_json(tmp_path / "a.json", snapshot_of(found))
    assert read_directory(tmp_path / "a.json") == snapshot_of(found)
