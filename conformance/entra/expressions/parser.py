"""From text to tree; every error points at its column and says what would be right (FUNC)."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from conformance.entra.errors import ExpressionError
from conformance.entra.expressions.context import LIMIT
from conformance.entra.expressions.functions import FUNCTIONS
from conformance.entra.expressions.lexer import Sort, Token, tokens
from conformance.entra.expressions.tree import (
    Attribute,
    Call,
    Comparison,
    Function,
    Node,
    Number,
    Skipped,
    Text,
    Word,
)

DEPTH: Final = 60
"""Functions inside functions; no page names a limit, this one keeps evaluation off the end of the stack."""
_WHOLE: Final = {
    Sort.END: "the expression is empty, right is a function such as ToLower([mail])",
    Sort.ATTRIBUTE: "an expression is a function; an attribute alone is a mapping of type direct",
    Sort.TEXT: "an expression is a function; a string alone is a mapping of type constant",
}


def parse_tree(text: str) -> Call:
    """The tree of an expression; raises ExpressionError."""
    if len(text) > LIMIT:
        told = f"an expression has at most {LIMIT:,} characters, not {len(text):,}"
        raise ExpressionError(told, f"{text[:60]}…", LIMIT + 1)
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: Iterator[Token] = tokens(text)
        self._next = next(self._tokens)
        self._depth = 0

    def whole(self) -> Call:
        first = self._next
        if first.sort is not Sort.NAME:
            told = "an expression begins with a function such as ToLower([mail])"
            raise self._wrong(_WHOLE.get(first.sort, told), first)
        found = self._operand()
        if not isinstance(found, Call):
            raise self._wrong(f"{first.text} is no function call, right is {first.text}(…)", first)
        if not self._at(Sort.END):
            raise self._wrong(f"{self._next.raw!r} stands after the end of the expression", self._next)
        return found

    def _take(self) -> Token:
        taken = self._next
        self._next = next(self._tokens, taken)
        return taken

    def _wrong(self, problem: str, at: Token | Node) -> ExpressionError:
        return ExpressionError(problem, self._text, at.column)

    def _at(self, *sorts: Sort) -> bool:
        return self._next.sort in sorts

    def _operand(self) -> Node:
        token = self._take()
        match token.sort:
            case Sort.TEXT:
                return Text(token.text, token.column)
            case Sort.ATTRIBUTE:
                return Attribute(token.text, token.column)
            case Sort.NUMBER:
                base = 16 if token.text.startswith("&H") else 10
                return Number(int(token.text.removeprefix("&H"), base), token.column)
            case Sort.NAME:
                return self._call(token) if self._at(Sort.OPEN) else Word(token.text, token.column)
        told = token.sort.value if token.sort is Sort.END else f"{token.raw!r}"
        raise self._wrong(f'{told} stands where "text", [attribute], a number or a function is expected', token)

    def _call(self, name: Token) -> Call:
        function = FUNCTIONS.get(name.text)
        if function is None:
            raise self._wrong(_unknown(name.text), name)
        self._depth += 1
        if self._depth > DEPTH:
            raise self._wrong(f"functions are nested more than {DEPTH} deep", name)
        arguments = tuple(self._arguments(name))
        self._depth -= 1
        call = Call(function, arguments, name.column)
        self._check(call)
        return call

    def _arguments(self, name: Token) -> Iterator[Node]:
        self._take()
        if self._at(Sort.CLOSE):
            self._take()
            return
        while True:
            skipped = self._at(Sort.COMMA, Sort.CLOSE)
            yield Skipped(self._next.column) if skipped else self._argument()
            after = self._take()
            if after.sort is Sort.CLOSE:
                return
            if after.sort is not Sort.COMMA:
                unclosed = after.sort is Sort.END
                told = "is not closed, a ) is missing" if unclosed else f"needs a comma before {after.raw!r}"
                raise self._wrong(f"{name.text} {told}", after)

    def _argument(self) -> Node:
        found = self._operand()
        if self._at(Sort.OPERATOR):
            operator = self._take()
            found = Comparison(found, operator.text, self._operand(), operator.column)
        if self._at(Sort.NAME) and self._next.text.lower() in {"and", "or"}:
            raise self._wrong("there is no AND and no OR; an IIF inside an IIF does the same", self._next)
        if self._at(Sort.OPERATOR):
            raise self._wrong("a comparison has two sides", self._next)
        return found

    def _check(self, call: Call) -> None:
        function, given = call.function, len(call.arguments)
        if given < function.least or (function.most is not None and given > function.most):
            raise self._wrong(f"{function.signature} takes {_count(function)}, not {given}", call)
        for at, argument in enumerate(call.arguments):
            self._check_argument(function, at, argument)
        for problem, column in function.check(call):
            raise ExpressionError(problem, self._text, column)

    def _check_argument(self, function: Function, at: int, argument: Node) -> None:
        parameter, optional = function.parameter(at).removesuffix("?"), function.parameter(at).endswith("?")
        choices = function.choices.get(parameter)
        if isinstance(argument, Skipped) and not optional:
            raise self._wrong(f"{function.signature} needs its {parameter}", argument)
        if isinstance(argument, Comparison) and not (function.compares and at == 0):
            raise self._wrong("a comparison stands in the condition of IIF or in CBool", argument)
        if isinstance(argument, Word) and choices is None:
            near = f'"{argument.name}" as a string or [{argument.name}] as an attribute'
            raise self._wrong(f"{argument.name} stands alone, right is {near}", argument)
        if choices is not None and (word := _constant(argument)) is not None and word not in choices:
            raise self._wrong(f"{parameter} of {function.name} is {' or '.join(choices)}, not {word!r}", argument)


def _constant(node: Node) -> str | None:
    match node:
        case Word(name):
            return name
        case Text(value):
            return value
    return None


def _unknown(name: str) -> str:
    folded = {each.lower(): each for each in FUNCTIONS}
    near = [folded[each] for each in get_close_matches(name.lower(), folded, n=3)]
    right = f"near are {', '.join(near)}" if near else f"there are {', '.join(FUNCTIONS)}"
    return f"there is no function {name}; {right}"


def _count(function: Function) -> str:
    if function.most is None:
        return f"{_arguments(function.least)} or more"
    if function.least == function.most:
        return _arguments(function.most)
    return f"{function.least} to {_arguments(function.most)}"


def _arguments(number: int) -> str:
    return f"{number or 'no'} argument{'' if number == 1 else 's'}"
