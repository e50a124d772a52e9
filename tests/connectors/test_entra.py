"""The simulator of Entra's provisioning service is a connector."""

from __future__ import annotations

from pathlib import Path

import pytest

from mock_samanage.testing import LiveServer
from tests.connectors.entra import main
from tests.connectors.mapping import ENTERPRISE
from tests.connectors.stage import Stage, person, team
from tests.connectors.test_correct import IDA, MARA, OPS


@pytest.fixture
def stage(samanage: LiveServer, tmp_path: Path) -> Stage:
    return Stage(samanage, tmp_path)


def test_a_first_run_creates_everything_and_a_second_writes_nothing(stage: Stage) -> None:
    assert stage.run(main, MARA, IDA, groups=(OPS,)) == 0
    mara, ida = stage.user("mara"), stage.user("ida+ops%20")
    assert (mara["externalId"], mara["displayName"]) == ("mara", MARA["displayName"])
    assert (mara["roles"][0]["value"], ida["roles"][0]["value"]) == ("Service Agent User", "Requester")
    assert (mara[ENTERPRISE]["manager"]["value"], mara[ENTERPRISE]["department"]) == (ida["id"], "Ops & Co")
    (group,) = stage.server.get("/Groups")["Resources"]
    assert {each["value"] for each in group["members"]} == {mara["id"], ida["id"]}
    assert stage.run(main, MARA, IDA, groups=(OPS,), form="csv") == 0
    assert stage.written == []


def test_renamed_disabled_left_and_returned(stage: Stage) -> None:
    stage.run(main, MARA, IDA, groups=(OPS,))
    changed = {**MARA, "userName": "mara.ruiz@fabrik.example", "role": "Requester"}
    assert stage.run(main, changed, groups=(team("t1", "Operations", "mara"),)) == 0
    assert stage.user("mara.ruiz")["roles"][0]["value"] == "Requester"
    assert stage.user("ida")["active"] is False
    assert stage.run(main, {**changed, "active": False}) == 0
    assert stage.user("mara.ruiz")["active"] is False
    assert stage.server.get("/Groups")["totalResults"] == 0
    assert stage.run(main, changed, IDA) == 0
    assert stage.user("mara.ruiz")["active"] is True
    assert stage.user("ida")["active"] is True
    assert not [path for method, path in stage.writes() if method == "DELETE" and "/Users/" in path]


def test_a_refused_credential_is_told(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    source = stage.folder / "source.json"
    source.write_text('{"users": [{"id": "x", "userName": "x@y.example", "active": true}]}', encoding="utf-8")
    assert main({**stage.environ(source), "SAMANAGE_TOKEN": "nope"}) == 1
    assert "not everything was provisioned" in capsys.readouterr().err


def test_what_the_tenant_refuses_is_told(stage: Stage) -> None:
    assert stage.run(lambda environ: main(environ, pause=0), person("one", role="No Such Role"), person("two")) == 1
    assert stage.user("two")["active"] is True
