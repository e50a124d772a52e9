"""Accounts are made, changed, reset, snapped and deleted."""

from __future__ import annotations

from typing import Any

import pytest

from mock_samanage.scim.errors import Unauthorized, Uniqueness
from mock_samanage.store import Busy, Session, Store
from mock_samanage.tenant.accounts import CreatedAccount, NewAccount
from mock_samanage.tenant.authentication import AuthorizationHeaders
from mock_samanage.tenant.clock import SECOND, ManualClock
from mock_samanage.tenant.errors import BadArgument, NoSuchThing, Refused, TryAgain
from mock_samanage.tenant.ids import Ids
from mock_samanage.tenant.resource import Query
from mock_samanage.tenant.tenant import Tenant
from tests.mock_samanage.tenant.bodies import group, patch, user


def signs_in(tenant: Tenant, created: CreatedAccount) -> bool:
    assert created.token is not None
    try:
        return (
            tenant.authenticate(AuthorizationHeaders(f"Bearer {created.token.token}")).account.name
            == created.account.name
        )
    except Unauthorized:
        return False


def test_an_account_starts_with_its_administrator_alone(tenant: Tenant, acme: CreatedAccount) -> None:
    page = tenant.directory_of(acme.account).query(("User", "Group"), Query())
    (administrator,) = page.resources
    assert administrator.id == acme.account.settings.administrator == acme.basic.owner
    assert administrator.document["userName"] == acme.basic.username == "admin@acme.example"
    assert (acme.account.phase, acme.account.settings.preset) == ("transition", "entra")


def test_the_first_account_is_the_default_one(tenant: Tenant) -> None:
    assert tenant.accounts.default() is None
    for name in ("zeta", "alpha"):
        tenant.accounts.create(NewAccount(name=name))
    default = tenant.accounts.default()
    assert default is not None
    assert [default.name, *(account.name for account in tenant.accounts.list())] == ["zeta", "zeta", "alpha"]


def test_a_name_is_made_up_where_none_is_given(tenant: Tenant) -> None:
    assert tenant.accounts.create(NewAccount()).account.name.startswith("acc-")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "Acme"}, "a-z, 0-9 and -"),
        ({"name": "x" * 41}, "a-z, 0-9 and -"),
        ({"name": "-x"}, "a-z, 0-9 and -"),
        ({"phase": "done"}, "phase is basic, transition or token, not 'done'"),
        ({"phase": None}, "phase is basic"),
        ({"preset": "soft"}, "preset is entra or strict"),
        ({"plan": "free"}, "plan is team, business, professional or enterprise"),
        ({"region": "mars"}, "region is us, eu or au"),
        ({"quirks": {"nope": 1}}, "no quirk 'nope'"),
        ({"filterable": ["nope"]}, "no attribute that a filter can name"),
        ({"roles": ["{x"]}, "begins with no space"),
        ({"roles": [""]}, "begins with no space"),
        ({"username": "root"}, "username is an e-mail address"),
        ({"password": ""}, "1 to 2,048 printable"),
        ({"token": ""}, "A token is letters"),
        ({"password": "a\x00b"}, "printable"),
        ({"token": "a b"}, "A token is letters"),
        ({"token": "ä"}, "A token is letters"),
    ],
)
def test_wrong_arguments_are_refused_and_nothing_is_made(
    tenant: Tenant, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadArgument, match=message):
        tenant.accounts.create(NewAccount(**arguments))
    assert tenant.accounts.list() == []


def test_a_token_given_in_phase_basic_is_refused(tenant: Tenant) -> None:
    with pytest.raises(Refused, match="phase basic has no token"):
        tenant.accounts.create(NewAccount(phase="basic", token="abc"))
    assert tenant.accounts.list() == []


def test_names_and_administrators_are_unique_over_the_server(tenant: Tenant, acme: CreatedAccount) -> None:
    with pytest.raises(Refused, match="account acme already"):
        tenant.accounts.create(NewAccount(name="acme"))
    with pytest.raises(Refused, match=r"e-mail admin@acme\.example has a password already"):
        tenant.accounts.create(NewAccount(name="other", username="ADMIN@acme.example"))
    assert acme.token is not None
    with pytest.raises(Refused, match="token is in use already"):
        tenant.accounts.create(NewAccount(name="other", token=acme.token.token))
    assert [account.name for account in tenant.accounts.list()] == ["acme"]


