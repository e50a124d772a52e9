"""What ServiceProviderConfig says of authentication (RFC 7643 section 5)."""

from __future__ import annotations

import pytest

from conformance.accounts import Accounts
from conformance.client import Answer, ScimClient
from conformance.judging import clause, holds
from conformance.suites.auth_migration.phased import Phases, insider

TYPES = frozenset({"httpbasic", "oauthbearertoken"})


@pytest.fixture(scope="module")
def phases(suite_accounts: Accounts) -> Phases:
    """An account in each phase."""
    return Phases(suite_accounts)


def offered(answer: Answer) -> set[str]:
    """The types of the authentication schemes of a ServiceProviderConfig, in lower case."""
    found = answer.resource.get("authenticationSchemes") or []
    return {str(each.get("type")).lower() for each in found if isinstance(each, dict)}


def lists(clause_id: str, phases: Phases, phase: str, wanted: set[str]) -> None:
    """Judge that the account of that phase offers these types, and not the other one."""
    answer = insider(phases[phase].account).get("/ServiceProviderConfig")
    found = offered(answer)
    right = found & TYPES == wanted
    holds(clause_id, right, expected=", ".join(sorted(wanted)), observed=sorted(found), answer=answer)


@clause("SAM-AUTH-11")
def test_the_configuration_offers_basic_before_migration(phases: Phases) -> None:
    """ServiceProviderConfig of phase basic lists httpbasic alone."""
    lists("SAM-AUTH-11", phases, "basic", {"httpbasic"})


@clause("SAM-AUTH-12")
def test_the_configuration_offers_both_in_transition(phases: Phases) -> None:
    """ServiceProviderConfig of phase transition lists oauthbearertoken and httpbasic."""
    lists("SAM-AUTH-12", phases, "transition", {"httpbasic", "oauthbearertoken"})


@clause("SAM-AUTH-13")
def test_the_configuration_offers_bearer_after_migration(phases: Phases) -> None:
    """ServiceProviderConfig of phase token lists oauthbearertoken alone."""
    lists("SAM-AUTH-13", phases, "token", {"oauthbearertoken"})


@clause("SAM-AUTH-57")
def test_passwords_are_not_changed_over_scim(scim: ScimClient) -> None:
    """ServiceProviderConfig says that changePassword is not supported."""
    answer = scim.get("/ServiceProviderConfig")
    found = answer.resource.get("changePassword")
    told = isinstance(found, dict) and found.get("supported") is False
    holds("SAM-AUTH-57", told, expected="changePassword.supported false", observed=found, answer=answer)


@clause("SAM-AUTH-58")
def test_discovery_needs_no_credential(scim: ScimClient) -> None:
    """The discovery documents are shown to everybody."""
    stranger = scim.anonymous()
    for path in ("/ServiceProviderConfig", "/Schemas", "/ResourceTypes"):
        answer = stranger.get(path)
        holds("SAM-AUTH-58", answer.status == 200, expected="200", observed=f"{path}: {answer.status}", answer=answer)
