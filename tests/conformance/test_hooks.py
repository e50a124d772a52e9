"""Hooks over HTTP and commands; accounts made through them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.accounts import Accounts
from conformance.client import ScimClient
from conformance.errors import HookAbsent, HookRefused, UsageFault
from conformance.hooks import CommandHooks, HttpHooks, hooks_for
from conformance.ledger import Entry, Ledger, open_entries
from conformance.transport import Transport
from tests.conformance.tiny import Tiny

SCRIPT = """
import json, sys
asked = json.load(sys.stdin)
if asked["hook"] == "none": sys.exit(69)
if asked["hook"] == "bad": print("not now", file=sys.stderr); sys.exit(3)
if asked["hook"] == "told": print('{"error": "told so"}'); sys.exit(4)
if asked["hook"] == "odd": print("[]")
else: print(json.dumps(asked))
"""


@pytest.fixture
def command(tmp_path: Path) -> CommandHooks:
    script = tmp_path / "hooks.py"
    script.write_text(SCRIPT, encoding="utf-8")
    return CommandHooks(f"{sys.executable} {script}")


@pytest.fixture
def client(tiny: Tiny) -> Iterator[ScimClient]:
    transport = Transport(timeout=2.0)
    yield ScimClient(tiny.url, transport, {})
    transport.close()


def test_a_command_gets_and_gives_one_object(command: CommandHooks) -> None:
    assert command.call("phase.set", account="a", phase="token") == {
        "hook": "phase.set",
        "account": "a",
        "phase": "token",
    }


@pytest.mark.parametrize(("hook", "told"), [("bad", "not now"), ("told", "told so"), ("odd", "no JSON object")])
def test_a_command_refuses_with_its_reason(command: CommandHooks, hook: str, told: str) -> None:
    with pytest.raises(HookRefused, match=told):
        command.call(hook)


def test_a_command_says_that_a_hook_is_absent(command: CommandHooks) -> None:
    with pytest.raises(HookAbsent, match="does not offer the hook none"):
        command.call("none")


def test_a_command_that_is_none_is_told() -> None:
    with pytest.raises(HookRefused, match="cannot run"):
        CommandHooks("/no/such/command").call("x")
    with pytest.raises(UsageFault, match="is empty"):
        hooks_for(" ")


def test_http_hooks_answer_refuse_or_are_absent(tiny: Tiny) -> None:
    tiny.hooks = {"phase.set": {"phase": "token"}, "credential.create": {"error": "not in phase basic"}}
    hooks = hooks_for(f"{tiny.url}/hooks", token="control-token")
    assert isinstance(hooks, HttpHooks)
    assert hooks.call("phase.set", account="a") == {"phase": "token"}
    with pytest.raises(HookAbsent):
        hooks.call("clock.advance")
    with pytest.raises(HookRefused, match="not in phase basic") as refused:
        hooks.call("credential.create")
    assert refused.value.status == 409
    tiny.dead = True
    with pytest.raises(HookRefused, match="cannot be called"):
        hooks.call("phase.set")


def test_accounts_are_written_down_used_and_deleted(client: ScimClient, tiny: Tiny, tmp_path: Path) -> None:
    made = {
        "account": "blue",
        "url": f"{tiny.url}/",
        "token": "blue-token",
        "username": "me@example.com",
        "password": "blue-pass",
    }
    tiny.hooks = {"account.create": made, "account.delete": {}, "credential.reset": {"token": "new-token"}}
    ledger = Ledger(tmp_path / "ledger.jsonl", tiny.url)
    ledger.start()
    accounts = Accounts(client, ledger, hooks_for(f"{tiny.url}/hooks"))
    account = accounts.create(phase="transition")
    assert open_entries(tmp_path / "ledger.jsonl").entries == [Entry("account", "blue")]
    assert account.hook("credential.reset")["token"] == "new-token"
    assert account.bearer().headers["Authorization"] == "Bearer blue-token"
    assert account.basic("you").headers["Authorization"] == "Basic eW91OmJsdWUtcGFzcw=="
    assert account.client({"X": "1"}).headers == {"X": "1"}
    assert account.bearer().base == tiny.url
    assert {"blue-token", "blue-pass", "new-token"} <= set(client.transport.redactor.knows())
    accounts.clear()
    assert open_entries(tmp_path / "ledger.jsonl").entries == []


def test_without_hooks_there_are_no_accounts(client: ScimClient) -> None:
    with pytest.raises(HookAbsent, match=r"account\.create"):
        Accounts(client, Ledger(None, ""), None).create()
