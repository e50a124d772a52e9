"""The schemas of openapi.yaml against those of the tenant: every attribute, error keyword, limit, and empty value."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from mock_samanage.scim.errors import ScimError
from mock_samanage.scim.messages import BULK_REQUEST_URN
from mock_samanage.scim.registry import ENTERPRISE_URN, GROUP_URN, USER_URN
from mock_samanage.tenant.reading import DEFAULT_PAGE, MAX_RESULTS
from mock_samanage.testing import LiveServer
from mock_samanage.web.bulk import MAX_OPERATIONS, MAX_PAYLOAD_SIZE
from mock_samanage.web.edge import BODY_LIMIT
from tests.mock_samanage.web.test_described import resolved, schema

COMMON = {"schemas", "id", "externalId", "meta"}
EVERY: tuple[Any, ...] = (
    *(None, "", [], {}),
    *([None], [""], [[]], [{}], [{}, {}], [None, None], [[], None]),
    *("x", " ", "a\0", "a b", "true", "True", "en-US", True, 0, 1.5),
    *(["x"], ["x", "y"], [1], {"x": 1}, [{"x": 1}]),
)
NOT_SAID = ("is no role of", "there is no user or group with the id", "is taken")
"""Refusals that the document announces in words: JSON Schema knows no other resources."""
NEVER_SHOWN = {"roles": {"type"}}
"""What the schemas name because the RFC does, and no user of Samanage has."""


def components() -> dict[str, Any]:
    found: dict[str, Any] = schema().raw_schema["components"]["schemas"]
    return found


def properties(node: Any) -> dict[str, Any]:
    """The properties of an object or of the elements of a list, however the schema puts it."""
    node = resolved(node)
    if "properties" in node:
        found: dict[str, Any] = node["properties"]
        return found
    inner = node.get("items") or node.get("anyOf", [{}])[-1]
    return properties(inner) if inner else {}


def told(server: LiveServer, urn: str, *, write: bool) -> dict[str, set[str]]:
    """Attribute -> its sub-attributes, as /Schemas describes what a client may send, or gets."""
    found = {}
    for attribute in server.get(f"/Schemas/{urn}")["attributes"]:
        parts = [attribute, *attribute.get("subAttributes", ())]
        kept = [
            part["name"]
            for part in parts
            if (part["mutability"] != "readOnly" if write else part["returned"] != "never")
        ]
        if attribute["name"] in kept:
            found[attribute["name"]] = set(kept) - {attribute["name"]}
    return found


CASES = [("User", USER_URN), ("Group", GROUP_URN)]


@pytest.mark.parametrize(("name", "urn"), CASES)
def test_what_a_client_gets_has_the_attributes_of_the_schema(tenant: LiveServer, name: str, urn: str) -> None:
    shown = components()[name]["properties"]
    described = told(tenant, urn, write=False)
    assert shown.keys() - COMMON - {ENTERPRISE_URN} == described.keys() - COMMON
    for attribute, parts in described.items():
        assert set(properties(shown[attribute])) == parts - NEVER_SHOWN.get(attribute, set()), attribute


@pytest.mark.parametrize(("name", "urn"), CASES)
def test_what_a_client_may_send_has_the_attributes_of_the_schema(tenant: LiveServer, name: str, urn: str) -> None:
    taken = components()[f"{name}Write"]["properties"]
    described = told(tenant, urn, write=True)
    assert taken.keys() - COMMON - {ENTERPRISE_URN} == described.keys() - COMMON
    for attribute in described.keys() - {"roles"}:
        assert set(properties(taken[attribute])) >= described[attribute] - {"$ref"}, attribute


def test_the_enterprise_extension_has_the_attributes_of_the_schema(tenant: LiveServer) -> None:
    described = told(tenant, ENTERPRISE_URN, write=False)
    for name in ("User", "UserWrite"):
        assert components()[name]["properties"][ENTERPRISE_URN]["properties"].keys() == described.keys()


def test_the_error_keywords_are_those_of_the_protocol() -> None:
    def keywords(error: type[ScimError]) -> Iterator[str | None]:
        yield error.scim_type
        for child in (child for child in error.__subclasses__() if child.__module__ == ScimError.__module__):
            yield from keywords(child)

    assert set(components()["Error"]["properties"]["scimType"]["enum"]) == set(keywords(ScimError)) - {None}


def test_the_limits_are_those_of_the_tenant() -> None:
    parameters = schema().raw_schema["components"]["parameters"]
    too_large = schema().raw_schema["components"]["responses"]["PayloadTooLarge"]["description"]
    assert parameters["Count"]["schema"]["default"] == DEFAULT_PAGE
    assert {components()[name]["properties"]["Resources"]["maxItems"] for name in ("List", "PagedList")} == {
        MAX_RESULTS
    }
    assert components()["BulkRequest"]["properties"]["Operations"]["maxItems"] == MAX_OPERATIONS
    assert f"{BODY_LIMIT >> 20} MiB" in too_large
    assert f"{MAX_PAYLOAD_SIZE >> 20} MiB" in too_large


def places() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Everywhere a value may stand: endpoint, schema, and the names that lead there; an empty one is a list of one."""
    for name, endpoint in (("UserWrite", "/Users"), ("GroupWrite", "/Groups")):
        for attribute, node in components()[name]["properties"].items():
            if attribute != "schemas":
                yield endpoint, name, (attribute,)
            for part, inner in properties(node).items():
                listed = "anyOf" in resolved(node)
                yield endpoint, name, (attribute, "", part) if listed else (attribute, part)
                for leaf in properties(inner):
                    yield endpoint, name, (attribute, part, leaf)


