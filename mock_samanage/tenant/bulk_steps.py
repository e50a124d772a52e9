"""What the operations of a bulk request mean: the resource each is about, and the resources it needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from mock_samanage.scim.bulk import BulkOperation, references
from mock_samanage.scim.errors import MethodNotAllowed, NotFound, ScimError
from mock_samanage.scim.registry import ENDPOINTS

_TYPES = {endpoint.lstrip("/"): name for name, endpoint in ENDPOINTS.items()}
_PATH = re.compile(rf"/?({'|'.join(_TYPES)})(?:/([^/?#]+)?)?")


@dataclass(frozen=True, slots=True)
class Target:
    """What the path of an operation names: a type, and the id of a resource as it was written, None for all of them."""

    type: str
    id: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """An operation with what its path means, or why that is nothing, and the bulkIds it refers to."""

    operation: BulkOperation
    target: Target | None
    wrong: ScimError | None
    needs: frozenset[str] = frozenset()

    @property
    def makes(self) -> str | None:
        """The bulkId of the resource this creates, None if it creates none."""
        return self.operation.bulk_id if self.operation.method == "POST" and self.wrong is None else None


def step_of(operation: BulkOperation) -> Step:
    """The operation with its meaning; what is wrong with its path is noted, not raised."""
    target, wrong = None, operation.wrong
    if operation.path:
        try:
            target = _target(operation)
        except ScimError as error:
            wrong = wrong or error
    if wrong is not None:
        return Step(operation, target, wrong)
    return Step(operation, target, None, references(operation.data) | references(target.id if target else None))


def _target(operation: BulkOperation) -> Target:
    match = _PATH.fullmatch(operation.path)
    if match is None:
        raise NotFound(
            f"There is nothing for a bulk operation at {operation.path[:100]}; /Users and /Groups are there."
        )
    type_, id_ = _TYPES[match[1]], match[2]
    if operation.method == "POST" and id_ is not None:
        raise MethodNotAllowed(f"POST is not defined for a resource; send it to /{match[1]}.")
    if operation.method != "POST" and id_ is None:
        raise MethodNotAllowed(f"{operation.method[:20]} is not defined for /{match[1]}; name a resource below it.")
    return Target(type_, None if id_ is None else unquote(id_))
