"""The errors of the SCIM protocol, each with its HTTP status and its keyword.

    ScimError
    ├── BadRequest 400
    │   ├── InvalidFilter · InvalidSyntax · InvalidPath · InvalidValue
    │   ├── NoTarget · Mutability · TooMany · InvalidVersion
    │   └── InvalidCursor · ExpiredCursor · InvalidCount
    ├── Unauthorized 401        carries WWW-Authenticate challenges
    ├── Forbidden 403
    ├── NotFound 404
    ├── MethodNotAllowed 405    carries Allow
    ├── NotAcceptable 406
    ├── Conflict 409 ── Uniqueness
    ├── PreconditionFailed 412
    ├── PayloadTooLarge 413
    ├── UriTooLong 414
    ├── UnsupportedMediaType 415
    ├── TooManyRequests 429     carries Retry-After
    ├── NotImplementedHere 501
    └── Unavailable 503         carries Retry-After

Source: RFC 7644 section 3.12 with tables 8 and 9; RFC 9865 section 2.1 for cursors.
"""

from __future__ import annotations

from typing import ClassVar

ERROR_URN = "urn:ietf:params:scim:api:messages:2.0:Error"


class ScimError(Exception):
    """A request that the protocol answers with an error document.

    `detail` says what was wrong and what would be right; `headers` go out with the answer.
    """

    status: ClassVar[int] = 500
    scim_type: ClassVar[str | None] = None

    def __init__(self, detail: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = headers

    def body(self) -> dict[str, object]:
        """The SCIM Error document, its status as a JSON string (RFC 7644 section 3.12)."""
        body: dict[str, object] = {"schemas": [ERROR_URN], "status": str(self.status)}
        if self.scim_type is not None:
            body["scimType"] = self.scim_type
        body["detail"] = self.detail
        return body


class BadRequest(ScimError):
    """The request cannot be understood or breaks the schema."""

    status = 400


class InvalidFilter(BadRequest):
    """The filter breaks the grammar, or pairs an attribute with an operator it does not have."""

    scim_type = "invalidFilter"


class InvalidSyntax(BadRequest):
    """The body is no JSON object of the wanted message."""

    scim_type = "invalidSyntax"


class InvalidPath(BadRequest):
    """The path of a PATCH operation names nothing that exists."""

    scim_type = "invalidPath"


class InvalidValue(BadRequest):
    """A value is missing, of the wrong type, or not allowed."""

    scim_type = "invalidValue"


class NoTarget(BadRequest):
    """The path of a PATCH operation selects nothing to work on."""

    scim_type = "noTarget"


class Mutability(BadRequest):
    """The attribute may not be changed in this way."""

    scim_type = "mutability"


class TooMany(BadRequest):
    """The query would give more results than the provider is willing to compute."""

    scim_type = "tooMany"


class InvalidVersion(BadRequest):
    """The protocol version in the URL is not supported."""

    scim_type = "invalidVers"


class InvalidCursor(BadRequest):
    """The cursor is none that this query gave to this client (RFC 9865 section 2.1)."""

    scim_type = "invalidCursor"


class ExpiredCursor(BadRequest):
    """The cursor is older than the provider keeps cursors valid."""

    scim_type = "expiredCursor"


class InvalidCount(BadRequest):
    """The count is no number, or is not the one the walk began with."""

    scim_type = "invalidCount"


class Unauthorized(ScimError):
    """The request carries no usable credential."""

    status = 401


class Forbidden(ScimError):
    """The credential is valid but does not allow this."""

    status = 403


class NotFound(ScimError):
    """The resource or endpoint does not exist."""

    status = 404


class MethodNotAllowed(ScimError):
    """The endpoint does not know this method."""

    status = 405


class NotAcceptable(ScimError):
    """No representation fits the Accept header."""

    status = 406


class Conflict(ScimError):
    """The request collides with the present state."""

    status = 409


class Uniqueness(Conflict):
    """A value that must be unique is taken (RFC 7644 section 3.3)."""

    scim_type = "uniqueness"


class PreconditionFailed(ScimError):
    """The resource is not at the version the client named."""

    status = 412


class PayloadTooLarge(ScimError):
    """The body exceeds a limit, which the detail names."""

    status = 413


class UriTooLong(ScimError):
    """The request target exceeds the limit."""

    status = 414


class UnsupportedMediaType(ScimError):
    """The body has a media type other than JSON."""

    status = 415


class TooManyRequests(ScimError):
    """The account has used up its requests of this minute."""

    status = 429


class NotImplementedHere(ScimError):
    """The operation is defined by SCIM and not offered by this provider."""

    status = 501


class Unavailable(ScimError):
    """The store is busy; the same request may succeed a little later."""

    status = 503
