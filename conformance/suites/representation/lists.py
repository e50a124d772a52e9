"""Multi-valued attributes, and values that are none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.client import Answer
from conformance.judging import budget, clause, either, holds, not_applicable
from conformance.population import Document, Users
from conformance.suites.states import blank, resulting, state, whole
from conformance.target import Target


def email(address: str, **more: Any) -> Document:
    """One e-mail, for work unless said otherwise."""
    return {"value": address, "type": "work", **more}


def emails(resource: Mapping[str, Any]) -> list[Document]:
    """The e-mails a resource shows."""
    found = resource.get("emails")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def after(users: Users, answer: Answer) -> Document:
    """The user as a create left it, empty where it was refused."""
    return resulting(users, answer.resource, answer) if answer.ok else {}


@clause("7644-3.8-02")
def test_one_object_is_no_list(users: Users) -> None:
    """A single object in place of a list is refused, or read as a list of one."""
    address = users.run.email("single")
    answer = users.post(users.body(userName=address, emails=email(address)))
    found = after(users, answer).get("emails")
    one = isinstance(found, list) and [each.get("value") for each in found] == [address]
    keyword = answer.scim_type in (None, "invalidValue", "invalidSyntax")
    variants = {"wrapped": one, "refused": answer.status == 400 and keyword}
    either("7644-3.8-02", "AMB-36", variants, observed=(answer.status, found), answer=answer)


@clause("7643-2.4-01")
@budget(5)
def test_one_value_is_primary(users: Users) -> None:
    """Two primary values are refused, or one of them stays primary, on create and on replace."""
    made = users.create()
    for about in ("POST", "PUT"):
        address = users.run.email("two")
        values = [email(address, primary=True), email(f"h-{address}", type="home", primary=True)]
        body = users.body(userName=address, emails=values)
        replaced = whole(users, made, emails=values)
        answer = users.post(body) if about == "POST" else users.client.put(users.path(made), replaced)
        marked = [each.get("value") for each in emails(after(users, answer)) if each.get("primary") is True]
        variants = {
            "refused": answer.status == 400 and answer.scim_type in (None, "invalidValue", "invalidSyntax"),
            "last": marked == [values[1]["value"]],
            "first": marked == [values[0]["value"]],
        }
        either("7643-2.4-01", "AMB-37", variants, observed=(about, answer.status, marked), answer=answer)


@clause("7643-2.4-02", "7643-2.4-03", "7643-2.4-04")
@budget(7)
def test_values_are_kept_apart_by_type_and_value(users: Users) -> None:
    """What is not said to be primary is not, one pair is there once, and one value may have two types."""
    address = users.run.email("plain")
    answer = users.post(users.body(userName=address, emails=[email(address), email(f"h-{address}", type="home")]))
    marked = [each for each in emails(after(users, answer)) if each.get("primary") is True]
    found = users.client.query(users.endpoint, f'userName eq "{address}" and emails[primary eq true]')
    agrees = not found.ok or (found.total > 0) == bool(marked)
    told = (answer.status, len(marked), found.total if found.ok else found.status)
    fine, mild = answer.ok and not marked and agrees, answer.ok and agrees
    holds("7643-2.4-02", fine, expected="none primary", observed=told, answer=answer, tolerated=mild)
    address = users.run.email("twice")
    answer = users.post(users.body(userName=address, emails=[email(address), email(address)]))
    pairs = [(each.get("type"), each.get("value")) for each in emails(after(users, answer))]
    single = answer.status == 400 or pairs == [("work", address)]
    holds("7643-2.4-03", single, expected="the pair once, or 400", observed=pairs or answer.status, answer=answer)
    address = users.run.email("shared")
    answer = users.post(users.body(userName=address, emails=[email(address), email(address, type="home")]))
    types = sorted(str(each.get("type")) for each in emails(after(users, answer)) if each.get("value") == address)
    kept = types == ["home", "work"] if answer.ok else answer.status < 500
    holds("7643-2.4-04", kept, expected="both, or 4xx", observed=types or answer.status, answer=answer)


@clause("7643-2.4-07")
def test_display_is_as_mutable_as_the_schema_says(users: Users, target: Target) -> None:
    """The display of an e-mail can be replaced, or is immutable, as the target's schema says."""
    definition = target.capabilities.attribute("User", "emails.display")
    mutability = (definition or {}).get("mutability", "readWrite")
    made = users.create(emails=[email(users.run.email("shown"), display="Old")])
    if definition is None or [each.get("display") for each in emails(made)] != ["Old"]:
        not_applicable("7643-2.4-07", "the target's e-mails have no display that a client sets")
        return
    operation = {"op": "replace", "path": 'emails[type eq "work"].display', "value": "New"}
    answer = users.client.patch(users.path(made), [operation])
    shown = [each.get("display") for each in emails(users.read(made))]
    done, stopped = answer.ok and shown == ["New"], answer.status == 400 and shown == ["Old"]
    variants = {
        "writable": done and mutability == "readWrite",
        "immutable": stopped and answer.scim_type in (None, "mutability") and mutability == "immutable",
    }
    if not any(variants.values()) and (done or stopped):
        told = f"mutability {mutability}, yet {answer.status}"
        holds("7643-2.4-07", False, expected="as /Schemas says", observed=told, answer=answer, tolerated=True)
        return
    either("7643-2.4-07", "AMB-71", variants, observed=(mutability, answer.status, shown), answer=answer)


@clause("7643-2.5-01")
@budget(5)
def test_null_and_empty_are_as_absent(users: Users) -> None:
    """null, an empty list and a missing attribute make the same user."""
    none: Document = {"title": None, "nickName": None, "phoneNumbers": [], "addresses": None}
    bare, empty = users.create(), users.post(users.body(**none))
    found = after(users, empty)
    left = {name: found[name] for name in none if not blank(found.get(name))}
    own = {"id", "userName", "emails", *none}
    same = [state({name: value for name, value in each.items() if name not in own}) for each in (bare, found)]
    fine = empty.ok and not left and same[0] == same[1]
    holds("7643-2.5-01", fine, expected="2xx, unassigned", observed=left or str(found)[:300], answer=empty)
