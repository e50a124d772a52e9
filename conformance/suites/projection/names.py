"""Which names attributes and excludedAttributes take."""

from __future__ import annotations

from typing import Any

from conformance.client import Answer
from conformance.judging import budget, clause, either, holds, not_applicable
from conformance.strategies.population import Population
from conformance.strategies.trees import CORE, ENTERPRISE
from conformance.suites.projection.showing import Accept, always, body_of, one, only, told, whole_but
from conformance.target import Target

pytestmark = budget(2)

WHO = "cy"


def right(clause_id: str, population: Population, answer: Answer, accept: Accept, **options: Any) -> None:
    """Judge that an answer shows the user as `accept` has it."""
    amiss = accept(body_of(answer), population.user(WHO)) if answer.ok else told(answer)
    holds(clause_id, not amiss, expected="the named attributes", observed=amiss or "", answer=answer, **options)


@clause("7644-3.9-03")
def test_parts_can_be_named(population: Population, target: Target) -> None:
    """A named sub-attribute comes without its siblings, in each element of a list."""
    user = population.user(WHO)
    answer = one(population, WHO, attributes="name.familyName,emails.value")
    found = body_of(answer)
    name, mails = found.get("name"), found.get("emails") or []
    plain = [mail.get("value") for mail in mails] == [mail.get("value") for mail in user.get("emails", [])]
    bare = plain and not any(mail.keys() & {"type", "primary"} for mail in mails)
    fine = name == {"familyName": user.get("name", {}).get("familyName")} and bare
    fine = fine and found.keys() <= {"name", "emails", *always(target)}
    holds("7644-3.9-03", fine, expected="familyName, and values", observed=f"{name}, {mails}", answer=answer)


@clause("7644-3.9-04")
def test_a_complex_attribute_comes_whole(population: Population, target: Target) -> None:
    """A named complex attribute comes with its sub-attributes."""
    answer = one(population, WHO, attributes="name,emails")
    right("7644-3.9-04", population, answer, only({"name", "emails"}, target))


@clause("7644-3.9-05")
def test_names_are_separated_by_commas(population: Population, target: Target) -> None:
    """Names are separated by commas; blanks around them do no harm."""
    for names, blank in (("userName,name,title", False), ("userName, name ,title", True)):
        answer = one(population, WHO, attributes=names)
        right("7644-3.9-05", population, answer, only({"userName", "name", "title"}, target), tolerated=blank)


@clause("7644-3.4.2.5-03")
def test_names_may_be_qualified(population: Population, target: Target) -> None:
    """A name with the URN of the core schema is that attribute and no other one."""
    user = population.user(WHO)
    answer = one(population, WHO, attributes=f"{CORE}:userName,{CORE}:name.familyName")
    found = body_of(answer)
    bare = found.keys() <= {"userName", "name", *always(target)}
    fine = bare and found.get("userName") == user.get("userName")
    fine = fine and found.get("name") == {"familyName": user.get("name", {}).get("familyName")}
    holds("7644-3.4.2.5-03", fine, expected="userName, familyName", observed=told(answer), answer=answer)


@clause("7644-3.4.2.5-03")
def test_attributes_of_an_extension_can_be_named(population: Population, target: Target) -> None:
    """A name with the URN of an extension is that attribute of it and no other one."""
    whole = population.user(WHO).get(ENTERPRISE)
    if not isinstance(whole, dict) or "department" not in whole:
        not_applicable("7644-3.4.2.5-03", "no user of the population has a department")
        return
    answer = one(population, WHO, attributes=f"{ENTERPRISE}:department")
    found = body_of(answer)
    bare = found.keys() <= {ENTERPRISE, *always(target)}
    fine = bare and found.get(ENTERPRISE) == {"department": whole["department"]}
    holds("7644-3.4.2.5-03", fine, expected="the department", observed=f"{found}", answer=answer)
    answer = one(population, WHO, excludedAttributes=f"{ENTERPRISE}:department")
    rest = {name: value for name, value in whole.items() if name != "department"}
    found = body_of(answer)
    fine = found.get(ENTERPRISE, {}) == rest and "userName" in found
    holds("7644-3.4.2.5-03", fine, expected=f"{rest}", observed=f"{found.get(ENTERPRISE)}", answer=answer)


