"""Keys of a configuration file."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import pytest

from conformance.entra.errors import ConfigError
from conformance.entra.tables import Table

FILE = Path("app.toml")


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


def _table(**data: object) -> Table:
    return Table(data, FILE, "paint")


def test_keys_have_types_and_defaults() -> None:
    table = _table(
        name="x", many=["a"], on=True, size=3, share=0.5, colour="green", inner={"k": "v"}, rows=[{"k": "w"}]
    )
    assert (table.text("name"), table.texts("many"), table.flag("on", default=False)) == ("x", ["a"], True)
    assert (table.whole("size", 1), table.number("share", 1)) == (3, 0.5)
    assert table.word("colour", Colour.RED) is Colour.GREEN
    assert table.table("inner").text("k") == "v"
    assert [each.text("k") for each in table.tables("rows")] == ["w"]
    table.close()
    empty = _table()
    assert (empty.text("name", "y"), empty.texts("many"), empty.flag("on", default=True)) == ("y", [], True)
    assert (empty.whole("size", 1), empty.number("share", 2)) == (1, 2)
    assert empty.word("colour", Colour.RED) is Colour.RED
    assert not empty.table("inner").has("k")
    assert not empty.tables("rows")


@pytest.mark.parametrize(
    ("value", "read", "problem"),
    [
        (1, lambda table: table.text("k"), 'app.toml: paint.k: is a string such as "…", not 1'),
        ("a", lambda table: table.texts("k"), "is a list of strings such as [\"…\"], not 'a'"),
        ([1], lambda table: table.texts("k"), "is a list of strings"),
        (1, lambda table: table.flag("k", default=True), "is true or false, not 1"),
        (True, lambda table: table.whole("k", 1), "is a whole number from 0 on, not True"),
        (0, lambda table: table.whole("k", 1, least=1), "is a whole number from 1 on, not 0"),
        (0, lambda table: table.number("k", 1), "is a number above 0, not 0"),
        (2.5, lambda table: table.number("k", 1, most=1), "is a number above 0 and at most 1, not 2.5"),
        ("nan", lambda table: table.number("k", 1), "is a number above 0, not 'nan'"),
        (float("nan"), lambda table: table.number("k", 1), "is a number above 0, not nan"),
        ("blue", lambda table: table.word("k", Colour.RED), 'is "red" or "green", not \'blue\''),
        ("a", lambda table: table.table("k"), "is a table, [paint.k], not 'a'"),
        ({}, lambda table: table.tables("k"), "is a list of tables, [[paint.k]], not {}"),
        ([{"x": 1}], lambda table: table.tables("k")[0].text("x"), "app.toml: paint.k 1.x: is a string"),
    ],
)
def test_errors_name_file_key_and_what_would_be_right(
    value: object, read: Callable[[Table], object], problem: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read(_table(k=value))
    assert problem in str(caught.value)


def test_a_key_without_a_default_is_needed() -> None:
    with pytest.raises(ConfigError, match=r"app.toml: paint.name: is missing, right is a string"):
        _table().text("name")


def test_unknown_keys_are_refused_with_near_names() -> None:
    table = _table(nme="x")
    table.text("name", "")
    with pytest.raises(ConfigError, match=r"app.toml: paint.nme: is no key here; near is name"):
        table.close()
    table = _table(xyz="x")
    table.text("name", "")
    table.flag("on", default=True)
    with pytest.raises(ConfigError, match=r"paint.xyz: is no key here; there are name, on"):
        table.close()


def test_the_errors_of_a_check_are_those_of_the_key() -> None:
    def fails() -> None:
        raise ConfigError("it is wrong")

    with pytest.raises(ConfigError, match=r"^app.toml: it is wrong$"):
        Table({}, FILE).checked("", fails)
    with pytest.raises(ConfigError, match=r"^app.toml: paint.k: it is wrong$"):
        _table().checked("k", fails)
