"""and, or, not and parentheses: truth tables, precedence, spellings."""

from __future__ import annotations

from conformance.judging import budget, clause, holds
from conformance.strategies.population import Population
from conformance.strategies.trees import And, Compare, Not, Or, Present, Spelling, render
from conformance.suites.filtering.asking import bad, exactly, shown, worth

pytestmark = budget(4, 5)

ENGINEER = Compare("title", "eq", "Engineer")
ACTIVE = Compare("active", "eq", True)
COLE = Compare("name.familyName", "eq", "Cole")
RAY = Compare("name.familyName", "eq", "Ray")
TITLED = Present("title")


@clause("7644-3.4.2.2-36")
def test_and_needs_both_sides(population: Population) -> None:
    """and finds users who meet both sides, in either order."""
    exactly("7644-3.4.2.2-36", population, And((ENGINEER, ACTIVE)), And((ACTIVE, ENGINEER)), And((COLE, Not(TITLED))))
    exactly("7644-3.4.2.2-36", population, And((TITLED, ENGINEER)), And((COLE, RAY)), first=True)


@clause("7644-3.4.2.2-37")
def test_or_needs_one_side(population: Population) -> None:
    """or finds users who meet either side, each once."""
    exactly("7644-3.4.2.2-37", population, Or((ENGINEER, ACTIVE)), Or((COLE, RAY)), Or((COLE, COLE)))
    exactly("7644-3.4.2.2-37", population, Or((Present("phoneNumbers"), Not(TITLED))), first=True)


@clause("7644-3.4.2.2-38")
def test_not_inverts_a_group(population: Population) -> None:
    """not inverts what its parentheses hold, also for users without the attribute."""
    exactly("7644-3.4.2.2-38", population, Not(ENGINEER), Not(Or((TITLED, ACTIVE))), Not(And((TITLED, ACTIVE))))
    exactly("7644-3.4.2.2-38", population, Not(Not(ENGINEER)), Not(Compare("emails.type", "eq", "work")))


@clause("7644-3.4.2.2-39")
def test_not_with_and_without_a_space(population: Population) -> None:
    """not is understood with and without a space before its parenthesis."""
    tree = Not(ENGINEER)
    for gap in ("", " "):
        worth("7644-3.4.2.2-39", population, tree, population.ask(render(tree, Spelling(negation=gap))))


@clause("7644-3.4.2.2-40")
def test_not_needs_parentheses(population: Population) -> None:
    """not without parentheses is refused."""
    bad("7644-3.4.2.2-40", population, "not userName pr", 'not title eq "Engineer"')


@clause("7644-3.4.2.2-41")
def test_and_binds_tighter_than_or(population: Population) -> None:
    """and binds tighter than or, not tighter than and."""
    exactly(
        "7644-3.4.2.2-41",
        population,
        Or((COLE, And((ENGINEER, ACTIVE)))),
        Or((And((ENGINEER, ACTIVE)), COLE)),
        Or((And((COLE, TITLED)), And((RAY, ACTIVE)))),
        And((Not(TITLED), ACTIVE)),
        Or((Not(TITLED), ENGINEER)),
    )


@clause("7644-3.4.2.2-42")
def test_parentheses_override(population: Population) -> None:
    """Parentheses override the order of binding."""
    exactly("7644-3.4.2.2-42", population, And((Or((COLE, ENGINEER)), ACTIVE)), And((ACTIVE, Or((COLE, RAY)))))
    exactly("7644-3.4.2.2-42", population, And((Or((COLE, RAY)), Or((ACTIVE, TITLED)))), Not(Or((COLE, ENGINEER))))


@clause("7644-3.4.2.2-43")
def test_chains_are_as_long_as_one_likes(population: Population) -> None:
    """Chains of three and more conditions work."""
    lead = Compare("title", "co", "lead")
    exactly(
        "7644-3.4.2.2-43", population, And((TITLED, ACTIVE, Present("phoneNumbers"))), Or((COLE, RAY, ENGINEER, lead))
    )
    exactly("7644-3.4.2.2-43", population, Or((And((COLE, ACTIVE, Not(TITLED))), RAY, lead)))


@clause("7643-2.1-06")
def test_connectives_in_any_case(population: Population) -> None:
    """and, or and not are understood in any case."""
    tree = Or((And((ENGINEER, ACTIVE)), Not(TITLED)))
    exactly("7643-2.1-06", population, tree, how=Spelling(words="upper"))
    exactly("7643-2.1-06", population, tree, how=Spelling(words="swapped"))


@clause("7644-3.4.2.2-06")
@budget(4, 11)
def test_operators_in_any_case(population: Population) -> None:
    """Operators are understood in any case."""
    trees = (ENGINEER, TITLED, Compare("userName", "sw", population.mark), Compare("title", "ne", "Lead"))
    exactly("7644-3.4.2.2-06", population, *trees, how=Spelling(operators="upper"))
    exactly("7644-3.4.2.2-06", population, *trees, how=Spelling(operators="swapped"))


@clause("7644-3.4.2.2-44")
def test_redundant_parentheses_are_legal(population: Population) -> None:
    """Redundant parentheses change nothing; fifty pairs work or are refused cleanly."""
    exactly("7644-3.4.2.2-44", population, ENGINEER, Or((COLE, RAY)), how=Spelling(groups=2))
    asked = population.ask("(" * 50 + "title pr" + ")" * 50)
    fine = asked.answer.status == 400 or population.seen(asked) == population.oracle.expect(TITLED).must
    holds("7644-3.4.2.2-44", fine, expected="the same users, or 400", observed=shown(asked.answer), answer=asked.answer)
