"""Sorting by values of other kinds: moments, parts, lists, and none (RFC 7644 section 3.4.2.3)."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.client import Answer
from conformance.judging import budget, clause, holds
from conformance.oracle import instant
from conformance.population import Users
from conformance.strategies.population import Population
from conformance.strategies.trees import literal
from conformance.strategies.vocabulary import elements, values
from conformance.suites.filtering.asking import shown
from conformance.suites.sorting.order import in_order, one, sorted_page

pytestmark = budget(2)

KINDS = ("home", "other")


@clause("7644-3.4.2.3-09")
def test_moments_sort_in_time(population: Population) -> None:
    """Moments sort chronologically, in both orders."""
    for order, sign in (("ascending", 1), ("descending", -1)):
        answer, found = sorted_page(population, "meta.created", sortOrder=order)
        stamps = [instant(str(values(population.users[id_], "meta.created")[0])).timestamp() * sign for id_ in found]
        right = answer.ok and stamps == sorted(stamps) and bool(stamps)
        holds("7644-3.4.2.3-09", right, expected=f"{order} moments", observed=shown(answer), answer=answer)


@clause("7644-3.4.2.3-10")
def test_complex_attributes_sort_by_a_part(population: Population) -> None:
    """A complex attribute sorts by a sub-attribute; by itself it is refused or ignored."""
    in_order("7644-3.4.2.3-10", population, "name.familyName", one("name.familyName"))
    answer, found = sorted_page(population, "name")
    right = answer.status == 400 or (answer.ok and (set(found) == set(population.users) or not population.fence))
    holds("7644-3.4.2.3-10", right, expected="400, or every user", observed=shown(answer), answer=answer)


def _primary(user: Any) -> str | None:
    """The address that decides: the primary one, or the only one; None where the order of the list would."""
    mails = [mail for mail in elements(user, "emails") if isinstance(mail, dict)]
    marked = [mail for mail in mails if mail.get("primary") is True] or (mails if len(mails) == 1 else [])
    return str(marked[0].get("value")) if marked else None


@clause("7644-3.4.2.3-11")
def test_the_primary_value_decides(population: Population) -> None:
    """A list of values sorts by its primary one."""
    order = in_order("7644-3.4.2.3-11", population, "emails.value", _primary)
    first = [id_ for id_ in order if _primary(population.users[id_])][:1]
    holds("7644-3.4.2.3-11", bool(first), expected="users with addresses", observed=population.names(set(first)))


@pytest.fixture(scope="module")
def trio(suite_users: Users) -> list[str]:
    """Three users with two addresses each, none of them primary; the ids in the order of creation."""
    mark, domain = suite_users.run.name("o"), suite_users.run.domain
    pairs = (("z", "a"), ("m", "n"), ("b", "y"))
    mails = [
        [{"value": f"{at}-{mark}@{domain}", "type": kind} for at, kind in zip(pair, KINDS, strict=True)]
        for pair in pairs
    ]
    return [str(suite_users.create(emails=addresses)["id"]) for addresses in mails]


def of_trio(users: Users, trio: list[str], **params: Any) -> Answer:
    """A sorted list of the three users."""
    text = " or ".join(f"id eq {literal(id_)}" for id_ in trio)
    return users.client.query(users.endpoint, text, **params)


@clause("7644-3.4.2.3-11")
@budget(3)
def test_without_a_primary_value_the_first_decides(suite_users: Users, trio: list[str]) -> None:
    """A list of values without a primary one sorts by its first value, in both orders."""
    for by, order in (("emails.value", "ascending"), ("emails.value", "descending")):
        answer = of_trio(suite_users, trio, sortBy=by, sortOrder=order)
        shown_ = [[mail for mail in elements(user, "emails") if isinstance(mail, dict)] for user in answer.resources]
        keys = [
            next((mail for mail in mails if mail.get("primary") is True), mails[0])["value"]
            for mails in shown_
            if mails
        ]
        right = len(keys) == len(trio) and keys == sorted(keys, reverse=order == "descending")
        holds("7644-3.4.2.3-11", right, expected=f"{order} first values", observed=keys, answer=answer)


@clause("7644-3.4.2.3-09")
@budget(4)
def test_a_change_moves_a_user_in_time(suite_users: Users, trio: list[str]) -> None:
    """Sorted by meta.lastModified, a user who was changed comes after those who were not."""
    changed = suite_users.read(trio[0])
    suite_users.client.put(suite_users.path(changed), {**changed, "displayName": "Changed", "title": "Changed"})
    answer = of_trio(suite_users, trio, sortBy="meta.lastModified")
    stamps = [instant(str(meta)).timestamp() for user in answer.resources for meta in values(user, "meta.lastModified")]
    right = len(stamps) == len(trio) and stamps == sorted(stamps)
    holds("7644-3.4.2.3-09", right, expected="moments in order", observed=stamps, answer=answer)


@clause("7644-3.4.2.3-12")
@budget(4)
def test_users_without_the_value_come_last(population: Population) -> None:
    """Users without the value come last in ascending and first in descending order."""
    for by, order in (
        ("title", "ascending"),
        ("title", "descending"),
        ("emails.value", "ascending"),
        ("emails.value", "descending"),
    ):
        answer, found = sorted_page(population, by, sortOrder=order)
        has = [bool(values(population.users[id_], by)) for id_ in found]
        kinds = {bool(values(user, by)) for user in population.users.values()}
        right = answer.ok and has == sorted(has, reverse=order == "ascending") and {*has} == kinds
        told = "".join("v" if value else "-" for value in has)
        wanted = f"{by} {order}: none {'last' if order == 'ascending' else 'first'}"
        holds("7644-3.4.2.3-12", right, expected=wanted, observed=told, answer=answer)
