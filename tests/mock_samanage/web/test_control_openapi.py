"""The OpenAPI document of the control API is true."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import hypothesis
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from mock_samanage.testing import LiveServer
from mock_samanage.web.client import WsgiSession

SCHEMA = schemathesis.openapi.from_file(files("mock_samanage.web.control").joinpath("openapi.json").read_text())
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]


@SCHEMA.parametrize()
@hypothesis.settings(
    max_examples=4,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(hypothesis.HealthCheck),
)
def test_every_operation_answers_as_described(case: schemathesis.Case[Any], live: LiveServer) -> None:
    live.reset()
    if "name" in case.path_parameters and len(case.path_parameters["name"]) % 2:
        case.path_parameters["name"] = live.account
    with WsgiSession(live.live.control, base="http://tenant.invalid") as session:
        case.call_and_validate(base_url=session.base, session=session, checks=CHECKS)
    if not any(account.name == live.account for account in live.tenant.accounts.list()):
        live.stop()
        live.start()
