"""Faults of the answer as a whole: given instead of the handler's, labelled wrongly, or led astray on the way there."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from email.utils import formatdate
from urllib.parse import parse_qsl, urlencode

from mock_samanage.scim.errors import ERROR_URN, Forbidden, Unauthorized
from mock_samanage.servers.http1 import status_line
from mock_samanage.tenant.phases import challenges
from mock_samanage.web.call import authorization
from mock_samanage.web.edge import BODY_KEY
from mock_samanage.web.faults.reply import Occasion, Reply, bearer_sent, refusal, reply_of
from mock_samanage.web.negotiation import SCIM
from mock_samanage.web.wire import encoded

_PAGE = b"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in</title></head>
<body><h1>Sign in to continue</h1><form method="post" action="/login">
<label>E-mail <input name="email" type="email"></label> <button>Next</button></form></body></html>
"""
_GARBAGE = b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1,"Resources":[{"id":'


def _status(occasion: Occasion) -> Reply:
    status, text = occasion.option("status"), occasion.option("body")
    fields = [*occasion.option("headers").items()]
    if (seconds := occasion.option("retry_after")) is not None:
        fields.append(("Retry-After", str(int(seconds))))
    if (ahead := occasion.option("retry_after_date")) is not None:
        fields.append(("Retry-After", formatdate(math.ceil(time.time() + ahead), usegmt=True)))
    if text is None:
        phrase = status_line(status).partition(" ")[2]
        detail = f"{phrase}: the fault plan answers this request with {status}."
        body = encoded({"schemas": [ERROR_URN], "status": str(status), "detail": detail})
    else:
        body = text.encode()
    return reply_of(status, body, fields=fields)


def _unauthorized(occasion: Occasion) -> Reply:
    offered = challenges(occasion.account.phase, bearer_sent=bearer_sent(occasion.environ))
    return refusal(Unauthorized("The credential is not valid.", offered))


INSTEAD: Mapping[str, Callable[[Occasion], Reply]] = {
    "status": _status,
    "unauthorized": _unauthorized,
    "login-page": lambda _occasion: reply_of(200, _PAGE, "text/html; charset=utf-8"),
    "garbage": lambda _occasion: reply_of(200, _GARBAGE, SCIM),
}
"""Kinds whose answer takes the place of the handler's."""


def _expire(occasion: Occasion) -> Reply | None:
    """Only a valid credential expires, so that nobody else can end it."""
    try:
        occasion.tenant.check(authorization(occasion.environ))
    except Unauthorized:
        return None
    except Forbidden:
        pass
    if occasion.credential is None:
        return None
    occasion.tenant.credentials.expire(occasion.account.name, occasion.credential)
    return occasion.run()


def _ignore_filter(occasion: Occasion) -> Reply | None:
    environ = occasion.environ
    if environ["REQUEST_METHOD"] == "POST":
        try:
            search = json.loads(environ[BODY_KEY])
        except ValueError:
            return None
        if not isinstance(search, dict) or search.pop("filter", None) is None:
            return None
        return occasion.run({BODY_KEY: encoded(search)})
    query = environ["QUERY_STRING"].encode("latin-1", "replace").decode("utf-8", "replace")
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "filter"]
    return occasion.run({"QUERY_STRING": urlencode(kept)})


def _stale(occasion: Occasion) -> Reply | None:
    """A credential younger than the replica is unknown there; its reads are fresh."""
    reply = occasion.run(app=occasion.replica)
    return None if reply.status in {401, 403} else reply


ASTRAY: Mapping[str, Callable[[Occasion], Reply | None]] = {
    "expire": _expire,
    "ignore-filter": _ignore_filter,
    "stale": _stale,
}
"""Kinds that lead the request elsewhere; None if there is nothing to do."""


def relabelled(occasion: Occasion, reply: Reply) -> Reply | None:
    """The answer with the wrong media type; None if it has no body."""
    return reply.with_body(reply.body, occasion.option("type")) if reply.body else None
