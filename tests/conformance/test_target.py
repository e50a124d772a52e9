"""What a target says it can do, and the first questions to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.client import ScimClient
from conformance.errors import TargetUnfit
from conformance.probe import capabilities, discover, prober
from conformance.rfc_schema import ENTERPRISE_USER, RESOURCE_TYPES, SCHEMAS
from conformance.target import Capabilities, Target
from conformance.transport import Transport
from tests.conformance.tiny import TOKEN, Tiny

PAGING = {"pagination": {"cursor": True, "index": False, "maxPageSize": 10}}
SCHEME = {"authenticationSchemes": [{"type": "oauthbearertoken"}]}
EVENTS = {"securityEvents": {"asyncRequest": "none"}}


def target(config: object = None, *, url: str = "https://scim.test/v2", types: object = None, **more: object) -> Target:
    return Target(url, Capabilities.from_documents(config, None, types), **more)  # type: ignore[arg-type]  # test shorthand


@pytest.fixture
def client(tiny: Tiny) -> Iterator[ScimClient]:
    transport = Transport(timeout=2.0)
    yield ScimClient(tiny.url, transport, {"Authorization": f"Bearer {TOKEN}"})
    transport.close()


def test_without_documents_those_of_the_rfc_are_assumed() -> None:
    found = target().capabilities
    assert found.assumed == ("/ServiceProviderConfig", "/Schemas", "/ResourceTypes")
    assert (found.supports("patch"), found.supports("filter"), found.supports("bulk")) == (True, True, False)
    assert found.attribute("User", "NAME.givenname") is not None
    assert found.attribute("User", "manager.displayName") is not None
    assert found.endpoint("Group") == "/Groups"
    assert target().absent("type:User and extension:enterprise and pagination.index") is None


@pytest.mark.parametrize(
    ("config", "word", "true"),
    [
        ({"etag": {"supported": True}}, "etag", True),
        ({"etag": {"supported": "true"}}, "etag", False),
        ({"etag": 7}, "etag", False),
        (PAGING, "pagination", True),
        (PAGING, "pagination.cursor", True),
        (PAGING, "pagination.index", False),
        (PAGING, "pagination.maxPageSize", True),
        (PAGING, "pagination.cursorTimeout", False),
        ({}, "pagination.cursor", False),
        (EVENTS, "securityEvents", True),
        (EVENTS, "async", False),
        ({"securityEvents": {"asyncRequest": "short"}}, "async", True),
        (SCHEME, "bearer", True),
        (SCHEME, "basic", False),
        (SCHEME, "oauth2", False),
        ({}, "attribute:User.userName", True),
        ({}, "attribute:User.shoeSize", False),
        ({}, "some:type=binary", True),
        ({}, "some:type=dateTime,mutability=readWrite", False),
        ({}, "remote", True),
        ({}, "versioned base", True),
        ({}, "extension:required", False),
        ({}, "extension:custom", False),
        ({}, "type:custom", False),
        ({}, "opt-in:guessing", False),
        ({}, "hook:account.create", False),
        ({}, "uses:bulk", False),
    ],
)
def test_words_of_the_condition_language(*, config: dict[str, object], word: str, true: bool) -> None:
    assert target(config).has(word) is true


def test_words_about_other_types_and_extensions() -> None:
    extended = {"name": "Device", "schema": "urn:d", "schemaExtensions": [{"schema": "urn:x", "required": True}]}
    found = target({}, types=[*RESOURCE_TYPES, extended])
    assert found.absent("type:custom and extension:custom and extension:required and extension:enterprise") is None
    assert target({}, types=[extended]).has("extension:enterprise") is False


def test_a_loopback_target_is_not_remote() -> None:
    for url in ("http://127.0.0.1:1/", "http://localhost/", "http://[::1]:9/scim"):
        assert not target({}, url=url).has("remote")


def test_the_runs_own_credential_counts_as_offered() -> None:
    assert target({}, credential="basic").has("basic")
    assert target({}, opt_ins=frozenset({"guessing"})).has("opt-in:guessing")


def test_limits_are_integers() -> None:
    assert target({"filter": {"supported": True, "maxResults": 5}}).capabilities.limit("filter", "maxResults") == 5
    assert target({"filter": {"maxResults": True}}).capabilities.limit("filter", "maxResults") is None


def test_schemas_are_found_in_any_case() -> None:
    assert Capabilities.from_documents({}, SCHEMAS, None).schema(ENTERPRISE_USER.upper()) is not None


def test_discovery_reads_what_it_can(client: ScimClient) -> None:
    found = capabilities(discover(client))
    assert found.assumed == ("/Schemas", "/ResourceTypes")
    assert not found.supports("patch")


def test_words_that_need_a_request_are_asked_once(client: ScimClient, tiny: Tiny) -> None:
    probe = prober(client)
    assert [probe(word) for word in ("search", "me", "root query", "protected", "both bases", "protected")] == [
        False,
        False,
        False,
        True,
        False,
        True,
    ]
    assert sum(request.startswith("GET /Users?count=1") for request in tiny.requests) == 1


def test_an_unfit_target_is_told_in_one_sentence(client: ScimClient, tiny: Tiny) -> None:
    with pytest.raises(TargetUnfit, match=r"target wants a credential.*no right token"):
        discover(client.anonymous())
    with pytest.raises(TargetUnfit, match="credential was refused"):
        discover(client.bearer("wrong-token"))
    with pytest.raises(TargetUnfit, match="is no URL"):
        discover(client.at("127.0.0.1:80"))
    tiny.html = True
    with pytest.raises(TargetUnfit, match="is no SCIM server"):
        discover(client)
    tiny.dead = True
    with pytest.raises(TargetUnfit, match="does not answer"):
        discover(client)
