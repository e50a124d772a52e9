"""The answer to a PATCH that succeeds, and the version of the resource after it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from conformance.judging import budget, clause, either, holds, not_applicable
from conformance.population import Document, Groups, Users
from conformance.rfc_schema import CORE_USER, ENTERPRISE_USER
from conformance.suites.filtering.asking import shown
from conformance.suites.patch.subject import Step, Subject, changes, operation, plain, words_of
from conformance.target import Target

TICK = 1.1
"""Seconds after which a clock that counts whole seconds shows another time."""
LEAN = {"id", "username", "schemas", "meta"}
EXTENDED = {"schemas": [CORE_USER, ENTERPRISE_USER], ENTERPRISE_USER: {"department": "Sales"}}
"""What a user of a department has."""


def stamp(resource: Mapping[str, Any]) -> str:
    """The time of the last change as the resource tells it."""
    return str((resource.get("meta") or {}).get("lastModified"))


def rest(resource: Mapping[str, Any]) -> None:
    """Wait until the clock of the target has moved on, if it counts whole seconds."""
    if "." not in stamp(resource):
        time.sleep(TICK)


def answers_as_it_may(step: Step, *, lists_may_lack: str = "") -> None:
    """Judge that a PATCH was answered 200 with the entire resource, or 204 without a body."""
    answer = step.answer
    if answer.status == 204:
        holds("7644-3.5.2-17", not answer.body, expected="no body", observed=answer.body[:200], answer=answer)
        return
    if answer.status != 200:
        holds("7644-3.5.2-17", False, expected="200 or 204", observed=shown(answer), answer=answer)
        return
    told, wanted = plain(answer.resource), plain(step.after)
    if lists_may_lack not in told:
        wanted.pop(lists_may_lack, None)
    lacking = [name for name in wanted if wanted[name] != told.get(name)]
    whole = not lacking and answer.resource.get("id") == step.after.get("id")
    observed = f"200; not as GET shows it: {lacking}"
    holds("7644-3.5.2-17", whole, expected="the entire resource", observed=observed, answer=answer)


def carries_the_version(step: Step, current: str | None) -> bool:
    """Whether a 204 was judged by its ETag."""
    if step.answer.status != 204:
        return False
    told = step.answer.headers.get("ETag")
    holds("7644-3.5.2-19", told is not None and told == current, expected=f"ETag {current}", observed=told)
    return True


@clause("7644-3.5.2-17", "7644-3.5.2-19", "7644-3.5.2-18")
@budget(8)
def test_success_is_the_resource_or_no_content(users: Users, groups: Groups, target: Target) -> None:
    """A PATCH is answered 200 with the whole resource, or 204; with `attributes`, 200 and what they name."""
    word = words_of(target)[0]
    user = Subject(users, users.create(**(EXTENDED if target.has("extension:enterprise") else {})))
    told = [judged(user, operation("replace", word, "Told"))]
    if target.has("type:Group"):
        group = Subject(groups, groups.create(members=[{"value": user.state["id"]}]))
        told.append(judged(group, operation("replace", "displayName", groups.run.name("told"))))
    if not any(told):
        not_applicable("7644-3.5.2-19", "no PATCH was answered 204")
    projected(user, word)


def judged(subject: Subject, write: Document) -> bool:
    """Judge the answer to a PATCH; whether it was judged by the ETag of a 204, too."""
    before, answer = subject.state, subject.send(write)
    reading = subject.resources.client.get(subject.path)
    step = Step(before, answer, reading.resource)
    answers_as_it_may(step, lists_may_lack="members")
    return carries_the_version(step, reading.headers.get("ETag"))


def projected(subject: Subject, word: str) -> None:
    """Judge the answer to a PATCH that asks for `userName` only."""
    answer = subject.send(operation("replace", word, "New"), params={"attributes": "userName"})
    told = {name.lower() for name in answer.resource} if answer.status == 200 else set()
    fine = answer.status == 200 and {"id", "username"} <= told <= LEAN
    observed = f"{shown(answer)}: {sorted(told)}"
    holds("7644-3.5.2-18", fine, expected="200 with userName only", observed=observed, answer=answer)
    stored = subject.read().get(word)
    holds("7644-3.5.2-18", not answer.ok or stored == "New", expected="the change is made", observed=stored)


@clause("7643-3.1-29", "7644-3.5.2.3-11")
@budget(5)
def test_a_change_moves_the_time_of_change(users: Users, target: Target) -> None:
    """A change moves lastModified forward and gives another version; replacing by the same value succeeds."""
    word = words_of(target)[0]
    subject = Subject(users, users.create(**{word: "Old"}))
    rest(subject.state)
    step = subject.step(operation("replace", word, "New"))
    told = f"{stamp(step.before)} -> {stamp(step.after)}"
    later = stamp(step.before) < stamp(step.after)
    holds("7643-3.1-29", later, expected="a later lastModified", observed=told, answer=step.answer)
    if target.has("etag"):
        tags = [str((resource.get("meta") or {}).get("version")) for resource in (step.before, step.after)]
        holds("7643-3.1-29", tags[0] != tags[1], expected="another version", observed=tags, answer=step.answer)
    own = operation("replace", "userName", subject.state["userName"])
    again = subject.step(operation("replace", word, "New"), own)
    stamps = stamp(again.before), stamp(again.after)
    variants = {
        "unchanged": again.made() and stamps[0] == stamps[1],
        "advanced": again.made() and stamps[0] < stamps[1],
    }
    either("7644-3.5.2.3-11", "AMB-62", variants, observed=f"{again.told(word)}; {stamps}", answer=again.answer)


@clause("7644-3.5.2.1-11", "7644-3.5.2.1-12")
@budget(8)
def test_adding_what_is_there_changes_nothing(users: Users, groups: Groups, target: Target) -> None:
    """Adding a value that is there succeeds, leaves one copy, and does not move lastModified."""
    user = Subject(users, users.create())
    added = {"value": str(user.state["id"])}
    subjects = [(user, operation("add", "emails", list(user.state["emails"])))]
    if target.has("type:Group"):
        group = Subject(groups, groups.create(members=[added]))
        subjects.append((group, operation("add", "members", [added])))
    for subject, _ in subjects:
        subject.read()
    rest(user.state)
    for subject, write in subjects:
        step = subject.step(write)
        changes("7644-3.5.2.1-11", step)
        still = stamp(step.before) == stamp(step.after)
        told = f"{stamp(step.before)} -> {stamp(step.after)}"
        holds("7644-3.5.2.1-12", still, expected="the same lastModified", observed=told, answer=step.answer)
