"""What a PUT makes of the values it holds, and of those it leaves out."""

from __future__ import annotations

import time
import uuid
from typing import Any

from conformance.client import Answer
from conformance.judging import budget, clause, either, holds, not_applicable, observe
from conformance.population import Document, Groups, Users
from conformance.rfc_schema import CORE_USER, ENTERPRISE_USER
from conformance.suites.links import place
from conformance.suites.states import blank, carries, folded, instant, meta, state, whole
from conformance.target import Target

TICK_S = 1.05  # timestamps may have whole seconds
LIKE = ("title", "nickName", "userType", "preferredLanguage", "profileUrl")
"""Optional attributes with one text each, which a PUT that leaves them out has no reason to treat unlike."""


def phones(*numbers: str) -> list[dict[str, str]]:
    """Work phone numbers."""
    return [{"value": number, "type": "work"} for number in numbers]


@clause("7644-3.5-01", "7644-3.5.1-01", "7644-3.5.1-16", "7643-3.1-28")
def test_a_replace_answers_the_whole_resource(users: Users) -> None:
    """A replace gives 200 and the resource as a read shows it, created before and changed now."""
    made = users.create(title="Planner")
    time.sleep(0 if "." in str(meta(made, "lastModified")) else TICK_S)
    answer = users.client.put(users.path(made), whole(users, made, title="Director"))
    shown, told = users.read(made), answer.status
    holds("7644-3.5-01", told not in (405, 501), expected="neither 405 nor 501", observed=told, answer=answer)
    same = told == 200 and answer.resource == shown
    expected, empty = "200, and the body a read gives", told == 204
    holds("7644-3.5.1-01", same, expected=expected, observed=answer.body[:300] or told, answer=answer, tolerated=empty)
    places = [answer.headers.get(name) for name in ("Location", "Content-Location") if name in answer.headers]
    alike = all(place(each) == place(meta(shown, "location")) for each in places)
    holds("7644-3.5.1-16", alike, expected="meta.location", observed=places or "neither header", answer=answer)
    stamps = [[meta(each, name) for name in ("created", "lastModified")] for each in (made, shown)]
    (born, before), (still, after) = [[instant(stamp) for stamp in each] for each in stamps]
    moved = born == still and before is not None and after is not None and after > before
    holds("7643-3.1-28", moved, expected="created stays, lastModified moves on", observed=stamps, answer=answer)


@clause("7644-3.5.1-03", "7644-3.5.1-04")
@budget(6)
def test_new_values_replace_the_old(users: Users) -> None:
    """A replace sets what it holds, one value and lists alike, in that resource only."""
    old = {"title": "Planner", "name": {"givenName": "Ada", "familyName": "Byron"}, "phoneNumbers": phones("+1-1")}
    made, other = users.create(**old), users.create(**old)
    address = made["userName"]
    new = {"title": "Director", "name": {"givenName": "Grace", "familyName": "Hopper"}}
    emails = [{"value": f"{kind}-{address}", "type": kind} for kind in ("work", "home", "other")]
    sent = whole(users, made, **new, emails=emails[1:])
    answer = users.client.put(users.path(made), whole(users, made, **new, emails=emails))
    answer = users.client.put(users.path(made), sent) if answer.ok else answer
    found, beside = users.read(made), users.read(other)
    alone = state(beside) == state(other)
    variants = {
        "verbatim": alone and carries(found, new),
        "normalised": alone and carries(folded(found), folded(new)),
    }
    either("7644-3.5.1-03", "AMB-69", variants, observed=str(found)[:300], answer=answer)
    listed = [each.get("value") for each in found.get("emails") or []]
    wanted = [each["value"] for each in emails[1:]]
    orders = {"kept": listed == wanted, "free": sorted(map(str, listed)) == sorted(wanted)}
    either("7644-3.5.1-04", "AMB-60", orders, observed=listed, about="replaced e-mails", answer=answer)


@clause("7644-3.5.1-05", "7643-3.3-05")
def test_omitted_attributes_are_treated_alike(users: Users, target: Target) -> None:
    """Attributes a replace leaves out are all cleared, all defaulted or all kept."""
    known = [name for name in LIKE if target.has(f"attribute:User.{name}")]
    values: dict[str, Any] = {name: "en" if name == "preferredLanguage" else "x-sample:a" for name in known}
    if target.has("extension:enterprise"):
        values |= {ENTERPRISE_USER: {"costCenter": "C-7"}, "schemas": [CORE_USER, ENTERPRISE_USER]}
    made = users.create(**values)
    answer = users.client.put(users.path(made), whole(users, made))
    found = users.read(made)
    told = {name: omitted(made.get(name), found.get(name)) for name in known if not blank(made.get(name))}
    alike = len(set(told.values())) <= 1
    holds("7644-3.5.1-05", alike, expected="one treatment", observed=told, answer=answer, tolerated=True)
    variants = {name: answer.ok and name in told.values() for name in ("cleared", "defaulted", "kept")}
    if told:
        either("7644-3.5.1-05", "AMB-13", variants, observed=told, about="texts", answer=answer)
    named, held = ENTERPRISE_USER in found.get("schemas", []), found.get(ENTERPRISE_USER)
    readings = {"cleared": blank(held) and not named, "kept": held == made.get(ENTERPRISE_USER) and named}
    either("7643-3.3-05", "AMB-13", readings, observed=(named, held), about="the extension", answer=answer)


