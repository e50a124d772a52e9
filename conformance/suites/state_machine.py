"""Users through their life, in any order of steps, against a small model."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

import pytest
from hypothesis import seed
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from conformance.client import Answer
from conformance.errors import Broken, Unusable
from conformance.judging import budget, clause, holds
from conformance.oracle import fold
from conformance.population import OMIT, Users
from conformance.run import Run
from conformance.strategies.lists import listed
from conformance.strategies.settings import Bounds, profile
from conformance.strategies.trees import literal
from conformance.strategies.values import texts
from conformance.suites.filtering.asking import shown
from conformance.target import Target

CREATED: Final = "7644-3.3-01"
READ: Final = "7644-3.4.1-02"
REPLACED: Final = "7644-3.5.1-03"
PATCHED: Final = "7644-3.5.2.3-03"
REMOVED: Final = "7644-3.5.2.2-02"
FOUND: Final = "7644-3.4.2.2-04"
DELETED: Final = "7644-3.6-03"
UNLISTED: Final = "7644-3.6-04"
SINGLE: Final = ("title", "displayName", "nickName")
"""Attributes the model keeps, each a single text."""
WHO: Final = st.integers(0, 3)
STEPS: Final = {"quick": 6, "standard": 10, "deep": 30}


class Book:
    """The model: id -> the attributes a user has by what was written; `gone` are the ids of deleted users.

    `names` are the attributes in play, those in `exact` tell case apart; `stamped` users are known by their userType.
    """

    def __init__(self, users: Users, names: Sequence[str], exact: Collection[str], *, stamped: bool) -> None:
        self.users = users
        self.names = names
        self.exact = exact
        self.mark = users.run.name("s")
        self.stamp = {"userType": self.mark} if stamped else {}
        self.fence = f"userType eq {literal(self.mark)}" if stamped else f"userName sw {literal(self.mark)}"
        self.kept: dict[str, dict[str, str]] = {}
        self.gone: list[str] = []

    def pick(self, number: int) -> str | None:
        """One of the users there are, None while there are none."""
        return list(self.kept)[number % len(self.kept)] if self.kept else None

    def create(self, attributes: Mapping[str, str]) -> None:
        """POST a user with these attributes and no other of the model."""
        name = f"{self.mark}-{self.users.run.email()}"
        unset = dict.fromkeys(self.names, OMIT)
        document = self.users.body(**{**unset, **self.stamp, **attributes, "userName": name})
        answer = self.users.client.post(self.users.endpoint, document)
        if answer.status == 400:
            return
        holds(CREATED, answer.status == 201, expected="201", observed=shown(answer), answer=answer)
        id_ = str(answer.resource["id"])
        known = id_ in self.kept or id_ in self.gone
        holds(CREATED, not known, expected="a new id", observed=id_, answer=answer, harm=True)
        self.kept[id_] = {**attributes, "userName": name}

    def read(self, id_: str) -> None:
        """Judge that a user is as the model says, or gone."""
        answer = self.users.client.get(self.users.path(id_))
        if id_ in self.gone:
            holds(DELETED, answer.status == 404, expected="404", observed=shown(answer), answer=answer)
        else:
            self.compare(READ, id_, answer)

    def compare(self, clause_id: str, id_: str, answer: Answer) -> None:
        """Judge that an answer shows the user as the model has it."""
        told = self.seen(answer.resource) if answer.ok else shown(answer)
        holds(clause_id, told == self.kept[id_], expected=f"{self.kept[id_]}", observed=f"{told}", answer=answer)

    def seen(self, resource: Mapping[str, Any]) -> dict[str, Any]:
        """The attributes of the model, as a resource shows them."""
        return {name: resource[name] for name in ("userName", *self.names) if resource.get(name) not in (None, "")}

    def replace(self, id_: str, value: str) -> None:
        """PUT a user with this value in every attribute of the model."""
        attributes = {**dict.fromkeys(self.names, value), "userName": self.kept[id_]["userName"]}
        answer = self.users.client.put(self.users.path(id_), self.users.body(**self.stamp, **attributes))
        self.written(REPLACED, id_, answer, attributes)

    def patch(self, id_: str, name: str, value: str) -> None:
        """PATCH one attribute with a new value."""
        operation = {"op": "replace", "path": name, "value": value}
        answer = self.users.client.patch(self.users.path(id_), [operation])
        self.written(PATCHED, id_, answer, {**self.kept[id_], name: value})

    def remove(self, id_: str, name: str) -> None:
        """PATCH one attribute away; where there is none, that may be refused (AMB-24)."""
        answer = self.users.client.patch(self.users.path(id_), [{"op": "remove", "path": name}])
        left = {known: value for known, value in self.kept[id_].items() if known != name}
        self.written(REMOVED, id_, answer, left)

    def written(self, clause_id: str, id_: str, answer: Answer, attributes: Mapping[str, str]) -> None:
        """Judge that a write was done, or was refused and did nothing."""
        fine = answer.ok or answer.status == 400
        holds(clause_id, fine, expected="2xx, or 400", observed=shown(answer), answer=answer)
        if answer.ok:
            self.kept[id_] = dict(attributes)
        self.compare(clause_id, id_, self.users.client.get(self.users.path(id_)))

    def query(self, name: str, value: str) -> None:
        """Judge that a filter finds the users who have a value."""
        answer, entries = listed(self.users.client, self.users.endpoint, f"{name} eq {literal(value)} and {self.fence}")
        wanted = sorted(id_ for id_, user in self.kept.items() if self.same(name, user.get(name), value))
        told = sorted(str(entry.get("id")) for entry in entries) if answer.ok else shown(answer)
        holds(FOUND, told == wanted, expected=f"{name} {value!r}: {wanted}", observed=told, answer=answer)

    def same(self, name: str, one: str | None, other: str) -> bool:
        """Whether a filter takes two values for equal."""
        return one is not None and (one == other if name in self.exact else fold(one, "full") == fold(other, "full"))

    def delete(self, id_: str) -> None:
        """DELETE a user, and judge that it is gone."""
        answer = self.users.client.delete(self.users.path(id_))
        holds(DELETED, answer.status == 204, expected="204", observed=shown(answer), answer=answer)
        del self.kept[id_]
        self.gone.append(id_)
        self.read(id_)

    def close(self) -> None:
        """Judge that a list of the model's users is what the model holds."""
        answer, entries = listed(self.users.client, self.users.endpoint, self.fence)
        told = {str(entry.get("id")): self.seen(entry) for entry in entries} if answer.ok else {}
        ghosts = [id_ for id_ in self.gone if id_ in told]
        holds(UNLISTED, not ghosts, expected="no deleted user", observed=f"{ghosts}", answer=answer)
        holds(FOUND, told == self.kept, expected=f"{self.kept}", observed=f"{told}", answer=answer)

    def clear(self) -> None:
        """Delete what is left, unless the end of the run does."""
        for id_ in () if self.users.left else self.kept:
            self.users.client.delete(self.users.path(id_))


