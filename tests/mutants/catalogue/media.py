"""Defects of media types: of what is sent, and of what is read (group G21)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mock_samanage.scim.errors import NotAcceptable, UnsupportedMediaType
from mock_samanage.web import application, call
from mock_samanage.web.negotiation import JSON, SCIM
from tests.mutants.answers import asked
from tests.mutants.mutant import Defect, Environ, Reply, mutant


def _labelled(reply: Reply, media_type: str) -> Reply:
    bare = reply.without("content-type")
    return Reply(reply.status, [*bare.headers, ("Content-Type", media_type)], reply.body)


@mutant(
    clauses=("7644-8.1-02",),
    trips={"errors.every_error_is_an_error_document", "negotiation.every_body_is_labelled_json_in_utf_8"},
    only="errors",
)
def an_error_is_plain_json(defect: Defect) -> None:
    """Errors are labelled application/json."""
    defect.answers(lambda _environ, reply: _labelled(reply, JSON) if reply.code >= 400 else reply)


@mutant(clauses=("7644-8.1-02",), trips={"negotiation.every_body_is_labelled_json_in_utf_8"}, only="answers to POST")
def a_new_resource_is_labelled_as_text(defect: Defect) -> None:
    """The answer to a create has the media type text/json."""
    defect.answers(lambda _environ, reply: _labelled(reply, "text/json") if reply.code == 201 else reply)


@mutant(
    clauses=("7644-8.1-02",),
    trips={"negotiation.both_media_types_are_served", "negotiation.every_body_is_labelled_json_in_utf_8"},
    only="the configuration",
)
def the_configuration_has_no_label(defect: Defect) -> None:
    """The answer of /ServiceProviderConfig has no Content-Type."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        return reply.without("content-type") if asked(environ, "GET", "/ServiceProviderConfig") else reply

    defect.answers(rewrite)


def _accepted(defect: Defect, answer: Any) -> None:
    """Answers some values of Accept otherwise: `answer` gets the value and the sound way."""

    def around(old: Callable[[Environ], str]) -> Callable[[Environ], str]:
        return lambda environ: answer((environ.get("HTTP_ACCEPT") or "").strip().lower(), lambda: old(environ))

    defect.wrap(application, "media_type_of", around)


@mutant(clauses=("7644-3.8-08",), trips={"negotiation.the_media_type_of_scim_is_the_default"}, only="*/*")
def any_type_is_plain_json(defect: Defect) -> None:
    """Who accepts any type gets application/json."""
    _accepted(defect, lambda accept, sound: JSON if accept.partition(";")[0] == "*/*" else sound())


@mutant(
    clauses=("7644-3.8-08",),
    trips={"negotiation.the_media_type_of_scim_is_the_default"},
    only="requests without Accept",
)
def no_wish_is_plain_json(defect: Defect) -> None:
    """Who sends no Accept gets application/json."""
    _accepted(defect, lambda accept, sound: sound() if accept else JSON)


@mutant(clauses=("7644-3.8-07",), trips={"negotiation.both_media_types_are_served"}, only="Accept: application/json")
def plain_json_is_not_to_be_had(defect: Defect) -> None:
    """Who accepts application/json alone is answered 406."""

    def answer(accept: str, sound: Any) -> str:
        if accept == JSON:
            raise NotAcceptable(f"Answers are {SCIM}.")
        return str(sound())

    _accepted(defect, answer)


@mutant(
    clauses=("7644-3.8-06",),
    trips={"negotiation.both_media_types_are_served", "negotiation.every_body_is_labelled_json_in_utf_8"},
    only="Accept: application/scim+json",
)
def the_type_of_scim_is_not_known(defect: Defect) -> None:
    """Who accepts application/scim+json alone gets application/json."""
    _accepted(defect, lambda accept, sound: JSON if accept == SCIM else sound())


@mutant(
    clauses=("7231-6.5.6-01",),
    trips={"negotiation.an_unacceptable_type_is_refused_or_ignored"},
    only="types that no answer has",
)
def an_answer_is_labelled_as_was_wished(defect: Defect) -> None:
    """An Accept of another type is answered 200 with JSON that is labelled as that type."""

    def answer(accept: str, sound: Any) -> str:
        try:
            return str(sound())
        except NotAcceptable:
            return accept.partition(",")[0]

    _accepted(defect, answer)


@mutant(
    clauses=("7231-6.5.6-01",),
    trips={"negotiation.an_unacceptable_type_is_refused_or_ignored"},
    only="types that no answer has",
)
def an_unknown_wish_breaks_the_answer(defect: Defect) -> None:
    """An Accept of another type is answered 500."""

    def answer(accept: str, sound: Any) -> str:
        try:
            return str(sound())
        except NotAcceptable:
            raise KeyError(accept) from None

    _accepted(defect, answer)


def _labelled_body(defect: Defect, check: Any) -> None:
    """Judges the label of a body otherwise: `check` gets it, and the sound way."""

    def around(old: Callable[..., None]) -> Callable[..., None]:
        return lambda label, coding: check((label or "").lower(), lambda: old(label, coding))

    defect.wrap(call, "check_body_type", around)


@mutant(
    clauses=("7644-3.8-09",),
    trips={"dialects.entra_creates_a_user", "negotiation.bodies_in_json_are_accepted"},
    only="labels with a charset",
)
def a_label_has_no_parameter(defect: Defect) -> None:
    """A body of application/scim+json with a charset is answered 415."""

    def check(label: str, sound: Any) -> None:
        if label.startswith(SCIM) and "charset" in label:
            raise UnsupportedMediaType(f"The body is {label[:80]}; send {SCIM}.")
        sound()

    _labelled_body(defect, check)


@mutant(
    clauses=("7644-8.1-01",),
    trips={"dialects.okta_makes_a_user", "negotiation.bodies_in_json_are_accepted"},
    only="application/json",
)
def plain_json_is_not_read(defect: Defect) -> None:
    """A body of application/json is answered 415."""

    def check(label: str, sound: Any) -> None:
        if label.startswith(JSON):
            raise UnsupportedMediaType(f"The body is {label[:80]}; send {SCIM}.")
        sound()

    _labelled_body(defect, check)


@mutant(clauses=("7231-6.5.13-01",), trips={"negotiation.a_body_of_another_type_is_refused"}, only="text types")
def the_label_of_a_body_says_nothing(defect: Defect) -> None:
    """JSON in a body labelled as some kind of text is read all the same."""
    _labelled_body(defect, lambda label, sound: None if label.startswith("text/") else sound())


@mutant(clauses=("7231-6.5.13-01",), trips={"negotiation.a_body_of_another_type_is_refused"}, only="bodies in XML")
def another_type_breaks_the_write(defect: Defect) -> None:
    """A body labelled as XML is answered 500."""

    def check(label: str, sound: Any) -> None:
        if "xml" in label:
            raise RuntimeError(label)
        sound()

    _labelled_body(defect, check)


@mutant(
    clauses=("7644-3.8-10",),
    trips={"negotiation.a_body_without_a_label_is_json_or_refused"},
    only="bodies without a label",
)
def a_body_without_a_label_breaks_the_write(defect: Defect) -> None:
    """A body without a Content-Type is answered 500."""

    def check(label: str, sound: Any) -> None:
        if not label:
            raise AttributeError("lower")
        sound()

    _labelled_body(defect, check)
