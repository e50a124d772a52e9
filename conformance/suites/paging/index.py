"""Paging by index (RFC 7644 section 3.4.2.4)."""

from __future__ import annotations

from conformance.judging import budget, clause, either, holds
from conformance.strategies.lists import ids, listed
from conformance.strategies.population import Population
from conformance.strategies.trees import Compare
from conformance.suites.filtering.asking import shown
from conformance.suites.listing.envelope import envelope, fenced, integer

pytestmark = budget(3)

FAR = 10_000_000


@clause("7644-3.4.2.4-03")
def test_the_first_entry_has_index_one(population: Population) -> None:
    """startIndex counts from 1, and 1 is its default."""
    pages = [fenced(population, count=3), fenced(population, count=3, startIndex=1)]
    found = [ids(page.resources) if page.ok else shown(page) for page in pages]
    holds("7644-3.4.2.4-03", found[0] == found[1], expected="the same page", observed=found, answer=pages[1])
    second = fenced(population, count=2, startIndex=2)
    told = ids(second.resources)
    holds("7644-3.4.2.4-03", told == found[0][1:], expected=f"then {found[0][1:]}", observed=told, answer=second)


@clause("7644-3.4.2.4-04")
def test_a_start_below_one_is_one(population: Population) -> None:
    """startIndex below 1 counts as 1."""
    wanted = ids(fenced(population, count=3, startIndex=1).resources)
    for start in (0, -5):
        answer = fenced(population, count=3, startIndex=start)
        found = ids(answer.resources) if answer.ok else shown(answer)
        holds("7644-3.4.2.4-04", found == wanted, expected=f"{start}: the first page", observed=found, answer=answer)


@clause("7644-3.4.2.4-05")
@budget(4)
def test_a_page_holds_no_more_than_count(population: Population) -> None:
    """No page holds more entries than count, the first and later ones alike."""
    for count, start in ((1, 1), (2, 1), (7, 1), (2, 5)):
        answer = fenced(population, count=count, startIndex=start)
        told = len(answer.resources)
        holds("7644-3.4.2.4-05", told <= count, expected=f"at most {count}", observed=told, answer=answer)


@clause("7644-3.4.2.4-07")
def test_a_negative_count_is_zero(population: Population) -> None:
    """A negative count counts as 0."""
    answer = fenced(population, count=-1)
    told = (answer.status, len(answer.resources) if answer.ok else 0)
    holds("7644-3.4.2.4-07", told == (200, 0), expected="200, no entries", observed=told, answer=answer)


@clause("7644-3.4.2.4-08")
def test_count_zero_asks_for_the_total(population: Population) -> None:
    """count=0 gives the total and no entries."""
    answer, total = fenced(population, count=0), fenced(population, count=1).total
    told = (len(answer.resources), answer.total) if answer.ok else shown(answer)
    holds("7644-3.4.2.4-08", told == (0, total), expected=f"no entries of {total}", observed=told, answer=answer)


@clause("7644-3.4.2.4-09")
def test_without_count_the_target_chooses(population: Population) -> None:
    """Without count, a list that is not whole says where it is."""
    answer = fenced(population)
    told = envelope(answer)
    whole = len(answer.resources) == answer.total
    right = whole or (integer(told.get("itemsPerPage")) and integer(told.get("startIndex")))
    holds("7644-3.4.2.4-09", right, expected="all, or startIndex and itemsPerPage", observed=told.keys(), answer=answer)


@clause("7644-3.4.2.4-10")
def test_items_per_page_counts_the_entries(population: Population) -> None:
    """itemsPerPage is the number of entries on the page."""
    answer = fenced(population, count=5, startIndex=max(1, len(population.users) - 2))
    told, entries = envelope(answer).get("itemsPerPage"), len(answer.resources)
    variants = {"entries": told == entries, "size": isinstance(told, int) and told > entries}
    either("7644-3.4.2.4-10", "AMB-31", variants, observed=f"{told} for {entries}", answer=answer)


@clause("7644-3.4.2.4-11")
def test_start_index_is_echoed(population: Population) -> None:
    """startIndex in the answer is the index of the first entry."""
    for start in (1, 3, 8):
        answer = fenced(population, count=2, startIndex=start)
        told = envelope(answer).get("startIndex")
        holds("7644-3.4.2.4-11", told == start, expected=str(start), observed=told, answer=answer)


