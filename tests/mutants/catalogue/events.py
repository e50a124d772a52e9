"""Defects of Prefer and of the discovery of events (RFC 7240, RFC 9967)."""

from __future__ import annotations

from typing import Any

from tests.mutants.answers import Json, asked, changed, declared
from tests.mutants.mutant import Defect, Environ, Reply, mutant


def preferring(environ: Environ, word: str) -> bool:
    """Whether the request is a PUT that prefers this."""
    return asked(environ, "PUT", "/") and word in environ.get("HTTP_PREFER", "")


def announced(defect: Defect, **events: Any) -> None:
    """The configuration announces events."""

    def change(document: Json) -> None:
        if "patch" in document:
            document["securityEvents"] = events

    declared(defect, change)


@mutant(clauses=("7240-2-01",), trips={"events.an_unknown_preference_is_ignored"})
def an_unknown_preference_is_refused(defect: Defect) -> None:
    """A PUT that prefers an answer later is refused, though nothing later is offered."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if preferring(environ, "respond-async"):
            return changed(Reply("400 Bad Request", reply.headers, reply.body), _refusal)
        return reply

    defect.answers(rewrite)


def _refusal(document: Json) -> None:
    document.clear()
    document.update(schemas=["urn:ietf:params:scim:api:messages:2.0:Error"], status="400", detail="Prefer is unknown.")


@mutant(
    clauses=("9967-2.5.1.1-01", "9967-3-01", "9967-2.5.1.1-02", "9967-2.5.1.1-03"),
    trips={"events.an_accepted_request_is_answered_202_without_a_body"},
    only="PUT with respond-async",
)
def an_accepted_request_shows_its_result(defect: Defect) -> None:
    """Asynchronous requests are announced, and answered 202 with the resource and nothing that tells the request."""
    announced(defect, asyncRequest="request", eventUris=[])

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if preferring(environ, "respond-async") and reply.code == 200:
            return Reply("202 Accepted", reply.headers, reply.body)
        return reply

    defect.answers(rewrite)


@mutant(clauses=("9967-2.5.1.1-04",), trips={"?"}, only="PUT with wait")
def a_time_to_wait_is_refused(defect: Defect) -> None:
    """Asynchronous requests are announced, but one that says how long to wait is refused."""
    announced(defect, asyncRequest="request", eventUris=[])

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if preferring(environ, "wait="):
            return changed(Reply("400 Bad Request", reply.headers, reply.body), _refusal)
        return reply

    defect.answers(rewrite)
