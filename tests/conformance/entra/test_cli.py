"""`conformance provision`: what it prints, how it ends, and that what is wrong is one clear line."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from conformance.cli import main
from conformance.entra.cli import provision
from conformance.entra.config import read_config
from conformance.entra.database import NAME, held
from conformance.entra.directory.generate import Wish
from mock_samanage.testing import LiveServer
from tests.conformance.entra.folder import GENERATED, Folder


def test_a_run_tells_of_each_cycle_and_where_the_job_stands(folder: Folder) -> None:
    told = folder.call("--cycles", "3")
    first, second, third, last = told.output.splitlines()
    assert first.endswith("initial cycle: 14 created; 41 requests, 27 of them writes. Succeeded.")
    assert second.endswith("incremental cycle: nothing to do; 0 requests, 0 of them writes. Succeeded.")
    assert third.endswith(second[17:])
    assert last.startswith("Status Active; in the connector data store: 12 Users, 2 Groups; next cycle ")
    assert told.exit_code == 0


def test_the_same_directory_goes_on_where_it_was(folder: Folder) -> None:
    folder.call()
    users = len(folder.server.users())
    told = folder.call()
    assert "incremental cycle: nothing to do" in told.output
    assert len(folder.server.users()) == users
    assert len(folder.json("--cycles", "1")["cycles"]) == 1
    assert folder.json()["progress"]["cycles"] == 4


def test_until_quiet_ends_with_a_cycle_that_has_nothing_to_write(folder: Folder) -> None:
    found = folder.json("--until-quiet")
    assert [each["writes"] > 0 for each in found["cycles"]] == [True, False]
    assert found["progress"]["percentage"] == 100
    assert found["cycles"][0]["kind"] == "initial"
    assert found["cycles"][0]["began"].endswith("+00:00")


def test_what_keeps_failing_is_left_by_until_quiet_and_is_no_success(folder: Folder) -> None:
    folder.call()
    folder.server.hook("filterable.set", attributes=["externalId"])
    folder.write("script", "hire zoe@fabrik.example\nassign zoe@fabrik.example Requester")
    told = folder.call("--apply", str(folder.path / "script"), "--until-quiet")
    assert told.exit_code == 1
    assert "1 to be tried again" in told.output.splitlines()[-1]
    assert len(told.output.splitlines()) < 100
    assert folder.call("--cycles", "1").exit_code == 1


def test_a_script_is_applied_before_the_cycle(folder: Folder) -> None:
    folder.write("script", "hire zoe@fabrik.example jobTitle=Lead\nassign zoe@fabrik.example Requester # the free role")
    told = folder.call("--apply", str(folder.path / "script"))
    assert told.exit_code == 0
    (zoe,) = folder.server.users('userName eq "zoe@fabrik.example"')
    assert zoe["title"] == "Lead"


def test_the_source_is_changed_shown_and_written(folder: Folder) -> None:
    assert "join GROUP WHO …" in folder.call("source").output
    folder.write("script", "hire zoe@fabrik.example\ngroup Ops\njoin Ops zoe@fabrik.example")
    assert (
        folder.call("source", str(folder.path / "script"), at=False).output == "3 changes; the next cycle reads them.\n"
    )
    folder.call("source", "--write", str(folder.path / "out.json"), at=False)
    written = json.loads((folder.path / "out.json").read_text(encoding="utf-8"))
    assert len(written["users"]) == 13
    folder.call("source", "--write", str(folder.path / "out"), at=False)
    rows = list(csv.DictReader((folder.path / "out" / "users.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 13


def test_a_source_file_that_changes_is_read_again(folder: Folder) -> None:
    folder.call("source", "--write", str(folder.path / "people.json"), at=False)
    text = GENERATED.partition("[source.generate]")[0] + '[source]\npath = "people.json"\n[job]\ndirectory = "other"\n'
    folder.write("app.toml", text)
    assert "14 created" in folder.call().output
    people = json.loads((folder.path / "people.json").read_text(encoding="utf-8"))
    people["users"][0]["attributes"]["jobTitle"] = "Astronaut"
    folder.write("people.json", json.dumps(people))
    assert "1 updated" in folder.call().output
    assert len(folder.server.users('title eq "Astronaut"')) == 1


def test_the_log_as_a_table_json_and_csv_without_any_secret_at_hand(folder: Folder) -> None:
    folder.call()
    table = folder.call("log", "--last", "3", at=False)
    assert table.exit_code == 0
    assert table.output.count("success") == 3
    found = json.loads(folder.call("log", "--action", "create", "--json", at=False).stdout)
    assert {each["provisioningAction"] for each in found} == {"create"}
    assert len(found) == 14
    told = folder.call("log", "--csv", str(folder.path / "csv"), at=False)
    assert [Path(line).name for line in told.output.splitlines()] == [
        "logs.csv",
        "steps.csv",
        "modified_properties.csv",
    ]
    assert json.loads(folder.call("log", "--status", "failure", "--json", at=False).stdout) == []
    who = found[0]["sourceIdentity"]
    one = json.loads(folder.call("log", "--who", who["id"], "--json", at=False).stdout)
    assert {each["sourceIdentity"]["id"] for each in one} == {who["id"]}
    cycle = found[0]["cycleId"]
    assert len(json.loads(folder.call("log", "--cycle", cycle, "--json", at=False).stdout)) >= 14


def test_the_audit_log(folder: Folder) -> None:
    folder.call()
    folder.call("pause", at=False)
    folder.call("restart", "--scopes", "Full,ForceDeletes", at=False)
    lines = folder.call("log", "--audit", at=False).output.splitlines()
    assert [line.split(" ", 2)[2].partition(" (")[0] for line in lines] == [
        "Enable/start provisioning",
        "Disable/pause provisioning",
        "Enable/restart provisioning",
    ]
    found = json.loads(folder.call("log", "--audit", "--json", at=False).stdout)
    assert "ForceDeletes" in found[-1]["details"]["resetScope"]


def test_pause_start_restart_and_status(folder: Folder) -> None:
    folder.call()
    assert "no cycle follows: `conformance provision start` lets it go on." in folder.call("pause", at=False).output
    told = folder.call()
    assert (told.exit_code, "Status Paused" in told.output) == (2, True)
    assert "next cycle" in folder.call("start", at=False).output
    folder.call("restart", at=False)
    assert "initial cycle" in folder.call().output
    assert folder.call("status", at=False).output.startswith("Status Active; in the connector data store: 12 Users")
    found = json.loads(folder.call("status", "--json", at=False).stdout)
    assert found["status"]["code"] == "Active"
    assert found["status"]["lastExecution"]["timeBegan"].endswith("+00:00")


def test_a_job_that_is_switched_off_says_so(folder: Folder) -> None:
    folder.write("app.toml", GENERATED.replace("[credentials]", "enabled = false\n[credentials]"))
    told = folder.call()
    assert (told.exit_code, "no cycle follows: enabled = false in app.toml." in told.output) == (2, True)


def test_staged_deletions_are_allowed_by_a_restart(folder: Folder) -> None:
    folder.write("app.toml", GENERATED + "[job]\ndeletions = 2\n")
    folder.call()
    people = json.loads(folder.call("log", "--action", "create", "--json", at=False).stdout)[:3]
    folder.write("script", "\n".join(f"disable {each['sourceIdentity']['id']}" for each in people))
    told = folder.call("--apply", str(folder.path / "script"))
    assert (told.exit_code, "3 staged" in told.output, "quarantine TooManyDeletes" in told.output) == (1, True, True)
    folder.call("restart", "--scopes", "ForceDeletes", at=False)
    told = folder.call()
    assert (told.exit_code, "3 disabled" in told.output) == (0, True)


def test_a_refused_token_is_a_quarantine_and_exit_code_1(folder: Folder) -> None:
    told = folder.call("--token", "wrong")
    assert told.exit_code == 1
    assert "Unauthorized: " in told.output
    assert "quarantine EncounteredQuarantineException" in told.output.splitlines()[-1]
    assert folder.call("test-connection", "--help").exit_code == 0
    assert folder.call().exit_code == 0


def test_test_connection(folder: Folder) -> None:
    good = folder.call("test-connection")
    assert (good.exit_code, good.output) == (0, "The supplied credentials are authorized.\n")
    bad = CliRunner().invoke(
        main,
        [
            "provision",
            "--config",
            str(folder.path / "app.toml"),
            "--at-url",
            folder.server.url,
            "--token",
            "x",
            "test-connection",
        ],
    )
    assert bad.exit_code == 1
    assert bad.output.startswith("SystemForCrossDomainIdentityManagementCredentialValidationFailure")
    assert not (folder.path / "job").exists()


def test_on_demand_shows_each_step(folder: Folder) -> None:
    folder.write("script", "hire zoe@fabrik.example\nassign zoe@fabrik.example Requester")
    folder.call("source", str(folder.path / "script"), at=False)
    told = folder.call("on-demand", "zoe@fabrik.example")
    assert told.exit_code == 0
    assert [line.split()[0] for line in told.output.splitlines() if not line.startswith(" ")] == [
        "import",
        "scoping",
        "matching",
        "export",
    ]
    (found,) = json.loads(folder.call("on-demand", "zoe@fabrik.example", "--json").stdout)
    assert found["provisioningSteps"][-1]["details"]["SkipReason"] == "RedundantExport"


def test_on_demand_may_be_used_many_times_in_a_row(folder: Folder) -> None:
    folder.write("script", "hire zoe@fabrik.example\nassign zoe@fabrik.example Requester")
    folder.call("source", str(folder.path / "script"), at=False)
    assert [folder.call("on-demand", "zoe@fabrik.example").exit_code for _ in range(7)] == [0] * 7


def test_on_demand_that_fails_is_exit_code_1(folder: Folder) -> None:
    folder.server.hook("filterable.set", attributes=["externalId"])
    told = folder.call("on-demand", "Ops team 1", "--member", "nobody")
    assert (told.exit_code, told.output) == (2, "conformance: 'nobody' is no member of Ops team 1\n")
    folder.write("script", "hire zoe@fabrik.example\nassign zoe@fabrik.example Requester")
    folder.call("source", str(folder.path / "script"), at=False)
    told = folder.call("on-demand", "zoe@fabrik.example")
    assert told.exit_code == 1
    assert "TestConnection" in told.output or "failure" in told.output


Wrong = Callable[[Folder], list[str]]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["--config", "none.toml"],
            "none.toml cannot be read: No such file or directory; `conformance provision init`",
        ),
        (["--at-url", "ftp://x"], "application.tenant_url: the tenant URL is an http(s) URL"),
        (["--apply", "none"], "none cannot be read: "),
        (["--apply", "bad"], "line 2: 'fire' is no change"),
        (["source", "bad"], "line 2: 'fire' is no change"),
        (["restart", "--scopes", "Everything"], "'Everything' is not a valid ResetScope; a reset scope is"),
        (["on-demand", "nobody"], "'nobody' is nobody's id, userPrincipalName, mail or displayName"),
        (["source", "--write", "no/folder.json"], "no/folder.json cannot be written: No such file or directory"),
        (["init", "app.toml"], "app.toml is there already; name another file, or remove it"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_2(
    folder: Folder, words: list[str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.path)
    folder.write("bad", "# comment\nfire ana")
    found = CliRunner().invoke(
        main, ["provision", "--at-url", folder.server.url, "--token", folder.server.token, *words]
    )
    assert found.exit_code == 2
    assert found.output.startswith("conformance: ")
    assert told in found.output
    assert found.output.count("\n") == 1


@pytest.mark.parametrize("words", [["log"], ["status"]])
def test_a_job_that_is_not_there_is_told(folder: Folder, words: list[str]) -> None:
    found = folder.call(*words, at=False)
    assert found.exit_code == 2
    assert found.output.endswith("holds no job yet; `conformance provision` begins one\n")


def test_a_missing_secret_is_told_where_it_is_needed(folder: Folder) -> None:
    found = folder.call(at=False)
    assert found.exit_code == 2
    assert "credentials.token: the environment variable 'NO_SUCH_TOKEN' is not set" in found.output


def test_a_directory_that_cannot_be_made_is_told(folder: Folder) -> None:
    folder.write("job", "a file")
    found = folder.call()
    assert (found.exit_code, "cannot be made for the job" in found.output) == (2, True)


def test_a_file_that_is_no_job_is_told(folder: Folder) -> None:
    (folder.path / "job").mkdir()
    (folder.path / "job" / NAME).write_text("nothing that a database would write" * 50, encoding="utf-8")
    for words in ([], ["status"], ["log"]):
        found = folder.call(*words)
        assert (found.exit_code, "cannot be opened as the file of a job" in found.output) == (2, True)


def test_a_job_that_runs_can_be_looked_at_and_not_run_again(folder: Folder) -> None:
    folder.call()
    with held(folder.path / "job" / NAME):
        assert folder.call("status", at=False).exit_code == 0
        assert folder.call("log", at=False).exit_code == 0
        found = folder.call()
        assert (found.exit_code, "another process runs this job; wait for its end" in found.output) == (2, True)


def test_a_run_that_is_killed_is_resumed_without_anything_twice(folder: Folder) -> None:
    folder.write("app.toml", GENERATED.replace("users = 12", "users = 300") + "[job]\nrate = 100\n")
    words = ["provision", "--config", str(folder.path / "app.toml"), "--at-url", folder.server.url]
    environment = {**os.environ, "SCIM_TOKEN": folder.server.token}
    with subprocess.Popen([sys.executable, "-m", "conformance", *words], env=environment) as process:
        deadline = time.monotonic() + 60
        while len(folder.server.users()) < 20 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    made = folder.server.get("/Users?count=1")["totalResults"]
    assert 20 <= made < 290
    folder.write("app.toml", GENERATED.replace("users = 12", "users = 300"))
    told = folder.call("--until-quiet")
    assert told.exit_code == 0
    names = [each["userName"] for each in _everybody(folder.server)]
    assert len(names) == len({*names}) == 300 - 300 // 40 + 1  # without those disabled, with the administrator
    ids = [each["id"] for each in json.loads(folder.call("log", "--json", at=False).stdout)]
    assert len(ids) == len({*ids})


def _everybody(server: LiveServer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        page = server.get(f"/Users?startIndex={len(found) + 1}&count=100&attributes=userName")["Resources"]
        found += page
        if not page:
            return found


def test_init_writes_a_configuration_that_runs(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.path)
    (folder.path / "app.toml").unlink()
    told = CliRunner().invoke(main, ["provision", "init"])
    assert told.output.startswith("app.toml is written; enter tenant URL, credentials and source")
    assert "98 Users, 5 Groups" in folder.call("--until-quiet").output


def test_init_takes_the_size_and_the_seed_of_what_is_invented(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.path)
    (folder.path / "app.toml").unlink()
    CliRunner().invoke(main, ["provision", "init", "--users", "20", "--groups", "2", "--seed", "3"])
    found = read_config(folder.path / "app.toml", token="x").source
    assert found == Wish(users=20, groups=2, seed=3)
    assert " 2 Groups" in folder.call("--until-quiet").output


def test_a_rate_and_a_concurrency_go_before_the_configured(folder: Folder) -> None:
    config = read_config(folder.path / "app.toml", token="x")
    assert config.hastened(2, 0.5).application.settings == replace(config.application.settings, concurrency=2, rate=0.5)
    assert config.hastened(None, None) == config
    assert folder.call("--concurrency", "1", "--rate", "10000").exit_code == 0
    assert folder.call("--rate", "0").exit_code == 2


@pytest.mark.parametrize("name", [None, *provision.commands])
def test_every_command_has_a_help_text(name: str | None) -> None:
    words = ["provision", *([name] if name else []), "--help"]
    told = CliRunner().invoke(main, words)
    assert told.exit_code == 0
    command = provision if name is None else provision.commands[name]
    assert command.help
    for parameter in command.params:
        shown = max(parameter.opts, key=len) if parameter.param_type_name == "option" else parameter.name or ""
        assert shown.lower() in told.output.lower()
        assert parameter.param_type_name == "argument" or getattr(parameter, "help", None), shown


def test_functions_and_switches_are_listed() -> None:
    functions = CliRunner().invoke(main, ["provision", "functions"]).output
    assert "SingleAppRoleAssignment" in functions
    switches = CliRunner().invoke(main, ["provision", "switches"]).output
    assert "default-access = left-out  [documented: " in switches
