"""Hypothesis settings of the judge, in one place: no deadline, no database, the run's seed, bounded effort."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.control import current_build_context

from conformance.errors import Broken

P = ParamSpec("P")
Test = TypeVar("Test", bound=Callable[..., Any])

SHRINKS = {"quick": 20, "standard": 60, "deep": 300}
"""Effort -> examples that may be tried on the way from a finding to its minimal example."""


class Paced(Protocol):
    """What decides how much is tried: the effort and the seed of the run."""

    @property
    def effort(self) -> str:
        """One of quick, standard, deep."""
        ...

    @property
    def seed(self) -> int:
        """What every random choice of the run follows from."""
        ...


def examples(run: Paced, *, quick: int, standard: int, deep: int) -> int:
    """The number for the effort of the run."""
    return {"quick": quick, "standard": standard, "deep": deep}[run.effort]


def profile(run: Paced, *, quick: int, standard: int, deep: int, steps: int = 10) -> settings:
    """The settings of one search; a failing one reports one minimal example."""
    return settings(
        max_examples=examples(run, quick=quick, standard=standard, deep=deep),
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )


def searching(run: Paced, *, quick: int, standard: int, deep: int) -> Callable[[Test], Test]:
    """A decorator for a `@given` function: examples by effort, and the seed of the run."""

    def decorate(test: Test) -> Test:
        return seed(run.seed)(profile(run, quick=quick, standard=standard, deep=deep)(test))

    return decorate


class Bounds:
    """How much is still tried: everything until the first failure, then only so many examples more.

    What is not tried counts as passed, which ends the shrinking; the replay of the minimal example is always tried.
    `requests` says how many one example makes.
    """

    def __init__(self, run: Paced, *, requests: int = 1) -> None:
        self._most = SHRINKS[run.effort] // requests
        self._left: int | None = None

    def spent(self) -> bool:
        """Whether the example that begins now is not tried."""
        if self._left is None or current_build_context().is_final:
            return False
        self._left -= 1
        return self._left < 0

    def failed(self) -> None:
        """An example failed."""
        if self._left is None:
            self._left = self._most


def bounded(run: Paced, *, requests: int = 1) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """A decorator for the body of a search, which keeps its shrinking within bounds."""
    bounds = Bounds(run, requests=requests)

    def decorate(body: Callable[P, None]) -> Callable[P, None]:
        @wraps(body)
        def tried(*args: P.args, **kwargs: P.kwargs) -> None:
            if bounds.spent():
                return
            try:
                body(*args, **kwargs)
            except Broken:
                bounds.failed()
                raise

        return tried

    return decorate
