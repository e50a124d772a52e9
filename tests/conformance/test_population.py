"""Bodies a target accepts: templates, samples, what its schema requires."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from conformance.client import Answer, ScimClient
from conformance.errors import UsageFault
from conformance.options import Options, complete
from conformance.population import OMIT, Groups, Users, users_template
from conformance.run import Run, effort_of, new_prefix
from conformance.samples import parse_samples, read_template, required_values, sample
from conformance.transport import Transport
from tests.conformance.conftest import exchange

RUN = Run("cfx-", worker="w0")


def client() -> ScimClient:
    return ScimClient("http://scim.test", Transport(), {})


def test_names_are_unique_and_begin_with_the_prefix() -> None:
    names = {RUN.name("a"), RUN.name("a"), RUN.email("b"), RUN.name()}
    assert len(names) == 4
    assert all(name.startswith("cfx-w0") for name in names)
    assert len({new_prefix() for _ in range(20)}) == 20


def test_a_body_takes_template_and_attributes() -> None:
    users = Users(client(), RUN, "/Users", {"title": "Engineer", "active": False})
    body = users.body(active=True, displayName=OMIT, nickName=None)
    assert (body["title"], body["active"], body["nickName"]) == ("Engineer", True, None)
    assert "displayName" not in body
    assert body["userName"] == body["emails"][0]["value"]
    assert users.path({"id": "7"}) == users.path("7") == "/Users/7"
    assert Groups(client(), RUN, "/Groups").body(members=[])["members"] == []


def test_what_a_bulk_job_made_is_taken_over_by_endpoint() -> None:
    job = (
        b'{"Operations": [{"method": "POST", "bulkId": "u", "status": "201", "location": "http://scim.test/Users/5"},'
        b' {"method": "POST", "bulkId": "g", "status": "201", "location": "http://scim.test/Groups/6"}]}'
    )
    answer = Answer(exchange("POST", "http://scim.test/Bulk", body=job))
    users, groups = Users(client(), RUN, "/Users"), Groups(client(), RUN, "/Groups", left=True)
    users.adopt(answer)
    groups.adopt(answer)
    assert (users.made, groups.made) == (["5"], ["6"])
    groups.clear()  # nothing is sent: they are left to the end of the run
    assert groups.made == ["6"]


def test_required_attributes_are_filled() -> None:
    definitions: list[dict[str, Any]] = [
        {"name": "userName", "required": True},
        {"name": "id", "required": True, "mutability": "readOnly"},
        {"name": "level", "required": True, "type": "integer"},
        {"name": "kind", "required": True, "canonicalValues": ["x", "y"]},
        {
            "name": "mails",
            "required": True,
            "type": "complex",
            "multiValued": True,
            "subAttributes": [{"name": "value"}],
        },
        {"name": "spare"},
    ]
    assert required_values(definitions) == {"level": 1, "kind": "x", "mails": [{"value": "sample"}]}
    assert users_template(definitions, {"level": 2}, {"kind": "y"}) == {
        "level": 2,
        "kind": "y",
        "mails": [{"value": "sample"}],
    }
    assert sample({"type": "complex", "subAttributes": [{"name": "a", "required": True, "type": "boolean"}]}) == {
        "a": True
    }


def test_samples_are_json_or_text() -> None:
    assert parse_samples(["a=1", "b=x=y", 'c={"d": []}']) == {"a": 1, "b": "x=y", "c": {"d": []}}
    with pytest.raises(UsageFault, match="is not attr=value"):
        parse_samples(["a"])


def test_a_template_is_one_json_object(tmp_path: Path) -> None:
    path = tmp_path / "user.json"
    path.write_text('{"title": "x"}', encoding="utf-8")
    assert read_template(str(path)) == {"title": "x"}
    assert read_template(None) == {}
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(UsageFault, match="holds no JSON object"):
        read_template(str(path))
    with pytest.raises(UsageFault, match="cannot be read as JSON"):
        read_template(str(tmp_path / "none"))


def test_a_ready_file_gives_url_credentials_and_hooks(tmp_path: Path) -> None:
    path = tmp_path / "ready.json"
    path.write_text(
        '{"url": "http://a.test/scim/v2/", "token": "t", "control": "http://b.test/_control"}', encoding="utf-8"
    )
    found = complete(Options(ready_file=str(path)), {"SCIM_TOKEN": "other"})
    assert (found.target, found.token, found.hooks) == ("http://a.test/scim/v2", "t", "http://b.test/_control/hooks")
    own = complete(Options(ready_file=str(path), username="me", password="pw"), {})
    assert (own.token, own.credential) == (None, "basic")
    path.write_text('{"url": "http://a.test", "token": null, "username": "u", "password": "p"}', encoding="utf-8")
    assert complete(Options(ready_file=str(path)), {}).username == "u"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(UsageFault, match="it has no url"):
        complete(Options(ready_file=str(path)), {})


def test_options_that_make_no_sense_are_told() -> None:
    with pytest.raises(UsageFault, match="needs --password"):
        complete(Options(username="me"), {})
    with pytest.raises(UsageFault, match="is not 'Name: value'"):
        Options(header=("X",)).extra_headers()
    with pytest.raises(UsageFault, match="--effort is one of"):
        effort_of("much")
    assert complete(Options(username="me"), {"SCIM_PASSWORD": "pw"}).password == "pw"
    assert complete(Options(), {"SCIM_TOKEN": "t"}).token == "t"


def test_options_become_pytest_arguments() -> None:
    options = Options(target="http://a", profile=("x", "y"), keep=True, seed=0, timeout=30.0)
    assert list(options.arguments()) == [
        "--scim-target=http://a",
        "--scim-profile=x",
        "--scim-profile=y",
        "--scim-seed=0",
        "--scim-keep",
    ]
