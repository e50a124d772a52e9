"""The bodies a connector writes with POST and PUT: schemas, ids, required attributes, the rules of PUT."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from conformance.connector.attributes import REQUIRED, SCHEMAS
from conformance.connector.judging import Finding, client_check
from conformance.connector.model import Evidence, Played, Sent
from conformance.connector.traffic import CORE, Write, changes, identifier, kind, plain, text_of, writes
from conformance.described import member

NAMED, KNOWN, CHOSEN, BULK_ID = "7643-2.1-C02", "7643-3-C02", "7643-3.1-C01", "7643-3.1-C02"
DISTINCT, MEDIA, CODING = "7643-3.1-C03", "7644-8.1-C01", "7644-3.8-C01"
REQUIRED_IN_PUT, NO_CREATION, KEPT, USER_NAME = "7644-3.5.1-C02", "7644-3.5.1-C03", "7644-3.5.1-C04", "7643-4.1.1-C01"
MEMBERSHIP = "7643-4.1.2-C01"
SCIM = "application/scim+json"


def bodies(evidence: Evidence) -> Iterator[Write]:
    """Every creation and replacement of a person or group."""
    for sent in evidence.sent():
        for write in writes(sent):
            if write.kind and isinstance(write.data, dict) and (write.creates or write.method == "PUT"):
                yield write


@client_check("writing", NAMED, KNOWN)
def names_the_schemas(evidence: Evidence) -> Iterator[Finding]:
    """What is created or replaced names its schemas, each once and none that the type does not have."""
    for write in bodies(evidence):
        found = member(write.data, "schemas")
        listed = [str(urn) for urn in found] if isinstance(found, list) else []
        lowered = [urn.lower() for urn in listed]
        used = [CORE[write.kind], *(urn for urn in SCHEMAS[write.kind] if member(write.data, urn))]
        held = all(urn.lower() in lowered for urn in used)
        yield Finding(NAMED, held, f"schemas with {', '.join(used)}", f"schemas: {found}", (write.sent,))
        odd = [urn for urn in listed if urn.lower() not in {each.lower() for each in SCHEMAS[write.kind]}]
        odd += [urn for urn, times in Counter(lowered).items() if times > 1]
        told = f"schemas: {found}"
        yield Finding(KNOWN, not odd, f"URNs of a {write.kind}, each once", told, (write.sent,))


@client_check("writing", CHOSEN, BULK_ID)
def chooses_no_id(evidence: Evidence) -> Iterator[Finding]:
    """The tenant chooses ids; no identifier holds the word bulkId."""
    for write in bodies(evidence):
        if write.creates:
            held = member(write.data, "id") is None
            told = f"id: {member(write.data, 'id')!r}"
            yield Finding(CHOSEN, held, "a POST without id", told, (write.sent,))
        named = [text_of(write.data, name) for name in ("id", "externalId")]
        held = not any("bulkid" in text.lower() for text in named)
        yield Finding(BULK_ID, held, "identifiers without the word", f"{named}", (write.sent,))


@client_check("writing", DISTINCT)
def gives_each_an_external_id(evidence: Evidence) -> Iterator[Finding]:
    """Each externalId is given to one person or group only."""
    holders: dict[tuple[str, str], tuple[str, Sent]] = {}
    for write in bodies(evidence):
        given, name = text_of(write.data, "externalId"), write.id or write.name.lower()
        if given and write.creates:
            before, sent = holders.setdefault((write.kind, given), (name, write.sent))
            told = f"externalId {given!r} for {before!r}" + (f" and {name!r}" if name != before else "")
            renamed = _same_person(evidence, given)
            yield Finding(DISTINCT, before == name or renamed, "one holder", told, (sent, write.sent))


def _same_person(evidence: Evidence, given: str) -> bool:
    """Whether the source itself gave one id several names, in one step or another."""
    sources = [played.step.source for played in evidence.played]
    people = {person.user_name for source in sources for person in source.people if person.id == given}
    return len(people | {team.display_name for source in sources for team in source.teams if team.id == given}) > 1


@client_check("writing", MEDIA, CODING)
def declares_its_media_type(evidence: Evidence) -> Iterator[Finding]:
    """Bodies are application/scim+json in UTF-8, and such answers are accepted."""
    for sent in evidence.sent():
        given, accepted = sent.header.get("content-type", ""), sent.header.get("accept", "*/*")
        fits = SCIM in accepted or "*/*" in accepted or "application/*" in accepted
        if sent.exchange.request_body:
            held = given.partition(";")[0].strip().lower() == SCIM
            yield Finding(MEDIA, held and fits, SCIM, f"Content-Type: {given}, Accept: {accepted}", (sent,))
            declared = "charset=" in given.lower()
            foreign = b"\xef\xbf\xbd" in sent.exchange.request_body
            told = f"Content-Type: {given}, " + ("not UTF-8" if foreign else "UTF-8")
            yield Finding(CODING, declared or not foreign, "UTF-8, or the encoding declared", told, (sent,))
        else:
            yield Finding(MEDIA, fits, SCIM, f"Accept: {accepted}", (sent,))


@client_check("writing", REQUIRED_IN_PUT, USER_NAME)
def sends_required_attributes(evidence: Evidence) -> Iterator[Finding]:
    """A body that creates or replaces holds the required attributes, a userName that is not empty."""
    for sent in evidence.sent():
        for write in writes(sent):
            if write.kind and write.method == "PUT":
                name = REQUIRED[write.kind]
                told = f"{name}: {member(write.data, name)!r}"
                yield Finding(REQUIRED_IN_PUT, bool(write.name), f"{name} in the body", told, (sent,))
            given = [change.value for change in changes(write) if change.path == "username"]
            missing = write.creates and not given
            if write.kind == "User" and (given or missing):
                held = not missing and all(isinstance(value, str) and value.strip() for value in given)
                yield Finding(USER_NAME, held, "a userName", f"userName: {given or 'missing'}", (sent,))


@client_check("writing", NO_CREATION, KEPT)
def replaces_what_is_there(evidence: Evidence) -> Iterator[Finding]:
    """PUT replaces a resource that the tenant made, and keeps what is immutable in it."""
    for played in evidence.played:
        known = {*played.before.users, *played.before.groups}
        for sent in played.sent:
            if sent.method == "PUT" and kind(sent):
                id_ = identifier(sent)
                held = id_ in known
                yield Finding(NO_CREATION, held, "PUT to a resource that is there", f"PUT {sent.path}", (sent,))
                yield from _kept(played, sent)
            if isinstance(sent.answer, dict):
                known |= {id_ for id_ in _told(sent.answer) if id_}


def _told(answer: dict[str, Any]) -> Iterator[str]:
    listed = member(answer, "Resources")
    yield text_of(answer, "id")
    yield from (text_of(each, "id") for each in (listed if isinstance(listed, list) else []))


def _kept(played: Played, sent: Sent) -> Iterator[Finding]:
    """The type of a member is immutable, and says what the member is."""
    kinds = dict.fromkeys(played.before.users, "User") | dict.fromkeys(played.before.groups, "Group")
    for each in _elements(sent.body, "members"):
        value, given = text_of(each, "value"), text_of(each, "type")
        if value in kinds and given:
            told = f"type {given} for a {kinds[value]}"
            yield Finding(KEPT, given.lower() == kinds[value].lower(), "the type as it is stored", told, (sent,))


def _elements(body: object, name: str) -> list[object]:
    found = member(body, name)
    return found if isinstance(found, list) else []


@client_check("writing", MEMBERSHIP)
def changes_members_through_groups(evidence: Evidence) -> Iterator[Finding]:
    """Who belongs to a group is written to the group, never to User.groups."""
    for sent in evidence.sent():
        for write in writes(sent):
            paths = [plain(change.path).partition("[")[0] for change in changes(write) if change.value or write.id]
            if write.kind == "User" and "groups" in paths:
                yield Finding(MEMBERSHIP, False, "members of a Group", f"{write.method} of User.groups", (sent,))
            if write.kind == "Group" and "members" in paths:
                yield Finding(MEMBERSHIP, True, "members of a Group", f"{write.method} of Group.members", (sent,))