class Life(RuleBasedStateMachine):
    """Steps in any order; which user a step is about does not hang on the target, so that examples shrink."""

    def __init__(self, book: Book, bounds: Bounds, *, filters: bool, patches: bool) -> None:
        super().__init__()
        self.book, self.bounds = book, bounds
        self.filters, self.patches = filters, patches
        self.idle, self.fell = bounds.spent(), False

    def step(self, act: Callable[..., None], who: int | None, *arguments: Any) -> None:
        """Take a step with a user, or with none where `who` is None."""
        chosen = [] if who is None else [self.book.pick(who)]
        if self.idle or None in chosen:
            return
        try:
            act(*chosen, *arguments)
        except Broken:
            self.fell = True
            self.bounds.failed()
            raise

    @initialize(title=texts(), other=texts())
    def begin(self, title: str, other: str) -> None:
        """There are two users from the start."""
        for text in (title, other):
            self.step(self.book.create, None, {"title": text})

    @rule(title=texts())
    def create(self, title: str) -> None:
        """A user is created."""
        self.step(self.book.create, None, {"title": title})

    @rule(who=WHO)
    def read(self, who: int) -> None:
        """A user is read."""
        self.step(self.book.read, who)

    @rule(who=WHO, value=texts())
    def replace(self, who: int, value: str) -> None:
        """A user is replaced."""
        self.step(self.book.replace, who, value)

    @precondition(lambda self: self.patches)
    @rule(who=WHO, which=WHO, value=texts())
    def patch(self, who: int, which: int, value: str) -> None:
        """An attribute is changed."""
        self.step(self.book.patch, who, self.book.names[which % len(self.book.names)], value)

    @precondition(lambda self: self.patches)
    @rule(who=WHO, which=WHO)
    def remove(self, who: int, which: int) -> None:
        """An attribute is removed."""
        self.step(self.book.remove, who, self.book.names[which % len(self.book.names)])

    @precondition(lambda self: self.filters)
    @rule(which=WHO, value=texts())
    def query(self, which: int, value: str) -> None:
        """Users are searched for by a value."""
        self.step(self.book.query, None, self.book.names[which % len(self.book.names)], value)

    @precondition(lambda self: self.filters)
    @rule(who=WHO)
    def find(self, who: int) -> None:
        """Users are searched for by a value that one of them has."""
        id_ = self.book.pick(who)
        for name in [name for name in self.book.names if id_ and name in self.book.kept[id_]][:1]:
            self.step(self.book.query, None, name, self.book.kept[str(id_)][name])

    @rule(who=WHO)
    def delete(self, who: int) -> None:
        """A user is deleted."""
        self.step(self.book.delete, who)

    def teardown(self) -> None:
        """The list is judged, and what is left is deleted."""
        try:
            if self.filters and not self.fell:
                self.step(self.book.close, None)
        finally:
            self.book.clear()


