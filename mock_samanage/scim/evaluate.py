"""The truth of a filter for one document in memory; the reference for what a store finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mock_samanage.scim.bind import StringBooleans, bind, bind_elements
from mock_samanage.scim.bound import (
    BoundAnd,
    BoundCompare,
    BoundConstant,
    BoundFilter,
    BoundNot,
    BoundOr,
    BoundPresent,
)
from mock_samanage.scim.comparison import holds, key
from mock_samanage.scim.schema import Attribute, Resolved, ResourceType
from mock_samanage.scim.syntax import And, Compare, Filter, Not, Or, Present, ValuePath

_UNBOUND = (Compare, Present, And, Or, Not, ValuePath)
_Values = Callable[[Resolved], Sequence[object]]


def matches(tree: Filter | BoundFilter, document: Mapping[str, Any], resource_type: ResourceType) -> bool:
    """Whether the resource matches the filter.

    document: a whole resource in canonical names: `id`, `meta`, extensions under their URIs,
    `members` and `groups` as lists. A filter that is not bound yet is bound as a query over one
    type and raises what `bind` raises.
    """
    bound = bind(tree, resource_type) if isinstance(tree, _UNBOUND) else tree
    return _holds(bound, lambda resolved: _document_values(document, resolved))


def matching_elements(
    tree: Filter,
    elements: Sequence[object],
    attribute: Attribute,
    *,
    string_booleans: StringBooleans = "coerce",
) -> list[int]:
    """The positions of the elements that satisfy the inner filter of a bracket, from 0.

    attribute: what stands before the bracket; elements: its values. Raises InvalidFilter.
    """
    bound = bind_elements(tree, attribute, string_booleans=string_booleans)
    return [at for at, element in enumerate(elements) if _holds_for(bound, element)]


def is_present(value: object) -> bool:
    """Whether the value counts for `pr`: not null, not empty, and if complex, with a part that counts.

    False and 0 are values; the empty string is none (AMB-10). Source: RFC 7643 section 2.5.
    """
    if isinstance(value, Mapping):
        return any(is_present(part) for part in value.values())
    if isinstance(value, list | tuple):
        return any(is_present(part) for part in value)
    return value is not None and value != ""


def _holds(tree: BoundFilter, values: _Values) -> bool:
    if isinstance(tree, BoundCompare):
        return _compares(tree, values(tree.resolved))
    if isinstance(tree, BoundPresent):
        return any(is_present(value) for value in values(tree.resolved))
    if isinstance(tree, BoundAnd):
        return all(_holds(term, values) for term in tree.terms)
    if isinstance(tree, BoundOr):
        return any(_holds(term, values) for term in tree.terms)
    if isinstance(tree, BoundNot):
        return not _holds(tree.term, values)
    if isinstance(tree, BoundConstant):
        return tree.value
    return any(_holds_for(tree.filter, element) for element in values(tree.resolved))


def _holds_for(tree: BoundFilter, element: object) -> bool:
    return _holds(tree, lambda resolved: _parts([element], resolved))


def _compares(tree: BoundCompare, values: Sequence[object]) -> bool:
    attribute = tree.resolved.target
    for value in values:
        try:
            found = key(attribute, value)
        except ValueError:  # a value of another type than the schema's equals nothing
            continue
        if holds(tree.op, found, tree.key):
            return True
    return False


def _document_values(document: Mapping[str, Any], resolved: Resolved) -> Sequence[object]:
    holder = document.get(resolved.extension) if resolved.extension else document
    value = holder.get(resolved.attribute.name) if isinstance(holder, Mapping) else None
    elements = value if isinstance(value, list) else [value]
    return _parts([element for element in elements if element is not None], resolved)


def _parts(elements: Sequence[object], resolved: Resolved) -> Sequence[object]:
    if resolved.sub is None:
        return elements
    name = resolved.sub.name
    parts = [element.get(name) for element in elements if isinstance(element, Mapping)]
    return [part for part in parts if part is not None]
