"""The judge's model of PATCH agrees with the tenant's own operations, and its helpers tell what changed."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.strategies.operations import Selection, Term, Write, selections, sequences
from conformance.suites.patch.model import Model, selects
from conformance.suites.patch.subject import plain, same
from mock_samanage.scim.dialect import ENTRA, STRICT, Dialect
from mock_samanage.scim.evaluate import matching_elements
from mock_samanage.scim.filter import parse_filter
from mock_samanage.scim.messages import PATCH_OP_URN
from mock_samanage.scim.patch import apply_patch
from mock_samanage.scim.registry import USER, USER_URN

WORDS = ("title", "nickName")
ADDRESSES = ("a.m@x.example", "b.m@x.example", "c.m@x.example", "d.m@x.example")
START: dict[str, Any] = {
    "title": "Analyst",
    "name": {"givenName": "Ada", "familyName": "King"},
    "emails": [
        {"type": "work", "value": ADDRESSES[0], "display": "Desk", "primary": True},
        {"type": "home", "value": ADDRESSES[1]},
        {"type": "work", "value": ADDRESSES[2]},
    ],
}
EMAILS = USER.schema.attribute("emails")
WRITES = sequences(WORDS, ADDRESSES, most=8)


def tenant(writes: list[Write], dialect: Dialect) -> dict[str, Any]:
    document = {"schemas": [USER_URN], "userName": "ada", **START}
    body = {"schemas": [PATCH_OP_URN], "Operations": [write.operation() for write in writes]}
    return plain(apply_patch(USER, document, body, dialect=dialect)) if writes else plain(document)


@settings(max_examples=200)
@given(writes=WRITES, dialect=st.sampled_from([ENTRA, STRICT]))
def test_the_tenant_does_what_the_model_says(writes: list[Write], dialect: Dialect) -> None:
    model = Model(START)
    model.take(writes)
    assert tenant(model.taken, dialect) == plain({"userName": "ada", **model.state})


@given(selection=selections(ADDRESSES), elements=st.lists(st.sampled_from(START["emails"]), unique_by=str))
def test_filters_select_what_the_tenant_selects(selection: Selection, elements: list[dict[str, Any]]) -> None:
    assert EMAILS is not None
    expected = matching_elements(parse_filter(str(selection)), elements, EMAILS)
    assert [at for at, element in enumerate(elements) if selects(selection, element)] == list(expected)


def test_most_operations_are_taken_and_every_kind_occurs() -> None:
    taken: Counter[tuple[str, str, bool, bool]] = Counter()
    offered = Counter[bool]()

    @settings(max_examples=150, database=None, derandomize=True)
    @given(writes=WRITES)
    def count(writes: list[Write]) -> None:
        model = Model(START)
        model.take(writes)
        offered.update({True: len(model.taken), False: len(writes) - len(model.taken)})
        for write in model.taken:
            kind = write.attribute if write.attribute in {"name", "emails"} else "text"
            taken[write.op, kind, write.selection is not None, write.part is not None] += 1

    count()
    assert offered[True] > offered[False]
    assert {
        (op, "emails", chosen, part) for op in ("add", "replace") for chosen, part in ((False, False), (True, True))
    } <= set(taken)
    assert {
        ("remove", "emails", False, False),
        ("remove", "emails", True, False),
        ("remove", "emails", True, True),
    } <= set(taken)
    assert {
        ("replace", "emails", True, False),
        ("remove", "name", False, True),
        ("remove", "text", False, False),
    } <= set(taken)


def test_what_the_text_leaves_open_is_left_out() -> None:
    work = Selection((Term("type", "eq", "work"),))
    nobody = Selection((Term("type", "eq", "other"),))
    for write in (
        Write("replace", "emails", "new", nobody, "value"),
        Write("replace", "emails", True, work, "primary"),
        Write("add", "emails", [{"type": "home", "value": ADDRESSES[1], "display": "Home"}]),
        Write("replace", "emails", [{"type": "home", "value": "x"}, {"type": "home", "value": "x"}]),
        Write("replace", "emails", {"type": "home", "value": "x", "display": "y"}, work),
    ):
        model = Model(START)
        model.take([write])
        assert (model.taken, model.state, model.lenient) == ([], START, False)


def test_a_remove_that_finds_nothing_may_be_refused() -> None:
    for write in (
        Write("remove", "nickName"),
        Write("remove", "name", part="middleName"),
        Write("remove", "emails", selection=Selection((Term("type", "eq", "other"),))),
        Write("remove", "emails", selection=Selection((Term("type", "eq", "home"),)), part="display"),
    ):
        model = Model(START)
        model.take([write])
        assert (model.taken, model.state, model.lenient) == ([write], START, True)


def test_equal_states_compare_equal() -> None:
    one = {
        "id": "7",
        "title": "",
        "emails": [{"value": "a", "primary": False}, {"value": "b", "display": None}],
        "manager": {"value": "9", "displayName": "Nine"},
    }
    other = {
        "id": "8",
        "emails": [{"value": "b"}, {"value": "a"}],
        "manager": {"value": "9", "$ref": "x"},
        "groups": [],
    }
    assert plain(one) == plain(other)
    assert plain({**one, "emails": [{"value": "a", "primary": True}]}) != plain(one)


def test_a_trace_is_a_change_of_values_or_of_what_both_readings_tell() -> None:
    before = {"id": "7", "schemas": ["u"], "title": "T", "meta": {"version": "1", "created": "c"}}
    assert same(before, {**before, "meta": {"version": "1"}})
    assert not same(before, {**before, "meta": {"version": "2"}})
    assert not same(before, {**before, "schemas": ["u", "v"]})
    assert not same(before, {**before, "title": "U"})
