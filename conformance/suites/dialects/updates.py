"""Creating and changing users as Entra does, without and with its compliance flag."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.client import Answer
from conformance.judging import budget, clause, either, holds
from conformance.population import OMIT, Document, Users
from conformance.rfc_schema import CORE_USER
from conformance.suites.dialects.subject import (
    USER_SCHEMAS,
    Subject,
    compact,
    enterprise,
    faults,
    known,
    leaves,
    operations,
)
from conformance.suites.filtering.asking import shown
from conformance.suites.matching.people import eq, found_ids
from conformance.target import Target

pytestmark = budget(2)

CHARSET = "application/scim+json; charset=utf-8"
MISSPELT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"
NULLS = ("title", "addresses", "phoneNumbers", "manager", "department")


@pytest.fixture(scope="module")
def subject(suite_users: Users) -> Subject:
    """One user for the whole file."""
    return Subject(
        suite_users, suite_users.create(schemas=USER_SCHEMAS, title="Clerk", externalId=suite_users.run.name())
    )


def entra_body(users: Users, **others: Any) -> Document:
    """A create as Entra writes it."""
    return users.body(
        schemas=USER_SCHEMAS,
        externalId=users.run.name("ext"),
        meta={"resourceType": "User"},
        roles=[],
        name={"formatted": "Mara Löpez", "familyName": "Löpez", "givenName": "Mara"},
        **others,
    )


@clause("ENTRA-1.5-01", "ENTRA-1.2-07", "ENTRA-1.2-08")
@budget(2)
def test_entra_creates_a_user(users: Users, target: Target) -> None:
    """A create in Entra's shape gives a user with the values that were sent."""
    extra = known(target, {"phoneNumbers": [{"type": "work", "value": "+1-201-555-0123"}], "title": "Head, R&D / β"})
    body = entra_body(users, **extra)
    answer = users.client.post(users.endpoint, body, content_type=CHARSET)
    told = shown(answer)
    holds("ENTRA-1.2-08", answer.ok, expected="201", observed=told, answer=answer)
    made = answer.resource if answer.ok else {}
    users.made += [str(made["id"])] if made.get("id") else []
    fine = answer.status in {200, 201} and bool(made.get("id"))
    holds("ENTRA-1.5-01", fine, expected="201, an id", observed=told, answer=answer)
    stored = leaves(users.read(made) if fine else {})
    sent = {leaf: value for leaf, value in leaves(body).items() if not leaf.endswith(".primary")}
    plain = {leaf: sent.pop(leaf) for leaf in ("userName", "externalId", "active", "emails[work].value")}
    wrong = faults({}, stored, plain)
    holds("ENTRA-1.5-01", not wrong, expected="the values sent", observed=wrong, answer=answer)
    wrong = faults({}, stored, sent)
    holds("ENTRA-1.2-07", not wrong, expected="the values sent", observed=wrong, answer=answer)


@clause("ENTRA-1.5-02")
@budget(1)
def test_nulls_and_a_misspelt_schema_do_no_harm(users: Users) -> None:
    """Null attributes, misplaced ones and a misspelt schema URN do no harm on create."""
    answer = users.post(entra_body(users, **dict.fromkeys(NULLS)) | {"schemas": [CORE_USER, MISSPELT]})
    made = answer.resource if answer.ok else {}
    odd = [name for name in NULLS if name in made and made[name] is None]
    fine = answer.status == 201 and not odd and MISSPELT not in made.get("schemas", [])
    told = odd or made.get("schemas") or shown(answer)
    holds("ENTRA-1.5-02", fine, expected="201, no null, no unknown URN", observed=told, answer=answer)


def switched(subject: Subject, clause_id: str, op: str, value: object, *, active: bool) -> bool:
    """Judge that an operation on `active` has its effect and no other."""
    return subject.lands(clause_id, {"active": active}, {"op": op, "path": "active", "value": value})


@clause("ENTRA-1.5-03", "PRAC-E-01")
@budget(6)
def test_a_disabled_user_stays(subject: Subject) -> None:
    """A user disabled by `Replace` is still read and found, as disabled, and is enabled again."""
    users = subject.users
    switched(subject, "ENTRA-1.5-03", "Replace", False, active=False)
    read = users.client.get(users.path(subject.user))
    found = users.client.query(users.endpoint, eq("userName", str(subject.user["userName"])))
    told = [entry.get("active") for entry in (read.resource, *found.resources)] if read.ok and found.ok else shown(read)
    holds("PRAC-E-01", told == [False, False], expected="read and found, not active", observed=told, answer=found)
    switched(subject, "ENTRA-1.5-03", "Replace", True, active=True)


