"""Operations on the members of a group."""

from __future__ import annotations

import uuid

import pytest

from conformance.judging import clause, either, holds, not_applicable
from conformance.population import Document, Groups
from conformance.suites.patch.subject import SYNTAX, Subject, changes, operation
from conformance.target import Target


@pytest.fixture
def members(people: list[Document]) -> list[Document]:
    """Three users, as members."""
    return [{"value": str(each["id"])} for each in people]


@pytest.fixture
def subject(groups: Groups, members: list[Document], target: Target) -> Subject | None:
    """A group of the first two, None where the target has no groups."""
    return Subject(groups, groups.create(members=members[:2])) if target.has("type:Group") else None


def without_groups(*clauses: str) -> None:
    """These clauses say nothing about members."""
    for clause_id in clauses:
        not_applicable(clause_id, "the target has no groups")


@clause("7644-3.5.2-13", "7644-3.5.2.1-10")
def test_operations_run_in_order(subject: Subject | None, members: list[Document]) -> None:
    """Each operation works on the result of those before it; a bare object adds one member or is refused."""
    if subject is None:
        without_groups("7644-3.5.2-13", "7644-3.5.2.1-10")
        return
    step = subject.step(operation("remove", "members"), operation("add", "members", [members[2]]))
    changes("7644-3.5.2-13", step, members=[members[2]])
    kept = list(subject.state.get("members") or [])
    step = subject.step(operation("add", "members", members[0]))
    variants = {"wrapped": step.made(members=[*kept, members[0]]), "refused": step.declined(*SYNTAX)}
    either("7644-3.5.2.1-10", "AMB-36", variants, observed=step.told("members"), answer=step.answer)


@clause("7644-3.5.2.2-06", "7644-3.5.2.2-09")
def test_a_member_is_removed_by_its_id(subject: Subject | None, members: list[Document]) -> None:
    """remove with the id of a member removes that one; with another id nobody."""
    if subject is None:
        without_groups("7644-3.5.2.2-06", "7644-3.5.2.2-09")
        return
    absent = subject.step(operation("remove", f'members[value eq "{uuid.uuid4()}"]'))
    variants = {"no-change": absent.made(), "noTarget": absent.declined("noTarget")}
    either("7644-3.5.2.2-09", "AMB-24", variants, observed=absent.told("members"), answer=absent.answer)
    step = subject.step(operation("remove", f'members[value eq "{members[1]["value"]}"]'))
    changes("7644-3.5.2.2-06", step, members=[members[0]])


@clause("7644-3.5.2.3-04", "7644-3.5.2.2-05", "7643-3.1-29")
def test_members_are_replaced_and_removed_as_a_whole(subject: Subject | None, members: list[Document]) -> None:
    """replace of `members` leaves those only, remove without a filter none; each makes a new version."""
    if subject is None:
        without_groups("7644-3.5.2.3-04", "7644-3.5.2.2-05", "7643-3.1-29")
        return
    step = subject.step(operation("replace", "members", [members[1], members[2]]))
    changes("7644-3.5.2.3-04", step, members=[members[1], members[2]])
    gone = subject.step(operation("remove", "members"))
    changes("7644-3.5.2.2-05", gone, members=None)
    tags = [(each.get("meta") or {}).get("version") for each in (step.before, step.after, gone.after)]
    if None in tags:
        not_applicable("7643-3.1-29", "the group shows no version")
        return
    told = gone.answer
    holds("7643-3.1-29", len(set(tags)) == len(tags), expected="three versions", observed=tags, answer=told)