def test_a_login_follows_the_e_mail_address_and_stays_unique(tenant: Tenant, acme: CreatedAccount) -> None:
    other = tenant.accounts.create(NewAccount(name="other"))
    directory = tenant.directory_of(acme.account)
    moved = patch(("replace", 'emails[type eq "work"].value', "chief@acme.example"))
    directory.patch("User", acme.basic.owner, moved)
    assert [each.username for each in tenant.credentials.of("acme") if each.kind == "basic"] == ["chief@acme.example"]
    with pytest.raises(Uniqueness, match="signs another administrator in"):
        directory.patch(
            "User", acme.basic.owner, patch(("replace", 'emails[type eq "work"].value', other.basic.username))
        )


def test_phases_only_move_forward(tenant: Tenant) -> None:
    tenant.accounts.create(NewAccount(name="old", phase="basic"))
    for phase in ("basic", "transition", "transition", "token"):
        assert tenant.accounts.set_phase("old", phase).phase == phase
    for phase in ("basic", "transition"):
        with pytest.raises(Refused, match="only move forward"):
            tenant.accounts.set_phase("old", phase)
    with pytest.raises(BadArgument):
        tenant.accounts.set_phase("old", "done")
    assert tenant.accounts.get("old").phase == "token"


def test_a_phase_change_leaves_resources_alone(tenant: Tenant) -> None:
    created = tenant.accounts.create(NewAccount(name="old", phase="basic"))
    tenant.directory_of(created.account).create("User", user("ann"))
    seen = []
    for phase in ("basic", "transition", "token"):
        account = tenant.accounts.set_phase("old", phase)
        seen.append(tenant.directory_of(account).query(("User",), Query()).resources)
    assert seen[0] == seen[1] == seen[2]


def test_a_clock_only_advances(tenant: Tenant, acme: CreatedAccount, clock: ManualClock) -> None:
    assert tenant.accounts.advance_clock("acme", 1.5) == clock.now() + 1_500_000
    assert tenant.accounts.advance_clock("acme", 10 * 366 * 86400) > clock.now() + 10 * 365 * 86400 * SECOND
    for wrong in (-1, "5", True, float("nan"), float("inf"), 1e18, None):
        with pytest.raises(BadArgument, match="clocks only go forward"):
            tenant.accounts.advance_clock("acme", wrong)
    tenant.accounts.advance_clock("acme", 80 * 366 * 86400)
    with pytest.raises(Refused, match="hundred years"):
        tenant.accounts.advance_clock("acme", 80 * 366 * 86400)
    assert acme.account.settings.offset == 0


def test_reset_goes_back_to_the_account_as_it_was_made(tenant: Tenant, clock: ManualClock) -> None:
    created = tenant.accounts.create(NewAccount(name="acme", filterable=["userName"], quirks={"delete": "disable"}))
    before = tenant.directory_of(created.account).query(("User", "Group"), Query())
    ann = tenant.directory_of(created.account).create("User", user("ann"))
    tenant.directory_of(created.account).create("Group", group("Ops", ann.id))
    tenant.directory_of(created.account).patch("User", created.basic.owner, patch(("replace", "active", False)))
    tenant.credentials.reset("acme", created.basic.id)
    tenant.credentials.create("acme", "token")
    tenant.accounts.set_phase("acme", "token")
    tenant.accounts.set_filterable("acme", "all")
    tenant.accounts.advance_clock("acme", 99)
    clock.advance(SECOND)
    assert not signs_in(tenant, created)
    account = tenant.accounts.reset("acme")
    assert tenant.directory_of(account).query(("User", "Group"), Query()) == before
    assert (account.phase, account.settings.filterable, account.settings.offset) == ("transition", ("userName",), 0)
    assert account.quirks["delete"] == "disable"
    assert [each.id for each in tenant.credentials.of("acme")] == [created.basic.id, "token-2"]
    assert signs_in(tenant, created)
    assert tenant.accounts.reset("acme").settings == account.settings
    assert int(tenant.directory_of(account).create("User", user("ann")).id) > int(ann.id)


