"""What a path, or a key of a resource object, points at.

Keys of the outermost object are read as paths as well, because Microsoft Entra ID writes flat ones:
`name.givenName`, `urn:…:enterprise:2.0:User:department` (AMB-51). Older jobs of it put a dot where
the colon after the URN belongs; that is read too.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from mock_samanage.scim.errors import InvalidFilter, InvalidPath
from mock_samanage.scim.filter import AttrPath, Filter
from mock_samanage.scim.path import PatchPath, parse_patch_path
from mock_samanage.scim.schema import Attribute, Resolved, ResourceType, Schema

OPAQUE_NOTHING: Collection[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Target:
    """An attribute of a resource, perhaps the elements of it that match, perhaps a part of these.

    text: as the request spells it. extension: the URI of the extension that holds the attribute.
    sub: the definition of the sub-attribute. part: its name, in the spelling of the request.
    `sub` is None for a part that an opaque attribute does not define.
    """

    text: str
    attribute: Attribute
    extension: str | None = None
    filter: Filter | None = None
    part: str | None = None
    sub: Attribute | None = None

    @property
    def path(self) -> str:
        """The canonical text of the attribute and its part, without the filter."""
        return Resolved(self.attribute, self.sub, self.extension).path


@dataclass(frozen=True, slots=True)
class Container:
    """All attributes of one extension (AMB-47)."""

    extension: Schema


def locate(
    resource_type: ResourceType, text: str, opaque: Collection[str] = OPAQUE_NOTHING
) -> Target | Container | None:
    """What the text points at; None when the type has no such attribute.

    Parts of attributes in `opaque` need not be defined. Raises InvalidPath or InvalidFilter when the
    text breaks the grammar.
    """
    if not {":", ".", "["} & set(text):
        parsed = PatchPath(AttrPath(None, text))
    else:
        if (extension := extension_named(resource_type, text)) is not None:
            return Container(extension)
        parsed = parse_patch_path(_colonised(resource_type, text))
    return _target(resource_type, text, parsed, opaque)


def _target(resource_type: ResourceType, text: str, parsed: PatchPath, opaque: Collection[str]) -> Target | None:
    resolved = resource_type.resolve(AttrPath(parsed.path.uri, parsed.path.name))
    if resolved is None:
        return None
    part = parsed.sub if parsed.filter is not None else parsed.path.sub
    sub = resolved.attribute.sub(part) if part else None
    if part and sub is None and resolved.attribute.name not in opaque:
        return None
    return Target(text, resolved.attribute, resolved.extension, parsed.filter, part, sub)


def extension_named(resource_type: ResourceType, text: str) -> Schema | None:
    """The extension of the type that has that URI in any case, or None."""
    if ":" not in text:
        return None
    wanted = text.lower()
    return next((extension for extension in resource_type.extensions if extension.id.lower() == wanted), None)


def misses(resource_type: ResourceType, text: str) -> bool:
    """Whether a key that points at nothing names a part of something known, so that it is no foreign key."""
    if not {":", ".", "["} & set(text):
        return False
    uris = [resource_type.schema.id, *(extension.id for extension in resource_type.extensions)]
    if any(text.lower().startswith((uri.lower() + ":", uri.lower() + ".")) for uri in uris):
        return True
    try:
        path = parse_patch_path(text).path
    except InvalidPath:
        return False
    except InvalidFilter:
        return True
    return resource_type.resolve(AttrPath(path.uri, path.name)) is not None


def _colonised(resource_type: ResourceType, text: str) -> str:
    lowered = text.lower()
    for extension in resource_type.extensions:
        if lowered.startswith(extension.id.lower() + "."):
            return f"{extension.id}:{text[len(extension.id) + 1 :]}"
    return text
