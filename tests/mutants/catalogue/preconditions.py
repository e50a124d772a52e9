"""Defects of If-Match and If-None-Match."""

from __future__ import annotations

import time
from typing import Any

from mock_samanage.scim.errors import Conflict, NotFound, NotImplementedHere, PreconditionFailed
from mock_samanage.tenant import versions
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.versions import ALWAYS, Preconditions
from tests.mutants.answers import Json, declared
from tests.mutants.mutant import Defect, Environ, Reply, mutant


class _Fault(Conflict):
    """What a server says of itself when it fell over a header field."""

    status = 500


def _matched(defect: Defect, judge: Any) -> None:
    """Reads If-Match otherwise: `judge` gets the sound way, the field and the version, and tells if they agree."""

    def known(self: Preconditions, version: int) -> bool:
        if self.if_match is not None and not judge(versions.names, self.if_match, version):
            raise PreconditionFailed("The resource is at another version.")
        return self.if_none_match is not None and versions.names(self.if_none_match, version)

    defect.replace(Preconditions, "known", known)


def _none_matched(defect: Defect, judge: Any) -> None:
    """Reads If-None-Match otherwise, as `_matched` does If-Match."""

    def known(self: Preconditions, version: int) -> bool:
        old(Preconditions(self.if_match), version)
        return self.if_none_match is not None and judge(versions.names, self.if_none_match, version)

    old = defect.replace(Preconditions, "known", known)


@mutant(clauses=("7232-3.1-01",), trips=(), only="DELETE")
def a_delete_overlooks_if_match(defect: Defect) -> None:
    """DELETE does not look at If-Match."""
    defect.wrap(Directory, "delete", lambda old: lambda self, kind, id_, _match=ALWAYS: old(self, kind, id_))


@mutant(clauses=("7232-3.1-01",), trips=(), only="PATCH")
def a_stale_patch_is_refused_and_made(defect: Defect) -> None:
    """A PATCH with a stale If-Match is answered 412, and the change has been made."""

    def patch(self: Directory, type_name: str, resource_id: str, body: Json, match: Any = ALWAYS, **wanted: Any) -> Any:
        before = self.get(type_name, resource_id)
        changed = old(self, type_name, resource_id, body, **wanted)
        match.check(before.version)
        return changed

    old = defect.replace(Directory, "patch", patch)


@mutant(clauses=("7644-3.14-10", "7232-3.1-01"), trips=(), only="the version before")
def the_version_before_still_matches(defect: Defect) -> None:
    """If-Match is met by the present version and by the one before it."""
    _matched(defect, lambda names, field, version: names(field, version) or names(field, version - 1))


@mutant(clauses=("7644-3.14-10",), trips=(), only="writers at the same moment")
def a_precondition_is_judged_before_the_transaction(defect: Defect) -> None:
    """If-Match of a PUT or PATCH is judged in a transaction of its own, a moment before the write."""

    def around(old: Any) -> Any:
        def write(
            self: Directory, type_name: str, resource_id: str, body: Json, match: Any = ALWAYS, **wanted: Any
        ) -> Any:
            if match is not ALWAYS:
                match.check(self.get(type_name, resource_id).version)
                time.sleep(0.1)
            return old(self, type_name, resource_id, body, **wanted)

        return write

    defect.wrap(Directory, "replace", around)
    defect.wrap(Directory, "patch", around)


@mutant(clauses=("7644-3.14-09",), trips=(), only="groups")
def no_tag_lets_a_group_be_replaced(defect: Defect) -> None:
    """A PUT of a group with If-Match is refused, because the version counts up before the tag is judged."""

    def replace(
        self: Directory, type_name: str, resource_id: str, body: Json, match: Any = ALWAYS, **wanted: Any
    ) -> Any:
        if type_name == "Group" and match is not ALWAYS:
            match.check(self.get(type_name, resource_id).version + 1)
        return old(self, type_name, resource_id, body, match, **wanted)

    old = defect.replace(Directory, "replace", replace)


@mutant(clauses=("7644-3.14-09", "7232-3.1-04"), trips=(), only="PATCH")
def a_patch_compares_tags_as_strong_ones(defect: Defect) -> None:
    """PATCH refuses the weak tag that the server gave, PUT and DELETE take it."""

    def patch(self: Directory, type_name: str, resource_id: str, body: Json, match: Any = ALWAYS, **wanted: Any) -> Any:
        if match.if_match is not None and match.if_match.startswith("W/"):
            raise PreconditionFailed("If-Match takes strong tags.")
        return old(self, type_name, resource_id, body, match, **wanted)

    old = defect.replace(Directory, "patch", patch)


@mutant(clauses=("7232-3.1-02",), trips=(), only="`*`")
def if_match_takes_the_star_for_a_tag(defect: Defect) -> None:
    """`If-Match: *` is compared as a tag, so that no resource meets it."""
    _matched(defect, lambda names, field, version: field.strip() != "*" and names(field, version))


@mutant(clauses=("7232-3.1-02",), trips=(), only="`*` and an unknown id")
def if_match_star_makes_what_is_missing(defect: Defect) -> None:
    """A PUT with `If-Match: *` of what is not there creates it."""

    def replace(
        self: Directory, type_name: str, resource_id: str, body: Json, match: Any = ALWAYS, **wanted: Any
    ) -> Any:
        try:
            return old(self, type_name, resource_id, body, match, **wanted)
        except NotFound:
            if match.if_match != "*":
                raise
            return self.create(type_name, body, **wanted)

    old = defect.replace(Directory, "replace", replace)


