"""Running mutants: a tenant with the defect in this process, judged by the real judge."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache

from conformance.checks import Check
from conformance.embedded import KNOWN, openapi_document
from conformance.model import CheckResult, Verdict
from conformance.options import Options
from conformance.profiles import available
from conformance.runner import Front, collect, run
from conformance.session import begin
from mock_samanage.testing import LiveServer
from tests.mutants import catalogue
from tests.mutants.mutant import CATALOGUE, Defect, Mutant

SEED = 7
EFFORT = "quick"
LABORATORY = {"preset": "strict", "schemas": "laboratory"}
LOUD = frozenset({Verdict.FAIL, Verdict.WARN})


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run said: the checks that found something, and every result."""

    tripped: frozenset[str]
    results: tuple[CheckResult, ...]


def mutants() -> dict[str, Mutant]:
    """Every mutant of the catalogue, by name."""
    for module in pkgutil.iter_modules(catalogue.__path__, f"{catalogue.__name__}."):
        importlib.import_module(module.name)
    return dict(sorted(CATALOGUE.items()))


@cache
def checks() -> dict[str, Check]:
    """Every check of the judge, by id."""
    listed = collect(Front(Options(profile=tuple(available())), None, print, lambda: True))
    return {check.id: check for check in listed}


def judge(mutant: Mutant | None, only: Collection[str] = ()) -> Judged:
    """The verdict on a tenant with this defect, or on the healthy one; `only` these checks, else all."""
    with ExitStack() as stack:
        if mutant is not None:
            mutant.put(Defect(stack))
        laboratory = mutant is not None and mutant.account == "laboratory"
        server = stack.enter_context(LiveServer(**(LABORATORY if laboratory else {})))
        options = Options(
            target=server.url,
            token=server.token,
            hooks=f"{server.control}/hooks",
            hooks_token=server.ready.control_token,
            openapi=None if laboratory else openapi_document(),
            known=None if laboratory else str(KNOWN),
            profile=("rfc",) if laboratory else tuple(available()),
            check=tuple(sorted(only)),
            effort=mutant.effort if mutant else EFFORT,
            seed=SEED,
        )
        front = Front(options, begin(options), lambda _text: None, lambda: True)
        run(front)
    if front.outcome is None:
        raise AssertionError("the run did not come to an end")
    tripped = frozenset(result.check for result in front.outcome.results if result.verdict in LOUD)
    return Judged(tripped, tuple(front.outcome.results))
