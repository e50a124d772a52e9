"""Phase x kind of credential x validity, and every way to spoil the Authorization fields."""

from __future__ import annotations

import base64
import itertools

import jwt
import pytest

from mock_samanage.scim.errors import Forbidden, TooManyRequests, Unauthorized
from mock_samanage.scim.messages import PATCH_OP_URN
from mock_samanage.tenant.accounts import CreatedAccount, NewAccount
from mock_samanage.tenant.authentication import AuthorizationHeaders, Principal
from mock_samanage.tenant.clock import SECOND, ManualClock
from mock_samanage.tenant.errors import Refused
from mock_samanage.tenant.tenant import Tenant

BASIC = 'Basic realm="Samanage", charset="UTF-8"'
BEARER = 'Bearer realm="Samanage"'
INVALID = 'Bearer realm="Samanage", error="invalid_token", error_description="The token is not valid."'


def basic(username: str | None, password: str | None) -> AuthorizationHeaders:
    return AuthorizationHeaders("Basic " + base64.b64encode(f"{username}:{password}".encode()).decode())


def bearer(token: str | None) -> AuthorizationHeaders:
    return AuthorizationHeaders(f"Bearer {token}")


def refused(tenant: Tenant, headers: AuthorizationHeaders) -> list[str]:
    """The challenges of the 401 the fields get."""
    with pytest.raises(Unauthorized) as refusal:
        tenant.authenticate(headers)
    assert {name for name, _ in refusal.value.headers} == {"WWW-Authenticate"}
    return [text for _, text in refusal.value.headers]


def token_of(created: CreatedAccount) -> str:
    assert created.token is not None
    assert created.token.token is not None
    return created.token.token


def change_owner(tenant: Tenant, created: CreatedAccount, path: str, value: object) -> None:
    body = {"schemas": [PATCH_OP_URN], "Operations": [{"op": "replace", "path": path, "value": value}]}
    tenant.directory_of(created.account).patch("User", created.basic.owner, body)


def test_transition_takes_both_kinds_and_both_see_one_account(tenant: Tenant, acme: CreatedAccount) -> None:
    principals: list[Principal] = [
        tenant.authenticate(bearer(token_of(acme))),
        tenant.authenticate(basic(acme.basic.username, acme.basic.password)),
    ]
    assert [principal.credential_kind for principal in principals] == ["token", "basic"]
    assert {principal.account.name for principal in principals} == {"acme"}
    assert {principal.owner.id for principal in principals} == {acme.basic.owner}


def test_phase_basic_has_no_token_and_makes_none(tenant: Tenant) -> None:
    created = tenant.accounts.create(NewAccount(name="old", phase="basic"))
    assert created.token is None
    assert tenant.authenticate(basic(created.basic.username, created.basic.password)).credential_kind == "basic"
    with pytest.raises(Refused, match="phase basic"):
        tenant.credentials.create("old", "token")
    assert refused(tenant, AuthorizationHeaders()) == [BASIC]
    assert refused(tenant, bearer("abc")) == [BASIC]


def test_phase_token_takes_tokens_alone(tenant: Tenant, acme: CreatedAccount) -> None:
    tenant.accounts.set_phase("acme", "token")
    assert tenant.authenticate(bearer(token_of(acme))).owner.id == acme.basic.owner
    assert refused(tenant, basic(acme.basic.username, acme.basic.password)) == [BEARER]
    assert refused(tenant, basic(acme.basic.username, "wrong")) == [BEARER]
    assert refused(tenant, bearer("wrong")) == [INVALID]
    assert refused(tenant, AuthorizationHeaders()) == [BEARER]


def test_a_password_goes_on_through_transition_until_phase_token(tenant: Tenant) -> None:
    created = tenant.accounts.create(NewAccount(name="old", phase="basic"))
    credential = basic(created.basic.username, created.basic.password)
    tenant.authenticate(credential)
    tenant.accounts.set_phase("old", "transition")
    tenant.authenticate(credential)
    issued = tenant.credentials.create("old", "token")
    tenant.accounts.set_phase("old", "token")
    assert refused(tenant, credential) == [BEARER]
    assert tenant.authenticate(bearer(issued.token)).owner.id == created.basic.owner


