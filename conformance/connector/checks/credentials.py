"""Which credential a connector presents, where it puts it, and what it does when one is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from conformance.connector.judging import Finding, client_check
from conformance.connector.model import Credentials, Evidence, Played, Sent
from conformance.connector.traffic import DISCOVERY, segments

TOKEN, NO_RETREAT, ONE, NOT_IN_BODIES, ALWAYS = (f"CON-AUTH-0{number}" for number in range(1, 6))
FIELD, NOT_IN_URLS = "6750-2.1-C01", "6750-5.3-C01"
_SECRET = re.compile(r"\[redacted\]|[?&][^=&]*(?:token|password|secret|authorization)[^=&]*=", re.IGNORECASE)
_HIDDEN = "[redacted]"
_FIELDS = ("authorization", "x-samanage-authorization")


@client_check("credentials", TOKEN)
def uses_the_token_it_is_given(evidence: Evidence) -> Iterator[Finding]:
    """Who is given a secret token presents it, also beside a user name and a password."""
    for played in evidence.played:
        if played.step.credentials is Credentials.PASSWORD:
            continue
        for sent in _before_refusal(played):
            if sent.credential != "none":
                told = f"{sent.credential} with {sent.method} {sent.path}"
                yield Finding(TOKEN, sent.credential == "token", "the token", told, (sent,))


def _before_refusal(played: Played) -> Iterator[Sent]:
    """What is sent until a token is refused; what follows is another clause's."""
    for sent in played.sent:
        yield sent
        if sent.status == 401 and sent.credential == "token":
            return


@client_check("credentials", NO_RETREAT)
def does_not_fall_back_to_basic(evidence: Evidence) -> Iterator[Finding]:
    """After the token was refused no user name and password are tried."""
    for played in evidence.played:
        refused = [sent for sent in played.sent if sent.status == 401 and sent.credential == "token"]
        if refused:
            basic = [sent for sent in played.sent if sent.number > refused[0].number and sent.credential == "basic"]
            told = f"{len(basic)} requests with Basic after 401"
            yield Finding(NO_RETREAT, not basic, "no Basic after a refused token", told, (refused[0], *basic[:1]))


@client_check("credentials", ONE)
def presents_one_credential(evidence: Evidence) -> Iterator[Finding]:
    """A request has one credential, of one scheme."""
    for sent in evidence.sent():
        given = [sent.header[name] for name in _FIELDS if name in sent.header]
        schemes = [part.split()[0].lower() for text in given for part in text.split(",") if part.strip()]
        schemes = [scheme for scheme in schemes if scheme in {"basic", "bearer"}]
        if schemes:
            yield Finding(ONE, len(schemes) == 1, "one credential", ", ".join(schemes), (sent,))


@client_check("credentials", FIELD)
def puts_the_token_into_authorization(evidence: Evidence) -> Iterator[Finding]:
    """The token travels in the field Authorization."""
    for sent in evidence.sent():
        if sent.credential == "token":
            held = sent.header.get("authorization", "").lower().startswith("bearer")
            told = ", ".join(name for name in _FIELDS if name in sent.header) or "another place"
            yield Finding(FIELD, held, "Authorization: Bearer …", f"the token in {told}", (sent,))


@client_check("credentials", NOT_IN_URLS)
def keeps_secrets_out_of_urls(evidence: Evidence) -> Iterator[Finding]:
    """No token and no password stands in a URL."""
    for sent in evidence.sent():
        found = _SECRET.search(unquote(sent.exchange.url))
        yield Finding(NOT_IN_URLS, found is None, "no secret", sent.exchange.url, (sent,), harm=True)


@client_check("credentials", NOT_IN_BODIES)
def keeps_credentials_out_of_bodies(evidence: Evidence) -> Iterator[Finding]:
    """The connector's own secrets stand in no body."""
    for sent in evidence.sent():
        if sent.exchange.request_body:
            text = sent.exchange.request_body.decode("utf-8", "replace")
            held = _HIDDEN not in text or "password" in text.lower()  # the password of a person is another matter
            yield Finding(NOT_IN_BODIES, held, "no secret", f"{sent.method} {sent.path}", (sent,), harm=True)


@client_check("credentials", ALWAYS)
def presents_a_credential(evidence: Evidence) -> Iterator[Finding]:
    """Every request but discovery presents a credential."""
    for sent in evidence.sent():
        if not set(segments(sent)[:1]) & DISCOVERY:
            told = f"{sent.credential} with {sent.method} {sent.path}"
            yield Finding(ALWAYS, sent.credential != "none", "a credential", told, (sent,))
