"""Which values flow (MAP, FUNC)."""

from __future__ import annotations

from random import Random

import pytest

from conformance.entra.clock import VirtualClock
from conformance.entra.expressions import Context, EvaluationError
from conformance.entra.mapping.flow import mapped, sources
from conformance.entra.mapping.model import Apply, AttributeMapping, MappingType
from conformance.entra.values import Value

CONSTANT, EXPRESSION, NONE = MappingType.CONSTANT, MappingType.EXPRESSION, MappingType.NONE


def _flow(mapping: AttributeMapping, /, *, creating: bool = True, **attributes: Value) -> dict[str, Value]:
    return mapped([mapping], Context(attributes, VirtualClock().now(), Random(7), None, creating))


@pytest.mark.parametrize(
    ("mapping", "created", "updated"),
    [
        (AttributeMapping("title", source="a"), {"title": "x"}, {"title": "x"}),
        (AttributeMapping("title", source="b"), {"title": None}, {"title": None}),
        (AttributeMapping("title", source="b", default="d"), {"title": "d"}, {"title": None}),
        (AttributeMapping("title", CONSTANT, "c"), {"title": "c"}, {"title": "c"}),
        (AttributeMapping("title", EXPRESSION, "ToUpper([a])"), {"title": "X"}, {"title": "X"}),
        (AttributeMapping("title", EXPRESSION, "Left([a],0)", default="d"), {"title": "d"}, {"title": None}),
        (AttributeMapping("title", EXPRESSION, "IgnoreFlowIfNullOrEmpty([b])", default="d"), {}, {}),
        (AttributeMapping("title", NONE, default="d"), {"title": "d"}, {}),
        (AttributeMapping("title", source="a", apply=Apply.ON_CREATE), {"title": "x"}, {}),
        (AttributeMapping("manager", source="manager", reference=True), {}, {}),
    ],
)
def test_types_defaults_and_when_they_apply(
    mapping: AttributeMapping, created: dict[str, Value], updated: dict[str, Value]
) -> None:
    assert _flow(mapping, a="x") == created
    assert _flow(mapping, a="x", creating=False) == updated


def test_an_expression_that_fails_fails_for_the_object() -> None:
    with pytest.raises(EvaluationError, match="Mid: start"):
        _flow(AttributeMapping("title", EXPRESSION, "Mid([a],0,1)"), a="x")


def test_a_mapping_knows_what_it_reads() -> None:
    assert sources(AttributeMapping("title", source="a")) == {"a"}
    assert sources(AttributeMapping("title", CONSTANT, "a")) == frozenset()
    assert sources(AttributeMapping("title", EXPRESSION, "Join([a],[b])")) == {"a", "b"}