def test_the_account_a_credential_names_supplies_the_challenges(tenant: Tenant, acme: CreatedAccount) -> None:
    old = tenant.accounts.create(NewAccount(name="old", phase="basic"))
    new = tenant.accounts.create(NewAccount(name="new", phase="token"))
    assert refused(tenant, basic(old.basic.username, "wrong")) == [BASIC]
    assert refused(tenant, basic(new.basic.username, "wrong")) == [BEARER]
    assert refused(tenant, basic("nobody@x.example", "wrong")) == [BEARER, BASIC]
    tenant.credentials.reset("new", new.token.id if new.token else "")
    assert refused(tenant, bearer(token_of(new))) == [INVALID]
    assert acme.account.phase == "transition"


SPOILED = [
    None,
    "",
    "Bearer",
    "Bearer ",
    "Bearer  ",
    "Bearer TOKEN x",
    "Bearer TOKEN,Bearer TOKEN",
    "Bearer TOKEN, Bearer TOKEN",
    "Bearer \xff\xfe",
    "Bearer ä",
    'Bearer "TOKEN"',
    "BearerTOKEN",
    "Bearer\tTOKEN",
    "Token TOKEN",
    "TOKEN",
    "Bearer " + "x" * 9000,
    "Bearer =",
    "Basic",
    "Basic ",
    "Basic !!!",
    "Basic YQ",
    "Basic YQ==",
    "Basic /////w==",
    "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode(),
    "Basic " + base64.b64encode(b"admin@acme.example").decode(),
    "Basic " + base64.b64encode(b":").decode(),
    "Basic " + base64.b64encode(b"\x00:\x00").decode(),
    "Basic " + base64.b64encode(b"admin@acme.example:" + b"x" * 7000).decode(),
    "Digest username=x",
    "\x00",
]


@pytest.mark.parametrize("field", SPOILED, ids=range(len(SPOILED)))
def test_a_spoiled_field_is_401_with_the_right_challenges(
    tenant: Tenant, acme: CreatedAccount, field: str | None
) -> None:
    sent = None if field is None else field.replace("TOKEN", token_of(acme))
    claims = sent is not None and sent.lower().startswith("bearer")
    assert refused(tenant, AuthorizationHeaders(sent)) == [INVALID if claims else BEARER, BASIC]


def test_both_fields_may_carry_the_one_token(tenant: Tenant, acme: CreatedAccount) -> None:
    sent = f"Bearer {token_of(acme)}"
    for headers in ((sent, None), (None, sent), (sent, sent), (sent.replace("Bearer", "bEARER "), sent)):
        assert tenant.authenticate(AuthorizationHeaders(*headers)).account.name == "acme"


def test_fields_that_differ_are_refused(tenant: Tenant, acme: CreatedAccount) -> None:
    other = tenant.accounts.create(NewAccount(name="other"))
    good, password = f"Bearer {token_of(acme)}", basic(acme.basic.username, acme.basic.password).authorization
    for pair in (
        (good, f"Bearer {token_of(other)}"),
        (password, good),
        (good, "Bearer"),
        ("x", good),
        (good, password),
    ):
        assert refused(tenant, AuthorizationHeaders(*pair)) == [INVALID, BASIC]
    assert refused(tenant, AuthorizationHeaders(None, password)) == [BEARER, BASIC]


@pytest.mark.parametrize("password", ["a:b::", "pässwörd", "  ", "x" * 2048, "🔑"])
def test_any_printable_password_works_and_the_first_colon_splits(tenant: Tenant, password: str) -> None:
    created = tenant.accounts.create(NewAccount(name="acme", password=password))
    assert created.basic.password == password
    for username in ("admin@acme.example", "ADMIN@Acme.Example"):
        assert tenant.authenticate(basic(username, password)).account.name == "acme"
    assert refused(tenant, basic("admin@acme.example", password + "x")) == [BEARER, BASIC]


