"""What is looked at when mappings are saved; every error names the mapping and says what would be right (MAP)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from conformance.entra.directory.model import Kind
from conformance.entra.errors import ConfigError, ExpressionError
from conformance.entra.expressions.functions.roles import ASSIGNMENTS, ROLE_FUNCTIONS
from conformance.entra.mapping.flow import expression
from conformance.entra.mapping.model import AttributeMapping, MappingType, ObjectMapping, Schema
from conformance.entra.mapping.scoping import check_scope
from conformance.entra.wire.paths import ENTERPRISE, MANAGER, TargetPath, parse_target

REQUIRED: Final[Mapping[Kind, str]] = {Kind.USER: "userName", Kind.GROUP: "displayName"}
"""What no object can be created without."""
REFERENCES: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.USER: (MANAGER, "manager"),
    Kind.GROUP: ("members", "members"),
}
"""The reference of each kind and the attribute that it comes from."""
UNSUPPORTED: Final[Mapping[str, str]] = {
    "id": "the target gives it itself (MAP)",
    "meta": "the target gives it itself",
    "schemas": "the service writes it itself",
    "groups": "members are written to the group",
    "entitlements": "the service does not support it (SCIM)",
    "photos": "the service does not support it (MAP)",
    "password": "the service does not support it (MAP)",
}
COMPLEX: Final[Mapping[str, str]] = {
    "name": "name.givenName",
    "emails": 'emails[type eq "work"].value',
    "phoneNumbers": 'phoneNumbers[type eq "work"].value',
    "ims": 'ims[type eq "work"].value',
    "addresses": 'addresses[type eq "work"].streetAddress',
}
"""Complex attributes of a user, which are mapped by their parts only."""
_EXTENSION = re.compile(r"urn:ietf:params:scim:schemas:extension:[^:]+:2\.0:(User|Group)")


def check_schema(schema: Schema, *, everyone: bool = False) -> None:
    """Nothing happens for mappings that can be saved.

    everyone: whether all users and groups are in scope. Raises ConfigError, ExpressionError and ScopeError.
    """
    if Kind.USER not in schema.objects:
        raise ConfigError("users are not mapped; they always are (MAP)")
    for mapping in schema.objects.values():
        check_object(mapping, everyone=everyone)


def check_object(mapping: ObjectMapping, *, everyone: bool = False) -> None:
    """The same for the mappings of one kind."""
    if mapping.kind is Kind.USER and not mapping.enabled:
        raise ConfigError("users are always mapped; only the mapping of groups can be switched off (MAP)")
    for each in mapping.attributes:
        _check_mapping(each, mapping.kind, everyone=everyone)
    _check_targets(mapping)
    check_scope(mapping.scope, mapping.kind)


def _check_targets(mapping: ObjectMapping) -> None:
    kind, targets = mapping.kind, [each.target for each in mapping.attributes]
    if twice := [target for target in dict.fromkeys(targets) if targets.count(target) > 1]:
        raise ConfigError(f"{twice[0]} of {kind} is mapped twice; a target attribute has one mapping")
    if not mapping.matching:
        right = f"right is matching = 1 for {REQUIRED[kind]}"
        raise ConfigError(f"no attribute of {kind} is a matching attribute; {right}")
    precedences = [each.matching for each in mapping.matching]
    if len({*precedences}) < len(precedences):
        same = next(each for each in mapping.matching if precedences.count(each.matching) > 1)
        raise _wrong(same, kind, f"shares the matching precedence {same.matching}; every one has its own")
    required = next((each for each in mapping.attributes if each.target == REQUIRED[kind]), None)
    if required is None:
        raise ConfigError(f"{REQUIRED[kind]} of {kind} is required and not mapped")
    if required.type is MappingType.NONE and not required.default:
        raise _wrong(required, kind, "is required; it needs a source or a default value")


def _check_mapping(mapping: AttributeMapping, kind: Kind, *, everyone: bool) -> None:
    _check_target(parse_target(mapping.target), mapping, kind)
    _check_source(mapping, kind, everyone=everyone)
    if mapping.matching < 0 or (mapping.matching and (mapping.reference or mapping.type is MappingType.NONE)):
        told = "a matching precedence counts from 1, and belongs to an attribute with a value that is no reference"
        raise _wrong(mapping, kind, f"cannot be matched by; {told}")


def _check_target(path: TargetPath, mapping: AttributeMapping, kind: Kind) -> None:
    if not path.uri and path.name in UNSUPPORTED:
        raise _wrong(mapping, kind, f"cannot be mapped: {UNSUPPORTED[path.name]}")
    if not path.uri and kind is Kind.USER and (right := COMPLEX.get(path.name)):
        listed = path.name != "name" and not path.is_value_path
        if listed or not (path.sub or path.is_value_path):
            raise _wrong(mapping, kind, f"has parts, and they are mapped one by one; right is {right}")
    if path.uri not in {"", ENTERPRISE}:
        _check_extension(path, mapping, kind)
    if mapping.reference or mapping.target in REFERENCES[kind]:
        _check_reference(mapping, kind)
    if path.name == "roles" and mapping.default and mapping.default.lstrip().startswith(("{", "[")):
        _check_role(mapping, kind)


def _check_extension(path: TargetPath, mapping: AttributeMapping, kind: Kind) -> None:
    if not _EXTENSION.fullmatch(path.uri):
        right = f"urn:ietf:params:scim:schemas:extension:<Name>:2.0:{kind}:{path.name}"
        raise _wrong(mapping, kind, f"has a name of no extension; right is {right} (MAP)")
    if mapping.multi_valued or mapping.reference or path.sub or path.is_value_path:
        told = "an attribute of an extension of one's own is single, and neither complex nor a reference (MAP)"
        raise _wrong(mapping, kind, f"cannot be mapped: {told}")


def _check_reference(mapping: AttributeMapping, kind: Kind) -> None:
    target, source = REFERENCES[kind]
    if not mapping.reference or (mapping.target, mapping.type, mapping.source) != (target, MappingType.DIRECT, source):
        raise _wrong(mapping, kind, f"is no reference; the one of a {kind} is {source} mapped directly to {target}")


def _check_role(mapping: AttributeMapping, kind: Kind) -> None:
    try:
        named = json.loads(mapping.default or "")
    except ValueError:
        named = None
    if not isinstance(named, dict):
        told = f'has a default value that names no role: {mapping.default}; right is {{"displayName":"Requester"}}'
        raise _wrong(mapping, kind, told)


def _check_source(mapping: AttributeMapping, kind: Kind, *, everyone: bool) -> None:
    if (mapping.type is MappingType.NONE) is bool(mapping.source):
        told = "of type none has no source" if mapping.source else f"of type {mapping.type} needs a source"
        raise _wrong(mapping, kind, told)
    if mapping.type is MappingType.DIRECT and mapping.source == ASSIGNMENTS:
        right = f"right is the expression SingleAppRoleAssignment([{ASSIGNMENTS}])"
        raise _wrong(mapping, kind, f"takes {ASSIGNMENTS} directly, which no target can hold; {right} (MAP)")
    if mapping.type is MappingType.EXPRESSION:
        _check_expression(mapping, kind, everyone=everyone)


def _check_expression(mapping: AttributeMapping, kind: Kind, *, everyone: bool) -> None:
    try:
        found = expression(mapping.source)
    except ExpressionError as error:
        place = f", in column {error.column} of {error.expression!r}"
        told = str(error).removesuffix(place)
        raise ExpressionError(
            f"the mapping of {mapping.target} of {kind}: {told}", error.expression, error.column
        ) from error
    if everyone and (named := found.functions & ROLE_FUNCTIONS):
        right = "right is type none with a default value, or to provision assigned users and groups only"
        raise _wrong(mapping, kind, f"calls {min(named)}, which works with assigned users only (MAP); {right}")


def _wrong(mapping: AttributeMapping, kind: Kind, told: str) -> ConfigError:
    return ConfigError(f"the mapping of {mapping.target} of {kind} {told}")
