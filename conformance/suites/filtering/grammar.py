"""What is a filter by the grammar of RFC 7644 section 3.4.2.2, and what is not."""

from __future__ import annotations

import unicodedata

from conformance.judging import budget, clause, either, holds, not_applicable, refused
from conformance.population import Users
from conformance.strategies.population import Population
from conformance.strategies.trees import Compare, Spelling, literal
from conformance.strategies.values import HOSTILE
from conformance.suites.filtering.asking import bad, exactly, judge, nobody_or_refused, shown, variants_of
from conformance.suites.filtering.vectors import BAD, OPEN, UNQUOTED, WIDE, malformed, wellformed

pytestmark = budget(4, 5)

GRAMMAR = "7644-3.12-16"
INJECTIONS = ('") or (userName pr', "' OR 1=1 --", "'; DROP TABLE users --", "*)(uid=*", '{"$ne": null}', "${7*7}")


def understood(population: Population, first: str, last: str) -> None:
    """Judge that the well-formed vectors of a range find what their reading finds."""
    for text, tree in population.few([*wellformed(first, last).values()]):
        judge(GRAMMAR, population, tree, population.ask(text.replace("not (", f"not{population.negation[0]}(")))


@clause(GRAMMAR)
@budget(3, 12)
def test_conditions_are_understood(population: Population) -> None:
    """Conditions with every kind of literal are understood."""
    understood(population, "V01", "V09")


@clause(GRAMMAR)
@budget(3, 10)
def test_connected_conditions_are_understood(population: Population) -> None:
    """Connected, grouped and negated conditions are understood."""
    understood(population, "V10", "V18")


@clause(GRAMMAR)
@budget(3, 8)
def test_value_filters_are_understood(population: Population) -> None:
    """Conditions in brackets are understood."""
    understood(population, "V19", "V25")


@clause(GRAMMAR)
@budget(3, 11)
def test_qualified_names_are_understood(population: Population) -> None:
    """Names with a schema URN in any case, and common attributes, are understood."""
    understood(population, "V26", "V33")


@clause(GRAMMAR)
def test_incomplete_conditions_are_refused(population: Population) -> None:
    """A condition without attribute, operator, operand or closing quote is refused."""
    bad(GRAMMAR, population, *malformed("V38", "V42"))


@clause(GRAMMAR)
def test_strange_operators_are_refused(population: Population) -> None:
    """Unknown operators and connectives, and an operand behind pr, are refused."""
    bad(GRAMMAR, population, *malformed("V45", "V47"), *BAD["V66"])


@clause(GRAMMAR)
def test_dangling_connectives_are_refused(population: Population) -> None:
    """Connectives without two sides, and conditions without a connective, are refused."""
    bad(GRAMMAR, population, *malformed("V48", "V50"), *BAD["V53"], *BAD["V69"])


@clause(GRAMMAR)
@budget(3, 10)
def test_unbalanced_brackets_are_refused(population: Population) -> None:
    """Unbalanced or empty parentheses and brackets are refused."""
    bad(GRAMMAR, population, *malformed("V51", "V52"), *malformed("V54", "V55"))


@clause(GRAMMAR)
def test_strange_names_are_refused(population: Population) -> None:
    """Names with two dots, a leading digit, a hyphen or a blank are refused."""
    bad(GRAMMAR, population, *malformed("V60", "V61"))


@clause(GRAMMAR)
def test_literals_in_capitals_are_refused(population: Population) -> None:
    """TRUE is no literal."""
    bad(GRAMMAR, population, *BAD["V62"])


@clause(GRAMMAR)
def test_open_forms_do_no_harm(population: Population) -> None:
    """Forms whose meaning is not given find nobody, or are refused; $ref is a name or refused."""
    nobody_or_refused(GRAMMAR, population, *OPEN["V56"], *OPEN["V57"])
    for text in (*OPEN["V36"], *OPEN["V58"]):
        asked = population.ask(text)
        fine = asked.refused or (asked.answer.ok and population.seen(asked) <= population.users.keys())
        holds(GRAMMAR, fine, expected=f"{text}: 200 or 400", observed=shown(asked.answer), answer=asked.answer)


