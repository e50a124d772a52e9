"""What two states of a resource have in common."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.suites.representation.gathered import Shown, parts
from conformance.suites.representation.names import reversed_members
from conformance.suites.representation.shown import together
from conformance.suites.states import blank, canonical, carries, folded, instant, state
from conformance.suites.versioning.tags import ENTITY_TAG, other_form
from conformance.target import Capabilities


def test_the_order_of_lists_and_meta_make_no_other_state() -> None:
    first = {"id": "7", "meta": {"version": "1"}, "emails": [{"value": "a"}, {"value": "b"}]}
    second = {"emails": [{"value": "b"}, {"value": "a"}], "id": "7"}
    assert state(first) == state(second)
    assert state(first) != state({**second, "emails": [{"value": "a"}, {"value": "a"}]})
    assert canonical([2, 1]) == [1, 2]


@pytest.mark.parametrize(
    ("found", "sent", "there"),
    [
        ({"title": "A", "id": "7"}, {"title": "A"}, True),
        ({"title": "a"}, {"title": "A"}, False),
        ({}, {"title": "A"}, False),
        ({"emails": [{"value": "b", "type": "x"}, {"value": "a"}]}, {"emails": [{"value": "a"}, {"value": "b"}]}, True),
        ({"emails": [{"value": "a"}, {"value": "b"}]}, {"emails": [{"value": "a"}]}, False),
        ({"emails": [{"value": "a"}, {"value": "b"}]}, {"emails": [{"value": "a"}, {"value": "a"}]}, False),
        ({"emails": {"value": "a"}}, {"emails": [{"value": "a"}]}, False),
        ({"name": "Ada"}, {"name": {"givenName": "Ada"}}, False),
    ],
)
def test_what_was_sent_is_there_or_not(found: dict[str, Any], sent: dict[str, Any], there: bool) -> None:  # noqa: FBT001
    assert carries(found, sent) is there


def test_texts_may_be_trimmed_and_folded() -> None:
    assert folded({"a": [" Ada "], "n": 1}) == {"a": ["ada"], "n": 1}


def test_nothing_is_blank_in_three_ways() -> None:
    values: list[Any] = [None, [], {}, "", 0, False]
    assert [blank(value) for value in values] == [True, True, True, False, False, False]


def test_an_instant_needs_a_zone() -> None:
    assert instant("2024-01-01T00:00:00Z") == instant("2024-01-01T01:00:00+01:00")
    assert instant("2024-01-01T00:00:00") is None
    assert instant(None) is None


@pytest.mark.parametrize(
    ("created", "changed", "same"),
    [
        ("2024-01-01T00:00:00.123Z", "2024-01-01T00:00:00.123456Z", True),
        ("2024-01-01T00:00:00.123Z", "2024-01-01T00:00:00.125Z", False),
        ("2024-01-01T00:00:00Z", "2024-01-01T00:00:02Z", False),
        ("2024-01-01T00:00:00Z", None, False),
    ],
)
def test_two_times_are_one_to_the_precision_they_share(created: str, changed: str | None, same: bool) -> None:  # noqa: FBT001
    assert together({"meta": {"created": created, "lastModified": changed}}) is same


def test_a_tag_has_another_form_and_a_grammar() -> None:
    assert (other_form('W/"1"'), other_form('"1"')) == ('"1"', 'W/"1"')
    assert ENTITY_TAG.fullmatch('W/"a,b"')
    assert not any(ENTITY_TAG.fullmatch(tag) for tag in ('w/"1"', "1", '"1', '"a b"', '"1""2"'))


def test_members_are_turned_round_at_every_depth() -> None:
    assert list(reversed_members({"a": 1, "b": [{"c": 1, "d": 2}]})) == ["b", "a"]
    assert list(reversed_members({"b": [{"c": 1, "d": 2}]})["b"][0]) == ["d", "c"]


def test_members_are_found_with_their_definitions() -> None:
    resource = {"id": "7", "EMAILS": [{"value": "a", "primary": True}], "name": {"value": 1}, "unknown": 1, "x": None}
    shown = Shown("GET", "User", resource, None)  # type: ignore[arg-type]  # no answer is looked at
    found = {part.path: part for part in parts(Capabilities.from_documents({}, None, None), shown)}
    assert list(found) == ["id", "EMAILS", "EMAILS.value", "EMAILS.primary", "name"]
    assert found["EMAILS"].definition["name"] == "emails"
    assert (found["EMAILS.value"].element, found["EMAILS"].element) == (True, False)