def test_scheme_names_have_any_case(tenant: Tenant, acme: CreatedAccount) -> None:
    sent = basic(acme.basic.username, acme.basic.password).authorization
    assert sent is not None
    tenant.authenticate(AuthorizationHeaders(sent.replace("Basic", "bASIC")))
    tenant.authenticate(AuthorizationHeaders(f"BEARER {token_of(acme)}"))


def test_the_token_is_a_jwt_without_end(tenant: Tenant, acme: CreatedAccount, clock: ManualClock) -> None:
    key = tenant.store.secret("jwt")
    assert jwt.get_unverified_header(token_of(acme)) == {"alg": "HS512"}
    claims = jwt.decode(token_of(acme), key, algorithms=["HS512"])
    assert claims == {"user_id": int(acme.basic.owner), "generated_at": "2020-09-13 12:26:40"}
    clock.advance(20 * 366 * 24 * 3600 * SECOND)
    tenant.accounts.advance_clock("acme", 10 * 366 * 24 * 3600)
    tenant.authenticate(bearer(token_of(acme)))


def test_no_two_tokens_are_alike(tenant: Tenant, acme: CreatedAccount) -> None:
    tokens = [token_of(acme), *(tenant.credentials.create("acme", "token").token for _ in range(3))]
    assert acme.token is not None
    tokens += [tenant.credentials.reset("acme", acme.token.id).token for _ in range(3)]
    tenant.accounts.reset("acme")
    tokens.append(tenant.credentials.create("acme", "token").token)
    assert len(set(tokens)) == len(tokens) == 8
    assert [tenant.authenticate(bearer(tokens[at])).account.name for at in (0, 7)] == ["acme", "acme"]
    for dead in tokens[1:7]:
        refused(tenant, bearer(dead))


def test_an_expired_password_leaves_the_token_alone(tenant: Tenant, acme: CreatedAccount) -> None:
    password = basic(acme.basic.username, acme.basic.password)
    tenant.authenticate(password)
    tenant.credentials.expire("acme", acme.basic.id)
    assert refused(tenant, password) == [BEARER, BASIC]
    tenant.authenticate(bearer(token_of(acme)))


def test_a_reset_token_dies_at_once(tenant: Tenant, acme: CreatedAccount) -> None:
    assert acme.token is not None
    tenant.authenticate(bearer(token_of(acme)))
    fresh = tenant.credentials.reset("acme", acme.token.id)
    assert refused(tenant, bearer(token_of(acme))) == [INVALID, BASIC]
    tenant.authenticate(bearer(fresh.token))
    assert fresh.id == acme.token.id
    states = {(each.kind, each.state) for each in tenant.credentials.of("acme")}
    assert states == {("basic", "active"), ("token", "active"), ("token", "reset")}


def test_a_reset_password_dies_at_once_though_it_was_remembered(tenant: Tenant, acme: CreatedAccount) -> None:
    old = basic(acme.basic.username, acme.basic.password)
    tenant.authenticate(old)
    tenant.authenticate(old)
    fresh = tenant.credentials.reset("acme", acme.basic.id)
    assert refused(tenant, old) == [BEARER, BASIC]
    tenant.authenticate(basic(fresh.username, fresh.password))
    tenant.credentials.disable("acme", acme.basic.id)
    refused(tenant, basic(fresh.username, fresh.password))


def test_a_remembered_password_still_needs_its_own_login(tenant: Tenant, acme: CreatedAccount) -> None:
    other = tenant.accounts.create(NewAccount(name="other", password=acme.basic.password))
    tenant.authenticate(basic(acme.basic.username, acme.basic.password))
    assert tenant.authenticate(basic(other.basic.username, acme.basic.password)).account.name == "other"


