"""What a connector asks for: filters, projections, orders, and what of it stands in a URL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.connector.attributes import attribute, unqualified
from conformance.connector.filters import Ungrammatical, attribute_path, parse_filter, patch_path
from conformance.connector.judging import Finding, client_check
from conformance.connector.model import Evidence, Sent
from conformance.connector.traffic import SEARCH, kind, operations, parameter, plain, segments, terms, text_of, writes

GRAMMAR, COMPLEX, QUALIFIED = "7644-3.4.2.2-C01", "7644-3.4.2.2-C02", "7644-3.10-C01"
PROJECTED, APART, SORTED, URN = "7644-3.4.2.5-C01", "7644-3.9-C01", "7644-3.4.3-C02", "7644-3.4.3-C01"
BY_POST, PERSONAL, MOMENTS = "7644-7.5.2-C01", "7644-3.12-C05", "7643-2.3.5-C01"
_PERSONAL = re.compile(r"(username|displayname|nickname|name|emails|phonenumbers|addresses|ims|photos)(\.|$)")
_MOMENT = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
_MOMENTS = frozenset({"meta.created", "meta.lastmodified"})


@client_check("querying", GRAMMAR)
def writes_filters_by_the_grammar(evidence: Evidence) -> Iterator[Finding]:
    """Every filter fits the grammar of RFC 7644."""
    for sent in evidence.sent():
        text = parameter(sent, "filter")
        if text is None:
            continue
        try:
            parse_filter(str(text))
        except Ungrammatical as error:
            yield Finding(GRAMMAR, False, "a filter by the grammar", f"{text}: {error}", (sent,))
        else:
            yield Finding(GRAMMAR, True, "a filter by the grammar", str(text), (sent,))


@client_check("querying", COMPLEX, MOMENTS)
def compares_simple_values(evidence: Evidence) -> Iterator[Finding]:
    """Filters compare simple values: of a complex attribute a part, of a moment an xsd:dateTime."""
    for sent in evidence.sent():
        for term in terms(sent):
            found = attribute(kind(sent), term.path)
            if term.op != "pr" and found is not None:
                held = found.type != "complex"
                yield Finding(COMPLEX, held, "a comparison with a simple attribute", f"{term.path} {term.op}", (sent,))
            if plain(term.path) in _MOMENTS and term.op != "pr":
                held = isinstance(term.value, str) and _MOMENT.fullmatch(term.value) is not None
                yield Finding(MOMENTS, held, "an xsd:dateTime", f"{term.path} {term.op} {term.value!r}", (sent,))


@client_check("querying", QUALIFIED)
def qualifies_extension_attributes(evidence: Evidence) -> Iterator[Finding]:
    """Attributes of an extension are named with its URN in filters, paths and projections."""
    for sent in evidence.sent():
        for path in [*_named(sent), *_patched(sent)]:
            if unqualified(path) or path.lower().startswith("urn:"):
                yield Finding(QUALIFIED, not unqualified(path), "the URN before the name", path, (sent,))


def _named(sent: Sent) -> Iterator[str]:
    if kind(sent) == "User":
        yield from (term.path for term in terms(sent))
        for name in ("attributes", "excludedAttributes", "sortBy"):
            yield from _names(parameter(sent, name))


def _patched(sent: Sent) -> Iterator[str]:
    for write in writes(sent):
        for operation in operations(write.data) if write.method == "PATCH" and write.kind == "User" else ():
            try:
                path, found, _ = patch_path(text_of(operation, "path"))
            except Ungrammatical:
                continue
            yield path
            yield from (term.path for term in found if term.path.startswith("urn:"))


def _names(found: object) -> list[str]:
    listed = found if isinstance(found, list) else str(found).split(",") if found is not None else []
    return [str(name).strip() for name in listed]


@client_check("querying", PROJECTED, APART, SORTED)
def names_attributes_in_standard_notation(evidence: Evidence) -> Iterator[Finding]:
    """Projections and orders name attributes in standard notation, a projection of one sort only."""
    for sent in evidence.sent():
        asked = {name: parameter(sent, name) for name in ("attributes", "excludedAttributes", "sortBy")}
        for name, value in asked.items():
            clause = SORTED if name == "sortBy" else PROJECTED
            for path in _names(value):
                yield Finding(clause, attribute_path(path), "[URN:]name[.sub]", f"{name}={value}", (sent,))
        given = [name for name in ("attributes", "excludedAttributes") if asked[name] is not None]
        if given:
            yield Finding(APART, len(given) == 1, "one of the two", " and ".join(given), (sent,))


@client_check("querying", URN)
def names_the_search_message(evidence: Evidence) -> Iterator[Finding]:
    """A search by POST names the SearchRequest schema."""
    for sent in evidence.sent():
        if sent.method == "POST" and segments(sent)[-1:] == [".search"]:
            schemas = sent.body.get("schemas") if isinstance(sent.body, dict) else None
            yield Finding(URN, schemas == [SEARCH], SEARCH, f"schemas: {schemas}", (sent,))


@client_check("querying", BY_POST, PERSONAL)
def keeps_personal_data_out_of_urls(evidence: Evidence) -> Iterator[Finding]:
    """Filters with personal data travel in the body of a search, not in a URL."""
    for sent in evidence.sent():
        found = [term.path for term in terms(sent) if kind(sent) == "User" and _PERSONAL.match(plain(term.path))]
        if found:
            told = f"{sent.method} with a filter on {found[0]}"
            held = sent.method == "POST"
            yield Finding(BY_POST, held, "POST /Users/.search", told, (sent,))
            yield Finding(PERSONAL, held, "POST /Users/.search", told, (sent,), tolerated=True)
