"""Values of every data type in every store: found, ordered and kept as they are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from mock_samanage.scim.registry import DEVICE_URN, LABORATORY_URN, USER_URN, WARRANTY_URN, registry
from mock_samanage.store import Duplicate, UnknownMember
from tests.mock_samanage.store.tenants import GROUP, NOW, USER, Tenant

LABORATORY = registry(schemas="laboratory")
PEOPLE: dict[str, dict[str, Any]] = {
    "a": {"visits": 9, "score": 1.5, "trainedOn": "2024-05-01T00:00:00.0000001Z", "fingerprint": "AA==", "tags": ["x"]},
    "b": {"visits": 10, "score": Decimal("12345678901234567.891"), "trainedOn": "2024-05-01T02:00:00+02:00"},
    "c": {"visits": 2**70, "score": Decimal("12345678901234567.89"), "trainedOn": "2024-04-30T23:59:59.9999999-00:00"},
    "d": {"visits": -(10**30), "score": Decimal("1E-350"), "tags": ["X", "y"], "fingerprint": "aA=="},
}


def person(tenant: Tenant, id: str, held: dict[str, Any]) -> Any:
    document = {"schemas": [USER_URN], "userName": id, LABORATORY_URN: held}
    with tenant.store.writing() as session:
        return session.insert(tenant.pk, LABORATORY.user, document, id=id, now=NOW)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("visits lt 10", "ad"),
        ("visits ge 10", "bc"),
        ("visits eq 1180591620717411303424", "c"),
        ("visits lt -999999999999999999999999999999", "d"),
        ("score eq 1.50", "a"),
        ("score gt 12345678901234567.890", "b"),
        ("score ge 12345678901234567.89", "bc"),
        ("score lt 1", "d"),
        ('trainedOn eq "2024-05-01T00:00:00Z"', "b"),
        ('trainedOn gt "2024-04-30T22:00:00-02:00"', "a"),
        ('trainedOn lt "2024-05-01T00:00:00Z"', "c"),
        ('fingerprint eq "AA=="', "a"),
        ('tags eq "x"', "ad"),
        ('tags ne "Y"', "abc"),
        ('tags[value sw "Y"]', "d"),
    ],
)
def test_values_are_compared_as_their_type_says(tenant: Tenant, condition: str, expected: str) -> None:
    for id, held in PEOPLE.items():
        person(tenant, id, held)
    assert "".join(tenant.ids(f"{LABORATORY_URN}:{condition}", LABORATORY.user)) == expected


@pytest.mark.parametrize(("attribute", "expected"), [("visits", "dabc"), ("score", "dacb"), ("trainedOn", "cbad")])
def test_values_are_sorted_as_their_type_says(tenant: Tenant, attribute: str, expected: str) -> None:
    for id, held in PEOPLE.items():
        person(tenant, id, held)
    page = tenant.page(None, LABORATORY.user, sort=f"{LABORATORY_URN}:{attribute}")
    assert "".join(record.id for record in page.records) == expected


def test_numbers_are_kept_to_the_last_digit(tenant: Tenant) -> None:
    for id, held in PEOPLE.items():
        person(tenant, id, held)
    with tenant.store.reading() as session:
        for id, held in PEOPLE.items():
            record = session.get(tenant.pk, LABORATORY.user, id)
            assert record is not None
            assert record.document[LABORATORY_URN] == held


@pytest.mark.parametrize(
    ("condition", "matches"),
    [
        ('gt "2023-11-14T22:13:19.9999995Z"', True),
        ('ge "2023-11-14T22:13:20.0000005Z"', False),
        ('gt "2023-11-14T22:13:20.0000005Z"', False),
        ('lt "2023-11-14T22:13:20.0000005Z"', True),
        ('le "2023-11-14T22:13:19.9999995Z"', False),
        ('eq "2023-11-14T22:13:20.0000005Z"', False),
        ('ne "2023-11-14T22:13:20.0000005Z"', True),
        ('eq "2023-11-14T22:13:20.000000000Z"', True),
    ],
)
def test_an_instant_between_two_microseconds_equals_none(tenant: Tenant, condition: str, *, matches: bool) -> None:
    tenant.user("ann", id="ann")
    assert tenant.ids(f"meta.created {condition}", USER) == (["ann"] if matches else [])


def test_a_unique_value_of_an_extension_is_given_once(tenant: Tenant) -> None:
    person(tenant, "a", {"keyCode": "k"})
    person(tenant, "b", {"keyCode": "K"})
    with pytest.raises(Duplicate) as taken:
        person(tenant, "c", {"keyCode": "k"})
    assert (taken.value.path, taken.value.value) == (f"{LABORATORY_URN}:keyCode", "k")


def test_a_device_is_found_but_no_member_of_a_group(tenant: Tenant) -> None:
    (device,) = LABORATORY.others
    document = {
        "schemas": [DEVICE_URN, WARRANTY_URN],
        "displayName": "Scale",
        "serialNumber": "S-1",
        WARRANTY_URN: {"terms": "all"},
    }
    group = tenant.group("Ops")
    with tenant.store.writing() as session:
        session.insert(tenant.pk, device, document, id="d1", now=NOW)
        with pytest.raises(UnknownMember):
            session.add_members(group, ["d1"])
    assert tenant.ids('serialNumber eq "S-1"', device) == ["d1"]
    assert tenant.ids('displayName eq "scale"', USER, GROUP, device) == ["d1"]
    assert tenant.ids(f'{WARRANTY_URN}:terms eq "ALL"', device) == ["d1"]
