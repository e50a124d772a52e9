"""scim-sanity from PyPI, strict and compatible, finds nothing on the tenant but where the RFC contradicts it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mock_samanage.testing import LiveServer

pytestmark = pytest.mark.deep

EXPLAINED = {
    "PATCH /Groups/{id}": "RFC 7644 section 3.5.2: a PATCH is answered 200 with the resource, or 204 without a body",
    "PATCH /Groups/{id} remove members": "RFC 7644 section 3.5.2, as above",
    "PATCH /Groups/{id} add member": "RFC 7643 section 2.3.7: a reference leads to a resource, this one to none",
}


@pytest.mark.parametrize("preset", ["strict", "entra"])
@pytest.mark.parametrize("mode", ["--strict", "--compat"])
def test_each_failure_is_contradicted_by_the_rfc(preset: str, mode: str) -> None:
    with LiveServer(preset=preset) as server:
        told = probe(server, mode)
    failed = [each for each in told if each["status"] == "fail"]
    assert sum(each["status"] == "pass" for each in told) >= 24
    assert {each["name"] for each in failed} <= EXPLAINED.keys(), failed


def probe(server: LiveServer, mode: str) -> list[dict[str, Any]]:
    """The results of the command, one object each."""
    command = [str(Path(sys.executable).with_name("scim-sanity")), "probe", server.url, "--token", server.token, mode]
    done = subprocess.run(
        [*command, "--json-output", "--i-accept-side-effects"], capture_output=True, text=True, check=False, timeout=120
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)["results"]
    return found
