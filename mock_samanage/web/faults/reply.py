"""An answer on its way through the faults, and the request it belongs to."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mock_samanage.scim.errors import ScimError
from mock_samanage.scim.numbers import decoder
from mock_samanage.servers.threaded import call
from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.tenant import Tenant
from mock_samanage.web.faults.plan import Rule
from mock_samanage.web.journal.entries import RAN_KEY
from mock_samanage.web.negotiation import SCIM
from mock_samanage.web.wire import encoded

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Fields = list[tuple[str, str]]
_BODILESS = frozenset({204, 304})
_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, header fields and body of an answer."""

    status: int
    fields: Fields
    body: bytes = b""

    def document(self) -> dict[str, Any] | None:
        """The JSON object of a successful answer, None where there is none."""
        if not 200 <= self.status < 300 or not self.body:
            return None
        try:
            found = decoder().decode(self.body.decode())
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    def with_body(self, body: bytes, media_type: str | None = None) -> Reply:
        """The same answer with another body and, if one is given, another media type."""
        replaced = {"content-length"} if media_type is None else {"content-length", "content-type"}
        fields = [(name, value) for name, value in self.fields if name.lower() not in replaced]
        if media_type is not None:
            fields.append(("Content-Type", media_type))
        return Reply(self.status, [*fields, ("Content-Length", str(len(body)))], body)


def reply_of(status: int, body: bytes = b"", media_type: str = SCIM, fields: Fields | None = None) -> Reply:
    """An answer of our own; a field that is given replaces the media type."""
    given = fields or []
    if status in _BODILESS:
        return Reply(status, given)
    named = {name.lower() for name, _ in given}
    kind = [] if "content-type" in named else [("Content-Type", media_type)]
    return Reply(status, [*given, *kind, ("Content-Length", str(len(body)))], body)


def refusal(error: ScimError) -> Reply:
    """The answer to a request that SCIM refuses."""
    return reply_of(error.status, encoded(error.body()), fields=[*error.headers])


@dataclass(frozen=True, slots=True)
class Occasion:
    """A request on which a rule is played, and what playing needs.

    account, credential: found by what was presented, valid or not; `credential` is its id, None if it is unknown.
    draws: the rule's own. replica: the application over what the account held when the rule was set, for `stale`.
    """

    rule: Rule
    environ: dict[str, Any]
    app: WSGIApplication
    tenant: Tenant
    account: AccountView
    credential: str | None
    draws: random.Random
    replica: WSGIApplication | None = None

    def option(self, name: str) -> Any:
        """The value of a key of the rule's kind."""
        return self.rule.options[name]

    def run(self, changes: Mapping[str, Any] = _NONE, app: WSGIApplication | None = None) -> Reply:
        """What the handler answers to the request, here with some keys of its environment changed."""
        environ = {**self.environ, **changes}
        status, fields, body = call(app or self.app, environ)
        if RAN_KEY in environ:
            self.environ[RAN_KEY] = True
        return Reply(int(status[:3]), fields, body)


def bearer_sent(environ: Mapping[str, Any]) -> bool:
    """Whether the request presented a bearer."""
    given = (environ.get("HTTP_AUTHORIZATION", ""), environ.get("HTTP_X_SAMANAGE_AUTHORIZATION", ""))
    return any(field.lstrip().lower().startswith("bearer") for field in given)
