"""PATCH: the operations of a message, applied in order to a copy of a document.

    after = apply_patch(USER, document, body, dialect=ENTRA, interpreters={"roles": read_role}, shown={"id": "7"})

The result is equal to the document when nothing changed, so that the caller keeps its version. Two
parts of a resource are not in the document and are reached through protocols:

- `members` of a group: a `MemberSet`, so that they are never loaded (see `members`);
- attributes that another layer reads, such as the roles of SWSD: an interpreter for each, called
  with a `Change` (see `opaque`).

Choices where the RFC is open (those about lists are in `multivalued`):
AMB-14  an equal readOnly value inside a path-less value is accepted, a different one is mutability.
AMB-16  a path to an unknown attribute is invalidPath; an unknown plain name, or a name of an unknown
        schema, inside a path-less value is ignored like in POST.
AMB-22  add and replace on a complex attribute set the named parts and keep the others.
AMB-47  the URI of an extension as path, or as key, means its attributes.
AMB-51  flat keys of a path-less value are applied as paths.
A set immutable value, or part of a value, stays whatever names it: the same one again changes nothing, another
one or a removal is mutability. An element of a list goes as a whole, its immutable parts with it.
Operations on `schemas` add nothing, because it lists what has values; removing the URI of an
extension, or replacing the list by one without it, removes the extension's attributes.
Source: RFC 7644 section 3.5.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from mock_samanage.scim import multivalued, singular
from mock_samanage.scim.dialect import Dialect
from mock_samanage.scim.elements import equal
from mock_samanage.scim.errors import InvalidPath, InvalidValue, Mutability, NoTarget, ScimError
from mock_samanage.scim.immutable import first_immutable
from mock_samanage.scim.members import MemberSet, change_members
from mock_samanage.scim.messages import check_names, kind
from mock_samanage.scim.opaque import Change, Interpreters, Op
from mock_samanage.scim.operations import Operation, read_operations
from mock_samanage.scim.readonly import same
from mock_samanage.scim.schema import Mutability as Mutable
from mock_samanage.scim.schema import ResourceType, Returned, Schema
from mock_samanage.scim.schemalist import extensions_removed
from mock_samanage.scim.targets import Container, Target, extension_named, locate, misses
from mock_samanage.scim.validation import present_schemas, refuse_missing

Document = dict[str, Any]

_NOBODY: Final[Interpreters] = MappingProxyType({})
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def apply_patch(
    resource_type: ResourceType,
    document: Mapping[str, Any],
    body: Mapping[str, Any],
    *,
    dialect: Dialect,
    members: MemberSet | None = None,
    interpreters: Interpreters = _NOBODY,
    shown: Mapping[str, Any] = _NOTHING,
) -> Document:
    """The document after all operations of the message; the given one stays as it is.

    shown: the readOnly attributes as clients see them (`id`, `meta`, `groups`), with which equal
    values in a path-less value are compared. Without `members` the members of a group are an
    attribute of the document. Raises the error of the first operation that fails, its detail
    prefixed by the operation's place; the caller undoes what `members` did until then.
    """
    operations = read_operations(body)
    patching = _Patching(resource_type, copied(document), dialect, members, interpreters, shown)
    for index, operation in enumerate(operations):
        try:
            patching.apply(operation)
        except ScimError as error:
            error.detail = f"Operations[{index}]: {error.detail}"
            raise
    return patching.finished()


def copied(value: Any) -> Any:
    """A deep copy of a JSON value."""
    if isinstance(value, Mapping):
        return {name: copied(item) for name, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


@dataclass(slots=True)
class _Patching:
    resource_type: ResourceType
    document: Document
    dialect: Dialect
    members: MemberSet | None
    interpreters: Interpreters
    shown: Mapping[str, Any]

    def apply(self, operation: Operation) -> None:
        """Apply one operation to the document."""
        if operation.path is not None:
            self._apply_at(operation.op, operation.path, operation.value)
        elif operation.op == "remove":
            raise NoTarget("a remove without a path has no target; name the attribute to remove.")
        else:
            self._apply_all(operation.op, operation.value)

    def finished(self) -> Document:
        """The document with its `schemas` brought up to date."""
        for extension in self.resource_type.extensions:
            if not self.document.get(extension.id, True):
                del self.document[extension.id]
        self.document["schemas"] = present_schemas(self.resource_type, self.document)
        refuse_missing(self.resource_type, self.document)
        return self.document

    def _apply_at(self, op: Op, path: str, value: object) -> None:
        target = locate(self.resource_type, path, self.interpreters)
        if target is None:
            raise InvalidPath(f'"{path}" is no attribute of {self.resource_type.name}.')
        if isinstance(target, Container):
            self._apply_container(op, target.extension, value)
        elif target.attribute.name == "schemas":
            self._apply_schemas(op, target, value)
        else:
            self._change(op, target, value)

    def _apply_all(self, op: Op, value: object) -> None:
        if not isinstance(value, dict):
            raise InvalidValue(
                f"without a path the value must be an object with attributes; it is a JSON {kind(value)}."
            )
        check_names(value)
        for key, item in value.items():
            if (extension := extension_named(self.resource_type, key)) is not None:
                self._apply_container(op, extension, item)
            else:
                self._apply_key(op, key, item)

    def _apply_container(self, op: Op, extension: Schema, value: object) -> None:
        if op == "remove" or (op == "replace" and value is None):
            self._drop(extension)
        elif isinstance(value, dict):
            check_names(value)
            for key, item in value.items():
                self._apply_key(op, f"{extension.id}:{key}", item, plain=key)
        elif value is not None:
            raise InvalidValue(f"{extension.id} must be an object with attributes; it is a JSON {kind(value)}.")

    def _apply_key(self, op: Op, key: str, value: object, plain: str | None = None) -> None:
        """Apply one member of a path-less value."""
        foreign = not misses(self.resource_type, key if plain is None else plain)
        try:
            target = locate(self.resource_type, key, self.interpreters)
        except ScimError:
            if foreign:
                return
            raise
        if target is None and not foreign:
            raise InvalidPath(f'"{key}" is no attribute of {self.resource_type.name}.')
        if not isinstance(target, Target) or target.attribute.name == "schemas":
            return
        if target.attribute.mutability is Mutable.READ_ONLY and target.filter is None:
            self._compare(target, value)
        else:
            self._change(op, target, value)

    def _compare(self, target: Target, value: object) -> None:
        current = self.shown.get(target.attribute.name)
        if target.sub is not None:
            value, current = {target.sub.name: value}, current or {}
        if not same(target.attribute, value, current):
            raise Mutability(f"{target.path} is readOnly and has another value.")

    def _apply_schemas(self, op: Op, target: Target, value: object) -> None:
        present = present_schemas(self.resource_type, self.document)
        for extension in extensions_removed(self.resource_type, op, target, value, present):
            self._drop(extension)

    def _drop(self, extension: Schema) -> None:
        if extension.id in self.resource_type.required_extensions:
            raise Mutability(f"{extension.id} is required and cannot be removed.")
        if fixed := first_immutable(extension.attributes, self.document.get(extension.id, {})):
            raise Mutability(f"{extension.id}:{fixed} is immutable and cannot be removed.")
        self.document.pop(extension.id, None)

    def _change(self, op: Op, target: Target, value: object) -> None:
        attribute = target.attribute
        if attribute.name in self.interpreters:
            self._store(target, self._interpreted(op, target, value))
            return
        for checked in (attribute, target.sub):
            if checked is not None and checked.mutability is Mutable.READ_ONLY:
                raise Mutability(f"{target.path} is readOnly.")
        if attribute.name == "members" and self.members is not None:
            change_members(self.members, op, target, value, self.dialect)
        else:
            self._set(op, target, value)

    def _set(self, op: Op, target: Target, value: object) -> None:
        """Store what the operation makes of the attribute; a set immutable one stays as it is, or Mutability."""
        attribute, current = target.attribute, self._current(target)
        after: Any
        if attribute.multi_valued:
            after = multivalued.changed(op, target, current or [], value, self.dialect)
        else:
            after = singular.changed(op, target, current, value, self.dialect)
        if attribute.mutability is not Mutable.IMMUTABLE or current is None:
            self._store(target, after)
        elif not equal(attribute, current, after):
            raise Mutability(f"{attribute.name} is immutable and has a value already, which cannot change.")

    def _interpreted(self, op: Op, target: Target, value: object) -> object:
        change = Change(op, target.text, target.filter, target.part, value, self._current(target))
        return self.interpreters[target.attribute.name](change)

    def _current(self, target: Target) -> Any:
        holder = self.document if target.extension is None else self.document.get(target.extension, {})
        return holder.get(target.attribute.name)

    def _store(self, target: Target, value: object) -> None:
        holder = self.document if target.extension is None else self.document.setdefault(target.extension, {})
        if value is None or value in ([], {}) or target.attribute.returned is Returned.NEVER:
            holder.pop(target.attribute.name, None)
        else:
            holder[target.attribute.name] = value
