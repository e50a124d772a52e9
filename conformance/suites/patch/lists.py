"""Operations on attributes of several values: adding, replacing and removing elements."""

from __future__ import annotations

import pytest

from conformance.judging import budget, clause, either, holds
from conformance.population import OMIT, Document, Users
from conformance.suites.patch.subject import Subject, changes, operation
from conformance.target import Target

MANY = 100


def mail(users: Users, kind: str, **parts: object) -> Document:
    """A new e-mail address of that type."""
    return {"type": kind, "value": users.run.email(kind), **parts}


@pytest.fixture
def subject(users: Users) -> Subject:
    """A user with two addresses at work and one at home."""
    return Subject(users, users.create(emails=[mail(users, kind) for kind in ("work", "work", "home")]))


@clause("7644-3.5.2.1-09", "7644-3.5.2-14")
def test_add_appends_values(users: Users, subject: Subject) -> None:
    """add appends one value or several; a later filter of the request selects among them."""
    first, second, third = (mail(users, "home") for _ in range(3))
    step = subject.step(operation("add", "emails", [first]), operation("add", "emails", [second, third]))
    changes("7644-3.5.2.1-09", step, emails=[*step.before["emails"], first, second, third])
    kept, other, changed = list(subject.state.get("emails") or []), mail(users, "other"), users.run.email("changed")
    selected = operation("replace", 'emails[type eq "other"].value', changed)
    step = subject.step(operation("add", "emails", [other]), selected)
    changes("7644-3.5.2-14", step, emails=[*kept, {**other, "value": changed}])


@clause("7644-3.5.2.1-13", "7644-3.5.2.1-14")
@budget(5)
def test_add_with_a_filter_sets_what_it_selects(users: Users) -> None:
    """add with a filter sets a part of the matching value; without a match it is refused or makes one."""
    work, home = mail(users, "work"), mail(users, "home")
    subject = Subject(users, users.create(emails=[home, work]))
    step = subject.step(operation("add", 'emails[type eq "work"].display', "At work"))
    shown = {**work, "display": "At work"}
    updated = step.made(emails=[home, shown])
    either("7644-3.5.2.1-13", "AMB-23", {"updated": updated}, observed=step.told("emails"), answer=step.answer)
    other, emails = users.run.email("other"), list(subject.state["emails"])
    step = subject.step(operation("add", 'emails[type eq "other"].value', other))
    created = step.made(emails=[*emails, {"type": "other", "value": other}])
    variants = {"created": created, "noTarget": step.declined("noTarget"), "no-change": step.made()}
    either("7644-3.5.2.1-14", "AMB-23", variants, observed=step.told("emails"), answer=step.answer)


@clause("7644-3.5.2.2-06", "7644-3.5.2.2-07")
@budget(5)
def test_remove_with_a_filter_removes_what_it_selects(subject: Subject, target: Target) -> None:
    """remove with a filter removes the matching values only; when none is left the attribute has no value."""
    one, two, home = subject.state["emails"]
    last = two["value"][-24:]
    path = f'emails[type eq "work" and value ew "{last}"]'
    changes("7644-3.5.2.2-06", subject.step(operation("remove", path)), emails=[one, home])
    step = subject.step(operation("remove", f'emails[value eq "{one["value"]}" or type eq "home"]'))
    changes("7644-3.5.2.2-07", step, emails=None)
    if target.has("filter"):
        users = subject.resources
        name = subject.state["userName"]
        answer = users.client.query(users.endpoint, f'userName eq "{name}" and emails pr')
        told = answer.total if answer.ok else answer.status
        fine = not answer.ok or answer.total == 0
        holds("7644-3.5.2.2-07", fine, expected="no user has `emails pr`", observed=told, answer=answer)


@clause("7644-3.5.2.2-08")
@budget(3)
def test_remove_of_a_part_takes_it_from_what_is_selected(users: Users) -> None:
    """remove with a filter and a sub-attribute takes it out of the matching values only."""
    emails = [mail(users, kind, display=f"{kind} address") for kind in ("home", "work", "other")]
    subject = Subject(users, users.create(emails=emails))
    step = subject.step(operation("remove", 'emails[type eq "work"].display'))
    left = [
        {part: text for part, text in each.items() if (each["type"], part) != ("work", "display")} for each in emails
    ]
    changes("7644-3.5.2.2-08", step, emails=left)


