"""The filterable set: the attributes a filter of the account may name.

Microsoft's tutorial asks that the Samanage API can filter users by whatever attribute matches them. The set
decides admission only; the answer to a filter outside it is 400 invalidFilter, never every user.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mock_samanage.scim.errors import InvalidFilter, InvalidPath
from mock_samanage.scim.path import parse_attr_path
from mock_samanage.scim.registry import GROUP, USER
from mock_samanage.scim.schema import AttributeType, ResourceType, Returned
from mock_samanage.scim.syntax import And, AttrPath, Filter, Not, Or, ValuePath
from mock_samanage.tenant.errors import BadArgument

ALL = "all"
ALWAYS_ADMITTED = ("id", "schemas", "meta")
_CHOOSING = ("type", "primary")  # choose an element inside brackets, whatever part of it is filterable
_SHOWN = 300  # characters of the set that a message repeats


def canonical_entries(attributes: object, types: Sequence[ResourceType] = (USER, GROUP)) -> tuple[str, ...] | None:
    """The set as canonical attribute paths, None for `all`; BadArgument names an entry no filter over the types has."""
    if attributes == ALL:
        return None
    if not isinstance(attributes, list | tuple):
        raise BadArgument('filterable is a list of attribute paths, such as ["userName", "emails.value"], or "all".')
    return tuple(dict.fromkeys(_canonical(entry, types) for entry in attributes))


def _canonical(entry: object, types: Sequence[ResourceType]) -> str:
    try:
        path = parse_attr_path(entry) if isinstance(entry, str) else None
    except InvalidPath:
        path = None
    for kind in types:
        found = kind.resolve(path) if path else None
        if found and found.target.returned is not Returned.NEVER:
            return found.path
    raise BadArgument(f"filterable: {str(entry)[:80]!r} is no attribute that a filter can name, such as emails.value.")


def admit(filter_: Filter, admitted: Sequence[str] | None, types: Sequence[ResourceType]) -> None:
    """Lets a filter over attributes of the set pass; InvalidFilter names the first other attribute, and the set.

    `admitted` are canonical paths, None for all. What no type has is not judged here.
    """
    if admitted is None:
        return
    rule = _Rule(frozenset((*admitted, *ALWAYS_ADMITTED)), tuple(types))
    for refused in rule.refused(filter_, None):
        shown = ", ".join(admitted)[:_SHOWN] or "none"
        raise InvalidFilter(
            f"The attribute {refused} cannot be used in a filter of this account. Filterable are: {shown};"
            f" and always {', '.join(ALWAYS_ADMITTED)}."
        )


@dataclass(frozen=True, slots=True)
class _Rule:
    admitted: frozenset[str]
    types: tuple[ResourceType, ...]

    def refused(self, filter_: Filter, bracket: AttrPath | None) -> Iterator[str]:
        """The canonical paths in the filter that are outside the set."""
        match filter_:
            case And(terms) | Or(terms):
                for term in terms:
                    yield from self.refused(term, bracket)
            case Not(term):
                yield from self.refused(term, bracket)
            case ValuePath(path, inner):
                yield from self.refused(inner, path)
            case _:
                yield from self._outside(filter_.path, bracket)

    def _outside(self, path: AttrPath, bracket: AttrPath | None) -> Iterator[str]:
        whole = path if bracket is None else AttrPath(bracket.uri, bracket.name, path.name)
        for kind in self.types:
            found = kind.resolve(whole)
            if found is None:
                continue
            head = found.path.removesuffix(f".{found.sub.name}") if found.sub else found.path
            bare = found.sub is None and found.attribute.type is AttributeType.COMPLEX
            fitting = {found.path, head, *([f"{head}.value"] if bare else [])}
            choosing = bracket is not None and found.sub is not None and found.sub.name in _CHOOSING
            if not (fitting & self.admitted or (choosing and self._has_part(head))):
                yield found.path

    def _has_part(self, head: str) -> bool:
        return any(entry.startswith(f"{head}.") for entry in self.admitted)
