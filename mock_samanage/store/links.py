"""Leaves about `members` and `groups`, which are rows of the membership table and no values."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, literal_column, or_, select

from mock_samanage.scim.bound import BoundCompare, BoundPresent, BoundValuePath
from mock_samanage.scim.schema import Resolved
from mock_samanage.store import tables
from mock_samanage.store.compose import Leaf, Place, Rows
from mock_samanage.store.elements import ONE, Numbers, in_slots, leaf_holds
from mock_samanage.store.indexing import DISPLAY
from mock_samanage.store.keys import slot
from mock_samanage.store.predicates import Condition, known, on_text
from mock_samanage.store.rank import NEVER
from mock_samanage.store.shape import TYPES, operand_class

LINKS = frozenset({"members", "groups"})
_DISPLAYS = [slot(type_name, path) for type_name in TYPES for path in ("displayName", DISPLAY)]


def is_link(resolved: Resolved) -> bool:
    """Whether the attribute is answered by memberships."""
    return resolved.extension is None and resolved.attribute.name in LINKS


class Links:
    """The memberships of an account's resources, each with the resource at its other end."""

    def __init__(self, type_name: str, name: str, numbers: Numbers, account: ColumnElement[int]) -> None:
        self._type = type_name
        self._numbers = numbers
        self._account = account
        self._link = tables.membership.alias()
        self._other = tables.resource.alias()
        ends = (self._link.c.group_rid, self._link.c.member_rid)
        self.own, self._far = ends if name == "members" else ends[::-1]

    def base(self) -> Rows:
        """All memberships; the account is named so that the other end can be found by its id."""
        joined = self._link.join(self._other, self._other.c.rid == self._far)
        found = select(self.own.label("rid")).select_from(joined).where(self._other.c.account == self._account)
        return Rows(found, Place(self._link, self.own))

    def drive(self, leaf: Leaf) -> list[Rows] | None:  # noqa: ARG002 - a Scope's signature
        """None: conditions on the other end lead the databases to the right index by themselves."""
        return None

    def test(self, leaf: Leaf, at: Place) -> Condition:  # noqa: ARG002 - a Scope's signature
        """Whether the other end satisfies the leaf."""
        assert not isinstance(leaf, BoundValuePath)
        sub = leaf.resolved.sub
        if sub is not None and sub.name == "display":
            return self._display(leaf)
        if isinstance(leaf, BoundPresent):
            return known(True)
        operand = operand_class(leaf, self._type)
        if isinstance(operand, tuple):
            return self._typed(leaf, operand)
        return on_text(self._other.c.id, leaf.op, self._numbers[leaf])

    def rank(self, leaf: Leaf) -> float:  # noqa: ARG002 - a Scope's signature
        """Never the driver, see `drive`."""
        return NEVER

    def _typed(self, leaf: BoundCompare, fitting: tuple[str, ...]) -> Condition:
        if leaf.path == "groups.type":
            return known(fitting)
        return or_(known(False), *(self._other.c.type == literal_column(f"'{name}'") for name in fitting))

    def _display(self, leaf: BoundCompare | BoundPresent) -> Condition:
        shown = tables.value.alias()
        return exists(
            select(ONE)
            .select_from(shown)
            .where(
                shown.c.rid == self._other.c.rid,
                in_slots(shown, _DISPLAYS),
                leaf_holds(shown, leaf, self._type, self._numbers),
            )
            .correlate(self._other)
        )
