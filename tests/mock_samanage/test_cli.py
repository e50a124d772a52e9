"""The command line: what it prints, what it refuses, what it leaves behind."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from mock_samanage.cli import main

DATA = Path(__file__).parents[1] / "data"
COMMAND = [sys.executable, "-m", "mock_samanage"]
ENVIRONMENT = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env={**ENVIRONMENT, **environment},
        check=False,
    )


@pytest.fixture
def unsignalled() -> Iterator[None]:
    """Puts the handler of SIGTERM back, which `serve` takes over."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@contextmanager
def serving(
    tmp_path: Path, *arguments: str, **environment: str
) -> Iterator[tuple[dict[str, Any], subprocess.Popen[str]]]:
    """A server with what its ready file says; stopped with SIGTERM, which must end it with code 0."""
    ready = tmp_path / "ready.json"
    ready.unlink(missing_ok=True)
    command = [*COMMAND, "serve", "--port", "0", "--ready-file", str(ready), *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**ENVIRONMENT, **environment}
    )
    try:
        for _ in range(6000):
            if ready.exists() or process.poll() is not None:
                break
            time.sleep(0.01)
        assert ready.exists(), process.communicate()[1]
        yield json.loads(ready.read_text()), process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        process.communicate()
    assert process.returncode == 0


def users(ready: dict[str, Any], **options: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {ready['token']}"} if ready["token"] else {}
    return requests.get(f"{ready['url']}/Users", headers=headers, timeout=10, **options)


def test_serve_answers_what_its_ready_file_says(tmp_path: Path) -> None:
    with serving(tmp_path, "--users", "5", "--seed", "7") as (ready, process):
        assert list(ready) == ["url", "token", "username", "password", "account", "control", "pid"]
        assert ready["pid"] == process.pid
        assert stat.S_IMODE((tmp_path / "ready.json").stat().st_mode) == 0o600
        assert users(ready).json()["totalResults"] == 6
        assert requests.get(f"{ready['url']}/Users", auth=(ready["username"], ready["password"]), timeout=10).ok
        listed = requests.get(f"{ready['control']}/accounts", timeout=10).json()["accounts"]
        assert [account["url"] for account in listed] == [ready["url"]]
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(11)]
    text = "".join(lines)
    for shown in (ready["url"], ready["token"], ready["username"], ready["password"], ready["control"]):
        assert shown in text
    assert "curl" in text


def test_the_printed_curl_line_works_when_pasted(tmp_path: Path) -> None:
    for phase in ("basic", "transition"):
        with serving(tmp_path, "--phase", phase) as (_ready, process):
            assert process.stdout is not None
            line = next(line for line in process.stdout if line.startswith("curl "))
            answer = subprocess.run(shlex.split(line), capture_output=True, text=True, timeout=30, check=True)
        assert json.loads(answer.stdout)["totalResults"] == 1


def test_the_same_seed_makes_the_same_people(tmp_path: Path) -> None:
    names = []
    for seed in ("7", "7", "8"):
        with serving(tmp_path, "--users", "5", "--seed", seed) as (ready, _process):
            names.append([user["userName"] for user in users(ready).json()["Resources"]])
    assert names[0] == names[1] != names[2]


def test_a_stored_account_keeps_its_secrets_until_they_are_reset(tmp_path: Path) -> None:
    store = str(tmp_path / "tenant.db")
    with serving(tmp_path, "--store", store) as (first, _process):
        assert users(first).ok
    with serving(tmp_path, "--store", store) as (second, _process):
        assert (second["token"], second["password"]) == (None, None)
        assert users({**second, "token": first["token"]}).ok
    reset = run("credential", "reset", "--store", store)
    assert reset.returncode == 0, reset.stderr
    token = reset.stdout.split("token: ")[1].split()[0]
    with serving(tmp_path, "--store", store) as (third, _process):
        assert users({**third, "token": first["token"]}).status_code == 401
        assert users({**third, "token": token}).ok


