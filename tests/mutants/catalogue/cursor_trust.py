"""Defects of what a cursor is trusted with: whose it is, what it belongs to, how long it is good."""

from __future__ import annotations

import copy
import hmac
from dataclasses import replace
from typing import Any

from mock_samanage.scim.errors import Forbidden, InvalidCursor
from mock_samanage.store import Record
from mock_samanage.tenant import cursors, reading, tenant
from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.cursors import Cursor, Cursors
from mock_samanage.tenant.reading import Reading
from mock_samanage.tenant.resource import CursorPage, Query
from tests.mutants.answers import asked
from tests.mutants.mutant import Defect, Environ, Reply, mutant


@mutant(clauses=("9865-2.1-01",), trips={"paging.what_is_no_cursor_is_refused"}, only="what is no cursor")
def what_is_no_cursor_starts_a_walk(defect: Defect) -> None:
    """A cursor that cannot be read gets the first page."""

    def opened(self: Cursors, text: str, *arguments: Any) -> Cursor:
        try:
            found: Cursor = old(self, text, *arguments)
        except InvalidCursor:
            if "." in text:
                raise
            return Cursor(None, backward=False, count=reading.DEFAULT_PAGE)
        return found

    old = defect.replace(Cursors, "open", opened)


@mutant(
    clauses=("9865-5.2-05",),
    trips={
        "paging.a_cursor_belongs_to_one_query",
        "paging.a_forged_cursor_is_refused",
        "paging.a_walk_ends_with_the_right_to_it",
        "paging.what_is_no_cursor_is_refused",
    },
    only="the signature of a cursor",
)
def a_cursor_is_not_signed(defect: Defect) -> None:
    """What a cursor says is believed, whoever wrote it."""
    defect.replace(hmac, "compare_digest", lambda *_: True)


@mutant(clauses=("9865-2.1-02",), trips={"paging.an_outdated_cursor_is_refused"})
def a_cursor_is_good_for_ever(defect: Defect) -> None:
    """A cursor is taken long after its announced time."""
    defect.replace(cursors, "CURSOR_TIMEOUT", 10**9)


@mutant(clauses=("9865-2-08",), trips={"paging.a_cursor_belongs_to_one_query"}, only="another filter")
def a_cursor_goes_with_any_filter(defect: Defect) -> None:
    """A cursor is taken with another filter, and the walk goes on among what that one finds."""

    def scope(account: int, reader: str, type_names: Any, query: Query) -> bytes:
        found: bytes = old(account, reader, type_names, replace(query, filter=None))
        return found

    old = defect.replace(reading, "scope", scope)


@mutant(
    clauses=("9865-5.2-01",),
    trips={
        "paging.a_cursor_grants_nothing",
        "paging.a_walk_ends_with_the_right_to_it",
        "paging.an_outdated_cursor_is_refused",
    },
    only="a cursor of another account",
)
def a_cursor_opens_its_account(defect: Defect) -> None:
    """Who has a cursor walks on in the account of who got it."""
    made: dict[str, Reading] = {}

    def walk(self: Reading, type_names: Any, query: Query) -> CursorPage:
        page: CursorPage = old(made.get(query.cursor or "", self), type_names, query)
        for text in (page.next, page.previous):
            if text:
                made[text] = copy.copy(made.get(query.cursor or "", self))
        return page

    old = defect.replace(Reading, "walk", walk)


@mutant(clauses=("9865-5.2-04",), trips={"paging.a_cursor_grants_nothing"}, only="a cursor of another account")
def a_foreign_cursor_is_recognised(defect: Defect) -> None:
    """The refusal of another account's cursor names that account."""
    made: dict[str, AccountView] = {}

    def walk(self: Reading, type_names: Any, query: Query) -> CursorPage:
        account = made.get(query.cursor or "", self._account)
        if account.pk != self._account.pk:
            raise Forbidden(f"This cursor is one of the account {account.name}.")
        page: CursorPage = old(self, type_names, query)
        made.update(dict.fromkeys(filter(None, (page.next, page.previous)), self._account))
        return page

    old = defect.replace(Reading, "walk", walk)


@mutant(
    clauses=("9865-5.2-03",), trips={"paging.a_walk_ends_with_the_right_to_it"}, only="a user whose rights were changed"
)
def a_cursor_outlives_a_change_of_rights(defect: Defect) -> None:
    """A cursor is taken after what its reader may do was changed."""

    def reader_of(user: Record) -> str:
        return user.id

    defect.replace(tenant, "reader_of", reader_of)


@mutant(clauses=("9865-5.2-02",), trips={"paging.a_walk_ends_with_the_right_to_it"}, only="the second and later pages")
def a_walk_is_let_in_once(defect: Defect) -> None:
    """Who was let in for the first page is let in for the others, enabled or not."""
    seen: dict[str, str] = {}

    def divert(environ: Environ) -> None:
        sent = environ.get("HTTP_AUTHORIZATION", "")
        environ["mutant.cursor"] = sent if "cursor=" in environ.get("QUERY_STRING", "") else ""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        sent = environ["mutant.cursor"]
        if sent and asked(environ, "GET", "/Users"):
            if reply.code == 401 and sent in seen:
                return Reply("200 OK", reply.headers, b"").with_body(seen[sent].encode())
            if reply.code == 200:
                seen[sent] = reply.body.decode()
        return reply

    defect.requests(divert)
    defect.answers(rewrite)
