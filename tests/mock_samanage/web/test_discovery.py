"""The discovery endpoints."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from mock_samanage.testing import LiveServer

Wire = Callable[..., requests.Response]
PATHS = ("/ServiceProviderConfig", "/Schemas", "/ResourceTypes")


@pytest.mark.parametrize("path", PATHS)
def test_discovery_needs_no_credential_and_survives_a_wrong_one(wire: Wire, path: str) -> None:
    with_token = wire("GET", path).json()
    assert wire("GET", path, Authorization=None).json() == with_token
    assert wire("GET", path, Authorization="Bearer wrong").json() == with_token


@pytest.mark.parametrize("path", [*PATHS, "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User"])
def test_a_filter_on_discovery_is_403_and_paging_is_ignored(wire: Wire, path: str) -> None:
    assert wire("GET", f"{path}?filter=id+pr").status_code == 403
    assert wire("GET", f"{path}?startIndex=2&count=1&sortBy=id").json() == wire("GET", path).json()


def test_every_schema_and_resource_type_is_at_its_location(wire: Wire) -> None:
    for path in ("/Schemas", "/ResourceTypes"):
        listed = wire("GET", path).json()
        assert listed["totalResults"] == len(listed["Resources"]) > 0
        for entry in listed["Resources"]:
            assert wire("GET", "", base=entry["meta"]["location"]).json() == entry


def test_a_schema_is_found_percent_encoded_and_in_any_case(wire: Wire) -> None:
    urn = "urn:ietf:params:scim:schemas:core:2.0:User"
    assert wire("GET", f"/Schemas/{urn.replace(':', '%3A')}").json()["id"] == urn
    assert wire("GET", f"/Schemas/{urn.upper()}").json()["id"] == urn
    assert wire("GET", "/Schemas/urn:ietf:params:scim:api:messages:2.0:ListResponse").status_code == 404
    assert wire("GET", "/ResourceTypes/Nobody").status_code == 404


@pytest.mark.parametrize(
    ("phase", "schemes"),
    [
        ("basic", ["httpbasic"]),
        ("transition", ["oauthbearertoken", "httpbasic"]),
        ("token", ["oauthbearertoken"]),
    ],
)
def test_the_configuration_announces_what_the_phase_accepts(phase: str, schemes: list[str]) -> None:
    with LiveServer(phase=phase) as server:
        answer = requests.get(f"{server.url}/ServiceProviderConfig", timeout=10).json()
    assert [scheme["type"] for scheme in answer["authenticationSchemes"]] == schemes
    assert [answer[name]["supported"] for name in ("patch", "bulk", "filter", "changePassword", "sort", "etag")] == [
        True,
        True,
        True,
        False,
        True,
        True,
    ]


def test_the_credential_decides_whose_schemas_are_shown(wire: Wire, tenant: LiveServer) -> None:
    other = tenant.hook("account.create", roles=["Night Watch"])
    shown = wire("GET", "/Schemas", Authorization=f"Bearer {other['token']}").text
    assert "Night Watch" in shown
    assert "Night Watch" not in wire("GET", "/Schemas", Authorization=None).text
