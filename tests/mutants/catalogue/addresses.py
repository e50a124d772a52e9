"""Defects of versions in paths and of the base of links (group G23)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mock_samanage.scim.errors import NotFound
from mock_samanage.tenant.resource import Resource
from mock_samanage.web import wire
from mock_samanage.web.base_url import BaseUrl
from tests.mutants.answers import Json, changed, resources
from tests.mutants.mutant import Defect, Environ, Reply, mutant


def _moved(defect: Defect, old: str, new: str) -> None:
    """Reads paths that go through one segment as if they went through another."""

    def divert(environ: Environ) -> None:
        path: str = environ["PATH_INFO"]
        environ["PATH_INFO"] = f"{path}/".replace(f"/{old}/", f"/{new}/", 1)[:-1] if f"/{old}/" in f"{path}/" else path

    defect.requests(divert)


@mutant(clauses=("7644-3.13-02",), trips={"addresses.the_version_asked_for_is_used_or_refused"}, only="version 1")
def version_one_is_version_two(defect: Defect) -> None:
    """A request for /v1 is answered like one for /v2."""
    _moved(defect, "v1", "v2")


@mutant(
    clauses=("7644-3.13-02",),
    trips={"addresses.the_version_asked_for_is_used_or_refused", "errors.an_unknown_protocol_version_is_refused"},
    only="versions to come",
)
def a_later_version_is_the_newest(defect: Defect) -> None:
    """A request for a version above 2 is answered like one for /v2."""

    def divert(environ: Environ) -> None:
        path: str = environ["PATH_INFO"]
        for number in range(3, 100):
            path = path.replace(f"/v{number}/", "/v2/", 1)
        environ["PATH_INFO"] = path

    defect.requests(divert)


def _without_version(environ: Environ) -> bool:
    return not environ["SCRIPT_NAME"].endswith("v2")


@mutant(
    clauses=("7644-3.13-03",),
    trips={"addresses.without_a_version_the_newest_is_used"},
    only="requests without a version",
)
def without_a_version_the_oldest_is_used(defect: Defect) -> None:
    """Without a version in the path resources are those of SCIM 1.1."""

    def old(document: Json) -> None:
        for entry in resources(document):
            entry["schemas"] = ["urn:scim:schemas:core:1.0"]

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        return changed(reply, old) if reply.code == 200 and _without_version(environ) else reply

    defect.answers(rewrite)


@mutant(
    clauses=("7644-3.13-03",), trips={"addresses.without_a_version_the_newest_is_used"}, only="writes without a version"
)
def without_a_version_nothing_can_be_written(defect: Defect) -> None:
    """Without a version in the path users can only be read: a PATCH, PUT or DELETE is answered 404."""

    def of(self: BaseUrl, environ: Mapping[str, Any]) -> str:
        if environ["REQUEST_METHOD"] not in {"GET", "POST"} and not environ["SCRIPT_NAME"].endswith("v2"):
            raise NotFound("There is nothing to write here.")
        return str(old(self, environ))

    old = defect.replace(BaseUrl, "of", of)


@mutant(
    clauses=("7644-3.13-04",),
    trips={"addresses.links_lead_to_the_resource_with_and_without_version"},
    only="members of groups read without a version",
)
def a_link_names_a_version_that_is_not_there(defect: Defect) -> None:
    """Read without a version in the path, groups refer to members below /v2.0."""

    def reference(other: Any, base: str, *, kind: str) -> Json:
        bare = kind == "direct" or base.endswith("v2")
        shown: Json = old(other, base if bare else f"{base}/v2.0", kind=kind)
        return shown

    old = defect.replace(wire, "_reference", reference)


@mutant(
    clauses=("7644-3.13-04",),
    trips={"addresses.links_lead_to_the_resource_with_and_without_version"},
    only="users read without a version",
)
def a_link_without_a_version_has_another_root(defect: Defect) -> None:
    """Read without a version in the path, users have a location below /api."""

    def location(resource: Resource, base: str) -> str:
        at = base if base.endswith("v2") or resource.type != "User" else base.removesuffix("/scim") + "/api/scim"
        return str(old(resource, at))

    old = defect.replace(wire, "location", location)


@mutant(
    clauses=("7644-3.13-04",),
    trips={"addresses.links_lead_to_the_resource_with_and_without_version"},
    only="members of groups",
)
def a_member_has_no_prefix(defect: Defect) -> None:
    """The `$ref` of a member leaves out the path prefix of the base."""

    def reference(other: Any, base: str, *, kind: str) -> Json:
        shown: Json = old(other, base if kind == "direct" else "/".join(base.split("/")[:3]), kind=kind)
        return shown

    old = defect.replace(wire, "_reference", reference)


@mutant(clauses=("7644-1.3-01",), trips={"addresses.links_keep_the_prefix_of_the_base"}, only="schemas")
def a_schema_has_no_prefix(defect: Defect) -> None:
    """The locations of schemas leave out the path prefix of the base."""

    def strip(document: Json) -> None:
        for entry in resources(document):
            if entry.get("meta", {}).get("resourceType") == "Schema":
                entry["meta"]["location"] = entry["meta"]["location"].replace("/scim/v2", "").replace("/scim", "")

    defect.answers(lambda _environ, reply: changed(reply, strip) if b'"Schema"' in reply.body else reply)
