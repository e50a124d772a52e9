"""The syntax tree of an expression, and what a function of the language is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from conformance.entra.values import Value

if TYPE_CHECKING:
    from conformance.entra.expressions.arguments import Arguments


class Complaint(NamedTuple):
    """What is wrong with the arguments of a call, and the column of the argument."""

    problem: str
    column: int


@dataclass(frozen=True, slots=True)
class Text:
    """A string constant."""

    value: str
    column: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number, decimal or after &H."""

    value: int
    column: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Attribute:
    """A source attribute."""

    name: str
    column: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word that a parameter allows, such as vbTextCompare."""

    name: str
    column: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Nothing between two commas."""

    column: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A condition of IIF or CBool; the column is the operator's."""

    left: Node
    operator: str
    right: Node
    column: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    function: Function
    arguments: tuple[Node, ...]
    column: int = field(default=0, compare=False)

    def argument(self, name: str) -> Node:
        """The argument of a parameter; Skipped where it was not given."""
        at = self.function.position(name)
        return self.arguments[at] if at < len(self.arguments) else Skipped(self.column)


Node = Text | Number | Attribute | Word | Skipped | Comparison | Call


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of the language.

    parameters: names, those that may be left out end with "?". repeats: how many of the last parameters stand any
    number of times, as a group. compares: the first argument may be a comparison. choices: the words that a parameter
    takes. check: what is wrong with arguments that are known without an object. source: a key of sources.toml.
    """

    name: str
    parameters: Sequence[str]
    doc: str
    source: str
    apply: Callable[[Arguments], Value]
    repeats: int = 0
    compares: bool = False
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    check: Callable[[Call], Iterable[Complaint]] = lambda _: ()

    @property
    def names(self) -> list[str]:
        """The names of the parameters."""
        return [each.removesuffix("?") for each in self.parameters]

    @property
    def signature(self) -> str:
        """How it is called: optional parameters in brackets, an ellipsis after those that repeat."""
        told = [f"[{each[:-1]}]" if each.endswith("?") else each for each in self.parameters]
        return f"{self.name}({', '.join([*told, '…'] if self.repeats else told)})"

    @property
    def least(self) -> int:
        """How many arguments it needs."""
        needed = [at for at, each in enumerate(self.parameters, 1) if not each.endswith("?")]
        return needed[-1] if needed else 0

    @property
    def most(self) -> int | None:
        """How many arguments it takes, None for any number."""
        return None if self.repeats else len(self.parameters)

    def position(self, name: str) -> int:
        """The position of a parameter, from 0."""
        return self.names.index(name)

    def parameter(self, at: int) -> str:
        """The parameter that the argument at a position belongs to, "?" at its end if it is optional."""
        first = len(self.parameters) - self.repeats
        return self.parameters[at if at < first or not self.repeats else first + (at - first) % self.repeats]


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    match node:
        case Call(arguments=arguments):
            for each in arguments:
                yield from walk(each)
        case Comparison(left=left, right=right):
            yield from walk(left)
            yield from walk(right)


def attributes_of(node: Node) -> frozenset[str]:
    """The names of the source attributes in a tree."""
    return frozenset(each.name for each in walk(node) if isinstance(each, Attribute))


def rendered(node: Node) -> str:
    """The text that is parsed to this tree."""
    match node:
        case Text(value):
            return '"{}"'.format(value.replace("\\", "\\\\").replace('"', '\\"'))
        case Number(value):
            return str(value)
        case Attribute(name):
            return f"[{name}]"
        case Word(name):
            return name
        case Skipped():
            return ""
        case Comparison(left, operator, right):
            return f"{rendered(left)} {operator} {rendered(right)}"
        case Call(function, arguments):
            return f"{function.name}({', '.join(map(rendered, arguments))})"
