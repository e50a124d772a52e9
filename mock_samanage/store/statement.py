"""SQL built with SQLAlchemy Core, compiled once per dialect and run as text on the driver's cursor.

Compiling costs a hundred times what SQLite needs to answer, so no request pays for it twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal, Protocol

from sqlalchemy import Boolean, ColumnElement, Dialect, Executable, Text, func, make_url
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.functions import FunctionElement

DialectName = Literal["sqlite", "postgresql"]


def _dialect(url: str, **options: Any) -> Dialect:
    made: Dialect = make_url(url).get_dialect()(**options)
    return made


DIALECTS: Final[Mapping[DialectName, Dialect]] = {
    "sqlite": _dialect("sqlite://", paramstyle="qmark"),
    "postgresql": _dialect("postgresql+psycopg://", paramstyle="format"),
}


class Cursor(Protocol):
    """What the store uses of a DB-API cursor (PEP 249)."""

    @property
    def rowcount(self) -> int:
        """The rows the last statement changed."""

    def execute(self, text: Any, params: Any = ..., /) -> Any:
        """Runs one statement."""

    def executemany(self, text: Any, params: Any, /) -> Any:
        """Runs one statement for each row of parameters."""

    def fetchone(self) -> Any:
        """The next row or None."""

    def fetchall(self) -> list[Any]:
        """The rows left."""

    def __iter__(self) -> Iterator[Any]:
        """The rows left, one by one."""


class Statement:
    """A Core construct and its texts; parameters are given by name, or in `order` for many rows at once."""

    __slots__ = ("_construct", "_order", "_texts")

    def __init__(self, construct: Executable, order: Sequence[str] = ()) -> None:
        self._construct = construct
        self._order = tuple(order)
        self._texts: dict[DialectName, tuple[str, tuple[str, ...], dict[str, Any]]] = {}

    def compiled(self, dialect: DialectName) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        """The text, the names of its parameters in order, and the values of those that never change."""
        known = self._texts.get(dialect)
        return known or self._compile(dialect)

    def _compile(self, dialect: DialectName) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        assert isinstance(self._construct, ClauseElement)
        compiled = self._construct.compile(
            dialect=DIALECTS[dialect], column_keys=self._order or None, compile_kwargs={"render_postcompile": True}
        )
        assert isinstance(compiled, SQLCompiler)
        names = tuple(compiled.positiontup or ())
        if self._order and names != self._order:
            raise AssertionError(f"the parameters stand in the order {names}")
        constants = {name: found for name, found in compiled.params.items() if found is not None}
        self._texts[dialect] = (compiled.string, names, constants)
        return self._texts[dialect]


def run(cursor: Cursor, dialect: DialectName, statement: Statement, params: Mapping[str, Any]) -> Cursor:
    """The cursor after the statement ran with these parameters."""
    text, names, constants = statement.compiled(dialect)
    if constants:
        params = {**constants, **params}
    cursor.execute(text, [params[name] for name in names])
    return cursor


class contains(FunctionElement[bool]):  # noqa: N801 - SQL functions are written in lower case
    """Whether the first text holds the second, character for character."""

    type = Boolean()
    inherit_cache = True


@compiles(contains, "sqlite")
def _contains_sqlite(element: contains, compiler: SQLCompiler, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)}) > 0"


@compiles(contains, "postgresql")
def _contains_postgresql(element: contains, compiler: SQLCompiler, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)}) > 0"


class by_code_point(FunctionElement[str]):  # noqa: N801 - as above
    """A computed text that compares by code points, as the columns of `tables` do by themselves."""

    type = Text()
    inherit_cache = True


@compiles(by_code_point, "sqlite")
def _by_code_point_sqlite(element: by_code_point, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(by_code_point, "postgresql")
def _by_code_point_postgresql(element: by_code_point, compiler: SQLCompiler, **options: Any) -> str:
    return f'({compiler.process(element.clauses, **options)}) COLLATE "C"'


def starts_with(text: ColumnElement[str], head: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the first text begins with the second, character for character."""
    return func.substr(text, 1, func.length(head)) == head


def ends_with(text: ColumnElement[str], tail: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the first text ends with the second, character for character.

    Where the tail is the longer one the start is below 1, and what comes back is too short to be equal.
    """
    return func.substr(text, func.length(text) - func.length(tail) + 1) == tail
