"""Asking a filter of the population and judging what it finds."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from conformance.client import Answer
from conformance.judging import either, holds, refused
from conformance.oracle import AMBIGUITY, Finding
from conformance.strategies.population import Asked, Population
from conformance.strategies.trees import PLAINEST, Spelling, Tree


def exactly(
    clause_id: str, population: Population, *trees: Tree, how: Spelling = PLAINEST, first: bool = False
) -> None:
    """Judge that each filter finds exactly the users that the oracle names.

    A pair of attribute and operator that the target refuses by itself too is AMB-73; an answer that is right under
    another reading than the answers before is a deviation.
    """
    for tree in population.few(trees):
        judge(clause_id, population, tree, population.ask(tree, how, first=first))


def judge(clause_id: str, population: Population, tree: Tree, asked: Asked) -> None:
    """Judge one answer as `exactly` does."""
    if asked.refused and (pair := population.lacks(tree)):
        unsupported(clause_id, " ".join(pair), asked.answer)
    else:
        worth(clause_id, population, tree, asked)


def unsupported(clause_id: str, pair: str, answer: Answer) -> None:
    """Judge that a pair of attribute and operator is refused, which AMB-73 allows."""
    either(clause_id, "AMB-73", {"evaluated": False, "refused": True}, observed=pair, about=pair, answer=answer)


def worth(clause_id: str, population: Population, tree: Tree, asked: Asked) -> None:
    """Judge an answer to a filter that is known to be supported."""
    wanted = population.oracle.expect(tree)
    finding = population.finds(tree, asked)
    told = f"{asked.text!r}: {population.names(wanted.must)}"
    if wanted.may:
        told += f"; {population.names(wanted.may)} by {', '.join(wanted.open)}"
    fine = finding is not Finding.WRONG
    holds(clause_id, fine, expected=told, observed=_seen(population, asked), answer=asked.answer)
    if finding is Finding.SWITCHED:
        for name, (variant, other) in population.oracle.switches(tree, asked.ids).items():
            told = f"{asked.text!r} shows it, answers before showed {other}"
            variants = {variant: True, other: False}
            either(clause_id, AMBIGUITY[name], variants, observed=told, warn=(variant,), answer=asked.answer)


def _seen(population: Population, asked: Asked) -> str:
    if not asked.answer.ok:
        return f"{asked.text!r}: {shown(asked.answer)}"
    twice = " (some twice)" if len(set(asked.ids)) < len(asked.ids) else ""
    cut = "" if asked.complete else f", totalResults {asked.answer.total}"
    return f"{asked.text!r}: {population.names(set(asked.ids))}{twice}{cut}"


def shown(answer: Answer) -> str:
    """Status and keyword of an answer, for a report."""
    return f"{answer.status} {answer.scim_type or ''}".strip()


def variants_of(population: Population, asked: Asked, sets: Mapping[str, Collection[str]]) -> dict[str, bool]:
    """Which variant of an ambiguity an answer shows: the refusal, or the one whose users it finds."""
    found = population.seen(asked) if asked.answer.ok else None
    return {"refused": asked.refused, **{name: found == set(wanted) for name, wanted in sets.items()}}


def whom(population: Population, asked: Asked) -> str:
    """Whom an answer found, or its status, for a report."""
    return population.names(population.seen(asked)) if asked.answer.ok else shown(asked.answer)


def bad(clause_id: str, population: Population, *texts: str) -> None:
    """Judge that each text is refused with 400 invalidFilter; it goes out as it is, so that no fence repairs it."""
    for text in population.few(texts):
        answer = population.scim.query(population.path, text, count=1)
        refused(clause_id, answer, status=400, scim_type="invalidFilter")


def nobody_or_refused(clause_id: str, population: Population, *texts: str) -> None:
    """Judge that each filter finds nobody or is refused with 400."""
    for text in population.few(texts):
        asked = population.ask(text)
        fine = asked.refused or (asked.answer.ok and not population.seen(asked))
        holds(
            clause_id,
            fine,
            expected=f"{text!r}: nobody, or 400",
            observed=_seen(population, asked),
            answer=asked.answer,
        )
