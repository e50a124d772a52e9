"""Replace, whose arguments decide what it does (FUNC)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from conformance.entra.expressions.arguments import Arguments
from conformance.entra.expressions.context import EvaluationError
from conformance.entra.expressions.functions.declaring import function
from conformance.entra.expressions.regexes import Regex, regex
from conformance.entra.expressions.tree import Call, Complaint, Skipped, Text
from conformance.entra.values import Value

OLD, PATTERN, GROUP = "oldValue", "regexPattern", "regexGroupName"
NEW, OTHER, TEMPLATE = "replacementValue", "replacementAttributeName", "template"


def _text_replaced(given: Arguments) -> Value:
    source, old = given.text("source"), given.text(OLD)
    return None if source is None else source.replace(_needed(old), given.text(NEW) or "")


def _template_filled(given: Arguments) -> Value:
    source, old = given.text("source"), given.text(OLD)
    return None if source is None else (given.text(TEMPLATE) or "").replace(_needed(old), source)


def _needed(old: str | None) -> str:
    if not old:
        raise EvaluationError(f"{OLD} has no value")
    return old


def _pattern_replaced(given: Arguments) -> Value:
    source = given.text("source")
    return None if source is None else _regex(given).replaced(source, given.text(NEW) or "")


def _group_replaced(given: Arguments) -> Value:
    """The source in which only what the group matched is replaced."""
    source, new, pattern = given.text("source"), given.text(NEW) or "", _regex(given)
    if source is None:
        return None
    group, told, at = _group(given, pattern), "", 0
    for found in pattern.compiled.finditer(source):
        start, end = found.span(group)
        if start >= at:
            told += source[at:start] + new
            at = end
    return told + source[at:]


def _group_extracted(given: Arguments) -> Value:
    """The source, or where it has none what the group matches in the other attribute."""
    if source := given.text("source"):
        return source
    other, pattern = given.text(OTHER), _regex(given)
    found = pattern.compiled.search(other) if other is not None else None
    return found[_group(given, pattern)] if found else None


def _regex(given: Arguments) -> Regex:
    try:
        return regex(given.text(PATTERN) or "")
    except ValueError as error:
        raise EvaluationError(f"{PATTERN}: {error}") from error


def _group(given: Arguments, pattern: Regex) -> int | str:
    name = given.text(GROUP) or ""
    found = pattern.group(name)
    if found is None:
        raise EvaluationError(f"{PATTERN} has no group {name!r}")
    return found


_MODES: Final[Mapping[frozenset[str], Callable[[Arguments], Value]]] = {
    frozenset({OLD, NEW}): _text_replaced,
    frozenset({OLD, TEMPLATE}): _template_filled,
    frozenset({PATTERN, NEW}): _pattern_replaced,
    frozenset({PATTERN, GROUP, NEW}): _group_replaced,
    frozenset({PATTERN, GROUP, OTHER}): _group_extracted,
}
_OPTIONAL: Final = (OLD, PATTERN, GROUP, NEW, OTHER, TEMPLATE)


def _mode(call: Call) -> frozenset[str]:
    return frozenset(name for name in _OPTIONAL if not isinstance(call.argument(name), Skipped))


def _check(call: Call) -> Iterable[Complaint]:
    mode = _mode(call)
    if mode not in _MODES:
        ways = "; ".join(" + ".join(name for name in _OPTIONAL if name in each) for each in _MODES)
        given = " + ".join(name for name in _OPTIONAL if name in mode) or "the source alone"
        yield Complaint(f"Replace has no meaning with {given}; right are {ways}", call.column)
    old, pattern = call.argument(OLD), call.argument(PATTERN)
    if isinstance(old, Text) and not old.value:
        yield Complaint(f"{OLD} is not empty", old.column)
    if isinstance(pattern, Text):
        try:
            yield from _check_group(call, regex(pattern.value))
        except ValueError as error:
            yield Complaint(f"{PATTERN} {error}", pattern.column)


def _check_group(call: Call, pattern: Regex) -> Iterable[Complaint]:
    group = call.argument(GROUP)
    if isinstance(group, Text) and pattern.group(group.value) is None:
        there = ", ".join(pattern.compiled.groupindex) or "none with a name"
        yield Complaint(f"{PATTERN} has no group {group.value!r}, it has {there}", group.column)


@function("Replace", "source", *(f"{name}?" for name in _OPTIONAL), check=_check)
def replace(given: Arguments) -> Value:
    """The source with a text, a pattern or a group replaced, put into a template, or read from another attribute."""
    return _MODES[_mode(given.call)](given)
