"""Each alternative of each quirk changes what an account does.

The prefixes of `mounts` and the counter of `rate-limit` are proved where they act, over HTTP and with the credential.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest

from mock_samanage.scim.errors import InvalidValue, NoTarget, NotFound, Uniqueness
from mock_samanage.scim.registry import ENTERPRISE_URN
from mock_samanage.tenant.accounts import NewAccount
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.errors import Refused
from mock_samanage.tenant.quirks import MOUNTS, REGISTER
from mock_samanage.tenant.tenant import Tenant
from tests.mock_samanage.tenant.bodies import found, patch, user

PROVED_HERE = {
    "replace-without-match", "string-booleans", "id-form", "default-role", "role-answer", "role-key-conflict",
    "several-roles", "unknown-department", "delete", "recreate-disabled", "unique-work-email", "username-is-email",
    "countries",
}  # fmt: skip


def with_quirk(tenant: Tenant, quirk: str, value: str) -> Directory:
    return tenant.directory_of(tenant.accounts.create(NewAccount(name="q", quirks={quirk: value})).account)


def test_every_quirk_is_proved_somewhere() -> None:
    assert set(REGISTER) == PROVED_HERE | {"mounts", "rate-limit"}


def test_each_value_of_mounts_leaves_other_prefixes() -> None:
    assert len(set(MOUNTS.values())) == len(MOUNTS)


def replaced_without_match(directory: Directory) -> object:
    made = directory.create("User", user(emails=[{"type": "home", "value": "h@x.example"}]))
    try:
        after = directory.patch("User", made.id, patch(("replace", 'emails[type eq "work"].value', "w@x.example")))
    except NoTarget:
        return NoTarget
    return sorted(email["type"] for email in after.document["emails"])


def string_boolean(directory: Directory) -> object:
    made = directory.create("User", user())
    try:
        after = directory.patch("User", made.id, patch(("Replace", "active", "False")))
    except InvalidValue:
        return InvalidValue
    return after.document["active"]


def id_form(directory: Directory) -> object:
    made = directory.create("User", user())
    return "integer" if made.id.isdecimal() else str(uuid.UUID(made.id)) == made.id


def default_role(directory: Directory) -> object:
    return directory.create("User", user()).document["roles"][0]["value"]


def role_answer(directory: Directory) -> object:
    made = directory.create("User", user())
    kind = directory.resource_type("User").schema.attribute("roles")
    assert kind is not None
    declared = kind.sub("displayName") is not None
    if declared:
        for text in (
            "roles.displayName",
            "ROLES.displayname",
            "urn:ietf:params:scim:schemas:core:2.0:User:roles.displayName",
        ):
            assert found(directory, f'{text} eq "Requester" and not (roles[displayName eq "Administrator"])') == [
                made.id
            ]
    return declared, sorted(directory.get("User", made.id).document["roles"][0])


def created_role(directory: Directory, role: object) -> object:
    try:
        return directory.create("User", user(roles=role)).document["roles"][0]["value"]
    except InvalidValue:
        return InvalidValue


def role_key_conflict(directory: Directory) -> object:
    return created_role(directory, {"value": "Requester", "displayName": "Service Task User"})


def several_roles(directory: Directory) -> object:
    return created_role(directory, [{"value": "Service Task User"}, {"value": "Requester"}])


def unknown_department(directory: Directory) -> object:
    enterprise: dict[str, Any] = {ENTERPRISE_URN: {"department": "Alchemy"}}
    try:
        made = directory.create("User", user(**enterprise))
    except InvalidValue:
        return InvalidValue
    return made.document.get(ENTERPRISE_URN), len(made.document["schemas"])


def deleted(directory: Directory) -> object:
    made = directory.create("User", user())
    directory.delete("User", made.id)
    try:
        return directory.get("User", made.id).document["active"]
    except NotFound:
        return NotFound


def recreated(directory: Directory) -> object:
    made = directory.create("User", user("ann", active=False, title="Old"))
    try:
        again = directory.create("User", user("ANN", nickName="New"))
    except Uniqueness:
        return Uniqueness
    document = again.document
    return again.id == made.id, document["active"], document.get("title"), document["nickName"], again.version


def unique_work_email(directory: Directory) -> object:
    email = [{"type": "work", "value": "one@x.example"}]
    directory.create("User", user("ann", emails=email))
    bob = directory.create("User", user("bob", emails=[{"type": "home", "value": "one@x.example"}]))
    try:
        directory.patch("User", bob.id, patch(("add", "emails", [{"type": "work", "value": "ONE@x.example"}])))
    except Uniqueness:
        return Uniqueness
    return "shared"


def username_is_email(directory: Directory) -> object:
    try:
        return directory.create("User", user("ann")).document["userName"]
    except InvalidValue:
        return InvalidValue


def country(directory: Directory) -> object:
    try:
        made = directory.create("User", user(addresses=[{"type": "work", "country": "Germany"}]))
    except InvalidValue:
        return InvalidValue
    return made.document["addresses"][0]["country"]


CASES: list[tuple[str, str, Any, Any]] = [
    ("replace-without-match", "create", replaced_without_match, ["home", "work"]),
    ("replace-without-match", "noTarget", replaced_without_match, NoTarget),
    ("string-booleans", "coerce", string_boolean, False),
    ("string-booleans", "refuse", string_boolean, InvalidValue),
    ("id-form", "integer", id_form, "integer"),
    ("id-form", "uuid", id_form, True),
    ("default-role", "Requester", default_role, "Requester"),
    ("default-role", "Service Agent User", default_role, "Service Agent User"),
    ("role-answer", "core", role_answer, (False, ["display", "primary", "value"])),
    ("role-answer", "displayName", role_answer, (True, ["display", "displayName", "primary", "value"])),
    ("role-key-conflict", "reject", role_key_conflict, InvalidValue),
    ("role-key-conflict", "value", role_key_conflict, "Requester"),
    ("role-key-conflict", "displayName", role_key_conflict, "Service Task User"),
    ("several-roles", "reject", several_roles, InvalidValue),
    ("several-roles", "first", several_roles, "Service Task User"),
    ("unknown-department", "create", unknown_department, ({"department": "Alchemy"}, 2)),
    ("unknown-department", "reject", unknown_department, InvalidValue),
    ("unknown-department", "ignore", unknown_department, (None, 1)),
    ("delete", "hard", deleted, NotFound),
    ("delete", "disable", deleted, False),
    ("recreate-disabled", "conflict", recreated, Uniqueness),
    ("recreate-disabled", "revive", recreated, (True, True, None, "New", 2)),
    ("unique-work-email", "off", unique_work_email, "shared"),
    ("unique-work-email", "on", unique_work_email, Uniqueness),
    ("username-is-email", "off", username_is_email, "ann"),
    ("username-is-email", "on", username_is_email, InvalidValue),
    ("countries", "store", country, "Germany"),
    ("countries", "alpha-2", country, InvalidValue),
]


def test_every_alternative_has_a_case() -> None:
    proved = {(quirk, value) for quirk, value, _, _ in CASES}
    assert proved == {(name, value) for name in PROVED_HERE for value in REGISTER[name].alternatives}


@pytest.mark.parametrize(("quirk", "value", "behaviour", "expected"), CASES)
def test_the_alternative_changes_behaviour(
    tenant: Tenant, quirk: str, value: str, behaviour: Any, expected: object
) -> None:
    assert behaviour(with_quirk(tenant, quirk, value)) == expected


def test_a_listed_department_is_kept_under_every_alternative(tenant: Tenant) -> None:
    for value in REGISTER["unknown-department"].alternatives:
        new = NewAccount(name=f"q-{value}", quirks={"unknown-department": value}, departments=("Alchemy",))
        directory = tenant.directory_of(tenant.accounts.create(new).account)
        assert unknown_department(directory) == ({"department": "Alchemy"}, 2)


def test_an_unknown_department_joins_the_list(tenant: Tenant) -> None:
    directory = with_quirk(tenant, "unknown-department", "create")
    for name in ("ann", "bob"):
        directory.create("User", user(name, **{ENTERPRISE_URN: {"department": "Alchemy"}}))
    assert tenant.accounts.get("q").settings.departments == ("Alchemy",)


def test_a_department_set_before_the_quirk_does_not_block_other_changes(tenant: Tenant) -> None:
    made = with_quirk(tenant, "unknown-department", "create").create(
        "User", user(**{ENTERPRISE_URN: {"department": "Alchemy"}})
    )
    tenant.accounts.change("q", lambda present: replace(present, departments=()))
    directory = tenant.directory_of(tenant.accounts.set_quirks("q", {"unknown-department": "reject"}))
    assert directory.patch("User", made.id, patch(("add", "title", "x"))).version == 2
    with pytest.raises(InvalidValue, match="no department 'Botany'; it has: none"):
        directory.patch("User", made.id, patch(("replace", f"{ENTERPRISE_URN}:department", "Botany")))


def test_reviving_leaves_an_active_user_alone(tenant: Tenant) -> None:
    directory = with_quirk(tenant, "recreate-disabled", "revive")
    directory.create("User", user("ann"))
    with pytest.raises(Uniqueness):
        directory.create("User", user("ann"))


def test_a_work_email_may_be_kept_and_moved(tenant: Tenant) -> None:
    directory = with_quirk(tenant, "unique-work-email", "on")
    email = [{"type": "work", "value": "one@x.example"}]
    ann = directory.create("User", user("ann", emails=email))
    assert directory.replace("User", ann.id, user("ann", title="x", emails=email)).version == 2
    directory.patch("User", ann.id, patch(("replace", "emails", [])))
    assert directory.create("User", user("bob", emails=email)).document["emails"] == email


def test_the_form_of_ids_is_fixed(tenant: Tenant) -> None:
    with_quirk(tenant, "id-form", "uuid")
    with pytest.raises(Refused, match="id-form is fixed when an account is made"):
        tenant.accounts.set_quirks("q", {"id-form": "integer"})
    assert tenant.accounts.set_quirks("q", {"id-form": "uuid", "delete": "disable"}).quirks["delete"] == "disable"


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [(replaced_without_match, NoTarget), (string_boolean, InvalidValue), (country, InvalidValue)],
)
def test_the_strict_preset_behaves_strictly(tenant: Tenant, behaviour: Any, expected: object) -> None:
    account = tenant.accounts.create(NewAccount(name="q", preset="strict")).account
    assert behaviour(tenant.directory_of(account)) is expected
