"""Where requests go: how URLs are made, which endpoints and ids they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from conformance.connector.judging import Finding, client_check
from conformance.connector.model import Evidence, Played, Sent
from conformance.connector.traffic import CORE, DISCOVERY, KINDS, identifier, kind, segments, text_of

ENCODED, PREFIX, VERSION = "7644-1.2-C01", "7644-1.3-C01", "7644-3.13-C01"
DISCOVERED, UNFILTERED, ENDPOINT, GIVEN = "7644-3.2-C01", "7644-4-C01", "7644-3.3-C01", "CON-FAIL-02"
USERINFO = "7644-7.1-C01"
REDACTED = "[redacted]"
"""What stands in the journal in place of a secret."""
_RAW = re.compile(r'[^!-~]|["<>\\^`{|}]|%(?![0-9A-Fa-f]{2})')
_BRACKET = re.compile(r"[\[\]]")
_VERSION = re.compile(r"v?\d+(\.\d+)*", re.IGNORECASE)
_USERINFO = re.compile(r"https?://[^/\s:@\"]+:[^/\s@\"]*@", re.IGNORECASE)
_ENDPOINTS = DISCOVERY | KINDS.keys() | {"Me", "Bulk", ".search"}


@client_check("addressing", ENCODED)
def encodes_urls(evidence: Evidence) -> Iterator[Finding]:
    """URLs hold no character that has to be percent-encoded."""
    for sent in evidence.sent():
        target = urlsplit(sent.exchange.url)
        text = (target.path + (f"?{target.query}" if target.query else "")).replace(REDACTED, "")
        raw = _RAW.search(text)
        bracket = _BRACKET.search(text)
        found = raw or bracket
        told = f"{found[0]!r} in {text}" if found else text
        yield Finding(ENCODED, found is None, "a percent-encoded URL", told, (sent,), tolerated=raw is None)


@client_check("addressing", PREFIX, VERSION)
def keeps_the_base(evidence: Evidence) -> Iterator[Finding]:
    """Paths are appended to the base URI that was given, a version right before the endpoint."""
    bases: dict[str, Sent] = {}
    elsewhere: set[str] = set()
    for sent in evidence.sent():
        path = urlsplit(sent.exchange.url).path
        if path not in elsewhere:
            bases.setdefault(path.removesuffix(urlsplit(sent.path).path), sent)
        elsewhere |= {
            urlsplit(value).path for name, value in sent.exchange.response_headers.items() if _leads(name, sent)
        }
        yield from _versioned(sent, [piece for piece in path.split("/") if piece])
    if bases:
        told = f"requests below {', '.join(base or '/' for base in bases)}"
        yield Finding(PREFIX, len(bases) == 1, "one base throughout", told, tuple(bases.values()))


def _leads(name: str, sent: Sent) -> bool:
    """Whether a field of the answer redirects."""
    return name.lower() == "location" and sent.status in {301, 302, 303, 307, 308}


def _versioned(sent: Sent, pieces: list[str]) -> Iterator[Finding]:
    end = next((at for at, piece in enumerate(pieces) if piece in _ENDPOINTS), None)
    if end is None:
        return
    found = [at for at, piece in enumerate(pieces[:end]) if _VERSION.fullmatch(piece)]
    if found:
        held = found == [end - 1] and re.fullmatch(r"v\d+", pieces[end - 1]) is not None
        told = "/".join(pieces[: end + 1])
        yield Finding(VERSION, held, "v and a number right before the endpoint", told, (sent,))


@client_check("addressing", DISCOVERED, UNFILTERED)
def reads_what_the_tenant_offers(evidence: Evidence) -> Iterator[Finding]:
    """Endpoints are taken from /ResourceTypes, which like its kin is asked without a filter."""
    sent = list(evidence.sent())
    asked = [each for each in sent if segments(each)[:1] == ["ResourceTypes"]]
    if sent:
        told = "asked" if asked else "not asked"
        yield Finding(DISCOVERED, bool(asked), "GET /ResourceTypes", told, tuple(asked[:1] or sent[:1]))
    for each in sent:
        if set(segments(each)[:1]) & DISCOVERY:
            yield Finding(UNFILTERED, "filter" not in each.query, "no filter", f"{each.exchange.url}", (each,))


@client_check("addressing", ENDPOINT)
def creates_at_the_endpoint(evidence: Evidence) -> Iterator[Finding]:
    """A person is POSTed to /Users, a group to /Groups."""
    for sent in evidence.sent():
        schemas = sent.body.get("schemas") if isinstance(sent.body, dict) else None
        meant = [name for name, urn in CORE.items() if isinstance(schemas, list) and urn in schemas]
        if sent.method == "POST" and meant:
            held = kind(sent) in meant and len(segments(sent)) == 1
            yield Finding(ENDPOINT, held, f"POST /{meant[0]}s", f"POST {sent.path}", (sent,))


@client_check("addressing", GIVEN)
def uses_ids_it_was_given(evidence: Evidence) -> Iterator[Finding]:
    """Resources are addressed by ids that the tenant gave in an answer."""
    given: set[str] = {evidence.administrator}
    for played in evidence.played:
        given |= {*played.before.users, *played.before.groups}
        yield from _given(played, given)


def _given(played: Played, given: set[str]) -> Iterator[Finding]:
    for sent in played.sent:
        if id_ := identifier(sent):
            told = f"{sent.method} {sent.path}"
            yield Finding(GIVEN, id_ in given, "an id that an answer held", told, (sent,))
        given.update(_ids(sent.answer))


def _ids(found: Any) -> Iterator[str]:
    """Every id in an answer, and every value, which may be the id of a member or manager."""
    if isinstance(found, dict):
        yield from (text for name in ("id", "value") if (text := text_of(found, name)))
        for inner in found.values():
            yield from _ids(inner)
    elif isinstance(found, list):
        for inner in found:
            yield from _ids(inner)


@client_check("addressing", USERINFO)
def keeps_credentials_out_of_uris(evidence: Evidence) -> Iterator[Finding]:
    """No URI, sent or asked, holds a user name and a password."""
    for sent in evidence.sent():
        text = f"{sent.exchange.url} {sent.exchange.request_body.decode('utf-8', 'replace')}"
        found = _USERINFO.search(text)
        told = f"{found[0]} in {sent.method} {sent.path}" if found else f"{sent.method} {sent.path}"
        yield Finding(USERINFO, found is None, "no user:password@ in a URI", told, (sent,))
