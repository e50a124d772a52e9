"""What an answer may and must show of a user, from its whole representation and the schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from conformance.client import Answer
from conformance.strategies.population import Population
from conformance.suites.filtering.asking import shown
from conformance.suites.listing.envelope import envelope
from conformance.target import Target

Document = Mapping[str, Any]
Accept = Callable[[Document, Document], str]
"""What is wrong with a shown document, given the whole one; empty where it is right."""


def body_of(answer: Answer) -> dict[str, Any]:
    """The resource of a 2xx answer, empty where there is none."""
    found = answer.json if answer.ok and answer.body else None
    return found if isinstance(found, dict) else {}


def one(population: Population, local: str, **params: Any) -> Answer:
    """The answer to GET of one user of the population."""
    user = population.user(local)
    return population.scim.get(f"{population.path}/{user['id']}", params=params)


def told(answer: Answer) -> str:
    """Status and names of an answer, for a report."""
    return f"{shown(answer)} {sorted(body_of(answer))}"


def always(target: Target, type_name: str = "User") -> set[str]:
    """The names that every representation holds: id, schemas, what is returned always, and containers of such."""
    schemas = target.capabilities.schemas_of(type_name)
    names = {"id", "schemas"}
    for index, schema in enumerate(schemas):
        kept = {str(entry.get("name")) for entry in schema.get("attributes") or [] if has_always(entry)}
        names |= kept if index == 0 else ({str(schema.get("id"))} if kept else set())
    return names


def has_always(entry: Mapping[str, Any]) -> bool:
    """Whether an attribute is returned always."""
    return entry.get("returned") == "always"


def entries(answer: Answer) -> list[dict[str, Any]]:
    """The resources on a page; none where it is no 200."""
    found = envelope(answer).get("Resources") or []
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def pairs(population: Population, answer: Answer) -> Iterator[tuple[Document, Document]]:
    """Each user of the population on a page as it is shown there, and as a whole."""
    for entry in entries(answer):
        if (whole := population.users.get(str(entry.get("id")))) is not None:
            yield entry, whole


def only(names: Iterable[str], target: Target) -> Accept:
    """That a document holds these attributes, as the whole one has them, and beside them what is always there."""
    wanted = {*names}
    minimum = always(target)

    def amiss(found: Document, whole: Document) -> str:
        lacking = [name for name in {*wanted, "id"} & whole.keys() if found.get(name) != whole[name]]
        beyond = found.keys() - wanted - minimum
        return f"lacks {sorted(lacking)}, shows {sorted(beyond)}" if lacking or beyond else ""

    return amiss


def whole_but(*names: str) -> Accept:
    """That a document is the whole one without these attributes, `attr` or `attr.sub`."""

    def amiss(found: Document, whole: Document) -> str:
        wanted = without(whole, names)
        odd = sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))
        return f"differs in {odd}" if odd else ""

    return amiss


def without(whole: Document, names: Iterable[str]) -> dict[str, Any]:
    """A document without attributes or parts of single complex ones."""
    kept = dict(whole)
    for name in names:
        first, _, sub = name.partition(".")
        if not sub:
            kept.pop(first, None)
        elif isinstance(kept.get(first), dict):
            kept[first] = {key: value for key, value in kept[first].items() if key != sub}
            if not kept[first]:
                del kept[first]
    return kept
