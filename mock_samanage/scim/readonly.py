"""ReadOnly values that a client sends back as it read them (AMB-14; Okta sends its `id` in every rename)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mock_samanage.scim.schema import Attribute, AttributeType


def same(attribute: Attribute, given: object, current: Any) -> bool:
    """Whether a value given for a readOnly attribute is the one the service shows, or is empty.

    Of objects the named parts are compared, without those the schema does not know and without
    references, whose text depends on the address the client uses; of lists of objects the `value`
    of each, in any order.
    """
    if given is None or given in ("", [], {}):
        return True
    if isinstance(given, list):
        return _values(given) == _values(current or [])
    if isinstance(given, Mapping):
        return isinstance(current, Mapping) and all(
            _same_part(attribute.sub(name), item, current) for name, item in given.items()
        )
    return bool(given == current)


def _same_part(sub: Attribute | None, given: object, current: Mapping[str, Any]) -> bool:
    if sub is None or sub.type is AttributeType.REFERENCE:
        return True
    return same(sub, given, current.get(sub.name))


def _values(elements: object) -> list[str]:
    listed = elements if isinstance(elements, list) else [elements]
    return sorted(str(item.get("value")) if isinstance(item, Mapping) else str(item) for item in listed)
