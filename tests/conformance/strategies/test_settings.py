"""Searches follow the run's effort and seed, and shrink within bounds."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.errors import Broken
from conformance.strategies.settings import SHRINKS, bounded, examples, profile, searching


@dataclass(frozen=True, slots=True)
class Pace:
    effort: str = "quick"
    seed: int = 7


def test_the_effort_decides_the_number_of_examples() -> None:
    assert [examples(Pace(effort), quick=1, standard=2, deep=3) for effort in ("quick", "standard", "deep")] == [
        1,
        2,
        3,
    ]
    assert profile(Pace("deep"), quick=1, standard=2, deep=30).max_examples == 30


def test_one_seed_gives_one_search() -> None:
    def drawn(seed: int) -> list[int]:
        found: list[int] = []

        @searching(Pace(seed=seed), quick=20, standard=20, deep=20)
        @given(st.integers())
        def search(number: int) -> None:
            found.append(number)

        search()
        return found

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_shrinking_is_bounded_and_ends_with_the_minimal_example() -> None:
    tried: list[int] = []

    @searching(Pace(), quick=100, standard=100, deep=100)
    @given(st.integers(0, 10**9))
    @bounded(Pace())
    def search(number: int) -> None:
        tried.append(number)
        if number > 1000:
            raise Broken("too large")

    with pytest.raises(Broken):
        search()
    first = next(index for index, number in enumerate(tried) if number > 1000)
    assert len(tried) - first <= SHRINKS["quick"] + 2
    assert tried[-1] > 1000
