"""Operations for bulk jobs, a job as it was sent and answered, and how one operation of it is judged."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from conformance.client import Answer, ScimClient
from conformance.judging import holds
from conformance.ledger import bulk_operations, status_of
from conformance.population import Document, Groups, Resources, Users
from conformance.rfc_schema import ENTERPRISE_USER
from conformance.target import Target

BULK_REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
REFERENCE = "bulkId:"


@dataclass(frozen=True, slots=True)
class Job:
    """A job: its answer, the operations sent, and beside each the result that belongs to it, empty where none does."""

    answer: Answer
    sent: Sequence[Document]

    @property
    def done(self) -> list[Document]:
        """The results in the order they came."""
        return bulk_operations(self.answer.body) if self.answer.status == 200 else []

    def __getitem__(self, at: int) -> Document:
        """The result of an operation: by bulkId, else by its place, else by the order of results."""
        operation, done = self.sent[at], self.done
        if "bulkId" in operation:
            return next((each for each in done if each.get("bulkId") == operation["bulkId"]), {})
        path = str(operation.get("path"))
        twins = [k for k, each in enumerate(self.sent) if (each.get("method"), each.get("path")) == _key(operation)]
        placed = [
            each
            for each in done
            if str(each.get("method")).upper() == operation.get("method")
            and unquote(str(each.get("location"))).endswith(path)
        ]
        if len(placed) > twins.index(at):
            return placed[twins.index(at)]
        return done[at] if at < len(done) and "bulkId" not in done[at] else {}

    def status(self, at: int) -> int:
        """The status of an operation, or of the job where that was refused as a whole; 0 where none is told."""
        return status_of(self[at]) if self.answer.status == 200 else self.answer.status

    def statuses(self) -> list[int]:
        """The status of each operation."""
        return [self.status(at) for at in range(len(self.sent))]

    def id(self, at: int) -> str:
        """The id of the resource an operation was about, from the end of its location."""
        return unquote(str(self[at].get("location") or "").rpartition("/")[2])

    def detail(self, at: int) -> str:
        """What the error of an operation tells a human."""
        error = self[at].get("response")
        return str(error.get("detail") or "") if isinstance(error, dict) else ""


def _key(operation: Document) -> tuple[Any, Any]:
    return operation.get("method"), operation.get("path")


@dataclass(frozen=True, slots=True)
class Bulk:
    """Makes operations and sends jobs; what a job creates is deleted afterwards."""

    users: Users
    groups: Groups
    target: Target

    @property
    def client(self) -> ScimClient:
        """The client that sends."""
        return self.users.client

    def send(self, *operations: Document, **members: Any) -> Job:
        """A job of these operations."""
        body = {"schemas": [BULK_REQUEST], "Operations": list(operations), **members}
        return Job(self.post(body), operations)

    def post(self, body: Document) -> Answer:
        """The answer to any body; what it created is known to users and groups."""
        answer = self.client.post("/Bulk", body)
        self.users.adopt(answer)
        self.groups.adopt(answer)
        return answer

    def user(self, bulk_id: str, **attributes: Any) -> Document:
        """The operation that creates a user."""
        data = self.users.body(**attributes)
        return {"method": "POST", "path": self.users.endpoint, "bulkId": bulk_id, "data": data}

    def managed(self, bulk_id: str, manager: str) -> Document:
        """The operation that creates a user with a manager."""
        made = self.user(bulk_id, **{ENTERPRISE_USER: {"manager": {"value": manager}}})
        schemas = made["data"].get("schemas", [])
        made["data"]["schemas"] = [*schemas, ENTERPRISE_USER] if ENTERPRISE_USER not in schemas else schemas
        return made

    def group(self, bulk_id: str, *members: str) -> Document:
        """The operation that creates a group with members."""
        data = self.groups.body(members=[{"value": member} for member in members])
        return {"method": "POST", "path": self.groups.endpoint, "bulkId": bulk_id, "data": data}

    def put(self, user: Document, **attributes: Any) -> Document:
        """The operation that replaces a user; name and e-mail addresses stay."""
        kept = {name: user[name] for name in ("userName", "emails") if name in user}
        data = {**self.users.body(**kept), **attributes}
        return {"method": "PUT", "path": self.users.path(user), "data": data}

    def edit(self, user: Document, name: str, **members: Any) -> Document:
        """The operation that gives a user another displayName: a PATCH where that is offered, else a PUT."""
        if not self.target.has("patch"):
            return {**self.put(user, displayName=name), **members}
        return {**patch(self.users.path(user), {"op": "replace", "path": "displayName", "value": name}), **members}

    def delete(self, user: Document, **members: Any) -> Document:
        """The operation that deletes a user."""
        return {"method": "DELETE", "path": self.users.path(user), **members}

    def absent(self) -> Document:
        """The operation that deletes a user nobody has, which fails."""
        return {"method": "DELETE", "path": self.users.path(str(uuid.uuid4()))}

    def shown(self, resources: Resources, id_: str) -> Document:
        """A resource as it is now; empty where a result named none, or one that is not there."""
        answer = self.client.get(resources.path(id_)) if id_ else None
        return answer.resource if answer is not None and answer.ok else {}

    def name(self, user: Document) -> object:
        """The displayName the user has now."""
        return self.users.read(user).get("displayName")


def patch(path: str, *operations: Document) -> Document:
    """The operation that sends these operations as a PatchOp."""
    data = {"schemas": [PATCH_OP], "Operations": list(operations)}
    return {"method": "PATCH", "path": path, "data": data}


def members_of(group: Document) -> list[str]:
    """The values of a group's members, sorted."""
    found = group.get("members")
    return sorted(str(each.get("value")) for each in found if isinstance(each, dict)) if isinstance(found, list) else []


def manager_of(user: Document) -> str:
    """The value of a user's manager, empty where there is none."""
    extension = user.get(ENTERPRISE_USER)
    manager = extension.get("manager") if isinstance(extension, dict) else None
    return str(manager.get("value") or "") if isinstance(manager, dict) else str(manager or "")


def declined(
    clause_id: str, job: Job, at: int, statuses: Collection[int] = (400,), *, what: str = "", unchanged: bool = True
) -> bool:
    """Judge that an operation, or the job for its sake, is refused with one of the statuses and did nothing.

    Another 4xx is a deviation; 5xx other than 501 harms.
    """
    status = job.status(at)
    told = f"{what or job.sent[at].get('method')}: {status}{'' if unchanged else ', and the state changed'}"
    return holds(
        clause_id,
        status in statuses and unchanged,
        expected=f"refused with {' or '.join(map(str, statuses))}, nothing changed",
        observed=told,
        answer=job.answer,
        harm=status >= 500 and status != 501,
        tolerated=unchanged and 400 <= status < 500,
    )
