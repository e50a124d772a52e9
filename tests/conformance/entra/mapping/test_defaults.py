"""The mappings that an application begins with (SCIM, TUTORIAL)."""

from __future__ import annotations

from random import Random

import pytest

from conformance.entra.clock import VirtualClock
from conformance.entra.dialect import Dialect
from conformance.entra.directory.model import Kind
from conformance.entra.expressions import Context
from conformance.entra.mapping.checks import check_schema
from conformance.entra.mapping.defaults import custom_schema, samanage_schema
from conformance.entra.mapping.flow import mapped
from conformance.entra.mapping.model import Schema
from conformance.entra.values import AppRole, Attributes, RoleFlow, Roles, Value
from conformance.entra.wire.users import create_user

MARA: Attributes = {
    "objectId": "7c1",
    "userPrincipalName": "mara@fabrik.example",
    "mailNickname": "mara",
    "givenName": "Mara",
    "surname": "Lopez",
    "physicalDeliveryOfficeName": "North",
    "IsSoftDeleted": "False",
}


def _values(schema: Schema, attributes: Attributes, *, creating: bool = True) -> dict[str, Value]:
    context = Context(attributes, VirtualClock().now(), Random(7), None, creating)
    return mapped(schema.objects[Kind.USER].attributes, context)


@pytest.mark.parametrize("everyone", [False, True])
def test_what_an_application_begins_with_can_be_saved(everyone: bool) -> None:  # noqa: FBT001
    check_schema(custom_schema(), everyone=everyone)
    check_schema(samanage_schema(everyone=everyone), everyone=everyone)


def test_users_are_matched_by_user_name_and_groups_by_display_name() -> None:
    for schema in (custom_schema(), samanage_schema()):
        matching = {kind: [each.target for each in mapping.matching] for kind, mapping in schema.objects.items()}
        assert matching == {Kind.USER: ["userName"], Kind.GROUP: ["displayName"]}
        assert schema.objects[Kind.USER].maps_soft_deletion


def test_a_new_application_maps_what_the_table_shows() -> None:
    values = _values(custom_schema(), MARA)
    assert {target: value for target, value in values.items() if value is not None} == {
        "userName": "mara@fabrik.example",
        "active": "True",
        "name.givenName": "Mara",
        "name.familyName": "Lopez",
        "name.formatted": "Mara Lopez",
        'addresses[type eq "work"].formatted': "North",
        "externalId": "mara",
    }
    assert len(values) == 21


def test_the_office_has_the_type_of_the_switch() -> None:
    dialect = Dialect.of(flagged=False, chosen={"office-address": "other"})
    values = _values(custom_schema(dialect), MARA)
    assert values['addresses[type eq "other"].formatted'] == "North"
    assert 'addresses[type eq "work"].formatted' not in values


def test_groups_are_mapped_by_name_id_and_members() -> None:
    groups = custom_schema().objects[Kind.GROUP].attributes
    assert [(each.target, each.source, each.reference) for each in groups] == [
        ("displayName", "displayName", False),
        ("externalId", "objectId", False),
        ("members", "members", True),
    ]


def test_an_assigned_user_has_the_role_of_the_assignment() -> None:
    planner = AppRole("1", "planner", "Planner")
    values = _values(samanage_schema(), {**MARA, "appRoleAssignments": Roles(RoleFlow.COMPLEX, (planner,))})
    assert values["roles"] == Roles(RoleFlow.SINGLE, (planner,))


@pytest.mark.parametrize("everyone", [False, True])
def test_the_default_role_is_given_on_create_only(everyone: bool) -> None:  # noqa: FBT001
    schema = samanage_schema(everyone=everyone, role="Service Task User")
    assert _values(schema, MARA)["roles"] == '{"displayName":"Service Task User"}'
    assert _values(schema, MARA, creating=False).get("roles") is None
    body = create_user(_values(schema, MARA), Dialect()).body
    assert body is not None
    assert body["roles"] == [{"displayName": "Service Task User"}]
