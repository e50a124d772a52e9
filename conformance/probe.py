"""The first requests to a target: does it answer, is it SCIM, is the credential good, what can it do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from conformance.client import Answer, ScimClient
from conformance.errors import Interruption, TargetUnfit, Unusable
from conformance.target import Capabilities

LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SEARCH_REQUEST = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


def discover(client: ScimClient) -> dict[str, Any]:
    """The discovery documents, None where one cannot be read; raises TargetUnfit with one clear sentence."""
    _check_url(client.base)
    try:
        config = _document(client.get("/ServiceProviderConfig"))
        answer = client.get("/Users", params={"startIndex": 1, "count": 1})
        if problem := _problem(client, answer, config):
            raise TargetUnfit(problem)
        return {
            "config": config if _is_config(config) else None,
            "schemas": _resources(client.get("/Schemas")),
            "resource_types": _resources(client.get("/ResourceTypes")),
        }
    except Interruption as silence:
        reason = silence.exchange.error or "no answer"
        raise TargetUnfit(
            f"{client.base} does not answer ({reason}). Is the server running, and is this its SCIM base URL, "
            "for example http://127.0.0.1:8080/scim/v2?"
        ) from silence
    except Unusable as error:
        raise TargetUnfit(f"{client.base} is not available: {error}") from error


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise TargetUnfit(f"{url!r} is no URL of a SCIM server; right would be http://127.0.0.1:8080/scim/v2")


def _problem(client: ScimClient, answer: Answer, config: Any) -> str | None:
    if answer.status in {401, 403}:
        had = "credential was refused" if client.anonymous().headers != client.headers else "target wants a credential"
        detail = f": {answer.error['detail']}" if answer.error and isinstance(answer.error.get("detail"), str) else ""
        return (
            f"the {had}: GET {client.base}/Users is answered {answer.status}{detail}. "
            "Give --token, or --username and --password."
        )
    if _is_list(answer) or _is_config(config):
        return None
    kind = answer.headers.get("Content-Type", "no Content-Type")
    return (
        f"{client.base} is no SCIM server: GET /Users is answered {answer.status} ({kind}) without a ListResponse, and "
        "/ServiceProviderConfig holds no configuration. Is this the SCIM base URL, for example …/scim/v2?"
    )


def _is_list(answer: Answer) -> bool:
    found = _document(answer)
    return isinstance(found, dict) and "totalResults" in found


def _is_config(found: Any) -> bool:
    return isinstance(found, dict) and any("ServiceProviderConfig" in str(urn) for urn in found.get("schemas") or [])


def _document(answer: Answer) -> Any:
    try:
        return answer.json if answer.ok else None
    except Unusable:
        return None


def _resources(answer: Answer) -> Any:
    found = _document(answer)
    return found.get("Resources") if isinstance(found, dict) else found


def capabilities(documents: dict[str, Any]) -> Capabilities:
    """What the documents of `discover` say."""
    return Capabilities.from_documents(documents["config"], documents["schemas"], documents["resource_types"])


def prober(client: ScimClient) -> Callable[[str], bool]:
    """A function that tells the words of the condition language which need a request; each is asked once."""
    known: dict[str, bool] = {}

    def probe(word: str) -> bool:
        if word not in known:
            known[word] = _ask(client, word)
        return known[word]

    return probe


def _ask(client: ScimClient, word: str) -> bool:
    if word == "search":
        return client.post("/Users/.search", {"schemas": [SEARCH_REQUEST], "count": 1}).status == 200
    if word == "root query":
        return _is_list(client.get("/", params={"count": 1}))
    if word == "me":
        return client.get("/Me").status in {200, 308}
    if word == "protected":
        return not client.anonymous().get("/Users", params={"count": 1}).ok
    if word == "both bases":
        base, _, version = client.base.rpartition("/")
        found = version[:1] in "vV" and version[1:].isdigit()
        return found and client.at(base).get("/ServiceProviderConfig").status == 200
    return False
