"""Where tags are shown, when they change, and what If-None-Match makes of a read."""

from __future__ import annotations

import pytest

from conformance.client import Answer
from conformance.judging import budget, clause, holds, not_applicable
from conformance.population import Users
from conformance.suites.states import meta
from conformance.suites.versioning.tags import ENTITY_TAG, NOBODY, Versioned, is_weak, other_form, tag_of, versioned
from conformance.target import Target

REPEATED = ("Cache-Control", "Content-Location", "Expires", "Vary")
"""What a 304 repeats beside ETag where the 200 had it (RFC 7232 section 4.1)."""


@pytest.fixture(scope="module")
def known(suite_users: Users) -> Versioned:
    """A user for the reads."""
    return versioned(suite_users)


def titled(users: Users, title: str) -> tuple[Answer, Versioned]:
    """The answer to creating a user, and the user."""
    answer = users.post(users.body(title=title))
    return answer, Versioned(users, answer.resource)


@clause("7644-3.14-06", "7644-3.14-07", "7232-2.3-01")
@budget(4)
def test_every_answer_with_a_resource_is_tagged(users: Users, target: Target) -> None:
    """Create, read, replace and modify are answered with an ETag, which is meta.version too."""
    created, user = titled(users, "Planner")
    answers = {"POST": created, "GET": user.get(), "PUT": user.put("Director")}
    if target.has("patch"):
        answers["PATCH"] = user.patch("Editor")
    for method, answer in answers.items():
        tag, version = tag_of(answer), meta(answer.resource, "version") if answer.body else None
        empty, told = not answer.body, f"{method} {answer.status}: {tag or 'no ETag'}, version {version}"
        holds("7644-3.14-06", bool(tag), expected="an ETag", observed=told, answer=answer, tolerated=empty)
        holds("7644-3.14-07", empty or version == tag, expected="meta.version = ETag", observed=told, answer=answer)
        formed = not tag or ENTITY_TAG.fullmatch(tag) is not None
        holds("7232-2.3-01", formed, expected='"…" or W/"…"', observed=told, answer=answer)


@clause("7644-3.14-11")
@budget(6)
def test_list_entries_carry_their_version(known: Versioned, users: Users) -> None:
    """Each entry of a list has the meta.version of that resource."""
    known.put("Author")
    created, other = titled(users, "Planner")
    wanted = {str(known.made["id"]): known.tag(), str(other.made["id"]): tag_of(created)}
    names = " or ".join(f'userName eq "{user.made["userName"]}"' for user in (known, other))
    answer = users.client.query(users.endpoint, names)
    entries = {str(each.get("id")): each for each in (answer.resources if answer.ok else [])}
    found = {name: meta(each, "version") for name, each in entries.items() if name in wanted}
    if not found:
        not_applicable("7644-3.14-11", f"the target does not list the two users by a filter: {answer.status}")
        return
    holds("7644-3.14-11", found == wanted, expected=str(wanted), observed=found, answer=answer)


@clause("7232-2.1-01", "7232-2.1-02")
@budget(9)
def test_a_tag_changes_with_its_resource_only(known: Versioned, users: Users) -> None:
    """A tag is new after every change, and the same while only others change."""
    user = versioned(users)
    tags = [user.tag()]
    for title in ("Director", "Editor"):
        user.put(title)
        tags.append(user.tag())
    different = len(set(tags)) == len(tags) and all(tags)
    holds("7232-2.1-01", different, expected="a new tag per change", observed=tags)
    known.put("Director")
    after = user.tag()
    holds("7232-2.1-02", after == tags[-1], expected=tags[-1], observed=after)


@clause("7644-3.14-08", "7232-4.1-01")
@budget(3)
def test_the_present_tag_spares_the_body(known: Versioned) -> None:
    """A read whose If-None-Match is the present tag gives 304 without a body and with the same ETag."""
    full = known.get()
    answer = known.get(tag_of(full))
    spared, told = answer.status == 304 and not answer.body, (answer.status, answer.body[:80])
    holds("7644-3.14-08", spared, expected="304, no body", observed=told, answer=answer)
    wanted = {name: full.headers.get(name) for name in REPEATED if name in full.headers} | {"ETag": tag_of(full)}
    shown = {name: answer.headers.get(name) for name in wanted}
    if answer.status == 304:
        holds("7232-4.1-01", shown == wanted, expected=str(wanted), observed=shown, answer=answer)
    else:
        not_applicable("7232-4.1-01", f"no 304 was seen, but {answer.status}")


@clause("7232-3.2-01", "7232-3.2-02", "7232-3.2-03")
@budget(8)
def test_if_none_match_finds_the_tag_in_any_form(known: Versioned) -> None:
    """If-None-Match compares weakly, reads lists and `*`, and lets every other tag pass."""
    old = known.tag()
    known.put("Editor")
    tag = known.tag()
    for clause_id, field in (
        ("7232-3.2-01", other_form(tag)),
        ("7232-3.2-02", f'{NOBODY}, "a,b",{tag}, "c"'),
        ("7232-3.2-02", "*"),
    ):
        answer = known.get(field)
        holds(clause_id, answer.status == 304, expected=f"{field}: 304", observed=answer.status, answer=answer)
    answer = known.get(f"{old}, {NOBODY}")
    told = (answer.status, tag_of(answer))
    holds("7232-3.2-03", told == (200, tag), expected=f"200 with {tag}", observed=told, answer=answer)


@clause("7232-2.3.3-01")
def test_tags_under_projection(known: Versioned) -> None:
    """A strong tag is not shared by a whole and a projected representation; a weak one is."""
    full = known.get()
    part = known.users.client.get(known.path, params={"attributes": "userName"})
    first, second = tag_of(full), tag_of(part)
    fine = first == second if is_weak(first) else first != second or full.body == part.body
    expected = "the same weak tag, or another strong one"
    holds("7232-2.3.3-01", fine, expected=expected, observed=(first, second), answer=part)
