"""The parser of filters: recursive descent over the tokens, of bounded depth (RFC 7644 section 3.4.2.2).

Own notation of the grammar, words in any case:

    Filter     := AndExpr { "or" AndExpr }
    AndExpr    := Term { "and" Term }
    Term       := [ "not" ] "(" Filter ")" | ValuePath | Predicate
    Predicate  := AttrPath "pr" | AttrPath Operator Literal
    ValuePath  := AttrPath "[" Filter "]" [ "." Name ( "pr" | Operator Literal ) ]

Choices where the RFC is open or clients differ:
T2/AMB-05  `emails[type eq "work"].value eq "x"` (Microsoft Entra) means
           `emails[type eq "work" and value eq "x"]`.
T3/AMB-52  a bare comparison as path of a PATCH operation is refused; T4 `attr[value eq "x"]` is read.
Inside brackets names are plain sub-attributes: no URN, no dot, no bracket (errata 4690, 7322).
`not` needs parentheses, with or without a space before them (erratum 7319).
"""

from __future__ import annotations

from typing import NoReturn

from mock_samanage.scim import lexer
from mock_samanage.scim.errors import BadRequest, InvalidFilter
from mock_samanage.scim.syntax import And, AttrPath, Compare, Filter, Not, Operator, Or, Present, ValuePath

LONGEST_FILTER = 16_384  # characters
DEEPEST_NESTING = 64  # parentheses and brackets inside each other; no recursion limit comes near
MOST_TERMS = 256  # comparisons in one filter; a store turns each into a part of one statement

_OPERATORS = {op.value: op for op in Operator}
_NAMES = "pr, eq, ne, co, sw, ew, gt, ge, lt or le"


class Parser:
    """One pass over the tokens of one text; each method reads its production and moves on.

    Raises `error`, whose detail names position, token and what would fit.
    """

    __slots__ = ("_depth", "_inside", "_terms", "_text", "_what", "error", "index", "tokens")

    def __init__(self, text: str, error: type[BadRequest], what: str = "filter") -> None:
        self._text = text
        self._what = what
        self._depth = 0
        self._terms = 0
        self._inside = False
        self.error = error
        self.index = 0
        if len(text) > LONGEST_FILTER:
            raise error(f"the {what} has {len(text)} characters; at most {LONGEST_FILTER} are read")
        self.tokens = lexer.tokens(text)

    def fail(self, index: int, expected: str) -> NoReturn:
        """Raises the error for the token of that index."""
        at = lexer.position(self._text, index)
        found = lexer.shown(self.tokens[index])
        raise self.error(f"{self._what}, position {at}: found {found}, expected {expected}")

    def expression(self) -> Filter:
        """Reads [Filter] and stops at the first token that does not continue it."""
        alternatives: list[Filter] = []
        terms = [self._term()]
        while True:
            word = self.tokens[self.index].lower()
            if word == "and":
                self.index += 1
                terms.append(self._term())
            elif word == "or":
                self.index += 1
                alternatives.append(_all_of(terms))
                terms = [self._term()]
            else:
                break
        if not alternatives:
            return _all_of(terms)
        alternatives.append(_all_of(terms))
        return Or(tuple(alternatives))

    def end(self) -> None:
        """Fails unless all tokens are used."""
        rest = self.tokens[self.index]
        if rest:
            reason = f", because nothing opens {rest[0]}" if rest[0] in ")]" else ""
            self.fail(self.index, f'"and", "or" or the end{reason}')

    def _term(self) -> Filter:
        word = self.tokens[self.index]
        if word == "(":
            return self._group()
        if word.lower() == "not":
            following = self.tokens[self.index + 1]
            if following == "(":
                self.index += 1
                return Not(self._group())
            if following.lower() not in _OPERATORS and following.lower() != "pr":
                self.fail(self.index + 1, "( after not")
        return self._predicate()

    def _group(self) -> Filter:
        self._enter()
        inner = self.expression()
        if self.tokens[self.index] != ")":
            self.fail(self.index, '"and", "or" or )')
        self._leave()
        return inner

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST_NESTING:
            self.fail(self.index, f"at most {DEEPEST_NESTING} levels of parentheses and brackets")
        self.index += 1

    def _leave(self) -> None:
        self._depth -= 1
        self.index += 1

    def _predicate(self) -> Filter:
        at = self.index
        path = lexer.attr_path(self.tokens[at])
        if path is None:
            self.fail(at, "an attribute name" + (", or not or (" if self.tokens[at] else ""))
        following = self.tokens[at + 1]
        if self._inside:
            self._check_plain(path, following)
        elif following == "[":
            return self._value_path(path)
        self.index = at + 1
        return self._condition(path)

    def _check_plain(self, path: AttrPath, following: str) -> None:
        if following == "[":
            self.fail(self.index + 1, f"{_NAMES}, because brackets hold no other brackets")
        if path.uri or path.sub:
            self.fail(self.index, "the plain name of a sub-attribute of the attribute before the bracket")

    def _condition(self, path: AttrPath) -> Filter:
        """Reads what follows the path: pr, or an operator and a literal."""
        self._terms += 1
        if self._terms > MOST_TERMS:
            self.fail(self.index, f"the end, because at most {MOST_TERMS} conditions are read")
        word = self.tokens[self.index].lower()
        op = _OPERATORS.get(word)
        if op is None:
            if word != "pr":
                self.fail(
                    self.index, f"one of {_NAMES}" + (", or [ without a space before it" if word.strip() == "[" else "")
                )
            self.index += 1
            return Present(path)
        try:
            value = lexer.literal(self.tokens[self.index + 1])
        except lexer.Unreadable as why:
            self.fail(self.index + 1, str(why))
        self.index += 2
        return Compare(path, op, value)

    def _value_path(self, path: AttrPath) -> Filter:
        inner, name = self.bracket(path)
        if name is None:
            return ValuePath(path, inner)
        condition = self._condition(AttrPath(None, name))
        first = inner.terms if isinstance(inner, And) else (inner,)
        return ValuePath(path, And((*first, condition)))

    def bracket(self, path: AttrPath) -> tuple[Filter, str | None]:
        """Reads a path's bracket and the name behind it, if there is one.

        What is wrong inside the bracket is an InvalidFilter, whatever the text is.
        """
        if path.sub:
            self.fail(self.index, "an attribute without sub-attribute before [")
        self.index += 1
        self._enter()
        outer, self.error, self._inside = self.error, InvalidFilter, True
        inner = self.expression()
        closing = self.tokens[self.index]
        if closing[:1] != "]":
            self.fail(self.index, '"and", "or" or ]')
        self.error, self._inside = outer, False
        self._leave()
        if closing == "]":
            return inner, None
        last = lexer.attr_path(closing[2:])
        if last is None or last.uri or last.sub:
            self.fail(self.index - 1, "one name of a sub-attribute after ].")
        return inner, last.name


def _all_of(terms: list[Filter]) -> Filter:
    return And(tuple(terms)) if len(terms) > 1 else terms[0]


def parse(text: str) -> Filter:
    """The syntax tree of a filter. Raises InvalidFilter."""
    parser = Parser(text, InvalidFilter)
    tree = parser.expression()
    parser.end()
    return tree
