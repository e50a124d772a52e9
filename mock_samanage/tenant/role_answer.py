"""The quirk role-answer: `roles.displayName` in answers and queries, though documents hold value and display only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mock_samanage.scim.syntax import And, AttrPath, Filter, Not, Or, ValuePath


def answered(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document with `displayName` in its role."""
    roles = [{**role, "displayName": role["display"]} for role in document.get("roles", ())]
    return {**document, "roles": roles} if roles else document


def aliased(filter_: Filter | None, sort: AttrPath | None) -> tuple[Filter | None, AttrPath | None]:
    """Filter and sort attribute with `display` in place of `displayName` of roles, which has the same value."""
    return (None if filter_ is None else _filter(filter_)), (None if sort is None else _path(sort))


def _filter(filter_: Filter) -> Filter:
    match filter_:
        case And(terms):
            return And(tuple(map(_filter, terms)))
        case Or(terms):
            return Or(tuple(map(_filter, terms)))
        case Not(term):
            return Not(_filter(term))
        case ValuePath(path, inner):
            return ValuePath(path, _inside(inner)) if path.name.lower() == "roles" else filter_
        case _:
            return replace(filter_, path=_path(filter_.path))


def _inside(filter_: Filter) -> Filter:
    match filter_:
        case And(terms):
            return And(tuple(map(_inside, terms)))
        case Or(terms):
            return Or(tuple(map(_inside, terms)))
        case Not(term):
            return Not(_inside(term))
        case ValuePath():
            return filter_
        case _:
            named = filter_.path.name.lower() == "displayname"
            return replace(filter_, path=AttrPath(None, "display")) if named else filter_


def _path(path: AttrPath) -> AttrPath:
    ours = path.name.lower() == "roles" and path.sub is not None and path.sub.lower() == "displayname"
    return replace(path, sub="display") if ours else path
