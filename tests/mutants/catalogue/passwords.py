"""Defects of passwords of users: where they show, what a filter tells of them, whether they change."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from mock_samanage.scim.errors import Forbidden, Uniqueness
from mock_samanage.scim.filter import Compare, Filter, Present
from mock_samanage.scim.patch import _Patching
from mock_samanage.scim.syntax import AttrPath, Operator
from mock_samanage.web.edge import BODY_KEY
from tests.mutants.answers import Json, asked, changed, declared
from tests.mutants.edits import sent
from tests.mutants.mutant import Defect, Environ, Reply, mutant
from tests.mutants.queries import term


def _password(environ: Environ) -> Any:
    """The password in the body of a request, None if there is none."""
    try:
        body = json.loads(environ.get(BODY_KEY) or b"null")
    except ValueError:
        return None
    return body.get("password") if isinstance(body, dict) else None


@mutant(
    clauses=("7643-4.1.1-20",),
    trips={
        "schemas.secrets_never_come_back",
        "users.a_password_is_never_shown",
    },
    only="the answer of a replace",
)
def a_replace_shows_the_password(defect: Defect) -> None:
    """The answer of a PUT repeats the password that was sent."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        password = _password(environ) if asked(environ, "PUT", "/Users") and reply.code == 200 else None
        return changed(reply, lambda user: user.update(password=password)) if password else reply

    defect.answers(rewrite)


@mutant(
    clauses=("7643-4.1.1-20",),
    trips={
        "dialects.okta_creates_and_matches_a_user",
        "schemas.answers_to_writes_show_what_is_stored",
        "schemas.attributes_that_are_never_returned_are_in_no_answer",
        "schemas.secrets_never_come_back",
        "users.a_password_is_never_shown",
    },
    only="the answer of a create",
)
def a_create_shows_a_hash(defect: Defect) -> None:
    """The answer of a create shows the SHA-256 hash of the password that was sent."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        password = _password(environ) if reply.code == 201 else None
        if not isinstance(password, str):
            return reply
        digest = hashlib.sha256(password.encode()).hexdigest()
        return changed(reply, lambda user: user.update(password=digest))

    defect.answers(rewrite)


@mutant(clauses=("7643-4.1.1-20",), trips={"users.a_password_is_never_shown"}, only="refusals")
def a_refusal_repeats_what_it_refuses(defect: Defect) -> None:
    """The detail of a 400 and of a 409 holds the body of the request."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if reply.code not in {400, 409} or not asked(environ, "POST PUT PATCH", "/Users"):
            return reply
        sent_body = (environ.get(BODY_KEY) or b"").decode("utf-8", "replace")
        return changed(reply, lambda error: error.update(detail=f"{error['detail']} The body is {sent_body}"))

    defect.answers(rewrite)


def _matching(defect: Defect, *operators: Operator) -> None:
    """Reads a term on password with one of the operators as one that everybody meets."""

    def read(_parser: Any, sound: Any) -> Filter:
        tree: Filter = sound()
        met = isinstance(tree, Compare) and tree.path.name.lower() == "password" and tree.op in operators
        return Present(AttrPath(None, "id")) if met else tree

    term(defect, read)


@mutant(clauses=("7643-4.1.1-21",), trips={"users.a_password_may_be_tested_for_equality"}, only="equality")
def every_password_is_right(defect: Defect) -> None:
    """A filter for any password finds everybody."""
    _matching(defect, Operator.EQ)


@mutant(clauses=("7643-4.1.1-22",), trips={"users.a_password_cannot_be_guessed_bit_by_bit"}, only="sw")
def every_beginning_of_a_password_is_right(defect: Defect) -> None:
    """A filter for the beginning of a password finds everybody."""
    _matching(defect, Operator.SW)


@mutant(
    clauses=("7643-5-13",),
    trips={
        "patch.a_patched_password_is_not_shown",
        "users.changing_a_password_is_supported_as_told",
    },
    only="PATCH",
)
def a_promised_change_of_a_password_is_refused(defect: Defect) -> None:
    """The configuration offers changes of passwords, and a PATCH of one is forbidden."""

    def promise(document: Json) -> None:
        if "changePassword" in document:
            document["changePassword"]["supported"] = True

    def change(self: _Patching, op: Any, target: Any, value: object) -> None:
        if target.attribute.name == "password":
            raise Forbidden("The password is changed by its owner only.")
        old(self, op, target, value)

    declared(defect, promise)
    old = defect.replace(_Patching, "_change", change)


@mutant(
    clauses=("7643-4.1.1-23",),
    trips={"users.a_weak_password_is_accepted_or_refused"},
    only="passwords of less than eight characters",
)
def a_weak_password_is_taken(defect: Defect) -> None:
    """A password of less than eight characters is refused as one that is taken."""

    def check(body: Json) -> None:
        if isinstance(body.get("password"), str) and len(body["password"]) < 8:
            raise Uniqueness("password is taken; it must be unique.")

    sent(defect, check)