@clause("PRAC-E-05", "ENTRA-2.2-01")
@budget(4)
def test_active_comes_as_a_string(subject: Subject) -> None:
    """`"False"` and `"True"` for `active` are read as booleans, or refused."""
    answer = subject.send({"op": "Replace", "path": "active", "value": "False"})
    off = answer.ok and not subject.shortfall(answer, {"active": False})
    refused = answer.status == 400
    told = shown(answer) if refused else subject.user.get("active")
    either("PRAC-E-05", "AMB-50", {"coerced": off, "refused": refused}, observed=told, answer=answer)
    switched(subject, "ENTRA-2.2-01", "Replace", "True", active=True)


@clause("ENTRA-2.2-02")
@budget(4)
def test_active_comes_as_a_boolean(subject: Subject) -> None:
    """With the flag, `active` is set by a JSON boolean."""
    for active in (False, True):
        switched(subject, "ENTRA-2.2-02", "replace", active, active=active)


@clause("ENTRA-1.5-04")
def test_entra_replaces_an_address_and_a_name(subject: Subject) -> None:
    """`Replace` of the work address and of a name in one request changes these two only."""
    wanted = {"emails[work].value": subject.users.run.email("new"), "name.familyName": "Lopez-Ruiz"}
    subject.lands("ENTRA-1.5-04", wanted, *operations("Replace", wanted))


@clause("ENTRA-2.3-01")
def test_add_sets_single_values(subject: Subject, target: Target) -> None:
    """`Add` sets a single value that was not there, and one that was."""
    wanted = known(target, {"nickName": "Mo", "title": "Lead"})
    subject.lands("ENTRA-2.3-01", wanted, *operations("Add", wanted))


@clause("ENTRA-2.3-02")
def test_a_path_less_add_has_dotted_keys(subject: Subject, target: Target) -> None:
    """A path-less `add` with dotted keys sets the nested values."""
    wanted = known(target, {"nickName": "Momo", "name.middleName": "Quim", "name.honorificPrefix": "Dr"})
    subject.lands("ENTRA-2.3-02", wanted, *compact("add", wanted))


def several(subject: Subject, target: Target, mark: str) -> dict[str, Any]:
    """Values for attributes of every kind: core, sub-attribute, value path, extension."""
    values = {
        "displayName": f"Mara L. {mark}",
        "emails[work].value": subject.users.run.email("several"),
        "name.givenName": f"Mara {mark}",
        "externalId": subject.users.run.name(mark),
        enterprise("employeeNumber"): f"44{mark}",
    }
    return known(target, values)


@clause("ENTRA-2.4-01")
def test_several_attributes_by_paths(subject: Subject, target: Target) -> None:
    """Several `Replace` operations on attributes of every kind are all applied."""
    wanted = several(subject, target, "71")
    subject.lands("ENTRA-2.4-01", wanted, *operations("Replace", wanted))


@clause("ENTRA-2.4-02", "PRAC-E-07")
def test_several_attributes_by_flat_keys(subject: Subject, target: Target) -> None:
    """Dotted and URN keys of a path-less `replace` are applied as paths, or refused."""
    wanted = several(subject, target, "72")
    answer = subject.send(*compact("replace", wanted))
    wrong = subject.shortfall(answer, wanted)
    variants = {"applied": not wrong, "refused": answer.status == 400}
    either("PRAC-E-07", "AMB-51", variants, observed=wrong or "applied", answer=answer)
    holds("ENTRA-2.4-02", not wrong, expected="2xx, all applied", observed=wrong or answer.status, answer=answer)


@clause("ENTRA-2.1-01")
def test_a_dot_before_an_extension_attribute(subject: Subject, target: Target) -> None:
    """A dot instead of the colon before an extension attribute is understood, in a path and as a key."""
    wanted = known(target, {enterprise("division"): "West", enterprise("costCenter"): "C-7"})
    dotted = {leaf.replace("User:", "User."): value for leaf, value in wanted.items()}
    sent = [*operations("Replace", dict(list(dotted.items())[:1])), {"op": "Replace", "value": dotted}]
    subject.lands("ENTRA-2.1-01", wanted, *sent)


