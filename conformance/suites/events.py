"""Asynchronous requests and the discovery of events (RFC 9967 sections 2.5.1.1, 3 and 4)."""

from __future__ import annotations

from conformance.client import Answer
from conformance.judging import budget, clause, holds, not_applicable
from conformance.population import Users
from conformance.suites.links import place
from conformance.target import Target

ASYNC = frozenset({"none", "long", "request"})
APPLIED = "Preference-Applied"


def replace(users: Users, prefer: str) -> tuple[Answer, str]:
    """The answer to a PUT with that preference on a new user, and the path of the user."""
    made = users.create()
    body = users.body(userName=made["userName"], title="Planner")
    return users.client.put(users.path(made), body, headers={"Prefer": prefer}), users.path(made)


def applied(answer: Answer) -> list[str]:
    """The names of the preferences an answer says it applied, in lower case."""
    found = answer.headers.get(APPLIED, "").lower().replace(";", ",").split(",")
    return [each.partition("=")[0].strip() for each in found if each.strip()]


@clause("9967-4-01")
@budget(0)
def test_the_event_settings_are_sound(target: Target) -> None:
    """securityEvents has asyncRequest none, long or request, and a list of event URIs."""
    events = target.capabilities.config["securityEvents"]
    mode, uris = events.get("asyncRequest"), events.get("eventUris", [])
    texts = isinstance(uris, list) and all(isinstance(each, str) and ":" in each for each in uris)
    right = isinstance(mode, str) and mode.lower() in ASYNC and texts
    holds("9967-4-01", right, expected=f"one of {', '.join(sorted(ASYNC))}, and URIs", observed=dict(events))


ACCEPTED = ("9967-2.5.1.1-01", "9967-3-01", "9967-2.5.1.1-02", "9967-2.5.1.1-03")


@clause(*ACCEPTED)
@budget(5)
def test_an_accepted_request_is_answered_202_without_a_body(users: Users) -> None:
    """An asynchronous answer is an empty 202 with Set-Txn, Location and Preference-Applied."""
    pairs = [replace(users, "respond-async") for _ in range(2)]
    first = pairs[0][0]
    accepted = [(answer, path) for answer, path in pairs if answer.status == 202]
    if not accepted:
        told = f"answered at once: {first.status}"
        holds("9967-2.5.1.1-01", first.ok, expected="a normal answer, or 202", observed=told, answer=first)
        for clause_id in ACCEPTED[1:]:
            not_applicable(clause_id, "no 202 was seen")
        return
    for answer, path in accepted:
        judge_accepted(users, answer, path)
    marks = [answer.headers.get("Set-Txn", "").strip() for answer, _ in accepted]
    right = all(marks) and len(set(marks)) == len(marks)
    holds("9967-3-01", right, expected="a Set-Txn of its own each", observed=marks, answer=accepted[0][0])


def judge_accepted(users: Users, answer: Answer, path: str) -> None:
    """Judge body, preference and place of one 202."""
    holds("9967-2.5.1.1-01", not answer.body, expected="no body", observed=answer.body[:80], answer=answer)
    names = applied(answer)
    holds("9967-2.5.1.1-02", "respond-async" in names, expected="respond-async", observed=names, answer=answer)
    found = answer.headers.get("Location")
    own = found is not None and users.client.url(place(found)) == users.client.url(path)
    right = own or (found is not None and users.client.get(place(found)).status in (200, 202, 204, 404))
    holds("9967-2.5.1.1-03", right, expected=f"{path}, or where the event will be", observed=found, answer=answer)


@clause("9967-2.5.1.1-04")
@budget(2)
def test_the_time_to_wait_is_heeded(users: Users) -> None:
    """With respond-async and wait, the result or a 202 comes within that time."""
    answer, _ = replace(users, "respond-async, wait=5")
    timely = answer.ok and answer.exchange.elapsed_ms < 5_500
    told = f"{answer.status} after {answer.exchange.elapsed_ms / 1000:.1f} s, applied {applied(answer)}"
    holds("9967-2.5.1.1-04", timely, expected="2xx within 5 s", observed=told, answer=answer)


@clause("7240-2-01")
@budget(3)
def test_an_unknown_preference_is_ignored(users: Users) -> None:
    """A provider without asynchronous requests replaces at once and claims no preference."""
    answer, path = replace(users, "respond-async, wait=5")
    shown = users.client.get(path).resource.get("title")
    right = answer.status in (200, 204) and shown == "Planner"
    told = f"{answer.status}, title {shown!r}, applied {applied(answer)}"
    holds("7240-2-01", right and not applied(answer), expected="200, replaced", observed=told, answer=answer)
