"""Resources over HTTP: status codes, header fields, references."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_samanage.testing import GROUP_URN, USER_URN, LiveServer

Wire = Callable[..., requests.Response]

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def patch_body(op: str, path: str, value: Any) -> dict[str, Any]:
    return {"schemas": [PATCH], "Operations": [{"op": op, "path": path, "value": value}]}


def new_user(**attributes: Any) -> dict[str, Any]:
    return {"schemas": [USER_URN], "userName": "mara@example.com", **attributes}


def test_a_created_user_is_at_its_location_with_its_entity_tag(wire: Wire) -> None:
    made = wire("POST", "/Users", new_user(displayName="Mára 😀"))
    assert made.status_code == 201
    body = made.json()
    assert made.headers["Location"] == body["meta"]["location"]
    assert made.headers["ETag"] == body["meta"]["version"]
    assert made.headers["Content-Type"] == "application/scim+json"
    read = wire("GET", "", base=made.headers["Location"])
    assert (read.status_code, read.json()) == (200, body)
    assert "Mára 😀".encode() in read.content


def test_references_name_the_mount_and_host_of_the_request(wire: Wire, tenant: LiveServer) -> None:
    boss = tenant.user()
    user = tenant.user(**{ENTERPRISE: {"manager": {"value": boss["id"]}}})
    tenant.group(members=(user["id"],))
    root = tenant.url.removesuffix("/scim/v2")
    for mount in ("", "/scim", "/scim/v2"):
        body = wire("GET", f"{mount}/Users/{user['id']}", base=root, Host="other.test").json()
        base = f"http://other.test{mount}"
        assert body["meta"]["location"] == f"{base}/Users/{user['id']}"
        assert body["groups"][0]["$ref"].startswith(f"{base}/Groups/")
        assert body[ENTERPRISE]["manager"]["$ref"] == f"{base}/Users/{boss['id']}"


def test_a_mount_the_quirk_removes_is_404(wire: Wire, tenant: LiveServer) -> None:
    tenant.tenant.accounts.set_quirks(tenant.account, {"mounts": "bare"})
    assert wire("GET", "/Users").status_code == 404
    assert wire("GET", "/Schemas").status_code == 404
    assert wire("GET", "/Users", base=tenant.url.removesuffix("/scim/v2")).status_code == 200


def test_if_none_match_with_the_present_tag_is_304_without_body(wire: Wire, tenant: LiveServer) -> None:
    path = f"/Users/{tenant.user()['id']}"
    tag = wire("GET", path).headers["ETag"]
    for value in (tag, tag.removeprefix("W/"), "*", f'"nope", {tag}'):
        answer = wire("GET", path, If_None_Match=value)
        assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)
    assert wire("GET", path, If_None_Match='"nope"').status_code == 200
    assert wire("GET", path, If_None_Match="nope").status_code == 200


def test_if_match_guards_a_read_too_and_comes_first(wire: Wire, tenant: LiveServer) -> None:
    path = f"/Users/{tenant.user()['id']}"
    tag = wire("GET", path).headers["ETag"]
    for method in ("GET", "HEAD"):
        assert wire(method, path, If_Match=tag).status_code == 200
        assert wire(method, path, If_Match='"9"', If_None_Match=tag).status_code == 412
    assert wire("GET", "/Users/77", If_Match='"9"').status_code == 404


def test_if_match_guards_every_write(wire: Wire, tenant: LiveServer) -> None:
    path = f"/Users/{tenant.user(userName='mara@example.com')['id']}"
    tag = wire("GET", path).headers["ETag"]
    change = patch_body("replace", "title", "Planner")
    assert wire("PATCH", path, change, If_Match='"9"').status_code == 412
    newer = wire("PATCH", path, change, If_Match=tag)
    assert newer.status_code == 200
    assert newer.headers["ETag"] != tag
    assert wire("PUT", path, new_user(), If_Match=tag).status_code == 412
    assert wire("DELETE", path, If_Match=tag).status_code == 412
    assert wire("DELETE", path, If_Match="*").status_code == 204


def test_head_is_get_without_the_body(wire: Wire, tenant: LiveServer) -> None:
    path = f"/Users/{tenant.user()['id']}"
    got, head = wire("GET", path), wire("HEAD", path)
    assert head.content == b""
    assert {**head.headers, "Date": ""} == {**got.headers, "Date": ""}


def test_a_deleted_user_answers_204_and_then_404(wire: Wire, tenant: LiveServer) -> None:
    path = f"/Users/{tenant.user()['id']}"
    answer = wire("DELETE", path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer.headers
    assert wire("GET", path).status_code == 404


def test_patch_answers_the_user_and_nothing_for_a_group(wire: Wire, tenant: LiveServer) -> None:
    user, group = tenant.user(), tenant.group()
    answer = wire("PATCH", f"/Users/{user['id']}", patch_body("Replace", "active", "False"))
    assert (answer.status_code, answer.json()["active"]) == (200, False)
    members = patch_body("Add", "members", [{"$ref": None, "value": user["id"]}])
    answer = wire("PATCH", f"/Groups/{group['id']}", members)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["ETag"] == wire("GET", f"/Groups/{group['id']}").headers["ETag"]
    answer = wire("PATCH", f"/Groups/{group['id']}?attributes=members", members)
    assert answer.status_code == 200
    assert [member["value"] for member in answer.json()["members"]] == [user["id"]]


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/Users"), ("PUT", "/Users/{id}"), ("GET", "/Users/{id}"), ("GET", "/Users")]
)
def test_every_answer_with_a_resource_is_projected(wire: Wire, tenant: LiveServer, method: str, path: str) -> None:
    user = tenant.user(userName="first@example.com", title="Planner")
    body = new_user(title="Planner") if method in {"POST", "PUT"} else None
    answer = wire(method, path.format(id=user["id"]) + "?attributes=title", body).json()
    for resource in answer.get("Resources", [answer]):
        assert set(resource) <= {"schemas", "id", "title"}
        assert resource["id"]


def test_pages_are_counted_from_one_and_bounded(wire: Wire, tenant: LiveServer) -> None:
    for _ in range(4):
        tenant.user()
    page = wire("GET", "/Users?startIndex=2&count=2&sortBy=userName").json()
    assert [page[key] for key in ("totalResults", "startIndex", "itemsPerPage")] == [5, 2, 2]
    assert [page["Resources"][n]["userName"] for n in (0, 1)] == ["user1@example.com", "user2@example.com"]
    for query in (
        "startIndex=0",
        "startIndex=-5",
        "count=99999999999",
        "harness=1",
        "aadOptscim062020",
        "count=5&count=1",
    ):
        page = wire("GET", f"/Users?{query}").json()
        assert (page["totalResults"], page["startIndex"], len(page["Resources"])) == (5, 1, 5)
    for query in ("count=0", "count=-1", "startIndex=100"):
        page = wire("GET", f"/Users?{query}").json()
        assert (page["totalResults"], page["Resources"]) == (5, [])


@pytest.mark.parametrize(
    "query",
    ["filter=userName+eq+%22a%2Bb%40x%22", "filter=userName%20eq%20%22a%2Bb%40x%22", 'filter=userName+eq+"a%2Bb@x"'],
)
def test_filters_arrive_in_every_spelling_clients_send(wire: Wire, tenant: LiveServer, query: str) -> None:
    tenant.user(userName="a+b@x")
    assert wire("GET", f"/Users?{query}").json()["totalResults"] == 1


def test_search_by_post_gives_what_get_gives(wire: Wire, tenant: LiveServer) -> None:
    tenant.user(userName="mara@example.com")
    tenant.group("Mara's group")
    search = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": 'displayName sw "m" or userName sw "m"',
        "attributes": ["userName", "displayName"],
        "sortBy": "id",
    }
    query = "?filter=displayName+sw+%22m%22+or+userName+sw+%22m%22&attributes=userName,displayName&sortBy=id"
    for path, expected in (("", 2), ("/Users", 1)):
        answer = wire("POST", f"{path}/.search", search)
        assert (answer.status_code, answer.json()["totalResults"]) == (200, expected)
        assert answer.json() == wire("GET", f"{path or '/'}{query}").json()


def test_plain_json_is_answered_to_a_client_that_only_takes_that(wire: Wire) -> None:
    assert wire("GET", "/Users", Accept="application/json").headers["Content-Type"] == "application/json"
    assert wire("GET", "/Users/0", Accept="application/json").headers["Content-Type"] == "application/scim+json"


def test_a_group_of_another_schema_as_entra_sends_it_is_created(wire: Wire) -> None:
    other = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
    answer = wire("POST", "/Groups", {"schemas": [GROUP_URN, other], "displayName": "Ops"})
    assert (answer.status_code, answer.json()["members"]) == (201, [])
