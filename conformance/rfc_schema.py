"""What RFC 7643 publishes, as far as the judge needs it where a target's own documents cannot be read."""

from __future__ import annotations

from typing import Any

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE_USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

Document = dict[str, Any]


def _attribute(name: str, kind: str = "string", **others: Any) -> Document:
    return {"name": name, "type": kind, "multiValued": False, "required": False, "caseExact": False, **others}


def _plural(name: str, *subs: Document) -> Document:
    usual = [_attribute("value"), _attribute("display"), _attribute("type"), _attribute("primary", "boolean")]
    return _attribute(name, "complex", multiValued=True, subAttributes=[*subs] or usual)


def _complex(name: str, *subs: str, **others: Any) -> Document:
    return _attribute(name, "complex", subAttributes=[_attribute(sub) for sub in subs], **others)


USER: Document = {
    "id": CORE_USER,
    "name": "User",
    "attributes": [
        _attribute("userName", required=True, uniqueness="server"),
        _complex("name", "formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix"),
        *[_attribute(name) for name in ("displayName", "nickName", "title", "userType", "preferredLanguage")],
        *[_attribute(name) for name in ("locale", "timezone")],
        _attribute("profileUrl", "reference", referenceTypes=["external"]),
        _attribute("active", "boolean"),
        _attribute("password", mutability="writeOnly", returned="never"),
        *[_plural(name) for name in ("emails", "phoneNumbers", "ims", "photos", "entitlements", "roles")],
        _plural("x509Certificates", _attribute("value", "binary"), _attribute("display"), _attribute("type")),
        _plural(
            "addresses",
            *[_attribute(n) for n in ("formatted", "streetAddress", "locality", "region", "postalCode", "country")],
            _attribute("type"),
        ),
        {
            **_plural(
                "groups",
                _attribute("value"),
                _attribute("$ref", "reference"),
                _attribute("display"),
                _attribute("type"),
            ),
            "mutability": "readOnly",
        },
    ],
}

GROUP: Document = {
    "id": CORE_GROUP,
    "name": "Group",
    "attributes": [
        _attribute("displayName", required=True),
        _plural(
            "members",
            _attribute("value", mutability="immutable"),
            _attribute("$ref", "reference", mutability="immutable"),
            _attribute("type", mutability="immutable"),
        ),
    ],
}

ENTERPRISE: Document = {
    "id": ENTERPRISE_USER,
    "name": "EnterpriseUser",
    "attributes": [
        *[_attribute(n) for n in ("employeeNumber", "costCenter", "organization", "division", "department")],
        {
            **_complex("manager", "value", "$ref"),
            "subAttributes": [
                _attribute("value"),
                _attribute("$ref", "reference"),
                _attribute("displayName", mutability="readOnly"),
            ],
        },
    ],
}

SCHEMAS: list[Document] = [USER, GROUP, ENTERPRISE]

RESOURCE_TYPES: list[Document] = [
    {
        "id": "User",
        "name": "User",
        "endpoint": "/Users",
        "schema": CORE_USER,
        "schemaExtensions": [{"schema": ENTERPRISE_USER, "required": False}],
    },
    {"id": "Group", "name": "Group", "endpoint": "/Groups", "schema": CORE_GROUP},
]

SERVICE_PROVIDER_CONFIG: Document = {"patch": {"supported": True}, "filter": {"supported": True}}
