"""Defects of /Me."""

from __future__ import annotations

from typing import Any

from mock_samanage.scim.errors import NotFound, Unauthorized
from mock_samanage.web import me
from mock_samanage.web.answer import Answer, json_answer
from mock_samanage.web.application import Application
from mock_samanage.web.call import Call
from mock_samanage.web.projection import Projection
from tests.mutants.answers import asked, changed
from tests.mutants.mutant import Defect, Environ, Reply, mutant


def _answered(defect: Defect, methods: str, change: Any) -> None:
    """Rewrites what /Me answers to the methods with success."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        return change(reply) if asked(environ, methods, "/Me") and reply.code < 300 else reply

    defect.answers(rewrite)


def _located(reply: Reply, location: Any) -> Reply:
    return Reply(
        reply.status,
        [(name, location(value) if name.lower() == "location" else value) for name, value in reply.headers],
        reply.body,
    )


@mutant(
    clauses=("7644-3.11-01",),
    trips={"errors.what_is_not_offered_is_not_implemented", "me.an_unsupported_alias_is_told"},
)
def the_alias_is_not_found(defect: Defect) -> None:
    """/Me is answered 404, as if the provider had never heard of it."""

    def read(_call: Call) -> Answer:
        raise NotFound("There is nothing at /Me.")

    old = Application._admitted

    def admitted(self: Application, handler: Any, environ: Environ, **arguments: str) -> Answer:
        return old(self, read if environ["PATH_INFO"] == "/Me" else handler, environ, **arguments)

    defect.replace(Application, "_admitted", admitted)


@mutant(
    clauses=("7644-3.11-03",),
    trips={"me.everybody_has_an_alias_of_their_own"},
    only="the second administrator of an account",
)
def everybody_is_the_first_administrator(defect: Defect) -> None:
    """/Me is the administrator the account began with, whoever asks."""

    def admitted(self: Application, handler: Any, environ: Environ, **arguments: str) -> Answer:
        def handle(call: Call, **given: str) -> Answer:
            call.owner = call.directory._account.settings.administrator
            answer: Answer = handler(call, **given)
            return answer

        found: Answer = old(self, handle, environ, **arguments)
        return found

    old = defect.replace(Application, "_admitted", admitted)


@mutant(clauses=("7644-3.11-03",), trips={"me.the_alias_names_the_permanent_uri"}, only="the header field")
def the_alias_is_said_to_be_the_permanent_uri(defect: Defect) -> None:
    """Location of GET /Me is /Me itself."""
    _answered(defect, "GET", lambda reply: _located(reply, lambda uri: uri.rpartition("/Users/")[0] + "/Me"))


@mutant(clauses=("7644-3.11-03",), trips={"me.the_alias_names_the_permanent_uri"}, only="meta.location")
def the_alias_is_the_location_in_meta(defect: Defect) -> None:
    """`meta.location` of GET /Me is /Me itself, Location is the permanent URI."""

    def change(user: Any) -> None:
        if "location" in user.get("meta", {}):
            user["meta"]["location"] = user["meta"]["location"].rpartition("/Users/")[0] + "/Me"

    _answered(defect, "GET", lambda reply: changed(reply, change))


@mutant(clauses=("7644-3.11-03",), trips={"me.the_alias_names_the_permanent_uri"})
def the_alias_keeps_the_permanent_uri_to_itself(defect: Defect) -> None:
    """GET /Me has no Location."""
    _answered(defect, "GET", lambda reply: reply.without("Location"))


@mutant(clauses=("7644-3.9-11",), trips={"me.the_alias_is_projected"}, only="attributes")
def the_alias_is_shown_whole(defect: Defect) -> None:
    """/Me does not look at `attributes`."""

    def divert(environ: Environ) -> None:
        if environ["PATH_INFO"].endswith("/Me") and environ["QUERY_STRING"].startswith("attributes="):
            environ["QUERY_STRING"] = ""

    defect.requests(divert)


@mutant(clauses=("7644-3.11-04",), trips={"me.the_alias_may_be_changed"}, only="PATCH")
def a_patch_of_the_alias_is_forgotten(defect: Defect) -> None:
    """PATCH /Me is answered as if it were done, and is not."""
    _unrouted(defect, "PATCH", me.read)


@mutant(clauses=("7644-3.11-04",), trips={"me.the_alias_may_be_changed"}, only="PUT")
def a_replace_of_the_alias_is_forgotten(defect: Defect) -> None:
    """PUT /Me is answered with what it was sent, and nothing is stored."""

    def replace(call: Call) -> Answer:
        sent = call.body()
        user = {**call.shown(call.directory.get("User", call.owner), Projection()), **sent}
        return json_answer(user, call.media_type)

    _unrouted(defect, "PUT", replace)


def _unrouted(defect: Defect, method: str, handler: Any) -> None:
    """Handles one method of /Me otherwise."""

    def admitted(self: Application, sound: Any, environ: Environ, **arguments: str) -> Answer:
        here = environ["PATH_INFO"] == "/Me" and environ["REQUEST_METHOD"] == method
        found: Answer = old(self, handler if here else sound, environ, **arguments)
        return found

    old = defect.replace(Application, "_admitted", admitted)


@mutant(clauses=("7644-3.11-04",), trips={"me.the_alias_may_be_changed"}, only="DELETE")
def a_delete_of_the_alias_leaves_the_user(defect: Defect) -> None:
    """DELETE /Me is answered 204, and the user is still there."""
    _unrouted(defect, "DELETE", lambda _call: Answer(204))


@mutant(clauses=("7644-3.11-06",), trips={"me.nobody_has_no_alias"}, only="requests without a credential")
def nobody_is_the_first_administrator(defect: Defect) -> None:
    """GET /Me without any credential shows the administrator of the default account."""

    def admitted(self: Application, handler: Any, environ: Environ, **arguments: str) -> Answer:
        try:
            found: Answer = old(self, handler, environ, **arguments)
        except Unauthorized:
            account = self.tenant.accounts.default()
            if environ["PATH_INFO"] != "/Me" or account is None or "HTTP_AUTHORIZATION" in environ:
                raise
            owner = account.settings.administrator
            call = Call(
                environ,
                self.base_url.of(environ),
                "application/scim+json",
                self.tenant,
                owner,
                self.tenant.directory_of(account, owner),
            )
            return me.read(call)
        return found

    old = defect.replace(Application, "_admitted", admitted)


@mutant(clauses=("7644-3.11-05",), trips={"me.creating_the_alias_is_done_or_refused"})
def to_create_the_alias_changes_nothing_and_succeeds(defect: Defect) -> None:
    """POST /Me is answered 201 without Location, and nothing was made."""

    def create(call: Call) -> Answer:
        shown = me.read(call)
        return Answer(201, b"".join(shown.response), [("ETag", 'W/"1"')])  # type: ignore[arg-type]

    _unrouted(defect, "POST", create)


@mutant(clauses=("7644-3.11-05",), trips={"me.creating_the_alias_is_done_or_refused"})
def to_create_the_alias_is_a_fault(defect: Defect) -> None:
    """POST /Me makes the server fail."""

    class Fault(NotFound):
        status = 500

    def create(_call: Call) -> Answer:
        raise Fault("NoneType has no attribute userName.")

    _unrouted(defect, "POST", create)
