"""What a request asks and an answer tells, read without trust: kinds, identifiers, lists, filters, writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from conformance.connector.filters import Term, Ungrammatical, parse_filter
from conformance.connector.model import Evidence, Played, Sent
from conformance.described import member
from conformance.rfc_schema import CORE_GROUP, CORE_USER, ENTERPRISE_USER

Json = Mapping[str, Any]
KINDS: Final = {"Users": "User", "Groups": "Group"}
MATCHED_BY: Final = {"User": "userName", "Group": "displayName"}
CORE: Final = {"User": CORE_USER, "Group": CORE_GROUP}
DISCOVERY: Final = frozenset({"ServiceProviderConfig", "ResourceTypes", "Schemas"})
SEARCH: Final = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
_LONG: Final = 60_000  # the journal keeps 64 kB of a body
_COUNT: Final = {name: re.compile(rf'"{name}"\s*:\s*(\d+)', re.IGNORECASE) for name in ("totalResults", "itemsPerPage")}


def segments(sent: Sent) -> list[str]:
    """The path below the mount, decoded, in pieces."""
    return [unquote(piece) for piece in urlsplit(sent.path).path.split("/") if piece]


def kind(sent: Sent) -> str:
    """User, Group, or "" for another endpoint."""
    return KINDS.get((segments(sent) or [""])[0], "")


def identifier(sent: Sent) -> str:
    """The id of the resource a request is addressed to, "" where it is addressed to none."""
    found = segments(sent)
    return found[1] if len(found) == 2 and found[0] in KINDS and found[1] != ".search" else ""


def lists(sent: Sent) -> bool:
    """Whether the request asks for a list of people or groups."""
    found = segments(sent)
    if sent.method == "POST":
        return found[-1:] == [".search"]
    return sent.method == "GET" and len(found) == 1 and found[0] in KINDS


def parameter(sent: Sent, name: str) -> Any:
    """A parameter of a list: of the query, or of the body of a search."""
    if sent.method == "POST":
        return member(sent.body, name)
    return member(sent.query, name)


def terms(sent: Sent) -> tuple[Term, ...]:
    """The comparisons of the request's filter; none for no filter and for one that cannot be read."""
    text = parameter(sent, "filter")
    if not isinstance(text, str) or not text:
        return ()
    try:
        return parse_filter(text)
    except Ungrammatical:
        return ()


def plain(path: str) -> str:
    """The path in lower case, without the URN of a core schema in front."""
    lowered = path.lower()
    for urn in (CORE_USER, CORE_GROUP):
        lowered = lowered.removeprefix(f"{urn.lower()}:")
    return lowered


@dataclass(frozen=True, slots=True)
class Listing:
    """A page as it was answered; `hits` is None where the text was too long to be kept whole."""

    total: int
    size: int
    hits: tuple[Json, ...] | None


def listing(sent: Sent) -> Listing | None:
    """The list a request was answered with; None for any other answer, an error or a page of a web site."""
    if sent.status != 200:
        return None
    answer = sent.answer
    total = member(answer, "totalResults")
    if isinstance(total, int):
        found = member(answer, "Resources")
        hits = found if isinstance(found, list) else []
        return Listing(total, len(hits), tuple(hit for hit in hits if isinstance(hit, Mapping)))
    text = sent.exchange.response_body.decode("utf-8", "replace")
    if answer is not None or len(text) < _LONG:
        return None
    kept, size = _COUNT["totalResults"].search(text), _COUNT["itemsPerPage"].search(text)
    return Listing(int(kept[1]), int((size or kept)[1]), None) if kept else None


def text_of(resource: Any, name: str) -> str:
    """A text of a resource, "" where it has none."""
    found = member(resource, name)
    return found if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class Write:
    """One write, by a request of its own or as an operation of a bulk job; `id` is "" for a creation."""

    sent: Sent
    method: str
    kind: str
    id: str
    data: Any
    status: int | None

    @property
    def name(self) -> str:
        """The value a new or replaced resource is matched by."""
        return text_of(self.data, MATCHED_BY.get(self.kind, ""))

    @property
    def creates(self) -> bool:
        """Whether it makes a person or a group."""
        return self.method == "POST" and bool(self.kind) and not self.id

    @property
    def done(self) -> bool:
        """Whether the connector was told that it is done."""
        return self.status is not None and 200 <= self.status < 300


def writes(sent: Sent) -> Iterator[Write]:
    """What the request writes: nothing, one thing, or the operations of a bulk job."""
    if not sent.writes:
        return
    if segments(sent) == ["Bulk"]:
        yield from _bulk(sent)
    else:
        yield Write(sent, sent.method, kind(sent), identifier(sent), sent.body, sent.status)


def _bulk(sent: Sent) -> Iterator[Write]:
    asked, told = operations(sent.body), operations(sent.answer)
    for operation, result in zip_longest(asked, told[: len(asked)]):
        path = [piece for piece in text_of(operation, "path").split("/") if piece]
        status = str(member(result, "status") or "")
        yield Write(
            sent,
            text_of(operation, "method").upper(),
            KINDS.get(path[0], "") if path else "",
            path[1] if len(path) > 1 else "",
            member(operation, "data"),
            int(status) if status.isdecimal() else sent.status,
        )


def operations(body: Any) -> list[Any]:
    """The Operations of a message, [] where there are none."""
    found = member(body, "Operations")
    return found if isinstance(found, list) else []


def member_names(found: Any) -> list[tuple[str, Any]]:
    """The members of an object, [] for anything else."""
    return [(str(name), value) for name, value in found.items()] if isinstance(found, Mapping) else []


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute of a write: `op` is set, add, replace or remove, `path` plain, such as `name.givenname`."""

    op: str
    path: str
    value: Any


def changes(write: Write) -> Iterator[Change]:
    """The attributes a write sets or takes away; those of an extension and of `name` one by one."""
    if write.method in {"POST", "PUT"}:
        yield from _members("set", write.data)
    elif write.method == "PATCH":
        for operation in operations(write.data):
            op, path, value = text_of(operation, "op").lower(), text_of(operation, "path"), member(operation, "value")
            if path:
                yield from _flat(op, path, value)
            else:
                yield from _members(op, value)


def _members(op: str, found: Any) -> Iterator[Change]:
    for name, value in member_names(found):
        yield from _flat(op, name, value)


def _flat(op: str, path: str, value: Any) -> Iterator[Change]:
    name = plain(path)
    extension = name == ENTERPRISE_USER.lower() or (name.startswith("urn:") and isinstance(value, Mapping))
    if isinstance(value, Mapping) and name == "name":
        yield from (Change(op, f"name.{str(key).lower()}", each) for key, each in value.items())
    elif isinstance(value, Mapping) and extension and not name.endswith(":manager"):
        yield from (Change(op, f"{name}:{str(key).lower()}", each) for key, each in value.items())
    else:
        yield Change(op, name, value)


def sound(evidence: Evidence) -> Iterator[Played]:
    """The steps whose end says something of the connector: those before the first one with trouble."""
    for played in evidence.played:
        if played.ended.trouble:
            return
        yield played
