"""The schemas say what RFC 7643 says, errata applied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from mock_samanage.scim import registry as module
from mock_samanage.scim.filter import AttrPath
from mock_samanage.scim.registry import ENTERPRISE_URN, GROUP, SERVICE_PROVIDER_CONFIG, USER, USER_URN, registry
from mock_samanage.scim.schema import Attribute, AttributeType, Mutability, ResourceType, Returned, Uniqueness

DOCUMENTS = list(registry().schema_documents.values())


def definitions(document: Mapping[str, Any], depth: int = 0) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for attribute in document["attributes" if depth == 0 else "subAttributes"]:
        yield depth, attribute
        if "subAttributes" in attribute:
            yield from definitions(attribute, depth + 1)


ALL = [(document["id"], depth, definition) for document in DOCUMENTS for depth, definition in definitions(document)]


def attribute(kind: ResourceType, name: str, sub: str | None = None) -> Attribute:
    resolved = kind.resolve(AttrPath(None, name, sub))
    assert resolved is not None
    return resolved.target


def test_every_definition_has_the_mandatory_characteristics_and_no_null() -> None:
    for _, _, definition in ALL:
        assert {"name", "type", "multiValued", "description", "required", "mutability", "returned"} <= set(definition)
        assert definition["description"]
        assert None not in definition.values()


def test_characteristics_are_written_in_the_words_of_the_rfc() -> None:
    for _, _, definition in ALL:
        assert definition["type"] in list(AttributeType)
        assert definition["mutability"] in list(Mutability)
        assert definition["returned"] in list(Returned)
        assert definition.get("uniqueness", "none") in list(Uniqueness)
        assert re.fullmatch(r"\$ref|[A-Za-z][A-Za-z0-9$_-]*", definition["name"])
        assert definition.get("canonicalValues", ["x"]), "no empty canonicalValues"


def test_only_complex_attributes_have_sub_attributes_and_none_is_complex_itself() -> None:
    for uri, depth, definition in ALL:
        assert ("subAttributes" in definition) == (definition["type"] == "complex")
        if not uri.endswith(":Schema"):
            assert depth == 0 or definition["type"] != "complex"


def test_complex_attributes_have_neither_uniqueness_nor_case() -> None:
    """Erratum 6004."""
    for _, _, definition in ALL:
        assert definition["type"] != "complex" or not {"uniqueness", "caseExact"} & set(definition)


def test_reference_types_stand_at_references_only() -> None:
    for _, _, definition in ALL:
        assert ("referenceTypes" in definition) == (definition["type"] == "reference")


def test_names_differ_by_more_than_case() -> None:
    for document in DOCUMENTS:
        names = [definition["name"].lower() for depth, definition in definitions(document) if depth == 0]
        assert len(names) == len(set(names))


def test_schema_resources_identify_themselves_as_such() -> None:
    """Errata 5999 and 8417."""
    for document in DOCUMENTS:
        assert document["schemas"] == [module.SCHEMA_URN]
        assert document["meta"] == {"resourceType": "Schema"}


def test_user_has_all_attributes_of_the_core_schema() -> None:
    names = {attribute.name for attribute in USER.schema.attributes}
    assert names == {
        *("userName", "name", "displayName", "nickName", "profileUrl", "title", "userType", "preferredLanguage"),
        *("locale", "timezone", "active", "password", "emails", "phoneNumbers", "ims", "photos", "addresses"),
        *("groups", "entitlements", "roles", "x509Certificates"),
    }


def test_user_name_is_required_unique_and_without_case() -> None:
    name = attribute(USER, "userName")
    assert (name.required, name.uniqueness, name.case_exact) == (True, Uniqueness.SERVER, False)


def test_password_is_never_shown() -> None:
    password = attribute(USER, "password")
    assert (password.mutability, password.returned) == (Mutability.WRITE_ONLY, Returned.NEVER)
    assert USER.withheld == (("password",),)


def test_groups_of_a_user_are_read_only_and_refer_to_groups() -> None:
    """Erratum 8471."""
    groups = attribute(USER, "groups")
    assert {groups.mutability, *(sub.mutability for sub in groups.sub_attributes)} == {Mutability.READ_ONLY}
    assert attribute(USER, "groups", "$ref").reference_types == ("Group",)


def test_group_display_name_is_required_and_unique() -> None:
    """Erratum 5368."""
    name = attribute(GROUP, "displayName")
    assert (name.required, name.uniqueness) == (True, Uniqueness.SERVER)


def test_members_can_be_added_but_not_edited() -> None:
    """Erratum 6011 adds display."""
    members = attribute(GROUP, "members")
    assert members.mutability is Mutability.READ_WRITE
    assert {sub.name: sub.mutability for sub in members.sub_attributes} == dict.fromkeys(
        ("value", "$ref", "type", "display"), Mutability.IMMUTABLE
    )


@pytest.mark.parametrize(("kind", "name"), [(USER, "manager"), (USER, "groups"), (GROUP, "members")])
def test_ids_of_other_resources_are_case_exact(kind: ResourceType, name: str) -> None:
    """Erratum 8472, and by analogy the other links."""
    assert attribute(kind, name, "value").case_exact
    assert attribute(kind, name).is_link


def test_manager_display_name_is_read_only() -> None:
    assert attribute(USER, "manager", "displayName").mutability is Mutability.READ_ONLY


def test_printing_defects_are_mended() -> None:
    """Etag and type in the configuration, primary in addresses, other in ims, case of certificates."""
    etag = SERVICE_PROVIDER_CONFIG.attribute("etag")
    schemes = SERVICE_PROVIDER_CONFIG.attribute("authenticationSchemes")
    assert etag is not None
    assert schemes is not None
    assert schemes.sub("type") is not None
    assert attribute(USER, "addresses", "primary").type is AttributeType.BOOLEAN
    assert "other" in attribute(USER, "ims", "type").canonical_values
    assert attribute(USER, "x509Certificates", "value").case_exact


def test_common_attributes_belong_to_every_type() -> None:
    for kind in (USER, GROUP):
        assert attribute(kind, "id").returned is Returned.ALWAYS
        assert attribute(kind, "externalid").case_exact
        assert attribute(kind, "META", "lastmodified").type is AttributeType.DATETIME


def test_role_names_of_an_account_are_canonical_values() -> None:
    varied = registry(("Administrator", "Requester"))
    assert attribute(varied.user, "roles", "value").canonical_values == ("Administrator", "Requester")
    subs = next(a for a in varied.schema_documents[USER_URN]["attributes"] if a["name"] == "roles")["subAttributes"]
    assert subs[0]["canonicalValues"] == ["Administrator", "Requester"]
    assert attribute(USER, "roles", "value").canonical_values == ()


def test_roles_may_declare_a_display_name() -> None:
    assert attribute(registry(role_display_name=True).user, "roles", "displayName").name == "displayName"
    assert USER.resolve(AttrPath(None, "roles", "displayName")) is None


def test_resource_types_name_schema_endpoint_and_extensions() -> None:
    user, group = registry().resource_type_documents()
    assert (user["name"], user["endpoint"], user["schema"]) == ("User", "/Users", USER_URN)
    assert user["schemaExtensions"] == [{"schema": ENTERPRISE_URN, "required": False}]
    assert (group["name"], group["endpoint"], group["schemaExtensions"]) == ("Group", "/Groups", [])
    assert registry().type_named("Group") is registry().group
    assert registry().type_named("group") is None


def test_a_schema_is_found_by_its_uri_in_any_case() -> None:
    document = registry().schema_document(ENTERPRISE_URN.upper())
    assert document is not None
    assert document["name"] == "EnterpriseUser"
    assert registry().schema_document("urn:example:none") is None
