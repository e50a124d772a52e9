"""Requests that read: matching, one resource, the check of a reference, the probe of Test Connection (page SCIM)."""

from __future__ import annotations

from urllib.parse import quote, quote_plus

from conformance.entra.dialect import Dialect
from conformance.entra.directory.model import Kind
from conformance.entra.wire.model import Request
from conformance.entra.wire.paths import comparison, resource_path

ENDPOINTS = {Kind.USER: "/Users", Kind.GROUP: "/Groups"}
WITHOUT_MEMBERS = "excludedAttributes=members"


def match(kind: Kind, target: str, value: str, dialect: Dialect) -> Request:
    """The query that looks for the target resource by a matching attribute; groups are asked for without members."""
    asked = f"filter={_encoded(comparison(target, value), dialect)}"
    return Request("GET", ENDPOINTS[kind], f"{WITHOUT_MEMBERS}&{asked}" if kind is Kind.GROUP else asked)


def read(kind: Kind, target_id: str) -> Request:
    """The target resource by its id; groups without members."""
    return Request("GET", resource_path(ENDPOINTS[kind], target_id), WITHOUT_MEMBERS if kind is Kind.GROUP else "")


def probe(kind: Kind, target: str, guid: str, dialect: Dialect) -> Request:
    """The query for nobody by which the service tests endpoint and credentials."""
    return match(kind, target, guid, dialect)


def has_reference(kind: Kind, target_id: str, attribute: str, referenced_id: str, dialect: Dialect) -> Request:
    """The query whether a resource refers to another one already; it asks for the id only."""
    both = f"{comparison('id', target_id)} and {comparison(attribute, referenced_id)}"
    return Request("GET", ENDPOINTS[kind], f"filter={_encoded(both, dialect)}&attributes=id")


def listing(kind: Kind, start: int, count: int) -> Request:
    """One page of the list of everything (account discovery, page DISC)."""
    return Request("GET", ENDPOINTS[kind], f"startIndex={start}&count={count}")


def _encoded(text: str, dialect: Dialect) -> str:
    """The text in a query; a lone surrogate, which UTF-8 does not have, is a question mark."""
    written = text.encode("utf-8", "replace")
    return quote(written, safe="") if dialect["query-encoding"] == "percent" else quote_plus(written)
