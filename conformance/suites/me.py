"""/Me, the user who is signed in under a name of its own (RFC 7644 section 3.11).

What writes to it works on the owner of an account from the hook account.create, never on the run's own user.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from conformance.accounts import Accounts
from conformance.client import Answer, ScimClient
from conformance.errors import HookAbsent, HookRefused
from conformance.judging import budget, clause, either, holds, not_applicable, observe
from conformance.population import Document
from conformance.run import Run
from conformance.suites.auth_migration.people import hire, token_for, users_of
from conformance.suites.auth_migration.phased import insider
from conformance.suites.links import place
from conformance.target import Target

ME = "/Me"
NO_ACCOUNT = "the target offers no account of its own for this (hook account.create)"
UNOFFERED = (400, 403, 404, 405, 409, 501)


@dataclass(frozen=True, slots=True)
class Subject:
    """The owner of an account made for this suite, a client that is signed in as that user, and another user.

    `witness` is signed in as the other one; None where only the owner gets a credential.
    """

    client: ScimClient
    user: Document
    other: Document
    witness: ScimClient | None

    def left(self) -> list[bool]:
        """Whether user and other user are still there, as far as anybody can tell."""
        if self.witness is None:
            return [me(self.client).ok, True]
        return [self.witness.get(f"/Users/{user['id']}").ok for user in (self.user, self.other)]

    def shown(self, user: Document) -> Document:
        """A user as it is now; empty where it is gone."""
        answer = self.client.get(f"/Users/{user['id']}")
        return answer.resource if answer.ok else {}


@pytest.fixture(scope="module")
def subject(suite_accounts: Accounts, run: Run) -> Subject | None:
    """The subject, None where the target offers no account."""
    try:
        account = suite_accounts.create()
    except (HookAbsent, HookRefused):
        return None
    client = insider(account)
    other = hire(client, run)
    try:
        witness = account.bearer(token_for(account, other))
    except (HookAbsent, HookRefused):
        return Subject(client, me(client).resource, other, None)
    return Subject(client, me(client).resource, other, witness)


def me(client: ScimClient, **params: str) -> Answer:
    """The answer to reading /Me; a redirect is followed."""
    answer = client.get(ME, params=params)
    location = answer.headers.get("Location")
    return client.get(place(location), params=params) if answer.status in (307, 308) and location else answer


@clause("7644-3.11-01")
def test_an_unsupported_alias_is_told(scim: ScimClient) -> None:
    """Where /Me is not offered, it is answered 501."""
    answer = scim.get(ME)
    statuses = {"not-implemented": 501, "not-found": 404, "forbidden": 403}
    variants = {name: answer.status == status for name, status in statuses.items()}
    either("7644-3.11-01", "AMB-54", variants, observed=answer.status, answer=answer)


@clause("7644-3.11-02", "7644-3.11-03")
def test_the_alias_names_the_permanent_uri(scim: ScimClient) -> None:
    """/Me redirects to the user, or shows it with its permanent URI in Location."""
    answer = scim.get(ME)
    location = answer.headers.get("Location", "")
    target = scim.get(place(location)) if location else answer
    permanent = bool(location) and not location.rstrip("/").endswith(ME) and target.status == 200
    if answer.status != 308:
        not_applicable("7644-3.11-02", f"GET {ME} is answered {answer.status}, no redirect")
    else:
        holds("7644-3.11-02", permanent, expected="Location of the user", observed=location or "none", answer=target)
    if answer.status != 200:
        not_applicable("7644-3.11-03", f"GET {ME} is answered {answer.status}")
        return
    meta = answer.resource.get("meta")
    told = meta.get("location") if isinstance(meta, dict) else None
    right = permanent and place(told or location) == place(location) and target.json == answer.json
    holds("7644-3.11-03", right, expected="Location = meta.location, the same user there", observed=(location, told))


@clause("7644-3.11-04")
@budget(10)
def test_the_alias_may_be_changed(subject: Subject | None) -> None:
    """PATCH, PUT and DELETE of /Me act on the user who is signed in, and on nobody else."""
    if subject is None:
        not_applicable("7644-3.11-04", NO_ACCOUNT)
        return
    before = subject.shown(subject.other)
    edited = subject.client.patch(ME, [{"op": "replace", "path": "displayName", "value": "edited"}])
    _acts(edited, changed=subject.shown(subject.user).get("displayName") == "edited")
    replaced = subject.client.put(ME, {**subject.user, "displayName": "replaced"})
    _acts(replaced, changed=subject.shown(subject.user).get("displayName") == "replaced")
    same = subject.shown(subject.other) == before
    holds(
        "7644-3.11-04", same, expected="nobody else changed", observed=f"unchanged: {same}", answer=replaced, harm=True
    )
    deleted = subject.client.delete(ME)
    if deleted.ok:
        left = subject.left()
        holds("7644-3.11-04", left == [False, True], expected="one user gone", observed=left, answer=deleted, harm=True)
    observe("7644-3.11-04", f"PATCH {edited.status}, PUT {replaced.status}, DELETE {deleted.status}")


def _acts(answer: Answer, *, changed: bool) -> None:
    """Judge that a write to /Me did what its status says; one that is answered 2xx and lost harms."""
    right = changed if answer.ok else not changed and (answer.status < 500 or answer.status == 501)
    told = f"{answer.exchange.method}: {answer.status}, changed: {changed}"
    lost = answer.ok and not changed
    holds("7644-3.11-04", right, expected="done, or refused", observed=told, answer=answer, harm=lost)


@clause("7644-3.11-05")
def test_creating_the_alias_is_done_or_refused(suite_accounts: Accounts, run: Run) -> None:
    """POST to /Me makes a resource with a permanent URI, or is refused."""
    try:
        client = insider(suite_accounts.create())
    except (HookAbsent, HookRefused):
        not_applicable("7644-3.11-05", NO_ACCOUNT)
        return
    answer = client.post(ME, users_of(client, run).body())
    location = answer.headers.get("Location", "")
    made = answer.status == 201 and bool(location) and client.get(place(location)).ok
    told = f"{answer.status} {location}".strip()
    right = made or answer.status in UNOFFERED
    expected = "201 with Location, 4xx or 501"
    holds("7644-3.11-05", right, expected=expected, observed=told, answer=answer, harm=answer.status == 201)


@clause("7644-3.11-06")
def test_nobody_has_no_alias(scim: ScimClient) -> None:
    """Without credentials, or with made-up ones, /Me shows nobody."""
    for what, client in (("no credential", scim.anonymous()), ("made up", scim.bearer("no-token-of-this-target"))):
        answer = client.get(ME)
        right = answer.status in (401, 403, 404)
        told = f"{what}: {answer.status}"
        holds("7644-3.11-06", right, expected="401", observed=told, answer=answer, harm=answer.ok)


@clause("7644-3.9-11")
def test_the_alias_is_projected(scim: ScimClient) -> None:
    """attributes and excludedAttributes apply to /Me."""
    whole = me(scim).resource
    name = next((name for name in ("displayName", "name", "emails", "active") if name in whole), "active")
    some, rest = me(scim, attributes="userName"), me(scim, excludedAttributes=name)
    told = sorted(some.resource)
    right = some.resource.get("userName") == whole.get("userName") and name not in told
    holds("7644-3.9-11", right, expected="userName and what is always returned", observed=told, answer=some)
    told = sorted(rest.resource)
    right = name not in told and "userName" in told
    holds("7644-3.9-11", right, expected=f"all but {name}", observed=told, answer=rest)


@clause("7644-3.11-03")
def test_everybody_has_an_alias_of_their_own(subject: Subject | None, target: Target, scim: ScimClient) -> None:
    """/Me is another user for another credential."""
    if subject is None:
        not_applicable("7644-3.11-03", NO_ACCOUNT)
        return
    mine, theirs = me(scim).resource, subject.user
    told = [each.get("userName") for each in (mine, theirs)]
    apart = told[0] != told[1] or target.url != subject.client.base
    holds("7644-3.11-03", apart, expected="two users", observed=told)
    if subject.witness is not None:
        answer, wanted = me(subject.witness), subject.other["id"]
        found = answer.resource.get("id") if answer.ok else f"status {answer.status}"
        expected = f"the second user of an account, {wanted}"
        holds("7644-3.11-03", found == wanted, expected=expected, observed=found, answer=answer)
