"""Evaluation: the value of a tree, and the arguments of a call as its function wants them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final, TypeVar

from conformance.entra.expressions.coercion import is_empty, numeric, role_name, text, whole
from conformance.entra.expressions.context import Context, EvaluationError
from conformance.entra.expressions.tree import (
    Attribute,
    Call,
    Comparison,
    Node,
    Number,
    Skipped,
    Text,
    Word,
)
from conformance.entra.values import Redacted, Roles, Scalar, Value

Found = TypeVar("Found")
_COMPARES: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": eq,
    "<>": ne,
    ">": gt,
    ">=": ge,
    "<": lt,
    "<=": le,
}


def value_of(node: Node, context: Context) -> Value:
    """The value of a tree; raises EvaluationError and FlowIgnored."""
    match node:
        case Text(value) | Number(value):
            return value
        case Word(name):
            return name
        case Skipped():
            return None
        case Attribute(name):
            return _attribute(context.attributes.get(name))
        case Comparison():
            return _compared(node, context)
        case Call(function=function):
            arguments = Arguments(node, context)
            try:
                return arguments.redacting(function.apply(arguments))
            except EvaluationError as error:
                error.function = error.function or function.name
                raise


def _attribute(value: Value) -> Value:
    """An attribute as the directory hands it out: moments as ISO 8601 text, in UTC."""
    if isinstance(value, datetime):
        return _iso(value)
    if isinstance(value, tuple):
        return tuple(_iso(each) if isinstance(each, datetime) else each for each in value)
    return value


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _compared(node: Comparison, context: Context) -> bool:
    """Whether a comparison holds; on no value none does (FUNC). Numbers are compared as numbers, text by its code."""
    left, right = (value_of(side, context) for side in (node.left, node.right))
    if is_empty(left) or is_empty(right):
        return False
    compare = _COMPARES[node.operator]
    if isinstance(left, datetime) and isinstance(right, datetime):
        return compare(left, right)
    one, other = numeric(left), numeric(right)
    typed = isinstance(left, int | float) or isinstance(right, int | float)
    if one is not None and other is not None and (typed or node.operator not in {"=", "<>"}):
        return compare(one, other)
    try:
        return compare(text(left), text(right))
    except ValueError as error:
        raise EvaluationError(f"a side of the comparison {error}") from error


class Arguments:
    """The arguments of one call, evaluated when they are asked for.

    What is made from a value of Redact is redacted too.
    """

    def __init__(self, call: Call, context: Context) -> None:
        self.call, self.context = call, context
        self._redacted = False

    def given(self, name: str) -> bool:
        """Whether the argument was not skipped."""
        return not isinstance(self.call.argument(name), Skipped)

    def node_value(self, node: Node) -> Value:
        """The value of a part of the call."""
        value = value_of(node, self.context)
        if isinstance(value, Redacted):
            self._redacted = True
            return value.value
        return value

    def rest(self, name: str) -> tuple[Node, ...]:
        """The arguments from a parameter on."""
        return self.call.arguments[self.call.function.position(name) :]

    def value(self, name: str) -> Value:
        """The value of an argument, None for none."""
        return self.node_value(self.call.argument(name))

    def text(self, name: str) -> str | None:
        """An argument as text, None for no value; raises EvaluationError where there are several values."""
        return _read(text, self.value(name), name)

    def text_of(self, node: Node) -> str:
        """A part of the call as text, "" for no value; raises EvaluationError where there are several values."""
        return _read(text, self.node_value(node), "an argument") or ""

    def whole(self, name: str) -> int:
        """An argument as a whole number; raises EvaluationError where it is none or has no value."""
        found = _read(whole, self.value(name), name)
        if found is None:
            raise EvaluationError(f"{name} has no value")
        return found

    def many(self, name: str) -> tuple[Scalar, ...]:
        """The values of an argument, a single one as one of one."""
        return self.many_of(self.call.argument(name))

    def many_of(self, node: Node) -> tuple[Scalar, ...]:
        """The values of a part of the call; roles by their names."""
        match self.node_value(node):
            case None | Redacted():
                return ()
            case Roles(roles=roles):
                return tuple(map(role_name, roles))
            case tuple() as several:
                return several
            case single:
                return (single,)

    def choice(self, name: str) -> str:
        """An argument that is one of a few words; raises EvaluationError."""
        choices = self.call.function.choices[name]
        found = self.text(name)
        if found not in choices:
            raise EvaluationError(f"{name} is {' or '.join(choices)}, not {found!r}")
        return str(found)

    def redact(self) -> None:
        """The result of the call does not reach the log."""
        self._redacted = True

    def redacting(self, value: Value) -> Value:
        """The result of the call, redacted where an argument was; raises EvaluationError for several values."""
        if not self._redacted or is_empty(value) or isinstance(value, Redacted):
            return value
        if isinstance(value, tuple | Roles) or value is None:
            raise EvaluationError("a redacted value cannot become several")
        return Redacted(value)


def _read(reading: Callable[[Value], Found], value: Value, name: str) -> Found:
    try:
        return reading(value)
    except ValueError as error:
        raise EvaluationError(f"{name} {error}") from error
