"""Test Connection: the service looks for nobody by the matching attribute, once per kind (SCIM)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from random import Random
from typing import Final

from conformance.entra.application.model import Application
from conformance.entra.dialect import TenantUrl
from conformance.entra.directory.model import Kind
from conformance.entra.wire.model import Answer, Channel, NoAnswer, Request
from conformance.entra.wire.queries import probe

REFUSED: Final = "SystemForCrossDomainIdentityManagementCredentialValidationFailure"
UNAVAILABLE: Final = "CredentialValidationUnavailable"
INCOMPATIBLE: Final = "SystemForCrossDomainIdentityManagementServiceIncompatible"
MISSING: Final = frozenset({404, 501})
"""What a target without groups answers."""
TOLD: Final = 600


@dataclass(frozen=True, slots=True)
class Connection:
    """How Test Connection went: `code` is "" for success, `message` what people read, `hint` what to check.

    status: of the answer that failed it, 0 for success and for no answer.
    """

    code: str = ""
    message: str = ""
    hint: str = ""
    status: int = 0

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
        found = _ask(channel, request, TenantUrl.parse(application.tenant_url).base)
        optional = kind is Kind.GROUP and application.dialect["group-support"] == "optional"
        if not found.ok and not (optional and found.status in MISSING):
            return found
    return Connection()


def _ask(channel: Channel, request: Request, base: str) -> Connection:
    try:
        answer = channel.send(request)
    except NoAnswer as silence:
        told = f"{UNAVAILABLE} Resource: {_resource(base, request)} Operation: {request.method} {silence.reason}"
        return Connection(UNAVAILABLE, told, "Check that the tenant URL is right, and that the target can be reached.")
    if answer.ok and _is_empty_list(answer.json):
        return Connection()
    code, hint = _judged(answer)
    return Connection(code, f"{code} {_told(base, request, answer)}", hint, answer.status)


def _judged(answer: Answer) -> tuple[str, str]:
    """The code of an answer that is no empty list (LOGICAPP, LOGHOW), and what to check."""
    if answer.status == 401:
        return REFUSED, "Enter a valid secret token."
    if answer.status == 403:
        return UNAVAILABLE, "Make sure that the account has admin permission."
    if answer.ok or answer.status in MISSING:
        return INCOMPATIBLE, "A query without a hit has to be answered 200 with an empty list; check the tenant URL."
    if answer.status == 400:
        return UNAVAILABLE, "Make sure that the target can filter by the matching attribute."
    if answer.status == 429 or answer.status >= 500:
        return UNAVAILABLE, "The target failed; try again later."
    return UNAVAILABLE, "Check that the tenant URL is the target's SCIM endpoint."


def _is_empty_list(body: Mapping[str, object] | None) -> bool:
    return body is not None and body.get("totalResults") == 0 and not body.get("Resources")


def _told(base: str, request: Request, answer: Answer) -> str:
    """The text of the portal behind the code: resource, operation, name of the status, headers and body."""
    fields = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    body = answer.body.decode("utf-8", "replace")[:TOLD]
    return (
        f"Resource: {_resource(base, request)} Operation: {request.method} Response Status Code: "
        f"{_name(answer.status)} Response Headers: {fields} Response Content: {body}"
    )


def _resource(base: str, request: Request) -> str:
    return f"{base}{request.path}?{request.query}"


def _name(status: int) -> str:
    """The name of a status in one word, as .NET has it."""
    try:
        return HTTPStatus(status).phrase.title().replace(" ", "").replace("-", "")
    except ValueError:
        return str(status)
