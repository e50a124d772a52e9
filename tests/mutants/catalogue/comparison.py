"""Defects of comparing one value with one operand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unicodedata import normalize

from sqlalchemy import Text, and_, false, func, literal_column

from mock_samanage.scim import comparison
from mock_samanage.scim.bind import _Binder
from mock_samanage.scim.bound import NOTHING, BoundAnd, BoundCompare, BoundFilter, BoundNot, BoundPresent
from mock_samanage.scim.comparison import fold
from mock_samanage.scim.filter import Compare
from mock_samanage.scim.schema import AttributeType, Resolved
from mock_samanage.scim.syntax import Operator
from mock_samanage.store import Session, elements
from mock_samanage.store.keys import slot
from mock_samanage.store.predicates import param, whole_key
from mock_samanage.store.shape import EMPTY, SHORT
from mock_samanage.tenant.users import Users
from tests.mutants.mutant import Defect, mutant
from tests.mutants.queries import compared, rebound

_ORDERING = (Operator.GT, Operator.GE, Operator.LT, Operator.LE)


@mutant(clauses=("7644-3.4.2.2-12",), trips={"filtering.operands_are_no_patterns"}, only="co")
def percent_and_underscore_are_wildcards(defect: Defect) -> None:
    """The operand of co goes into a LIKE as it is, so that % and _ stand for other text."""

    def on_value(row: Any, leaf: BoundCompare, operand: str, number: int) -> Any:
        if leaf.op is not Operator.CO or leaf.resolved.target.case_exact:
            return old(row, leaf, operand, number)
        anything = literal_column("'%'", Text())
        return whole_key(row).like(anything + param("k", number) + anything)

    old = defect.replace(elements, "on_value", on_value)


@mutant(
    clauses=("7644-3.4.2.2-24",),
    trips={
        "filtering.other_attributes_ignore_case",
        "sorting.complex_attributes_sort_by_a_part",
        "sorting.sorting_ignores_case",
    },
    only="letters beyond ASCII",
    effort="standard",
)
def only_ascii_has_two_cases(defect: Defect) -> None:
    """The case of letters beyond ASCII is not ignored."""
    defect.replace(
        comparison, "fold", lambda text: normalize("NFC", "".join(c.lower() if c.isascii() else c for c in text))
    )


@mutant(clauses=("7644-7.8-01",), trips={"filtering.normal_forms_are_one_text"}, only="letters with marks")
def texts_are_compared_without_a_normal_form(defect: Defect) -> None:
    """A letter with a mark differs from the letter and the mark."""
    defect.replace(comparison, "fold", str.casefold)


@mutant(clauses=("7644-3.4.2.2-23",), trips={"filtering.exact_attributes_keep_case"}, only="sw", effort="standard")
def a_beginning_has_no_case(defect: Defect) -> None:
    """An sw ignores case on attributes that are case-exact."""

    def on_value(row: Any, leaf: BoundCompare, operand: str, number: int) -> Any:
        if leaf.op is not Operator.SW or operand != SHORT or not leaf.resolved.target.case_exact:
            return old(row, leaf, operand, number)
        key = func.lower(param("k", number))
        return func.substr(func.lower(row.c.prefix), 1, func.length(key)) == key

    old = defect.replace(elements, "on_value", on_value)


@mutant(
    clauses=("7644-3.4.2.2-15",),
    trips={
        "filtering.generated_filters_find_exactly_the_matching_users",
        "filtering.other_attributes_ignore_case",
        "filtering.texts_are_ordered",
    },
    only="operands of more than 24 characters",
)
def greater_is_greater_or_equal(defect: Defect) -> None:
    """A gt with a long text finds the equal value too."""

    def change(leaf: BoundCompare) -> BoundFilter:
        long = isinstance(leaf.key, str) and len(leaf.key) > 24
        return replace(leaf, op=Operator.GE) if leaf.op is Operator.GT and long else leaf

    compared(defect, change)


@mutant(
    clauses=("7644-3.4.2.2-24",),
    trips={"filtering.generated_filters_find_exactly_the_matching_users", "filtering.other_attributes_ignore_case"},
    only="gt, ge, lt and le",
)
def the_operand_of_an_order_keeps_its_case(defect: Defect) -> None:
    """An ordering compares the operand in the case it was sent in with values in lower case."""

    def change(leaf: BoundCompare) -> BoundFilter:
        sent = leaf.literal if leaf.op in _ORDERING and isinstance(leaf.key, str) else None
        return replace(leaf, key=sent) if isinstance(sent, str) else leaf

    compared(defect, change)


@mutant(
    clauses=("7644-3.4.2.2-16", "7644-3.4.2.2-22"),
    trips={"filtering.moments_are_ordered"},
    only="operands with an offset",
)
def the_offset_of_a_moment_is_overlooked(defect: Defect) -> None:
    """A dateTime with an offset is read as if it were in UTC."""
    defect.replace(comparison, "_offset", lambda *_parts: 0)


@mutant(
    clauses=("7644-3.4.2.2-22",),
    trips={"filtering.a_moment_equals_itself", "filtering.moments_are_ordered"},
    only="fractions of seconds",
)
def moments_are_cut_to_the_second(defect: Defect) -> None:
    """The fraction of a second in the operand is cut off, that of the value is not."""

    def instant(text: str) -> int:
        moment: int = old(text)
        return moment // 1_000_000 * 1_000_000

    old = defect.replace(comparison, "instant", instant)


@mutant(clauses=("7644-3.4.2.2-14",), trips={"filtering.false_is_a_value"}, only="booleans")
def false_is_no_value(defect: Defect) -> None:
    """A pr on a boolean finds true only."""

    def change(node: BoundFilter) -> BoundFilter:
        if isinstance(node, BoundPresent) and node.resolved.target.type is AttributeType.BOOLEAN:
            return BoundCompare(node.path, Operator.EQ, True, node.resolved, True)
        return node

    rebound(defect, change)


@mutant(
    clauses=("7644-3.4.2.2-13",),
    trips={"filtering.complex_attributes_are_not_compared", "filtering.pr_finds_assigned_values"},
    only="complex attributes",
    effort="standard",
)
def a_complex_value_is_its_first_part(defect: Defect) -> None:
    """A pr on a complex attribute with one value looks at the first of its sub-attributes."""

    def change(node: BoundFilter) -> BoundFilter:
        if not isinstance(node, BoundPresent) or node.resolved.target.type is not AttributeType.COMPLEX:
            return node
        attribute = node.resolved.attribute
        first = Resolved(attribute, attribute.sub_attributes[0], node.resolved.extension)
        return node if attribute.multi_valued else BoundPresent(first.path, first)

    rebound(defect, change)


@mutant(
    clauses=("7644-3.4.2.2-11",),
    trips={"filtering.ew_finds_the_end", "filtering.generated_filters_find_exactly_the_matching_users"},
    only="ew",
)
def a_text_does_not_end_with_itself(defect: Defect) -> None:
    """An ew does not find the value that is equal to its operand."""

    def change(leaf: BoundCompare) -> BoundFilter:
        if leaf.op is not Operator.EW or not leaf.key:
            return leaf
        return BoundAnd((leaf, BoundNot(replace(leaf, op=Operator.EQ))))

    compared(defect, change)


@mutant(
    clauses=("7644-3.4.2.2-09",),
    trips={
        "filtering.brackets_combine",
        "filtering.chains_are_as_long_as_one_likes",
        "filtering.co_finds_the_operand_anywhere",
        "filtering.generated_filters_find_exactly_the_matching_users",
    },
    only="co",
)
def a_text_does_not_hold_its_beginning(defect: Defect) -> None:
    """A co does not find its operand where the value begins with it."""

    def on_value(row: Any, leaf: BoundCompare, operand: str, number: int) -> Any:
        holds = old(row, leaf, operand, number)
        if leaf.op is not Operator.CO or operand != SHORT:
            return holds
        return and_(holds, func.instr(whole_key(row), param("k", number)) > 1)

    old = defect.replace(elements, "on_value", on_value)


@mutant(clauses=("7643-2.3.6-04",), trips={"filtering.certificates_are_compared_exactly"}, only="binary values")
def certificates_have_no_case(defect: Defect) -> None:
    """Binary values are compared ignoring the case of their Base64 text."""
    keys = {**comparison._KEYS, AttributeType.BINARY: lambda value: fold(str(value))}
    defect.replace(comparison, "_KEYS", keys)


@mutant(
    clauses=("7644-3.4.2.2-52",),
    trips={
        "filtering.a_text_against_a_boolean",
        "filtering.booleans_are_json_literals",
        "filtering.chains_are_as_long_as_one_likes",
        "filtering.false_is_a_value",
        "filtering.filters_see_defaulted_values",
        "filtering.or_needs_one_side",
        "filtering.parentheses_override",
    },
    only="users made without `active`",
)
def a_default_is_shown_and_not_found(defect: Defect) -> None:
    """A user who was made without `active` is shown as active, and filters do not know it."""

    def create(self: Users, session: Session, document: dict[str, Any]) -> Any:
        record = old(self, session, document)
        if document.get("active") is None:
            place = (record.rid, slot("User", "active"))
            session.cursor.execute("DELETE FROM attribute_value WHERE rid = ? AND slot = ?", place)
        return record

    old = defect.replace(Users, "create", create)


@mutant(clauses=("7644-3.4.2.2-50",), trips={"filtering.null_is_a_literal"}, only="null")
def nothing_equals_null(defect: Defect) -> None:
    """An eq with null finds nobody, whoever lacks the attribute."""

    def positive(self: _Binder, resolved: Resolved, op: Operator, tree: Compare) -> BoundFilter:
        found: BoundFilter = old(self, resolved, op, tree)
        return NOTHING if tree.value is None else found

    old = defect.replace(_Binder, "_positive", positive)


@mutant(
    clauses=("7644-3.4.2.2-51",),
    trips={"filtering.the_empty_text_is_a_literal"},
    only="co, sw and ew with an empty text",
)
def an_empty_text_is_part_of_none(defect: Defect) -> None:
    """A co, sw or ew with the empty text finds nobody."""

    def on_value(row: Any, leaf: BoundCompare, operand: str, number: int) -> Any:
        return false() if operand == EMPTY else old(row, leaf, operand, number)

    old = defect.replace(elements, "on_value", on_value)
