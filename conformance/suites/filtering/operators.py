"""What each operator finds in texts, and what counts as a value."""

from __future__ import annotations

from conformance.judging import budget, clause, either, holds, observe
from conformance.population import Users
from conformance.strategies.population import Population
from conformance.strategies.trees import ENTERPRISE, Compare, Not, Present, literal
from conformance.strategies.values import HOSTILE
from conformance.strategies.vocabulary import values
from conformance.suites.filtering.asking import bad, exactly, shown, unsupported, variants_of, whom

pytestmark = budget(4, 5)

AMB_03 = {
    "ne_unassigned": ("unassigned-matches", "unassigned-does-not"),
    "ne_many": ("none-equals", "any-differs"),
}


@clause("7644-3.4.2.2-07")
def test_eq_finds_identical_values(population: Population) -> None:
    """eq finds exactly the users whose value is identical."""
    name = population.user("ann.lee")["userName"]
    exactly(
        "7644-3.4.2.2-07",
        population,
        Compare("userName", "eq", name),
        Compare("userName", "eq", name[:-1]),
        Compare("title", "eq", "Analyst"),
        Compare("name.familyName", "eq", "Cole"),
        Compare("displayName", "eq", "Cy"),
    )


@clause("7644-3.4.2.2-08")
@budget(3, 10)
def test_ne_finds_other_values(population: Population) -> None:
    """ne finds the users whose value differs, and treats every attribute alike."""
    mail = values(population.user("cy"), "emails.value")[0]
    exactly(
        "7644-3.4.2.2-08",
        population,
        Compare("userName", "ne", population.user("dee")["userName"]),
        Compare("title", "ne", "Analyst"),
        Compare("name.familyName", "ne", "Cole"),
        Compare("displayName", "ne", "Cy"),
        Compare("emails.value", "ne", mail),
        Compare("phoneNumbers.value", "ne", "+1-555-0101"),
        Compare("emails.type", "ne", "work"),
    )
    for name, pair in AMB_03.items():
        open_ = population.oracle.variants(name)
        variants = {variant: variant in open_ for variant in pair}
        either("7644-3.4.2.2-08", "AMB-03", variants, observed=f"{name}: {' or '.join(sorted(open_))}")


@clause("7644-3.4.2.2-09")
@budget(3, 8)
def test_co_finds_the_operand_anywhere(population: Population) -> None:
    """co finds the operand at the beginning, in the middle, at the end, and as the whole value."""
    parts = [Compare("title", "co", part) for part in ("Lead", "d Eng", "ineer", "Lead Engineer", "LeadEngineer")]
    exactly("7644-3.4.2.2-09", population, *parts, Compare("userName", "co", "bob"))


@clause("7644-3.4.2.2-10")
def test_sw_finds_the_beginning(population: Population) -> None:
    """sw finds values that begin with the operand or equal it."""
    parts = [Compare("title", "sw", part) for part in ("Lead", "Lead Engineer", "Engineer", "ngineer")]
    exactly("7644-3.4.2.2-10", population, *parts, Compare("userName", "sw", f"{population.mark}fay"))


@clause("7644-3.4.2.2-11")
def test_ew_finds_the_end(population: Population) -> None:
    """ew finds values that end with the operand or equal it."""
    parts = [Compare("title", "ew", part) for part in ("Engineer", "Lead Engineer", "Lead", "Enginee")]
    exactly("7644-3.4.2.2-11", population, *parts, Compare("name.familyName", "ew", "malley"))


@clause("7644-3.4.2.2-12")
@budget(13, 16)
def test_operands_are_no_patterns(population: Population) -> None:
    """Wildcards and metacharacters in operands stand for themselves."""
    for text in ("%", "_", "*", ".*", "\\", "'", "?", "[a-z]", "+"):
        exactly("7644-3.4.2.2-12", population, Compare("displayName", "co", text))
    exactly(
        "7644-3.4.2.2-12",
        population,
        Compare("displayName", "eq", HOSTILE["underscore"]),
        Compare("displayName", "sw", "100%"),
        Compare("userName", "sw", f"{population.mark}bob_"),
        Compare("displayName", "eq", HOSTILE["pattern"]),
    )


@clause("7644-3.4.2.2-13")
@budget(3, 8)
def test_pr_finds_assigned_values(population: Population) -> None:
    """pr finds the users who have a value, of a complex attribute any part of it."""
    paths = ("title", "displayName", "name", "name.givenName", "emails", "phoneNumbers.value")
    exactly("7644-3.4.2.2-13", population, *(Present(path) for path in paths))


@clause("7643-2.5-05")
def test_null_and_empty_lists_are_no_values(users: Users) -> None:
    """An attribute set to null or to an empty list is not present."""
    made = users.post(users.body(title=None, phoneNumbers=[]))
    name = literal((made if made.ok else users.post(users.body())).resource["userName"])
    for path in ("title", "phoneNumbers"):
        answer = users.client.query(users.endpoint, f"userName eq {name} and {path} pr")
        if answer.status == 400:
            unsupported("7643-2.5-05", f"{path} pr", answer)
            continue
        holds("7643-2.5-05", answer.total == 0, expected=f"{path} pr: 0", observed=answer.total, answer=answer)


