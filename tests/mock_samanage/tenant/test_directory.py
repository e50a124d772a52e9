"""Create, read, query, replace, patch and delete over one account."""

from __future__ import annotations

from typing import Any

import pytest

from mock_samanage.scim.errors import (
    InvalidFilter,
    InvalidValue,
    Mutability,
    NotFound,
    PreconditionFailed,
    ScimError,
    Unavailable,
    Uniqueness,
)
from mock_samanage.scim.filter import parse_filter
from mock_samanage.scim.registry import ENTERPRISE_URN
from mock_samanage.store import Busy, Record, Session, Stale
from mock_samanage.tenant.accounts import CreatedAccount, NewAccount
from mock_samanage.tenant.clock import SECOND, ManualClock
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.reading import DEFAULT_PAGE, MAX_RESULTS
from mock_samanage.tenant.resource import Query
from mock_samanage.tenant.tenant import Tenant
from mock_samanage.tenant.versions import Preconditions
from tests.mock_samanage.tenant.bodies import found, group, patch, user

ADMINISTRATOR = "1"
STALE = Preconditions(if_match='W/"99"')


def test_a_created_user_is_read_back_with_defaults(directory: Directory, clock: ManualClock) -> None:
    made = directory.create("User", user(password="s3cret", title="Lead", id="99", meta={"version": "x"}))
    assert made.document["active"] is True
    assert made.document["roles"] == [{"value": "Requester", "display": "Requester", "primary": True}]
    assert made.document["title"] == "Lead"
    assert "s3cret" not in str(made)
    assert (made.version, made.created, made.modified) == (1, clock.now(), clock.now())
    assert directory.get("User", made.id) == made
    assert made.id != "99"


def test_the_administrator_is_a_user_of_the_account(directory: Directory) -> None:
    assert found(directory, 'userName eq "admin@acme.example" and roles.value eq "Administrator"') == [ADMINISTRATOR]


def test_ids_belong_to_their_type_and_account(tenant: Tenant, directory: Directory) -> None:
    other = tenant.accounts.create(NewAccount(name="other"))
    for type_name, id_ in (("Group", ADMINISTRATOR), ("User", "77"), ("User", other.basic.owner)):
        with pytest.raises(NotFound, match=f"no {type_name} with the id {id_}"):
            directory.get(type_name, id_)


@pytest.mark.parametrize("id_", ["\x00", "\ud800", "x" * 5000, "", "ä", "1 or 1"])
def test_a_strange_id_is_not_found(directory: Directory, id_: str) -> None:
    with pytest.raises(NotFound) as refusal:
        directory.get("User", id_)
    assert refusal.value.detail.encode()


def test_a_taken_user_name_is_a_conflict_in_any_case(directory: Directory) -> None:
    directory.create("User", user("ann"))
    bob = directory.create("User", user("bob"))
    with pytest.raises(Uniqueness, match="userName 'ANN' is taken"):
        directory.create("User", user("ANN"))
    with pytest.raises(Uniqueness):
        directory.replace("User", bob.id, user("Ann"))
    with pytest.raises(Uniqueness):
        directory.patch("User", bob.id, patch(("replace", "userName", "ann")))
    assert directory.get("User", bob.id) == bob
    assert found(directory, 'userName eq "ann"') != []


def test_accounts_do_not_share_names(tenant: Tenant, directory: Directory) -> None:
    directory.create("User", user("ann"))
    other = tenant.directory_of(tenant.accounts.create(NewAccount(name="other")).account)
    assert other.create("User", user("ann")).document["userName"] == "ann"


def test_replace_keeps_role_and_active_and_clears_the_rest(directory: Directory, clock: ManualClock) -> None:
    made = directory.create("User", user("ann", title="Lead", active=False, roles={"displayName": "Service Task User"}))
    clock.advance(SECOND)
    after = directory.replace("User", made.id, user("ann", nickName="A"))
    assert (after.document.get("title"), after.document["nickName"]) == (None, "A")
    assert (after.document["active"], after.document["roles"]) == (False, made.document["roles"])
    assert (after.version, after.created, after.modified) == (2, made.created, made.created + SECOND)
    emptied = directory.replace("User", made.id, user("ann", active=None, roles=[]))
    assert "active" not in emptied.document
    assert emptied.document["roles"][0]["value"] == "Requester"


