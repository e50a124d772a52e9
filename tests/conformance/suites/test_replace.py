"""The helpers of the suite replace find immutable attributes and tell what became of others."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.rfc_schema import CORE_GROUP, CORE_USER, ENTERPRISE_USER, GROUP, RESOURCE_TYPES
from conformance.suites.replace.parts import Immutable, immutables, values_of
from conformance.suites.replace.values import omitted
from conformance.target import Capabilities


def attribute(name: str, **characteristics: Any) -> dict[str, Any]:
    return {"name": name, "mutability": "immutable", **characteristics}


def found(core: list[dict[str, Any]], extension: list[dict[str, Any]] | None = None) -> list[Immutable]:
    schemas = [
        {"id": CORE_USER, "attributes": core},
        {"id": ENTERPRISE_USER, "attributes": extension or []},
        {**GROUP, "id": CORE_GROUP},
    ]
    return list(immutables(Capabilities.from_documents({}, schemas, RESOURCE_TYPES)))


def test_parts_of_list_elements_are_not_immutable_by_themselves() -> None:
    assert not found([attribute("badges", multiValued=True), attribute("name", type="complex")])


def test_an_immutable_attribute_is_found_where_it_stands() -> None:
    plain, inner = found([attribute("badge")], [attribute("since", type="dateTime")])
    assert (plain.kind, plain.holding("x"), plain.of({"badge": "x"})) == ("User", {"badge": "x"}, "x")
    assert inner.holding(inner.first) == {ENTERPRISE_USER: {"since": "2024-01-01T00:00:00Z"}}
    assert inner.of({}) is None
    assert inner.of({ENTERPRISE_USER: {"since": "z"}}) == "z"


@pytest.mark.parametrize("kind", ["string", "boolean", "integer", "decimal", "dateTime", "binary", "reference"])
def test_two_values_differ(kind: str) -> None:
    first, second = values_of({"type": kind})
    assert first != second
    assert values_of({"type": kind, "canonicalValues": ["a", "b"]}) == ("a", "b")


def test_an_omitted_attribute_is_cleared_kept_or_defaulted() -> None:
    assert [omitted("a", after) for after in (None, "a", "b")] == ["cleared", "kept", "defaulted"]
