"""Mappings in a configuration file: what differs from the default ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from conformance.entra.directory.model import Kind
from conformance.entra.mapping.checks import REFERENCES, check_object
from conformance.entra.mapping.model import (
    Apply,
    AttributeMapping,
    Flow,
    MappingType,
    ObjectMapping,
    Operator,
    ScopeClause,
    ScopingFilter,
)
from conformance.entra.tables import Table


def read_object(base: ObjectMapping, table: Table, *, everyone: bool) -> ObjectMapping:
    """The mappings of one kind: the default ones without some, others replaced by target or added; checked.

    everyone: whether all users and groups are in scope. Raises ConfigError.
    """
    kept = _without(base.attributes, table)
    for entry in table.tables("mapping"):
        read = _mapping(entry, base.kind)
        at = next((at for at, each in enumerate(kept) if each.target == read.target), len(kept))
        kept[at : at + 1] = [read]
    flows = [_flow(word, table) for word in table.texts("flows", [each.value for each in Flow])]
    found = replace(
        base,
        attributes=tuple(kept),
        enabled=table.flag("enabled", default=True),
        flows=frozenset(flows),
        scope=tuple(_filter(entry) for entry in table.tables("filter")),
        soft_delete=table.flag("soft_delete", default=True),
    )
    table.close()
    table.checked("", lambda: check_object(found, everyone=everyone))
    return found


def _without(mappings: Sequence[AttributeMapping], table: Table) -> list[AttributeMapping]:
    dropped = table.texts("without")
    targets = [each.target for each in mappings]
    for target in dropped:
        if target not in targets:
            near = get_close_matches(target, targets, n=1)
            right = f"near is {near[0]}" if near else f"there are {', '.join(targets)}"
            raise table.wrong("without", f"{target!r} is not mapped by default; {right}")
    return [each for each in mappings if each.target not in dropped]


def _flow(word: str, table: Table) -> Flow:
    if word not in {*Flow}:
        raise table.wrong("flows", f"lists {', '.join(Flow)}, not {word!r}")
    return Flow(word)


def _mapping(entry: Table, kind: Kind) -> AttributeMapping:
    target = entry.text("target")
    reference = target == REFERENCES[kind][0]
    found = AttributeMapping(
        target=target,
        type=entry.word("type", MappingType.DIRECT),
        source=entry.text("source", ""),
        default=entry.text("default") if entry.has("default") else None,
        matching=entry.whole("matching", 0),
        apply=entry.word("apply", Apply.ALWAYS),
        multi_valued=entry.flag("multi_valued", default=target in {"roles", "members"}),
        reference=entry.flag("reference", default=reference),
        case_exact=entry.flag("case_exact", default=True),
        flow_always=entry.flag("flow_always", default=False),
    )
    entry.close()
    return found


def _filter(entry: Table) -> ScopingFilter:
    clauses = tuple(_clause(each) for each in entry.tables("clauses"))
    found = ScopingFilter(entry.text("title"), clauses)
    entry.close()
    return found


def _clause(entry: Table) -> ScopeClause:
    found = ScopeClause(entry.text("attribute"), entry.word("operator", Operator.EQUALS), entry.text("value", ""))
    entry.close()
    return found
