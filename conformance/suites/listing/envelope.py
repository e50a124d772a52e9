"""The ListResponse around the entries of a query."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from conformance.client import Answer, ScimClient
from conformance.judging import budget, clause, either, holds, refused
from conformance.strategies.lists import ids, listed
from conformance.strategies.population import Population
from conformance.strategies.trees import Compare, literal
from conformance.strategies.values import HOSTILE
from conformance.target import Target

pytestmark = budget(4, 5)

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def envelope(answer: Answer) -> dict[str, Any]:
    """The members of a 200 answer that is a JSON object, else nothing."""
    found = answer.json if answer.status == 200 else None
    return found if isinstance(found, dict) else {}


def integer(value: object) -> bool:
    """Whether a value is a JSON number without a fraction, at least 0."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def fenced(population: Population, **params: Any) -> Answer:
    """One page of the population, or of all users where nothing fences it."""
    return population.scim.query(population.path, population.fence or None, **params)


def members(population: Population) -> int | None:
    """How many users a fenced list holds; None where nothing fences the population."""
    return len(population.users) if population.fence else None


@clause("7644-3.4.2-01")
def test_a_list_is_tagged(population: Population) -> None:
    """A list of users is tagged with the ListResponse URN and no other."""
    answer = fenced(population, count=2)
    tags = envelope(answer).get("schemas")
    holds(
        "7644-3.4.2-01", tags == [LIST], expected=f"schemas [{LIST}]", observed=tags or answer.body[:100], answer=answer
    )


@clause("7644-3.4.2-02")
def test_total_results_counts_all_matches(population: Population) -> None:
    """totalResults counts all matches, not the entries of the page."""
    whole, found = listed(population.scim, population.path, population.fence or None)
    page = fenced(population, count=1)
    totals = [envelope(answer).get("totalResults") for answer in (whole, page)]
    wanted = members(population) or len(found)
    right = all(integer(total) and total == wanted for total in totals)
    holds("7644-3.4.2-02", right, expected=f"{wanted} twice", observed=totals, answer=page)


@clause("7644-3.4.2-03")
def test_resources_is_a_list(population: Population) -> None:
    """Resources is a list of objects where there are matches."""
    answer = fenced(population, count=2)
    found = envelope(answer).get("Resources")
    right = isinstance(found, list) and len(found) > 0 and all(isinstance(entry, dict) for entry in found)
    holds("7644-3.4.2-03", right, expected="a list with entries", observed=type(found).__name__, answer=answer)


@clause("7644-3.4.2-04")
def test_a_page_tells_where_it_is(population: Population) -> None:
    """A partial result carries startIndex and itemsPerPage."""
    answer = fenced(population, count=1)
    told = {name: envelope(answer).get(name) for name in ("startIndex", "itemsPerPage")}
    holds("7644-3.4.2-04", all(map(integer, told.values())), expected="two integers", observed=told, answer=answer)


@clause("7644-3.4.2-05")
def test_no_match_is_success(population: Population) -> None:
    """A query without a match gives 200, totalResults 0 and no entries."""
    answer = population.scim.query(population.path, f'userName eq "{population.mark}nobody"')
    told = envelope(answer)
    right = told.get("totalResults") == 0 and not told.get("Resources")
    holds("7644-3.4.2-05", right, expected="200, 0, no entries", observed=answer.body[:160], answer=answer)


@clause("7644-3.4.2-06")
def test_one_match_is_still_a_list(population: Population) -> None:
    """A query with one match gives a list of one entry."""
    user = population.user("dee")
    answer = population.scim.query(population.path, f"userName eq {literal(user['userName'])}")
    told = envelope(answer)
    entries = told.get("Resources")
    right = told.get("schemas") == [LIST] and isinstance(entries, list) and ids(entries) == [user["id"]]
    holds("7644-3.4.2-06", right, expected="a ListResponse of one", observed=answer.body[:160], answer=answer)


@clause("7644-3.4.2-07")
def test_unknown_parameters_are_ignored(population: Population) -> None:
    """Unknown query parameters change nothing."""
    plain, odd = fenced(population, count=3), fenced(population, count=3, harness="1", aadOptscim062020="")
    same = odd.status == 200 and ids(odd.resources) == ids(plain.resources)
    holds("7644-3.4.2-07", same, expected="the same page", observed=odd.body[:120], answer=odd)


@clause("7643-3-08")
def test_entries_are_whole_resources(population: Population) -> None:
    """Each entry of a list is the resource that its id gives, with schemas, id and meta."""
    answer = fenced(population, count=3)
    lacking = [
        entry for entry in answer.resources if not (entry.get("schemas") and entry.get("id") and entry.get("meta"))
    ]
    holds("7643-3-08", not lacking, expected="schemas, id and meta", observed=lacking[:1], answer=answer)
    for entry in answer.resources[:1]:
        read = population.scim.get(f"{population.path}/{entry['id']}")
        differing = sorted(name for name in {*entry, *read.resource} if entry.get(name) != read.resource.get(name))
        holds(
            "7643-3-08", not differing, expected="the resource as read", observed=f"differs in {differing}", answer=read
        )