def omitted(before: Any, after: Any) -> str:
    """What became of an attribute that was left out."""
    return "cleared" if blank(after) else "kept" if after == before else "defaulted"


@clause("7644-3.5.1-06", "7643-2.5-02")
def test_null_and_an_empty_list_clear(users: Users) -> None:
    """A replace with null or an empty list leaves the attribute without a value."""
    made = users.create(title="Planner", nickName="Ada", phoneNumbers=phones("+1-1", "+1-2"))
    held = [name for name in ("title", "nickName", "phoneNumbers") if not blank(made.get(name))]
    sent = whole(users, made, title=None, nickName="Gracie", phoneNumbers=[])
    answer = users.client.put(users.path(made), sent)
    found = users.read(made)
    left = {name: found[name] for name in ("title", "phoneNumbers") if not blank(found.get(name))}
    observe("7644-3.5.1-06", f"sent null and []: {answer.status}, left {left or 'nothing'}; set before: {held}")
    holds("7643-2.5-02", answer.ok and not left, expected="unassigned", observed=left or answer.status, answer=answer)


@clause("7644-3.5.1-10")
@budget(8)
def test_read_only_values_are_ignored_on_replace(users: Users, groups: Groups) -> None:
    """A replace leaves id, meta and groups as the provider has them, whatever it holds."""
    made, group = users.create(), groups.create()
    home = groups.create(members=[{"value": made["id"]}])
    claimed = {"resourceType": "Group", "created": "2001-01-01T00:00:00Z", "location": "https://example.com/x"}
    sent = whole(users, made, title="Director", meta=claimed, groups=[{"value": group["id"]}])
    answer = users.client.put(users.path(made), {**sent, "id": str(uuid.uuid4())})
    strict = answer.status == 400
    answer = users.client.put(users.path(made), sent) if strict else answer
    found = users.read(made)
    own = found["id"] == made["id"] and named(found.get("groups")) <= {home["id"]}
    own = own and [named(groups.read(each).get("members")) for each in (group, home)] == [set(), {made["id"]}]
    own = own and not [name for name in claimed if meta(found, name) != meta(made, name)]
    done = own and answer.ok and found.get("title") == "Director"
    variants = {"ignored": done and not strict, "put-refused": done and strict}
    either("7644-3.5.1-10", "AMB-14", variants, observed=str(found)[:300], answer=answer)


def named(links: Any) -> set[str]:
    """The ids that a list of links holds."""
    return {str(each.get("value")) for each in links or []}


@clause("7231-4.2.2-01", "7644-3.5.1-12", "7644-3.5.1-13")
@budget(6)
def test_a_replace_can_be_repeated(users: Users, target: Target) -> None:
    """A user can be put back as it was read, without its password, once and again."""
    secret = {"password": users.run.name("Pw1!")} if target.has("attribute:User.password") else {}
    made = users.create(title="Planner", phoneNumbers=phones("+1-1", "+1-2"), **secret)
    read = users.read(made)
    answers, after = twice(users, made, read)
    back, told = answers[0].ok and state(after) == state(read), [each.status for each in answers]
    holds("7644-3.5.1-12", back, expected="2xx, the same state", observed=(told, str(after)[:300]), answer=answers[0])
    if secret:
        holds("7644-3.5.1-13", answers[0].ok, expected="2xx without password", observed=told, answer=answers[0])
    else:
        not_applicable("7644-3.5.1-13", "the target's User has no password")
    if not answers[0].ok:  # what is readOnly may be refused, see AMB-14
        lean = whole(users, made, title="Planner", phoneNumbers=phones("+1-1", "+1-2"))
        answers, after = twice(users, made, lean)
    repeated(read, after, answers[1])


def twice(users: Users, made: Document, body: Document) -> tuple[list[Answer], Document]:
    """The answers to a replace that is sent twice, and the user afterwards."""
    answers = [users.client.put(users.path(made), body) for _ in range(2)]
    return answers, users.read(made)


def repeated(before: Document, after: Document, answer: Answer) -> None:
    """Judge that the second of two equal replaces succeeds and leaves the state as it was."""
    same = answer.ok and state(after) == state(before)
    first, last = (meta(each, "lastModified") for each in (before, after))
    times = instant(first), instant(last)
    forward = times[0] is not None and times[1] is not None and times[1] > times[0]
    variants = {"unchanged": same and first == last, "advanced": same and forward}
    either("7231-4.2.2-01", "AMB-62", variants, observed=(answer.status, first, last), about="PUT", answer=answer)


@clause("7644-3.9-10")
def test_projection_works_on_replace(users: Users) -> None:
    """`attributes` and `excludedAttributes` shape the answer to a replace, and only the answer."""
    made = users.create(title="Planner")
    sent, path = whole(users, made, title="Director"), users.path(made)
    lean = users.client.put(path, sent, params={"attributes": "userName"})
    less = users.client.put(path, sent, params={"excludedAttributes": "title"})
    if 204 in (lean.status, less.status):
        not_applicable("7644-3.9-10", "a replace is answered without a body")
        return
    shown, rest = (set(answer.resource) if answer.ok else set() for answer in (lean, less))
    fine = {"id", "userName"} <= shown <= {"id", "userName", "schemas", "meta"}
    fine = fine and rest == made.keys() - {"title"}
    fine = fine and users.read(made).get("title") == "Director"
    observed = (sorted(shown), sorted(rest))
    holds("7644-3.9-10", fine, expected="only userName; all but title; both stored", observed=observed, answer=less)
