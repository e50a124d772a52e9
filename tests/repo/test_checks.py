"""The checks of the judge: their ids, titles and sizes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conformance.checks import Check, budgets_by_suite
from conformance.model import Clause
from conformance.options import Options
from conformance.profiles import available
from conformance.runner import Front, collect
from tests.repo.tree import ROOT, body_lines, functions, sources

GOLDEN = ROOT / "conformance" / "checks.golden.txt"
BUDGETS = ROOT / "tests" / "repo" / "budgets.golden.txt"
LONGEST_TITLE = 100
LONGEST_CHECK = 20
VAGUE = re.compile(r"\bshould\b|\btests? that\b|\bcorrectly\b|\bproperly\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def checks() -> list[Check]:
    return collect(Front(Options(profile=tuple(available())), None, print, lambda: True))


def test_the_ids_are_those_of_the_golden_list(checks: list[Check]) -> None:
    """A new, removed or renamed check is a change of the golden list too: reports and known files use these ids."""
    assert sorted(check.id for check in checks) == GOLDEN.read_text(encoding="utf-8").split()


def test_the_budget_of_each_suite_is_pinned(checks: list[Check]) -> None:
    """What `--list` prints, at quick and standard effort: who makes a suite ask more changes this list too."""
    quick, standard = (budgets_by_suite(checks, effort) for effort in ("quick", "standard"))
    told = [f"{name} {quick[name][1]} {standard[name][1]}" for name in sorted(quick)]
    assert told == BUDGETS.read_text(encoding="utf-8").splitlines()


def test_every_check_names_clauses_that_exist(checks: list[Check]) -> None:
    assert not [check.id for check in checks if check.unknown or not check.clauses]


def test_titles_state_facts(checks: list[Check]) -> None:
    odd = [check.title for check in checks if VAGUE.search(check.title) or not check.title.endswith(".")]
    assert not odd


def test_titles_are_short_and_unique(checks: list[Check]) -> None:
    titles = [check.title for check in checks]
    assert not [title for title in titles if len(title) > LONGEST_TITLE]
    assert len(set(titles)) == len(titles)


def test_no_check_judges_a_clause_that_needs_none(checks: list[Check]) -> None:
    def needless(clause: Clause) -> bool:
        return bool(clause.unchecked or clause.same_as)

    assert not [(check.id, clause.id) for check in checks for clause in check.clauses if needless(clause)]


@pytest.mark.parametrize("path", sources("conformance/suites"), ids=lambda path: path.stem)
def test_checks_are_a_few_lines(path: Path) -> None:
    long = [node.name for node in functions(path) if node.name.startswith("test_") and body_lines(node) > LONGEST_CHECK]
    assert not long


def test_levels_never_stand_in_a_check() -> None:
    words = re.compile(r"Level\.|Verdict\.|\"MUST\"|\"SHOULD\"|\"FAIL\"|\"WARN\"")
    assert not [path.name for path in sources("conformance/suites") if words.search(path.read_text(encoding="utf-8"))]
