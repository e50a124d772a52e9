"""An expression of an attribute mapping, parsed once and evaluated for every object (FUNC)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from conformance.entra.expressions.arguments import value_of
from conformance.entra.expressions.coercion import told
from conformance.entra.expressions.context import Context
from conformance.entra.expressions.parser import parse_tree
from conformance.entra.expressions.tree import Call, attributes_of, walk
from conformance.entra.values import Redacted, Value


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression; `attributes` are the names of the source attributes it reads."""

    text: str
    tree: Call
    attributes: frozenset[str]

    @property
    def functions(self) -> frozenset[str]:
        """The names of the functions it calls."""
        return frozenset(each.function.name for each in walk(self.tree) if isinstance(each, Call))

    def evaluate(self, context: Context) -> Value:
        """The value for one object, None for none; a moment is text, as Now and CDate return it.

        Raises EvaluationError where a function fails, FlowIgnored where the target is to be left out of the flow.
        """
        match value_of(self.tree, context):
            case datetime() as moment:
                return told(moment)
            case Redacted(datetime() as moment):
                return Redacted(told(moment))
            case value:
                return value


def parse(text: str) -> Expression:
    """The expression; raises ExpressionError, which points at the column and says what would be right."""
    tree = parse_tree(text)
    return Expression(text, tree, attributes_of(tree))
