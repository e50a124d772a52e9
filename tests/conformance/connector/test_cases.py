"""Every check of connectors, at evidence where its clauses hold and at evidence where they are broken."""

from __future__ import annotations

from functools import cache

import pytest

from conformance.connector.judging import ClientCheck, checks
from conformance.findings import Standing
from tests.conformance.connector.builders import Case
from tests.conformance.connector.cases import holding, matching, paging, trouble, writing

CASES = [*matching.CASES, *writing.CASES, *paging.CASES, *trouble.CASES, *holding.CASES]


@cache
def known() -> dict[str, ClientCheck]:
    return {check.id: check for check in checks()}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_check_tells_what_holds_from_what_is_broken(case: Case) -> None:
    found = [finding for finding in known()[case.check].judge(case.evidence) if finding.clause == case.clause]
    if case.held is None:
        assert not found
    else:
        assert found
        worst = max(found, key=lambda finding: finding.standing)
        assert (worst.standing == Standing.HELD) is case.held, f"{worst.expected}: {worst.observed}"
        assert worst.expected
        assert worst.observed


@pytest.mark.parametrize("held", [True, False], ids=["holds", "broken"])
def test_every_clause_of_every_check_has_a_case(held: bool) -> None:  # noqa: FBT001
    there = {(case.check, case.clause) for case in CASES if case.held is held}
    assert not [(check.id, clause) for check in checks() for clause in check.clauses if (check.id, clause) not in there]
