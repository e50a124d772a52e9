"""The attributes every resource has, whatever its type (RFC 7643 section 3.1)."""

from __future__ import annotations

from typing import Final

from mock_samanage.scim.schema import Attribute, AttributeType, Mutability, Returned, Uniqueness

_READ_ONLY = Mutability.READ_ONLY

SCHEMAS: Final = Attribute(
    "schemas",
    multi_valued=True,
    description="The URIs of the schemas that define the resource.",
    required=True,
    returned=Returned.ALWAYS,
)  # the case of its values is not stated, so they compare without it (AMB-59)

ID: Final = Attribute(
    "id",
    description="The identifier the service gave the resource.",
    case_exact=True,
    mutability=_READ_ONLY,
    returned=Returned.ALWAYS,
    uniqueness=Uniqueness.SERVER,
)

EXTERNAL_ID: Final = Attribute(
    "externalId", description="The identifier the client knows the resource by.", case_exact=True
)

META: Final = Attribute(
    "meta",
    AttributeType.COMPLEX,
    description="What the service knows about the resource itself.",
    mutability=_READ_ONLY,
    sub_attributes=(
        Attribute("resourceType", case_exact=True, mutability=_READ_ONLY),
        Attribute("created", AttributeType.DATETIME, mutability=_READ_ONLY),
        Attribute("lastModified", AttributeType.DATETIME, mutability=_READ_ONLY),
        Attribute(
            "location", AttributeType.REFERENCE, case_exact=True, mutability=_READ_ONLY, reference_types=("uri",)
        ),
        Attribute("version", case_exact=True, mutability=_READ_ONLY),
    ),
)

COMMON: Final = (SCHEMAS, ID, EXTERNAL_ID, META)
