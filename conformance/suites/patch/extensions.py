"""Operations on an extension of the user, and on `schemas`."""

from __future__ import annotations

import pytest

from conformance.judging import budget, clause, either, holds, observe
from conformance.population import Users
from conformance.rfc_schema import CORE_USER, ENTERPRISE_USER
from conformance.suites.patch.subject import Subject, changes, operation


def urns(subject: Subject) -> set[str]:
    """The schemas the resource lists."""
    return set(subject.state.get("schemas") or [])


def lists(clause_id: str, subject: Subject, *wanted: str) -> None:
    """Judge that the resource lists these schemas, and no other."""
    told = urns(subject)
    holds(clause_id, told == set(wanted), expected=f"schemas {sorted(wanted)}", observed=sorted(told))


@pytest.fixture
def subject(users: Users) -> Subject:
    """A user of a department, with a number."""
    extension = {"department": "Sales", "employeeNumber": "701"}
    return Subject(users, users.create(schemas=[CORE_USER, ENTERPRISE_USER], **{ENTERPRISE_USER: extension}))


@clause("7644-3.5.2-22")
@budget(3)
def test_an_added_schema_lets_its_attributes_follow(users: Users) -> None:
    """An operation that adds an extension's URN to `schemas` counts for those after it."""
    subject = Subject(users, users.create())
    number = operation("add", f"{ENTERPRISE_USER}:employeeNumber", "702")
    step = subject.step(operation("add", "schemas", [ENTERPRISE_USER]), number)
    if step.declined("mutability"):
        observe("7644-3.5.2-22", "changing `schemas` is refused with 400 mutability")
        return
    changes("7644-3.5.2-22", step, **{ENTERPRISE_USER: {"employeeNumber": "702"}})
    lists("7644-3.5.2-22", subject, CORE_USER, ENTERPRISE_USER)


@clause("7644-3.5.2-25", "7643-3.3-07")
def test_the_request_need_not_repeat_the_schemas(subject: Subject) -> None:
    """Names are read by the schemas of the resource, in a path and in a path-less value."""
    step = subject.step(operation("replace", f"{ENTERPRISE_USER}:department", "Support"))
    changes("7644-3.5.2-25", step, **{ENTERPRISE_USER: {"department": "Support", "employeeNumber": "701"}})
    lists("7644-3.5.2-25", subject, CORE_USER, ENTERPRISE_USER)
    step = subject.step(operation("replace", None, {ENTERPRISE_USER: {"department": "Board"}}))
    changes("7643-3.3-07", step, **{ENTERPRISE_USER: {"department": "Board", "employeeNumber": "701"}})


@clause("7644-3.5.2-23")
@budget(2)
def test_a_simple_value_is_selected_or_refused(subject: Subject) -> None:
    """A filter on the URNs in `schemas` selects the one it names, or is refused."""
    step = subject.step(operation("remove", f'schemas[value eq "{ENTERPRISE_USER}"]'))
    selected = step.made(**{ENTERPRISE_USER: None}) and urns(subject) == {CORE_USER}
    refused = step.answer.status == 400 and step.traceless
    variants = {"value-filter": selected, "refused": refused}
    either("7644-3.5.2-23", "AMB-52", variants, observed=step.told("schemas"), answer=step.answer)
