"""Mappings that cannot be saved (MAP, SCIM)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.entra.directory.model import Kind
from conformance.entra.errors import ConfigError, ExpressionError, ScopeError
from conformance.entra.mapping.checks import check_schema
from conformance.entra.mapping.defaults import samanage_schema
from conformance.entra.mapping.model import (
    AttributeMapping,
    MappingType,
    ObjectMapping,
    Operator,
    Schema,
    ScopeClause,
    ScopingFilter,
)

CONSTANT, EXPRESSION, NONE = MappingType.CONSTANT, MappingType.EXPRESSION, MappingType.NONE
OWN = "urn:ietf:params:scim:schemas:extension:Fabrik:2.0:User:badge"
ROLES = "AppRoleAssignmentsComplex([appRoleAssignments])"


def _with(*mappings: AttributeMapping, kind: Kind = Kind.USER, without: str = "") -> Schema:
    base = samanage_schema()
    targets = {each.target for each in mappings} | {without}
    kept = [each for each in base.objects[kind].attributes if each.target not in targets]
    return Schema({**base.objects, kind: replace(base.objects[kind], attributes=[*kept, *mappings])})


@pytest.mark.parametrize(
    "mapping",
    [
        AttributeMapping(OWN, source="extensionAttribute1"),
        AttributeMapping("nickName", EXPRESSION, 'Split([a],",")', multi_valued=True),
        AttributeMapping("roles", EXPRESSION, ROLES),
        AttributeMapping('roles[primary eq "True"].value', EXPRESSION, "SingleAppRoleAssignment([appRoleAssignments])"),
        AttributeMapping("roles", CONSTANT, "Requester"),
        AttributeMapping("nickName", NONE, default="none"),
        AttributeMapping('emails[type eq "work"].value', source="mail", matching=2),
    ],
)
def test_these_can_be_saved(mapping: AttributeMapping) -> None:
    check_schema(_with(mapping))


@pytest.mark.parametrize(
    ("mapping", "problem"),
    [
        (AttributeMapping("id", source="objectId"), "id of User cannot be mapped: the target gives it itself"),
        (AttributeMapping("meta.version", source="a"), "meta.version of User cannot be mapped"),
        (AttributeMapping("entitlements", source="a"), "the service does not support it"),
        (AttributeMapping("password", source="a"), "the service does not support it"),
        (AttributeMapping("name", source="displayName"), "right is name.givenName"),
        (AttributeMapping("emails", source="mail"), 'right is emails[type eq "work"].value'),
        (AttributeMapping("emails.value", source="mail"), 'right is emails[type eq "work"].value'),
        (AttributeMapping("nick name", source="a"), "the target attribute 'nick name' is none; right are userName"),
        (AttributeMapping("urn:fabrik:badge", source="a"), "right is urn:ietf:params:scim:schemas:extension:<Name>"),
        (AttributeMapping(OWN, source="a", multi_valued=True), "single, and neither complex nor a reference"),
        (AttributeMapping(f"{OWN}.number", source="a"), "single, and neither complex nor a reference"),
        (AttributeMapping("roles", source="appRoleAssignments"), "right is the expression SingleAppRoleAssignment("),
        (AttributeMapping("title"), "the mapping of title of User of type direct needs a source"),
        (AttributeMapping("title", CONSTANT), "of type constant needs a source"),
        (AttributeMapping("title", NONE, "jobTitle"), "of type none has no source"),
        (AttributeMapping("title", source="jobTitle", matching=-1), "a matching precedence counts from 1"),
        (AttributeMapping("title", NONE, matching=2), "belongs to an attribute with a value"),
        (AttributeMapping("title", source="jobTitle", matching=1), "shares the matching precedence 1"),
        (AttributeMapping("title", source="manager", reference=True), "manager mapped directly to urn:ietf:params"),
        (AttributeMapping("userName", NONE, matching=0), "no attribute of User is a matching attribute"),
        (AttributeMapping("roles", NONE, default='{"displayName":'), 'right is {"displayName":"Requester"}'),
        (AttributeMapping("roles", NONE, default='["Requester"]'), 'right is {"displayName":"Requester"}'),
    ],
)
def test_what_cannot_be_saved(mapping: AttributeMapping, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_schema(_with(mapping))
    assert problem in str(caught.value)


def test_a_reference_is_mapped_as_one() -> None:
    plain = AttributeMapping("members", source="members")
    with pytest.raises(ConfigError, match="the mapping of members of Group is no reference"):
        check_schema(_with(plain, kind=Kind.GROUP))


def test_what_is_required_has_a_mapping_with_a_value_or_a_default() -> None:
    matching = AttributeMapping("externalId", source="mailNickname", matching=1)
    with pytest.raises(ConfigError, match="userName of User is required and not mapped"):
        check_schema(_with(matching, without="userName"))
    with pytest.raises(
        ConfigError, match="the mapping of userName of User is required; it needs a source or a default"
    ):
        check_schema(_with(matching, AttributeMapping("userName", NONE)))
    check_schema(_with(matching, AttributeMapping("userName", NONE, default="nobody")))


def test_a_target_has_one_mapping() -> None:
    again = AttributeMapping("title", source="a")
    with pytest.raises(ConfigError, match="title of User is mapped twice"):
        check_schema(_with(again, again))


@pytest.mark.parametrize("function", ["AppRoleAssignmentsComplex", "AssertiveAppRoleAssignmentsComplex"])
def test_role_functions_need_assignments(function: str) -> None:
    schema = _with(AttributeMapping("roles", EXPRESSION, f"{function}([appRoleAssignments])"))
    check_schema(schema)
    with pytest.raises(ConfigError, match=f"roles of User calls {function}, which works with assigned users only"):
        check_schema(schema, everyone=True)


def test_an_expression_that_is_wrong_names_its_mapping_and_the_column() -> None:
    with pytest.raises(ExpressionError) as caught:
        check_schema(_with(AttributeMapping("title", EXPRESSION, "ToUper([jobTitle])")))
    assert caught.value.column == 1
    assert str(caught.value) == (
        "the mapping of title of User: there is no function ToUper; near are ToUpper, ToLower, "
        "in column 1 of 'ToUper([jobTitle])'"
    )


def test_users_are_always_mapped() -> None:
    base = samanage_schema()
    with pytest.raises(ConfigError, match="users are not mapped"):
        check_schema(Schema({Kind.GROUP: base.objects[Kind.GROUP]}))
    with pytest.raises(ConfigError, match="only the mapping of groups can be switched off"):
        check_schema(Schema({Kind.USER: replace(base.objects[Kind.USER], enabled=False)}))
    groups: ObjectMapping = replace(base.objects[Kind.GROUP], enabled=False)
    check_schema(Schema({**base.objects, Kind.GROUP: groups}))


def test_scoping_filters_are_checked_too() -> None:
    base = samanage_schema()
    scope = (ScopingFilter("Staff", (ScopeClause("userType", Operator.EQUALS, "Member"),)),)
    with pytest.raises(ScopeError, match="names userType"):
        check_schema(Schema({**base.objects, Kind.USER: replace(base.objects[Kind.USER], scope=scope)}))
