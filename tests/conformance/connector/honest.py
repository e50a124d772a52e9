"""A tiny honest connector: asks, creates, changes, disables; no retries. A program, and a launcher in this process."""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Mapping
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

import requests

from conformance.connector.model import Ended, Source, Step
from conformance.connector.source import SourceFormat, read_source

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
Found = dict[str, Any] | None


class Honest:
    """One run with what the environment gives."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.url = environ["SAMANAGE_URL"]
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers["Content-Type"] = "application/scim+json"
        if token := environ.get("SAMANAGE_TOKEN"):
            self.http.headers["Authorization"] = f"Bearer {token}"
        else:
            self.http.auth = (environ["SAMANAGE_USERNAME"], environ["SAMANAGE_PASSWORD"])
        text = Path(environ["SAMANAGE_SOURCE"]).read_bytes().decode()
        self.source = read_source(text, SourceFormat(environ["SAMANAGE_SOURCE_FORMAT"]))
        self.state = Path(environ["SAMANAGE_STATE"]) / "state.json"
        self.known: dict[str, list[str]] = json.loads(self.state.read_text()) if self.state.exists() else {}

    def run(self) -> None:
        ids = {person.id: self.user(person.id) for person in self.source.people}
        for person in self.source.people:
            self.manager(ids[person.id], ids.get(person.manager, ""))
        for team in self.source.teams:
            self.group(team.id, team.display_name, [ids[member] for member in team.members])
        self.leave(self.source)
        self.state.write_text(json.dumps(self.known))
        self.http.close()

    def call(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        data = None if body is None else json.dumps(body)
        answer = self.http.request(method, self.url + path, data=data, params=query, timeout=10)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def find(self, path: str, id_: str, attribute: str, value: str) -> Found:
        if id_ in self.known:
            return dict(self.call("GET", f"{path}/{self.known[id_][1]}"))
        escaped = json.dumps(value, ensure_ascii=False)
        answer = self.call("GET", path, filter=f"{attribute} eq {escaped}")
        return next(iter(answer.get("Resources", [])), None)

    def keep(self, path: str, id_: str, resource: Mapping[str, Any]) -> str:
        self.known[id_] = [path, resource["id"]]
        return str(resource["id"])

    def wanted(self, id_: str) -> dict[str, Any]:
        person = self.source.person(id_)
        assert person is not None
        plain = {"title": person.title, "displayName": person.display_name}
        found: dict[str, Any] = {
            "externalId": person.id,
            "userName": person.user_name,
            "name": {"givenName": person.given_name, "familyName": person.family_name},
            "emails": [{"type": "work", "value": person.email, "primary": True}],
            "active": person.active,
            **{name: value for name, value in plain.items() if value},
        }
        if person.phone:
            found["phoneNumbers"] = [{"type": "work", "value": person.phone}]
        if person.department:
            found[ENTERPRISE] = {"department": person.department}
        if person.role:
            found["roles"] = [{"displayName": person.role}]
        return found

    def user(self, id_: str) -> str:
        wanted = self.wanted(id_)
        present = self.find("/Users", id_, "userName", wanted["userName"])
        if present is None:
            urns = [f"{CORE}User", *([ENTERPRISE] if ENTERPRISE in wanted else [])]
            return self.keep("/Users", id_, self.call("POST", "/Users", {"schemas": urns, **wanted}))
        changes = {name: value for name, value in wanted.items() if not shows(name, present.get(name), value)}
        self.patch(f"/Users/{present['id']}", [{"op": "replace", "value": changes}] if changes else [])
        return self.keep("/Users", id_, present)

    def manager(self, id_: str, manager: str) -> None:
        present = self.call("GET", f"/Users/{id_}").get(ENTERPRISE, {}).get("manager", {}).get("value", "")
        path = f"{ENTERPRISE}:manager"
        if manager != present:
            operation = {"op": "replace", "path": path, "value": {"value": manager}} if manager else {"op": "remove"}
            self.patch(f"/Users/{id_}", [{"path": path, **operation}])

    def group(self, id_: str, name: str, members: list[str]) -> None:
        present = self.find("/Groups", id_, "displayName", name)
        if present is None:
            values = [{"value": member} for member in members]
            body = {"schemas": [f"{CORE}Group"], "externalId": id_, "displayName": name, "members": values}
            self.keep("/Groups", id_, self.call("POST", "/Groups", body))
            return
        have = {member["value"] for member in present.get("members", [])}
        operations: list[dict[str, Any]] = [
            {"op": "remove", "path": f'members[value eq "{gone}"]'} for gone in sorted(have - set(members))
        ]
        if new := [{"value": member} for member in members if member not in have]:
            operations.append({"op": "add", "path": "members", "value": new})
        if present["displayName"] != name:
            operations.append({"op": "replace", "path": "displayName", "value": name})
        if present.get("externalId") != id_:
            operations.append({"op": "replace", "path": "externalId", "value": id_})
        self.patch(f"/Groups/{present['id']}", operations)
        self.keep("/Groups", id_, present)

    def patch(self, path: str, operations: list[dict[str, Any]]) -> None:
        if operations:
            self.call("PATCH", path, {"schemas": [PATCH], "Operations": operations})

    def leave(self, source: Source) -> None:
        there = {person.id for person in source.people} | {team.id for team in source.teams}
        for id_, (path, own) in list(self.known.items()):
            if id_ in there:
                continue
            if path == "/Groups":
                self.call("DELETE", f"/Groups/{own}")
                del self.known[id_]
            elif self.call("GET", f"/Users/{own}")["active"]:
                self.patch(f"/Users/{own}", [{"op": "replace", "path": "active", "value": False}])


def shows(name: str, present: Any, wanted: Any) -> bool:
    """Whether the tenant shows the value already, other sub-values aside."""
    if name == "roles":
        return bool(present) and present[0]["value"] == wanted[0]["displayName"]
    if isinstance(wanted, dict):
        return isinstance(present, dict) and all(present.get(key) == value for key, value in wanted.items())
    if isinstance(wanted, list):
        return any(shows("", each, wanted[0]) for each in present or [])
    return bool(present == wanted)


def main(environ: Mapping[str, str]) -> int:
    try:
        Honest(environ).run()
    except requests.RequestException as error:
        print(error, file=sys.stderr)
        return 1
    return 0


class InProcess:
    """Launches `main` in this process."""

    def run(self, _step: Step, environment: Mapping[str, str]) -> Ended:
        started, told = time.monotonic(), io.StringIO()
        with redirect_stderr(told):
            status = main(environment)
        return Ended(status, time.monotonic() - started, "", told.getvalue())


if __name__ == "__main__":
    sys.exit(main(os.environ))
