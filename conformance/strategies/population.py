"""Users made once to be searched for: what the target shows of them, and the fence and the oracle around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final, TypeVar

from conformance.client import Answer, ScimClient
from conformance.errors import Unusable
from conformance.oracle import Finding, Oracle
from conformance.population import OMIT, Users
from conformance.strategies.lists import ids, listed
from conformance.strategies.trees import ENTERPRISE, PLAINEST, Compare, Not, Present, Spelling, Tree, leaves, render
from conformance.strategies.users import body, people
from conformance.strategies.vocabulary import FURTHER, Attribute, member

Item = TypeVar("Item")
LEAST: Final = 24
"""So few users can still be judged on; the rows a target refuses are noted."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One filter, what was answered, and the entries on all its pages."""

    text: str
    answer: Answer
    entries: tuple[Mapping[str, Any], ...]

    @property
    def ids(self) -> list[str]:
        """The ids of the entries, in order."""
        return ids(self.entries)

    @property
    def complete(self) -> bool:
        """Whether there are as many entries as totalResults says."""
        return self.answer.ok and len(self.entries) == self.answer.total

    @property
    def refused(self) -> bool:
        """Whether the target says that it does not take such a filter: 400, with invalidFilter or no keyword."""
        return self.answer.status == 400 and self.answer.scim_type in {None, "invalidFilter"}


@dataclass(slots=True)
class Population:
    """Users of a target by id, as it shows them: in the list that the fence finds, else one by one.

    `mark` begins every userName; `fence` is a filter proved to find exactly these users, empty where none is;
    `dropped` are rows the target refused with 4xx; `negation` is what may stand between `not` and its parenthesis;
    `works` and `refused` are pairs (path, operator) as they were answered; `asked` is what a check asked already;
    `quick` asks fewer questions.
    """

    scim: ScimClient
    path: str
    mark: str
    users: Mapping[str, Mapping[str, Any]]
    attributes: tuple[Attribute, ...]
    dropped: tuple[str, ...] = ()
    quick: bool = False
    fence: str = ""
    negation: tuple[str, ...] = (" ", "")
    works: set[tuple[str, str]] = field(default_factory=set)
    refused: set[tuple[str, str]] = field(default_factory=set)
    asked: dict[str, Asked] = field(default_factory=dict)
    oracle: Oracle = field(init=False)

    def __post_init__(self) -> None:
        self.oracle = Oracle(self.users, (*self.attributes, *FURTHER))

    def forget(self) -> None:
        """What one check asked and learnt about open readings does not reach the next."""
        self.asked.clear()
        self.oracle.forget()

    def user(self, local: str) -> Mapping[str, Any]:
        """The user made from the row of that name; raises Unusable when the target refused the row."""
        start = f"{self.mark}{local}@".lower()
        found = (user for user in self.users.values() if str(member(user, "userName")).lower().startswith(start))
        if (user := next(found, None)) is None:
            raise Unusable(f"the target refused the user {local!r} of the population", setup=True)
        return user

    def few(self, questions: Sequence[Item]) -> Sequence[Item]:
        """The questions a check asks: all of them, or one where the run is quick."""
        return questions[:1] if self.quick else questions

    def fenced(self, text: str, *, first: bool = False, bare: bool = False) -> str:
        """A filter that finds nobody outside of the population, the fence before or behind it.

        A `bare` one is a single condition and needs no parentheses, which not every target understands.
        """
        if not self.fence:
            return text
        inside = text if bare else f"({text})"
        return f"{self.fence} and {inside}" if first else f"{inside} and {self.fence}"

    def ask(self, filter_: Tree | str, how: Spelling = PLAINEST, *, first: bool = False, **params: Any) -> Asked:
        """What a filter finds inside the fence; one exchange per page, none where the check asked the same before."""
        text = filter_ if isinstance(filter_, str) else render(filter_, self.spelled(how))
        sent = self.fenced(text, first=first, bare=isinstance(filter_, Compare | Present))
        question = f"{sent} {params}"
        if (known := self.asked.get(question)) is not None:
            self.scim.transport.recorder.note(known.answer.exchange)
            return known
        answer, entries = listed(self.scim, self.path, sent, **params)
        return self.asked.setdefault(question, Asked(sent, answer, tuple(entries)))

    def spelled(self, how: Spelling) -> Spelling:
        """The same spelling with a `not` that the target was seen to understand."""
        return how if how.negation in self.negation else replace(how, negation=self.negation[0])

    def finds(self, tree: Tree, asked: Asked) -> Finding:
        """What an answer to a filter is worth: each user once, no stranger who does not match."""
        found = asked.ids
        strangers = [entry for entry in asked.entries if entry.get("id") not in self.users]
        if not self.fence and not asked.complete:
            raise Unusable(
                "no condition finds this run's users alone, and the target holds too many others", setup=True
            )
        amiss = self.fence or not all(self.oracle.could_match(tree, stranger) for stranger in strangers)
        if not asked.complete or len(set(found)) < len(found) or (strangers and amiss):
            return Finding.WRONG
        return self.oracle.judge(tree, {id_ for id_ in found if id_ in self.users})

    def seen(self, asked: Asked) -> set[str]:
        """The ids of an answer; where nothing fences the population, its own only."""
        return set(asked.ids) if self.fence else set(asked.ids) & self.users.keys()

    def pairs(self, tree: Tree) -> Iterator[tuple[tuple[str, str], Tree]]:
        """Each pair (path, operator) of a filter, with the smallest filter that asks for it."""
        for leaf in leaves(tree):
            yield (leaf.path, leaf.op if isinstance(leaf, Compare) else "pr"), leaf

    def lacks(self, tree: Tree) -> tuple[str, str] | None:
        """A pair of a refused filter that the target refuses by itself too (AMB-73); None when all work alone."""
        for pair, alone in self.pairs(tree):
            if pair not in self.works | self.refused:
                (self.refused if self.ask(alone).refused else self.works).add(pair)
            if pair in self.refused:
                return pair
        return None

    def names(self, found: set[str] | frozenset[str]) -> str:
        """Users by the names of their rows, for a report; strangers by their ids."""
        shown = sorted(self._name(id_) for id_ in found)
        return ", ".join(shown[:8]) + (f" and {len(shown) - 8} more" if len(shown) > 8 else "") or "nobody"

    def _name(self, id_: str) -> str:
        if id_ not in self.users:
            return f"the stranger {id_}"
        return str(member(self.users[id_], "userName")).removeprefix(self.mark).partition("@")[0]