@clause("7644-3.5.2.3-08")
@budget(3)
def test_replace_with_a_filter_replaces_all_it_selects(users: Users) -> None:
    """replace with a filter replaces each matching value, and no other."""
    emails = [mail(users, kind, display=f"{kind} {at}") for at, kind in enumerate(("work", "home", "work"))]
    subject = Subject(users, users.create(emails=emails))
    step = subject.step(operation("replace", 'emails[type eq "work"]', {"type": "work", "display": "New"}))
    merged = [{**each, "display": "New"} if each["type"] == "work" else each for each in emails]
    single = {"type": "work", "display": "New"}
    variants = {
        "merged": step.made(emails=merged),
        "replaced": step.made(emails=[single, emails[1], single]) or step.made(emails=[single, emails[1]]),
    }
    either("7644-3.5.2.3-08", "AMB-26", variants, observed=step.told("emails"), answer=step.answer)


@clause("7644-3.5.2.3-09")
@budget(3)
def test_replace_of_a_part_changes_all_that_is_selected(users: Users) -> None:
    """replace with a filter and a sub-attribute changes it in each matching value, and in no other."""
    places = [
        {"type": kind, "streetAddress": f"{at} Main St", "locality": f"Town {at}"}
        for at, kind in enumerate(("work", "home", "work"))
    ]
    subject = Subject(users, users.create(addresses=places))
    step = subject.step(operation("replace", 'addresses[type eq "work"].streetAddress', "9 New St"))
    moved = [{**each, "streetAddress": "9 New St"} if each["type"] == "work" else each for each in places]
    changes("7644-3.5.2.3-09", step, addresses=moved)


@clause("7644-3.5.2-20")
@budget(7)
def test_a_new_primary_value_resets_the_others(users: Users) -> None:
    """Setting primary on one value takes it from all others, by add, by filter and without a path."""
    emails = [mail(users, kind) for kind in ("work", "home", "other", "home")]
    subject = Subject(users, users.create(emails=[{**emails[0], "primary": True}, emails[1]]))
    added, last = {**emails[2], "primary": True}, {**emails[3], "primary": True}
    for count, chosen, write in (
        (3, 2, operation("add", "emails", [added])),
        (3, 1, operation("replace", 'emails[type eq "home"].primary', True)),
        (4, 3, operation("add", None, {"emails": [last]})),
    ):
        wanted = [{**each, "primary": at == chosen} for at, each in enumerate(emails[:count])]
        changes("7644-3.5.2-20", subject.step(write), emails=wanted)


@clause("7643-2.4-09")
@budget(2)
def test_one_operation_leaves_one_primary(users: Users, subject: Subject) -> None:
    """A replace by two primary values is refused, or leaves one of them primary."""
    emails = [mail(users, kind, primary=True) for kind in ("work", "home")]
    step = subject.step(operation("replace", "emails", emails))
    chosen = [each for each in step.after.get("emails") or [] if each.get("primary") is True]
    fine = step.declined("invalidValue", "invalidSyntax") or (step.answer.ok and len(chosen) == 1)
    holds("7643-2.4-09", fine, expected="400, or one primary", observed=step.told("emails"), answer=step.answer)


@clause("7644-3.5.2-24", "7644-3.5.2.2-05")
@budget(5)
def test_many_values_come_and_go_at_once(users: Users) -> None:
    """A hundred values are added by one operation, another hundred by as many; remove takes all of them."""
    subject = Subject(users, users.create(emails=OMIT))
    emails = [mail(users, "other") for _ in range(2 * MANY)]
    parts = [emails[:MANY], *([each] for each in emails[MANY:])]
    step = subject.step(*(operation("add", "emails", part) for part in parts))
    told = f"{step.told()}: {len(step.after.get('emails') or [])} of {len(emails)} in {len(parts)} operations"
    holds("7644-3.5.2-24", step.made(emails=emails), expected="every value", observed=told, answer=step.answer)
    changes("7644-3.5.2.2-05", subject.step(operation("remove", "emails")), emails=None)
