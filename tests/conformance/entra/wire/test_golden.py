"""Every wire shape is sent as its table says: request line, the headers that matter, JSON body."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files

import pytest

from conformance.entra.dialect import FLAGS
from tests.conformance.entra.wire.golden import CALLS, Shape, shapes
from tests.conformance.entra.wire.recording import TOKEN, Recorder, channel, recording
from tests.repo.tree import ROOT

SUBJECTS = {
    "create": "a user is created",
    "queries": "resources are matched, read, probed",
    "patches": "a user is changed, disabled, enabled, deleted",
    "roles": "roles",
    "manager": "the manager",
    "groups": "groups and members",
}
CONFIDENCES = ("documented", "observed", "inferred")


@pytest.fixture(scope="module")
def recorder() -> Iterator[Recorder]:
    with recording() as found:
        yield found


@pytest.mark.parametrize("shape", shapes(), ids=lambda shape: shape.id)
def test_a_shape_is_sent_as_the_table_says(shape: Shape, recorder: Recorder) -> None:
    url = f"{recorder.url}/?{FLAGS[0]}" if shape.dialect.flagged else recorder.url
    with channel(url, shape.dialect) as sender:
        sender.send(shape.request)
    sent = recorder.requests[-1]
    method, _, path = shape.entry["request"].partition(" ")
    assert sent.line == f"{method} /scim/v2{path} HTTP/1.1"
    assert sent.headers["authorization"] == f"Bearer {TOKEN}"
    assert sent.headers["accept"] == "application/scim+json"
    media_type = None if shape.body is None else "application/scim+json; charset=utf-8"
    assert sent.headers.get("content-type") == media_type
    assert (json.loads(sent.body) if sent.body else None) == shape.body


def test_no_shape_is_there_twice() -> None:
    assert not [id for id, times in Counter(shape.id for shape in shapes()).items() if times > 1]
    sent = [
        (shape.dialect.flagged, str(shape.dialect.chosen), shape.entry["call"], shape.request) for shape in shapes()
    ]
    assert not [made for number, made in enumerate(sent) if made in sent[:number]]


def test_every_source_is_a_known_one_and_fits_the_confidence() -> None:
    known = tomllib.loads((files("conformance.entra") / "sources.toml").read_text(encoding="utf-8"))
    for shape in shapes():
        assert shape.entry["source"] in {*known, "T", "I"}, shape.id
        assert shape.confidence in CONFIDENCES, shape.id
        assert (shape.entry["source"] == "I") <= (shape.confidence == "inferred"), shape.id
        assert (shape.entry["source"] == "T") <= (shape.confidence == "observed"), shape.id
        assert shape.entry["says"].endswith("."), shape.id


def test_every_call_has_a_shape_in_both_dialects_where_they_differ() -> None:
    seen = {(shape.entry["call"], shape.dialect.flagged) for shape in shapes()}
    assert {call for call, _ in seen} == {*CALLS}
    patches = {"patch_user", "patch_group", "add_members", "remove_members", "set_manager"}
    assert {(call, True) for call in patches} <= seen


def test_the_readme_counts_the_shapes() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "## What the simulated provisioning service sends" in readme
    counts = Counter((shape.subject, shape.confidence) for shape in shapes())
    for subject, title in SUBJECTS.items():
        numbers = " | ".join(str(counts[subject, each]) for each in CONFIDENCES)
        assert f"| {title} | {numbers} |" in readme
    total = Counter(shape.confidence for shape in shapes())
    assert f"| all | {' | '.join(str(total[each]) for each in CONFIDENCES)} |" in readme
    assert {shape.subject for shape in shapes()} == SUBJECTS.keys()
