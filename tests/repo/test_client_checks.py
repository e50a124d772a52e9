"""The checks of connectors: their ids, titles, clauses and sizes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conformance.clauses import catalogue, standing
from conformance.connector.judging import checks
from tests.repo.tree import body_lines, functions, sources

GOLDEN = Path(__file__).with_name("client_checks.golden.txt")
FOLDER = "conformance/connector/checks"
LONGEST_TITLE = 100
LONGEST_CHECK = 20
VAGUE = re.compile(r"\bshould\b|\btests? that\b|\bcorrectly\b|\bproperly\b", re.IGNORECASE)


def test_the_ids_are_those_of_the_golden_list() -> None:
    """A new, removed or renamed check is a change of the golden list too: reports and known files use these ids."""
    assert [check.id for check in checks()] == GOLDEN.read_text(encoding="utf-8").split()


def test_the_suite_of_a_check_is_its_file() -> None:
    assert {check.suite for check in checks()} == {path.stem for path in sources(FOLDER)} - {"__init__"}
    assert not [check.id for check in checks() if check.judge.__module__.rpartition(".")[2] != check.suite]


def test_titles_state_facts_are_short_and_unique() -> None:
    titles = [check.title for check in checks()]
    assert not [title for title in titles if VAGUE.search(title) or not title.endswith(".")]
    assert not [title for title in titles if len(title) > LONGEST_TITLE]
    assert len(set(titles)) == len(titles)


def test_every_check_names_clauses_about_connectors() -> None:
    known = catalogue()
    assert not [check.id for check in checks() if not check.clauses]
    assert not [
        (check.id, name)
        for check in checks()
        for name in check.clauses
        if name not in known.clauses or known.subject(known.clauses[name]) != "connector"
    ]


def test_every_clause_about_connectors_is_judged_or_says_why_not() -> None:
    known, judged = catalogue(), {name for check in checks() for name in check.clauses}
    about = [clause for clause in known.clauses.values() if known.subject(clause) == "connector"]
    assert not [
        clause.id for clause in about if standing(clause, judged, known) not in {"checked", "same", "unchecked"}
    ]
    assert not [clause.id for clause in about if clause.id in judged and (clause.unchecked or clause.same_as)]


@pytest.mark.parametrize("path", sources(FOLDER), ids=lambda path: path.stem)
def test_functions_are_a_few_lines(path: Path) -> None:
    assert not [node.name for node in functions(path) if body_lines(node) > LONGEST_CHECK]


def test_levels_never_stand_in_a_check() -> None:
    words = re.compile(r"Level\.|Verdict\.|\"MUST\"|\"SHOULD\"|\"FAIL\"|\"WARN\"")
    assert not [path.name for path in sources(FOLDER) if words.search(path.read_text(encoding="utf-8"))]