@clause("7644-3.4.2.1-01")
def test_an_endpoint_lists_its_type_only(population: Population) -> None:
    """The endpoint of users lists users only, the whole population among them."""
    answer, entries = listed(population.scim, population.path, population.fence or None)
    others = [entry.get("id") for entry in entries if (entry.get("meta") or {}).get("resourceType") != "User"]
    holds("7644-3.4.2.1-01", not others, expected="users only", observed=others[:3], answer=answer)
    missing = population.names(population.users.keys() - set(ids(entries)))
    whole = missing == "nobody" or len(entries) < answer.total
    holds("7644-3.4.2.1-01", whole, expected="the whole population", observed=f"missing: {missing}", answer=answer)


@clause("7644-3.4.2.1-05")
def test_a_query_on_one_resource(population: Population) -> None:
    """A filter on one resource gives that resource, a list with it, or is refused."""
    user = population.user("gil")
    answer = population.scim.query(f"{population.path}/{user['id']}", "userName pr")
    body = envelope(answer)
    listed_ = body.get("Resources")
    variants = {
        "resource": body.get("id") == user["id"],
        "list": isinstance(listed_, list) and ids(listed_) in ([], [user["id"]]),
        "refused": answer.status == 400,
    }
    either("7644-3.4.2.1-05", "AMB-29", variants, observed=answer.body[:120], answer=answer)


@clause("7644-3.4.2.1-06")
def test_nothing_is_cut_in_silence(scim: ScimClient, population: Population) -> None:
    """A list of all users is paged with its true total, or refused with 400 tooMany."""
    answer = scim.query(population.path)
    if answer.status != 200:
        refused("7644-3.4.2.1-06", answer, status=400, scim_type="tooMany")
        return
    enough = answer.total >= max(len(population.users), len(answer.resources))
    told = f"{len(answer.resources)} of {answer.total}"
    holds(
        "7644-3.4.2.1-06", enough, expected=f"a total of {len(population.users)} or more", observed=told, answer=answer
    )


@clause("7643-5-14")
def test_max_results_is_the_ceiling(population: Population, target: Target) -> None:
    """No answer holds more entries than filter.maxResults."""
    most = target.capabilities.limit("filter", "maxResults")
    answer = fenced(population, count=(most or 0) + 1)
    right = answer.ok and (most is None or len(answer.resources) <= most)
    holds("7643-5-14", right, expected=f"at most {most}", observed=len(answer.resources), answer=answer)


@clause("7644-1.2-01")
def test_queries_are_percent_decoded(population: Population) -> None:
    """A percent-encoded query is decoded, a plus sign among them."""
    wanted = population.oracle.expect(Compare("displayName", "eq", HOSTILE["plus"])).must
    text = quote(population.fenced(f"displayName eq {literal(HOSTILE['plus'])}", bare=True), safe="")
    answer = population.scim.get(f"{population.path}?filter={text}")
    found = ids(answer.resources) if answer.ok else answer.status
    holds("7644-1.2-01", found == [*wanted], expected=population.names(wanted), observed=found, answer=answer)


@clause("7644-3.4.2.2-02")
def test_an_empty_filter_is_refused(population: Population) -> None:
    """A filter without an expression is refused, or treated as absent."""
    for text in ("", "%20"):
        answer = population.scim.get(f"{population.path}?filter={text}&count=1")
        variants = {"refused": answer.status == 400, "absent": answer.ok and answer.total >= len(population.users)}
        either("7644-3.4.2.2-02", "AMB-30", variants, observed=answer.status, about=repr(text), answer=answer)


@clause("7644-3.4.2-09")
def test_repeated_parameters_do_no_harm(population: Population) -> None:
    """A repeated parameter is answered or refused cleanly."""
    for query in ("count=1&count=2", "startIndex=1&startIndex=2&count=1", "sortBy=userName&sortBy=title&count=1"):
        answer = population.scim.get(f"{population.path}?{query}")
        told = f"{query}: {answer.status}"
        holds("7644-3.4.2-09", answer.status in {200, 400}, expected="200 or 400", observed=told, answer=answer)


@clause("7644-3.4.2.4-01")
@budget(7, 8)
def test_pages_of_an_idle_server_are_definite(population: Population) -> None:
    """The pages of an idle server hold each user exactly once."""
    size = max(5, len(population.users) // 5)
    answer, entries = listed(population.scim, population.path, population.fence or None, page=size)
    found = ids(entries)
    missing = population.users.keys() - set(found) if len(found) >= answer.total else set()
    told = f"{len(found)} entries, {len(set(found))} users, missing {population.names(missing)}"
    holds(
        "7644-3.4.2.4-01",
        len(found) == len(set(found)) and not missing,
        expected="each once",
        observed=told,
        answer=answer,
    )
