"""The fault plan of an account in the control API and at LiveServer."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import requests

from mock_samanage.testing import LiveServer
from mock_samanage.web.faults.kinds import KINDS
from mock_samanage.web.faults.plan import BadPlan

Wire = Callable[..., requests.Response]

BROKEN = {"kind": "status", "status": 503}


def test_a_plan_is_put_shown_with_its_counters_added_to_and_dropped(
    wire: Wire, control: Wire, tenant: LiveServer
) -> None:
    path = f"/accounts/{tenant.account}/faults"
    assert control("GET", path).json() == {"faults": []}
    put = control("PUT", path, {"faults": [{**BROKEN, "match": {"method": "GET", "path": "/Users"}}]})
    assert (put.status_code, put.json()["faults"][0]["played"]) == (200, 0)
    added = control("POST", path, {"kind": "garbage", "count": 0})
    assert (added.status_code, [each["kind"] for each in added.json()["faults"]]) == (201, ["status", "garbage"])
    assert [wire("GET", "/Users").status_code for _ in range(3)] == [503, 200, 200]
    first, second = control("GET", path).json()["faults"]
    assert first == {**BROKEN, "match": {"method": "GET", "path": "/Users"}, "matched": 3, "played": 1}
    assert (second["matched"], second["played"]) == (3, 2)
    assert control("DELETE", path).json() == {}
    assert wire("GET", "/Users").json()["totalResults"] == 1
    assert control("GET", path).json() == {"faults": []}


@pytest.mark.parametrize(
    ("method", "body", "said"),
    [
        ("PUT", {"faults": [BROKEN, {"kind": "status"}]}, 'Fault 2 (status): "status" is missing'),
        ("PUT", {"fault": []}, 'there is no "fault"'),
        ("PUT", [], "The body is a JSON object"),
        ("POST", {"kind": "nonsense"}, "The fault: \"kind\" is not 'nonsense'"),
        ("POST", {**BROKEN, "count": "x"}, 'The fault (status): "count" is a whole number'),
    ],
)
def test_a_wrong_plan_is_400_with_the_reason_and_the_present_one_stays(
    control: Wire, tenant: LiveServer, method: str, body: object, said: str
) -> None:
    path = f"/accounts/{tenant.account}/faults"
    control("PUT", path, {"faults": [BROKEN]})
    answer = control(method, path, body)
    assert answer.status_code == 400
    assert said in answer.json()["error"]
    assert [each["kind"] for each in control("GET", path).json()["faults"]] == ["status"]


def test_the_openapi_document_knows_every_kind_and_key(control: Wire) -> None:
    schemas = control("GET", "/openapi.json").json()["components"]["schemas"]
    described = schemas["Fault"]["properties"]
    shown = schemas["PlayedFaults"]["properties"]["faults"]["items"]["properties"]
    assert described["kind"]["enum"] == shown["kind"]["enum"] == [*KINDS]
    common = {"kind", "match", "count", "after", "probability", "seed"}
    assert set(described) == common | {key for kind in KINDS.values() for key in kind.keys}


def test_an_account_that_does_not_exist_has_no_faults(control: Wire) -> None:
    for method, body in (("GET", None), ("PUT", {"faults": []}), ("POST", BROKEN), ("DELETE", None)):
        assert control(method, "/accounts/nobody/faults", body).status_code == 404


def test_faults_meet_the_account_of_the_credential_even_if_it_is_refused(
    wire: Wire, control: Wire, tenant: LiveServer
) -> None:
    other = tenant.hook("account.create", name="other")
    token = next(
        each for each in tenant.hook("credential.list", account="other")["credentials"] if each["kind"] == "token"
    )
    control("PUT", "/accounts/other/faults", {"faults": [{**BROKEN, "count": 0}]})
    assert wire("GET", "/Users").status_code == 200
    assert wire("GET", "/Users", Authorization=None).status_code == 401
    assert wire("GET", "/Users", Authorization=f"Bearer {other['token']}").status_code == 503
    tenant.hook("credential.expire", account="other", credential=token["id"])
    assert wire("GET", "/Users", Authorization=f"Bearer {other['token']}").status_code == 503
    assert {each["account"] for each in control("GET", "/accounts/other/journal?status=503").json()} == {"other"}
    tenant.faults.set({"kind": "garbage", "count": 0})
    assert wire("GET", "/Users", Authorization=None).text.endswith('{"id":')
    assert wire("GET", "/Schemas", Authorization="Basic nonsense").text.endswith('{"id":')


def test_faults_end_with_their_account_and_with_its_reset(wire: Wire, control: Wire, tenant: LiveServer) -> None:
    tenant.hook("account.create", name="other")
    control("PUT", "/accounts/other/faults", {"faults": [BROKEN]})
    control("DELETE", "/accounts/other")
    tenant.hook("account.create", name="other")
    assert control("GET", "/accounts/other/faults").json() == {"faults": []}
    control("PUT", f"/accounts/{tenant.account}/faults", {"faults": [{**BROKEN, "count": 0}]})
    control("POST", f"/accounts/{tenant.account}/reset")
    assert wire("GET", "/Users").status_code == 200


def test_a_fixture_has_faults_and_journal_and_reset_empties_both(wire: Wire, tenant: LiveServer) -> None:
    tenant.faults.set(BROKEN, {"kind": "garbage", "match": {"method": "POST"}})
    tenant.faults.add(kind="login-page")
    assert [wire("GET", "/Users").status_code for _ in range(3)] == [503, 200, 200]
    assert [(each["kind"], each["played"]) for each in tenant.faults.played()] == [
        ("status", 1),
        ("garbage", 0),
        ("login-page", 1),
    ]
    assert [entry["fault"] for entry in tenant.journal] == ["status", "login-page", ""]
    assert [entry["fault"] for entry in tenant.journal.all(status=503)] == ["status"]
    assert len(tenant.journal.all(method="get", path="/Users", limit=2)) == 2
    assert [each["response"]["status"] for each in tenant.journal.har()["log"]["entries"]] == [503, 200, 200]
    tenant.reset()
    assert (len(tenant.journal), tenant.faults.played()) == (0, [])
    wire("GET", "/Users")
    tenant.journal.clear()
    assert list(tenant.journal) == []


def test_what_a_test_does_itself_meets_no_fault_and_is_not_in_the_journal(tenant: LiveServer) -> None:
    tenant.faults.set({**BROKEN, "count": 0})
    assert tenant.user()["id"]
    assert len(tenant.users()) == 2
    assert list(tenant.journal) == []
    assert [each["matched"] for each in tenant.faults.played()] == [0]


def test_a_wrong_rule_in_a_test_is_told_at_once(tenant: LiveServer) -> None:
    with pytest.raises(BadPlan, match='there is no key "retry-after"'):
        tenant.faults.add(**{"kind": "status", "status": 429, "retry-after": 1})


def test_many_clients_share_one_count(tenant: LiveServer) -> None:
    tenant.faults.set({**BROKEN, "count": 7})
    statuses: list[int] = []

    def ask() -> None:
        answers = [requests.get(f"{tenant.url}/Users", headers=tenant.headers, timeout=10) for _ in range(5)]
        statuses.extend(answer.status_code for answer in answers)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (statuses.count(503), statuses.count(200)) == (7, 13)
    assert tenant.faults.played() == [{**BROKEN, "count": 7, "matched": 20, "played": 7}]
