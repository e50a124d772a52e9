"""Bearer tokens (RFC 6750), and what is common to all schemes."""

from __future__ import annotations

import uuid
from collections import Counter

from conformance.accounts import Accounts
from conformance.client import Answer, ScimClient
from conformance.judging import clause, either, holds, not_applicable, observe, refused
from conformance.population import Users
from conformance.suites.authentication.challenges import Challenge, challenges
from conformance.target import Target

PROBE = {"count": 1}
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
CHALLENGED = {
    "oauth2": "bearer",
    "oauthbearertoken": "bearer",
    "httpbasic": "basic",
    "httpdigest": "digest",
    "oauth": "oauth",
}


def told(answer: Answer) -> list[Challenge]:
    """The challenges of an answer."""
    return challenges(answer.headers.get("WWW-Authenticate"))


def bearer_challenge(answer: Answer) -> Challenge | None:
    """The Bearer challenge of an answer, None where there is none."""
    return next((each for each in told(answer) if each.scheme == "bearer"), None)


def garbage(scim: ScimClient) -> ScimClient:
    """The client with a token nobody issued."""
    return scim.bearer(f"garbage-{uuid.uuid4()}")


def own_token(scim: ScimClient) -> str | None:
    """The bearer token of the run, None where it uses another credential."""
    scheme, _, token = scim.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else None


@clause("7235-3.1-01", "7644-2-03")
def test_a_refusal_challenges_with_every_scheme(scim: ScimClient, target: Target) -> None:
    """401 without credentials carries a challenge for each scheme that is offered."""
    answer = scim.anonymous().get("/Users", params=PROBE)
    seen = {each.scheme for each in told(answer)}
    holds(
        "7235-3.1-01",
        answer.status == 401 and bool(seen),
        expected="401 with a challenge",
        observed=(answer.status, seen),
    )
    offered = {CHALLENGED[scheme] for scheme in target.capabilities.schemes() if scheme in CHALLENGED}
    missing = sorted(offered - seen)
    holds(
        "7644-2-03",
        bool(seen) and not missing,
        expected=f"{sorted(offered)}",
        observed=sorted(seen),
        tolerated=bool(seen),
    )


@clause("7644-3.12-65")
def test_an_authentication_error_is_a_scim_error(scim: ScimClient) -> None:
    """The body of a 401 is a SCIM Error with status 401."""
    answer = garbage(scim).get("/Users", params=PROBE)
    error = answer.error or {}
    sound = ERROR in (error.get("schemas") or []) and str(error.get("status")) == str(answer.status)
    variants = {"scim": sound, "other": answer.status in (401, 403)}
    either("7644-3.12-65", "AMB-67", variants, observed=answer.body[:200], warn={"other"}, answer=answer)


@clause("7644-3.12-66")
def test_a_wrong_token_performs_nothing(scim: ScimClient, users: Users) -> None:
    """A create with a wrong token gives 401 and creates nobody."""
    body = users.body()
    answer = garbage(scim).post(users.endpoint, body)
    none = scim.query(users.endpoint, f'userName eq "{body["userName"]}"').total == 0
    refused("7644-3.12-66", answer, status=401, unchanged=none)


@clause("7235-2.1-01", "6750-2.1-01")
def test_the_scheme_name_is_read_in_any_case(scim: ScimClient) -> None:
    """A bearer token in the Authorization header opens the door, the scheme in any case."""
    token = own_token(scim)
    if token is None:
        not_applicable("7235-2.1-01", "the run has no bearer token")
        not_applicable("6750-2.1-01", "the run has no bearer token")
        return
    client = scim.anonymous()
    usual = client.get("/Users", params=PROBE, headers={"Authorization": f"Bearer {token}"})
    holds("6750-2.1-01", usual.status == 200, expected="200", observed=usual.status, answer=usual)
    states = [
        client.get("/Users", params=PROBE, headers={"Authorization": f"{word} {token}"}).status
        for word in ("bearer", "BEARER")
    ]
    holds("7235-2.1-01", states == [200, 200], expected="200, 200", observed=states)


@clause("6750-2.3-01", "6750-2.3-02", "6750-3.1-04")
def test_tokens_do_not_travel_in_urls(scim: ScimClient) -> None:
    """A token in the query string opens nothing, and two ways at once are refused."""
    token = own_token(scim) or "none"
    alone = scim.anonymous().get("/Users", params={**PROBE, "access_token": token})
    fine = alone.status in (400, 401)
    holds("6750-2.3-01", fine, expected="401 or 400", observed=alone.status, answer=alone, tolerated=True)
    if fine:
        not_applicable("6750-2.3-02", "a token in the query is not accepted")
        not_applicable("6750-3.1-04", "a token in the query is an unknown parameter here")
        return
    private = "private" in alone.headers.get("Cache-Control", "").lower()
    holds("6750-2.3-02", private, expected="Cache-Control: private", observed=dict(alone.headers))
    refused("6750-3.1-04", scim.get("/Users", params={**PROBE, "access_token": token}), status=400)