def test_given_secrets_quirks_and_sets_are_taken(tmp_path: Path) -> None:
    options = ["--token", "my-own-token", "--password", "my own password", "--username", "boss@example.com"]
    options += ["--quirk", "mounts=bare", "--filterable", "userName,emails.value", "--preset", "strict"]
    with serving(tmp_path, *options) as (ready, _process):
        assert (ready["token"], ready["username"]) == ("my-own-token", "boss@example.com")
        assert ready["url"].count("/") == 2
        assert users(ready, params={"filter": 'userName eq "boss@example.com"'}).json()["totalResults"] == 1
        assert users(ready, params={"filter": "title pr"}).status_code == 400
        account = requests.get(f"{ready['control']}/accounts/samanage", timeout=10).json()
        assert (account["preset"], account["filterable"]) == ("strict", ["userName", "emails.value"])


def test_options_come_from_the_environment_and_a_file(tmp_path: Path) -> None:
    (tmp_path / "serve.toml").write_text('users = 2\nphase = "token"\nquirk = ["mounts=scim"]\n')
    with serving(tmp_path, "--config", str(tmp_path / "serve.toml"), MOCK_SAMANAGE_TOKEN="from-outside") as (
        ready,
        _process,
    ):
        assert ready["token"] == "from-outside"
        assert ready["url"].endswith("/scim")
        assert users(ready).json()["totalResults"] == 3


def test_tls_is_served_with_the_given_pair(tmp_path: Path) -> None:
    pair = ["--tls-cert", str(DATA / "tls-cert.pem"), "--tls-key", str(DATA / "tls-key.pem")]
    with serving(tmp_path, *pair) as (ready, _process):
        assert ready["url"].startswith("https://")
        answer = users(ready, verify=str(DATA / "tls-cert.pem"))
        assert answer.json()["Resources"][0]["meta"]["location"].startswith(ready["url"])


