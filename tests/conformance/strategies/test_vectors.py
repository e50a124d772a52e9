"""Every vector of the grammar table is asked by some check, and the well-formed ones read as they are written."""

from __future__ import annotations

from importlib.resources import files

import pytest

from conformance.strategies.trees import Tree, render
from conformance.suites.filtering.vectors import BAD, ELSEWHERE, OPEN, READ, UNQUOTED, WIDE, malformed, wellformed

TABLES = (READ, OPEN, BAD, UNQUOTED, WIDE, ELSEWHERE)
RESPELT = {"V02", "V05", "V06", "V16", "V18", "V21", "V26", "V27", "V29"}
"""Vectors whose point is another spelling than the plainest."""


def test_all_seventy_vectors_are_asked() -> None:
    asked = {name for table in TABLES for name in table}
    assert {f"V{number:02}" for number in range(1, 71)} <= asked


def test_the_checks_named_for_single_vectors_exist() -> None:
    folders = (files("conformance") / "suites" / suite for suite in ("filtering", "listing"))
    source = "".join(
        file.read_text("utf-8") for folder in folders for file in folder.iterdir() if file.name.endswith(".py")
    )
    assert [check for check in ELSEWHERE.values() if f"def test_{check}(" not in source] == []


@pytest.mark.parametrize(("text", "tree"), [pair for name, pair in READ.items() if name not in RESPELT])
def test_a_vector_reads_as_its_tree(text: str, tree: Tree) -> None:
    assert render(tree) == text


def test_ranges_of_vectors_leave_no_gap() -> None:
    ranges = (("V01", "V09"), ("V10", "V18"), ("V19", "V25"), ("V26", "V33"))
    assert {name for first, last in ranges for name in wellformed(first, last)} == set(READ)
    bad = [("V38", "V42"), ("V45", "V47"), ("V48", "V50"), ("V51", "V52"), ("V54", "V55"), ("V60", "V61")]
    asked = {text for first, last in bad for text in malformed(first, last)}
    single = {text for name in ("V53", "V62", "V66", "V69") for text in BAD[name]}
    assert asked | single == {text for texts in BAD.values() for text in texts}