def test_replace_ignores_read_only_values_and_clears_what_is_null_empty_or_left_out(directory: Directory) -> None:
    mail, extension = {"value": "a@acme.example"}, {ENTERPRISE_URN: {"costCenter": "C-7"}}
    made = directory.create("User", user("ann", title="Lead", nickName="A", emails=[mail], **extension))
    crew = directory.create("Group", group("Ops"))
    claimed = {"id": "77", "meta": {"created": "2001-01-01T00:00:00Z"}, "groups": [{"value": crew.id}]}
    after = directory.replace("User", made.id, user("ann", title=None, emails=[], **claimed))
    assert (after.id, after.created, list(after.groups or ())) == (made.id, made.created, [])
    assert sorted(after.document) == ["active", "roles", "schemas", "userName"]
    assert ENTERPRISE_URN in made.document["schemas"]
    assert ENTERPRISE_URN not in after.document["schemas"]
    with pytest.raises(NotFound):
        directory.replace("User", "77", user("bob"))
    assert found(directory, 'userName eq "bob"') == []


def test_an_id_is_exact_where_it_has_letters(tenant: Tenant) -> None:
    directory = tenant.directory_of(tenant.accounts.create(NewAccount(name="q", quirks={"id-form": "uuid"})).account)
    made = directory.create("User", user("ann"))
    with pytest.raises(NotFound):
        directory.get("User", made.id.upper())
    assert found(directory, f'id eq "{made.id}"') == [made.id]
    assert found(directory, f'id eq "{made.id.upper()}"') == []


def test_a_write_that_changes_nothing_keeps_version_and_time(directory: Directory, clock: ManualClock) -> None:
    made = directory.create("User", user("ann", title="Lead"))
    crew = directory.create("Group", group("Ops", made.id))
    clock.advance(SECOND)
    assert directory.replace("User", made.id, user("ann", title="Lead")).version == 1
    unchanged = patch(("replace", "title", "Lead"), ("add", "roles", [{"value": "Requester"}]))
    assert directory.patch("User", made.id, unchanged).modified == made.modified
    assert directory.patch("Group", crew.id, patch(("add", "members", [{"value": made.id}]))) == crew
    assert directory.replace("Group", crew.id, group("Ops", made.id)) == crew


def test_a_failed_patch_leaves_everything_as_it_was(directory: Directory) -> None:
    made = directory.create("User", user("ann"))
    crew = directory.create("Group", group("Ops", made.id))
    before = directory.get("User", made.id)
    for operations in ((("replace", "title", "x"), ("replace", "id", "7")), (("add", "roles", "nope"),)):
        with pytest.raises(ScimError):
            directory.patch("User", made.id, patch(*operations))
    with pytest.raises(InvalidValue, match="no user or group with the id '77'"):
        directory.patch("Group", crew.id, patch(("replace", "members", []), ("add", "members", [{"value": "77"}])))
    assert directory.get("User", made.id) == before
    assert directory.get("Group", crew.id) == crew


def test_read_only_values_are_guarded_and_equal_ones_pass(directory: Directory) -> None:
    made = directory.create("User", user("ann"))
    crew = directory.create("Group", group("Ops", made.id))
    same = {
        "id": made.id,
        "groups": [{"value": crew.id}],
        "meta": {"resourceType": "User", "version": 'W/"1"'},
        "title": "x",
    }
    assert directory.patch("User", made.id, patch(("replace", None, same))).document["title"] == "x"
    wrongs: list[dict[str, Any]] = [{"id": "7"}, {"groups": [{"value": "7"}]}, {"meta": {"resourceType": "Group"}}]
    for wrong in wrongs:
        with pytest.raises(Mutability):
            directory.patch("User", made.id, patch(("replace", None, wrong)))
    assert (
        directory.patch("Group", crew.id, patch(("replace", None, {"id": crew.id, "displayName": "Dev"}))).id == crew.id
    )


