"""Faults of the answer, as a real client meets them and the journal tells of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from mock_samanage.testing import LiveServer

Wire = Callable[..., requests.Response]

PERSON = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ann@example.com"}
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def last(tenant: LiveServer) -> tuple[str, int | None, bool, bool]:
    """What the journal says of the last request: fault, status, whether a handler ran, whether all was sent."""
    entry = tenant.journal[-1]
    return entry["fault"], entry["status"], entry["written"], entry["delivered"]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 418])
def test_a_status_is_answered_with_a_scim_error_and_nothing_is_written(
    wire: Wire, tenant: LiveServer, status: int
) -> None:
    tenant.faults.set({"kind": "status", "status": status, "headers": {"X-Why": "plan"}})
    answer = wire("POST", "/Users", PERSON)
    assert (answer.status_code, answer.json()["status"]) == (status, str(status))
    assert answer.headers["Content-Type"] == "application/scim+json"
    assert answer.headers["X-Why"] == "plan"
    assert last(tenant) == ("status", status, False, True)
    assert wire("POST", "/Users", PERSON).status_code == 201
    assert last(tenant) == ("", 201, True, True)


def test_retry_after_is_seconds_or_a_date(wire: Wire, tenant: LiveServer) -> None:
    tenant.faults.set({"kind": "status", "status": 429, "retry_after": 1})
    tenant.faults.add(kind="status", status=503, retry_after_date=2.5)
    assert wire("GET", "/Users").headers["Retry-After"] == "1"
    ahead = parsedate_to_datetime(wire("GET", "/Users").headers["Retry-After"]).timestamp() - time.time()
    assert 1.5 < ahead < 4
    assert tenant.journal[0]["response"]["headers"]["retry-after"] == "1"


def test_a_status_may_come_after_the_write_and_with_a_text_of_its_own(wire: Wire, tenant: LiveServer) -> None:
    tenant.faults.set(
        {"kind": "status", "status": 502, "after_write": True, "body": "<h1>", "headers": {"Content-Type": "text/html"}}
    )
    answer = wire("POST", "/Users", PERSON)
    assert (answer.status_code, answer.text, answer.headers["Content-Type"]) == (502, "<h1>", "text/html")
    assert last(tenant) == ("status", 502, True, True)
    assert len(tenant.users('userName eq "ann@example.com"')) == 1


def test_a_redirect_leads_where_the_plan_says(wire: Wire, tenant: LiveServer) -> None:
    tenant.faults.set({"kind": "status", "status": 307, "headers": {"Location": f"{tenant.url}/Users/1"}, "body": ""})
    answer = wire("GET", "/Users/99")
    assert [each.status_code for each in (*answer.history, answer)] == [307, 200]


def test_a_status_without_body_has_none(wire: Wire, tenant: LiveServer) -> None:
    tenant.faults.set({"kind": "status", "status": 204})
    answer = wire("GET", "/Users")
    assert (answer.status_code, answer.content, "Content-Length" in answer.headers) == (204, b"", False)


def test_head_is_answered_without_the_body(wire: Wire, tenant: LiveServer) -> None:
    tenant.faults.set({"kind": "status", "status": 503})
    assert wire("HEAD", "/Users").content == b""
    assert last(tenant) == ("status", 503, False, True)


@pytest.mark.parametrize(
    ("phase", "challenges"), [("basic", "Basic realm="), ("transition", "Bearer realm="), ("token", "Bearer realm=")]
)
def test_unauthorized_has_the_challenges_of_the_phase(
    control: Wire, wire: Wire, tenant: LiveServer, phase: str, challenges: str
) -> None:
    account = tenant.hook("account.create", name="phased", phase=phase)
    assert control("PUT", "/accounts/phased/faults", {"faults": [{"kind": "unauthorized"}]}).ok
    with requests.Session() as session:
        session.auth = (account["username"], account["password"])
        answer = session.get(f"{account['url']}/Users", timeout=10)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith(challenges)
        assert session.get(f"{account['url']}/Users", timeout=10).status_code == (401 if phase == "token" else 200)
    assert wire("GET", "/Users").ok


def test_a_credential_expires_for_good_after_so_many_calls(wire: Wire, tenant: LiveServer) -> None:
    tenant.faults.set({"kind": "expire", "after": 2})
    assert [wire("GET", "/Users").status_code for _ in range(5)] == [200, 200, 401, 401, 401]
    assert [entry["fault"] for entry in tenant.journal] == ["", "", "expire", "", ""]
    assert [entry["written"] for entry in tenant.journal] == [True, True, False, False, False]
    states = {each["kind"]: each["state"] for each in tenant.hook("credential.list")["credentials"]}
    assert states == {"basic": "active", "token": "expired"}
    assert requests.get(f"{tenant.url}/Users", auth=(tenant.username, tenant.password), timeout=10).ok


def test_nobody_expires_a_credential_by_guessing_at_it(wire: Wire, tenant: LiveServer) -> None:
    tenant.faults.set({"kind": "expire"})
    guess = (tenant.username, "wrong-password")
    assert requests.get(f"{tenant.url}/Users", auth=guess, timeout=10).status_code == 401
    assert wire("GET", "/Users", Authorization="Bearer unknown").status_code == 401
    assert {each["state"] for each in tenant.hook("credential.list")["credentials"]} == {"active"}
    assert [part["played"] for part in tenant.faults.played()] == [0]


@pytest.mark.parametrize(
    ("kind", "media_type", "text"),
    [("login-page", "text/html; charset=utf-8", "Sign in"), ("garbage", "application/scim+json", '{"schemas"')],
)
def test_what_is_no_json_comes_with_status_200(
    wire: Wire, tenant: LiveServer, kind: str, media_type: str, text: str
) -> None:
    tenant.faults.set({"kind": kind, "count": 2}, {"kind": kind, "after_write": True})
    answer = wire("POST", "/Users", PERSON)
    assert (answer.status_code, answer.headers["Content-Type"], text in answer.text) == (200, media_type, True)
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert last(tenant) == (kind, 200, False, True)
    wire("POST", "/Users", PERSON)
    assert len(tenant.users()) == 1
    wire("POST", "/Users", PERSON)
    assert last(tenant) == (kind, 200, True, True)
    assert len(tenant.users()) == 2


def test_the_right_answer_is_labelled_wrongly(wire: Wire, tenant: LiveServer) -> None:
    right = wire("GET", "/Users").content
    tenant.faults.set({"kind": "content-type"}, {"kind": "content-type", "type": "text/plain; charset=utf-8"})
    found = [wire("GET", "/Users") for _ in range(2)]
    assert [answer.headers["Content-Type"] for answer in found] == ["text/html", "text/plain; charset=utf-8"]
    assert [answer.content for answer in found] == [right, right]
    assert last(tenant) == ("content-type", 200, True, True)


def test_a_filter_is_ignored_in_queries_and_searches(wire: Wire, tenant: LiveServer) -> None:
    for _ in range(3):
        tenant.user(title="Planner")
    tenant.faults.set({"kind": "ignore-filter", "count": 0})
    answer = wire("GET", "/Users?count=2&filter=title+eq+%22none%22&startIndex=2").json()
    assert (answer["totalResults"], answer["startIndex"], answer["itemsPerPage"]) == (4, 2, 2)
    search = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": 'title eq "none"'}
    assert wire("POST", "/Users/.search", search).json()["totalResults"] == 4
    assert last(tenant) == ("ignore-filter", 200, True, True)
    assert tenant.journal[-1]["request"]["body"].endswith('"filter": "title eq \\"none\\""}')
    assert tenant.journal[0]["url"].endswith("filter=title+eq+%22none%22&startIndex=2")


def test_a_stale_read_knows_what_was_there_when_the_rule_was_set(wire: Wire, tenant: LiveServer) -> None:
    kept, gone = tenant.user(title="Planner"), tenant.user()
    wire("PUT", f"/Users/{kept['id']}", {**kept, "title": "Second"})
    before = wire("GET", f"/Users/{kept['id']}")
    tenant.faults.set({"kind": "stale", "count": 0})
    made = wire("POST", "/Users", PERSON).json()
    wire("PUT", f"/Users/{kept['id']}", {**kept, "title": "Third"})
    wire("DELETE", f"/Users/{gone['id']}")
    after = wire("GET", f"/Users/{kept['id']}")
    assert (after.json(), after.headers["ETag"]) == (before.json(), before.headers["ETag"])
    assert wire("GET", f"/Users/{made['id']}").status_code == 404
    assert last(tenant) == ("stale", 404, True, True)
    assert wire("GET", f"/Users/{gone['id']}").status_code == 200
    assert wire("GET", "/Users?filter=userName+eq+%22ann@example.com%22").json()["totalResults"] == 0
    tenant.faults.clear()
    assert wire("GET", f"/Users/{kept['id']}").json()["title"] == "Third"


def test_reads_of_another_account_are_stale_too(control: Wire, tenant: LiveServer) -> None:
    other = tenant.hook("account.create", name="lagging")
    assert control("PUT", "/accounts/lagging/faults", {"faults": [{"kind": "stale", "count": 0}]}).ok
    headers = {"Authorization": f"Bearer {other['token']}"}
    made = requests.post(f"{other['url']}/Users", json=PERSON, headers=headers, timeout=10)
    assert made.status_code == 201
    assert requests.get(made.headers["Location"], headers=headers, timeout=10).status_code == 404
    assert requests.get(f"{other['url']}/Users", headers=headers, timeout=10).json()["totalResults"] == 1


def test_a_credential_younger_than_the_copy_reads_what_is_there(wire: Wire, tenant: LiveServer) -> None:
    tenant.faults.set({"kind": "stale", "count": 0})
    token = tenant.hook("credential.create", kind="token")["token"]
    user = tenant.user()
    assert wire("GET", f"/Users/{user['id']}", Authorization=f"Bearer {token}").status_code == 200
    assert last(tenant) == ("", 200, True, True)


def listed(wire: Wire, query: str = "") -> dict[str, Any]:
    found: dict[str, Any] = wire("GET", f"/Users{query}").json()
    return found


def test_a_duplicate_is_shown_beside_the_first_hit(wire: Wire, tenant: LiveServer) -> None:
    user = tenant.user()
    tenant.faults.set({"kind": "duplicate"})
    query = f"?filter=userName+eq+%22{user['userName']}%22"
    assert listed(wire, "?filter=title+eq+%22none%22")["totalResults"] == 0
    found = listed(wire, query)
    first, twin = found["Resources"]
    assert (found["totalResults"], found["itemsPerPage"], first["id"]) == (2, 2, user["id"])
    assert (twin["userName"], twin["meta"]["location"].split("/")[-1]) == (user["userName"], twin["id"])
    assert wire("GET", f"/Users/{twin['id']}").status_code == 404
    assert listed(wire, query)["totalResults"] == 1
    assert [part["played"] for part in tenant.faults.played()] == [1]


def test_a_duplicate_has_an_id_of_the_same_form(tenant: LiveServer) -> None:
    account = tenant.hook("account.create", name="uuids", quirks={"id-form": "uuid"})
    tenant.live.faults.set("uuids", _rules({"kind": "duplicate"}))
    headers = {"Authorization": f"Bearer {account['token']}"}
    first, twin = requests.get(f"{account['url']}/Users", headers=headers, timeout=10).json()["Resources"]
    assert (len(twin["id"]), twin["id"] != first["id"], twin["id"][:-1]) == (36, True, first["id"][:-1])


def _rules(*rules: dict[str, Any]) -> Any:
    from mock_samanage.web.faults.plan import read_rules

    return read_rules({"faults": [*rules]})


def test_a_short_page_is_honest_about_itself_and_can_be_paged_on(wire: Wire, tenant: LiveServer) -> None:
    for _ in range(6):
        tenant.user()
    tenant.faults.set({"kind": "short-page", "count": 0})
    first = listed(wire, "?count=4")
    assert (first["totalResults"], first["itemsPerPage"], len(first["Resources"])) == (7, 2, 2)
    ids: list[str] = []
    while len(ids) < first["totalResults"]:
        ids += [each["id"] for each in listed(wire, f"?count=4&startIndex={len(ids) + 1}")["Resources"]]
    assert len(set(ids)) == len(ids) == 7


def test_an_empty_list_lacks_resources(wire: Wire, tenant: LiveServer) -> None:
    tenant.faults.set({"kind": "no-resources"})
    assert "Resources" in listed(wire)
    found = listed(wire, "?filter=title+eq+%22none%22")
    assert (found["totalResults"], "Resources" in found) == (0, False)
    assert last(tenant) == ("no-resources", 200, True, True)


def test_resources_lose_their_id_in_lists_and_alone(wire: Wire, tenant: LiveServer) -> None:
    tenant.faults.set({"kind": "without-id", "count": 0})
    assert all("id" not in each for each in listed(wire)["Resources"])
    made = wire("POST", "/Users", PERSON)
    assert (made.status_code, "id" in made.json(), made.json()["userName"]) == (201, False, "ann@example.com")
    assert wire("GET", "/Users/99").json()["status"] == "404"
    assert last(tenant) == ("", 404, True, True)


def test_members_are_shuffled_alike_for_the_same_seed(wire: Wire, tenant: LiveServer) -> None:
    right = wire("GET", "/Users/1")
    texts = []
    for seed in (1, 1, 2):
        tenant.faults.set({"kind": "shuffle", "seed": seed})
        answer = wire("GET", "/Users/1")
        assert answer.json() == right.json()
        texts.append(answer.text)
    assert texts[0] == texts[1] != texts[2]
    assert right.text not in texts


def test_an_unknown_attribute_is_added(wire: Wire, tenant: LiveServer) -> None:
    tenant.faults.set({"kind": "extra", "count": 0})
    assert "unheardOf" in wire("GET", "/Users/1").json()
    assert all("unheardOf" in each for each in listed(wire)["Resources"])
    assert last(tenant) == ("extra", 200, True, True)
