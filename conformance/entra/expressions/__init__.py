"""The language of expression mappings: a parser, a tree, every documented function (FUNC)."""

from conformance.entra.expressions.context import Context, EvaluationError, FlowIgnored
from conformance.entra.expressions.expression import Expression, parse
from conformance.entra.expressions.functions import FUNCTIONS
from conformance.entra.expressions.tree import Function

__all__ = ["FUNCTIONS", "Context", "EvaluationError", "Expression", "FlowIgnored", "Function", "parse"]
