"""Leaves about `members` and `groups`, which are rows of the membership table and no values."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, FromClause, exists, literal_column, or_, select

from mock_samanage.scim.bound import BoundCompare, BoundPresent, BoundValuePath
from mock_samanage.scim.schema import Resolved
from mock_samanage.scim.syntax import Operator
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
    """The memberships of an account's resources, each with the resource at its other end.

    `bound`: it will be those of one resource, so that nothing but an id is looked up in the whole account.
    """

    def __init__(
        self, type_name: str, name: str, numbers: Numbers, account: ColumnElement[int], *, bound: bool = False
    ) -> None:
        self._type = type_name
        self._numbers = numbers
        self._account = account
        self._bound = bound
        self._link = tables.membership.alias()
        self._other = tables.resource.alias()
        ends = (self._link.c.group_rid, self._link.c.member_rid)
        self.own, self._far = ends if name == "members" else ends[::-1]

    def base(self) -> Rows:
        """All memberships: whoever asks binds them to one resource, and an account would only be a way around it."""
        return self._where(known(True))

    def _where(self, condition: Condition) -> Rows:
        joined = self._link.join(self._other, self._other.c.rid == self._far)
        return Rows(select(self.own.label("rid")).select_from(joined).where(condition), Place(self._link, self.own))

    def drive(self, leaf: Leaf) -> list[Rows] | None:
        """The memberships of what an id or a display name names, and of groups, which are few beside users.

        Their numbers are found first, by a subquery, so that no planner starts from all memberships instead.
        """
        if not isinstance(leaf, BoundCompare):
            return None
        if _is_identity(leaf):
            named = tables.resource.alias()
            found = select(named.c.rid).where(named.c.account == self._account)
            number = found.where(on_text(named.c.id, leaf.op, self._numbers[leaf])).scalar_subquery()
            return [self._where(self._far == number)]
        if self._bound:
            return None
        if operand_class(leaf, self._type) == ("Group",):
            kind = tables.resource.alias()
            few = select(kind.c.rid).where(kind.c.account == self._account, kind.c.type == literal_column("'Group'"))
            return [self._where(self._other.c.rid.in_(few))]
        if _is_display(leaf):
            shown = tables.value.alias()
            found = select(shown.c.rid).where(shown.c.account == self._account)
            named_so = found.where(*self._shows(shown, leaf))
            return [self._where(self._other.c.rid.in_(named_so))]
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

    def rank(self, leaf: Leaf) -> float:
        """An id is the best driver."""
        return 0.0 if isinstance(leaf, BoundCompare) and _is_identity(leaf) else NEVER

    def _typed(self, leaf: BoundCompare, fitting: tuple[str, ...]) -> Condition:
        if leaf.path == "groups.type":
            return known(fitting)
        # Joined to nothing, because with an index on types a planner would begin at all resources of the type.
        kind = self._other.c.type.concat(literal_column("''"))
        return or_(known(False), *(kind == literal_column(f"'{name}'") for name in fitting))

    def _display(self, leaf: BoundCompare | BoundPresent) -> Condition:
        shown = tables.value.alias()
        return exists(
            select(ONE)
            .select_from(shown)
            .where(shown.c.rid == self._other.c.rid, *self._shows(shown, leaf))
            .correlate(self._other)
        )

    def _shows(self, shown: FromClause, leaf: BoundCompare | BoundPresent) -> Iterator[Condition]:
        """Whether a value is a name to show that satisfies the leaf; an empty displayName is not shown."""
        yield in_slots(shown, _DISPLAYS)
        yield shown.c.prefix != literal_column("''")
        yield leaf_holds(shown, leaf, self._type, self._numbers)


def _is_identity(leaf: BoundCompare) -> bool:
    sub = leaf.resolved.sub
    return leaf.op is Operator.EQ and (sub is None or sub.name in {"value", "$ref"})


def _is_display(leaf: BoundCompare) -> bool:
    return leaf.resolved.sub is not None and leaf.resolved.sub.name == "display"