def test_several_workers_share_data_and_journal(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as (ready, _process):
        for _ in range(6):
            assert users(ready).status_code == 200
        control = f"{ready['control']}/accounts/{ready['account']}"
        requests.put(f"{control}/phase", json={"phase": "token"}, timeout=10)
        assert (
            requests.get(f"{ready['url']}/Users", auth=(ready["username"], ready["password"]), timeout=10).status_code
            == 401
        )
        assert len(requests.get(f"{control}/journal?path=/Users", timeout=10).json()) == 7
        refused = requests.put(f"{control}/faults", json={"faults": [{"kind": "garbage"}]}, timeout=10)
        assert refused.status_code == 409
        assert "--workers 1" in refused.json()["error"]


def test_granian_plays_faults_of_the_answer_and_refuses_those_of_the_wire(tmp_path: Path) -> None:
    with serving(tmp_path) as (ready, _process):
        plan = f"{ready['control']}/accounts/{ready['account']}/faults"
        rules = [{"kind": "status", "status": 503, "retry_after": 1}, {"kind": "garbage"}]
        assert requests.put(plan, json={"faults": rules}, timeout=10).ok
        assert (users(ready).status_code, users(ready).text[-6:]) == (503, '{"id":')
        assert users(ready).json()["totalResults"] == 1
        for kind in ("timeout", "cut", "truncate"):
            refused = requests.post(plan, json={"kind": kind}, timeout=10)
            assert (refused.status_code, "--faults" in refused.json()["error"]) == (409, True)


def test_a_plan_in_a_file_is_played_over_the_wire_too(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text('[[fault]]\nkind = "cut"\n[[fault]]\nkind = "status"\nstatus = 500\n')
    with serving(tmp_path, "--faults", str(tmp_path / "plan.toml"), "--users", "2") as (ready, process):
        assert list(ready) == ["url", "token", "username", "password", "account", "control", "pid"]
        assert ready["pid"] == process.pid
        with pytest.raises(requests.ConnectionError):
            users(ready)
        assert [users(ready).status_code for _ in range(2)] == [500, 200]
        assert users(ready).json()["totalResults"] == 3
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


def test_an_empty_plan_lets_the_control_api_set_faults_of_the_wire(tmp_path: Path) -> None:
    (tmp_path / "none.toml").touch()
    with serving(tmp_path, "--faults", str(tmp_path / "none.toml")) as (ready, _process):
        plan = f"{ready['control']}/accounts/{ready['account']}/faults"
        assert requests.get(plan, timeout=10).json() == {"faults": []}
        assert requests.post(plan, json={"kind": "truncate"}, timeout=10).status_code == 201
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            users(ready)
        assert users(ready).ok


@pytest.mark.usefixtures("unsignalled")
def test_a_wrong_plan_is_one_line_that_names_file_rule_and_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "plan.toml"
    file.write_text('[[fault]]\nkind = "status"\nstatus = "soon"\n')
    with pytest.raises(SystemExit) as end:
        main(["serve", "--port", "0", "--faults", str(file)])
    told = capsys.readouterr().err
    wanted = f"{file}: Fault 1 (status): \"status\" is a status from 200 to 599, not 'soon'."
    assert (end.value.code, told) == (2, f"mock-samanage: {wanted}\n")


def test_a_public_url_is_what_references_name(tmp_path: Path) -> None:
    with serving(tmp_path, "--public-url", "https://tenant.example/scim/") as (ready, process):
        assert ready["url"] == "https://tenant.example/scim"
        port = requests.get(f"{ready['control']}/accounts", timeout=10).json()
        assert port["accounts"][0]["url"] == "https://tenant.example/scim"
        assert process.poll() is None


def test_an_interrupt_ends_the_server_cleanly(tmp_path: Path) -> None:
    with serving(tmp_path) as (ready, process):
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        with pytest.raises(requests.ConnectionError):
            users(ready)


@pytest.mark.usefixtures("unsignalled")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--phase", "later"], "phase"),
        (["--preset", "loose"], "preset"),
        (["--plan", "free"], "plan"),
        (["--quirk", "nope=1"], "nope"),
        (["--quirk", "mounts=nowhere"], "mounts"),
        (["--quirk", "mounts"], "NAME=VALUE"),
        (["--filterable", "userName,nope"], "nope"),
        (["--port", "x"], "--port"),
        (["--port", "70000"], "--port"),
        (["--host", "no.such.host.invalid"], "no.such.host.invalid"),
        (["--users", "-1"], "--users"),
        (["--store", "mysql://h/x"], "mysql"),
        (["--store", "/no/such/folder/a.db"], "/no/such/folder"),
        (["--tls-cert", "nowhere.pem"], "--tls-key"),
        (["--tls-cert", "nowhere.pem", "--tls-key", "nowhere.pem"], "nowhere.pem"),
        (["--public-url", "tenant"], "--public-url"),
        (["--token", "with a space"], "token"),
        (["--username", "nobody"], "e-mail"),
        (["--phase", "basic", "--token", "abc"], "basic"),
        (["--config", "nowhere.toml"], "nowhere.toml"),
        (["--workers", "2", "--store", ":memory:"], "memory"),
        (["--workers", "2", "--faults", "plan.toml"], "--workers"),
        (["--faults", "nowhere.toml"], "nowhere.toml"),
        (["--nonsense"], "--nonsense"),
        (["--ready-file", "/no/such/folder/ready.json"], "ready.json"),
    ],
)
def test_wrong_options_are_one_line_and_exit_code_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["serve", "--port", "0", *arguments])
    told = capsys.readouterr()
    assert (end.value.code, told.out) == (2, "")
    assert told.err.startswith("mock-samanage: ")
    assert told.err.count("\n") == 1
    assert said in told.err


def test_a_port_in_use_is_one_line_and_exit_code_2() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "in use" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no database\n" * 100)
    for command in (["serve", "--port", "0"], ["credential", "reset"]):
        done = run(*command, "--store", str(tmp_path / "notes.txt"))
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert run("credential", "reset", "--store", str(tmp_path / "none.db")).returncode == 2


def test_quirks_are_listed_with_their_confidence() -> None:
    listed = run("quirks").stdout
    for word in ("mounts", "documented", "assumed", "(default)", "Requester"):
        assert word in listed


def test_kinds_of_faults_are_listed_with_their_keys() -> None:
    listed = run("faults").stdout
    for word in ("ignore-filter", "retry_after_date", "(needed)", "every server", "serve --faults, LiveServer"):
        assert word in listed


def test_version_and_help_are_told() -> None:
    assert run("--version").stdout.startswith("mock-samanage, version 0.")
    assert "--ready-file" in run("serve", "--help").stdout
    nothing = run("nonsense")
    assert (nothing.returncode, nothing.stderr.count("\n")) == (2, 1)
