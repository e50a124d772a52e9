"""How much is asked, and that the choice can be repeated."""

from __future__ import annotations

import pytest

from conformance.checks import EFFORTS
from conformance.contract.plan import COVERAGE, PLANS, Sampler, ceilings, settings

STANDARD_MOST, QUICK_MOST = 1500, 205


def test_the_first_cases_of_a_kind_are_all_taken() -> None:
    sampler = Sampler(1, 3)
    assert [sampler.takes("kind") for _ in range(3)] == [True, True, True]
    assert sampler.takes("another kind")


def test_of_many_cases_few_are_taken_and_some_of_the_last() -> None:
    sampler = Sampler(1, 5)
    taken = [index for index in range(1000) if sampler.takes("kind")]
    assert 10 < len(taken) < 60
    assert taken[-1] > 200


def test_further_cases_can_be_fewer() -> None:
    usual, few, none = (Sampler(1, 5, further) for further in (1.0, 0.25, 0.0))
    counts = [sum(sampler.takes("kind") for _ in range(1000)) for sampler in (usual, few, none)]
    assert counts[0] > counts[1] > counts[2] == 5


def test_the_choice_hangs_on_the_seed() -> None:
    one, same, other = (tuple(Sampler(seed, 2).takes("kind") for _ in range(1)) for seed in (1, 1, 2))
    assert one == same == other  # the first is always taken
    runs = []
    for seed in (1, 1, 2):
        sampler = Sampler(seed, 2)
        runs.append([sampler.takes("kind") for _ in range(200)])
    assert runs[0] == runs[1] != runs[2]


@pytest.mark.parametrize(("effort", "most"), [("quick", QUICK_MOST), ("standard", STANDARD_MOST)])
def test_the_phases_keep_within_the_requests_of_an_effort(effort: str, most: int) -> None:
    assert sum(ceilings(phase)[EFFORTS.index(effort)] for phase in PLANS) <= most


def test_undeclared_deletes_are_sent_by_permission_only() -> None:
    def methods(*, delete: bool) -> list[str]:
        plan = PLANS[COVERAGE]["standard"]
        found = settings(COVERAGE, plan, base="http://x", headers={}, seed=1, delete=delete)
        listed: list[str] = found["phases"][COVERAGE]["unexpected-methods"]
        return listed

    assert "delete" not in methods(delete=False)
    assert "delete" in methods(delete=True)
