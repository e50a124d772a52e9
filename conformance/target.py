"""What is judged: its URL, what it says it can do, and the conditions clauses put on that."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from conformance import rfc_schema
from conformance.conditions import absent
from conformance.hooks import Hooks

_FEATURES = frozenset({"patch", "bulk", "filter", "sort", "etag", "changePassword"})
_SCHEMES = {"bearer": {"oauthbearertoken", "oauth2"}, "basic": {"httpbasic"}, "oauth2": {"oauth2", "oauth"}}
_DEFAULTS = {"type": "string", "mutability": "readWrite", "returned": "default"}
_VERSION = re.compile(r"v\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The discovery documents; where one cannot be read, RFC 7643's, and `assumed` names it."""

    config: Mapping[str, Any]
    schemas: Sequence[Mapping[str, Any]]
    resource_types: Sequence[Mapping[str, Any]]
    assumed: tuple[str, ...] = ()

    @classmethod
    def from_documents(cls, config: Any, schemas: Any, resource_types: Any) -> Capabilities:
        """Capabilities from what the three endpoints answer, None for what could not be read."""
        assumed = []
        if not isinstance(config, dict):
            assumed.append("/ServiceProviderConfig")
        if not _objects(schemas):
            assumed.append("/Schemas")
        if not _objects(resource_types):
            assumed.append("/ResourceTypes")
        return cls(
            config if isinstance(config, dict) else rfc_schema.SERVICE_PROVIDER_CONFIG,
            _objects(schemas) or rfc_schema.SCHEMAS,
            _objects(resource_types) or rfc_schema.RESOURCE_TYPES,
            tuple(assumed),
        )

    def supports(self, feature: str) -> bool:
        """Whether ServiceProviderConfig says `<feature>.supported: true`."""
        return self._member(feature).get("supported") is True

    def limit(self, feature: str, member: str) -> int | None:
        """An integer of a feature, such as `filter`, `maxResults`."""
        found = self._member(feature).get(member)
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def resource_type(self, name: str) -> Mapping[str, Any] | None:
        """The resource type of that name."""
        return next((entry for entry in self.resource_types if entry.get("name") == name), None)

    def endpoint(self, name: str) -> str:
        """The endpoint of a resource type, with its slash; the usual one where the type is not listed."""
        found = (self.resource_type(name) or {}).get("endpoint")
        return "/" + found.strip("/") if isinstance(found, str) and found.strip("/") else f"/{name}s"

    def extensions(self, name: str) -> list[Mapping[str, Any]]:
        """The schemaExtensions of a resource type."""
        return _objects((self.resource_type(name) or {}).get("schemaExtensions"))

    def schema(self, urn: object) -> Mapping[str, Any] | None:
        """The schema with that id; URNs in any case."""
        wanted = str(urn).lower()
        return next((entry for entry in self.schemas if str(entry.get("id")).lower() == wanted), None)

    def schemas_of(self, name: str) -> list[Mapping[str, Any]]:
        """The schema of a resource type, then those of its extensions."""
        entry = self.resource_type(name)
        urns = [entry.get("schema"), *(ext.get("schema") for ext in self.extensions(name))] if entry else []
        return [schema for urn in urns if (schema := self.schema(urn))]

    def attribute(self, name: str, path: str) -> Mapping[str, Any] | None:
        """The definition of an attribute of a resource type or its extensions, `attr` or `attr.sub`."""
        first, _, sub = path.lower().partition(".")
        for schema in self.schemas_of(name):
            for entry in _objects(schema.get("attributes")):
                if str(entry.get("name")).lower() == first:
                    return _sub(entry, sub) if sub else entry
        return None

    def definitions(self, name: str) -> Iterator[Mapping[str, Any]]:
        """Every attribute and sub-attribute of a resource type and its extensions."""
        for schema in self.schemas_of(name):
            for entry in _objects(schema.get("attributes")):
                yield entry
                yield from _objects(entry.get("subAttributes"))

    def schemes(self) -> set[str]:
        """The `type` of each authentication scheme, in lower case."""
        return {str(entry.get("type")).lower() for entry in _objects(self.config.get("authenticationSchemes"))}

    def _member(self, name: str) -> Mapping[str, Any]:
        found = self.config.get(name)
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class Target:
    """The server that is judged.

    `probe` tells the words of the condition language that need a request. A target with hooks is taken to offer
    all of them, until one says otherwise. `credential` is the
    kind of the run's own: "bearer", "basic" or "".
    """

    url: str
    capabilities: Capabilities
    credential: str = ""
    opt_ins: frozenset[str] = frozenset()
    profiles: tuple[str, ...] = ()
    hooks: Hooks | None = None
    probe: Callable[[str], bool] = field(default=lambda _: False)

    def absent(self, condition: str) -> str | None:
        """Why a clause's condition does not hold, None when it does."""
        return absent(condition, self.has)

    def has(self, word: str) -> bool:
        """Whether a word of the condition language is true of this target."""
        kind, _, rest = word.partition(":")
        if rest:
            return self._keyed(kind, rest)
        if word in _FEATURES:
            return self.capabilities.supports(word)
        if word in _SCHEMES:
            return bool(self.capabilities.schemes() & _SCHEMES[word]) or self.credential == word
        if word.startswith("pagination") or word in {"securityEvents", "async"}:
            return self._optional(word)
        if word == "remote":
            return not _loopback(urlsplit(self.url).hostname or "")
        if word == "versioned base":
            return bool(_VERSION.fullmatch(self.url.rstrip("/").rsplit("/", 1)[-1]))
        return self.probe(word)

    def _keyed(self, kind: str, rest: str) -> bool:
        found = self.capabilities
        if kind == "type":
            names = {str(entry.get("name")) for entry in found.resource_types}
            return bool(names - {"User", "Group"}) if rest == "custom" else rest in names
        if kind == "extension":
            return self._extension(rest)
        if kind == "attribute":
            name, _, path = rest.partition(".")
            return found.attribute(name, path) is not None
        if kind == "some":
            wanted = dict(pair.split("=", 1) for pair in rest.split(","))
            return any(_has(entry, wanted) for name in ("User", "Group") for entry in found.definitions(name))
        if kind == "opt-in":
            return rest in self.opt_ins
        return kind == "hook" and self.hooks is not None

    def _extension(self, which: str) -> bool:
        listed = [
            (str(entry.get("name")), extension)
            for entry in self.capabilities.resource_types
            for extension in self.capabilities.extensions(str(entry.get("name")))
        ]
        if which == "required":
            return any(extension.get("required") is True for _, extension in listed)
        enterprise = [str(ext.get("schema")).lower() == rfc_schema.ENTERPRISE_USER.lower() for _, ext in listed]
        if which == "enterprise":
            return any(hit and name == "User" for (name, _), hit in zip(listed, enterprise, strict=True))
        return not all(enterprise)

    def _optional(self, word: str) -> bool:
        config = self.capabilities.config
        if word == "async":
            events = config.get("securityEvents")
            mode = events.get("asyncRequest") if isinstance(events, dict) else None
            return mode is not None and str(mode).lower() != "none"
        paging = config.get("pagination")
        if word in {"pagination", "securityEvents"}:
            return isinstance(config.get(word), dict)
        if not isinstance(paging, dict):
            return word == "pagination.index"
        member = word.partition(".")[2]
        return paging.get(member) is True if member in {"index", "cursor"} else member in paging


def _objects(found: Any) -> list[Mapping[str, Any]]:
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _sub(entry: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    subs = _objects(entry.get("subAttributes"))
    return next((sub for sub in subs if str(sub.get("name")).lower() == name), None)


def _has(entry: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    return all(entry.get(key, _DEFAULTS.get(key)) == value for key, value in wanted.items())


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
