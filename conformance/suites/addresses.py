"""URLs: the version in them, and the case of paths and names (RFC 7644 sections 1.3 and 3.13, RFC 3986)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import SplitResult, urlsplit

from conformance.client import Answer, ScimClient
from conformance.judging import budget, clause, either, holds, not_applicable, observe
from conformance.population import Document, Groups, Users
from conformance.suites.links import place
from conformance.suites.resources import meta_of, object_of
from conformance.target import Target

PORTS = {"http": 80, "https": 443}
_VERSION = re.compile(r"/v\d+/?\Z", re.IGNORECASE)
SCIM_1 = "urn:scim:schemas:core:1.0"


def root(scim: ScimClient) -> str:
    """The base without its version."""
    return scim.base.rpartition("/")[0]


def unversioned(path: str) -> str:
    """A path without the version at its end; links may have one or not (RFC 7644 section 3.13)."""
    return _VERSION.sub("", path)


def normal(url: str) -> str:
    """A URL with scheme and host in lower case and without a default port."""
    parts: SplitResult = urlsplit(url)
    host, port = (parts.hostname or ""), parts.port
    netloc = host if port in (None, PORTS.get(parts.scheme)) else f"{host}:{port}"
    return parts._replace(netloc=netloc).geturl()


def keeps_prefix(url: str, base: str, path: str) -> bool:
    """Whether a URL is the prefix of the base, with its version or without, and that path."""
    parts = urlsplit(url)
    prefix, own, rest = parts.path.rpartition(path)
    return bool(own) and not rest and not parts.query and unversioned(prefix) == unversioned(urlsplit(base).path)


def without_links(resource: Document) -> Document:
    """A resource without what names URLs."""
    return {name: value for name, value in resource.items() if name not in {"meta", "groups"}}


def same_user(answer: Answer, user: Document) -> bool:
    """Whether the answer is that user."""
    found = object_of(answer) if answer.ok else {}
    return (found.get("id"), found.get("userName")) == (user["id"], user["userName"])


@clause("7644-3.13-01")
@budget(3)
def test_the_version_stands_before_the_endpoint(users: Users, reader: Document) -> None:
    """Below the versioned base the users are listed, and one is read."""
    listed = users.client.query(users.endpoint, count=1)
    holds("7644-3.13-01", listed.ok, expected="200", observed=listed.status, answer=listed)
    answer = users.client.get(users.path(reader))
    holds("7644-3.13-01", same_user(answer, reader), expected="the user", observed=answer.status, answer=answer)


@clause("7644-3.13-02")
@budget(4)
def test_the_version_asked_for_is_used_or_refused(users: Users) -> None:
    """Below /v1 and /v9 that version is spoken, or the request refused; nothing is created."""
    name = users.run.email("versioned")
    old, new = (users.client.at(f"{root(users.client)}/{version}") for version in ("v1", "v9"))
    body = users.body(userName=name)
    for answer in (
        old.query(users.endpoint, count=1),
        new.query(users.endpoint, count=1),
        new.post(users.endpoint, body),
    ):
        spoken = answer.ok and answer.exchange.url.startswith(old.base) and SCIM_1.encode() in answer.body
        right = spoken or answer.status == 404 or (answer.status, answer.scim_type) == (400, "invalidVers")
        told = f"{answer} {answer.scim_type or ''}"
        mild = answer.status == 400
        holds("7644-3.13-02", right, expected="404 or 400 invalidVers", observed=told, answer=answer, tolerated=mild)
    left = users.client.query(users.endpoint, f'userName eq "{name}"')
    fresh = not left.ok or left.total == 0
    holds("7644-3.13-02", fresh, expected="nothing created", observed=left.status, answer=left)


@clause("7644-3.13-03")
@budget(6)
def test_without_a_version_the_newest_is_used(users: Users) -> None:
    """Without the version the same resources are read and written."""
    made = users.create()
    plain = users.client.at(root(users.client))
    answer = plain.get(users.path(made))
    found, wanted = (without_links(each) for each in (object_of(answer), users.read(made)))
    holds("7644-3.13-03", found == wanted, expected=str(wanted), observed=found or answer.status, answer=answer)
    body = users.body(userName=made["userName"], title="Planner")
    changed = plain.put(users.path(made), body)
    told = users.read(made).get("title")
    holds("7644-3.13-03", told == "Planner", expected="Planner", observed=told, answer=changed)


@clause("7644-1.3-01")
@budget(3)
def test_links_keep_the_prefix_of_the_base(users: Users, scim: ScimClient) -> None:
    """The base has no query, and every location is its path, the endpoint and the id."""
    holds("7644-1.3-01", not urlsplit(scim.base).query, expected="no query", observed=scim.base)
    answer = users.post(users.body())
    made = object_of(answer)
    told = [(answer.headers.get("Location"), users.path(made))]
    told.append((meta_of(users.read(made)).get("location"), users.path(made)))
    listed = scim.get("/Schemas")
    told += [(meta_of(each).get("location"), f"/Schemas/{each.get('id')}") for each in entries(listed)]
    for found, path in told:
        right = found is None or keeps_prefix(scim.url(place(found)), scim.base, path)
        expected = f"{unversioned(urlsplit(scim.base).path)}{path}, with a version or without"
        holds("7644-1.3-01", right, expected=expected, observed=found, answer=answer)


def entries(answer: Answer) -> list[Document]:
    """The objects of a list, none where it is none."""
    found = object_of(answer).get("Resources") if answer.ok else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def forms(link: str, scim: ScimClient) -> set[str]:
    """The URL of a link with the version in it, and without it."""
    url, plain = scim.url(place(link)), root(scim)
    rest = url.removeprefix(scim.base) if url.startswith(scim.base) else url.removeprefix(plain)
    return {scim.base + rest, plain + rest} if rest != url else {url}


@clause("7644-3.13-04")
@budget(7)
def test_links_lead_to_the_resource_with_and_without_version(users: Users, groups: Groups, reader: Document) -> None:
    """meta.location and $ref lead to the user, with the version in them and without it."""
    scim = users.client
    made = groups.create(members=[{"value": reader["id"]}])
    links = [str(meta_of(reader).get("location") or "")]
    for base in (scim, scim.at(root(scim))):
        links.append(str(meta_of(object_of(base.get(users.path(reader)))).get("location") or ""))
        members = object_of(base.get(groups.path(made))).get("members") or []
        links += [str(each.get("$ref") or "") for each in members]
    known = {link for link in links if link}
    for url in sorted(set().union(*(forms(link, scim) for link in known))):
        answer = scim.get(url)
        right = same_user(answer, reader) and keeps_prefix(url, scim.base, users.path(reader))
        holds("7644-3.13-04", right, expected="the user, below the base", observed=f"{answer}", answer=answer)


@clause("3986-6.2.2.1-01")
@budget(5)
def test_endpoints_in_other_case_are_unknown_or_the_same(users: Users) -> None:
    """An endpoint in lower case is not found, or is the same one, for reading and writing alike."""
    made = users.create(title="Planner")
    endpoint = users.endpoint.swapcase() if users.endpoint.islower() else users.endpoint.lower()
    path = f"{endpoint}/{made['id']}"
    listed, read = users.client.query(endpoint, count=1), users.client.get(path)
    written = users.client.put(path, users.body(userName=made["userName"], title="Pilot"))
    kept = users.read(made).get("title")
    told = (listed.status, read.status, written.status, kept)
    moved = {listed.status, read.status, written.status} <= {301, 307, 308}
    same = bool(entries(listed)) and same_user(read, made) and (kept == "Pilot" or written.status in (405, 501))
    variants = {"exact": told == (404, 404, 404, "Planner"), "any": moved or same}
    either("3986-6.2.2.1-01", "AMB-59", variants, observed=told, about="endpoints", answer=written)


@clause("7643-7-35")
@budget(1)
def test_a_schema_in_other_case_is_unknown_or_the_same(scim: ScimClient, target: Target) -> None:
    """A schema whose URN is asked for in capitals is not found, or is that schema."""
    urn = next(str(each.get("id")) for each in target.capabilities.schemas_of("User"))
    answer = scim.get(f"/Schemas/{urn.upper()}")
    same = answer.ok and str(object_of(answer).get("id")).lower() == urn.lower()
    variants = {"exact": answer.status == 404, "any": same}
    either("7643-7-35", "AMB-59", variants, observed=answer.status, about="schema paths", answer=answer)


@clause("8141-3-01")
@budget(4)
def test_schemas_in_other_case_are_refused_or_understood(users: Users) -> None:
    """`schemas` in capitals is refused, or understood and told in its own form, in POST and PUT alike."""
    made, usual = users.create(), users.body()
    shouted = [str(urn).upper() for urn in usual["schemas"]]
    answers = [
        users.post({**usual, "schemas": shouted}),
        users.client.put(users.path(made), users.body(userName=made["userName"], schemas=shouted)),
    ]
    told = [(each.status, object_of(each).get("schemas")) for each in answers]
    listed = [set(object_of(each).get("schemas") or usual["schemas"]) for each in answers if each.ok]
    variants = {
        "exact": [each.status for each in answers] == [400, 400],
        "any": len(listed) == 2 and all(set(usual["schemas"]) <= each and not each & set(shouted) for each in listed),
    }
    either("8141-3-01", "AMB-59", variants, observed=told, about="schemas", answer=answers[0])


@clause("7644-3.4.2-12")
@budget(2)
def test_parameters_in_other_case_are_told(users: Users) -> None:
    """`?FILTER=` is ignored as an unknown parameter, or honoured as a filter."""
    condition = f'userName eq "{users.run.name("nobody")}"'
    answer = users.client.get(users.endpoint, params={"FILTER": condition, "count": 1})
    holds("7644-3.4.2-12", answer.ok, expected="200", observed=answer.status, answer=answer)
    if answer.ok:
        observe("7644-3.4.2-12", f"FILTER is {'ignored' if answer.total else 'honoured'}: {answer.total} found")


@clause("7643-3.1-31")
@budget(3)
def test_names_of_resource_types_are_case_exact(users: Users, reader: Document, target: Target) -> None:
    """meta.resourceType compares by its exact text; what /ResourceTypes/user gives is told."""
    answer = users.client.get("/ResourceTypes/user")
    known = answer.status == 404 or answer.ok
    holds("7643-3.1-31", known, expected="404 or 200", observed=answer.status, answer=answer)
    if not target.has("filter"):
        return
    for name, wanted in (("User", 1), ("user", 0)):
        condition = f'userName eq "{reader["userName"]}" and meta.resourceType eq "{name}"'
        asked = users.client.query(users.endpoint, condition)
        if not asked.ok:
            observe("7643-3.1-31", f"no filter takes meta.resourceType: {asked.status} {asked.scim_type}")
            return
        holds("7643-3.1-31", asked.total == wanted, expected=f"{name}: {wanted}", observed=asked.total, answer=asked)


@clause("3986-2.1-01")
@budget(3)
def test_percent_encoding_is_transparent(users: Users, reader: Document, target: Target) -> None:
    """A path with letters or colons percent-encoded is the same path."""
    endpoint = users.endpoint
    encoded = f"{endpoint[0]}%{ord(endpoint[1]):02X}{endpoint[2:]}"
    answer = users.client.get(f"{encoded}/{reader['id']}")
    told = f"{encoded}: {answer.status}"
    mild = answer.status == 404
    right = same_user(answer, reader)
    holds("3986-2.1-01", right, expected="the user", observed=told, answer=answer, tolerated=mild)
    urn = next(str(each.get("id")) for each in target.capabilities.schemas_of("User"))
    answer = users.client.get(f"/Schemas/{urn.replace(':', '%3A')}")
    right = answer.ok and object_of(answer).get("id") == urn
    mild = answer.status == 404
    holds("3986-2.1-01", right, expected=urn, observed=answer.status, answer=answer, tolerated=mild)


@clause("3986-6.2.2.1-02")
@budget(2)
def test_scheme_and_host_have_no_case(users: Users, reader: Document) -> None:
    """A request whose Host is in capitals gets the same user at the same location, once normalised."""
    path, host = users.path(reader), urlsplit(users.client.base).netloc
    if host == host.upper():  # an address has no case, the name of this machine has
        host = f"localhost:{host.rpartition(':')[2]}"
    first, second = (users.client.get(path, headers={"Host": each}) for each in (host, host.upper()))
    told: list[Any] = [meta_of(object_of(each)).get("location") for each in (first, second) if each.ok]
    if not first.ok or not any(told):
        not_applicable("3986-6.2.2.1-02", "no answer tells a location")
        return
    same = same_user(second, reader) and len({normal(users.client.url(place(each))) for each in told}) == 1
    holds("3986-6.2.2.1-02", same, expected="one location", observed=told, answer=second)
