"""What If-Match and If-None-Match let pass, and what they stop."""

from __future__ import annotations

import uuid

import pytest

from conformance.client import Answer
from conformance.judging import budget, clause, either, holds, not_applicable
from conformance.population import Users
from conformance.suites.versioning.tags import NOBODY, Versioned, is_weak, versioned
from conformance.target import Target

STOPPED = 412
HARMLESS = frozenset({200, 204, 304, 400, 412})


@pytest.fixture(scope="module")
def user(suite_users: Users) -> Versioned:
    """A user for what leaves the user there."""
    return versioned(suite_users)


@clause("7644-3.14-09", "7232-3.1-04")
@budget(8)
def test_the_present_tag_lets_writes_pass(users: Users, target: Target) -> None:
    """Replace, modify and delete with the present tag in If-Match are done."""
    user = versioned(users)
    tag = user.tag()
    weak, answers, titles = is_weak(tag), [user.put("Director", If_Match=tag)], [user.now()]
    if target.has("patch"):
        answers.append(user.patch("Editor", If_Match=titles[-1][1]))
        titles.append(user.now())
    answers.append(user.delete(If_Match=titles[-1][1]))
    titles.append(user.now())
    told = [answer.status for answer in answers]
    wanted = ["Director", *["Editor"] * (len(answers) - 2), None]
    done = all(answer.ok for answer in answers) and [title for title, _ in titles] == wanted
    variants = {"passes": done, "refused": weak and set(told) == {STOPPED}}
    either("7644-3.14-09", "AMB-57", variants, observed=(tag, told), answer=answers[-1])
    if weak:
        either("7232-3.1-04", "AMB-57", variants, observed=(tag, told), answer=answers[-1])
    else:
        not_applicable("7232-3.1-04", f"tags are strong: {tag}")


@clause("7232-3.1-01")
@budget(9)
def test_a_stale_tag_stops_every_method(users: Users, target: Target) -> None:
    """Replace, modify, delete and read with an old tag in If-Match give 412, and nothing is changed."""
    user = versioned(users)
    old = user.tag()
    user.put("Director")
    before = user.get().json
    stopped = {"PUT": user.put("Late", If_Match=old), "GET": user.get(If_Match=old)}
    if target.has("patch"):
        stopped["PATCH"] = user.patch("Late", If_Match=f"{old}, {NOBODY}")
    stopped["DELETE"] = user.delete(If_Match=old)
    after = user.get()
    done = any(answer.ok for method, answer in stopped.items() if method != "GET")
    same = after.ok and after.json == before
    for method, answer in stopped.items():
        kept = same or (done and not answer.ok)  # the change is then another method's
        mild = kept and (answer.status == 409 or method == "GET")
        told = f"{method}: {answer.status}, {'unchanged' if kept else 'changed'}"
        fine = kept and answer.status == STOPPED
        holds("7232-3.1-01", fine, expected="412, unchanged", observed=told, answer=answer, tolerated=mild)


@clause("7232-3.1-02", "7232-3.1-03")
@budget(9)
def test_if_match_takes_a_star_and_lists(user: Versioned) -> None:
    """If-Match passes with `*` on what exists, and with a list if it holds the present tag."""
    users = user.users
    star = user.put("Director", If_Match="*")
    nowhere = users.client.put(users.path(str(uuid.uuid4())), users.body(), headers={"If-Match": "*"})
    title, tag = user.now()
    told = (star.status, title, nowhere.status)
    fine = star.ok and title == "Director" and nowhere.status in (404, STOPPED)
    holds("7232-3.1-02", fine, expected="2xx; 404 or 412 for an unknown id", observed=told, answer=star)
    listed = user.put("Editor", If_Match=f'{NOBODY}, "a,b",{tag}')
    if listed.status == STOPPED and is_weak(tag) and user.put("Editor", If_Match=tag).status == STOPPED:
        not_applicable("7232-3.1-03", "weak tags never match here")
        return
    others = user.put("Late", If_Match=f'{NOBODY}, W/"{NOBODY[1:]}')
    seen = (listed.status, others.status, user.now()[0])
    passed = listed.ok and others.status == STOPPED and seen[-1] == "Editor"
    holds("7232-3.1-03", passed, expected="2xx with the tag, 412 without", observed=seen, answer=listed)


@clause("7232-3.2-04")
@budget(7)
def test_if_none_match_stops_writes(users: Users, target: Target) -> None:
    """A write whose If-None-Match names the present version gives 412; with another tag it is done."""
    user = versioned(users)
    stopped = [user.put("Late", If_None_Match="*"), user.delete(If_None_Match=user.tag())]
    if target.has("patch"):
        stopped.append(user.patch("Late", If_None_Match="*"))
    kept, _ = user.now()
    passed = user.put("Director", If_None_Match=NOBODY)
    told = (*(answer.status for answer in (*stopped, passed)), kept)
    fine = {answer.status for answer in stopped} == {STOPPED} and kept == "Planner" and passed.ok
    holds("7232-3.2-04", fine, expected="412 for each and nothing done, then 2xx", observed=told, answer=passed)


@clause("7232-5-01")
@budget(5)
def test_other_refusals_come_before_preconditions(user: Versioned, target: Target) -> None:
    """A request that fails without preconditions fails the same way with one that does not hold."""
    users, stale = user.users, {"If-Match": NOBODY}
    told: dict[str, Answer] = {"404": users.client.put(users.path(str(uuid.uuid4())), users.body(), headers=stale)}
    if target.has("protected"):
        told["401"] = users.client.anonymous().put(user.path, users.body(), headers=stale)
    told["400"] = users.client.request("PUT", user.path, body=b"{", headers=stale)
    for wanted, answer in told.items():
        fine = str(answer.status) == wanted
        holds("7232-5-01", fine, expected=wanted, observed=answer.status, answer=answer)


@clause("7232-3.1-05")
def test_without_versions_if_match_does_no_harm(user: Versioned) -> None:
    """Without versions a write with If-Match is done or refused with 412, and each time alike."""
    answers = [user.put(title, If_Match='"x"') for title in ("Director", "Editor")]
    told = [answer.status for answer in answers]
    fine = all(answer.ok for answer in answers) or set(told) == {STOPPED}
    holds("7232-3.1-05", fine, expected="2xx, or 412", observed=told, answer=answers[0])


@clause("7232-2.3-02")
@budget(7)
def test_malformed_tags_do_no_harm(user: Versioned) -> None:
    """A field that holds no entity-tag is refused, does not match or is ignored."""
    tag = user.tag().removeprefix("W/").strip('"') or "1"
    for field in (tag, f'W/"{tag}', '"\xff",'):
        answer = user.put("Director", If_Match=field)
        fine = answer.status in HARMLESS
        holds("7232-2.3-02", fine, expected="2xx, 400 or 412", observed=(field, answer.status), answer=answer)
    answer = user.get(tag)
    fine = answer.status in HARMLESS
    holds("7232-2.3-02", fine, expected="200, 304 or 400", observed=(tag, answer.status), answer=answer)