def test_a_disabled_or_deleted_owner_is_401(tenant: Tenant, acme: CreatedAccount) -> None:
    credentials = (bearer(token_of(acme)), basic(acme.basic.username, acme.basic.password))
    change_owner(tenant, acme, "active", value=False)
    for credential in credentials:
        refused(tenant, credential)
    change_owner(tenant, acme, "active", value=True)
    for credential in credentials:
        tenant.authenticate(credential)
    tenant.directory_of(acme.account).delete("User", acme.basic.owner)
    for credential in credentials:
        refused(tenant, credential)


def test_an_owner_without_the_role_is_403_until_it_is_back(tenant: Tenant, acme: CreatedAccount) -> None:
    change_owner(tenant, acme, "roles", [{"value": "Service Agent User"}])
    for credential in (bearer(token_of(acme)), basic(acme.basic.username, acme.basic.password)):
        with pytest.raises(Forbidden, match="has the role Service Agent User; provisioning needs an Administrator"):
            tenant.authenticate(credential)
    change_owner(tenant, acme, "roles", [{"value": "Administrator"}])
    tenant.authenticate(bearer(token_of(acme)))


@pytest.mark.parametrize("plan", ["team", "business"])
def test_a_plan_below_professional_is_403(tenant: Tenant, plan: str) -> None:
    created = tenant.accounts.create(NewAccount(name="small", plan=plan))
    with pytest.raises(Forbidden, match=f"plan is {plan}; provisioning needs professional"):
        tenant.authenticate(bearer(token_of(created)))
    refused(tenant, bearer("wrong"))


def test_a_token_opens_its_own_account_alone(tenant: Tenant, acme: CreatedAccount) -> None:
    other = tenant.accounts.create(NewAccount(name="other"))
    principal = tenant.authenticate(bearer(token_of(other)))
    assert principal.account.name == "other"
    assert tenant.directory(principal).get("User", other.basic.owner).id != acme.basic.owner


def test_an_empty_server_challenges_like_a_new_account(tenant: Tenant) -> None:
    assert refused(tenant, AuthorizationHeaders()) == [BEARER, BASIC]
    assert tenant.schemes() == ("oauthbearertoken", "httpbasic")


def test_schemes_follow_the_phase(tenant: Tenant) -> None:
    seen = []
    for phase in ("basic", "transition", "token"):
        account = tenant.accounts.create(NewAccount(name=phase, phase=phase)).account
        seen.append(tenant.schemes(account))
    assert seen == [("httpbasic",), ("oauthbearertoken", "httpbasic"), ("oauthbearertoken",)]
    assert tenant.schemes() == ("httpbasic",)


def test_no_refusal_holds_a_secret(tenant: Tenant, acme: CreatedAccount) -> None:
    secrets = ("s3cr3t-password", token_of(acme))
    fields = [
        f"Bearer {token_of(acme)} x",
        "Bearer s3cr3t-password",
        basic("a@b.example", "s3cr3t-password").authorization,
    ]
    for standard, own in itertools.product([*fields, None], repeat=2):
        with pytest.raises(Unauthorized) as refusal:
            tenant.authenticate(AuthorizationHeaders(standard, own))
        text = f"{refusal.value.detail} {refusal.value.headers}"
        assert not any(secret in text for secret in secrets)


def test_the_rate_limit_counts_valid_requests_of_the_account(tenant: Tenant, clock: ManualClock) -> None:
    created = tenant.accounts.create(NewAccount(name="busy", quirks={"rate-limit": 1000}))
    for _ in range(1000):
        tenant.authenticate(bearer(token_of(created)))
    with pytest.raises(TooManyRequests) as refusal:
        tenant.authenticate(bearer(token_of(created)))
    ((name, seconds),) = refusal.value.headers
    assert name == "Retry-After"
    clock.advance(int(seconds) * SECOND)
    tenant.authenticate(bearer(token_of(created)))
