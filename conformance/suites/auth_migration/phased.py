"""An account in each phase, and what a refusal looks like there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from conformance.accounts import AccountHandle, Accounts
from conformance.client import Answer, ScimClient
from conformance.judging import holds
from conformance.suites.authentication.challenges import Challenge, challenges
from conformance.transport import Field

OFFERED: Mapping[str, frozenset[str]] = {
    "basic": frozenset({"basic"}),
    "transition": frozenset({"basic", "bearer"}),
    "token": frozenset({"bearer"}),
}
"""The schemes a 401 challenges with in each phase; the phases stand in their order."""
PASSWORDS = ("basic", "transition")
TOKENS = ("transition", "token")
SAMANAGE = "X-Samanage-Authorization"


def probe(client: ScimClient, headers: Mapping[str, Field | None] | None = None) -> Answer:
    """A short list of users, asked for with these header fields beside the client's."""
    return client.get("/Users", params={"count": 1}, headers=headers)


def presented(account: AccountHandle, value: Field) -> Answer:
    """A short list of users, asked for with exactly this as the Authorization field."""
    return probe(account.client(), {"Authorization": value})


def insider(account: AccountHandle) -> ScimClient:
    """A client with a credential the account was made with: the token, in phase basic the password."""
    return account.bearer() if account.token else account.basic()


def offers(answer: Answer) -> list[Challenge]:
    """The challenges of an answer."""
    return challenges(answer.headers.get("WWW-Authenticate"))


def schemes(answer: Answer) -> frozenset[str]:
    """The schemes an answer challenges with, in lower case."""
    return frozenset(each.scheme for each in offers(answer))


@dataclass(frozen=True, slots=True)
class Phased:
    """An account in a known phase; `stranger` is what a request that names no account is challenged with."""

    account: AccountHandle
    phase: str
    stranger: frozenset[str]

    def turns_away(self, clause_id: str, what: str, answer: Answer, *, unchanged: bool = True) -> bool:
        """Judge that the answer is 401 with the challenges of the phase, or of a stranger, and nothing was performed.

        Another 4xx, and 401 with other challenges, is a deviation.
        """
        lawful = answer.status == 401 and schemes(answer) in (OFFERED[self.phase], self.stranger)
        effect = "" if unchanged else ", and the request was performed"
        return holds(
            clause_id,
            lawful and unchanged,
            expected=f"401 with the challenges of phase {self.phase}",
            observed=f"{what}, phase {self.phase}: {seen(answer)}{effect}",
            answer=answer,
            tolerated=unchanged and 400 <= answer.status < 500,
        )


@dataclass(slots=True)
class Phases:
    """One account in each phase, made when it is first asked for; nothing may move or change them.

    Accounts with the same URL have the same `strangers`.
    """

    accounts: Accounts
    known: dict[str, Phased] = field(default_factory=dict)
    strangers: dict[str, frozenset[str]] = field(default_factory=dict)

    def __getitem__(self, phase: str) -> Phased:
        if phase not in self.known:
            account = self.accounts.create(phase=phase)
            if account.url not in self.strangers:
                self.strangers[account.url] = schemes(probe(account.client()))
            self.known[phase] = Phased(account, phase, self.strangers[account.url])
        return self.known[phase]

    def each(self, *phases: str) -> Iterator[Phased]:
        """The accounts of these phases, without any of all phases."""
        return (self[phase] for phase in phases or OFFERED)


def seen(answer: Answer) -> str:
    """The status, and the schemes of a 401."""
    offered = "+".join(sorted(schemes(answer))) or "without a challenge"
    return f"401 {offered}" if answer.status == 401 else str(answer.status)


def opens(clause_id: str, what: str, answer: Answer) -> bool:
    """Judge that the credential opened the account."""
    return holds(clause_id, answer.status == 200, expected="200", observed=f"{what}: {answer.status}", answer=answer)


def went(clause_id: str, *steps: tuple[str, Answer, int]) -> bool:
    """Judge that every step was answered with the status beside it; a 401 without a challenge is a deviation."""
    wrong = next((answer for _, answer, status in steps if answer.status != status), None)
    bare = next((answer for _, answer, _ in steps if answer.status == 401 and not schemes(answer)), None)
    return holds(
        clause_id,
        wrong is None and bare is None,
        expected=", ".join(f"{what} {status}" for what, _, status in steps),
        observed=", ".join(f"{what} {seen(answer)}" for what, answer, _ in steps),
        answer=wrong or bare or steps[-1][1],
        tolerated=wrong is None,
    )


def credential_of(account: AccountHandle, kind: str) -> str:
    """The id of the active credential of that kind; raises HookAbsent where credentials are not listed."""
    listed = account.hook("credential.list")["credentials"]
    return next(str(each["id"]) for each in listed if each["kind"] == kind and each.get("state", "active") == "active")
