"""Attributes as a target describes them, values made up for them, and how these are compared."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.described import Described, attributes, document, every, with_value
from conformance.likeness import alike, unlike
from conformance.run import Run
from conformance.target import Capabilities
from conformance.variety import Variety

CORE, EXTRA = "urn:example:core:Thing", "urn:example:extra:Thing"
SCHEMAS: list[dict[str, Any]] = [
    {
        "id": CORE,
        "attributes": [
            {"name": "id"},
            {"name": "title", "type": "string", "required": True},
            {"name": "code", "caseExact": True, "uniqueness": "server", "mutability": "immutable"},
            {
                "name": "ports",
                "type": "complex",
                "multiValued": True,
                "subAttributes": [
                    {"name": "value", "type": "decimal"},
                    {"name": "kind", "canonicalValues": ["a", "b"]},
                    {"name": "primary", "type": "boolean"},
                    {"name": "seen", "type": "dateTime", "mutability": "readOnly"},
                ],
            },
        ],
    },
    {"id": EXTRA, "attributes": [{"name": "note", "returned": "request"}, {"name": "trace", "type": "binary"}]},
]
TYPES = [{"name": "Thing", "endpoint": "/Things", "schema": CORE, "schemaExtensions": [{"schema": EXTRA}]}]
KNOWN = Capabilities.from_documents({}, SCHEMAS, TYPES)
FOUND = {each.path: each for each in every(attributes(KNOWN, "Thing"))}


def test_attributes_and_their_parts_have_paths() -> None:
    parts = ["ports", "ports.value", "ports.kind", "ports.primary", "ports.seen"]
    assert list(FOUND) == ["title", "code", *parts, f"{EXTRA}:note", f"{EXTRA}:trace"]
    assert str(FOUND["ports.kind"]) == "Thing ports.kind"
    assert (FOUND["ports.kind"].is_list, FOUND["title"].is_list) == (True, False)
    assert (FOUND["ports.seen"].writable, FOUND["code"].writable) == (False, True)


def test_what_is_not_said_has_the_default_of_the_rfc() -> None:
    code = FOUND["code"]
    assert (code.type, code.says("returned"), code.says("required"), code.says("caseExact")) == (
        "string",
        "default",
        False,
        True,
    )


def test_values_are_found_in_any_case_and_in_every_element() -> None:
    shown = {"TITLE": "x", "Ports": [{"Value": 1}, {"value": 2.5}, {}], EXTRA.upper(): {"NOTE": "n"}}
    assert FOUND["title"].values(shown) == ["x"]
    assert FOUND["ports.value"].values(shown) == [1, 2.5]
    assert FOUND[f"{EXTRA}:note"].values(shown) == ["n"]
    assert FOUND["code"].values(shown) == []


def test_a_body_is_made_and_varied() -> None:
    body = document(
        CORE, [(FOUND["title"], "x"), (FOUND[f"{EXTRA}:note"], "n"), (FOUND["ports"], [{"value": 1}, {"value": 2}])]
    )
    assert body == {"schemas": [CORE, EXTRA], "title": "x", EXTRA: {"note": "n"}, "ports": [{"value": 1}, {"value": 2}]}
    varied = with_value(with_value(body, FOUND["ports.kind"], "a"), FOUND[f"{EXTRA}:trace"], "AA==")
    assert varied["ports"] == [{"value": 1, "kind": "a"}, {"value": 2, "kind": "a"}]
    assert (varied["schemas"], varied[EXTRA]) == ([CORE, EXTRA], {"note": "n", "trace": "AA=="})
    assert body[EXTRA] == {"note": "n"}


@pytest.mark.parametrize("path", ["title", "code", "ports", f"{EXTRA}:trace"])
def test_values_fit_their_definition_and_differ(path: str) -> None:
    variety, each = Variety(Run("cf1-"), "7"), FOUND[path]
    first, second = variety.value(each), variety.value(each, 1)
    assert first != second
    for value in (first, second):
        assert all(each.fits(one) for one in (value if each.says("multiValued") else [value]))


def test_lists_have_two_different_values_one_of_them_primary() -> None:
    made = Variety(Run("cf1-"), "7").value(FOUND["ports"])
    assert [set(one) for one in made] == [{"value", "kind", "primary"}] * 2
    assert [one["primary"] for one in made] == [True, False]
    assert {one["kind"] for one in made} == {"a", "b"}


def link(*kinds: str) -> Described:
    subs = [{"name": "value"}, {"name": "$ref", "type": "reference", "referenceTypes": list(kinds)}]
    return Described("Thing", "", {"name": "owner", "type": "complex", "subAttributes": subs})


def test_a_link_leads_to_the_user() -> None:
    variety = Variety(Run("cf1-"), "7")
    assert variety.value(link("User", "Group")) == {"value": "7"}
    assert variety.value(link("Group")) is None


@pytest.mark.parametrize(
    ("definition", "sent", "shown", "same"),
    [
        ({}, "Ada", "ADA", True),
        ({"caseExact": True}, "Ada", "ADA", False),
        ({}, "Ada", None, False),
        ({"type": "decimal"}, 1.50, 1.5, True),
        ({"type": "decimal"}, 1.5, "1.5", False),
        ({"type": "integer"}, 7, 7.0, False),
        ({"type": "boolean"}, True, "true", False),
        ({"type": "dateTime"}, "2024-01-31T10:00:00Z", "2024-01-31T12:00:00.0+02:00", True),
        ({"type": "dateTime"}, "2024-01-31T10:00:00Z", "2024-01-31", False),
        ({"type": "binary"}, "AA==", "AA", True),
        ({"type": "binary"}, "AA==", "***", False),
        ({"type": "reference"}, "../Users/7", "https://example.com/Users/7", True),
        ({"multiValued": True}, ["a", "b"], ["B", "c", "A"], True),
        ({"multiValued": True}, ["a", "b"], ["a"], False),
        ({"multiValued": True}, ["a"], "a", False),
        ({"type": "complex", "subAttributes": [{"name": "x"}]}, {"x": "a"}, {"X": "A", "y": 1}, True),
        ({"type": "complex", "subAttributes": [{"name": "x"}]}, {"x": "a"}, {"y": "a"}, False),
        ({"type": "complex", "subAttributes": [{"name": "x", "returned": "never"}]}, {"x": "a"}, {}, True),
    ],
)
def test_values_are_compared_as_their_type_says(definition: Any, sent: Any, shown: Any, same: bool) -> None:  # noqa: FBT001
    assert alike(Described("Thing", "", {"name": "a", **definition}), sent, shown) is same


def test_what_is_not_shown_by_default_is_not_missed() -> None:
    sent = document(CORE, [(FOUND["title"], "x"), (FOUND[f"{EXTRA}:note"], "n")])
    assert unlike(FOUND.values(), sent, {"title": "X"}) == []
    assert unlike(FOUND.values(), sent, {"title": "y"}) == ["Thing title: 'x' became 'y'"]
