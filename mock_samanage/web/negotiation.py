"""Media types: which the answer has, and which a body may have (RFC 7644 sections 3.8 and 8.1, RFC 9110 section 12)."""

from __future__ import annotations

from functools import lru_cache

from mock_samanage.scim.errors import NotAcceptable, UnsupportedMediaType

SCIM = "application/scim+json"
JSON = "application/json"


@lru_cache(maxsize=512)
def answer_type(accept: str | None) -> str:
    """The media type of the answer: SCIM's own unless the client only takes plain JSON; raises NotAcceptable."""
    if not accept or not accept.strip():
        return SCIM
    quality = {SCIM: _quality(accept, SCIM), JSON: _quality(accept, JSON)}
    best = max((SCIM, JSON), key=quality.__getitem__)  # the first of equals
    if quality[best] == 0:
        raise NotAcceptable(f"Answers are {SCIM} or {JSON}; Accept asks for {accept[:80]}.")
    return best


def _quality(accept: str, media_type: str) -> float:
    """How much the client wants a type, 0 to 1, by the most specific range that covers it."""
    covering = {media_type: 3, "application/*": 2, "*/*": 1}
    found = (0, 0.0)
    for part in accept.split(","):
        name, *parameters = (word.strip() for word in part.lower().split(";"))
        rank = covering.get(name, 0)
        if rank > found[0]:
            found = rank, _weight(parameters)
    return found[1]


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 1.0
    return 1.0


@lru_cache(maxsize=512)
def check_body_type(content_type: str | None, content_encoding: str | None) -> None:
    """Lets JSON in UTF-8 pass, also unlabelled, or raises UnsupportedMediaType."""
    if content_encoding and content_encoding.strip().lower() != "identity":
        raise UnsupportedMediaType(f"The body has the content coding {content_encoding[:40]}; send it uncoded.")
    if not content_type or not content_type.strip():
        return
    name, *parameters = (word.strip() for word in content_type.lower().split(";"))
    if name not in {SCIM, JSON}:
        raise UnsupportedMediaType(f"The body is {name[:80]}; send {SCIM} (or {JSON}).")
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "charset" and value.strip(' "') not in {"utf-8", "utf8", "us-ascii"}:
            raise UnsupportedMediaType(f"The body has the charset {value[:40]}; JSON is sent in UTF-8.")
