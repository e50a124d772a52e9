"""Binding a filter to a resource type: names become attributes, literals become keys, the rest is refused.

The evaluator in memory and the store both work on the result, so that they refuse and compare alike.

Choices where the RFC is open (those about single values are in `comparison`):
AMB-02  an attribute the type does not have is refused with `unknown="refuse"` (a query over one
        type) and counts as unassigned with `unknown="unassigned"` (a query over several).
AMB-03  `ne` is the negation of `eq`: it holds for unassigned attributes, and for several values if
        none of them is equal. Inside a bracket it speaks of the element.
AMB-04  a complex attribute that has a sub-attribute `value` may be compared by its bare name
        (`emails co "x"`, `members eq "5"`, `manager eq "5"`); it means `.value`.
AMB-73  `$ref` and `meta.location` are compared by the resource they name, with eq and ne only,
        because the URI of a resource depends on the address the client uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal as Choice

from mock_samanage.scim.bound import (
    EVERYTHING,
    NOTHING,
    BoundAnd,
    BoundCompare,
    BoundConstant,
    BoundFilter,
    BoundNot,
    BoundOr,
    BoundPresent,
    BoundValuePath,
)
from mock_samanage.scim.common import ID
from mock_samanage.scim.comparison import check_operator, operand
from mock_samanage.scim.errors import InvalidFilter
from mock_samanage.scim.lexer import shown
from mock_samanage.scim.reference import identified_by, identifier
from mock_samanage.scim.schema import Attribute, AttributeType, Resolved, ResourceType, Returned
from mock_samanage.scim.syntax import And, AttrPath, Compare, Filter, Not, Operator, Or, Present, ValuePath

Unknown = Choice["refuse", "unassigned"]
StringBooleans = Choice["coerce", "refuse"]

_Scope = Callable[[AttrPath], Resolved | None]
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # no stored text holds these, and databases refuse them


def bind(
    tree: Filter,
    resource_type: ResourceType,
    *,
    unknown: Unknown = "refuse",
    string_booleans: StringBooleans = "coerce",
) -> BoundFilter:
    """The filter bound to a resource type.

    Raises InvalidFilter for unknown attributes (see AMB-02), for pairs of attribute and operator
    that have no meaning, and for literals of the wrong type; `bound` says what remains.
    """
    binder = _Binder(resource_type.resolve, resource_type.name, unknown, string_booleans)
    return binder.bind(tree)


def bind_elements(
    tree: Filter,
    attribute: Attribute,
    *,
    unknown: Unknown = "refuse",
    string_booleans: StringBooleans = "coerce",
) -> BoundFilter:
    """The inner filter of a bracket bound to the attribute before the bracket; as `bind` otherwise."""
    resolved = Resolved(attribute)
    return _ElementBinder(_element_scope(resolved), resolved.path, unknown, string_booleans).bind(tree)


class _Binder:
    """Binds the nodes that share one scope: the names of a type, or of the attribute before a bracket."""

    __slots__ = ("_coerce", "_owner", "_resolve", "_strict")

    def __init__(self, resolve: _Scope, owner: str, unknown: Unknown, string_booleans: StringBooleans) -> None:
        self._resolve = resolve
        self._owner = owner
        self._strict = unknown == "refuse"
        self._coerce = string_booleans == "coerce"

    def bind(self, tree: Filter) -> BoundFilter:
        """The bound form of any node."""
        if isinstance(tree, Compare):
            return self._compare(tree)
        if isinstance(tree, And):
            return _all_of([self.bind(term) for term in tree.terms])
        if isinstance(tree, Or):
            return _any_of([self.bind(term) for term in tree.terms])
        if isinstance(tree, Not):
            return _negation(self.bind(tree.term))
        if isinstance(tree, Present):
            return self._present(tree.path)
        return self._value_path(tree)

    def _resolved(self, path: AttrPath) -> Resolved | None:
        resolved = self._resolve(path)
        if resolved is None and self._strict:
            raise InvalidFilter(f"{self._owner} has no attribute {shown(str(path), 100)}")
        return resolved

    def _present(self, path: AttrPath) -> BoundFilter:
        resolved = self._resolved(path)
        if resolved is None:
            return NOTHING
        if resolved.target.returned is Returned.NEVER:
            raise InvalidFilter(f"{resolved.path} is never shown and cannot be part of a filter")
        resolved = self._identity(resolved) or resolved
        return BoundPresent(resolved.path, resolved)

    def _compare(self, tree: Compare) -> BoundFilter:
        resolved = self._resolved(tree.path)
        negative = tree.op is Operator.NE
        op = Operator.EQ if negative else tree.op
        if resolved is None:
            positive: BoundFilter = BoundConstant(op is Operator.EQ and tree.value is None)
        else:
            positive = self._positive(_with_value(resolved), op, tree)
        return _negation(positive) if negative else positive

    def _positive(self, resolved: Resolved, op: Operator, tree: Compare) -> BoundFilter:
        path, target, literal = resolved.path, resolved.target, tree.value
        check_operator(target, op, literal, name=path)
        identity = self._identity(resolved)
        if literal is None:
            known = identity or resolved
            return _negation(BoundPresent(known.path, known))
        key = operand(target, literal, coerce=self._coerce, name=path)
        if isinstance(key, str):
            if identity is not None:
                return self._referring(identity, op, key, path, target)
            if not key.isalnum() and _UNSTORABLE.search(key):
                return NOTHING
        return BoundCompare(path, op, key, resolved, literal)

    def _referring(self, identity: Resolved, op: Operator, uri: str, path: str, target: Attribute) -> BoundFilter:
        if op is not Operator.EQ:
            raise InvalidFilter(f"{path} names a resource and can be compared with eq and ne, not with {op}")
        types = (self._owner,) if identity.attribute is ID else target.reference_types
        found = identifier(uri, types)
        if found is None or _UNSTORABLE.search(found):
            return NOTHING
        return BoundCompare(identity.path, op, found, identity, found)

    def _identity(self, resolved: Resolved) -> Resolved | None:
        return identified_by(resolved)

    def _value_path(self, tree: ValuePath) -> BoundFilter:
        resolved = self._resolved(tree.path)
        if resolved is None:
            return NOTHING
        attribute = resolved.attribute
        if resolved.sub or not (attribute.type is AttributeType.COMPLEX or attribute.multi_valued):
            raise InvalidFilter(f"{resolved.path} has no sub-attributes, so no bracket can follow it")
        inner = self._within(resolved).bind(tree.filter)
        if isinstance(inner, BoundConstant):
            return BoundPresent(resolved.path, resolved) if inner.value else NOTHING
        return BoundValuePath(resolved.path, inner, resolved)

    def _within(self, resolved: Resolved) -> _Binder:
        return _ElementBinder(
            _element_scope(resolved),
            resolved.path,
            "refuse" if self._strict else "unassigned",
            "coerce" if self._coerce else "refuse",
        )


class _ElementBinder(_Binder):
    """Binds what stands inside a bracket."""

    __slots__ = ()

    def _identity(self, resolved: Resolved) -> Resolved | None:
        found = identified_by(resolved)
        return found if found and found.sub else None  # the id is no part of meta, nor of any other element

    def _value_path(self, tree: ValuePath) -> BoundFilter:
        raise InvalidFilter(f"{self._owner}[…] holds another bracket, {tree.path}[…]; brackets do not nest")


def _element_scope(resolved: Resolved) -> _Scope:
    """The meaning of names inside a bracket: sub-attributes; `value` for the values of a simple attribute (T4)."""
    attribute = resolved.attribute

    def resolve(path: AttrPath) -> Resolved | None:
        if path.uri or path.sub:
            return None
        if attribute.type is not AttributeType.COMPLEX:
            return resolved if path.name.lower() == "value" else None
        sub = attribute.sub(path.name)
        return Resolved(attribute, sub, resolved.extension) if sub else None

    return resolve


def _with_value(resolved: Resolved) -> Resolved:
    if resolved.sub is None and resolved.attribute.type is AttributeType.COMPLEX:
        value = resolved.attribute.sub("value")
        if value is not None:
            return Resolved(resolved.attribute, value, resolved.extension)
    return resolved


def _negation(term: BoundFilter) -> BoundFilter:
    if isinstance(term, BoundNot):
        return term.term
    if isinstance(term, BoundConstant):
        return NOTHING if term.value else EVERYTHING
    return BoundNot(term)


def _all_of(terms: list[BoundFilter]) -> BoundFilter:
    if NOTHING in terms:
        return NOTHING
    flat: list[BoundFilter] = []
    for term in terms:
        if isinstance(term, BoundAnd):
            flat.extend(term.terms)
        elif term != EVERYTHING:
            flat.append(term)
    return (BoundAnd(tuple(flat)) if len(flat) > 1 else flat[0]) if flat else EVERYTHING


def _any_of(terms: list[BoundFilter]) -> BoundFilter:
    if EVERYTHING in terms:
        return EVERYTHING
    flat: list[BoundFilter] = []
    for term in terms:
        if isinstance(term, BoundOr):
            flat.extend(term.terms)
        elif term != NOTHING:
            flat.append(term)
    return (BoundOr(tuple(flat)) if len(flat) > 1 else flat[0]) if flat else NOTHING
