"""What an expression is evaluated with, and how it can end without a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from conformance.entra.dialect import Dialect
from conformance.entra.values import Attributes

LIMIT = 10_000
"""Characters of an expression (KNOWN)."""


class EvaluationError(Exception):
    """An expression fails for one object; `function` is the one that could not do what the message says."""

    def __init__(self, problem: str, function: str = "") -> None:
        super().__init__(problem)
        self.problem, self.function = problem, function

    def __str__(self) -> str:
        return f"{self.function}: {self.problem}" if self.function else self.problem


class FlowIgnored(Exception):
    """IgnoreFlowIfNullOrEmpty found nothing: the target attribute is left out of the flow (FUNC)."""


@dataclass(frozen=True, slots=True)
class Context:
    """One object at one moment.

    now: aware, in UTC. random: where Guid and RandomString draw from. changed: names of the attributes that differ in
    this delta, None where everything counts as changed. creating: whether the values are for a create.
    """

    attributes: Attributes
    now: datetime
    random: Random
    changed: frozenset[str] | None = None
    creating: bool = True
    dialect: Dialect = field(default_factory=Dialect)
