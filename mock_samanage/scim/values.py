"""The values of attributes, read from JSON and checked against their definition.

Every function takes the canonical path of the value (`where`) for its messages and raises
InvalidValue, which names that path, what was found and what would be right. null, the empty string
(AMB-10), the empty array and the object without values all mean unassigned, in Python None
(RFC 7643 section 2.5).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, NoReturn

from mock_samanage.scim import comparison, formats
from mock_samanage.scim.booleans import boolean
from mock_samanage.scim.dialect import Dialect
from mock_samanage.scim.elements import collapsed, refuse_primaries
from mock_samanage.scim.errors import InvalidValue
from mock_samanage.scim.links import reference_id, written_link
from mock_samanage.scim.messages import kind
from mock_samanage.scim.schema import Attribute, AttributeType, Mutability


def read(attribute: Attribute, raw: object, where: str, dialect: Dialect) -> Any:
    """The value of an attribute: a list if it is multi-valued, else as `read_one`; None if unassigned."""
    if not attribute.multi_valued:
        return read_one(attribute, raw, where, dialect)
    return read_many(attribute, raw, where, dialect) or None


def read_one(attribute: Attribute, raw: object, where: str, dialect: Dialect) -> Any:
    """One value of an attribute: an object with canonical names, or a simple value; None if unassigned."""
    if attribute.type is AttributeType.COMPLEX:
        return assigned(read_parts(attribute, raw, where, dialect)) or None
    return read_simple(attribute, raw, where, dialect)


def read_many(attribute: Attribute, raw: object, where: str, dialect: Dialect) -> list[Any]:
    """The values of a multi-valued attribute, equal ones once; one bare value counts as a list (AMB-36).

    Two values with `primary` true are refused (AMB-37).
    """
    if raw is None or raw == "":
        return []
    items = raw if isinstance(raw, list) else [raw]
    read_items = [read_element(attribute, item, f"{where}[{index}]", dialect) for index, item in enumerate(items)]
    elements = collapsed(attribute, [item for item in read_items if item is not None])
    refuse_primaries(elements, where)
    return elements


def read_element(attribute: Attribute, raw: object, where: str, dialect: Dialect) -> Any:
    """One element of a multi-valued attribute, with all sub-attributes it requires; None if unassigned."""
    element = read_one(attribute, raw, where, dialect)
    if attribute.type is AttributeType.COMPLEX and element is not None:
        for sub in attribute.sub_attributes:
            if sub.required and sub.name not in element:
                raise InvalidValue(f"{where}.{sub.name} is missing; it is required.")
    return element


def read_parts(attribute: Attribute, raw: object, where: str, dialect: Dialect) -> dict[str, Any]:
    """The sub-attributes an object names, None for those it unassigns, canonical names in any case.

    Unknown names are ignored (AMB-38), readOnly sub-attributes too (RFC 7644 section 3.3). A link
    (manager, members) keeps the id only: `$ref` is reduced to its last segment where `value` is missing.
    """
    if attribute.is_link:
        raw = written_link(attribute, raw)
    if raw is None or raw in ([], ""):
        return {sub.name: None for sub in attribute.sub_attributes}
    if not isinstance(raw, dict):
        _refuse(where, f"an object such as {example(attribute)}", raw)
    return _parts(attribute, raw, where, dialect)


def _parts(attribute: Attribute, raw: Mapping[str, object], where: str, dialect: Dialect) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for name, item in raw.items():
        sub = attribute.sub(name)
        if sub is None or sub.mutability is Mutability.READ_ONLY:
            continue
        if sub.name in parts:
            raise InvalidValue(f"{where}.{sub.name} is given twice, in different case; it must be given once.")
        parts[sub.name] = read(sub, item, f"{where}.{sub.name}", dialect)
    if attribute.is_link:
        reference = parts.pop("$ref", None)
        if reference is not None:
            found = reference_id(reference)
            if not found:
                _refuse(f"{where}.$ref", "a URI that ends in the id of a resource", reference)
            parts["value"] = found if parts.get("value") is None else parts["value"]
    return parts


def assigned(parts: Mapping[str, Any]) -> dict[str, Any]:
    """The parts that have a value."""
    return {name: value for name, value in parts.items() if value is not None}


def read_simple(attribute: Attribute, raw: object, where: str, dialect: Dialect) -> Any:
    """A value that is not complex; None if unassigned."""
    if raw is None or raw == "":
        return None
    if type(raw) is list and not raw:
        return None
    return _READERS[attribute.type](attribute, raw, where, dialect)


def example(attribute: Attribute) -> str:
    """The right form of a complex value, for messages."""
    if attribute.sub("value"):
        return '{"value": …}'
    return f'{{"{attribute.sub_attributes[0].name}": …}}' if attribute.sub_attributes else "{}"


def shown(value: object, limit: int = 60) -> str:
    """A JSON value as messages quote it, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= limit else text[:limit] + "…"


def _refuse(where: str, wanted: str, raw: object) -> NoReturn:
    raise InvalidValue(f"{where} must be {wanted}; it is the {kind(raw)} {shown(raw)}.")


def _text(where: str, wanted: str, raw: object) -> str:
    if isinstance(raw, str):
        return raw
    return _refuse(where, wanted, raw)


def _string(attribute: Attribute, raw: object, where: str, dialect: Dialect) -> str:
    text = _text(where, "a string", raw)
    form = formats.FORMATS.get(attribute.name)
    if form is not None and (wanted := form(text, dialect)):
        _refuse(where, wanted, raw)
    return text


def _boolean(attribute: Attribute, raw: object, where: str, dialect: Dialect) -> bool:
    del attribute
    value = boolean(raw, dialect)
    return _refuse(where, "a boolean, true or false", raw) if value is None else value


def _integer(attribute: Attribute, raw: object, where: str, dialect: Dialect) -> int:
    del attribute, dialect
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    return _refuse(where, "an integer, such as 5", raw)


def _decimal(attribute: Attribute, raw: object, where: str, dialect: Dialect) -> int | float | Decimal:
    del attribute, dialect
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        return raw
    return _refuse(where, "a number", raw)


def _datetime(attribute: Attribute, raw: object, where: str, dialect: Dialect) -> str:
    del attribute, dialect
    wanted = "a dateTime such as 2011-05-13T04:42:34Z"
    text = _text(where, wanted, raw)
    try:
        comparison.instant(text)
    except ValueError:
        _refuse(where, wanted, raw)
    return text


def _binary(attribute: Attribute, raw: object, where: str, dialect: Dialect) -> str:
    del attribute, dialect
    text = _text(where, "base64 text (RFC 4648)", raw)
    check = formats.certificate if where.startswith("x509Certificates") else formats.binary
    if wanted := check(text):
        _refuse(where, wanted, raw)
    return text


def _reference(attribute: Attribute, raw: object, where: str, dialect: Dialect) -> str:
    del attribute, dialect
    text = _text(where, "a URI", raw)
    if wanted := formats.uri(text):
        _refuse(where, wanted, raw)
    return text


_READERS: Final[Mapping[AttributeType, Callable[[Attribute, object, str, Dialect], Any]]] = {
    AttributeType.STRING: _string,
    AttributeType.BOOLEAN: _boolean,
    AttributeType.INTEGER: _integer,
    AttributeType.DECIMAL: _decimal,
    AttributeType.DATETIME: _datetime,
    AttributeType.BINARY: _binary,
    AttributeType.REFERENCE: _reference,
}