@clause("ENTRA-2.5-05")
@budget(4)
def test_remove_comes_with_the_value(subject: Subject, target: Target) -> None:
    """`Remove` with a path and the present value clears the attribute, and no other one."""
    wanted = known(target, {"title": "Lead", enterprise("division"): "West", enterprise("costCenter"): "C-8"})
    there = subject.fill(wanted, *operations("Add", wanted))
    there.pop(enterprise("costCenter"), None)
    subject.lands("ENTRA-2.5-05", dict.fromkeys(there), *operations("Remove", there))


def bare(users: Users) -> Subject:
    """A user without e-mail, telephone and address."""
    return Subject(users, users.create(emails=OMIT, phoneNumbers=OMIT, addresses=OMIT))


def absent(subject: Subject, target: Target, number: str) -> dict[str, Any]:
    """Values of elements the user does not have."""
    values = {"emails[work].value": subject.users.run.email("absent"), "phoneNumbers[mobile].value": number}
    return known(target, values)


@clause("ENTRA-2.5-01", "ENTRA-2.5-03", "ENTRA-2.5-04")
@budget(7)
def test_add_makes_the_element(users: Users, target: Target) -> None:
    """`Add` on a value path makes the element that is not there, one per type, beside the others."""
    subject = bare(users)
    wanted = absent(subject, target, "+1 555 0100")
    subject.lands("ENTRA-2.5-01", wanted, *operations("Add", wanted))
    wanted = known(target, {"emails[home].value": users.run.email("home"), "phoneNumbers[fax].value": "+1 555 0101"})
    subject.lands("ENTRA-2.5-03", wanted, *operations("Add", wanted))
    parts = {"streetAddress": "Rue 1", "locality": "Bonn", "postalCode": "53111"}
    wanted = known(target, {f"addresses[work].{part}": text for part, text in parts.items()})
    subject.lands("ENTRA-2.5-04", wanted, *operations("Add", wanted))


@clause("ENTRA-2.5-02")
@budget(3)
def test_replace_makes_the_element(users: Users, target: Target) -> None:
    """`Replace` on a value path makes the element that is not there."""
    subject = bare(users)
    wanted = absent(subject, target, "+1 555 0102")
    subject.lands("ENTRA-2.5-02", wanted, *operations("Replace", wanted))


@clause("ENTRA-1.5-05", "ENTRA-8.1-13", "ENTRA-8.1-14")
@budget(5)
def test_entra_deletes_a_user(users: Users) -> None:
    """A deleted user is gone; deleting it again, or one that never was, gives 404."""
    path = users.path(users.create())
    gone_once_and_for_all(users, path, ("ENTRA-1.5-05", "ENTRA-8.1-13", "ENTRA-8.1-14"))


def gone_once_and_for_all(users: Any, path: str, clauses: tuple[str, str, str]) -> None:
    """Judge a delete, a delete of what never was, and a second delete."""
    gone, never, again = clauses
    first = users.client.delete(path)
    read = users.client.get(path)
    told = [first.status, read.status]
    holds(gone, told == [204, 404], expected="204, then 404", observed=told, answer=read)
    for clause_id, where in ((again, path), (never, f"{users.endpoint}/{users.run.name('never')}")):
        answer: Answer = users.client.delete(where)
        holds(clause_id, answer.status == 404, expected="404", observed=shown(answer), answer=answer)


@clause("ENTRA-8.1-03")
@budget(4)
def test_a_user_is_renamed_without_a_path(subject: Subject) -> None:
    """A path-less replace of `userName` renames the user."""
    users, old, new = subject.users, str(subject.user["userName"]), subject.users.run.email("renamed")
    if not subject.lands("ENTRA-8.1-03", {"userName": new}, {"op": "replace", "value": {"userName": new}}):
        return
    for name, wanted in ((new, [subject.user["id"]]), (old, [])):
        answer = users.client.query(users.endpoint, eq("userName", name))
        told = found_ids(answer)
        holds("ENTRA-8.1-03", told == wanted, expected=f"{name}: {wanted}", observed=told, answer=answer)
