"""openapi.yaml: that it is valid, and that it names the routes the application has."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Any

import pytest
import schemathesis
from schemathesis.openapi import from_path

from mock_samanage.scim.errors import ScimError
from mock_samanage.scim.validation import unassigned_text
from mock_samanage.web.application import DISCOVERY, QUERIES, typed_rules
from tests.repo.tree import ROOT

EDGES = (
    "\x00\x1f !~\x7f\xa0\xa1\xad\u034e\u034f\u061c\u1680\u180b"
    "\u2000\u200f\u2010\u2028\u202f\u2030\u206f\u3000\u3164\ufeff\U0001d173\U000e0020"
)
PARAMETERS = {"resource_id": "id"}
METHODS = {"get", "post", "put", "patch", "delete"}
FORMATS = {
    "scim-filter", "scim-sort", "scim-id", "scim-attributes", "scim-role", "scim-etag", "scim-certificate",
    "scim-user-filter", "scim-user-sort", "scim-user-path", "scim-user-id",
    "scim-cursor", "scim-bulk-path",
    "scim-group-filter", "scim-group-sort", "scim-group-path", "scim-group-id",
}  # fmt: skip


@cache
def schema() -> schemathesis.BaseSchema:
    return from_path(ROOT / "openapi.yaml")


def document() -> dict[str, Any]:
    return schema().raw_schema


def operations() -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (path, method): operation
        for path, item in document()["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def routes() -> set[tuple[str, str]]:
    """The application's rules, in OpenAPI's spelling of paths."""
    found = set()
    for rule, handlers in (*QUERIES, *DISCOVERY, *typed_rules()):
        path = re.sub(r"<\w+:(\w+)>", lambda match: f"{{{PARAMETERS.get(match[1], match[1])}}}", rule)
        path = path if path == "/" else path.rstrip("/")
        found |= {(path, method.lower()) for method in handlers}
    return found


def strings(value: object, key: str) -> set[str]:
    """Every text that stands under a key, anywhere in a document."""
    if isinstance(value, dict):
        here = {value[key]} if isinstance(value.get(key), str) else set()
        return here.union(*(strings(item, key) for item in value.values()))
    return set().union(*(strings(item, key) for item in value)) if isinstance(value, list) else set()


def test_the_document_is_valid_openapi() -> None:
    schema().validate()
    assert document()["openapi"] == "3.1.0"


def test_the_document_names_exactly_the_routes_of_the_application() -> None:
    assert set(operations()) == routes()


def test_operation_ids_are_unique() -> None:
    ids = Counter(operation["operationId"] for operation in operations().values())
    assert ids.total() == len(ids)


def test_references_lead_somewhere_and_no_component_is_idle() -> None:
    components = {
        f"#/components/{kind}/{name}"
        for kind, named in document()["components"].items()
        for name in named
        if kind != "securitySchemes"
    }
    assert strings(document(), "$ref") == components


def test_links_name_operations() -> None:
    ids = {operation["operationId"] for operation in operations().values()}
    assert {link["operationId"] for link in document()["components"]["links"].values()} <= ids


def test_every_error_status_of_the_protocol_has_its_answer() -> None:
    declared = {int(status) for operation in operations().values() for status in operation["responses"]}
    raised = {error.status for error in _subclasses(ScimError)}
    by_routing_or_fault = {405, 500}
    assert raised - declared <= by_routing_or_fault
    assert not declared & by_routing_or_fault


def test_formats_are_those_that_strategies_are_registered_for() -> None:
    assert strings(document(), "format") == FORMATS
    assert all(f"`{name}`" in document()["info"]["description"] for name in FORMATS)


def test_every_operation_but_discovery_needs_a_credential() -> None:
    for operation in operations().values():
        assert ({} in operation.get("security", [])) is ("Discovery" in operation["tags"])


def _subclasses(error: type[ScimError]) -> set[type[ScimError]]:
    return {error}.union(*(_subclasses(child) for child in error.__subclasses__()))


@pytest.mark.parametrize("letter", EDGES)
def test_a_name_is_blank_as_the_document_says(letter: str) -> None:
    pattern = document()["components"]["schemas"]["Name"]["pattern"]
    for name in (letter, f"\u200b{letter}\u3000"):
        assert (re.search(pattern, name) is None) is unassigned_text(name)
