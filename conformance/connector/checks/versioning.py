"""Versions and redirects (RFC 7644, 3.12 and 3.14)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from conformance.connector.judging import Finding, client_check
from conformance.connector.model import Evidence, Sent
from conformance.connector.traffic import kind, lists

READ_AGAIN, NOT_KEPT, KEPT, OTHER_HOST = "7644-3.12-C02", "7644-3.12-C03", "7644-3.12-C04", "6750-5.3-C02"


@client_check("versioning", READ_AGAIN)
def reads_again_after_412(evidence: Evidence) -> Iterator[Finding]:
    """After 412 the resource is read before it is written again."""
    for played in evidence.played:
        for at, sent in enumerate(played.sent):
            if sent.status != 412:
                continue
            later = [each for each in played.sent[at + 1 :] if each.path == sent.path or _lists_the_kind(each, sent)]
            held = not later or later[0].method == "GET" or lists(later[0])
            told = f"then: {later[0].method} {later[0].path}" if later else "then: nothing"
            yield Finding(READ_AGAIN, held, "a GET before the next write", told, (sent, *later[:1]))


def _lists_the_kind(each: Sent, sent: Sent) -> bool:
    return lists(each) and kind(each) == kind(sent)


@client_check("versioning", NOT_KEPT, KEPT)
def keeps_permanent_targets_only(evidence: Evidence) -> Iterator[Finding]:
    """The target of a 307 is used once, that of a 308 from then on."""
    sent = list(evidence.sent())
    for at, each in enumerate(sent):
        if each.status not in {307, 308}:
            continue
        old, new = urlsplit(each.exchange.url).path, urlsplit(_location(each)).path
        if not new or new == old:
            continue
        later = [path for path in (urlsplit(other.exchange.url).path for other in sent[at + 1 :]) if path in {old, new}]
        followed = later[later.index(new) + 1 :] if new in later else []  # who follows none keeps none
        if followed:
            wanted, clause = (new, KEPT) if each.status == 308 else (old, NOT_KEPT)
            told = f"later requests to {', '.join(sorted(set(followed)))}"
            yield Finding(clause, set(followed) == {wanted}, f"requests to {wanted}", told, (each,))


def _location(sent: Sent) -> str:
    fields = {name.lower(): value for name, value in sent.exchange.response_headers.items()}
    return fields.get("location", "")


@client_check("versioning", OTHER_HOST)
def keeps_credentials_from_other_hosts(evidence: Evidence) -> Iterator[Finding]:
    """A redirect to another host is not followed with the credential."""
    redirected: dict[str, Sent] = {}
    for sent in evidence.sent():
        host = sent.header.get("host", "")
        target = urlsplit(_location(sent)).netloc if sent.status in {301, 302, 303, 307, 308} else ""
        if target and host and target.lower() != host.lower():
            redirected[target.lower()] = sent
            yield Finding(OTHER_HOST, True, "no credential at another host", f"redirected to {target}", (sent,))
        if host.lower() in redirected and sent.credential != "none":
            told = f"{sent.credential} sent to {host}"
            yield Finding(OTHER_HOST, False, "no credential at another host", told, (redirected[host.lower()], sent))
