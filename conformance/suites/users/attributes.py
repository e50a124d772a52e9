"""The other simple attributes of a user (RFC 7643 section 4.1.1)."""

from __future__ import annotations

import pytest

from conformance.judging import budget, clause, holds, not_applicable
from conformance.population import Users
from conformance.suites.filtering.asking import shown
from conformance.suites.users.naming import named, rewritten
from conformance.suites.users.portrait import Portrait, kept, kept_or_refused, painted
from conformance.target import Target

SENT = {
    "profileUrl": "https://example.com/people/ada?view=full#top",
    "title": "Vice President of R&D, acting",
    "userType": "Seasonal Contractor 7",
    "preferredLanguage": "en-GB, en;q=0.8",
    "locale": "en-US",
    "timezone": "America/Los_Angeles",
}


@pytest.fixture(scope="module")
def portrait(suite_users: Users, target: Target) -> Portrait:
    """A user with every simple attribute."""
    return painted(suite_users, target, SENT)


@clause("7643-4.1.1-12", "7643-4.1.1-15")
def test_urls_and_language_ranges_are_kept(portrait: Portrait, users: Users) -> None:
    """A profileUrl and a preferredLanguage with weights are kept; what is none is accepted or refused."""
    odd = {"profileUrl": "not a url", "preferredLanguage": ";;q=often, ,"}
    answer = users.post(users.body(**odd))
    named = {"profileUrl": "7643-4.1.1-12", "preferredLanguage": "7643-4.1.1-15"}
    for name, clause_id in named.items():
        if name not in portrait.sent:
            not_applicable(clause_id, f"the schema has no {name}")
            continue
        kept(clause_id, portrait, name)
        fine = answer.ok or answer.status == 400
        holds(clause_id, fine, expected=f"{odd[name]!r}: 2xx or 400", observed=shown(answer), answer=answer)


@clause("7643-4.1.1-13")
def test_a_title_is_kept(portrait: Portrait) -> None:
    """A title is kept character for character."""
    kept("7643-4.1.1-13", portrait, "title")


@clause("7643-4.1.1-14")
def test_any_user_type_is_kept(portrait: Portrait) -> None:
    """A userType of the client's own is kept."""
    kept("7643-4.1.1-14", portrait, "userType")


@clause("7643-4.1.1-16")
def test_a_locale_is_a_tag_without_blanks(portrait: Portrait, users: Users) -> None:
    """A locale is kept; one with a blank is refused."""
    kept("7643-4.1.1-16", portrait, "locale")
    answer = users.post(users.body(locale="en US"))
    told = f"'en US': {shown(answer)}"
    holds("7643-4.1.1-16", answer.status == 400, expected="400", observed=told, answer=answer, tolerated=answer.ok)


@clause("7643-4.1.1-17")
def test_a_locale_with_an_underscore_is_kept_or_refused(users: Users) -> None:
    """A locale with an underscore is kept or refused."""
    kept_or_refused("7643-4.1.1-17", users, "locale", "en_US")


@clause("7643-4.1.1-18")
def test_a_time_zone_is_kept(portrait: Portrait) -> None:
    """A timezone is kept by its IANA name."""
    kept("7643-4.1.1-18", portrait, "timezone")


@clause("7643-4.1.1-19", "PRAC-E-01")
@budget(7)
def test_a_user_is_deactivated_and_activated(users: Users, target: Target) -> None:
    """A user is found by id and userName while `active` is false, and is as before once it is true again."""
    title = {"title": "Clerk"} if target.has("attribute:User.title") else {}
    made = users.read(users.create(active=True, **title))
    off = rewritten(users, made, target, active=False)
    read = users.client.get(users.path(made))
    found = [user.get("id") for user in named(users, str(made["userName"]))] if target.has("filter") else [made["id"]]
    there = off.ok and read.status == 200 and found == [made["id"]]
    holds("PRAC-E-01", there, expected="200, and one user", observed=(shown(read), found), answer=read)
    if off.ok and not read.ok:
        not_applicable("7643-4.1.1-19", "a deactivated user cannot be read here")
        return
    on = rewritten(users, made, target, active=True)
    last = {**users.read(made), "meta": made.get("meta")}
    seen = (off.ok, read.resource.get("active"), on.ok, last.get("active"))
    fine = seen == (True, False, True, True) and last == {**made, "meta": made.get("meta")}
    holds("7643-4.1.1-19", fine, expected="false, then as before", observed=seen, answer=on)
