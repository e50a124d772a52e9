"""Writers that do not stop while the account moves from phase to phase."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from conformance.accounts import AccountHandle, Accounts
from conformance.client import UNSET, Answer, ScimClient
from conformance.judging import budget, clause, holds
from conformance.run import Run
from conformance.suites.auth_migration.people import users_of, walk
from conformance.suites.auth_migration.phased import seen

OLD, NEW = "Planner", "Director"
ROUNDS = {"quick": 1, "standard": 1, "deep": 6}
WRITERS = {"quick": 1, "standard": 2, "deep": 3}
PATIENCE_S = 10.0


@dataclass(slots=True)
class Story:
    """What was asked about one user, what was answered, and the titles of the users of that name there are then."""

    name: str
    steps: list[tuple[str, Answer]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)

    def told(self) -> str:
        """The steps with their statuses."""
        return ", ".join(f"{what} {seen(answer)}" for what, answer in self.steps)

    def lawful(self) -> bool:
        """Whether every step was done or refused with 401."""
        return all(answer.ok or answer.status == 401 for _, answer in self.steps)


@dataclass(slots=True)
class Writer:
    """Creates, changes and deletes users with one credential; `going` is set once something was answered."""

    client: ScimClient
    run: Run
    going: threading.Event
    stories: list[Story] = field(default_factory=list)

    def work(self, rounds: int) -> None:
        """Each round one user who stays and one who is deleted."""
        for _ in range(rounds):
            self.live(delete=False)
            self.live(delete=True)

    def live(self, *, delete: bool) -> None:
        """The story of one user: created, changed, perhaps deleted."""
        body = users_of(self.client, self.run).body(title=OLD)
        story = Story(str(body["userName"]))
        self.stories.append(story)
        made = self._step(story, "create", "POST", "/Users", body)
        if not made.ok:
            return
        path, operation = f"/Users/{made.resource['id']}", {"op": "replace", "path": "title", "value": NEW}
        changed = self._step(story, "change", "PATCH", path, [operation])
        story.titles = [NEW if changed.ok else OLD]
        if delete and self._step(story, "delete", "DELETE", path).ok:
            story.titles = []

    def _step(self, story: Story, what: str, method: str, path: str, body: Any = UNSET) -> Answer:
        answer = self.client.patch(path, body) if method == "PATCH" else self.client.request(method, path, json=body)
        story.steps.append((what, answer))
        self.going.set()
        return answer


def write_through(account: AccountHandle, clients: Sequence[ScimClient], run: Run, phase: str) -> list[Story]:
    """What the writers wrote before and while the account moved to that phase."""
    going, rounds = threading.Event(), ROUNDS[run.effort]
    writers = [Writer(client, run, going) for client in clients for _ in range(WRITERS[run.effort])]
    with ThreadPoolExecutor(len(writers)) as pool:
        list(pool.map(lambda writer: writer.work(rounds), writers))
        going.clear()
        pending = [pool.submit(writer.work, rounds) for writer in writers]
        going.wait(PATIENCE_S)
        account.hook("phase.set", phase=phase)
        for each in pending:
            each.result()
    return [story for writer in writers for story in writer.stories]


@clause("SAM-AUTH-51")
@budget(34, 64, 560)
def test_writers_survive_a_phase_change(accounts: Accounts, run: Run) -> None:
    """While phases change, every write that was accepted is there once, and every other is not."""
    account = accounts.create(phase="basic")
    stories = write_through(account, [account.basic()], run, "transition")
    denied = [story for story in stories if not all(answer.ok for _, answer in story.steps)]
    token = account.bearer(str(account.hook("credential.create", kind="token")["token"]))
    stories += write_through(account, [account.basic(), token], run, "token")
    late = Writer(account.basic(), run, threading.Event())
    late.live(delete=False)
    stories += late.stories
    found = defaultdict(list)
    for user in walk(token, "/Users"):
        found[str(user["userName"])].append(user.get("title"))
    wrong = [f"{each.told()}, then {found[each.name]}" for each in stories if found[each.name] != each.titles]
    wrong += [f"{each.told()}" for each in stories if not each.lawful()]
    wrong += [f"in transition {each.told()}" for each in denied]
    told = "; ".join(wrong[:3]) or f"{len(stories)} users as answered"
    holds("SAM-AUTH-51", not wrong, expected="each write as it was answered", observed=told, harm=True)
