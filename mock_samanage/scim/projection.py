"""Which attributes of a resource an answer holds: `attributes` and `excludedAttributes`.

Choices where the RFC is open: both parameters at once are refused (AMB-12); `schemas` is always part
of the answer (AMB-33); the URI of an extension names all its attributes (AMB-47); unknown names are
ignored (AMB-48); an empty parameter counts as absent. Source: RFC 7644 section 3.9, RFC 7643 section 7.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mock_samanage.scim.errors import InvalidValue
from mock_samanage.scim.filter import AttrPath
from mock_samanage.scim.schema import Attribute, ResourceType, Returned, Schema
from mock_samanage.scim.targets import extension_named

Document = Mapping[str, Any]
Place = tuple[str, ...]
Tree = dict[str, "Tree | None"]
"""Keys of a document; below each the keys of its value, or None for the whole value."""


@dataclass(frozen=True, slots=True)
class Projection:
    """A pair of `attributes` and `excludedAttributes`, ready to be applied to many resources of a type.

    `named` is what the answer holds, None when `attributes` was not given; `left_out` is what it does not hold.
    """

    named: Tree | None = None
    left_out: Tree = field(default_factory=dict)

    def apply(self, document: Document) -> Document:
        """The document with the attributes of the answer; the document itself when none is left out."""
        if self.named is not None:
            return _kept(document, self.named)
        if not self.left_out.keys() & document.keys():
            return document
        return _without(document, self.left_out)

    def keeps(self, name: str) -> bool:
        """Whether an answer may hold the attribute of that canonical name, or a part of it."""
        if self.named is not None:
            return name in self.named
        return self.left_out.get(name, {}) is not None


def project(
    resource_type: ResourceType,
    document: Document,
    attributes: Sequence[AttrPath] = (),
    excluded: Sequence[AttrPath] = (),
    written: Collection[Place] = (),
) -> Document:
    """The part of a document that an answer holds; the document itself, uncopied, when that is all of it.

    written: places of attributes returned on request that the request has set, so that without `attributes` its
    answer has them. Raises InvalidValue when both parameters name something.
    """
    if not attributes and not excluded and not any(place[0] in document for place in resource_type.withheld):
        return document
    return projection(resource_type, attributes, excluded, written).apply(document)


def projection(
    resource_type: ResourceType,
    attributes: Sequence[AttrPath] = (),
    excluded: Sequence[AttrPath] = (),
    written: Collection[Place] = (),
) -> Projection:
    """The projection that the names describe; InvalidValue when both parameters name something (AMB-12)."""
    if attributes and excluded:
        raise InvalidValue("attributes and excludedAttributes exclude each other; send one of them.")
    if attributes:
        return Projection(named=_named(resource_type, attributes))
    return Projection(left_out=_left_out(resource_type, excluded, written))


def _named(resource_type: ResourceType, names: Iterable[AttrPath]) -> Tree:
    always = _attributes(resource_type, lambda attribute: attribute.returned is Returned.ALWAYS)
    tree = _tree(place for place, _ in always)
    for name in names:
        for place, attribute in _places(resource_type, name):
            if attribute.returned is not Returned.NEVER:
                _grow(tree, place, attribute)
    return tree


def _grow(tree: Tree, place: Place, attribute: Attribute) -> None:
    """Add an attribute to the named ones, with the sub-attributes that come with it."""
    if any(sub.withheld for sub in attribute.sub_attributes):
        for sub in attribute.sub_attributes:
            if not sub.withheld:
                _add(tree, (*place, sub.name))
    else:
        _add(tree, place)


def _left_out(resource_type: ResourceType, names: Iterable[AttrPath], written: Collection[Place]) -> Tree:
    tree = _tree(place for place in resource_type.withheld if place not in written)
    for name in names:
        for place, attribute in _places(resource_type, name):
            kept = [sub for sub in attribute.sub_attributes if sub.returned is Returned.ALWAYS]
            if kept:
                for sub in attribute.sub_attributes:
                    if sub not in kept:
                        _add(tree, (*place, sub.name))
            elif attribute.returned is not Returned.ALWAYS:
                _add(tree, place)
    return tree


def _places(resource_type: ResourceType, name: AttrPath) -> list[tuple[Place, Attribute]]:
    """Where a document holds what a name means, and what that is; nothing for an unknown name."""
    resolved = resource_type.resolve(name)
    if resolved is not None:
        head = (resolved.extension, resolved.attribute.name) if resolved.extension else (resolved.attribute.name,)
        place = (*head, resolved.sub.name) if resolved.sub else head
        return [(place, resolved.target)]
    extension = extension_named(resource_type, str(name))
    return [] if extension is None else _extension_places(extension)


def _extension_places(extension: Schema) -> list[tuple[Place, Attribute]]:
    return [((extension.id, attribute.name), attribute) for attribute in extension.attributes if not attribute.withheld]


def _attributes(resource_type: ResourceType, wanted: Callable[[Attribute], bool]) -> list[tuple[Place, Attribute]]:
    core = [((attribute.name,), attribute) for attribute in (*resource_type.common, *resource_type.schema.attributes)]
    extended = [item for extension in resource_type.extensions for item in _extension_places(extension)]
    return [(place, attribute) for place, attribute in (*core, *extended) if wanted(attribute)]


def _tree(places: Iterable[Place]) -> Tree:
    tree: Tree = {}
    for place in places:
        _add(tree, place)
    return tree


def _add(tree: Tree, place: Place) -> None:
    """Add a place; one that lies inside a whole value already there adds nothing."""
    *parents, last = place
    for key in parents:
        below = tree.setdefault(key, {})
        if below is None:
            return
        tree = below
    tree[last] = None


def _kept(document: Document, tree: Tree) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in document.items():
        if key in tree:
            below = tree[key]
            part = value if below is None else _each(value, below, _kept)
            if part is not _EMPTY:
                kept[key] = part
    return kept


def _without(document: Document, tree: Tree) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in document.items():
        below = tree.get(key, {})
        if below is None:
            continue
        part = _each(value, below, _without) if below else value
        if part is not _EMPTY:
            kept[key] = part
    return kept


_EMPTY = object()


def _each(value: Any, tree: Tree, prune: Callable[[Document, Tree], dict[str, Any]]) -> Any:
    """A value with each of its objects pruned; _EMPTY when nothing remains of it."""
    if isinstance(value, Mapping):
        return prune(value, tree) or _EMPTY
    if isinstance(value, list | tuple):
        parts = [prune(item, tree) if isinstance(item, Mapping) else item for item in value]
        return [part for part in parts if part] or _EMPTY
    return value
