"""A credential is worth what its owner is: an active administrator of an account whose plan includes provisioning."""

from __future__ import annotations

from conformance.accounts import Accounts
from conformance.client import Answer
from conformance.judging import budget, clause, holds
from conformance.run import Run
from conformance.suites.auth_migration.people import (
    ADMINISTRATOR,
    REQUESTER,
    change,
    hire,
    owner_of,
    token_for,
)
from conformance.suites.auth_migration.phased import OFFERED, insider, probe, went

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LOWER_PLAN = "business"
OTHER_ROLES = (REQUESTER, "Service Task User", "Service Agent User")


def forbids(clause_id: str, what: str, answer: Answer, word: str) -> None:
    """Judge that the answer is 403 with a SCIM Error whose detail names the word."""
    error = answer.error or {}
    named = word in str(error.get("detail", "")).lower() and ERROR in (error.get("schemas") or [])
    holds(
        clause_id,
        answer.status == 403 and named,
        expected=f"403, a SCIM Error that names the {word}",
        observed=f"{what}: {answer.status} {error.get('detail', answer.body[:120])!r}",
        answer=answer,
    )


@clause("SAM-AUTH-18", "SAM-AUTH-23")
@budget(7)
def test_a_disabled_owner_opens_nothing(accounts: Accounts, run: Run) -> None:
    """Password and token of a disabled owner are refused, and work again once the owner is enabled."""
    account = accounts.create(phase="transition")
    owner = owner_of(account, account.basic())
    colleague = account.bearer(token_for(account, hire(account.bearer(), run)))
    account.hook("owner.disable")
    password, token = probe(account.basic()), probe(account.bearer())
    change(colleague, owner, "active", True)
    enabled = probe(account.bearer())
    went("SAM-AUTH-18", ("the password of the disabled owner", password, 401))
    went("SAM-AUTH-23", ("the token of the disabled owner", token, 401), ("enabled again", enabled, 200))


@clause("SAM-AUTH-24")
@budget(6)
def test_a_deleted_owner_opens_nothing(accounts: Accounts, run: Run) -> None:
    """Password and token of a deleted owner are refused."""
    account = accounts.create(phase="transition")
    owner = owner_of(account, account.basic())
    colleague = account.bearer(token_for(account, hire(account.bearer(), run)))
    deleted = colleague.delete(f"/Users/{owner['id']}")
    password, token = probe(account.basic()), probe(account.bearer())
    went("SAM-AUTH-24", ("the delete", deleted, 204), ("the password", password, 401), ("the token", token, 401))


@clause("SAM-AUTH-27")
@budget(7)
def test_only_administrators_provision(accounts: Accounts, run: Run) -> None:
    """A valid credential of someone who is no administrator is told so with 403."""
    account = accounts.create(phase="transition")
    for role in OTHER_ROLES:
        token = token_for(account, hire(account.bearer(), run, role))
        forbids("SAM-AUTH-27", role, probe(account.bearer(token)), "administrator")


@clause("SAM-AUTH-28")
def test_the_plan_includes_provisioning(accounts: Accounts) -> None:
    """Below the Professional plan a valid credential is told so with 403."""
    for phase in OFFERED:
        account = accounts.create(phase=phase, plan=LOWER_PLAN)
        forbids("SAM-AUTH-28", f"phase {phase}", probe(insider(account)), "plan")


@clause("SAM-AUTH-29")
@budget(7)
def test_a_change_of_role_counts_at_once(accounts: Accounts, run: Run) -> None:
    """When the owner is no longer Administrator the next request is 403, and 200 once he is again."""
    account = accounts.create(phase="transition")
    owner = hire(account.bearer(), run)
    client = account.bearer(token_for(account, owner))
    before = probe(client)
    change(account.bearer(), owner, "roles", [{"value": REQUESTER}])
    poor = probe(client)
    change(account.bearer(), owner, "roles", [{"value": ADMINISTRATOR}])
    steps = (("as Administrator", before, 200), ("as Requester", poor, 403), ("again", probe(client), 200))
    went("SAM-AUTH-29", *steps)


@clause("SAM-AUTH-30")
@budget(7)
def test_deactivation_counts_at_once(accounts: Accounts, run: Run) -> None:
    """When the owner is deactivated over SCIM the next request is 401, and 200 once he is active again."""
    account = accounts.create(phase="transition")
    owner = hire(account.bearer(), run)
    client = account.bearer(token_for(account, owner))
    before = probe(client)
    change(account.bearer(), owner, "active", False)
    gone = probe(client)
    change(account.bearer(), owner, "active", True)
    went("SAM-AUTH-30", ("active", before, 200), ("deactivated", gone, 401), ("active again", probe(client), 200))
