"""What of a resource an answer shows: `attributes` and `excludedAttributes` (RFC 7644 section 3.9)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mock_samanage.scim.errors import InvalidValue
from mock_samanage.scim.path import parse_name_list
from mock_samanage.scim.projection import Place, project
from mock_samanage.scim.schema import ResourceType
from mock_samanage.scim.syntax import AttrPath
from mock_samanage.tenant.resource import EVERYTHING


@dataclass(frozen=True, slots=True)
class Projection:
    """The attributes asked for, or those to leave out; at most one of the two is given (AMB-12)."""

    attributes: tuple[AttrPath, ...] = ()
    excluded: tuple[AttrPath, ...] = ()
    wanted: frozenset[str] = EVERYTHING

    def apply(
        self, kind: ResourceType, document: Mapping[str, Any], written: Collection[Place] = ()
    ) -> Mapping[str, Any]:
        """The document as it is shown; `written` as in `scim.projection.project`."""
        return project(kind, document, self.attributes, self.excluded, written)


@lru_cache(maxsize=512)
def projection(attributes: tuple[str, ...], excluded: tuple[str, ...]) -> Projection:
    """The projection that names ask for; raises InvalidValue if both are given, InvalidPath for what is no name."""
    if attributes and excluded:
        raise InvalidValue("attributes and excludedAttributes exclude each other; send one of them.")
    named, left_out = parse_name_list(attributes), parse_name_list(excluded)
    return Projection(named, left_out, _wanted(named, left_out))


def _wanted(named: tuple[AttrPath, ...], left_out: tuple[AttrPath, ...]) -> frozenset[str]:
    """The virtual attributes worth loading."""
    if named:
        return EVERYTHING & {path.name.lower() for path in named}
    return EVERYTHING - {path.name.lower() for path in left_out if path.sub is None}
