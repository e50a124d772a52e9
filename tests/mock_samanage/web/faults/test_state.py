"""A fault never changes what is stored: the account is as if the requests that no handler saw had not been sent."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_samanage.testing import LiveServer

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
NAMES = ("ann", "bob", "cy")

Request = tuple[str, str, dict[str, Any] | None]

ANSWERS: dict[str, dict[str, Any]] = {
    "status": {"status": 503},
    "late status": {"kind": "status", "status": 500, "after_write": True},
    **{kind: {} for kind in ("unauthorized", "login-page", "garbage", "content-type", "ignore-filter", "stale")},
    **{kind: {} for kind in ("duplicate", "short-page", "no-resources", "without-id", "shuffle", "extra")},
}
WIRE: dict[str, dict[str, Any]] = {
    "latency": {"seconds": 0.001},
    "timeout": {"seconds": 0.001},
    "late timeout": {"kind": "timeout", "seconds": 0.001, "after_write": True},
    "cut": {},
    "late cut": {"kind": "cut", "when": "after"},
    "truncate": {},
    "drip": {"seconds": 0.001},
}
KINDS = {**ANSWERS, **WIRE}


def rule(name: str, **when: Any) -> dict[str, Any]:
    return {"kind": name, **KINDS[name], **when}


def create(name: str) -> Request:
    return "POST", "/Users", {"schemas": [USER], "userName": f"{name}@example.com"}


def patch(id_: int, title: str) -> Request:
    operation = {"op": "replace", "path": "title", "value": title}
    return "PATCH", f"/Users/{id_}", {"schemas": [PATCH], "Operations": [operation]}


REQUESTS = st.lists(
    st.one_of(
        st.sampled_from(NAMES).map(create),
        st.sampled_from(NAMES).map(lambda name: ("GET", f'/Users?filter=userName eq "{name}@example.com"', None)),
        st.builds(patch, st.integers(2, 4), st.sampled_from(NAMES)),
        st.integers(2, 4).map(lambda id_: ("DELETE", f"/Users/{id_}", None)),
        st.sampled_from(NAMES).map(lambda name: ("POST", "/Groups", {"schemas": [GROUP], "displayName": name})),
        st.just(("GET", "/Users?count=2", None)),
    ),
    min_size=1,
    max_size=12,
)
PLANS = st.lists(
    st.builds(
        rule,
        st.sampled_from(sorted(KINDS)),
        count=st.integers(0, 3),
        after=st.integers(0, 2),
        probability=st.sampled_from([0.5, 1]),
        seed=st.integers(0, 3),
        match=st.sampled_from([{}, {"method": ["POST", "PATCH"]}, {"path": "/Users*"}]),
    ),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def twins() -> Iterator[tuple[LiveServer, LiveServer]]:
    """Two servers that were made alike."""
    with LiveServer() as faulty, LiveServer() as sound:
        yield faulty, sound


def send(tenant: LiveServer, request: Request) -> None:
    method, path, body = request
    with contextlib.suppress(requests.RequestException):
        requests.request(method, tenant.url + path, json=body, headers=tenant.headers, timeout=10)


def state(tenant: LiveServer) -> list[dict[str, Any]]:
    """What the account holds, but for the times and the secrets."""
    taken = tenant.tenant.accounts.snapshot(tenant.account)
    kept: list[dict[str, Any]] = [
        {key: value for key, value in each.items() if key != "created"} for each in taken["resources"]
    ]
    return [*kept, {"phase": taken["settings"]["phase"], "states": [each["state"] for each in taken["credentials"]]}]


def run(tenant: LiveServer, asked: list[Request], *rules: dict[str, Any]) -> list[dict[str, Any]]:
    """The journal of these requests under these rules; ids begin again with each run."""
    tenant.faults.set(*rules)
    for request in asked:
        send(tenant, request)
    tenant.faults.clear()
    return tenant.journal.all()


def fresh(tenants: tuple[LiveServer, LiveServer]) -> None:
    """Both servers as new ones, their counters of ids with them."""
    for tenant in tenants:
        tenant.stop()
        tenant.start()


@settings(max_examples=15, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PLANS, REQUESTS)
def test_the_state_is_that_of_the_requests_that_a_handler_saw(
    twins: tuple[LiveServer, LiveServer], rules: list[dict[str, Any]], asked: list[Request]
) -> None:
    fresh(twins)
    faulty, sound = twins
    entries = run(faulty, asked, *rules)
    assert len(entries) == len(asked)
    run(sound, [request for request, entry in zip(asked, entries, strict=True) if entry["written"]])
    assert state(faulty) == state(sound)


@settings(max_examples=6, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PLANS, REQUESTS)
def test_the_same_plan_and_requests_give_the_same_run_and_the_same_state(
    twins: tuple[LiveServer, LiveServer], rules: list[dict[str, Any]], asked: list[Request]
) -> None:
    fresh(twins)
    told = [
        [
            (entry["fault"], entry["status"], entry["written"], entry["delivered"])
            for entry in run(tenant, asked, *rules)
        ]
        for tenant in twins
    ]
    assert told[0] == told[1]
    assert state(twins[0]) == state(twins[1])


UNSEEN = ("status", "unauthorized", "login-page", "garbage", "timeout", "cut")


@pytest.mark.parametrize("name", sorted(KINDS))
def test_each_kind_leaves_the_state_to_the_handler(tenant: LiveServer, name: str) -> None:
    user = tenant.user(title="Planner")
    before = state(tenant)
    written = name not in UNSEEN
    for request in (("GET", "/Users?filter=title pr", None), ("GET", f"/Users/{user['id']}", None)):
        run(tenant, [request], rule(name))
        assert state(tenant) == before
    run(tenant, [create("ann")], rule(name))
    assert len(tenant.users('userName eq "ann@example.com"')) == written
    assert tenant.journal[-1]["written"] == written
