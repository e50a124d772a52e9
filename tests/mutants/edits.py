"""Defects of what a tenant makes of a resource: what it stores, what it shows, what it reads in a PATCH."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from mock_samanage.scim import patch
from mock_samanage.scim.dialect import Dialect
from mock_samanage.scim.opaque import Op
from mock_samanage.scim.operations import Operation
from mock_samanage.scim.registry import ENTERPRISE_URN
from mock_samanage.scim.targets import Target
from mock_samanage.tenant import users
from mock_samanage.tenant.users import Users
from mock_samanage.web import call
from tests.mutants.answers import Json
from tests.mutants.mutant import Defect


@dataclass(frozen=True, slots=True)
class Edit:
    """What one operation does to one attribute: what stood there before, and the raw value of the request."""

    op: Op
    target: Target
    before: Any
    raw: Any
    dialect: Dialect

    @property
    def name(self) -> str:
        """The canonical name of the attribute."""
        return self.target.attribute.name


def stored(defect: Defect, change: Callable[[Json], object]) -> None:
    """Changes every user before it is stored, however it was written."""

    def settle(self: Users, session: Any, document: Json, before: Any) -> None:
        old(self, session, document, before)
        change(document)

    old = defect.replace(Users, "_settle", settle)


def text(defect: Defect, name: str, change: Callable[[str], str | None]) -> None:
    """Changes an attribute of users that is a text before it is stored; None drops it."""

    def settle(user: Json) -> None:
        if name in user and (made := change(user.pop(name))) is not None:
            user[name] = made

    stored(defect, settle)


def each(defect: Defect, name: str, change: Callable[[Json], object]) -> None:
    """Changes every value of a list of users before it is stored."""
    stored(defect, lambda user: [change(element) for element in user.get(name, ())])


def sent(defect: Defect, change: Callable[[Json], object]) -> None:
    """Changes the body of every create and replace of a user before it is read."""

    def validate(kind: Any, body: Mapping[str, Any], **options: Any) -> Json:
        given = deepcopy(dict(body))
        change(given)
        read: Json = old(kind, given, **options)
        return read

    old = defect.replace(users, "validate", validate)


def shown(defect: Defect, change: Callable[[Json], object]) -> None:
    """Changes every resource on its way out, before projection."""

    def document(resource: Any, base: str) -> Json:
        found: Json = deepcopy(old(resource, base))
        change(found)
        return found

    old = defect.replace(call, "document", document)


def enterprise(user: Json) -> Json:
    """The attributes of the extension; an empty object that belongs to nobody where there are none."""
    found: Json = user.get(ENTERPRISE_URN, {})
    return found


def operations(defect: Defect, change: Callable[[list[Operation]], Iterable[Operation]]) -> None:
    """Changes the operations of every PATCH after they were read."""

    def read(body: Mapping[str, Any]) -> tuple[Operation, ...]:
        return tuple(change(list(old(body))))

    old = defect.replace(patch, "read_operations", read)


def edits(defect: Defect, module: ModuleType, change: Callable[[Edit, Callable[[Edit], Any]], Any]) -> None:
    """Changes what becomes of an attribute in `singular` or `multivalued`; the sound way is at hand."""

    def sound(edit: Edit) -> Any:
        return old(edit.op, edit.target, edit.before, edit.raw, edit.dialect)

    def changed(op: Op, target: Target, before: Any, raw: object, dialect: Dialect) -> Any:
        return change(Edit(op, target, before, raw, dialect), sound)

    old = defect.replace(module, "changed", changed)