@clause("6750-3-01", "6750-3.1-01", "6750-3.1-02")
def test_the_bearer_challenge_is_well_formed(scim: ScimClient) -> None:
    """The Bearer challenge has parameters, and names invalid_token only for a token that was sent."""
    silent = scim.anonymous().get("/Users", params=PROBE)
    wrong = garbage(scim).get("/Users", params=PROBE)
    first, second = bearer_challenge(silent), bearer_challenge(wrong)
    counts = Counter(key.lower() for key, _ in (second.parameters if second else ()))
    single = bool(counts) and all(counts[name] <= 1 for name in ("realm", "scope", "error"))
    header = wrong.headers.get("WWW-Authenticate")
    holds("6750-3-01", single, expected="Bearer with parameters, each once", observed=header, answer=wrong)
    named = second is not None and second.value("error") == "invalid_token" and wrong.status == 401
    holds("6750-3.1-01", named, expected='401 with error="invalid_token"', observed=header, answer=wrong)
    quiet = first is None or first.value("error") is None
    holds(
        "6750-3.1-02",
        quiet,
        expected="no error parameter",
        observed=silent.headers.get("WWW-Authenticate"),
        answer=silent,
    )


@clause("6750-3.1-03")
def test_a_missing_scope_is_named(accounts: Accounts) -> None:
    """A token without the scope gives 403 with insufficient_scope."""
    account = accounts.create()
    narrow = account.hook("credential.create", kind="token", scope="none")
    answer = account.bearer(str(narrow["token"])).get("/Users", params=PROBE)
    found = bearer_challenge(answer)
    named = answer.status == 403 and found is not None and found.value("error") == "insufficient_scope"
    holds("6750-3.1-03", named, expected="403 insufficient_scope", observed=(answer.status, found), answer=answer)


@clause("7644-3.12-45", "7644-2-04")
def test_two_subjects_have_different_rights(accounts: Accounts) -> None:
    """A credential whose owner lost the right to provision is told 403, another one still works."""
    account = accounts.create(plan="team")
    poor = account.bearer().get("/Users", params=PROBE)
    rich = accounts.create().bearer().get("/Users", params=PROBE)
    refused("7644-3.12-45", poor, status=403)
    holds(
        "7644-2-04",
        (poor.ok, rich.ok) == (False, True),
        expected="refused and allowed",
        observed=(poor.status, rich.status),
    )


@clause("7644-7.4-01")
def test_an_expired_credential_is_refused(accounts: Accounts) -> None:
    """A credential that has expired gives 401."""
    account = accounts.create()
    for each in account.hook("credential.list")["credentials"]:
        account.hook("credential.expire", credential=each["id"])
    refused("7644-7.4-01", account.bearer().get("/Users", params=PROBE), status=401)


@clause("7644-7.4-03", "7644-7.6-01")
def test_no_lasting_cookie_and_no_open_door(scim: ScimClient, users: Users) -> None:
    """No answer sets a lasting cookie, and an anonymous create is refused or inactive."""
    cookie = scim.get("/Users", params=PROBE).headers.get("Set-Cookie", "")
    lasting = any(word in cookie.lower() for word in ("max-age", "expires"))
    holds(
        "7644-7.4-03", not lasting, expected="no cookie, or one without Max-Age and Expires", observed=cookie or "none"
    )
    answer = users.post(users.body()) if not own_token(scim) else scim.anonymous().post(users.endpoint, users.body())
    if answer.ok:
        users.made.append(str(answer.resource.get("id")))
    safe = not answer.ok or answer.resource.get("active") is False
    holds("7644-7.6-01", safe, expected="refused, or created inactive", observed=answer.status, tolerated=True)


@clause("7644-7.7-05")
def test_guessing_is_slowed(scim: ScimClient) -> None:
    """Fifty wrong passwords are slowed down or locked out."""
    states = [scim.basic("guess@example.com", uuid.uuid4().hex).get("/Users", params=PROBE).status for _ in range(50)]
    observe("7644-7.7-05", f"statuses of fifty guesses: {dict(Counter(states))}")