@clause("7644-3.4.2.2-14")
def test_false_is_a_value(population: Population) -> None:
    """A boolean false is a present value."""
    exactly("7644-3.4.2.2-14", population, Present("active"), Not(Present("active")))


@clause("7644-3.4.2.2-15")
@budget(7, 12)
def test_texts_are_ordered(population: Population) -> None:
    """gt, ge, lt and le compare texts lexicographically, their bounds exact."""
    middle = population.user("gil")["userName"]
    for op in ("gt", "ge", "lt", "le"):
        exactly("7644-3.4.2.2-15", population, Compare("userName", op, middle), Compare("name.familyName", op, "Cole"))
    exactly("7644-3.4.2.2-15", population, Compare(f"{ENTERPRISE}:employeeNumber", "lt", "9"))


@clause("7644-3.4.2.2-23")
@budget(3, 8)
def test_exact_attributes_keep_case(population: Population) -> None:
    """Every operator tells upper from lower case where the attribute is case-exact."""
    value = population.user("ann.lee")["externalId"]
    turned, end = value.swapcase(), value[-6:].swapcase()
    same = [Compare("externalId", "eq", value), Compare("externalId", "ew", value[-6:])]
    other = [Compare("externalId", "eq", turned), Compare("externalId", "sw", turned)]
    ends = [Compare("externalId", "co", end), Compare("externalId", "ew", end)]
    exactly("7644-3.4.2.2-23", population, *same, *other, *ends)


@clause("7644-3.4.2.2-24")
@budget(8, 13)
def test_other_attributes_ignore_case(population: Population) -> None:
    """Every operator ignores case where the attribute is not case-exact."""
    name = population.user("gil")["userName"].upper()
    for op in ("eq", "ne", "sw", "gt", "le"):
        exactly("7644-3.4.2.2-24", population, Compare("userName", op, name))
    exactly(
        "7644-3.4.2.2-24",
        population,
        Compare("title", "eq", "eNGINEER"),
        Compare("title", "co", "ENGIN"),
        Compare("title", "ew", "NEER"),
        Compare("name.familyName", "ge", "YOUNG"),
        Compare("displayName", "co", "\u00c5NGSTR\u00d6M"),
    )


@clause("7644-3.4.2.2-50")
def test_null_is_a_literal(population: Population) -> None:
    """eq null finds the users without a value and ne null the others, or null is refused."""
    without = [id_ for id_, user in population.users.items() if not values(user, "title")]
    sets = {"eq": without, "ne": population.users.keys() - set(without)}
    for op, wanted in sets.items():
        asked = population.ask(Compare("title", op, None))
        told = whom(population, asked)
        variants = variants_of(population, asked, {"unassigned": wanted})
        either("7644-3.4.2.2-50", "AMB-01", variants, observed=f"{op} null: {told}", answer=asked.answer)


@clause("7644-3.4.2.2-51")
def test_the_empty_text_is_a_literal(population: Population) -> None:
    """An empty operand finds what the target takes for empty, never something else."""
    having = [id_ for id_, user in population.users.items() if values(user, "title")]
    without = population.users.keys() - set(having)
    asked = population.ask(Compare("title", "eq", ""))
    variants = variants_of(population, asked, {"value": [], "both": without})
    either("7644-3.4.2.2-51", "AMB-10", variants, observed=shown(asked.answer), answer=asked.answer)
    for op in ("co", "sw"):
        asked = population.ask(Compare("title", op, ""))
        variants = variants_of(population, asked, {"value": having, "both": population.users})
        told = f"{op}: {shown(asked.answer)}"
        either("7644-3.4.2.2-51", "AMB-10", variants, observed=told, about="substrings", answer=asked.answer)


@clause("7644-3.4.2.2-52")
def test_filters_see_defaulted_values(population: Population) -> None:
    """A user created without `active` is found by the value the target shows."""
    shown_value = population.user("ivy").get("active")
    literal = True if shown_value is None else bool(shown_value)
    exactly("7644-3.4.2.2-52", population, Compare("active", "eq", literal), Compare("active", "eq", not literal))


@clause("7644-3.4.2.2-48", "7644-3.4.2.2-53")
def test_unknown_operators_are_refused(population: Population) -> None:
    """An operator that does not exist is refused, and the message says something."""
    bad("7644-3.4.2.2-48", population, 'userName regex "a"', 'userName like "a"')
    answer = population.scim.query(population.path, 'userName matches "a"', count=1)
    told = (answer.error or {}).get("detail")
    readable = answer.status == 400 and isinstance(told, str) and bool(told.strip())
    holds("7644-3.4.2.2-48", readable, expected="400 with a readable detail", observed=told, answer=answer)
    observe("7644-3.4.2.2-53", f"an operator of another language, matches: {shown(answer)}")