def test_a_store_that_stays_busy_asks_to_try_again(
    tenant: Tenant, acme: CreatedAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_session: Session, _pk: int, _settings: object) -> None:
        raise Busy("another process is writing")

    monkeypatch.setattr(Session, "update_account", busy)
    with pytest.raises(TryAgain):
        tenant.accounts.set_phase("acme", "token")
    monkeypatch.undo()
    assert tenant.accounts.get("acme") == acme.account


def test_a_deleted_account_takes_everything_with_it(tenant: Tenant, acme: CreatedAccount) -> None:
    tenant.accounts.delete("acme")
    assert not signs_in(tenant, acme)
    for call in (tenant.accounts.get, tenant.accounts.delete, tenant.accounts.reset, tenant.accounts.snapshot):
        with pytest.raises(NoSuchThing, match="no account 'acme'; there are: none"):
            call("acme")
    assert tenant.accounts.create(NewAccount(name="acme")).account.name == "acme"


def test_the_first_start_shows_secrets_and_a_later_one_keeps_them() -> None:
    store = Store.open("sqlite://")
    first = Tenant(store).bootstrap(NewAccount(name="acme"))
    assert first.fresh
    assert (first.account, first.username) == ("acme", "admin@acme.example")
    again = Tenant(store).bootstrap(NewAccount(name="ignored"))
    assert (again.account, again.token, again.password, again.fresh) == ("acme", None, None, False)
    assert again.username == first.username
    headers = AuthorizationHeaders(f"Bearer {first.token}")
    assert Tenant(store).authenticate(headers).account.name == "acme"
    store.close()


def test_given_secrets_are_taken_at_any_start(tenant: Tenant) -> None:
    first = tenant.bootstrap(NewAccount(token="t-1", password="p 1"))
    assert (first.account, first.token, first.password) == ("samanage", "t-1", "p 1")
    same = tenant.bootstrap(NewAccount(token="t-1", password="p 1"))
    assert (same.token, same.password, same.fresh) == ("t-1", "p 1", False)
    assert len(tenant.credentials.of("samanage")) == 2
    other = tenant.bootstrap(NewAccount(token="t-2"))
    assert (other.token, other.password) == ("t-2", None)
    tenant.authenticate(AuthorizationHeaders("Bearer t-2"))
    with pytest.raises(Unauthorized):
        tenant.authenticate(AuthorizationHeaders("Bearer t-1"))


def test_renewed_credentials_replace_the_old_ones(tenant: Tenant) -> None:
    first = tenant.bootstrap()
    password, token = tenant.credentials.renew("samanage")
    assert (password.username, password.password != first.password) == (first.username, True)
    tenant.authenticate(AuthorizationHeaders(f"Bearer {token.token}"))
    with pytest.raises(Unauthorized):
        tenant.authenticate(AuthorizationHeaders(f"Bearer {first.token}"))
    old = tenant.accounts.create(NewAccount(name="old", phase="basic"))
    assert [issued.kind for issued in tenant.credentials.renew("old")] == ["basic"]
    tenant.accounts.set_phase("old", "token")
    assert [issued.kind for issued in tenant.credentials.renew("old")] == ["basic", "token"]
    assert old.token is None


def test_credentials_are_found_by_their_id_and_owner(tenant: Tenant, acme: CreatedAccount) -> None:
    for call in (tenant.credentials.expire, tenant.credentials.disable, tenant.credentials.reset):
        with pytest.raises(NoSuchThing, match="no credential 'token-9'; it has basic-1, token-2"):
            call("acme", "token-9")
    with pytest.raises(NoSuchThing, match="no user '77'"):
        tenant.credentials.create("acme", "token", "77")
    with pytest.raises(BadArgument, match="basic or token, not 'key'"):
        tenant.credentials.create("acme", "key")
    with pytest.raises(Refused, match="has a password already"):
        tenant.credentials.create("acme", "basic")
    ann = tenant.directory_of(acme.account).create("User", user("ann@acme.example"))
    issued = tenant.credentials.create("acme", "basic", ann.id)
    assert (issued.username, issued.owner) == ("ann@acme.example", ann.id)


def test_a_seeded_source_repeats_an_account(clock: ManualClock) -> None:
    made = []
    for _ in range(2):
        store = Store.open("sqlite://")
        made.append(Tenant(store, clock=clock, ids=Ids(5)).accounts.create(NewAccount()))
        store.close()
    assert (made[0].account.name, made[0].basic) == (made[1].account.name, made[1].basic)
