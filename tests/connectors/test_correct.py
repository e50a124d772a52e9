"""The correct connector brings a source into a tenant, and writes nothing where nothing changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from mock_samanage.testing import LiveServer
from tests.connectors.correct import main
from tests.connectors.mapping import ENTERPRISE
from tests.connectors.stage import Stage, person, team

MARA = person(
    "mara",
    givenName="Mara",
    familyName="O'Neil",
    displayName='Mara "M" O\\Neil',
    title="Lead",
    department="Ops & Co",
    phone="+1 555 0100",
    role="Service Agent User",
    manager="ida",
)
IDA = person("ida", userName="ida+ops%20@fabrik.example", displayName="Ida Øst")
OPS = team("t1", "Ops", "mara", "ida")


@pytest.fixture
def stage(samanage: LiveServer, tmp_path: Path) -> Stage:
    return Stage(samanage, tmp_path)


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_first_run_creates_everything_and_a_second_writes_nothing(stage: Stage, form: str) -> None:
    assert stage.run(main, MARA, IDA, groups=(OPS,), form=form) == 0
    mara, ida = stage.user("mara"), stage.user("ida+ops%20")
    assert (mara["externalId"], mara["name"], mara["title"]) == (
        "mara",
        {"givenName": "Mara", "familyName": "O'Neil"},
        "Lead",
    )
    assert (mara["displayName"], mara["roles"][0]["value"]) == (MARA["displayName"], "Service Agent User")
    assert (mara[ENTERPRISE]["manager"]["value"], mara[ENTERPRISE]["department"]) == (ida["id"], "Ops & Co")
    (group,) = stage.server.get("/Groups")["Resources"]
    assert (group["displayName"], {each["value"] for each in group["members"]}) == ("Ops", {mara["id"], ida["id"]})
    assert stage.run(main, MARA, IDA, groups=(OPS,), form=form) == 0
    assert stage.written == []


def test_a_second_run_without_state_writes_nothing(stage: Stage) -> None:
    stage.run(main, MARA, IDA, groups=(OPS,))
    (stage.folder / "links.json").unlink()
    assert stage.run(main, MARA, IDA, groups=(OPS,)) == 0
    assert stage.written == []


def test_who_is_in_the_tenant_is_taken_over(stage: Stage) -> None:
    before = stage.server.user(userName="IDA@Fabrik.example", title="Clerk")
    assert stage.run(main, person("ida")) == 0
    (after,) = stage.server.users('externalId eq "ida"')
    assert (after["id"], after["userName"]) == (before["id"], "ida@fabrik.example")
    assert "title" not in after


def test_a_change_is_one_patch_of_what_changed(stage: Stage) -> None:
    stage.run(main, MARA, IDA, groups=(OPS,))
    before = stage.user("mara")
    renamed = {**MARA, "userName": "mara.ruiz@fabrik.example", "email": "mara.ruiz@fabrik.example", "phone": ""}
    assert stage.run(main, renamed, IDA, groups=(team("t1", "Operations", "ida"),)) == 0
    after = stage.user("mara.ruiz")
    assert [method for method, _ in stage.written] == ["PATCH", "PATCH"]
    assert (after["id"], after["emails"][0]["value"], "phoneNumbers" in after) == (
        before["id"],
        "mara.ruiz@fabrik.example",
        False,
    )
    (group,) = stage.server.get("/Groups")["Resources"]
    assert (group["displayName"], len(group["members"])) == ("Operations", 1)


def test_role_and_manager_change_and_go(stage: Stage) -> None:
    stage.run(main, MARA, IDA)
    assert stage.run(main, {**MARA, "role": "Requester", "manager": ""}, {**IDA, "manager": "mara"}) == 0
    mara, ida = stage.user("mara"), stage.user("ida")
    assert mara["roles"][0]["value"] == "Requester"
    assert "manager" not in mara[ENTERPRISE]
    assert ida[ENTERPRISE]["manager"]["value"] == mara["id"]


def test_who_leaves_is_disabled_and_may_return(stage: Stage) -> None:
    stranger = stage.server.user(userName="stranger@fabrik.example")
    stage.run(main, MARA, IDA, groups=(OPS,))
    assert stage.run(main, {**MARA, "manager": ""}) == 0
    assert stage.user("ida")["active"] is False
    assert stage.server.get("/Groups")["totalResults"] == 0
    assert stage.server.get(f"/Users/{stranger['id']}")["active"] is True
    assert stage.run(main, {**MARA, "manager": ""}) == 0
    assert stage.written == []
    assert stage.run(main, MARA, IDA) == 0
    assert stage.user("ida")["active"] is True


def test_a_refused_credential_ends_it(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    source = stage.folder / "source.json"
    source.write_text('{"users": [{"id": "x", "userName": "x", "active": true}]}', encoding="utf-8")
    wrong = {**stage.environ(source), "SAMANAGE_USERNAME": stage.server.username, "SAMANAGE_PASSWORD": "p"}
    assert main({**wrong, "SAMANAGE_TOKEN": "nope"}) == 1
    assert "401" in capsys.readouterr().err


def test_what_the_tenant_refuses_is_told_and_the_rest_is_done(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    assert stage.run(main, person("one", role="No Such Role"), person("two")) == 1
    assert "user one" in capsys.readouterr().err
    assert stage.user("two")["active"] is True


def test_a_source_that_cannot_be_read_is_told(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(stage.environ(stage.folder / "nowhere.json")) == 1
    assert "nowhere.json" in capsys.readouterr().err
