"""What was acknowledged survives the sudden death of the server, and nothing is there by half."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.mock_samanage.test_cli import COMMAND, ENVIRONMENT, serving

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
WRITERS = 4


@pytest.fixture
def doomed(tmp_path: Path) -> Iterator[tuple[dict[str, Any], subprocess.Popen[bytes]]]:
    """A server on a file, with what its ready file says, that is not ended in good order."""
    ready = tmp_path / "doomed.json"
    command = [*COMMAND, "serve", "--port", "0", "--store", str(tmp_path / "tenant.db"), "--ready-file", str(ready)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
    try:
        for _ in range(6000):
            if ready.exists():
                break
            time.sleep(0.01)
        yield json.loads(ready.read_text()), process
    finally:
        process.kill()
        process.wait(30)


def person(name: str) -> dict[str, Any]:
    """A user with values in several tables of the store."""
    return {
        "schemas": [USER, ENTERPRISE],
        "userName": f"{name}@example.com",
        "externalId": name,
        "name": {"familyName": name},
        "emails": [{"value": f"{name}@example.com", "type": "work"}, {"value": f"{name}@home.example", "type": "home"}],
        ENTERPRISE: {"department": name},
    }


def write(url: str, headers: dict[str, str], writer: int, acknowledged: dict[str, str]) -> None:
    """Creates users, and a group of each, until the server is gone."""
    with requests.Session() as session:
        session.headers.update(headers)
        for number in range(100_000):
            name = f"w{writer}n{number}"
            try:
                made = session.post(f"{url}/Users", json=person(name), timeout=10).json()
                acknowledged[made["id"]] = name
                group = {"schemas": [GROUP], "displayName": name, "members": [{"value": made["id"]}]}
                session.post(f"{url}/Groups", json=group, timeout=10)
            except (requests.RequestException, ValueError):
                return


def everything(url: str, headers: dict[str, str], endpoint: str) -> list[dict[str, Any]]:
    """The resources of an endpoint, page by page; they are as many as the total says."""
    found: list[dict[str, Any]] = []
    while True:
        answer = requests.get(
            f"{url}/{endpoint}", {"startIndex": len(found) + 1, "count": 100}, headers=headers, timeout=30
        )
        page = answer.json()
        found += page["Resources"]
        if not page["Resources"]:
            assert len(found) == page["totalResults"]
            return found


def whole(url: str, headers: dict[str, str], found: dict[str, Any]) -> bool:
    """Whether a user has all of its values, and each index and the membership know it."""
    name = found["externalId"]
    right = {key: value for key, value in person(name).items() if key not in {"emails", "schemas"}}
    emails = [each["value"] for each in found["emails"]]
    terms = f'externalId eq "{name}" and emails co "{name}@home" and {ENTERPRISE}:department eq "{name}"'
    hits = requests.get(f"{url}/Users", {"filter": terms}, headers=headers, timeout=30).json()
    same = all(found[key] == value for key, value in right.items())
    return same and emails == [f"{name}@example.com", f"{name}@home.example"] and hits["totalResults"] == 1


def test_what_was_acknowledged_survives_a_kill(
    tmp_path: Path, doomed: tuple[dict[str, Any], subprocess.Popen[bytes]]
) -> None:
    ready, process = doomed
    headers = {"Authorization": f"Bearer {ready['token']}", "Content-Type": "application/scim+json"}
    acknowledged: dict[str, str] = {}
    writers = [threading.Thread(target=write, args=(ready["url"], headers, n, acknowledged)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    while len(acknowledged) < 100:
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    for writer in writers:
        writer.join()
    with serving(tmp_path, "--store", str(tmp_path / "tenant.db")) as (again, _process):
        url = again["url"]
        people = {each["id"]: each for each in everything(url, headers, "Users") if "externalId" in each}
        assert acknowledged.items() <= {key: each["externalId"] for key, each in people.items()}.items()
        assert len(people) - len(acknowledged) <= WRITERS  # each writer may have missed one answer
        sample = [*people.values()][:: max(1, len(people) // 40)] + [*people.values()][-WRITERS:]
        assert all(whole(url, headers, each) for each in sample)
        for group in everything(url, headers, "Groups"):
            (member,) = group["members"]
            assert people[member["value"]]["externalId"] == group["displayName"]
        made = requests.post(f"{url}/Users", json=person("after"), headers=headers, timeout=30)
        assert made.status_code == 201
        assert made.json()["id"] not in people
