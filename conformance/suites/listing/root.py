"""Queries on the base URI, over users and groups at once (RFC 7644 section 3.4.2.1)."""

from __future__ import annotations

from typing import Any

from conformance.client import Answer
from conformance.judging import budget, clause, holds
from conformance.population import Document, Groups
from conformance.strategies.lists import ids, listed
from conformance.strategies.population import Population
from conformance.strategies.trees import literal
from conformance.suites.filtering.asking import shown

pytestmark = budget(4, 5)


def asked(population: Population, text: str, path: str = "/") -> tuple[Answer, list[dict[str, Any]]]:
    """What a filter finds below the base URI, or below another path."""
    return listed(population.scim, path, text)


def types(entries: list[dict[str, Any]]) -> set[str]:
    """The resource types of entries."""
    return {str((entry.get("meta") or {}).get("resourceType")) for entry in entries}


@clause("7644-3.4.2.1-02")
def test_the_root_covers_all_types(population: Population, empty_group: Document) -> None:
    """A query on the base URI finds users and groups."""
    group, user = empty_group, population.user("gil")
    answer, entries = asked(population, f'id eq "{group["id"]}" or id eq "{user["id"]}"')
    found = sorted(ids(entries)) if answer.ok else shown(answer)
    wanted = sorted([str(group["id"]), str(user["id"])])
    holds("7644-3.4.2.1-02", found == wanted, expected=f"{wanted}", observed=found, answer=answer)


@clause("7644-3.4.2.1-03")
def test_the_root_is_restricted_by_type(population: Population, empty_group: Document) -> None:
    """meta.resourceType restricts a query on the base URI."""
    group, user = empty_group, population.user("gil")
    for name, wanted in (("User", user["id"]), ("Group", group["id"])):
        text = f'meta.resourceType eq "{name}" and (id eq "{group["id"]}" or id eq "{user["id"]}")'
        answer, entries = asked(population, text)
        found = ids(entries) if answer.ok else shown(answer)
        holds("7644-3.4.2.1-03", found == [wanted], expected=f"the {name}", observed=found, answer=answer)


@clause("7644-3.4.2.1-04")
def test_attributes_a_type_lacks_have_no_value(population: Population, empty_group: Document) -> None:
    """In a query over several types, an attribute a type lacks counts as unassigned."""
    group, user = empty_group, population.user("gil")
    either_of = f'(id eq "{group["id"]}" or id eq "{user["id"]}")'
    for text, wanted in ((f"userName pr and {either_of}", user), (f"not (userName pr) and {either_of}", group)):
        answer, entries = asked(population, text)
        found = ids(entries) if answer.ok else shown(answer)
        holds("7644-3.4.2.1-04", found == [wanted["id"]], expected=text, observed=found, answer=answer)


@clause("7644-3.4.2.1-08")
@budget(13, 13)
def test_the_root_follows_the_rules_of_the_endpoints(population: Population, groups: Groups) -> None:
    """A query on the base URI finds what the endpoints find, whatever the filter."""
    name = literal(groups.create(displayName=f"{population.mark}Cole")["displayName"])
    cy = literal(str(population.user("cy")["displayName"]))
    first = literal(str(population.user("gil")["externalId"]))
    for text in (
        f"displayName eq {name} or displayName eq {cy} and externalId pr",
        f'(displayName eq {name} or externalId eq {first}) and meta.resourceType ne "Nothing"',
        f"displayName EQ {name.upper()} or externalId eq {literal(population.user('gil')['externalId'].swapcase())}",
    ):
        answer, entries = asked(population, text)
        apart = [asked(population, text, path)[1] for path in (population.path, groups.endpoint)]
        wanted = sorted(ids([*apart[0], *apart[1]]))
        found = sorted(ids(entries)) if answer.ok else shown(answer)
        holds("7644-3.4.2.1-08", found == wanted, expected=f"{text}: {wanted}", observed=found, answer=answer)
