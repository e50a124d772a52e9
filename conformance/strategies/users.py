"""The population that filters, sorting and paging are judged on: 30 users, each there for a reason.

The first half holds every combination that truth tables need; the second half carries one hostile text each, with
the decoys that a server with that mistake confuses them with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from conformance.strategies.trees import CORE, ENTERPRISE
from conformance.strategies.values import DECOYS, HOSTILE


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the population; empty text is no value, `mails` reads "type:local", a star marks the primary one."""

    local: str
    family: str = ""
    given: str = ""
    title: str = ""
    active: bool | None = True
    department: str = ""
    number: str = ""
    display: str = ""
    mails: str = ""
    phone: str = ""


PEOPLE: Final = (
    Person("ann.lee", "Lee", "Ann", "Engineer", True, "Sales", "9", "Ann Lee", "work:ann.lee*", "+1-555-0101"),
    Person("Bob_Ray", "Ray", "Bob", "engineer", False, "Sales", "10", "Bob Ray", "work:b.ray*"),
    Person("BobXRay", "Ray", "Bobby", "Lead Engineer", True, "Support", "11", "BobXRay", "home:b.ray*"),
    Person("cy", "O'Malley", "Cy", "Analyst", False, "Support", "100", "Cy", "work:cy* home:cy.home"),
    Person("cy.d", "OMalley", "Cyd", "", True, "Sales", "101", "Cyd", "work:cy.home home:cy*"),
    Person("dee", "Young", "Dee", "", False, "", "", "Dee Young"),
    Person("Eva", "young", "Eva", "Zoologist", True, "", "", "eva YOUNG", "other:eva*"),
    Person("fay1", "Abel", "Fay", "analyst", True, "Research", "2", "Fay", "other:aaa work:zed*"),
    Person("fay2", "abel", "Fay", "Analyst", True, "Research", "20", "Fay", "work:fay.two*", "+1-555-0102"),
    Person("gil", "Baker", "", "Engineer", False, "Research", "21", "Gil", "work:gil*", "+1-555-0101"),
    Person("hal", "", "Hal", "Architect", True, "sales", "", "", "home:hal"),
    Person("ivy", "Cole", "Ivy", "", None, "Support", "3", "Ivy Cole", "work:ivy*"),
    Person("jo+x", "Cole", "Jo", "Lead", False, "", "4", "Jo"),
    Person("kim", "Dunn", "Kim", "", True, "Board", "", "KIM", "home:zzz work:bbb*"),
)


def people() -> Iterator[Person]:
    """The rows of PEOPLE, then one row per hostile text; decoys share a row with another text's title."""
    yield from PEOPLE
    decoys = iter(DECOYS.values())
    for index, (reason, text) in enumerate(HOSTILE.items()):
        if reason not in {"hash and semicolon", "right to left", "word", "directory injection"}:
            yield Person(f"h{index:02}", family=text[:60], title=next(decoys, ""), display=text, active=index % 3 > 0)


def body(person: Person, *, mark: str, domain: str, enterprise: bool) -> dict[str, Any]:
    """The attributes of one user, empty where the row has none; `mark` begins userName, externalId and addresses."""
    attributes: dict[str, Any] = {
        "schemas": [CORE, ENTERPRISE] if enterprise else [CORE],
        "userName": f"{mark}{person.local}@{domain}",
        "externalId": f"{mark}{person.local.swapcase()}",
        "userType": mark,
        "displayName": person.display,
        "title": person.title,
        "name": _filled(familyName=person.family, givenName=person.given),
        "active": person.active,
        "emails": [_mail(mail, mark, domain) for mail in person.mails.split()],
        "phoneNumbers": [{"type": "work", "value": person.phone}] if person.phone else [],
    }
    if enterprise:
        attributes[ENTERPRISE] = _filled(department=person.department, employeeNumber=person.number)
    return attributes


def _mail(shorthand: str, mark: str, domain: str) -> dict[str, Any]:
    kind, _, local = shorthand.partition(":")
    return {"type": kind, "value": f"{mark}{local.rstrip('*')}@{domain}", "primary": local.endswith("*")}


def _filled(**members: str) -> dict[str, str]:
    return {name: value for name, value in members.items() if value}
