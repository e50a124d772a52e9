"""Target attributes as mappings name them: `userName`, `name.givenName`, `emails[type eq "work"].value`, a URN path."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import quote

from conformance.entra.errors import ConfigError

CORE_USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
CORE_GROUP: Final = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
MANAGER: Final = f"{ENTERPRISE}:manager"

_NAME = r"\$?[A-Za-z][A-Za-z0-9_$-]*"
_PATH = re.compile(
    rf'(?:(?P<uri>urn:[^\[\]"\s]*):)?(?P<name>{_NAME})'
    rf'(?:\[(?P<by>{_NAME}) eq (?:"(?P<wanted>[^"\\]*)"|(?P<truth>true|false))\])?'
    rf"(?:\.(?P<sub>{_NAME}))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TargetPath:
    """A parsed target attribute; `uri` is "" for a core schema, `by` and `wanted` the condition of a value path."""

    text: str
    uri: str
    name: str
    by: str = ""
    wanted: str = ""
    sub: str = ""

    @property
    def is_value_path(self) -> bool:
        """Whether it names one element of a multi-valued attribute."""
        return bool(self.by)


@cache
def parse_target(text: str) -> TargetPath:
    """The parsed path; raises ConfigError for what Entra could not have written."""
    found = _PATH.fullmatch(text)
    if found is None:
        raise ConfigError(
            f"the target attribute {text!r} is none; right are userName, name.givenName, "
            'emails[type eq "work"].value or urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department'
        )
    uri = found["uri"] or ""
    return TargetPath(
        text=text,
        uri="" if uri in {CORE_USER, CORE_GROUP} else uri,
        name=found["name"],
        by=found["by"] or "",
        wanted=found["wanted"] or found["truth"] or "",
        sub=found["sub"] or "",
    )


def resource_path(endpoint: str, target_id: str) -> str:
    """Where a resource is below the tenant URL, whatever characters a target puts into its ids."""
    written = quote(target_id, safe="") if target_id.strip(".") else target_id.replace(".", "%2E")
    return f"{endpoint}/{written}"


def comparison(target: str, value: str) -> str:
    """An equality in the filter language; the value is a JSON string."""
    return f"{target} eq {json.dumps(value, ensure_ascii=False)}"
