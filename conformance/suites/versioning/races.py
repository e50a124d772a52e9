"""Writers who hold the same version at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from conformance.client import Answer
from conformance.judging import budget, clause, holds, not_applicable
from conformance.population import Users
from conformance.run import Run
from conformance.suites.versioning.tags import Versioned, is_weak, versioned
from conformance.target import Target

ROUNDS = {"quick": 1, "standard": 2, "deep": 20}
PATIENCE_S = 10.0


def race(user: Versioned, titles: list[str], tag: str, *, patch: bool) -> list[Answer]:
    """The answers to writers who hold one version and write at once, every second one with `patch`."""
    together = threading.Barrier(len(titles))

    def write(number: int) -> Answer:
        together.wait(PATIENCE_S)
        method = user.patch if patch and number % 2 else user.put
        return method(titles[number], If_Match=tag)

    with ThreadPoolExecutor(len(titles)) as pool:
        return list(pool.map(write, range(len(titles))))


@clause("7644-3.14-10")
@budget(9, 14, 90)
def test_of_writers_with_one_version_one_wins(users: Users, run: Run, target: Target) -> None:
    """Of writers who read one version, one after the other or at once, exactly one is let through."""
    user = versioned(users)
    tag, titles = user.tag(), ["First", "Second"]
    answers = [user.put(title, If_Match=tag) for title in titles]
    if is_weak(tag) and {answer.status for answer in answers} == {412}:
        not_applicable("7644-3.14-10", "weak tags never match here")
        return
    tag = judge(user, answers, titles, "one after the other")
    for number in range(ROUNDS[run.effort]):
        titles = [f"{name} {number}" for name in ("Director", "Editor", "Planner")]
        tag = judge(user, race(user, titles, tag, patch=target.has("patch")), titles, "at once")


def judge(user: Versioned, answers: list[Answer], titles: list[str], how: str) -> str:
    """Judge that one write was done, the one that was accepted, and the others refused with 412; the tag after it."""
    accepted = [title for title, answer in zip(titles, answers, strict=True) if answer.ok]
    told, (title, tag) = sorted(answer.status for answer in answers), user.now()
    single = accepted == [title]
    stopped = {answer.status for answer in answers if not answer.ok}
    fine, mild = single and stopped == {412}, single and stopped <= {409, 412}
    expected = f"{how}: one 2xx, the others 412, its title"
    holds("7644-3.14-10", fine, expected=expected, observed=(told, title), answer=answers[-1], tolerated=mild)
    return tag
