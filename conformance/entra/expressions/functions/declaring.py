"""Declares a function of the language: what is decorated becomes a Function, its docstring the line about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from conformance.entra.expressions.arguments import Arguments
from conformance.entra.expressions.tree import Call, Complaint, Function
from conformance.entra.values import Value

Check = Callable[[Call], Iterable[Complaint]]


def function(
    name: str,
    *parameters: str,
    repeats: int = 0,
    compares: bool = False,
    choices: Mapping[str, Sequence[str]] | None = None,
    check: Check | None = None,
    source: str = "FUNC",
) -> Callable[[Callable[[Arguments], Value]], Function]:
    """A decorator; the meaning of the arguments is that of the fields of Function."""

    def declare(apply: Callable[[Arguments], Value]) -> Function:
        doc = (apply.__doc__ or "").partition("\n")[0]
        return Function(name, parameters, doc, source, apply, repeats, compares, choices or {}, check or (lambda _: ()))

    return declare
