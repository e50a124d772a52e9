"""PATCH on immutable attributes of every type: a first value is taken, another one is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_samanage.scim.dialect import ENTRA
from mock_samanage.scim.errors import BadRequest, InvalidValue, Mutability
from mock_samanage.scim.patch import apply_patch
from mock_samanage.scim.schema import Attribute, AttributeType, ResourceType, Schema
from mock_samanage.scim.schema import Mutability as Mutable
from tests.mock_samanage.scim.patching import message, operation

BASE, MORE = "urn:example:Thing", "urn:example:More"
FIXED = Mutable.IMMUTABLE
PARTS = (Attribute("value"), Attribute("type"), Attribute("primary", AttributeType.BOOLEAN))
SERIAL = Attribute("serial", mutability=FIXED)
ATTRIBUTES = (
    Attribute("tag", mutability=FIXED),
    Attribute("code", case_exact=True, mutability=FIXED),
    Attribute("size", AttributeType.INTEGER, mutability=FIXED),
    Attribute("ratio", AttributeType.DECIMAL, mutability=FIXED),
    Attribute("born", AttributeType.DATETIME, mutability=FIXED),
    Attribute("key", AttributeType.BINARY, mutability=FIXED),
    Attribute("open", AttributeType.BOOLEAN, mutability=FIXED),
    Attribute("home", AttributeType.REFERENCE, reference_types=("external",), mutability=FIXED),
    Attribute("place", AttributeType.COMPLEX, sub_attributes=(Attribute("row"), Attribute("seat")), mutability=FIXED),
    Attribute("marks", multi_valued=True, mutability=FIXED),
    Attribute("lines", AttributeType.COMPLEX, multi_valued=True, sub_attributes=PARTS, mutability=FIXED),
    Attribute("device", AttributeType.COMPLEX, sub_attributes=(SERIAL, Attribute("note"))),
    Attribute("devices", AttributeType.COMPLEX, multi_valued=True, sub_attributes=(SERIAL, Attribute("note"))),
)
THING = ResourceType(
    "Thing",
    "Thing",
    "/Things",
    "",
    Schema(BASE, "Thing", "", ATTRIBUTES),
    (Schema(MORE, "More", "", (Attribute("badge", mutability=FIXED), Attribute("floor"))),),
    common=(Attribute("schemas", multi_valued=True),),
)
VALUES: dict[str, tuple[Any, Any, Any]] = {
    "tag": ("First", "second", "FIRST"),
    "code": ("First", "first", "First"),
    "size": (1, 2, 1),
    "ratio": (1.5, 1, 1.50),
    "born": ("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", "2024-01-01T01:00:00+01:00"),
    "key": ("Zmlyc3Q=", "c2Vjb25k", "Zmlyc3Q="),
    "open": (True, False, "True"),
    "home": ("https://example.com/1", "https://example.com/2", "https://example.com/1"),
    "place": ({"row": "1", "seat": "2"}, {"seat": "3"}, {"SEAT": "2"}),
    "marks": (["a", "b"], ["a"], ["B", "a"]),
    "lines": ([{"value": "x", "type": "t"}], [{"value": "y"}], [{"type": "t", "value": "x"}]),
    f"{MORE}:badge": ("First", "second", "first"),
}
"""Path -> a first value, another one, and the first in another spelling."""
EMPTY: dict[str, Any] = {"schemas": [BASE]}


def patched(*operations: Any, document: dict[str, Any] = EMPTY) -> dict[str, Any]:
    return apply_patch(THING, document, message(*operations), dialect=ENTRA)


def refused(kind: type[BadRequest], *operations: Any, document: dict[str, Any]) -> str:
    with pytest.raises(kind) as raised:
        patched(*operations, document=document)
    assert type(raised.value) is kind
    return raised.value.detail


@pytest.mark.parametrize("path", VALUES)
@pytest.mark.parametrize("op", ["add", "replace"])
def test_a_first_value_is_taken_and_kept(op: str, path: str) -> None:
    first, other, again = VALUES[path]
    document = patched(operation(op, path, first))
    assert document != EMPTY
    assert patched(operation("replace", path, again), document=document) == document
    assert "immutable" in refused(Mutability, operation("replace", path, other), document=document)


@pytest.mark.parametrize("path", VALUES)
@pytest.mark.parametrize("emptying", [operation("remove", "@"), operation("replace", "@", None)])
def test_a_value_is_neither_removed_nor_emptied(path: str, emptying: dict[str, Any]) -> None:
    document = patched(operation("add", path, VALUES[path][0]))
    assert "immutable" in refused(Mutability, {**emptying, "path": path}, document=document)
    assert patched({**emptying, "path": path}) == EMPTY


@pytest.mark.parametrize(("path", "value"), [("marks", "c"), ("lines", [{"value": "z"}])])
def test_an_immutable_list_gains_nothing(path: str, value: Any) -> None:
    document = patched(operation("add", path, VALUES[path][0]))
    refused(Mutability, operation("add", path, value), document=document)
    assert patched(operation("add", path, VALUES[path][2]), document=document) == document


@pytest.mark.parametrize(
    "made",
    [
        operation("replace", 'lines[value eq "x"].type', "u"),
        operation("remove", 'lines[value eq "x"]'),
        operation("remove", "lines.type"),
        operation("add", "place.row", "9"),
        operation("remove", "place.seat"),
        operation("remove", MORE),
        operation("replace", MORE, {"badge": "other"}),
        operation("replace", "schemas", [BASE]),
        operation("replace", None, {f"{MORE}:badge": "other"}),
        operation("replace", None, {MORE: {"floor": "2", "badge": None}}),
    ],
    ids=str,
)
def test_no_other_way_changes_an_immutable_value(made: dict[str, Any]) -> None:
    paths = ("lines", "place", f"{MORE}:badge")
    document = patched(*(operation("add", path, VALUES[path][0]) for path in paths))
    refused(Mutability, made, document=document)


def test_a_value_of_another_type_is_refused_as_such() -> None:
    wrongs = [("size", "1"), ("size", True), ("size", 1.5), ("ratio", "x"), ("born", "today")]
    for path, wrong in (*wrongs, ("key", "%"), ("open", "x"), ("ratio", False)):
        assert path in refused(InvalidValue, operation("add", path, wrong), document=EMPTY)


def test_an_immutable_part_is_set_once() -> None:
    document = patched(operation("add", "device.note", "n"))
    document = patched(operation("replace", "device.serial", "S1"), document=document)
    assert document["device"] == {"note": "n", "serial": "S1"}
    assert patched(operation("add", "device", {"serial": "s1"}), document=document) == document
    assert patched(operation("remove", "device.note"), document=document)["device"] == {"serial": "S1"}
    for made in (
        operation("replace", "device.serial", "S2"),
        operation("add", "device", {"serial": "S2", "note": "m"}),
        operation("remove", "device.serial"),
        operation("remove", "device"),
        operation("replace", "device", None),
    ):
        refused(Mutability, made, document=document)


def test_an_element_with_an_immutable_part_is_changed_elsewhere_or_removed_as_a_whole() -> None:
    document = patched(operation("add", "devices", [{"serial": "S1"}, {"serial": "S2", "note": "n"}]))
    noted = patched(operation("replace", 'devices[serial eq "s1"].note', "m"), document=document)
    assert noted["devices"] == [{"serial": "S1", "note": "m"}, {"serial": "S2", "note": "n"}]
    again = operation("replace", 'devices[serial eq "S2"]', {"serial": "s2", "note": "k"})
    assert patched(again, document=document)["devices"][1] == {"serial": "S2", "note": "k"}
    assert patched(operation("remove", 'devices[serial eq "S1"]'), document=document)["devices"] == [
        {"serial": "S2", "note": "n"}
    ]
    refused(Mutability, operation("replace", 'devices[serial eq "S1"].serial', "S3"), document=document)
    refused(Mutability, operation("remove", 'devices[note eq "n"].serial'), document=document)


PATHS = [
    *VALUES,
    *(
        "place.row",
        "place.seat",
        "lines.value",
        'lines[value eq "x"]',
        'lines[value eq "x"].value',
        "device",
        "devices",
    ),
    *("device.serial", "device.note", 'devices[serial eq "S1"].serial', "marks[value pr]", MORE, f"{MORE}:floor"),
]
ANY = st.one_of(
    st.sampled_from(
        [None, "", [], {}, "x", 7, True, [BASE], [MORE], {"serial": "S9"}, {"badge": "other"}, {"row": "8"}]
    ),
    st.sampled_from([value for values in VALUES.values() for value in values]),
)
WRITES = st.builds(operation, st.sampled_from(["add", "replace", "remove"]), st.sampled_from([*PATHS, "schemas"]), ANY)
FLAT = st.builds(
    operation, st.sampled_from(["add", "replace"]), st.none(), st.dictionaries(st.sampled_from(PATHS), ANY, max_size=2)
)
WHOLE = patched(
    *(operation("add", path, value[0]) for path, value in VALUES.items()),
    operation("add", "device", {"serial": "S1"}),
    operation("add", f"{MORE}:floor", "1"),
)


@given(operations=st.lists(WRITES | FLAT, min_size=1, max_size=4))
def test_whatever_is_written_an_immutable_value_stays(operations: list[dict[str, Any]]) -> None:
    try:
        after = patched(*operations, document=WHOLE)
    except BadRequest as error:
        assert error.detail  # noqa: PT017
        return
    fixed = [path for path in VALUES if ":" not in path]
    assert {path: after[path] for path in fixed} == {path: WHOLE[path] for path in fixed}
    assert (after[MORE]["badge"], after["device"]["serial"]) == ("First", "S1")
