"""Defects of the bytes of a body: its encoding, its coding, and what is no JSON (group G21)."""

from __future__ import annotations

import gzip
import json
from typing import Any

from mock_samanage.scim import messages
from mock_samanage.web.call import Call
from mock_samanage.web.edge import BODY_KEY
from mock_samanage.web.negotiation import JSON, SCIM
from tests.mutants.mutant import Defect, Environ, Reply, mutant


def _labelled(reply: Reply, media_type: str) -> Reply:
    bare = reply.without("content-type")
    return Reply(reply.status, [*bare.headers, ("Content-Type", media_type)], reply.body)


def _read_as(defect: Defect, charset: str, labels: Any) -> None:
    """Reads bodies of some labels in another encoding."""

    def body(self: Call, depth: int = messages.MAX_DEPTH) -> dict[str, Any]:
        if labels((self.environ.get("CONTENT_TYPE") or "").lower()):
            sent: bytes = self.environ.get(BODY_KEY, b"")
            self.environ[BODY_KEY] = sent.decode(charset).encode()  # type: ignore[index]  # what a server gives is a dict
        found: dict[str, Any] = old(self, depth)
        return found

    old = defect.replace(Call, "body", body)


@mutant(
    clauses=("7644-3.8-10", "7644-3.8-11"),
    trips={"negotiation.a_body_without_a_label_is_json_or_refused"},
    only="bodies without a label",
)
def a_body_without_a_label_is_latin_1(defect: Defect) -> None:
    """A body without a Content-Type is read as ISO 8859-1, the old default of HTTP."""
    _read_as(defect, "latin-1", lambda label: not label)


@mutant(
    clauses=("7644-3.8-11", "7644-8.1-01"),
    trips={"negotiation.bodies_in_json_are_accepted"},
    only="application/json without a charset",
)
def plain_json_is_latin_1(defect: Defect) -> None:
    """A body of application/json without a charset is read as ISO 8859-1."""
    _read_as(defect, "latin-1", lambda label: label == JSON)


@mutant(
    clauses=("7644-3.8-11",),
    trips={"negotiation.every_body_is_labelled_json_in_utf_8"},
    only="errors that quote the request",
)
def an_error_is_written_in_latin_1(defect: Defect) -> None:
    """The text of an error is written in ISO 8859-1."""

    def rewrite(_environ: Environ, reply: Reply) -> Reply:
        return reply.with_body(reply.body.decode().encode("latin-1", "replace")) if reply.code >= 400 else reply

    defect.answers(rewrite)


@mutant(
    clauses=("7644-3.8-11",),
    trips={"negotiation.every_body_is_labelled_json_in_utf_8", "state_machine.users_live_as_the_model_says"},
    only="lists",
)
def a_list_is_written_in_latin_1(defect: Defect) -> None:
    """The body of a list is written in ISO 8859-1."""

    def rewrite(_environ: Environ, reply: Reply) -> Reply:
        listed = b'"totalResults"' in reply.body and b'"Resources"' in reply.body
        return reply.with_body(reply.body.decode().encode("latin-1", "replace")) if listed else reply

    defect.answers(rewrite)


@mutant(clauses=("7159-8.1-01",), trips={"negotiation.every_body_is_labelled_json_in_utf_8"}, only="resource types")
def a_list_begins_with_a_mark(defect: Defect) -> None:
    """The list of resource types begins with a byte order mark."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        at = environ["PATH_INFO"] == "/ResourceTypes" and reply.code == 200
        return reply.with_body(b"\xef\xbb\xbf" + reply.body) if at else reply

    defect.answers(rewrite)


@mutant(clauses=("7231-6.3.5-01",), trips={"negotiation.an_answer_204_has_no_body"}, only="DELETE")
def nothing_is_announced_as_something(defect: Defect) -> None:
    """The answer 204 of a deletion announces a body of two bytes."""

    def rewrite(_environ: Environ, reply: Reply) -> Reply:
        if reply.code != 204 or _environ["REQUEST_METHOD"] != "DELETE":
            return reply
        return Reply(reply.status, [*reply.headers, ("Content-Type", SCIM), ("Content-Length", "2")], b"{}")

    defect.answers(rewrite)


@mutant(clauses=("7231-5.3.4-01",), trips={"negotiation.content_is_coded_only_as_offered"}, only="large answers")
def a_large_answer_is_always_packed(defect: Defect) -> None:
    """Answers of more than 1,000 bytes are packed with gzip, whether the client offered that or not."""

    def rewrite(_environ: Environ, reply: Reply) -> Reply:
        if len(reply.body) <= 1000:
            return reply
        packed = reply.with_body(gzip.compress(reply.body, 1))
        return Reply(packed.status, [*packed.headers, ("Content-Encoding", "gzip")], packed.body)

    defect.answers(rewrite)


@mutant(clauses=("7159-2-01",), trips={"negotiation.every_body_is_labelled_json_in_utf_8"}, only="lists of nothing")
def an_empty_list_is_no_json(defect: Defect) -> None:
    """In a list without entries itemsPerPage is NaN."""

    def rewrite(_environ: Environ, reply: Reply) -> Reply:
        document = json.loads(reply.body) if b'"itemsPerPage":0' in reply.body else {}
        if document.get("itemsPerPage") != 0:
            return reply
        return reply.with_body(reply.body.replace(b'"itemsPerPage":0', b'"itemsPerPage":NaN'))

    defect.answers(rewrite)


@mutant(
    clauses=("7159-2-01", "7644-8.1-02"),
    trips={
        "deleting.a_deleted_user_is_gone",
        "dialects.okta_reads_nobody",
        "discovery.an_unknown_endpoint_is_not_found",
        "errors.every_error_is_an_error_document",
        "errors.the_status_is_repeated_as_a_string",
        "negotiation.every_body_is_labelled_json_in_utf_8",
    },
    only="errors 404",
)
def what_is_not_found_is_a_page(defect: Defect) -> None:
    """A 404 is a page for people."""

    def rewrite(_environ: Environ, reply: Reply) -> Reply:
        if reply.code != 404:
            return reply
        return _labelled(reply.with_body(b"<html><h1>Not Found</h1></html>"), "text/html; charset=utf-8")

    defect.answers(rewrite)
