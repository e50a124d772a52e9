"""Names in filters: sub-attributes, several values, brackets, schema URNs, other resource types."""

from __future__ import annotations

from typing import Any

from conformance.judging import budget, clause, either, holds, refused
from conformance.population import Groups, Users
from conformance.strategies.population import Population
from conformance.strategies.trees import (
    CORE,
    ENTERPRISE,
    And,
    Compare,
    Element,
    Not,
    Or,
    Present,
    Spelling,
    Tree,
    either_of,
    literal,
)
from conformance.strategies.vocabulary import values
from conformance.suites.filtering.asking import exactly, nobody_or_refused, shown, unsupported, variants_of, whom

pytestmark = budget(4, 5)

WORK = Compare("type", "eq", "work")
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


def _mail(population: Population, local: str, index: int = 0) -> str:
    return str(values(population.user(local), "emails.value")[index])


@clause("7644-3.4.2.2-05")
def test_attribute_names_in_any_case(population: Population) -> None:
    """Attribute names are understood in any case."""
    trees: tuple[Tree, ...] = (Compare("title", "eq", "Analyst"), Compare("name.familyName", "eq", "Cole"))
    exactly("7644-3.4.2.2-05", population, *trees, how=Spelling(names="upper"))
    exactly("7644-3.4.2.2-05", population, *trees, Element("emails", WORK), how=Spelling(names="swapped"))


@clause("7644-3.4.2.2-25")
def test_dots_reach_sub_attributes(population: Population) -> None:
    """A dot reaches a sub-attribute, and no other one."""
    exactly(
        "7644-3.4.2.2-25",
        population,
        Compare("name.familyName", "eq", "Lee"),
        Compare("name.givenName", "eq", "Lee"),
        Compare("name.givenName", "sw", "b"),
    )


@clause("7644-3.4.2.2-26")
def test_complex_attributes_are_not_compared(population: Population) -> None:
    """A complex attribute without its sub-attribute is compared with nothing; its presence is."""
    answer = population.scim.query(population.path, 'name eq "Lee"', count=1)
    if answer.ok and answer.resources:
        holds("7644-3.4.2.2-26", False, expected="400", observed=f"{answer.total} hits", answer=answer, harm=True)
        return
    refused("7644-3.4.2.2-26", answer, status=400, scim_type="invalidFilter")
    exactly("7644-3.4.2.2-26", population, Present("name"))


@clause("7644-3.4.2.2-27")
def test_any_of_several_values_matches(population: Population) -> None:
    """A user is found by each of several values."""
    trees = [Compare("emails.value", "eq", _mail(population, "cy", index)) for index in (0, 1)]
    exactly("7644-3.4.2.2-27", population, *trees, Compare("emails.type", "eq", "home"))


@clause("7644-3.4.2.2-28")
def test_a_bare_list_means_its_value(population: Population) -> None:
    """The bare name of a list of addresses means their value."""
    domain = _mail(population, "gil").partition("@")[2]
    for op, operand in (("co", domain), ("eq", _mail(population, "gil")), ("sw", f"{population.mark}fay")):
        wanted = population.oracle.expect(Compare("emails.value", op, operand)).must
        asked = population.ask(f"emails {op} {literal(operand)}")
        told = f"{asked.text}: {whom(population, asked)}"
        either(
            "7644-3.4.2.2-28",
            "AMB-04",
            variants_of(population, asked, {"value": wanted}),
            observed=told,
            answer=asked.answer,
        )


@clause("7644-3.4.2.2-30")
def test_brackets_bind_conditions_to_one_value(population: Population) -> None:
    """In brackets, one and the same value meets all conditions."""
    work, home = (Compare("value", "eq", _mail(population, "cy", index)) for index in (0, 1))
    exactly(
        "7644-3.4.2.2-30",
        population,
        Element("emails", And((WORK, work))),
        Element("emails", And((WORK, home))),
        Element("emails", And((Compare("primary", "eq", True), WORK))),
        Element("emails", And((Compare("type", "eq", "other"), Compare("primary", "ne", True)))),
        Element("phoneNumbers", And((WORK, Compare("value", "eq", "+1-555-0101")))),
    )


