"""Functions that decide: conditions, tests of presence, choices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from conformance.entra.expressions.arguments import Arguments
from conformance.entra.expressions.coercion import is_empty, text, truth
from conformance.entra.expressions.context import EvaluationError, FlowIgnored
from conformance.entra.expressions.functions.declaring import function
from conformance.entra.expressions.tree import Call, Complaint, Node, attributes_of, walk
from conformance.entra.values import Roles, Value

TESTS: Final = frozenset({"IsNull", "IsNullOrEmpty", "IsPresent"})
"""Functions that FUNC warns of as the source of Switch."""
COMPUTED: Final = frozenset({"IsSoftDeleted", "appRoleAssignments"})
"""Attributes that are computed for every object and are in no delta."""


@function("Coalesce", "source", repeats=1)
def coalesce(given: Arguments) -> Value:
    """The first source that has a value; the last one is the default."""
    return next((value for node in given.rest("source") if (value := given.node_value(node)) is not None), None)


@function("IgnoreFlowIfNullOrEmpty", "expression")
def ignore_flow(given: Arguments) -> Value:
    """The value; without one the target attribute is left out of the flow."""
    value = given.value("expression")
    if is_empty(value):
        raise FlowIgnored
    return value


@function("IIF", "condition", "valueIfTrue", "valueIfFalse", compares=True)
def iif(given: Arguments) -> Value:
    """One of two values; the condition fails wherever an attribute in it has no value."""
    return given.value("valueIfTrue" if _holds(given) else "valueIfFalse")


def _holds(given: Arguments) -> bool:
    """FUNC: the check fails on an empty attribute, so that `IIF(IsNullOrEmpty([a]), …)` never comes true."""
    if _lacking(given.call.argument("condition"), given):
        return False
    value = given.value("condition")
    found = False if is_empty(value) else truth(value) if not isinstance(value, tuple | Roles) else None
    if found is None:
        raise EvaluationError(f"the condition is neither true nor false: {value!r}")
    return found


def _lacking(node: Node, given: Arguments) -> bool:
    return any(is_empty(given.context.attributes.get(name)) for name in attributes_of(node))


@function("IsNull", "Expression")
def is_null(given: Arguments) -> Value:
    """Whether there is no value; an attribute without one is absent."""
    return given.value("Expression") is None


@function("IsNullOrEmpty", "Expression")
def is_null_or_empty(given: Arguments) -> Value:
    """Whether there is no value, or an empty one."""
    return is_empty(given.value("Expression"))


@function("IsPresent", "Expression")
def is_present(given: Arguments) -> Value:
    """Whether there is a value that is not empty."""
    return not is_empty(given.value("Expression"))


@function("IsString", "Expression")
def is_string(given: Arguments) -> Value:
    """Whether the value can be read as one text."""
    try:
        return text(given.value("Expression")) is not None
    except ValueError:
        return False


@function("Not", "source")
def negation(given: Arguments) -> Value:
    """False for True, and True for everything else."""
    return given.text("source") != "True"


def _pairs(call: Call) -> Iterable[Complaint]:
    if len(call.arguments) % 2:
        yield Complaint("Switch needs a value for every key, and so an even number of arguments", call.column)


@function("Switch", "source", "defaultValue?", "key", "value", repeats=2, check=_pairs)
def switch(given: Arguments) -> Value:
    """The value of the key that equals the source, in case too, else the default; the key "" stands for no source."""
    source = given.call.argument("source")
    if _unchanged(source, given):
        return None
    told = "" if _tested(source, given) else given.text("source") or ""
    keys = given.rest("key")
    for key, value in zip(keys[::2], keys[1::2], strict=True):
        if given.text_of(key) == told:
            return given.node_value(value)
    return given.value("defaultValue")


def _tested(source: Node, given: Arguments) -> bool:
    """Whether the source tests an attribute that has no value: FUNC warns that the outcome is not what one expects.

    Taken as no value, so that the sample of MAP, `Switch(IsPresent([a]), "default", "True", [a])`, works as it says.
    """
    tests = [each for each in walk(source) if isinstance(each, Call) and each.function.name in TESTS]
    return any(_lacking(each, given) for each in tests)


def _unchanged(source: Node, given: Arguments) -> bool:
    """Whether this is an update in whose delta the source does not appear, and such a Switch gives nothing (FUNC)."""
    context, names = given.context, attributes_of(source)
    if context.creating or context.changed is None or context.dialect["switch-in-update"] == "value":
        return False
    return bool(names) and not names & (context.changed | COMPUTED)
