"""Paging by cursor (RFC 9865 sections 2 to 4)."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from conformance.client import Answer, ScimClient
from conformance.judging import budget, clause, either, holds, not_applicable, observe
from conformance.strategies.population import Population
from conformance.strategies.vocabulary import values
from conformance.suites.filtering.asking import shown
from conformance.suites.listing.envelope import envelope, fenced, integer
from conformance.suites.paging.walking import asker, following, on, quarter, second, walked
from conformance.suites.sorting.order import disorder, one
from conformance.target import Target

pytestmark = budget(3)

UNRESERVED = re.compile(r"[A-Za-z0-9._~-]+")
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


@pytest.fixture(scope="module")
def first(settled_population: Population) -> Answer:
    """The first page, of two users."""
    return fenced(settled_population, cursor="", count=2)


@pytest.fixture(scope="module")
def pages(settled_population: Population, first: Answer) -> list[Answer]:
    """The first two pages of two users each."""
    return [first, fenced(settled_population, cursor=second(first), count=2)]


@clause("9865-4-01")
def test_cursors_are_announced(population: Population, target: Target) -> None:
    """A target that gives cursors says so in ServiceProviderConfig."""
    answer = fenced(population, cursor="", count=1)
    told = target.capabilities.config.get("pagination")
    if following(answer) is None and not target.has("pagination.cursor"):
        not_applicable("9865-4-01", "an empty cursor is answered without nextCursor")
        return
    said = isinstance(told, dict) and told.get("cursor") is True
    holds("9865-4-01", said, expected="pagination.cursor: true", observed=told, answer=answer)


@clause("9865-4-02", "9865-4-03", "9865-4-04")
def test_the_configuration_of_paging_is_typed(target: Target) -> None:
    """pagination has two booleans, a method by its name, and positive integers."""
    told = target.capabilities.config["pagination"]
    flags = [told.get(name) for name in ("cursor", "index")]
    holds("9865-4-02", all(isinstance(flag, bool) for flag in flags), expected="two booleans", observed=flags)
    method = told.get("defaultPaginationMethod")
    holds("9865-4-03", method in {None, "cursor", "index"}, expected="cursor or index", observed=method)
    sizes = {name: told[name] for name in ("defaultPageSize", "maxPageSize", "cursorTimeout") if name in told}
    right = all(integer(size) and size > 0 for size in sizes.values())
    holds("9865-4-04", right, expected="positive integers", observed=sizes)


@clause("9865-2-01")
def test_a_walk_begins_without_a_cursor(population: Population, first: Answer) -> None:
    """An empty cursor and one without a value both give the first page."""
    fence = f"&filter={quote(population.fence)}" if population.fence else ""
    bare = population.scim.get(f"{population.path}?cursor&count=2{fence}")
    for answer in (first, bare):
        right = len(on(answer)) == 2 and following(answer) is not None and on(answer) == on(first)
        told = f"{shown(answer)} {answer.body[:160]!r}"
        holds("9865-2-01", right, expected="the first page and nextCursor", observed=told, answer=answer)


@clause("9865-2-02", "9865-2-03", "9865-2-05", "9865-2-07")
@budget(5)
def test_a_walk_by_cursor_visits_all(population: Population) -> None:
    """A walk by cursor visits every user once, and then ends."""
    walk = walked(asker(population, count=quarter(population)))
    found, last = walk.ids, walk.pages[-1]
    missing = population.users.keys() - set(found) if population.fence or walk.ended else set()
    told = f"{len(walk.pages)} pages, {len(found)} entries, missing {population.names(missing)}; {shown(last)}"
    holds("9865-2-02", not missing, expected="nextCursor until the last page", observed=told, answer=last)
    right = len(set(found)) == len(found) and not missing and (walk.ended or not population.fence)
    holds("9865-2-03", right, expected="each user once, then no nextCursor", observed=told, answer=last)
    odd = [cursor for cursor in walk.cursors if not UNRESERVED.fullmatch(cursor)]
    holds("9865-2-05", not odd, expected="URI-unreserved characters", observed=odd[:1], answer=walk.pages[0])
    totals = [envelope(page).get("totalResults") for page in walk.pages]
    wanted = {len(population.users)} if population.fence else {*totals}
    right = {*totals} <= {None} or ({*totals} == wanted and all(map(integer, totals)))
    holds("9865-2-07", right, expected="the true total, or none", observed=totals, answer=last)


@clause("9865-2-04")
def test_the_way_back_leads_to_the_first_page(population: Population, pages: list[Answer]) -> None:
    """previousCursor is not on the first page, and leads from the second one back to it."""
    first, later = pages
    told = envelope(later).get("previousCursor")
    back = fenced(population, cursor=told, count=2) if isinstance(told, str) else first
    none = all("previousCursor" not in envelope(page) for page in (first, back))
    holds("9865-2-04", none, expected="no previousCursor on the first page", observed=back.body[:160], answer=first)
    holds("9865-2-04", on(back) == on(first), expected=f"{on(first)}", observed=on(back) or shown(back), answer=back)


@clause("9865-2-06")
@budget(4)
def test_a_page_by_cursor_keeps_to_count(population: Population, pages: list[Answer]) -> None:
    """A page by cursor holds no more than count; a negative count is 0, and 0 asks for the total."""
    empty = [fenced(population, cursor="", count=count) for count in (0, -1)]
    for page, most in zip([*pages, *empty], (2, 2, 0, 0), strict=True):
        right = page.ok and len(on(page)) <= most and (most > 0 or "totalResults" in envelope(page))
        told = f"{shown(page)}, {len(on(page))} entries"
        holds("9865-2-06", right, expected=f"at most {most}", observed=told, answer=page)


@clause("9865-4-05")
def test_the_largest_page_bounds_count(population: Population, target: Target) -> None:
    """A count above maxPageSize gives a page of that size, or invalidCount."""
    most = target.capabilities.limit("pagination", "maxPageSize") or 0
    answer = population.scim.query(population.path, cursor="", count=most + 1)
    refused = answer.status == 400 and answer.scim_type in {None, "invalidCount"}
    variants = {"capped": answer.ok and 0 < len(on(answer)) <= most, "refused": refused}
    told = f"{shown(answer)}, {len(on(answer))} entries of at most {most}"
    either("9865-4-05", "AMB-46", variants, observed=told, answer=answer)


@clause("9865-4-06")
def test_the_usual_size_holds_without_count(population: Population, target: Target) -> None:
    """Without count a page by cursor holds at most defaultPageSize entries, and says if more follow."""
    most = target.capabilities.limit("pagination", "defaultPageSize") or 0
    answer = fenced(population, cursor="")
    whole = following(answer) is not None or population.users.keys() <= {*on(answer)}
    right = answer.ok and 0 < len(on(answer)) <= most and whole
    told = f"{shown(answer)}, {len(on(answer))} entries"
    holds("9865-4-06", right, expected=f"at most {most}", observed=told, answer=answer)


@clause("9865-2.2-01")
@budget(8)
def test_sorting_holds_across_pages_by_cursor(population: Population) -> None:
    """A sorted walk by cursor is in order as a whole, ties and users without the value included."""
    for by, order, size in (("title", "descending", 1), ("name.familyName", "ascending", 2)):
        down = order == "descending"
        walk = walked(asker(population, count=quarter(population) * size, sortBy=by, sortOrder=order))
        found = [id_ for id_ in walk.ids if id_ in population.users]
        has = [bool(values(population.users[id_], by)) for id_ in found]
        amiss = disorder(population, found[::-1] if down else found, one(by))
        whole = len(set(found)) == len(found) and (set(found) == set(population.users) or not population.fence)
        right = whole and not amiss and has == sorted(has, reverse=not down)
        told = amiss or f"{''.join('v' if value else '-' for value in has)}; {shown(walk.pages[-1])}"
        holds("9865-2.2-01", right, expected=f"{order} by {by}", observed=told, answer=walk.pages[-1])


@clause("9865-2.3-01", "9865-2.4-01")
def test_one_method_is_the_usual_one(population: Population, target: Target) -> None:
    """Requests that name neither method are all answered by the announced one."""
    found = [fenced(population, count=2), fenced(population, count=3), fenced(population, count=2, sortBy="userName")]
    shapes = ["cursor" if following(page) is not None else "index" for page in found if page.ok]
    holds("9865-2.3-01", len(on(found[0])) == 2, expected="a page", observed=shown(found[0]), answer=found[0])
    observe("9865-2.3-01", f"a page that was not asked for by cursor: {shapes[:1]}")
    paging, usual = target.capabilities.config.get("pagination"), shapes[0] if shapes else None
    told = paging.get("defaultPaginationMethod", usual) if isinstance(paging, dict) else usual
    holds("9865-2.4-01", {*shapes} == {told}, expected=f"{told} each time", observed=shapes, answer=found[0])


@clause("9865-2.4-02")
def test_the_parameter_selects_the_method(population: Population, first: Answer) -> None:
    """startIndex asks for a page by index and cursor for one by cursor; both are refused, or one wins."""
    index, cursor = fenced(population, count=2, startIndex=2), first
    both = fenced(population, count=2, startIndex=2, cursor="")
    right = index.ok and envelope(index).get("startIndex") == 2 and following(index) is None
    holds("9865-2.4-02", right, expected="startIndex 2, no nextCursor", observed=index.body[:160], answer=index)
    right = cursor.ok and following(cursor) is not None and on(cursor)[1:] == on(index)[:1]
    holds("9865-2.4-02", right, expected="the first page, nextCursor", observed=cursor.body[:160], answer=cursor)
    wins = both.ok and (on(both), following(both) is None) in ((on(index), True), (on(cursor), False))
    holds("9865-2.4-02", wins or both.status == 400, expected="400, or one wins", observed=shown(both), answer=both)


@clause("9865-3-01")
@budget(4)
def test_a_search_walks_by_cursor(population: Population, scim: ScimClient, target: Target) -> None:
    """cursor and count in the body of a search walk through what it finds."""
    body = {"schemas": [SEARCH], "count": quarter(population) * 2}
    if population.fence:
        body["filter"] = population.fence
    walk = walked(lambda cursor: scim.post(f"{population.path}/.search", {**body, "cursor": cursor}))
    whole = set(walk.ids) == set(population.users) or not population.fence
    right = len(walk.pages) > 1 and len(set(walk.ids)) == len(walk.ids) and whole
    told = f"{len(walk.pages)} pages, {len(walk.ids)} entries; {shown(walk.pages[-1])}"
    holds("9865-3-01", right, expected="each user once on two pages", observed=told, answer=walk.pages[-1])
    if target.has("root query"):
        root = scim.post("/.search", {**body, "cursor": "", "count": 1})
        right = len(on(root)) == 1 and following(root) is not None
        holds("9865-3-01", right, expected="a page and nextCursor", observed=root.body[:160], answer=root)
