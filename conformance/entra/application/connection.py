"""Test Connection: the service looks for nobody by the matching attribute, once per kind (SCIM)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from conformance.entra.application.model import Application
from conformance.entra.directory.model import Kind
from conformance.entra.wire.model import Answer, Channel, NoAnswer, Request
from conformance.entra.wire.queries import probe

REFUSED: Final = "SystemForCrossDomainIdentityManagementCredentialValidationFailure"
UNAVAILABLE: Final = "CredentialValidationUnavailable"
INCOMPATIBLE: Final = "SystemForCrossDomainIdentityManagementServiceIncompatible"


@dataclass(frozen=True, slots=True)
class Connection:
    """How Test Connection went: `code` is "" for success, `message` what people read, `hint` what to check."""

    code: str = ""
    message: str = ""
    hint: str = ""

    @property
    def ok(self) -> bool:
        """Whether the target can be provisioned."""
        return not self.code


def check_connection(application: Application, channel: Channel, random: Random) -> Connection:
    """Whether the target answers the probe for users, and for groups where they are mapped, with an empty list."""
    for kind, mapping in application.schema.objects.items():
        if not mapping.enabled or not mapping.matching:
            continue
        guid = str(uuid.UUID(int=random.getrandbits(128), version=4))
        request = probe(kind, mapping.matching[0].target, guid, application.dialect)
        found = _ask(channel, request)
        optional = kind is Kind.GROUP and application.dialect["group-support"] == "optional"
        if not found.ok and not (optional and found.code == INCOMPATIBLE):
            return found
    return Connection()


def _ask(channel: Channel, request: Request) -> Connection:
    try:
        answer = channel.send(request)
    except NoAnswer as silence:
        return Connection(UNAVAILABLE, f"{UNAVAILABLE}: {silence}", "Check that the tenant URL can be reached.")
    if answer.status == 401:
        return _told(REFUSED, request, answer, "Enter a valid secret token.")
    if answer.status == 403:
        return _told(REFUSED, request, answer, "Make sure that the account has admin permission.")
    if answer.status in {404, 501}:
        return _told(INCOMPATIBLE, request, answer, "A query without a hit has to be answered 200 with an empty list.")
    if not answer.ok:
        return _told(UNAVAILABLE, request, answer, "The target failed; try again later.")
    if not _is_empty_list(answer.json):
        return _told(INCOMPATIBLE, request, answer, "A query without a hit has to be answered with an empty list.")
    return Connection()


def _is_empty_list(body: Mapping[str, object] | None) -> bool:
    return body is not None and body.get("totalResults") == 0 and not body.get("Resources")


def _told(code: str, request: Request, answer: Answer, hint: str) -> Connection:
    """The text of the portal: the code, then resource, operation, status, headers and body of the answer."""
    fields = "; ".join(f"{name}: {value}" for name, value in answer.headers.items())
    body = answer.body.decode("utf-8", "replace")[:600]
    told = (
        f"{code} Resource: {request.path}?{request.query} Operation: {request.method} Response Status: {answer.status}"
    )
    return Connection(code, f"{told} Response Headers: {fields} Response Content: {body}", hint)