@clause("7644-3.4.2.2-49")
def test_texts_are_json_strings(population: Population) -> None:
    """A text without double quotes is refused."""
    for texts in UNQUOTED.values():
        for text in texts:
            answer = population.scim.query(population.path, text, count=1)
            refused("7644-3.4.2.2-49", answer, status=400, scim_type="invalidFilter")


@clause("7644-3.4.2.2-54")
def test_other_white_space(population: Population) -> None:
    """Other white space than one blank is read as one, or refused."""
    wanted = population.oracle.expect(Compare("title", "eq", "Analyst")).must
    for text, oddity in WIDE.values():
        asked = population.ask(text)
        variants = variants_of(population, asked, {"tolerated": wanted})
        told = f"{oddity}: {shown(asked.answer)}"
        either("7644-3.4.2.2-54", "AMB-11", variants, observed=told, about=oddity, answer=asked.answer)


@clause("7159-7-01")
@budget(6, 13)
def test_escapes_are_decoded(population: Population) -> None:
    """JSON escapes in operands stand for their characters."""
    texts = [Compare("displayName", "eq", HOSTILE[reason]) for reason in ("quotes", "backslash", "trailing backslash")]
    exactly("7159-7-01", population, *texts)
    others = [Compare("displayName", "eq", HOSTILE[reason]) for reason in ("non-BMP", "Latin-1", "lines")]
    for escapes in ("ascii", "every"):
        exactly("7159-7-01", population, *others, how=Spelling(escapes=escapes))
    exactly("7159-7-01", population, Compare("displayName", "eq", "Ann Lee"), how=Spelling(escapes="every"))


@clause("7644-7.7-01")
@budget(4, 11)
def test_operands_inject_nothing(population: Population) -> None:
    """Operands with the syntax of filters, SQL, directories or scripts are only texts."""
    exactly("7644-7.7-01", population, *(Compare("userName", "eq", text) for text in INJECTIONS))
    carried = (HOSTILE[reason] for reason in ("filter injection", "SQL injection"))
    exactly("7644-7.7-01", population, *(Compare("displayName", "co", text) for text in carried))


@clause("7644-3.12-17")
def test_long_filters_end_cleanly(population: Population) -> None:
    """A filter of 16 kB is answered, or refused cleanly."""
    chain = " or ".join(f'userName eq "{number:0100}"' for number in range(140))
    for text in (chain, f'userName eq "{"a" * 16000}"'):
        answer = population.scim.query(population.path, text)
        fine = answer.status in {200, 400, 413, 414, 431}
        holds("7644-3.12-17", fine, expected="200, 400, 413, 414 or 431", observed=shown(answer), answer=answer)


@clause("7644-3.12-18")
@budget(7, 7)
def test_a_bad_filter_in_a_path_is_refused(users: Users) -> None:
    """A PATCH path with a malformed filter is refused, and changes nothing."""
    made = users.create()
    for path in ('emails[type eq "work".value', "emails[type regex 1].value"):
        answer = users.client.patch(users.path(made), [{"op": "replace", "path": path, "value": "x@example.com"}])
        same = users.read(made).get("emails") == made.get("emails")
        refused("7644-3.12-18", answer, status=400, scim_type=("invalidFilter", "invalidPath"), unchanged=same)


@clause("7644-7.8-01")
def test_normal_forms_are_one_text(users: Users) -> None:
    """A userName is found by the composed and by the decomposed form of its letters."""
    name = f"{users.run.name('jos')}\u00e9@{users.run.domain}"
    made = users.post(users.body(userName=name))
    if not made.ok:
        not_applicable("7644-7.8-01", f"the target refuses letters beyond ASCII in userName: {shown(made)}")
        return
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, name)
        answer = users.client.query(users.endpoint, f"userName eq {literal(text)}")
        found = answer.total if answer.ok else shown(answer)
        holds("7644-7.8-01", found == 1, expected=f"one user by {form}", observed=found, answer=answer)