@clause("7644-3.10-09")
def test_the_urn_of_an_extension_as_a_name(population: Population, target: Target) -> None:
    """The bare URN of an extension names all of it, or nothing, or is refused."""
    whole = population.user(WHO).get(ENTERPRISE)
    if whole is None:
        not_applicable("7644-3.10-09", "no user of the population has values of the extension")
        return
    answer = one(population, WHO, attributes=ENTERPRISE)
    found = body_of(answer)
    clean = answer.ok and found.keys() <= {ENTERPRISE, *always(target)}
    variants = {
        "container": clean and found.get(ENTERPRISE) == whole,
        "nothing": clean and ENTERPRISE not in found,
        "refused": answer.status == 400,
    }
    either("7644-3.10-09", "AMB-47", variants, observed=told(answer), about="attributes", answer=answer)


@clause("7644-3.10-10")
def test_names_come_in_any_case(population: Population, target: Target) -> None:
    """Names are understood in any case, those of sub-attributes too."""
    answer = one(population, WHO, attributes="USERNAME,Name,eMails")
    right("7644-3.10-10", population, answer, only({"userName", "name", "emails"}, target))
    answer = one(population, WHO, excludedAttributes="EMAILS,name.GIVENNAME")
    right("7644-3.10-10", population, answer, whole_but("emails", "name.givenName"))


@clause("7644-3.4.2.5-06")
@budget(3)
def test_unknown_names_are_ignored_or_refused(population: Population, target: Target) -> None:
    """Unknown names are ignored, or the request is refused."""
    for params, accept in (
        ({"attributes": "nosuch"}, only((), target)),
        ({"attributes": "nosuch,userName,name.nosuch"}, _besides(target)),
        ({"excludedAttributes": "nosuch,name.nosuch"}, whole_but()),
    ):
        answer = one(population, WHO, **params)
        amiss = accept(body_of(answer), population.user(WHO)) if answer.ok else told(answer)
        variants = {"ignored": answer.ok and not amiss, "refused": answer.status == 400}
        either("7644-3.4.2.5-06", "AMB-48", variants, observed=f"{params}: {amiss}", about=str(params), answer=answer)


def _besides(target: Target) -> Accept:
    """userName, and a name that may be there without parts, because none of them was named."""
    plain = only({"userName"}, target)
    return lambda found, whole: plain(
        {key: value for key, value in found.items() if (key, value) != ("name", {})}, whole
    )


@clause("7644-3.4.2.5-07")
def test_an_empty_list_of_names(population: Population, target: Target) -> None:
    """An empty parameter counts as absent, or as naming nothing."""
    default, minimum = whole_but(), only((), target)
    for name, accepts in (("attributes", (default, minimum)), ("excludedAttributes", (default,))):
        answer = one(population, WHO, **{name: ""})
        fine = answer.ok and any(not accept(body_of(answer), population.user(WHO)) for accept in accepts)
        fine = fine or answer.status == 400
        holds(
            "7644-3.4.2.5-07", fine, expected="all, or the minimum", observed=f"{name}: {told(answer)}", answer=answer
        )


@clause("7643-3.1-27")
@budget(3)
def test_meta_and_its_parts_can_be_named(population: Population, target: Target) -> None:
    """meta and its parts can be named and left out like any attribute."""
    whole = population.user(WHO)
    answer = one(population, WHO, attributes="meta.lastModified")
    found = body_of(answer)
    part = {"lastModified": whole["meta"].get("lastModified")}
    fine = found.get("meta") == part and found.keys() <= {"meta", *always(target)}
    holds("7643-3.1-27", fine, expected=f"{part}", observed=f"{found.get('meta')}", answer=answer)
    right("7643-3.1-27", population, one(population, WHO, attributes="meta"), only({"meta"}, target))
    right("7643-3.1-27", population, one(population, WHO, excludedAttributes="meta"), whole_but("meta"))


@clause("7643-2.5-06")
def test_a_named_attribute_without_a_value(population: Population, target: Target) -> None:
    """A named attribute without a value is left out, null or an empty list."""
    answer = one(population, "dee", attributes="title,phoneNumbers,userName")
    found = body_of(answer)
    told_ = {name: found.get(name) for name in ("title", "phoneNumbers")}
    fine = found.get("userName") == population.user("dee")["userName"] and told_["title"] is None
    fine = fine and not told_["phoneNumbers"] and found.keys() <= {*told_, "userName", *always(target)}
    holds("7643-2.5-06", fine, expected="userName, no values", observed=told(answer), answer=answer)
