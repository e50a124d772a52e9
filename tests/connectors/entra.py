"""The simulated provisioning service of Entra as a connector: the source is its directory, the state its job.

`python -m tests.connectors.entra` runs cycles until one has nothing to do; the job's clock jumps between them.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO

from conformance.entra.config import read_config
from conformance.entra.job.engine import Job
from conformance.entra.job.model import ResetScope
from conformance.entra.job.opening import open_job
from conformance.entra.job.running import quiet, run_cycles
from conformance.errors import ConformanceError
from tests.connectors.source import Entry, read_source

CYCLES = 7
"""Cycles of one run at most; who failed is tried again in the second and the fourth."""
PAUSE = 1.2
"""Seconds that stand for the forty minutes between a cycle with failures and the next."""
FLAG = "?aadOptscim062020"
ATTRIBUTES = {
    "id": "mailNickname",
    "userName": "userPrincipalName",
    "givenName": "givenName",
    "familyName": "surname",
    "displayName": "displayName",
    "email": "mail",
    "title": "jobTitle",
    "department": "department",
    "phone": "telephoneNumber",
    "active": "accountEnabled",
}
"""The source's attributes by Entra's names, as the default mappings read them."""
FREE = "Requester"
"""The role of who has none in the source: the tenant's default, since who has Default Access is left out."""
CONFIG = """
# Where Microsoft's pages contradict each other, the switches choose what RFC 7644 has.
[application]
tenant_url = {url}

[credentials]
{credentials}

[source]
path = "directory.json"

[job]
directory = "job"
concurrency = 1
timeout = {timeout}

[switches]
group-schemas = "core"
manager-shape-flagged = "object"
manager-clear = "remove"
throttling = "retry-after"

[users]
without = ["name.formatted"]
"""


def directory(people: Iterable[Entry], teams: Iterable[Entry], before: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Entra's directory: who is of this source, and, soft-deleted, who was in the directory before."""
    people, teams = list(people), list(teams)
    users = [_user(person) for person in people]
    present = {person["id"] for person in people}
    users += [{**each, "presence": "soft-deleted"} for each in before if each["id"] not in present]
    known = {each["id"] for each in users}
    for each in users:
        if each.get("manager") not in known:
            each.pop("manager", None)
    held = {person["id"]: person.get("role") or FREE for person in people}
    principals = [*known, *(team["id"] for team in teams)]
    return {
        "users": users,
        "groups": [_group(team, known) for team in teams],
        "roles": [{"id": name, "value": name, "display_name": name} for name in sorted({FREE, *held.values()})],
        "assignments": [{"principal": each, "role": held.get(each, FREE)} for each in sorted(principals)],
    }


def _user(person: Entry) -> dict[str, Any]:
    told = {name: person[key] for key, name in ATTRIBUTES.items() if key in person}
    return {"id": person["id"], "attributes": told, "manager": person.get("manager", "")}


def _group(team: Entry, known: set[str]) -> dict[str, Any]:
    told = {"displayName": team["displayName"]}
    return {
        "id": team["id"],
        "attributes": told,
        "members": [each for each in team.get("members", []) if each in known],
    }


def prepare(environ: Mapping[str, str], *, timeout: float = 10.0) -> Path:
    """The configuration, written beside the directory into the state's folder."""
    folder = Path(environ["SAMANAGE_STATE"])
    file = folder / "directory.json"
    before = json.loads(file.read_text(encoding="utf-8"))["users"] if file.exists() else []
    file.write_text(json.dumps(directory(*read_source(environ), before)), encoding="utf-8")
    names = ("token",) if environ.get("SAMANAGE_TOKEN") else ("username", "password")
    secrets = [f"{name} = {json.dumps(environ[f'SAMANAGE_{name.upper()}'])}" for name in names]
    config = folder / "app.toml"
    url = json.dumps(environ["SAMANAGE_URL"] + FLAG)
    config.write_text(CONFIG.format(url=url, credentials="\n".join(secrets), timeout=timeout), encoding="utf-8")
    return config


def provision(job: Job, *, pause: float = PAUSE) -> bool:
    """Whether everything was provisioned in the end.

    Where the target no longer has what was linked, the job is restarted once, as its administrator would.
    """
    done = cycles(job, pause=pause)
    if not done and any(escrow.code == "InvalidAnchor" for escrow in job.state.escrows()):
        job.restart({ResetScope.FULL})
        done = cycles(job, pause=pause)
    return done


def cycles(job: Job, *, pause: float) -> bool:
    """Whether everything was provisioned in the last of a few cycles."""
    for _ in range(CYCLES):
        results = run_cycles(job)
        if not results or job.state.quarantine is not None:
            break
        if quiet(job, results[-1]):
            return results[-1].state == "Succeeded" and not job.state.escrowed()
        if results[-1].state != "Succeeded":
            time.sleep(pause)
    return False


def main(environ: Mapping[str, str], told: TextIO | None = None, *, timeout: float = 10.0, pause: float = PAUSE) -> int:
    """The exit status of one run; what could not be done is told on `told`, standard error by default."""
    told = told or sys.stderr
    try:
        with open_job(read_config(prepare(environ, timeout=timeout))) as job:
            done = provision(job, pause=pause)
            events = [f"{event.action} {event.source_id}: {event.status}" for event in job.state.events()]
    except (ConformanceError, KeyError, OSError, ValueError) as error:
        print(f"the job cannot run: {type(error).__name__} {error}", file=told)
        return 1
    if not done:
        print("not everything was provisioned:", *events[-20:], sep="\n", file=told)
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main(os.environ))
