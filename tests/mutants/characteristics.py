"""A tenant that treats an attribute otherwise than its /Schemas says, which stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mock_samanage.scim import registry
from mock_samanage.scim.schema import Attribute, Schema
from mock_samanage.store import indexing
from tests.mutants.mutant import Defect

LAB: Any = {"account": "laboratory"}
"""The arguments of `mutant` for a defect that only the laboratory account can show."""


def treated(defect: Defect, schema: str, name: str, **characteristics: Any) -> None:
    """Gives the attribute of that name, such as `locker.code`, other characteristics than its definition."""

    def read(document: Mapping[str, Any]) -> Schema:
        found: Schema = old(document)
        if found.id != schema:
            return found
        return replace(found, attributes=_changed(found.attributes, name.split("."), characteristics))

    old = defect.replace(registry, "read_schema", read)
    forget()
    defect.stack.callback(forget)


def _changed(attributes: tuple[Attribute, ...], names: list[str], characteristics: dict[str, Any]) -> Any:
    name, *rest = names
    return tuple(
        each
        if each.name != name
        else replace(each, sub_attributes=_changed(each.sub_attributes, rest, characteristics))
        if rest
        else replace(each, **characteristics)
        for each in attributes
    )


def forget() -> None:
    """Empties what is remembered of schemas."""
    registry.registry.cache_clear()
    indexing.indexer.cache_clear()
