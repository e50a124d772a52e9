"""Sorting (RFC 7644 section 3.4.2.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from conformance.client import Answer
from conformance.judging import budget, clause, either, holds
from conformance.oracle import fold
from conformance.strategies.filters import plainly_ordered
from conformance.strategies.lists import ids, listed
from conformance.strategies.population import Population
from conformance.strategies.trees import CORE, Compare
from conformance.strategies.vocabulary import values
from conformance.suites.filtering.asking import shown
from conformance.suites.listing.envelope import fenced

pytestmark = budget(2)


def sorted_page(population: Population, by: str, **params: Any) -> tuple[Answer, list[str]]:
    """A sorted list of the population, strangers left out."""
    answer = fenced(population, sortBy=by, **{"count": 200, **params})
    return answer, [id_ for id_ in (ids(answer.resources) if answer.ok else []) if id_ in population.users]


def one(path: str) -> Callable[[Any], str | None]:
    """The single value of an attribute, None where a user has none."""
    return lambda user: next((str(value) for value in values(user, path)), None)


def disorder(
    population: Population, order: Sequence[str], key: Callable[[Any], str | None], *, exact: bool = False
) -> str:
    """The first two users that stand in the wrong order beyond doubt; empty where there are none."""
    keyed = [(id_, text) for id_ in order if (text := key(population.users[id_])) is not None]
    for index, (early, first) in enumerate(keyed):
        for late, second in keyed[index + 1 :]:
            wrong = (first > second) if exact else (fold(first, "full") > fold(second, "full"))
            if wrong and plainly_ordered(first, second, case_exact=exact):
                return (
                    f"{population.names({early})} ({first[:40]!r}) before {population.names({late})} ({second[:40]!r})"
                )
    return ""


def in_order(
    clause_id: str, population: Population, by: str, key: Callable[[Any], str | None], **params: Any
) -> list[str]:
    """Judge that a list of the whole population is sorted; its order."""
    answer, order = sorted_page(population, by, **params)
    whole = len(order) == len(population.users) or not population.fence
    amiss = disorder(population, order, key) if answer.ok else shown(answer)
    told = amiss or f"{len(order)} of {len(population.users)} users"
    holds(clause_id, answer.ok and whole and not amiss, expected=f"sorted by {by}", observed=told, answer=answer)
    return order


@clause("7644-3.4.2.3-03")
def test_sort_by_orders_the_list(population: Population) -> None:
    """sortBy orders the list by the attribute it names."""
    in_order("7644-3.4.2.3-03", population, "userName", one("userName"))
    in_order("7644-3.4.2.3-03", population, "name.givenName", one("name.givenName"))


@clause("7644-3.4.2.3-04")
def test_ascending_is_the_default(population: Population) -> None:
    """Without sortOrder the list ascends."""
    orders = [sorted_page(population, "userName", **params)[1] for params in ({}, {"sortOrder": "ascending"})]
    holds("7644-3.4.2.3-04", orders[0] == orders[1], expected="the same order", observed=_heads(population, orders))
    amiss = disorder(population, orders[0], one("userName"))
    holds("7644-3.4.2.3-04", not amiss, expected="ascending", observed=amiss)


def _heads(population: Population, orders: Sequence[Sequence[str]]) -> list[str]:
    return [population.names(set(order[:1])) for order in orders]


@clause("7644-3.4.2.3-05")
def test_descending_reverses(population: Population) -> None:
    """descending reverses the order of distinct values."""
    orders = [sorted_page(population, "userName", sortOrder=order)[1] for order in ("ascending", "descending")]
    reverse = orders[0] == orders[1][::-1] and len(orders[0]) > 1
    holds("7644-3.4.2.3-05", reverse, expected="the reverse", observed=_heads(population, orders))


@clause("7644-3.4.2.3-06")
def test_other_orders_are_refused_or_defaulted(population: Population) -> None:
    """Another sortOrder is refused, or the default one applies."""
    answer, order = sorted_page(population, "userName", sortOrder="up")
    right = answer.status == 400 or (answer.ok and not disorder(population, order, one("userName")))
    holds("7644-3.4.2.3-06", right, expected="400, or ascending", observed=shown(answer), answer=answer)


@clause("7644-3.4.2.3-07")
def test_sorting_ignores_case(population: Population) -> None:
    """Attributes that are not case-exact sort without regard to case."""
    in_order("7644-3.4.2.3-07", population, "name.familyName", one("name.familyName"))
    in_order("7644-3.4.2.3-07", population, "title", one("title"))


@clause("7644-3.4.2.3-08")
def test_exact_attributes_sort_by_code_point(population: Population) -> None:
    """Case-exact attributes sort by code point or by a fixed collation, the same each time."""
    (answer, order), (_, again) = (sorted_page(population, "externalId") for _ in range(2))
    key = one("externalId")
    folded, exact = disorder(population, order, key), disorder(population, order, key, exact=True)
    variants = {"code-point": answer.ok and not exact, "collation": answer.ok and not folded}
    either("7644-3.4.2.3-08", "AMB-65", variants, observed=exact or shown(answer), about="case-exact", answer=answer)
    holds(
        "7644-3.4.2.3-08", order == again, expected="the same order twice", observed=_heads(population, [order, again])
    )


@clause("7644-3.10-08")
@budget(4)
def test_sort_by_takes_any_name(population: Population) -> None:
    """sortBy takes names in any case, with and without the schema URN."""
    wanted = sorted_page(population, "userName")[1]
    for name in ("USERNAME", f"{CORE}:userName", f"{CORE}:USERNAME"):
        answer, found = sorted_page(population, name, sortOrder="descending")
        holds("7644-3.10-08", found == wanted[::-1], expected=name, observed=shown(answer), answer=answer)


@clause("7644-3.12-19")
def test_sorting_by_an_unknown_attribute(population: Population) -> None:
    """An unknown sortBy is refused, or every user is listed in any order."""
    answer, found = sorted_page(population, "nosuch")
    right = answer.status == 400 or (answer.ok and (set(found) == set(population.users) or not population.fence))
    holds("7644-3.12-19", right, expected="400, or every user", observed=shown(answer), answer=answer)


@clause("7644-3.4.2.4-02")
@budget(7)
def test_sorting_comes_before_paging(population: Population) -> None:
    """Pages of a sorted list are sorted as a whole, and hold each user once where values are equal."""
    wanted = sorted_page(population, "userName", sortOrder="descending")[1][:10]
    starts = ((5, 1), (5, 6))
    pages = [sorted_page(population, "userName", sortOrder="descending", count=n, startIndex=at)[1] for n, at in starts]
    found = [id_ for page in pages for id_ in page]
    holds("7644-3.4.2.4-02", found == wanted, expected=f"{wanted}", observed=found)
    size = len(population.users) // 3
    answer, entries = listed(population.scim, population.path, population.fence or None, page=size, sortBy="title")
    found = [id_ for id_ in ids(entries) if id_ in population.users]
    amiss = disorder(population, found, one("title"))
    whole = len({*found}) == len(found) and ({*found} == {*population.users} or not population.fence)
    told = amiss or f"{len({*found})} users in {len(found)} entries"
    holds("7644-3.4.2.4-02", whole and not amiss, expected="each once, sorted", observed=told, answer=answer)


@clause("7644-3.4.2-10")
def test_sorting_joins_filter_and_projection(population: Population) -> None:
    """Sorting works together with a filter and a projection."""
    wanted = population.oracle.expect(Compare("title", "eq", "Analyst")).must
    text = population.fenced('title eq "Analyst"', bare=True)
    params = {"sortBy": "userName", "sortOrder": "descending", "attributes": "name"}
    answer = population.scim.query(population.path, text, **params)
    found = [id_ for id_ in ids(answer.resources) if id_ in population.users] if answer.ok else []
    amiss = disorder(population, found[::-1], one("userName")) or ("" if set(found) == wanted else "other users")
    bare = answer.ok and not any("title" in entry for entry in answer.resources)
    told = amiss or shown(answer)
    holds("7644-3.4.2-10", bare and not amiss, expected="sorted, filtered, bare", observed=told, answer=answer)


@clause("7644-3.4.2.3-13")
@budget(4)
def test_an_order_alone_has_no_effect(population: Population) -> None:
    """sortOrder without sortBy lists the same users, and turns no order round."""
    plain = [fenced(population, count=200) for _ in range(2)]
    answer = fenced(population, count=200, sortOrder="descending")
    orders = [ids(page.resources) if page.ok else [] for page in (*plain, answer)]
    turned = orders[0] == orders[1] == orders[2][::-1] and len(orders[0]) > 1
    right = set(orders[2]) >= population.users.keys() or (not population.fence and answer.ok)
    told = "the usual order from its end" if turned else shown(answer)
    holds("7644-3.4.2.3-13", right and not turned, expected="the usual list", observed=told, answer=answer)


@clause("7644-3.4.2.3-14")
def test_without_sorting_sort_by_does_no_harm(population: Population) -> None:
    """A target without sorting ignores sortBy or refuses it."""
    answer, found = sorted_page(population, "userName")
    variants = {
        "ignored": answer.ok and (set(found) == set(population.users) or not population.fence),
        "refused": answer.status == 400,
        "not-implemented": answer.status == 501,
    }
    either("7644-3.4.2.3-14", "AMB-28", variants, observed=shown(answer), answer=answer)
