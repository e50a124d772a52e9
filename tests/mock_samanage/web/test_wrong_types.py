"""A value of the wrong type is refused for every attribute of every schema, by POST, PUT and PATCH, and named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from mock_samanage.scim.registry import registry
from mock_samanage.scim.schema import Attribute, AttributeType, Mutability, ResourceType

Wire = Callable[..., requests.Response]
Case = tuple[str, str, str, Any]
"""Endpoint, the key of the attribute (an extension's with its URN), what the detail must name, and the value."""

REGISTRY = registry()
ENDPOINTS: dict[str, ResourceType] = {"/Users": REGISTRY.user, "/Groups": REGISTRY.group}
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
OBJECT = {"wrong": {"type": 1}}
WRONG: dict[AttributeType, tuple[Any, ...]] = {
    AttributeType.STRING: (7, 1.5, True, OBJECT, ["a", "b"], [7]),
    AttributeType.BOOLEAN: (7, "maybe", OBJECT, [True, False]),
    AttributeType.REFERENCE: (7, True, OBJECT, ["a", "b"], "no uri"),
    AttributeType.BINARY: (7, True, OBJECT, ["a", "b"], "!!!"),
    AttributeType.COMPLEX: (7, True, "text", [7], [[1]]),
}
BARE_IDS = {"manager"}
"""Links that Entra sends as the id alone: a text is right there."""
UNREAD = {"roles.type", "roles.primary"}
"""What stands beside the name of a role is not read."""


def sub_cases(attribute: Attribute) -> Iterator[tuple[str, Any]]:
    """Each sub-attribute, and an otherwise right value of the attribute that has it wrong."""
    for sub in attribute.sub_attributes:
        if sub.mutability is Mutability.READ_ONLY or f"{attribute.name}.{sub.name}" in UNREAD:
            continue
        for wrong in WRONG[sub.type]:
            element = {"value": "QUJD", sub.name: wrong} if attribute.sub("value") else {sub.name: wrong}
            yield sub.name, [element] if attribute.multi_valued else element


def cases() -> Iterator[Case]:
    """Every writable attribute and sub-attribute with every wrong value."""
    for endpoint, kind in ENDPOINTS.items():
        owners = [("", (*kind.common, *kind.schema.attributes)), *((f"{e.id}:", e.attributes) for e in kind.extensions)]
        for prefix, attributes in owners:
            for attribute in attributes:
                if attribute.mutability is Mutability.READ_ONLY or attribute.name in {"schemas", "meta", "id"}:
                    continue
                for wrong in WRONG[attribute.type]:
                    if attribute.name in BARE_IDS and isinstance(wrong, str):
                        continue
                    yield endpoint, prefix + attribute.name, attribute.name, wrong
                for sub, value in sub_cases(attribute):
                    named = attribute.name if attribute.name == "roles" else sub
                    yield endpoint, prefix + attribute.name, named, value


def body_of(endpoint: str, name: str) -> dict[str, Any]:
    """A right body."""
    kind = ENDPOINTS[endpoint]
    return {"schemas": [kind.schema.id], "userName" if endpoint == "/Users" else "displayName": name}


def spoilt(endpoint: str, name: str, key: str, value: Any) -> dict[str, Any]:
    """A body with the value under the key, an extension's inside the object of the extension."""
    owner, colon, attribute = key.rpartition(":")
    return {**body_of(endpoint, name), **({owner: {attribute: value}} if colon else {key: value})}


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_wrong_type_is_refused_and_named(wire: Wire, endpoint: str) -> None:
    made = wire("POST", endpoint, body_of(endpoint, "victim@example.com")).json()
    path, total = f"{endpoint}/{made['id']}", wire("GET", f"{endpoint}?count=0").json()["totalResults"]
    tried, odd = 0, []
    for _, key, named, value in (case for case in cases() if case[0] == endpoint):
        operation = {"op": "replace", "path": key, "value": value}
        sent = [
            ("POST", endpoint, spoilt(endpoint, "new@example.com", key, value)),
            ("PUT", path, spoilt(endpoint, "victim@example.com", key, value)),
            ("PATCH", path, {"schemas": [PATCH_OP], "Operations": [operation]}),
            ("PATCH", path, {"schemas": [PATCH_OP], "Operations": [{"op": "add", "value": {key: value}}]}),
        ]
        for method, target, body in sent:
            answer = wire(method, target, body)
            tried += 1
            if answer.status_code != 400 or named not in answer.json()["detail"]:
                odd.append((method, key, json.dumps(value), answer.status_code, answer.text[:200]))
    assert not odd, "\n".join(map(str, odd))
    assert tried > 50
    assert wire("GET", path).json() == made
    assert wire("GET", f"{endpoint}?count=0").json()["totalResults"] == total


@pytest.mark.parametrize("value", [7, "text", True, [1], [{"department": "x"}]])
def test_an_extension_that_is_no_object_is_refused_and_named(wire: Wire, value: Any) -> None:
    urn = REGISTRY.user.extensions[0].id
    answer = wire("POST", "/Users", {**body_of("/Users", "x@example.com"), urn: value})
    assert answer.status_code == 400
    assert urn in answer.json()["detail"]


@pytest.mark.parametrize("value", [7, {"a": 1}, [7], True, [["urn:x"]]])
def test_schemas_that_are_no_list_of_uris_are_refused_and_named(wire: Wire, value: Any) -> None:
    answer = wire("POST", "/Users", {**body_of("/Users", "x@example.com"), "schemas": value})
    assert answer.status_code == 400
    assert "schemas" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("role", "kind"), [({"value": {}}, "an object"), ({"value": [1]}, "a list"), ({"value": 7}, "a number")]
)
def test_the_type_found_in_a_role_is_named_as_it_is(wire: Wire, role: Any, kind: str) -> None:
    answer = wire("POST", "/Users", {**body_of("/Users", "x@example.com"), "roles": role})
    assert answer.status_code == 400
    assert f"is {kind}" in answer.json()["detail"]
