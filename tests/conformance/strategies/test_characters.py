"""The table of UTF-8 that Hypothesis is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis.internal import charmap

from conformance.strategies import characters
from conformance.strategies.characters import tell_hypothesis


def found() -> list[object]:
    """What Hypothesis takes for encodable, and for lossy, when it looks for the first time."""
    return [intervals.intervals for intervals in charmap.intervals_from_codec.__wrapped__("utf-8")]


def refuse(code: int) -> str:
    raise AssertionError(f"the code point {code} is tried, though the table says it all")


def test_hypothesis_finds_what_it_would_find_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, told = (tmp_path / name / "codec.json.gz" for name in ("own", "told"))
    monkeypatch.setattr(charmap, "charmap_file", lambda _name: own)
    alone = found()
    monkeypatch.setattr(characters, "charmap_file", lambda _name: told)
    monkeypatch.setattr(charmap, "charmap_file", lambda _name: told)
    tell_hypothesis(tmp_path)
    monkeypatch.setattr(charmap, "chr", refuse, raising=False)
    assert found() == alone


def test_nothing_is_written_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere" / "codec.json.gz"
    monkeypatch.setattr(characters, "charmap_file", lambda _name: elsewhere)
    tell_hypothesis(tmp_path / "storage")
    assert not elsewhere.parent.exists()
