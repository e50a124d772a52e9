"""The source file: what is written is read again, in both forms, and is what the schema says."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.connector.model import Person, Source, Team
from conformance.connector.scenario import available, read
from conformance.connector.source import (
    COLUMNS,
    SourceFormat,
    as_csv,
    as_json,
    read_source,
    schema_text,
    source_text,
    write_source,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
IDS = st.lists(st.text("abc1", min_size=1, max_size=4), unique=True, max_size=4)


@st.composite
def sources(draw: st.DrawFn) -> Source:
    ids = draw(IDS)
    people = tuple(
        Person(id_, draw(TEXT.filter(bool)), title=draw(TEXT), role=draw(TEXT), active=draw(st.booleans()))
        for id_ in ids
    )
    members = st.lists(st.sampled_from(ids), unique=True) if ids else st.just([])
    teams = tuple(Team(id_, draw(TEXT.filter(bool)), tuple(draw(members))) for id_ in draw(IDS))
    return Source(people, teams)


@given(sources(), st.sampled_from(SourceFormat))
def test_what_is_written_is_read_again(source: Source, form: SourceFormat) -> None:
    assert read_source(source_text(source, form), form) == source


@given(sources())
def test_json_is_what_the_schema_says(source: Source) -> None:
    jsonschema_rs.validate(json.loads(schema_text()), json.loads(as_json(source)))


@pytest.mark.parametrize("name", available())
def test_every_scenarios_sources_are_what_the_schema_says(name: str) -> None:
    for step in read(name).steps:
        jsonschema_rs.validate(json.loads(schema_text()), json.loads(as_json(step.source)))


def test_empty_values_are_left_out_and_active_never_is() -> None:
    document = json.loads(as_json(Source((Person("a", "ada"),), (Team("t", "Team"),))))
    assert document == {
        "users": [{"id": "a", "userName": "ada", "active": True}],
        "groups": [{"id": "t", "displayName": "Team", "members": []}],
    }


def test_csv_has_one_header_and_a_line_for_each() -> None:
    source = Source((Person("a", "ada", active=False), Person("b", 'b"ob, jr')), (Team("t", "Team", ("a", "b")),))
    assert as_csv(source).splitlines() == [
        ",".join(COLUMNS),
        "user,a,ada,,,,,,,,,,false,",
        'user,b,"b""ob, jr",,,,,,,,,,true,',
        "group,t,,,,Team,,,,,,,,a;b",
    ]


def test_the_schema_names_every_column_of_csv() -> None:
    assert all(column in json.loads(schema_text())["$comment"] for column in COLUMNS)


def test_a_file_that_was_there_is_replaced_and_nothing_else_stays(tmp_path: Path) -> None:
    path = tmp_path / "source.json"
    path.write_text("old")
    write_source(Source((Person("a", "ada"),)), path, SourceFormat.JSON)
    assert json.loads(path.read_text())["users"][0]["id"] == "a"
    assert [entry.name for entry in tmp_path.iterdir()] == ["source.json"]
