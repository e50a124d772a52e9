"""Scoping filters: the conditions of one filter all hold, or those of another (SCOPE, KNOWN)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from conformance.entra.directory.model import Kind
from conformance.entra.errors import ScopeError
from conformance.entra.expressions.regexes import regex
from conformance.entra.mapping.model import Operator, ScopeClause, ScopingFilter
from conformance.entra.values import Attributes, Roles
from conformance.entra.wire.shapes import plain

UNSUPPORTED: Final[Mapping[str, str]] = {
    "IsMemberOf": "SCOPE",
    "members": "SCOPE",
    "appRoleAssignments": "KNOWN",
    "userType": "KNOWN",
    "manager": "KNOWN",
    **dict.fromkeys(
        ("birthday", "createdDateTime", "deletedDateTime", "employeeHireDate", "employeeLeaveDateTime", "hireDate",
         "lastPasswordChangeDateTime", "onPremisesLastSyncDateTime", "signInSessionsValidFromDateTime"),
        "KNOWN: attributes of dates",
    ),
    **dict.fromkeys(
        ("businessPhones", "faxNumbers", "imAddresses", "interests", "otherMails", "pastProjects", "proxyAddresses",
         "responsibilities", "schools", "skills"),
        "SCOPE: multi-valued attributes",
    ),
}  # fmt: skip
"""Attributes that no scoping filter may name, with the page that says so."""
VALUELESS: Final = frozenset({Operator.IS_TRUE, Operator.IS_FALSE, Operator.IS_NULL, Operator.IS_NOT_NULL})
INTEGERS: Final = frozenset({Operator.GREATER_THAN, Operator.GREATER_THAN_OR_EQUALS})
PATTERNS: Final = frozenset({Operator.REGEX_MATCH, Operator.NOT_REGEX_MATCH})


@dataclass(frozen=True, slots=True)
class ScopeOutcome:
    """Whether an object passes, and each condition: the title of its filter, the clause, whether it holds."""

    passed: bool
    clauses: tuple[tuple[str, ScopeClause, bool], ...] = ()


def check_scope(filters: Sequence[ScopingFilter], kind: Kind) -> None:
    """Nothing happens for filters that can be saved; raises ScopeError for others, which says what would be right."""
    for each in filters:
        if not each.clauses:
            raise ScopeError(f"the scoping filter {each.title!r} of {kind} has no condition")
        for clause in each.clauses:
            _check_clause(clause, f"the scoping filter {each.title!r} of {kind}")


def in_scope(filters: Sequence[ScopingFilter], attributes: Attributes) -> ScopeOutcome:
    """Whether an object with these attributes passes; without a filter every object does."""
    told = [(each, clause, holds(clause, attributes)) for each in filters for clause in each.clauses]
    passed = not filters or any(all(held for owner, _, held in told if owner is each) for each in filters)
    return ScopeOutcome(passed, tuple((owner.title, clause, held) for owner, clause, held in told))


def holds(clause: ScopeClause, attributes: Attributes) -> bool:
    """Whether one condition holds; on no value none does but IS NULL, and none compares several values (SCOPE)."""
    value = attributes.get(clause.attribute)
    absent = value in (None, "", ())
    if clause.operator in {Operator.IS_NULL, Operator.IS_NOT_NULL}:
        return absent is (clause.operator is Operator.IS_NULL)
    if absent or isinstance(value, Roles | tuple):
        return False
    return _TESTS[clause.operator](str(plain(value)), clause.value)


def _integers(compare: Callable[[int, int], bool]) -> Callable[[str, str], bool]:
    def test(value: str, wanted: str) -> bool:
        return bool(re.fullmatch(r"-?\d+", value)) and compare(int(value), int(wanted))

    return test


_TESTS: Final[Mapping[Operator, Callable[[str, str], bool]]] = {
    Operator.EQUALS: lambda value, wanted: value == wanted,
    Operator.NOT_EQUALS: lambda value, wanted: value != wanted,
    Operator.INCLUDES: lambda value, wanted: wanted in value,
    Operator.ENDS_WITH: lambda value, wanted: value.endswith(wanted),
    Operator.IS_TRUE: lambda value, _: value == "True",
    Operator.IS_FALSE: lambda value, _: value == "False",
    # .NET's IsMatch searches; no page says that a pattern is anchored.
    Operator.REGEX_MATCH: lambda value, wanted: regex(wanted).compiled.search(value) is not None,
    Operator.NOT_REGEX_MATCH: lambda value, wanted: regex(wanted).compiled.search(value) is None,
    Operator.GREATER_THAN: _integers(lambda value, wanted: value > wanted),
    Operator.GREATER_THAN_OR_EQUALS: _integers(lambda value, wanted: value >= wanted),
    Operator.AND: lambda value, wanted: value in wanted,
    Operator.NOT_AND: lambda value, wanted: value not in wanted,
}


def _check_clause(clause: ScopeClause, where: str) -> None:
    if clause.attribute in UNSUPPORTED:
        raise ScopeError(
            f"{where} names {clause.attribute}, which scoping filters do not support ({UNSUPPORTED[clause.attribute]})"
        )
    if clause.operator in VALUELESS:
        if clause.value:
            raise ScopeError(f"{where}: {clause.operator} takes no value, not {clause.value!r}")
        return
    if not clause.value:
        raise ScopeError(f"{where}: {clause.operator} needs a value")
    if clause.operator in INTEGERS and not re.fullmatch(r"-?\d+", clause.value):
        raise ScopeError(f"{where}: {clause.operator} compares integers, not {clause.value!r}")
    if clause.operator in PATTERNS:
        try:
            regex(clause.value)
        except ValueError as error:
            raise ScopeError(f"{where}: {error}") from error
