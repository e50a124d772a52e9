"""The manager in every shape in which Entra and its validators send it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pytest

from conformance.client import Answer
from conformance.judging import budget, clause, holds
from conformance.population import Users
from conformance.rfc_schema import ENTERPRISE_USER
from conformance.strategies.population import Population
from conformance.suites.dialects.subject import USER_SCHEMAS, Subject, enterprise
from conformance.suites.filtering.asking import shown

pytestmark = budget(4)

PATH: Final = enterprise("manager")
SHOWN: Final = f"{PATH}.value"


@dataclass(slots=True)
class Report:
    """A user with a department, and two who take turns as the manager."""

    subject: Subject
    bosses: tuple[str, str]
    turns: int = 0

    def next(self) -> str:
        """The id of the manager to be."""
        self.turns += 1
        return self.bosses[self.turns % 2]

    def set(self, clause_id: str, boss: str, op: str, path: str, value: object) -> bool:
        """Judge that the operation makes this user the manager, and nothing else."""
        return self.subject.lands(clause_id, self.wanted(boss), {"op": op, "path": path, "value": value})

    def wanted(self, boss: str) -> dict[str, Any]:
        """The leaf that shows the manager, as an object or as a bare string; the shape has a clause of its own."""
        leaf = PATH if isinstance(_extension(self.subject).get("manager"), str) else SHOWN
        return {leaf: boss}

    def clear(self, clause_id: str, op: str, **value: object) -> bool:
        """Judge that the operation takes away the manager, who is set before, and nothing else."""
        boss = self.next()
        there = self.subject.fill(self.wanted(boss), {"op": "replace", "path": PATH, "value": {"value": boss}})
        return self.subject.lands(clause_id, dict.fromkeys(there), {"op": op, "path": PATH, **value})


def _extension(subject: Subject) -> dict[str, Any]:
    found = subject.user.get(ENTERPRISE_USER)
    return found if isinstance(found, dict) else {}


@pytest.fixture(scope="module")
def report(suite_users: Users, settled_population: Population) -> Report:
    """One user with a department, and two managers out of those who are there anyway."""
    made = suite_users.create(schemas=USER_SCHEMAS, **{ENTERPRISE_USER: {"department": "Ops"}})
    bosses = (str(settled_population.user("gil")["id"]), str(settled_population.user("hal")["id"]))
    return Report(Subject(suite_users, made), bosses)


@clause("ENTRA-2.6-01")
@budget(2)
def test_a_manager_is_a_list_with_a_reference(report: Report) -> None:
    """A list with one object of `$ref` and `value` at the bare path sets the manager."""
    boss, users = report.next(), report.subject.users
    reference = {"$ref": users.client.url(users.path(boss)), "value": boss}
    report.set("ENTRA-2.6-01", boss, "Add", "manager", [reference])


@clause("ENTRA-2.6-02")
def test_a_manager_is_a_plain_string(report: Report) -> None:
    """A plain string at the enterprise path sets the manager, and another one changes it."""
    for op in ("Add", "replace"):
        boss = report.next()
        report.set("ENTRA-2.6-02", boss, op, PATH, boss)


@clause("ENTRA-2.6-03", "ENTRA-2.6-07")
@budget(5)
def test_a_manager_is_an_object(report: Report) -> None:
    """An object with `value` sets and changes the manager, who is answered as an object."""
    for op in ("Add", "Replace"):
        boss = report.next()
        report.set("ENTRA-2.6-03", boss, op, PATH, {"value": boss})
    report.subject.settle()
    found = _extension(report.subject).get("manager")
    fine = isinstance(found, dict) and found.get("value") in report.bosses
    holds("ENTRA-2.6-07", fine, expected="an object with value", observed=found)


@clause("PRAC-E-03")
def test_a_manager_in_odd_shapes_is_read_or_refused(report: Report) -> None:
    """A bare string or a list with one object becomes the manager, or is refused with 400."""
    for wrap in (str, lambda boss: [{"value": boss}]):
        boss = report.next()
        answer = report.subject.send({"op": "Replace", "path": PATH, "value": wrap(boss)})
        fine = answer.status == 400 or not report.subject.shortfall(answer, report.wanted(boss))
        seen = shown(answer)
        holds("PRAC-E-03", fine, expected="that manager, or 400", observed=seen, answer=answer, harm=answer.ok)


@clause("ENTRA-2.6-04", "ENTRA-2.6-05", "ENTRA-2.6-06")
@budget(12)
def test_a_manager_is_cleared(report: Report) -> None:
    """An empty string, an object with an empty `value`, or `Remove` clears the manager and nothing else."""
    report.clear("ENTRA-2.6-04", "replace", value="")
    report.clear("ENTRA-2.6-05", "replace", value={"value": ""})
    report.clear("ENTRA-2.6-06", "Remove")


@clause("ENTRA-2.6-08")
@budget(3)
def test_a_manager_in_a_body_is_a_plain_string(report: Report, users: Users) -> None:
    """A manager that is a plain string inside a resource or a path-less value is understood."""
    boss = report.next()
    answer: Answer = users.post(users.body(schemas=USER_SCHEMAS, **{ENTERPRISE_USER: {"manager": boss}}))
    found = answer.resource.get(ENTERPRISE_USER, {}).get("manager") if answer.ok else shown(answer)
    told = found.get("value") if isinstance(found, dict) else found
    right, lost = told == boss, answer.ok
    holds("ENTRA-2.6-08", right, expected="201, that manager", observed=found, answer=answer, harm=lost)
    report.subject.lands("ENTRA-2.6-08", report.wanted(boss), {"op": "replace", "value": {PATH: boss}})
