"""Evaluates one expression for one object at a fixed moment."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from conformance.entra.dialect import Dialect
from conformance.entra.expressions import Context, parse
from conformance.entra.values import Value

NOW = datetime(2031, 4, 5, 10, 30, 15, tzinfo=UTC)


def context(
    attributes: dict[str, Value], *, changed: frozenset[str] | None = None, creating: bool = True, **switches: str
) -> Context:
    chosen = {name.replace("_", "-"): choice for name, choice in switches.items()}
    return Context(attributes, NOW, Random(7), changed, creating, Dialect.of(flagged=False, chosen=chosen))


def value(text: str, /, **attributes: Value) -> Value:
    return parse(text).evaluate(context(attributes))
