"""Defects of PATCH: other operations than the ones that were sent, or another outcome of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from mock_samanage.scim import patch
from mock_samanage.scim.dialect import Dialect
from mock_samanage.scim.opaque import Op
from mock_samanage.scim.operations import Operation
from mock_samanage.scim.targets import Container, Target
from tests.mutants.mutant import Defect


@dataclass(frozen=True, slots=True)
class Step:
    """One operation on one attribute: what stood there before, and the raw value of the request."""

    op: Op
    target: Target
    before: Any
    raw: Any
    dialect: Dialect

    @property
    def whole(self) -> bool:
        """True if the operation is on all of the attribute."""
        return self.target.filter is None and self.target.part is None


Sound = Callable[[Step], Any]


def operations(defect: Defect, change: Callable[[list[Operation]], Iterable[Operation]]) -> None:
    """Changes the operations of every message after they were read."""

    def read(body: Mapping[str, Any]) -> tuple[Operation, ...]:
        return tuple(change(list(old(body))))

    old = defect.replace(patch, "read_operations", read)


def steps(defect: Defect, module: ModuleType, change: Callable[[Step, Sound], Any]) -> None:
    """Changes what becomes of an attribute in `singular` or `multivalued`; the sound way is at hand."""

    def sound(step: Step) -> Any:
        return old(step.op, step.target, step.before, step.raw, step.dialect)

    def changed(op: Op, target: Target, before: Any, raw: object, dialect: Dialect) -> Any:
        return change(Step(op, target, before, raw, dialect), sound)

    old = defect.replace(module, "changed", changed)


def memberships(defect: Defect, change: Callable[[Any, Step, Callable[[Step], None]], None]) -> None:
    """Changes what a PATCH does to `members`; the MemberSet and the sound way are at hand."""

    def changed(members: Any, op: Op, target: Target, raw: object, dialect: Dialect) -> None:
        def sound(step: Step) -> None:
            old(members, step.op, step.target, step.raw, step.dialect)

        change(members, Step(op, target, None, raw, dialect), sound)

    old = defect.replace(patch, "change_members", changed)


def paths(defect: Defect, change: Callable[[str], str]) -> None:
    """Changes the paths of operations before they are read; keys of path-less values stay."""
    operations(
        defect,
        lambda sent: [
            each if each.path is None else Operation(each.op, change(each.path), each.value) for each in sent
        ],
    )


def located(defect: Defect, change: Callable[[str, Target | Container | None], Target | Container | None]) -> None:
    """Changes what a path or key points at, given its text."""

    def locate(resource_type: Any, text: str, *opaque: Any) -> Target | Container | None:
        return change(text, old(resource_type, text, *opaque))

    old = defect.replace(patch, "locate", locate)