def settle(users: Users, *, mark: str, attributes: tuple[Attribute, ...]) -> Population:
    """The population, created and read back; raises Unusable when fewer than 24 users came about."""
    made: dict[str, Mapping[str, Any]] = {}
    dropped: list[str] = []
    enterprise = any(attribute.parent.startswith(ENTERPRISE) for attribute in attributes)
    for person in islice(people(), LEAST if users.run.effort == "quick" else None):
        wanted = body(person, mark=mark, domain=users.run.domain, enterprise=enterprise)
        answer = users.post(
            users.body(**{name: OMIT if value in ("", None, [], {}) else value for name, value in wanted.items()})
        )
        if 400 <= answer.status < 500:
            dropped.append(person.local)
        else:
            made[str(answer.resource["id"])] = answer.resource
    if len(made) < LEAST:
        raise Unusable(
            f"only {len(made)} users of the population could be created, not {', '.join(dropped)}", setup=True
        )
    quick = users.run.effort == "quick"
    drafted = Population(users.client, users.endpoint, mark, made, attributes, tuple(dropped), quick=quick)
    fence, entries = _fence(drafted)
    shown = {str(entry["id"]): entry for entry in entries} or {id_: users.read(id_) for id_ in made}
    population = replace(drafted, users=shown, fence=fence)
    population.negation = _negation(population)
    return population


def _fence(population: Population) -> tuple[str, Sequence[Mapping[str, Any]]]:
    """The first condition on the mark that finds exactly the population, and what it finds; or nothing."""
    for tree in (
        Compare("userName", "sw", population.mark),
        Compare("externalId", "sw", population.mark),
        Compare("userType", "eq", population.mark),
    ):
        asked = population.ask(tree)
        if sorted(asked.ids) == sorted(population.users):
            return render(tree), asked.entries
    return "", ()


def _negation(population: Population) -> tuple[str, ...]:
    """What may stand after `not`: a space, nothing, or both; both where neither is understood."""
    tree = Not(Present("title"))
    understood = [gap for gap in (" ", "") if population.ask(render(tree, Spelling(negation=gap))).answer.ok]
    return tuple(understood) or (" ", "")