@pytest.fixture
def pages(users: Users, target: Target) -> Callable[[], Book]:
    """Makes an empty model."""
    declared = {name: target.capabilities.attribute("User", name) for name in SINGLE}
    names = [name for name, found in declared.items() if found is not None]
    exact = {name for name, found in declared.items() if found and found.get("caseExact") is True}
    return lambda: Book(users, names, exact, stamped=target.has("attribute:User.userType"))


@clause(CREATED, READ, REPLACED, PATCHED, REMOVED, FOUND, DELETED, UNLISTED)
@budget(90, 240, 4000)
def test_users_live_as_the_model_says(pages: Callable[[], Book], target: Target, run: Run) -> None:
    """Whatever the order of the steps, users are as they were written, and found by it."""
    filters, patches, bounds = target.has("filter"), target.has("patch"), Bounds(run, requests=6)
    opening(pages(), filters=filters, patches=patches)

    class Bound(Life):
        def __init__(self) -> None:
            super().__init__(pages(), bounds, filters=filters, patches=patches)

    settings = profile(run, quick=2, standard=6, deep=60, steps=STEPS[run.effort])
    run_state_machine_as_test(seed(run.seed)(Bound), settings=settings)


def opening(book: Book, *, filters: bool, patches: bool) -> None:
    """Take each step once, so that every clause is judged."""
    book.create({"title": "First"})
    id_ = book.pick(0)
    if id_ is None:
        raise Unusable("the target refuses a plain user", setup=True)
    book.read(id_)
    book.replace(id_, "Second")
    if patches:
        book.patch(id_, book.names[0], "Third")
        book.remove(id_, book.names[-1])
    if filters:
        book.query(book.names[0], "Third" if patches else "Second")
    book.delete(id_)
    if filters:
        book.close()