def test_preconditions_are_judged_after_ordinary_checks(directory: Directory) -> None:
    made = directory.create("User", user("ann"))
    fresh = Preconditions(if_match='W/"1"')
    with pytest.raises(NotFound):
        directory.delete("User", "77", STALE)
    with pytest.raises(InvalidValue):
        directory.replace("User", made.id, user(""), STALE)
    with pytest.raises(InvalidValue, match="role"):
        directory.replace("User", made.id, user("ann", roles="nope"), STALE)
    with pytest.raises(Uniqueness):
        directory.replace("User", made.id, user("admin@acme.example"), STALE)
    for write in (
        lambda match: directory.replace("User", made.id, user("ann", title="x"), match),
        lambda match: directory.patch("User", made.id, patch(("add", "title", "y")), match),
        lambda match: directory.delete("User", made.id, match),
    ):
        with pytest.raises(PreconditionFailed):
            write(STALE)
        with pytest.raises(PreconditionFailed):
            write(Preconditions(if_none_match="*"))
    assert directory.get("User", made.id) == made
    assert directory.replace("User", made.id, user("ann", title="x"), fresh).version == 2
    with pytest.raises(PreconditionFailed):
        directory.patch("User", made.id, patch(("add", "title", "y")), fresh)
    directory.delete("User", made.id, Preconditions(if_match='"1", W/"2"'))


def test_a_deleted_user_is_gone_everywhere(directory: Directory, clock: ManualClock) -> None:
    ann, bob = directory.create("User", user("ann")), directory.create("User", user("bob"))
    crew = directory.create("Group", group("Ops", ann.id, bob.id))
    clock.advance(SECOND)
    directory.delete("User", ann.id)
    with pytest.raises(NotFound):
        directory.delete("User", ann.id)
    assert found(directory, 'userName eq "ann"') == []
    after = directory.get("Group", crew.id)
    assert [member.id for member in after.members or ()] == [bob.id]
    assert (after.version, after.modified) == (2, crew.modified + SECOND)
    assert directory.create("User", user("ann")).id not in {ann.id, bob.id}


def test_a_deleted_group_leaves_its_members(directory: Directory) -> None:
    ann = directory.create("User", user("ann"))
    inner = directory.create("Group", group("Inner", ann.id))
    outer = directory.create("Group", group("Outer", inner.id))
    assert [(member.id, member.type, member.display) for member in outer.members or ()] == [
        (inner.id, "Group", "Inner")
    ]
    assert [reference.id for reference in directory.get("User", ann.id).groups or ()] == [inner.id]
    directory.delete("Group", inner.id)
    assert directory.get("User", ann.id).groups == []
    assert directory.get("Group", outer.id).members == []


def test_an_unknown_manager_is_kept_and_a_reference_becomes_an_id(directory: Directory) -> None:
    made = directory.create(
        "User", user("ann", **{ENTERPRISE_URN: {"manager": {"$ref": "https://x.example/Users/77"}}})
    )
    assert made.document[ENTERPRISE_URN] == {"manager": {"value": "77"}}
    changed = directory.patch("User", made.id, patch(("add", f"{ENTERPRISE_URN}:manager", "88")))
    assert changed.document[ENTERPRISE_URN] == {"manager": {"value": "88"}}
    assert found(directory, f'id eq "{made.id}" and manager eq "88"') == [made.id]
    assert ENTERPRISE_URN not in directory.patch("User", made.id, patch(("replace", "manager", ""))).document


def test_pages_have_a_default_and_a_largest_size(directory: Directory) -> None:
    for number in range(DEFAULT_PAGE + 5):
        directory.create("User", user(f"u{number}"))
    page = directory.query(("User",), Query())
    assert (page.total, page.start_index, len(page.resources)) == (DEFAULT_PAGE + 6, 1, DEFAULT_PAGE)
    sizes = {0: 0, -3: 0, 7: 7, MAX_RESULTS + 1: DEFAULT_PAGE + 6}
    assert {count: len(directory.query(("User",), Query(count=count)).resources) for count in sizes} == sizes
    assert directory.query(("User",), Query(start_index=-5, count=1)).start_index == 1
    last = directory.query(("User",), Query(start_index=DEFAULT_PAGE + 6, count=9, sort_by=None))
    assert [resource.document["userName"] for resource in last.resources] == [f"u{DEFAULT_PAGE + 4}"]