@clause("7644-3.4.2.2-31")
def test_names_in_brackets_are_sub_attributes(population: Population) -> None:
    """Names in brackets are those of the bracketed attribute."""
    name = population.user("gil")["userName"]
    nobody_or_refused("7644-3.4.2.2-31", population, f"emails[userName eq {literal(name)}]", "emails[active eq true]")


@clause("7644-3.4.2.2-32")
def test_logic_works_in_brackets(population: Population) -> None:
    """or, not and parentheses work in brackets."""
    mail = Compare("value", "eq", _mail(population, "hal"))
    nested = Or((WORK, And((Compare("type", "eq", "home"), mail))))
    exactly("7644-3.4.2.2-32", population, Element("emails", nested), Element("emails", Not(WORK)))
    both = And((Or((WORK, Compare("type", "eq", "home"))), Compare("primary", "eq", True)))
    exactly("7644-3.4.2.2-32", population, Element("emails", both))


@clause("7644-3.4.2.2-33")
def test_brackets_do_not_nest(population: Population) -> None:
    """A bracket in a bracket is refused or finds nobody."""
    nobody_or_refused("7644-3.4.2.2-33", population, 'emails[type eq "work" and emails[value pr]]')


@clause("7644-3.4.2.2-34")
def test_brackets_combine(population: Population) -> None:
    """Brackets combine with other conditions and with each other."""
    lead = Compare("title", "co", "engineer")
    phone = Element("phoneNumbers", Compare("value", "ew", "0102"))
    trees = (And((lead, Element("emails", WORK))), Or((Element("emails", Compare("type", "eq", "other")), phone)))
    exactly("7644-3.4.2.2-34", population, *trees, Not(either_of(lead, Element("emails", WORK))))


@clause("PRAC-E-04")
def test_a_sub_attribute_behind_brackets(population: Population) -> None:
    """A sub-attribute behind brackets is compared on the elements they choose, or refused."""
    work, home = _mail(population, "cy"), _mail(population, "cy", 1)
    for value in (work, home, f"nobody-{work}"):
        wanted = population.oracle.expect(Element("emails", And((WORK, Compare("value", "eq", value))))).must
        asked = population.ask(f'emails[type eq "work"].value eq {literal(value)}')
        told = f"{asked.text}: {whom(population, asked)}"
        either(
            "PRAC-E-04",
            "AMB-05",
            variants_of(population, asked, {"evaluated": wanted}),
            observed=told,
            answer=asked.answer,
        )


@clause("7644-3.4.2.2-35")
def test_brackets_on_a_single_value(population: Population) -> None:
    """Brackets on a single complex value work or are refused."""
    wanted = population.oracle.expect(Compare("name.familyName", "eq", "Cole")).must
    asked = population.ask('name[familyName eq "Cole"]')
    right = asked.refused or (asked.answer.ok and population.seen(asked) == wanted)
    told = whom(population, asked)
    holds("7644-3.4.2.2-35", right, expected=population.names(wanted), observed=told, answer=asked.answer)


@clause("7644-3.10-04")
def test_core_attributes_with_their_urn(population: Population) -> None:
    """A core attribute is found under its name with the schema URN."""
    exactly(
        "7644-3.10-04", population, Compare("title", "eq", "Analyst"), Present("displayName"), how=Spelling(urn=True)
    )


@clause("7644-3.10-05")
def test_sub_attributes_with_their_urn(population: Population) -> None:
    """A sub-attribute is found under its name with the schema URN."""
    trees = (Compare("name.familyName", "eq", "Cole"), Compare("emails.type", "eq", "home"), Element("emails", WORK))
    exactly("7644-3.10-05", population, *trees, how=Spelling(urn=True))


@clause("7644-3.10-06")
def test_extension_attributes_with_their_urn(population: Population, users: Users) -> None:
    """An attribute of the enterprise extension is found under its URN, the manager by its value."""
    trees = (Compare(f"{ENTERPRISE}:department", "eq", "Sales"), Present(f"{ENTERPRISE}:employeeNumber"))
    exactly("7644-3.10-06", population, *trees)
    boss = population.user("ann.lee")["id"]
    made = users.create(schemas=[CORE, ENTERPRISE], **{ENTERPRISE: {"manager": {"value": boss}}})
    answer = users.client.query(users.endpoint, f"{ENTERPRISE}:manager.value eq {literal(boss)}")
    if answer.status == 400:
        unsupported("7644-3.10-06", "manager.value eq", answer)
        return
    found = [entry.get("id") for entry in answer.resources]
    holds("7644-3.10-06", found == [made["id"]], expected=str(made["id"]), observed=found, answer=answer)


