"""Links between resources: `manager`, `members`, `groups`, of which the id alone is kept.

Stored documents hold no URI of this server, so `$ref` is reduced to the id at its end.
"""

from __future__ import annotations

from urllib.parse import unquote

from mock_samanage.scim.schema import Attribute


def reference_id(reference: str) -> str:
    """The id a resource URI ends with; absolute, relative and bare forms are equal (RFC 7643 section 2.4)."""
    path = reference.split("?", 1)[0].split("#", 1)[0].rstrip("/")
    return unquote(path.rsplit("/", 1)[-1])


def written_link(attribute: Attribute, raw: object) -> object:
    """The object form of a link to one resource, whatever form it was written in.

    Microsoft Entra ID writes a manager as a bare id, as an array with one object, and as
    `{"value": ""}`; a bare text may also be the URI of the manager. Elements of a list are objects.
    """
    if attribute.multi_valued:
        return raw
    if isinstance(raw, list) and len(raw) == 1:
        raw = raw[0]
    return {"value": reference_id(raw) or raw} if isinstance(raw, str) and raw else raw
