"""How much each phase asks at each effort, and how schemathesis is set up for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

COVERAGE, FUZZING, LINKS = "coverage", "fuzzing", "stateful"
LISTED: Final[Mapping[str, int]] = {COVERAGE: 4, FUZZING: 40, LINKS: 40}
"""Phase -> values made of each format; the enumeration searches them in vain for lengths they cannot have."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The size of one phase.

    `requests` is its ceiling; `keep` how many enumerated cases of a kind are surely sent, `further` the share of the
    usual number of others; `examples` random ones per operation, or scenarios; `steps` the longest scenario; `least`
    the judgements of a family, and the links followed, below which the phase proves nothing; `methods` the operations
    asked, all where empty; `reading` says that walks may begin with and go on from what only reads; `undeclared` are
    the methods tried at paths that lack them.
    """

    requests: int
    keep: int = 0
    further: float = 1.0
    examples: int = 1
    steps: int = 6
    least: int = 5
    methods: tuple[str, ...] = ()
    reading: bool = False
    undeclared: tuple[str, ...] = ("get", "post", "put", "patch", "options", "trace", "query")


PLANS: Final[Mapping[str, Mapping[str, Plan]]] = {
    COVERAGE: {
        "quick": Plan(125, keep=1, further=0.25, least=1, methods=("GET",), undeclared=("put",)),
        "standard": Plan(1000, keep=4, further=0.8),
        "deep": Plan(8000, keep=10_000),
    },
    FUZZING: {
        "quick": Plan(30, examples=2, least=1, methods=("GET",)),
        "standard": Plan(200, examples=5),
        "deep": Plan(3000, examples=60),
    },
    LINKS: {
        "quick": Plan(45, examples=5, least=1),
        "standard": Plan(250, examples=35, least=5),
        "deep": Plan(3000, examples=400, least=20, reading=True),
    },
}


def ceilings(phase: str) -> tuple[int, int, int]:
    """The most requests of a phase, per effort."""
    quick, standard, deep = (PLANS[phase][effort].requests for effort in ("quick", "standard", "deep"))
    return quick, standard, deep


def settings(
    phase: str, plan: Plan, *, base: str, headers: Mapping[str, str], seed: int, delete: bool
) -> dict[str, Any]:
    """The configuration of schemathesis, in the words of its own file format.

    `delete` allows undeclared DELETE requests; they might empty a collection.
    """
    examples = {} if phase == COVERAGE else {"max-examples": plan.examples}
    return {
        "base-url": base,
        "headers": dict(headers),
        "seed": seed,
        "continue-on-failure": True,
        "cache": {"enabled": False},
        "suppress-health-check": ["all"],  # a slow or picky strategy says nothing about the target
        "warnings": False,
        "generation": {
            "database": "none",
            "no-shrink": True,  # it costs any number of requests; the smallest of several breaches is told instead
            "allow-x00": False,  # refused in unknown members too, which the document says in words
            "with-security-parameters": False,  # made-up credentials beside the run's own would be refused, rightly
            **examples,
        },
        "phases": {
            "enabled": False,
            "examples": {"enabled": phase == COVERAGE, "extra-data-sources": {"responses": False}},
            phase: {"enabled": True, **_phase(phase, plan, delete=delete)},
        },
        "checks": {**CHECKS, "ignored_auth": {"enabled": phase == COVERAGE}},  # asked once for each operation
    }


CHECKS: Final[Mapping[str, Any]] = {
    # 501 is documented where something is not offered, and an undocumented 501 is a breach of another check.
    "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", "501"]},
    # A made-up id is not found, a name may be taken; the credential is good, so that 401 and 403 are no excuse.
    "positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", "404", "409", "501"]},
    "negative_data_rejection": {
        "expected-statuses": ["400", "404", "405", "406", "409", "412", "413", "414", "415", "422", "501"]
    },
    # It needs the credentials of several people with different rights, and a run has one.
    "object_level_authorization": {"enabled": False},
}


def _phase(phase: str, plan: Plan, *, delete: bool) -> dict[str, Any]:
    """What comes from earlier answers is never sent: it may belong to somebody else, and would differ each time."""
    alone = {"extra-data-sources": {"responses": False}}
    if phase == COVERAGE:
        return {"unexpected-methods": [*plan.undeclared, *(["delete"] if delete else [])], **alone}
    if phase == FUZZING:
        return {"error-feedback": {"enabled": False}, **alone}
    return {
        "max-steps": plan.steps,
        "inference": {"algorithms": []},  # only links the document declares say anything about the document
        "link-calibration": False,
        "generation": {"mode": "positive"},  # a refusal ends a chain; refusals are the subject of the other phases
    }


class Sampler:
    """Takes the first cases of each kind and of the others fewer and fewer, spread over all of them."""

    def __init__(self, seed: int, keep: int, further: float = 1.0) -> None:
        self._random = Random(seed)  # noqa: S311 - a repeatable choice, no secret
        self._keep = keep
        self._further = further
        self._seen: Counter[tuple[str, ...]] = Counter()

    def takes(self, *kind: str) -> bool:
        """Whether this case of a kind is sent: all up to `keep`, then the n-th with probability further * keep / n."""
        self._seen[kind] += 1
        sure = self._seen[kind] <= self._keep
        return sure or self._random.random() * self._seen[kind] < self._keep * self._further
