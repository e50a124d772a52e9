"""The values that flow: what the mappings of an object make of its attributes (MAP)."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import cache

from conformance.entra.expressions import Context, Expression, FlowIgnored, parse
from conformance.entra.mapping.model import Apply, AttributeMapping, MappingType
from conformance.entra.values import Value


@cache
def expression(text: str) -> Expression:
    """The parsed expression; raises ExpressionError."""
    return parse(text)


def sources(mapping: AttributeMapping) -> frozenset[str]:
    """The names of the source attributes that a mapping reads."""
    if mapping.type is MappingType.DIRECT:
        return frozenset({mapping.source})
    return expression(mapping.source).attributes if mapping.type is MappingType.EXPRESSION else frozenset()


def mapped(mappings: Iterable[AttributeMapping], context: Context) -> dict[str, Value]:
    """Target -> value of the mappings that apply now, None for no value; raises EvaluationError.

    Those that apply only during object creation are left out of an update, and so are those of type none. A default
    counts on create only, where there is no value (MAP). What IgnoreFlowIfNullOrEmpty drops is left out too (FUNC).
    References are none of these: they are exported later.
    """
    values: dict[str, Value] = {}
    for each in mappings:
        if _applies(each, context):
            with suppress(FlowIgnored):
                values[each.target] = _value(each, context)
    return values


def _applies(mapping: AttributeMapping, context: Context) -> bool:
    updating = mapping.apply is Apply.ALWAYS and mapping.type is not MappingType.NONE
    return not mapping.reference and (context.creating or updating)


def _value(mapping: AttributeMapping, context: Context) -> Value:
    found = _flowing(mapping, context)
    if found in (None, "", ()) and context.creating and mapping.default:
        return mapping.default
    return None if found in ("", ()) else found


def _flowing(mapping: AttributeMapping, context: Context) -> Value:
    match mapping.type:
        case MappingType.DIRECT:
            return context.attributes.get(mapping.source)
        case MappingType.CONSTANT:
            return mapping.source
        case MappingType.EXPRESSION:
            return expression(mapping.source).evaluate(context)
    return None