@clause("7644-3.4.2.4-12")
def test_the_total_is_the_same_on_every_page(population: Population) -> None:
    """totalResults is the same on every page of an idle server."""
    pages = [fenced(population, count=4, startIndex=start) for start in (1, 5, 21)]
    totals = [envelope(page).get("totalResults") for page in pages]
    holds("7644-3.4.2.4-12", len(set(map(str, totals))) == 1, expected="one total", observed=totals, answer=pages[-1])


@clause("7644-3.4.2.4-13")
@budget(5)
def test_advancing_by_what_came_visits_all(population: Population) -> None:
    """Advancing by the number of entries received visits every user once."""
    answer, entries = listed(
        population.scim, population.path, population.fence or None, page=len(population.users) // 4 + 1
    )
    found = ids(entries)
    told = f"{len(set(found))} users in {len(found)} entries of {answer.total}"
    right = len(set(found)) == len(found) and (len(found) == answer.total or not population.fence)
    holds("7644-3.4.2.4-13", right, expected="each user once", observed=told, answer=answer)


@clause("7644-3.4.2.4-14")
@budget(4)
def test_a_page_past_the_end_is_empty(population: Population) -> None:
    """A startIndex past the end gives an empty page with the true total."""
    total = fenced(population, count=1).total
    for start in (total + 1, total + 10, FAR):
        answer = fenced(population, count=5, startIndex=start)
        told = (answer.total, len(answer.resources)) if answer.ok else shown(answer)
        holds("7644-3.4.2.4-14", told == (total, 0), expected=f"no entries of {total}", observed=told, answer=answer)


@clause("7644-3.12-20")
@budget(5)
def test_what_is_no_number_is_refused_or_defaulted(population: Population) -> None:
    """count and startIndex that are no integers are refused, or count as absent."""
    usual = ids(fenced(population).resources)
    for params in ({"count": "abc"}, {"startIndex": "1.5"}, {"startIndex": "x"}, {"count": "1e1"}):
        answer = fenced(population, **params)
        found = ids(answer.resources) if answer.ok else []
        variants = {"refused": answer.status == 400, "default": answer.ok and found == usual}
        told = f"{params}: {shown(answer)}"
        either("7644-3.12-20", "AMB-32", variants, observed=told, about=str(params), answer=answer)


@clause("7644-3.4.2.4-15")
def test_an_oversized_count_is_capped(population: Population) -> None:
    """A count beyond any limit is capped or refused."""
    for count in (2_147_483_648, 10**30):
        answer = fenced(population, count=count)
        right = answer.status == 400 or (answer.ok and len(answer.resources) > 0)
        holds("7644-3.4.2.4-15", right, expected="200 with entries, or 400", observed=shown(answer), answer=answer)


@clause("7644-3.4.2-11")
def test_paging_applies_to_what_the_filter_finds(population: Population) -> None:
    """Paging applies to what the filter finds, total and entries alike."""
    wanted = population.oracle.expect(Compare("title", "eq", "Analyst")).must
    text = population.fenced('title eq "Analyst"', bare=True)
    pages = [population.scim.query(population.path, text, count=1, startIndex=at) for at in range(1, len(wanted) + 1)]
    found = [id_ for page in pages for id_ in ids(page.resources)]
    told = (population.names(set(found)), [page.total for page in pages])
    fine = not population.fence or (sorted(found) == sorted(wanted) and set(told[1]) == {len(wanted)})
    holds("7644-3.4.2-11", fine, expected=population.names(wanted), observed=told, answer=pages[-1])


@clause("7644-3.4.2.4-16")
def test_pages_need_no_order_of_requests(population: Population) -> None:
    """A later page can be asked for first."""
    later = fenced(population, count=3, startIndex=4)
    whole = ids(fenced(population, count=6, startIndex=1).resources)
    found = ids(later.resources) if later.ok else shown(later)
    holds("7644-3.4.2.4-16", found == whole[3:], expected=f"{whole[3:]}", observed=found, answer=later)


@clause("7643-2.3.4-02")
def test_the_counters_are_numbers(population: Population) -> None:
    """totalResults, startIndex and itemsPerPage are JSON integers."""
    answer = fenced(population, count=2, startIndex=2)
    told = {name: envelope(answer).get(name) for name in ("totalResults", "startIndex", "itemsPerPage")}
    holds("7643-2.3.4-02", all(map(integer, told.values())), expected="three integers", observed=told, answer=answer)
