"""Hooks: what a check needs beyond SCIM, one JSON object in and one out, over HTTP or a command."""

from __future__ import annotations

import json
import shlex
import subprocess
from typing import Any, Protocol

import requests

from conformance.errors import HookAbsent, HookRefused, UsageFault

TIMEOUT_S = 60.0
ABSENT_STATUSES = frozenset({404, 405, 501})
ABSENT_EXIT = 69  # EX_UNAVAILABLE of sysexits


class Hooks(Protocol):
    """What offers hooks."""

    def call(self, hook: str, /, **arguments: Any) -> dict[str, Any]:
        """The answer of a hook; raises HookAbsent or HookRefused."""


class HttpHooks:
    """Hooks behind one URL: POST of `{"hook": NAME, …}`, an answer of 2xx with an object.

    A hook that is not offered answers 404, 405 or 501, without an `error` or with one that says "no hook"; any other
    4xx refuses.
    """

    def __init__(self, url: str, *, token: str | None = None, verify: bool | str = True) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = verify

    def call(self, hook: str, /, **arguments: Any) -> dict[str, Any]:
        """The answer of a hook; raises HookAbsent or HookRefused."""
        try:
            answer = self._session.post(
                self._url, json={"hook": hook, **arguments}, headers=self._headers, timeout=TIMEOUT_S
            )
        except requests.RequestException as error:
            raise HookRefused(f"the hook {hook} cannot be called: {error}", 0) from error
        document = _document(answer.content, hook)
        message = str(document.get("error", answer.reason))
        if answer.status_code in ABSENT_STATUSES and ("no hook" in message.lower() or "error" not in document):
            raise HookAbsent(f"the target does not offer the hook {hook}")
        if not answer.ok:
            raise HookRefused(message, answer.status_code)
        return document


class CommandHooks:
    """Hooks behind a command: the object on stdin, the answer on stdout, exit status 0.

    Exit status 69 says that the hook is not offered, another one that it refuses; the reason is the `error`
    member on stdout or the last line on stderr.
    """

    def __init__(self, command: str) -> None:
        self._command = shlex.split(command)
        if not self._command:
            raise UsageFault("the hook command is empty")

    def call(self, hook: str, /, **arguments: Any) -> dict[str, Any]:
        """The answer of a hook; raises HookAbsent or HookRefused."""
        try:
            done = subprocess.run(  # noqa: S603 - the user named the command on the command line
                self._command,
                input=json.dumps({"hook": hook, **arguments}).encode(),
                capture_output=True,
                timeout=TIMEOUT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise HookRefused(f"the hook command cannot run: {error}", 0) from error
        if done.returncode == ABSENT_EXIT:
            raise HookAbsent(f"the target does not offer the hook {hook}")
        if done.returncode:
            lines = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit status {done.returncode}"]
            raise HookRefused(str(_document(done.stdout or b"{}", hook).get("error", lines[-1])), done.returncode)
        return _document(done.stdout or b"{}", hook)


def hooks_for(address: str, *, token: str | None = None, verify: bool | str = True) -> Hooks:
    """HTTP hooks for a URL, command hooks for anything else."""
    if address.startswith(("http://", "https://")):
        return HttpHooks(address, token=token, verify=verify)
    return CommandHooks(address)


def _document(content: bytes, hook: str) -> dict[str, Any]:
    try:
        found = json.loads(content or b"{}")
    except ValueError as error:
        raise HookRefused(f"the hook {hook} answers no JSON: {content[:80]!r}", 0) from error
    if not isinstance(found, dict):
        raise HookRefused(f"the hook {hook} answers no JSON object: {content[:80]!r}", 0)
    return found
