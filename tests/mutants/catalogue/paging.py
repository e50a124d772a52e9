"""Defects of pages: where they start, how long they are, what they say about themselves."""

from __future__ import annotations

from mock_samanage.web import parameters
from tests.mutants.mutant import Defect, mutant


@mutant(clauses=("7644-3.4.2.4-15",), trips={"paging.an_oversized_count_is_capped"}, only="counts beyond 32 bits")
def a_large_count_overflows(defect: Defect) -> None:
    """A count beyond 32 bits is answered 500."""

    def integer(sent: parameters.Parameters, name: str) -> int | None:
        if name == "count" and len(str(sent.get(name, ""))) > 9 and int(sent[name]) >= 2**31:
            raise OverflowError(name)
        found: int | None = old(sent, name)
        return found

    old = defect.replace(parameters, "_integer", integer)
