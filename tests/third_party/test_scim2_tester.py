"""scim2-tester from PyPI finds nothing on the tenant but what it draws itself against the RFC."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import CheckResult, Status, check_server, filling
from scim2_tester.checkers import patch_add, patch_replace

from mock_samanage.testing import LiveServer

pytestmark = pytest.mark.deep

FITTING: dict[str, object] = {
    "User.locale": "en-US",
    "Addresses.country": "US",
    "Roles.value": "Requester",
    "Roles.display": "Requester",
    "Roles.type": None,  # a role of this service has no type, and there is one, which is the primary one
    "Roles.primary": True,
}
GOOD = frozenset({Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE})


@dataclass(frozen=True, slots=True)
class Explained:
    """A finding that is none: the tester draws a random text for an attribute whose values are of a form."""

    needle: str
    section: str


EXPLAINED = (
    Explained("locale must be a language tag", "RFC 7643 section 4.1.1: a valid value is a language tag of RFC 5646"),
    Explained("country must be two letters", "RFC 7643 section 4.1.2: the country is an ISO 3166-1 alpha-2 code"),
    Explained("is no role of this account", "RFC 7643 section 2.3.1: a provider may take its canonical values only"),
    Explained("did not remove attribute 'roles'", "RFC 7644 section 3.3: the provider may assign a default value"),
    Explained(
        "Attribute 'members' was not",
        "RFC 7643 section 2.4: display is immutable by default, and RFC 7644 section 3.3: the provider assigns it",
    ),
)


@pytest.fixture(params=["strict", "entra"])
def server(request: pytest.FixtureRequest) -> Iterator[LiveServer]:
    with LiveServer(preset=request.param) as found:
        yield found


def findings(server: LiveServer) -> tuple[list[CheckResult], list[CheckResult]]:
    """Every result, and those that are not good."""
    with httpx2.Client(base_url=server.url, headers=server.headers) as http:
        results = check_server(SyncSCIMClient(http))
    return results, [result for result in results if result.status not in GOOD]


def test_each_finding_has_a_section_of_the_rfc_against_it(server: LiveServer) -> None:
    results, bad = findings(server)
    assert len(results) > 100
    unexplained = [
        (result.title, result.reason)
        for result in bad
        if not any(each.needle in (result.reason or "") for each in EXPLAINED)
    ]
    assert not unexplained


def test_nothing_is_found_with_values_of_the_right_form(server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (filling, patch_add, patch_replace):
        monkeypatch.setattr(module, "generate_random_value", _fitting(filling.generate_random_value))
    results, bad = findings(server)
    assert len(results) > 100
    left = {result.reason.splitlines()[0] for result in bad if result.reason}
    assert left <= {
        "PATCH modify() did not remove attribute 'roles'",  # RFC 7644 section 3.3: a provider may assign a default
        "Attribute 'members' was not added or has unexpected value",  # display, as explained above
        "Attribute 'members' was not replaced or has unexpected value",
    }


def _fitting(drawn: Callable[..., Any]) -> Callable[..., Any]:
    """The tester's own choice, but for the attributes whose values are of a form."""

    def choose(context: Any, path: Any, *arguments: Any, **options: Any) -> Any:
        value = drawn(context, path, *arguments, **options)
        owner = getattr(path.resolve().target_model, "__name__", "") if path.resolve() else ""
        name = f"{owner.partition('[')[0]}.{str(path).rsplit(':', 1)[-1].rsplit('.', 1)[-1]}"
        return FITTING[name] if value is not None and name in FITTING else value

    return choose
