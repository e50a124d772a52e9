"""Queries by POST to .search (RFC 7644 section 3.4.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.client import Answer, ScimClient
from conformance.judging import budget, clause, either, holds, not_applicable, refused
from conformance.population import Document, Groups
from conformance.run import Run
from conformance.strategies.lists import ids
from conformance.strategies.population import Population
from conformance.strategies.trees import CORE, literal
from conformance.suites.filtering.asking import shown
from conformance.suites.listing.envelope import LIST, envelope, fenced
from conformance.target import Target

pytestmark = budget(2)

SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


def asked(scim: ScimClient, path: str, **members: Any) -> Answer:
    """The answer to a SearchRequest with these members below an endpoint."""
    return scim.post(f"{path}/.search", {"schemas": [SEARCH], **members})


def searched(population: Population, **members: Any) -> Answer:
    """The answer to a SearchRequest over the population."""
    fence = {"filter": population.fence} if population.fence else {}
    return asked(population.scim, population.path, **{**fence, **members})


def found(answer: Answer) -> list[str]:
    """The ids of what a search found; none where it is no 200."""
    entries = envelope(answer).get("Resources") or []
    return ids([entry for entry in entries if isinstance(entry, dict)]) if isinstance(entries, list) else []


def told(answer: Answer) -> str:
    """Status and beginning of an answer, for a report."""
    return f"{shown(answer)} {answer.body[:160]!r}"


@clause("7644-3.4.3-01")
@budget(3)
def test_a_search_is_a_query(population: Population, groups: Groups, empty_group: Document) -> None:
    """POST to .search below an endpoint is a query of it, and creates nothing."""
    user, group = population.user("gil"), empty_group
    for path, resource in ((population.path, user), (groups.endpoint, group)):
        answer = asked(population.scim, path, filter=f"id eq {literal(str(resource['id']))}")
        tags = envelope(answer).get("schemas")
        variants = {
            "offered": answer.status == 200 and tags == [LIST] and found(answer) == [resource["id"]],
            "absent": answer.status in {404, 405, 501},
        }
        either("7644-3.4.3-01", "AMB-27", variants, observed=told(answer), answer=answer)


@clause("7644-3.4.3-02", "7644-3.4.3-04", "7644-3.4.3-13")
@budget(5)
def test_the_root_is_searched(population: Population, groups: Groups, target: Target) -> None:
    """A search of the root finds users and groups as a query of it does, in one order over their pages."""
    if not target.has("root query"):
        for name in ("7644-3.4.3-02", "7644-3.4.3-04", "7644-3.4.3-13"):
            not_applicable(name, "the root is not queried here")
        return
    people = [population.user(name) for name in ("cy", "ann.lee")]
    resources = [*people, groups.create(displayName=f"Bea {groups.run.name('g')}")]
    text = " or ".join(f"id eq {literal(str(each['id']))}" for each in resources)
    whole, plain = asked(population.scim, "", filter=text), population.scim.query("/", text)
    same = sorted(found(whole)) == sorted(ids(resources))
    holds("7644-3.4.3-02", same, expected=f"{ids(resources)}", observed=told(whole), answer=whole)
    same = envelope(whole) == envelope(plain) or whole.status in {404, 405, 501}
    holds("7644-3.4.3-04", same, expected=f"as by GET: {told(plain)}", observed=told(whole), answer=whole)
    if whole.ok and target.has("sort"):
        in_one_order(population.scim, text, resources)
    else:
        not_applicable("7644-3.4.3-13", "the root is not searched and sorted here")


def in_one_order(scim: ScimClient, text: str, resources: list[Mapping[str, Any]]) -> None:
    """Judge that pages of resources of several types are sorted by the name they all have."""
    wanted = ids(sorted(resources, key=lambda each: str(each["displayName"]).casefold(), reverse=True))
    order = {"filter": text, "sortBy": "displayName", "sortOrder": "descending", "count": 2}
    pages = [asked(scim, "", **order, startIndex=start) for start in (1, 3)]
    entries = [id_ for page in pages for id_ in found(page)]
    totals = [envelope(page).get("totalResults") for page in pages]
    right = entries == wanted and totals == [len(wanted)] * 2
    observed = f"{entries}, totals {totals}"
    holds("7644-3.4.3-13", right, expected=f"{wanted}", observed=observed, answer=pages[-1])


@clause("7644-3.4.3-03")
def test_a_search_is_tagged(population: Population) -> None:
    """A body without the URN of a SearchRequest, or with another one, is refused."""
    for tags in ({}, {"schemas": [LIST]}):
        answer = population.scim.post(f"{population.path}/.search", {**tags, "count": 1})
        refused("7644-3.4.3-03", answer, status=400, scim_type=("invalidSyntax", "invalidValue"))


@clause("7644-3.4.3-04")
@budget(4)
def test_a_search_equals_the_query(population: Population, target: Target) -> None:
    """A search gives what GET gives with the same parameters: filter, order, page and attributes."""
    text = population.fenced("title pr", bare=True)
    order = {"sortBy": "userName", "sortOrder": "descending"} if target.has("sort") else {}
    queries: list[dict[str, Any]] = [
        {**order, "startIndex": 2, "count": 3, "attributes": ["userName", "name.familyName"]},
        {"startIndex": 3, "count": 2, "excludedAttributes": ["emails", "name.givenName"]},
    ]
    for params in queries:
        by_get = population.scim.query(population.path, text, **params)
        by_post = asked(population.scim, population.path, filter=text, **params)
        same = by_get.status == by_post.status and envelope(by_get) == envelope(by_post)
        holds("7644-3.4.3-04", same, expected=f"as {by_get}: {told(by_get)}", observed=told(by_post), answer=by_post)


@clause("7644-3.4.3-05")
@budget(2)
def test_names_of_a_search_are_a_list(population: Population) -> None:
    """attributes of a search is a JSON array of names; one string is understood or refused."""
    kept = searched(population, attributes=["userName", "name"], count=3)
    text = searched(population, attributes="userName,name", count=3)
    right = only(population, kept, {"userName", "name"})
    holds("7644-3.4.3-05", right, expected="userName and name", observed=told(kept), answer=kept)
    right = text.status in {200, 400}
    holds("7644-3.4.3-05", right, expected="200 or 400", observed=told(text), answer=text)


def only(population: Population, answer: Answer, names: set[str]) -> bool:
    """Whether entries hold the named attributes they have, and no other of those that users of the population have."""
    usual = {"displayName", "emails", "title", "userType", "active", "name", "userName"}
    entries = envelope(answer).get("Resources") or []
    whole = [population.users.get(str(entry.get("id")), entry) for entry in entries]
    return bool(entries) and all(
        usual & entry.keys() == names & user.keys() for entry, user in zip(entries, whole, strict=True)
    )


@clause("7644-3.4.3-06")
@budget(3)
def test_a_search_reads_filters_as_a_query_does(population: Population) -> None:
    """A filter in a body has the grammar of one in a URL, with nothing to be decoded."""
    answer = asked(population.scim, population.path, filter='userName qe "a"')
    refused("7644-3.4.3-06", answer, status=400, scim_type="invalidFilter")
    user = population.user("jo+x")
    for name in (str(user["userName"]), str(user["userName"]).replace("+", "%2B")):
        answer = asked(population.scim, population.path, filter=f"userName eq {literal(name)}")
        wanted = [user["id"]] if name == user["userName"] else []
        right = answer.status == 200 and found(answer) == wanted
        holds("7644-3.4.3-06", right, expected=f"{name}: {wanted}", observed=told(answer), answer=answer)


@clause("7644-3.4.3-07")
@budget(2)
def test_a_search_sorts_by_any_name(population: Population) -> None:
    """sortBy of a search takes the URN of the schema and names in any case."""
    wanted = found(searched(population, sortBy="userName", sortOrder="descending", count=5))
    answer = searched(population, sortBy=f"{CORE}:USERNAME", sortOrder="descending", count=5)
    right = len(wanted) == 5 and found(answer) == wanted
    holds("7644-3.4.3-07", right, expected=f"{wanted}", observed=told(answer), answer=answer)


@clause("7644-3.4.3-13")
def test_a_search_keeps_what_is_always_there(population: Population, target: Target) -> None:
    """In a search, excludedAttributes takes no id away and sortBy orders as in a query."""
    order = {"sortBy": "name.familyName", "sortOrder": "descending"} if target.has("sort") else {}
    answer = searched(population, excludedAttributes=["id", "emails"], count=200, **order)
    entries = envelope(answer).get("Resources") or []
    right = bool(entries) and all(entry.get("id") and "emails" not in entry for entry in entries)
    holds("7644-3.4.3-13", right, expected="id, no emails", observed=told(answer), answer=answer)
    if order:
        wanted = found(fenced(population, count=200, **order))
        holds("7644-3.4.3-13", found(answer) == wanted, expected=f"{wanted}", observed=found(answer), answer=answer)


@clause("7644-3.4.3-08")
def test_the_numbers_of_a_search_are_integers(population: Population) -> None:
    """Numbers of a search that are no integers are understood as such, or refused."""
    for count in ("1", 1.5):
        answer = searched(population, count=count)
        right = answer.status == 400 or (answer.status == 200 and len(found(answer)) <= 1)
        observed = f"count {count!r}: {told(answer)}"
        holds("7644-3.4.3-08", right, expected="one entry, or 400", observed=observed, answer=answer)


@clause("7644-3.4.3-09")
def test_a_search_may_ask_for_everything(population: Population) -> None:
    """A search without parameters lists the users."""
    answer = asked(population.scim, population.path)
    right = envelope(answer).get("totalResults", 0) >= len(population.users) and bool(found(answer))
    holds("7644-3.4.3-09", right, expected="the first users of all", observed=told(answer), answer=answer)


@clause("7644-3.12-21")
def test_a_search_that_is_no_json_is_refused(population: Population) -> None:
    """A search whose body is no JSON is refused with invalidSyntax."""
    answer = population.scim.request("POST", f"{population.path}/.search", body=b'{"schemas": [')
    refused("7644-3.12-21", answer, status=400, scim_type="invalidSyntax")


@clause("7644-3.4.3-10")
@budget(4)
def test_a_search_is_paged_as_a_query(population: Population) -> None:
    """Paging in a body: 0 and less are no entries, and a start below one is the first."""
    pages = [searched(population, count=count) for count in (0, -1)]
    for page in pages:
        right = page.status == 200 and not found(page) and envelope(page).get("totalResults", 0) > 0
        holds("7644-3.4.3-10", right, expected="a total, no entries", observed=told(page), answer=page)
    first, second = searched(population, count=3, startIndex=0), searched(population, count=2, startIndex=2)
    right = len(found(first)) == 3 and found(second) == found(first)[1:]
    holds("7644-3.4.3-10", right, expected=f"then {found(first)[1:]}", observed=told(second), answer=second)


@clause("7644-3.4.3-11")
@budget(6)
def test_a_search_creates_nothing(population: Population, run: Run) -> None:
    """A search that carries the attributes of a user creates neither that one nor another."""
    name = run.email("search")
    body: Mapping[str, Any] = {"schemas": [SEARCH, CORE], "userName": name, "displayName": name, "count": 0}
    totals = [population.scim.query(population.path, count=0).total]
    for _ in range(2):
        answer = population.scim.post(f"{population.path}/.search", body)
        totals.append(population.scim.query(population.path, count=0).total)
        if totals[-1] <= totals[-2]:  # a total that rises once may be somebody else's user
            break
    after = population.scim.query(population.path, f"userName eq {literal(name)}")
    right = answer.status != 201 and not found(after) and totals[-1] <= totals[-2]
    observed = f"totals {totals}; {told(after)}"
    holds("7644-3.4.3-11", right, expected="no user more", observed=observed, answer=answer, harm=True)


@clause("7644-7.5.2-01")
def test_a_sensitive_filter_may_be_searched(population: Population) -> None:
    """A filter that is too sensitive for a URL is accepted in a body."""
    text = f"userName eq {literal(str(population.user('cy')['userName']))}"
    answer = population.scim.query(population.path, text)
    if answer.status != 403 or answer.scim_type != "sensitive":
        not_applicable("7644-7.5.2-01", f"userName is not sensitive here: {shown(answer)}")
        return
    search = asked(population.scim, population.path, filter=text)
    holds("7644-7.5.2-01", search.ok, expected="200", observed=told(search), answer=search)


@clause("7644-3.4.3-12")
def test_nothing_is_searched_where_nothing_is(population: Population, run: Run) -> None:
    """.search below what is no endpoint is not found."""
    answer = asked(population.scim, f"/{run.name('nope')}")
    refused("7644-3.4.3-12", answer, status=404)
