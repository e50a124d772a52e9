"""Mappings as an application holds them, in the words of Graph's synchronization schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from conformance.entra.directory.model import Kind


class MappingType(StrEnum):
    """Where the value comes from; NONE leaves the target as it is, but for the default on create."""

    DIRECT = "direct"
    CONSTANT = "constant"
    EXPRESSION = "expression"
    NONE = "none"


class Apply(StrEnum):
    """When a mapping is applied."""

    ALWAYS = "always"
    ON_CREATE = "only during object creation"


class Flow(StrEnum):
    """What an object mapping may do in the target (Graph's flowTypes)."""

    ADD = "Add"
    UPDATE = "Update"
    DELETE = "Delete"


@dataclass(frozen=True, slots=True)
class AttributeMapping:
    """One target attribute.

    target: a path as Entra writes it: `userName`, `name.givenName`, `emails[type eq "work"].value`, a URN path,
    `members`. source: an attribute name, a constant or an expression, by `type`; "" for NONE. default: given on create
    where the source has no value, None for no default. matching: precedence, 0 for no matching attribute, the lowest
    first. multi_valued, reference: characteristics of the target attribute. case_exact: whether a difference in case
    is a change. flow_always: exported even where nothing changed.
    """

    target: str
    type: MappingType = MappingType.DIRECT
    source: str = ""
    default: str | None = None
    matching: int = 0
    apply: Apply = Apply.ALWAYS
    multi_valued: bool = False
    reference: bool = False
    case_exact: bool = True
    flow_always: bool = False


class Operator(StrEnum):
    """Operators of scoping filters, as the portal shows them."""

    EQUALS = "EQUALS"
    NOT_EQUALS = "NOT EQUALS"
    INCLUDES = "INCLUDES"
    ENDS_WITH = "ENDS_WITH"
    IS_TRUE = "IS TRUE"
    IS_FALSE = "IS FALSE"
    IS_NULL = "IS NULL"
    IS_NOT_NULL = "IS NOT NULL"
    REGEX_MATCH = "REGEX MATCH"
    NOT_REGEX_MATCH = "NOT REGEX MATCH"
    GREATER_THAN = "GREATER_THAN"
    GREATER_THAN_OR_EQUALS = "GREATER_THAN_OR_EQUALS"
    AND = "&"
    NOT_AND = "!&"


@dataclass(frozen=True, slots=True)
class ScopeClause:
    """One condition on one source attribute; `value` is "" for operators without one."""

    attribute: str
    operator: Operator
    value: str = ""


@dataclass(frozen=True, slots=True)
class ScopingFilter:
    """Conditions that must all hold; an object is in scope if one filter holds, or there is none."""

    title: str
    clauses: tuple[ScopeClause, ...]


@dataclass(frozen=True, slots=True)
class ObjectMapping:
    """How objects of one kind are provisioned; `soft_delete`: the target has an attribute to disable by."""

    kind: Kind
    attributes: Sequence[AttributeMapping]
    enabled: bool = True
    flows: frozenset[Flow] = frozenset(Flow)
    scope: tuple[ScopingFilter, ...] = ()
    soft_delete: bool = True

    @property
    def maps_soft_deletion(self) -> bool:
        """Whether an attribute follows IsSoftDeleted."""
        return any("IsSoftDeleted" in each.source for each in self.attributes)

    @property
    def matching(self) -> list[AttributeMapping]:
        """The matching attributes by precedence."""
        return sorted((each for each in self.attributes if each.matching), key=lambda each: each.matching)


@dataclass(frozen=True, slots=True)
class Schema:
    """The mappings of an application, by kind."""

    objects: Mapping[Kind, ObjectMapping] = field(default_factory=dict)