@mutant(clauses=("7232-3.1-03",), trips=(), only="the second and later tags")
def if_match_ends_at_the_first_tag(defect: Defect) -> None:
    """If-Match is read as its first tag."""
    _matched(defect, lambda names, field, version: names(field.split(",")[0], version))


@mutant(clauses=("7232-3.2-02",), trips=(), only="the second and later tags")
def if_none_match_ends_at_the_first_tag(defect: Defect) -> None:
    """If-None-Match is read as its first tag."""
    _none_matched(defect, lambda names, field, version: names(field.split(",")[0], version))


@mutant(clauses=("7232-3.2-01",), trips=(), only="tags without the weak marker")
def if_none_match_wants_the_same_text(defect: Defect) -> None:
    """If-None-Match compares tags as they are spelled, so that `"3"` is not `W/"3"`."""
    _none_matched(
        defect,
        lambda names, field, version: field == "*" or ("W/" in field and names(field, version)),
    )


@mutant(clauses=("7232-3.2-02",), trips=(), only="`*`")
def if_none_match_takes_the_star_for_a_tag(defect: Defect) -> None:
    """`If-None-Match: *` is compared as a tag, so that no resource meets it."""
    _none_matched(defect, lambda names, field, version: field.strip() != "*" and names(field, version))


@mutant(clauses=("7232-3.2-03",), trips=(), only="versions before")
def whoever_has_an_older_version_is_told_nothing(defect: Defect) -> None:
    """If-None-Match is met by every version up to the present one."""
    _none_matched(
        defect, lambda names, field, version: any(names(field, each) for each in range(1, min(version, 99) + 1))
    )


@mutant(clauses=("7644-3.14-08",), trips=(), only="users")
def a_user_is_sent_again(defect: Defect) -> None:
    """GET of a user does not look at If-None-Match."""

    def divert(environ: Environ) -> None:
        if environ["REQUEST_METHOD"] == "GET" and "/Users/" in environ["PATH_INFO"]:
            environ.pop("HTTP_IF_NONE_MATCH", None)

    defect.requests(divert)


@mutant(clauses=("7232-4.1-01",), trips=(), only="304")
def an_unchanged_resource_has_no_tag(defect: Defect) -> None:
    """A 304 comes without ETag."""
    defect.answers(lambda _environ, reply: reply.without("ETag") if reply.code == 304 else reply)


@mutant(clauses=("7232-3.2-04",), trips=(), only="PUT")
def a_replace_overlooks_if_none_match(defect: Defect) -> None:
    """PUT does not look at If-None-Match."""

    def divert(environ: Environ) -> None:
        if environ["REQUEST_METHOD"] == "PUT":
            environ.pop("HTTP_IF_NONE_MATCH", None)

    defect.requests(divert)


@mutant(clauses=("7232-3.2-04",), trips=(), only="the write itself")
def if_none_match_is_judged_after_the_write(defect: Defect) -> None:
    """A PUT that If-None-Match forbids is answered 412, and has been done."""

    def replace(
        self: Directory, type_name: str, resource_id: str, body: Json, match: Any = ALWAYS, **wanted: Any
    ) -> Any:
        changed = old(self, type_name, resource_id, body, Preconditions(match.if_match), **wanted)
        if match.if_none_match is not None:
            match.check(changed.version)
        return changed

    old = defect.replace(Directory, "replace", replace)


@mutant(clauses=("7232-5-01",), trips=(), only="ids that are unknown")
def a_tag_on_nothing_is_a_failed_precondition(defect: Defect) -> None:
    """A write with If-Match on an unknown id is answered 412 instead of 404."""

    def write(self: Directory, match: Preconditions, work: Any) -> Any:
        try:
            return old(self, match, work)
        except NotFound:
            if match.if_match is None:
                raise
            raise PreconditionFailed("There is no resource that has such a version.") from None

    old = defect.replace(Directory, "_write", write)


@mutant(clauses=("7232-5-01",), trips=(), only="requests without a credential")
def a_tag_is_judged_before_the_credential(defect: Defect) -> None:
    """A write with If-Match and without a credential is answered 412 instead of 401."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        stale = reply.code == 401 and "HTTP_IF_MATCH" in environ
        body = reply.body.replace(b'"401"', b'"412"')
        return Reply("412 Precondition Failed", reply.headers, body).with_body(body) if stale else reply

    defect.answers(rewrite)


@mutant(clauses=("7232-2.3-02",), trips=(), only="tags without quotation marks")
def a_tag_without_quotation_marks_is_a_fault(defect: Defect) -> None:
    """An If-Match without a quotation mark, and not `*`, makes the server fail."""

    def judge(names: Any, field: str, version: int) -> bool:
        if '"' not in field and field.strip() != "*":
            raise _Fault("list index out of range")
        return bool(names(field, version))

    _matched(defect, judge)


@mutant(clauses=("7232-3.1-05",), trips=())
def versions_are_disowned_and_fallen_over(defect: Defect) -> None:
    """The configuration says that there are no versions, and a request with If-Match makes the server fail."""

    def change(document: Json) -> None:
        if "etag" in document:
            document["etag"] = {"supported": False}

    def fall(_names: Any, _field: str, _version: int) -> bool:
        raise NotImplementedHere("Versions are not supported.")

    declared(defect, change)
    _matched(defect, fall)
