"""Defects of URLs and of questions."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests

from tests.connectors.correct import Connector
from tests.connectors.defective.registry import defect
from tests.connectors.mapping import Json


@defect(
    "first-sync",
    clauses=("7644-1.2-C01",),
    trips={
        "addressing.encodes_urls",
    },
)
class QuotesInTheUrl(Connector):
    """The quotes of a filter stand in the URL as they are."""

    def once(self, method: str, url: str, body: Json | None) -> requests.Response:
        if method != "GET":
            return super().once(method, url, body)
        parts, answer = urlsplit(url), requests.Response()
        connection = http.client.HTTPConnection(parts.netloc, timeout=self.patience)
        prepared = self.session.prepare_request(requests.Request(method, url))
        query = parts.query.replace("%22", '"')
        connection.request(method, f"{parts.path}?{query}", headers=dict(prepared.headers))
        found = connection.getresponse()
        answer.status_code, answer._content, answer.request = found.status, found.read(), prepared
        connection.close()
        return answer


@defect(
    "first-sync",
    clauses=("7644-3.13-C01",),
    trips={
        "addressing.keeps_the_base",
        "ending.tells_by_its_status_how_it_went",
        "state.groups_are_as_the_source_says",
        "state.people_are_as_the_source_says",
    },
)
class VersionOfItsOwn(Connector):
    """A version is put behind the base URL."""

    def address(self, path: str, **query: str | int) -> str:
        return super().address(f"/2.0{path}", **query)


@defect(
    "first-sync",
    clauses=("7644-4-C01",),
    trips={
        "addressing.reads_what_the_tenant_offers",
        "ending.tells_by_its_status_how_it_went",
    },
)
class FiltersDiscovery(Connector):
    """The resource types are asked for with a filter."""

    def synchronise(self) -> None:
        self.attempt("discovery", self.ask, "GET", self.address("/ResourceTypes", filter='name eq "User"'))
        super().synchronise()


@defect(
    "first-sync",
    clauses=("7643-2.3.5-C01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "querying.compares_simple_values",
    },
)
class DaysForMoments(Connector):
    """What changed is asked for since a day, without the time of the day."""

    def synchronise(self) -> None:
        since = 'meta.lastModified gt "2026-01-01"'
        self.attempt("changes", self.ask, "GET", self.address("/Users", filter=since))
        super().synchronise()


@defect(
    "first-sync",
    clauses=("7644-3.9-C01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "querying.names_attributes_in_standard_notation",
        "state.groups_are_as_the_source_says",
        "state.people_are_as_the_source_says",
    },
)
class BothProjections(Connector):
    """Attributes are asked for and left out in one request."""

    def listed(self, path: str, filter: str = "") -> Iterator[Json]:
        query = {"filter": filter, "attributes": "userName,displayName,externalId", "excludedAttributes": "members"}
        page = self.ask("GET", self.address(path, **query))
        yield from (self.ask("GET", self.address(f"{path}/{each['id']}")) for each in page.get("Resources") or [])


@defect(
    "first-sync",
    clauses=("7644-3.4.3-C01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "patching.sends_a_patch_message",
        "querying.names_the_search_message",
        "state.groups_are_as_the_source_says",
        "state.people_are_as_the_source_says",
    },
)
class SearchesWithoutSchemas(Connector):
    """A search by POST does not say that it is one."""

    def listed(self, path: str, filter: str = "") -> Iterator[Json]:
        page = self.ask("POST", self.address(f"{path}/.search"), {"filter": filter})
        yield from page.get("Resources") or []


@defect(
    "first-sync",
    clauses=("CON-AUTH-05",),
    trips={
        "credentials.presents_a_credential",
    },
)
class AnonymousAtFirst(Connector):
    """A question goes out without a credential, and again with it once that was refused."""

    def once(self, method: str, url: str, body: Json | None) -> requests.Response:
        if method == "GET":
            answer = requests.get(url, timeout=self.patience, allow_redirects=False)
            if answer.status_code != 401:
                return answer
        return super().once(method, url, body)


@defect(
    "nothing-changed",
    clauses=("7644-3.1-C01",),
    trips={
        "coping.copes_with_more_than_it_sent",
        "ending.tells_by_its_status_how_it_went",
    },
)
class MindsWhatItDidNotSend(Connector):
    """An attribute that the connector does not know is an error."""

    def read(self, path: str, id: str) -> Json | None:
        found = super().read(path, id)
        known = {"schemas", "id", "meta", "externalId", "userName", "displayName", "name", "emails", "phoneNumbers"}
        known |= {"title", "active", "roles", "members", "groups"}
        if unknown := [name for name in found or {} if name not in known and not name.startswith("urn:ietf")]:
            raise LookupError(f"{path}/{id} has {unknown}")
        return found


@defect(
    "nothing-changed",
    clauses=("7643-2.3.8-C01",),
    trips={
        "coping.copes_with_any_order_of_members",
        "ending.tells_by_its_status_how_it_went",
    },
)
class MindsTheOrder(Connector):
    """The first member of a resource has to be `schemas`."""

    def read(self, path: str, id: str) -> Json | None:
        found = super().read(path, id)
        if found and next(iter(found)) != "schemas":
            raise LookupError(f"{path}/{id} does not begin with schemas")
        return found
