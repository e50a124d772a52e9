"""Refusals that a document announces in words are no findings; all others are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
import requests
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response
from schemathesis.openapi.checks import RejectedPositiveData

from conformance.contract.cases import AnyCase
from conformance.contract.excuses import excuse
from conformance.contract.transport import answered
from conformance.model import Exchange
from tests.conformance.contract.test_guard import case

REJECTED = RejectedPositiveData(operation="x", message="", status_code=400, allowed_statuses=[])


def response(status: int) -> Response:
    exchange = Exchange("GET", "http://x/", {}, b"", status, {}, b"", 1.0)
    return Response.from_requests(answered(exchange, requests.Request("GET", "http://x/").prepare()), verify=True)


@pytest.mark.parametrize(
    ("status", "method", "parts"),
    [
        (400, "PATCH", {}),
        (412, "PUT", {"headers": {"if-match": "*"}}),
        (412, "DELETE", {"headers": {"If-None-Match": "*"}}),
        (400, "GET", {"query": {"attributes": "a", "excludedAttributes": "b"}}),
        (400, "PUT", {"body": {"members": [{"value": "9"}]}}),
        (400, "PUT", {"body": {"roles": [{"value": "a"}, {"display": "b"}]}}),
        (400, "PUT", {"body": {"roles": {"value": "a", "display": "b"}}}),
        (400, "PUT", {"body": {"x": [{"Inf": 1, "INF": 2}]}}),
    ],
)
def test_what_json_schema_cannot_say_is_excused(status: int, method: str, parts: dict[str, Any]) -> None:
    body = {"media_type": "application/json"} if "body" in parts else {}
    assert excuse(REJECTED, case(method, "/Users/{id}", **parts, **body), response(status))


@pytest.mark.parametrize(
    ("status", "method", "parts"),
    [
        (500, "PATCH", {}),
        (412, "PUT", {}),
        (400, "PUT", {"headers": {"If-Match": "*"}}),
        (400, "GET", {"query": {"attributes": "a"}}),
        (400, "PUT", {"body": {"members": []}}),
        (400, "PUT", {"body": {"roles": [{"value": "a"}, {"value": "a"}, None]}}),
        (400, "PUT", {"body": {"x": [{"Inf": 1}, {"INF": 2}]}}),
    ],
)
def test_any_other_refusal_is_a_finding(status: int, method: str, parts: dict[str, Any]) -> None:
    body = {"media_type": "application/json"} if "body" in parts else {}
    assert excuse(REJECTED, case(method, "/Users/{id}", **parts, **body), response(status)) is None


@pytest.mark.parametrize(
    "failure",
    [
        AcceptedNegativeData(operation="x", message="", status_code=200, expected_statuses=[]),
        Failure(operation="x", message=""),
    ],
)
def test_other_failures_are_findings(failure: Failure) -> None:
    assert excuse(failure, case("PATCH", "/Users/{id}"), response(200)) is None


@pytest.mark.parametrize(
    ("keywords", "where", "excused"),
    [
        ([("format",)], ParameterLocation.HEADER, True),
        ([("anyOf",), ("format",)], ParameterLocation.QUERY, True),
        ([("anyOf",)], ParameterLocation.BODY, False),
        ([("format",), ("type",)], ParameterLocation.QUERY, False),
        ([], ParameterLocation.QUERY, False),
    ],
)
def test_breaches_of_nothing_but_formats_are_excused(
    keywords: list[tuple[str, ...]], where: ParameterLocation, *, excused: bool
) -> None:
    failure = AcceptedNegativeData(operation="x", message="", status_code=200, expected_statuses=[])
    mutations = [_mutation(each, where) for each in keywords]
    meta = SimpleNamespace(phase=SimpleNamespace(data=SimpleNamespace(mutations=mutations)))
    nothing = SimpleNamespace(body=[])
    broken = cast(
        "AnyCase", SimpleNamespace(meta=meta, method="GET", headers={}, query={}, body=None, operation=nothing)
    )
    assert (excuse(failure, broken, response(200)) is not None) is excused


@pytest.mark.parametrize(
    ("where", "valid"),
    [(ParameterLocation.BODY, True), (ParameterLocation.QUERY, True), (ParameterLocation.BODY, False)],
)
def test_a_body_that_is_right_after_all_may_be_accepted(where: ParameterLocation, *, valid: bool) -> None:
    failure = AcceptedNegativeData(operation="x", message="", status_code=200, expected_statuses=[])
    meta = SimpleNamespace(phase=SimpleNamespace(data=SimpleNamespace(mutations=[_mutation(("type",), where)])))
    body = SimpleNamespace(media_type="application/json", is_valid=lambda _: valid)
    sent = SimpleNamespace(meta=meta, method="POST", headers={}, query={}, body={}, media_type="application/json")
    sent.operation = SimpleNamespace(body=[body])
    found = excuse(failure, cast("AnyCase", sent), response(200))
    assert (found is not None) is (valid and where is ParameterLocation.BODY)


def _mutation(keywords: tuple[str, ...], where: ParameterLocation) -> SimpleNamespace:
    return SimpleNamespace(keywords=keywords, parameter_location=where)
