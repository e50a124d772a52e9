"""Where paths lead, as the journal and the faults see them."""

from __future__ import annotations

import pytest

from mock_samanage.web.routes import below_mount, is_list, route_of


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/scim/v2/Users/7?count=1", "/Users/7"),
        ("/scim/Users", "/Users"),
        ("/Users?filter=a/b", "/Users"),
        ("/scim/v2", "/"),
        ("/scim/v23/Users", "/v23/Users"),
        ("/scimitar", "/scimitar"),
    ],
)
def test_a_mount_is_taken_off_the_path(url: str, path: str) -> None:
    assert below_mount(url) == path


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/"),
        ("/Users", "/Users"),
        ("/Users/", "/Users"),
        ("/Users/7", "/Users/{id}"),
        ("/Users/a/b", "/Users/{id}"),
        ("/Groups/.search", "/Groups/.search"),
        ("/.search", "/.search"),
        ("/Schemas/urn:x", "/Schemas/{id}"),
        ("/Bulk", "/Bulk"),
        ("/Bulk/7", ""),
        ("/Me/.search", ""),
        ("/users", ""),
    ],
)
def test_a_route_has_no_ids(path: str, route: str) -> None:
    assert route_of(path) == route


def test_lists_are_known_by_method_and_route() -> None:
    lists = [("GET", "/"), ("GET", "/Groups"), ("POST", "/Users/.search"), ("POST", "/.search")]
    others = [("GET", "/Users/{id}"), ("GET", "/Schemas"), ("POST", "/Users"), ("GET", "/Users/.search"), ("GET", "")]
    assert all(is_list(method, route) for method, route in lists)
    assert not any(is_list(method, route) for method, route in others)
