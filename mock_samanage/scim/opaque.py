"""Attributes whose values a layer above reads, because their forms are richer than their schema.

The tenant names such attributes (SWSD: `roles`). `validation.validate(…, opaque={"roles"})` then
leaves the raw JSON value of the request in the document, and leaves the key out when the request
left it out, so that absent, null and [] stay apart. `patch.apply_patch(…, interpreters={"roles": f})`
calls `f` once for each operation that names the attribute, in any form of path and in path-less
values, and stores what it returns:

    def interpret(change: Change) -> object:
        '''The new stored value; None or [] unassigns; raises InvalidValue, Mutability, NoTarget.'''

`change.current` is what is stored now, with earlier operations of the request applied. The
interpreter never changes it in place; it returns `change.current` for "no change". The forms:

| request                                                      | op      | filter | sub     | value       |
| ------------------------------------------------------------ | ------- | ------ | ------- | ----------- |
| path `roles`, value X                                        | any     | None   | None    | X           |
| path-less `{"roles": X}`                                     | any     | None   | None    | X           |
| path `roles.value` or path-less `{"roles.value": X}`         | any     | None   | "value" | X           |
| path `roles[primary eq "True"].value`, value X               | any     | tree   | "value" | X           |
| path `roles[value eq "A"]`, value X                          | any     | tree   | None    | X           |
| remove with a value list (Entra without its flag)            | remove  | None   | None    | the list    |
| remove without a value                                       | remove  | …      | …       | MISSING     |

`op` is "add", "replace" or "remove", in lower case. `sub` keeps the spelling of the request and need
not be in the schema. An add or replace without a value never arrives: it is refused before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from mock_samanage.scim.filter import Filter

Op = Literal["add", "replace", "remove"]


class Missing(Enum):
    """The type of MISSING, a value that the request does not hold (null is a value)."""

    MISSING = "missing"

    def __bool__(self) -> bool:
        return False


MISSING: Final = Missing.MISSING


@dataclass(frozen=True, slots=True)
class Change:
    """One operation of a PATCH on an opaque attribute.

    path: the path or key as the request spells it, for messages.
    value: the raw JSON value, or MISSING.
    current: the value stored now, None when unassigned.
    """

    op: Op
    path: str
    filter: Filter | None
    sub: str | None
    value: object
    current: object


Interpreter = Callable[[Change], object]
Interpreters = Mapping[str, Interpreter]
