"""A check as data: its id, title, clauses and request budget."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conformance.model import Clause, Level

DEFAULT_BUDGET = 4
EFFORTS = ("quick", "standard", "deep")


@dataclass(frozen=True, slots=True)
class Check:
    """One check; `unknown` are declared clause ids that no table holds."""

    id: str
    suite: str
    title: str
    clauses: tuple[Clause, ...]
    unknown: tuple[str, ...] = ()
    budgets: tuple[int, ...] = (DEFAULT_BUDGET,) * 3

    def budget(self, effort: str) -> int:
        """The most requests the check makes at this effort."""
        return self.budgets[EFFORTS.index(effort)]


def make_check(
    suite: str,
    function: str,
    docstring: str | None,
    clause_ids: Sequence[str],
    *,
    clauses: Mapping[str, Clause],
    budgets: Sequence[int] = (),
) -> Check:
    """The check of a test function; its id is `suite.function` without `test_`."""
    name = re.sub(r"^test_", "", function)
    unknown = tuple(clause for clause in clause_ids if clause not in clauses)
    return Check(
        id=f"{suite}.{name}",
        suite=suite,
        title=(docstring or name.replace("_", " ")).strip().splitlines()[0],
        clauses=tuple(clauses.get(clause) or placeholder(clause) for clause in dict.fromkeys(clause_ids)),
        unknown=unknown,
        budgets=tuple(budgets) or (DEFAULT_BUDGET,) * 3,
    )


def placeholder(clause: str) -> Clause:
    """A clause no table holds, so that its results can still name it; they are all ERROR."""
    return Clause(clause, "unknown", "", Level.MUST, "", "This clause stands in no table.")


def budgets_by_suite(checks: Sequence[Check], effort: str) -> dict[str, tuple[int, int]]:
    """Per suite: how many checks, and at most how many requests."""
    found: dict[str, tuple[int, int]] = {}
    for check in checks:
        count, requests = found.get(check.suite, (0, 0))
        found[check.suite] = (count + 1, requests + check.budget(effort))
    return found