PLACES = {".".join((name, *filter(None, steps))): (endpoint, name, steps) for endpoint, name, steps in places()}


@pytest.mark.parametrize(("endpoint", "name", "steps"), PLACES.values(), ids=PLACES)
def test_the_document_says_which_values_are_accepted(
    tenant: LiveServer, endpoint: str, name: str, steps: tuple[str, ...]
) -> None:
    whole = {"components": {"schemas": components()}, "$ref": f"#/components/schemas/{name}"}
    validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=False)
    for number, value in zip(itertools.count(), EVERY, strict=False):
        body = basis(endpoint, f"n{number}")
        put(body, steps, value)
        answer = tenant.request("POST", endpoint, body)
        if not any(words in answer.text for words in NOT_SAID):
            assert answer.ok is validator.is_valid(body), f"{value!r}: {answer.status_code} {answer.text}"


def basis(endpoint: str, name: str) -> dict[str, Any]:
    if endpoint == "/Users":
        return {"schemas": [USER_URN], "userName": name}
    return {"schemas": [GROUP_URN], "displayName": name}


def put(body: dict[str, Any], steps: tuple[str, ...], value: Any) -> None:
    """The value stands in the body at the end of these steps."""
    for step in reversed(steps[1:]):
        value = [value] if step == "" else {step: value}
    body[steps[0]] = value


def test_a_bulk_request_is_refused_as_the_document_says(tenant: LiveServer) -> None:
    whole = {"components": {"schemas": components()}, "$ref": "#/components/schemas/BulkRequest"}
    validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=False)
    entry = {"method": "DELETE", "path": "/Users/0"}
    for key, value in itertools.product(("method", "path", "bulkId", "version", "data"), EVERY):
        body = {"schemas": [BULK_REQUEST_URN], "Operations": [{**entry, key: value}]}
        answer = tenant.request("POST", "/Bulk", body)
        assert answer.ok is validator.is_valid(body), f"{key} {value!r}: {answer.status_code} {answer.text}"
    for key, value in itertools.product(("failOnErrors", "Operations"), EVERY):
        body = {"schemas": [BULK_REQUEST_URN], "Operations": [entry], key: value}
        answer = tenant.request("POST", "/Bulk", body)
        assert answer.ok is validator.is_valid(body), f"{key} {value!r}: {answer.status_code} {answer.text}"