def test_a_query_covers_the_types_it_is_asked_for(directory: Directory) -> None:
    ann = directory.create("User", user("ann", displayName="X"))
    crew = directory.create("Group", group("X"))
    assert found(directory, 'displayName eq "x"', "User", "Group") == [ann.id, crew.id]
    assert found(directory, 'displayName eq "x"', "Group") == [crew.id]
    assert found(directory, f'members eq "{ann.id}"', "Group") == []


def test_a_filter_outside_the_set_or_the_schema_is_refused(tenant: Tenant) -> None:
    created = tenant.accounts.create(NewAccount(name="few", filterable=["userName"]))
    directory = tenant.directory_of(created.account)
    assert found(directory, 'userName eq "admin@few.example"') == [created.basic.owner]
    for text in ('title eq "x"', 'nope eq "x"'):
        with pytest.raises(InvalidFilter):
            directory.query(("User",), Query(filter=parse_filter(text)))
    directory.patch("User", created.basic.owner, patch(("replace", 'emails[type eq "work"].value', "x@few.example")))


def test_unwanted_virtual_attributes_are_not_loaded(directory: Directory, acme: CreatedAccount) -> None:
    crew = directory.create("Group", group("Ops", acme.basic.owner), wanted=frozenset())
    assert crew.members is None
    assert directory.get("Group", crew.id, wanted=frozenset({"groups"})).members is None
    assert directory.get("User", acme.basic.owner, wanted=frozenset()).groups is None
    assert directory.query(("Group",), Query(wanted=frozenset())).resources[0].members is None


def test_the_account_clock_dates_what_is_written(tenant: Tenant, acme: CreatedAccount, clock: ManualClock) -> None:
    directory = tenant.directory_of(acme.account)
    tenant.accounts.advance_clock("acme", 3600)
    later = tenant.directory_of(tenant.accounts.get("acme")).create("User", user("ann"))
    assert later.created == clock.now() + 3600 * SECOND
    assert directory.get("User", later.id).created == later.created


def test_an_unknown_type_is_not_found(directory: Directory) -> None:
    with pytest.raises(NotFound, match="resources are at /Users and /Groups"):
        directory.get("Device", "1")


def losing(monkeypatch: pytest.MonkeyPatch, times: int, error: Exception) -> None:
    """Lets the next writes of a session lose that many races."""
    real, left = Session.update, [error] * times

    def update(self: Session, record: Record, document: dict[str, Any], *, now: int) -> Record:
        if left:
            raise left.pop()
        return real(self, record, document, now=now)

    monkeypatch.setattr(Session, "update", update)


def test_a_lost_race_is_repeated_unless_the_client_named_a_version(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = directory.create("User", user("ann"))
    losing(monkeypatch, 3, Stale(made.id, 1))
    assert directory.patch("User", made.id, patch(("add", "title", "x"))).version == 2
    losing(monkeypatch, 1, Stale(made.id, 2))
    with pytest.raises(PreconditionFailed):
        directory.patch("User", made.id, patch(("add", "title", "y")), Preconditions(if_match='W/"2"'))
    assert directory.get("User", made.id).document["title"] == "x"
    losing(monkeypatch, 1, Stale(made.id, 2))
    assert directory.patch("User", made.id, patch(("add", "title", "z")), Preconditions(if_match="*")).version == 3


def test_a_store_that_stays_busy_asks_the_client_to_come_back(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = directory.create("User", user("ann"))
    for times, error in ((1, Busy("writing")), (100, Stale(made.id, 1))):
        losing(monkeypatch, times, error)
        with pytest.raises(Unavailable) as refusal:
            directory.replace("User", made.id, user("ann", title="x"))
        assert refusal.value.headers == (("Retry-After", "1"),)
        monkeypatch.undo()
    assert directory.get("User", made.id) == made
