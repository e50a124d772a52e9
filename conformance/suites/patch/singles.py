"""Operations on attributes of one value, simple and complex, and on several at once."""

from __future__ import annotations

from conformance.judging import budget, clause, either, holds, not_applicable
from conformance.population import OMIT, Users
from conformance.suites.patch.subject import SYNTAX, Subject, changes, operation, refuses, words_of
from conformance.target import Target

FULL = {"givenName": "Ada", "familyName": "Lovelace", "middleName": "Byron"}


@clause("7644-3.5.2.1-05", "7644-3.5.2.1-06", "7644-3.5.2.2-02", "7644-3.5.2.2-10")
@budget(7)
def test_a_text_is_added_and_removed(users: Users, target: Target) -> None:
    """add sets a missing text and overwrites a present one; remove unassigns it, and again does nothing."""
    first, second = words_of(target)[:2]
    subject = Subject(users, users.create(**{first: "Old", second: OMIT}))
    step = subject.step(operation("add", first, "Added"), operation("add", second, "New"))
    for clause_id in ("7644-3.5.2.1-05", "7644-3.5.2.1-06"):
        changes(clause_id, step, **{first: "Added", second: "New"})
    step = subject.step(operation("remove", first))
    if changes("7644-3.5.2.2-02", step, **{first: None}):
        left = step.after.get(first)
        holds("7644-3.5.2.2-02", left is None, expected="no value", observed=repr(left), answer=step.answer)
    again = subject.step(operation("remove", first))
    variants = {"no-change": again.made(), "noTarget": again.declined("noTarget")}
    either("7644-3.5.2.2-10", "AMB-24", variants, observed=again.told(first, second), answer=again.answer)


@clause("7644-3.5.2.3-03", "7644-3.5.2.3-05", "7643-2.5-07")
@budget(7)
def test_a_text_is_replaced(users: Users, target: Target) -> None:
    """replace overwrites a text, sets one that is missing, and unassigns by null and by an empty list."""
    first, second = words_of(target)[:2]
    subject = Subject(users, users.create(**{first: "Old", second: OMIT}))
    step = subject.step(operation("replace", first, "Replaced"), operation("replace", second, "New"))
    for clause_id in ("7644-3.5.2.3-03", "7644-3.5.2.3-05"):
        changes(clause_id, step, **{first: "Replaced", second: "New"})
    step = subject.step(operation("replace", first, None), operation("replace", "emails", []))
    mild = step.declined(*SYNTAX)
    if mild:
        changes("7643-2.5-07", subject.step(operation("replace", "emails", [])), emails=None)
    fine, told = step.made(**{first: None, "emails": None}), f"null and []: {step.told(first, 'emails')}"
    holds("7643-2.5-07", fine, expected="no values", observed=told, answer=step.answer, tolerated=mild)


@clause("7644-3.5.2.1-07", "7644-3.5.2.1-08", "7644-3.5.2.3-06")
@budget(7)
def test_a_part_of_a_name_is_set(users: Users) -> None:
    """add and replace set the parts of a complex value that they name, and leave the others."""
    subject = Subject(users, users.create(name=FULL))
    step = subject.step(operation("add", "name", {"givenName": "Augusta"}))
    named = {"merged": {**FULL, "givenName": "Augusta"}, "replaced": {"givenName": "Augusta"}}
    variants = {variant: step.made(name=name) for variant, name in named.items()}
    either("7644-3.5.2.1-07", "AMB-22", variants, observed=step.told("name"), answer=step.answer)
    name = dict(subject.state.get("name", {}))
    step = subject.step(operation("add", "name.familyName", "King"))
    changes("7644-3.5.2.1-08", step, name={**name, "familyName": "King"})
    parts = {"givenName": "Annabella", "middleName": "Noel"}
    changes("7644-3.5.2.3-06", subject.step(operation("replace", "name", parts)), name={**parts, "familyName": "King"})


@clause("7644-3.5.2.2-03", "7644-3.5.2.2-04")
@budget(5)
def test_a_name_is_removed_in_part_and_as_a_whole(users: Users, target: Target) -> None:
    """remove takes one part out of a complex value, or the whole value."""
    subject = Subject(users, users.create(name=FULL))
    step = subject.step(operation("remove", "name.middleName"))
    changes("7644-3.5.2.2-03", step, name={part: text for part, text in FULL.items() if part != "middleName"})
    if (target.capabilities.attribute("User", "name") or {}).get("required") is True:
        not_applicable("7644-3.5.2.2-04", "name is required")
        return
    changes("7644-3.5.2.2-04", subject.step(operation("remove", "name")), name=None)


@clause("7644-3.5.2.1-03", "7644-3.5.2.1-04", "7644-3.5.2.3-01", "7644-3.5.2.3-02")
@budget(7)
def test_without_a_path_the_value_lists_attributes(users: Users, target: Target) -> None:
    """Without a path, add and replace do to each attribute of the value what they do with a path."""
    first, second = words_of(target)[:2]
    subject = Subject(users, users.create(**{first: "Stays", second: OMIT}))
    other, only = ({"value": users.run.email(kind), "type": kind} for kind in ("other", "home"))
    refuses("7644-3.5.2.1-03", subject, operation("add", None, [{second: "Listed"}]), scim_type=SYNTAX)
    emails = [*subject.state["emails"], other]
    step = subject.step(operation("add", None, {second: "Added", "emails": [other]}))
    for clause_id in ("7644-3.5.2.1-03", "7644-3.5.2.1-04"):
        changes(clause_id, step, **{second: "Added", "emails": emails})
    step = subject.step(operation("replace", None, {second: "New", "emails": [only]}))
    for clause_id in ("7644-3.5.2.3-01", "7644-3.5.2.3-02"):
        changes(clause_id, step, **{second: "New", "emails": [only]})
