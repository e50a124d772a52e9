"""What a mutant is: one defect of the tenant, and the checks that find it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Literal
from unittest import mock

from mock_samanage.web.application import Application
from tests.mutants.memory import forget

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Effort = Literal["quick", "standard"]
Account = Literal["default", "laboratory"]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the tenant on its way out: the status line, the headers, the whole body."""

    status: str
    headers: Headers
    body: bytes

    @property
    def code(self) -> int:
        """The status as a number."""
        return int(self.status.split(" ", 1)[0])

    def with_body(self, body: bytes) -> Reply:
        """The same answer with another body and the Content-Length that belongs to it."""
        kept = [(name, value) for name, value in self.headers if name.lower() != "content-length"]
        return Reply(self.status, [*kept, ("Content-Length", str(len(body)))], body)

    def without(self, header: str) -> Reply:
        """The same answer without a header field."""
        return Reply(self.status, [each for each in self.headers if each[0].lower() != header.lower()], self.body)


Rewrite = Callable[[Environ, Reply], Reply]
Divert = Callable[[Environ], None]


@dataclass(slots=True)
class Defect:
    """Where a mutant puts its defect; everything is undone when the stack closes."""

    stack: ExitStack

    def __post_init__(self) -> None:
        forget()
        self.stack.callback(forget)

    def replace(self, owner: object, name: str, new: object) -> Any:
        """Put `new` in place of an attribute of a module or class; the old one is returned."""
        old = getattr(owner, name)
        self.stack.enter_context(mock.patch.object(owner, name, new))
        return old

    def wrap(self, owner: object, name: str, around: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
        """Put `around(old)` in place of a function."""
        self.replace(owner, name, around(getattr(owner, name)))

    def answers(self, rewrite: Rewrite) -> None:
        """Rewrite every answer of the SCIM application."""
        self._application(lambda _environ: None, rewrite)

    def requests(self, divert: Divert) -> None:
        """Change the environ of every request before the application sees it."""
        self._application(divert, lambda _environ, reply: reply)

    def _application(self, divert: Divert, rewrite: Rewrite) -> None:
        old: Callable[..., Iterable[bytes]] = Application.__call__

        def call(app: Application, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
            started: list[tuple[str, Headers]] = []
            divert(environ)
            body = b"".join(old(app, environ, lambda status, headers, *_: started.append((status, headers))))
            reply = rewrite(environ, Reply(*started[0], body))
            start_response(reply.status, reply.headers)
            return [reply.body]

        self.replace(Application, "__call__", call)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One defect: its name, what is wrong in one sentence, the clauses it breaks, the checks that find it.

    `trips` is the exact set of check ids that FAIL or WARN under `effort`, all profiles and the seed of `bench`.
    `only` says what the defect is limited to (a matching rule, a page, an element, …), "" where it is general.
    `effort` is the least that finds it: under quick, checks try the first of their examples.
    `account` is the one that is judged: the default preset by all profiles, or a strict account whose schemas hold
    every type and characteristic, by `rfc`.
    """

    name: str
    says: str
    clauses: tuple[str, ...]
    trips: frozenset[str]
    only: str
    put: Callable[[Defect], None] = field(compare=False)
    effort: Effort = "quick"
    account: Account = "default"


CATALOGUE: dict[str, Mutant] = {}


def mutant(
    *,
    clauses: Iterable[str],
    trips: Iterable[str],
    only: str = "",
    effort: Effort = "quick",
    account: Account = "default",
) -> Callable[[Callable[[Defect], None]], Callable[[Defect], None]]:
    """Register a function that puts a defect; its name is the mutant's, its docstring says what is wrong."""

    def register(put: Callable[[Defect], None]) -> Callable[[Defect], None]:
        name = put.__name__.replace("_", "-")
        if name in CATALOGUE:
            raise ValueError(f"two mutants are called {name}")
        says = (put.__doc__ or "").strip()
        CATALOGUE[name] = Mutant(name, says, tuple(clauses), frozenset(trips), only, put, effort, account)
        return put

    return register