@clause("7644-3.10-07")
def test_urns_of_other_types(population: Population) -> None:
    """An attribute of another type's schema is unknown to users."""
    nobody_or_refused("7644-3.10-07", population, f"{GROUP}:displayName pr", f"{GROUP}:members pr")


@clause("7644-3.4.2.2-45")
def test_users_by_schema(population: Population) -> None:
    """Users are found by a schema they hold."""
    exactly("7644-3.4.2.2-45", population, Compare("schemas", "eq", CORE), Compare("schemas", "eq", ENTERPRISE))


@clause("7644-3.4.2.2-46")
def test_meta_is_filterable(population: Population) -> None:
    """Sub-attributes of meta are filterable."""
    exactly(
        "7644-3.4.2.2-46",
        population,
        Compare("meta.resourceType", "eq", "User"),
        Compare("meta.resourceType", "eq", "Group"),
        Compare("meta.lastModified", "ge", "2011-05-13T04:42:34Z"),
        Compare("meta.lastModified", "lt", "2011-05-13T04:42:34Z"),
    )


@clause("7644-3.4.2.2-47")
def test_ids_are_filterable(population: Population) -> None:
    """A user is found by id, and by no other one."""
    id_ = str(population.user("gil")["id"])
    exactly("7644-3.4.2.2-47", population, Compare("id", "eq", id_), Compare("id", "eq", f"{id_}0"))
    exactly("7644-3.4.2.2-47", population, Or((Compare("id", "eq", id_), Compare("title", "eq", "Lead"))))


@clause("7644-3.4.2.1-07")
def test_unknown_attributes_have_no_value(population: Population) -> None:
    """An unknown attribute has no value or is refused; it never finds everyone."""
    for text in ('nosuch eq "x"', "nosuch pr", 'name.nosuch eq "x"', 'urn:example:nosuch:attribute eq "x"'):
        asked = population.ask(text)
        variants = {"unassigned": asked.answer.ok and not asked.ids, "refused": asked.refused}
        either("7644-3.4.2.1-07", "AMB-02", variants, observed=shown(asked.answer), about=text, answer=asked.answer)


@clause("7644-3.4.2.5-01")
def test_projection_does_not_blind_filters(population: Population) -> None:
    """A filter sees attributes that the answer leaves out."""
    wanted = population.oracle.expect(Compare("title", "eq", "Analyst")).must
    projections: tuple[dict[str, Any], ...] = ({"attributes": "userName"}, {"excludedAttributes": "title"})
    for projection in projections:
        asked = population.ask(Compare("title", "eq", "Analyst"), **projection)
        told = whom(population, asked)
        right = asked.answer.ok and population.seen(asked) == wanted
        holds("7644-3.4.2.5-01", right, expected=population.names(wanted), observed=told, answer=asked.answer)


def _groups(groups: Groups, text: str, wanted: list[str]) -> None:
    """Judge that a filter finds exactly these groups."""
    answer = groups.client.query(groups.endpoint, text)
    if answer.status == 400 and answer.scim_type in {None, "invalidFilter"}:
        unsupported("7644-3.4.2.2-55", text.partition(" ")[0], answer)
        return
    found = [str(entry.get("id")) for entry in answer.resources] if answer.ok else shown(answer)
    told = f"{text}: {wanted}"
    holds("7644-3.4.2.2-55", found == wanted, expected=told, observed=found, answer=answer)


@clause("7644-3.4.2.2-55")
@budget(8, 8)
def test_groups_are_filterable(brief_groups: Groups, population: Population) -> None:
    """Groups are found by name and by member."""
    member, stranger = (literal(str(population.user(local)["id"])) for local in ("gil", "hal"))
    made = brief_groups.create(members=[{"value": str(population.user("gil")["id"])}])
    fence = f"displayName eq {literal(str(made['displayName']))}"
    _groups(brief_groups, fence, [str(made["id"])])
    _groups(brief_groups, f'{fence[:-1]}x"', [])
    for condition in (f"members.value eq {member}", f"members[value eq {member}]"):
        _groups(brief_groups, f"{condition} and {fence}", [str(made["id"])])
    _groups(brief_groups, f"members.value eq {stranger} and {fence}", [])
