"""Defects of If-Match, and of what comes before it."""

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


@mutant(
    clauses=("7232-3.1-01",),
    trips={
        "bulk.a_version_is_a_condition",
        "deleting.a_stale_version_is_not_deleted",
        "versioning.a_stale_tag_stops_every_method",
        "versioning.if_none_match_stops_writes",
    },
    only="DELETE",
)
def a_delete_overlooks_if_match(defect: Defect) -> None:
    """DELETE does not look at If-Match."""
    defect.wrap(Directory, "delete", lambda old: lambda self, kind, id_, _match=ALWAYS: old(self, kind, id_))


@mutant(
    clauses=("7232-3.1-01",),
    trips={
        "bulk.a_version_is_a_condition",
        "versioning.a_stale_tag_stops_every_method",
        "versioning.if_none_match_stops_writes",
        "versioning.of_writers_with_one_version_one_wins",
    },
    only="PATCH",
)
def a_stale_patch_is_refused_and_made(defect: Defect) -> None:
    """A PATCH with a stale If-Match is answered 412, and the change has been made."""

    def patch(self: Directory, type_name: str, resource_id: str, body: Json, match: Any = ALWAYS, **wanted: Any) -> Any:
        before = self.get(type_name, resource_id)
        changed = old(self, type_name, resource_id, body, **wanted)
        match.check(before.version)
        return changed

    old = defect.replace(Directory, "patch", patch)


@mutant(
    clauses=("7644-3.14-10", "7232-3.1-01"),
    trips={
        "bulk.a_version_is_a_condition",
        "deleting.a_stale_version_is_not_deleted",
        "errors.a_stale_version_is_a_precondition_error",
        "versioning.a_group_is_replaced_at_its_version_alone",
        "versioning.a_stale_tag_stops_every_method",
        "versioning.of_writers_with_one_version_one_wins",
    },
    only="the version before",
)
def the_version_before_still_matches(defect: Defect) -> None:
    """If-Match is met by the present version and by the one before it."""
    _matched(defect, lambda names, field, version: names(field, version) or names(field, version - 1))


@mutant(
    clauses=("7644-3.14-10",),
    trips={"versioning.of_writers_with_one_version_one_wins"},
    only="writers at the same moment",
)
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


@mutant(
    clauses=("7644-3.14-09",),
    trips={"versioning.a_group_is_replaced_at_its_version_alone", "versioning.the_present_tag_lets_writes_pass"},
    only="groups",
)
def no_tag_lets_a_group_be_replaced(defect: Defect) -> None:
    """A PUT of a group with If-Match is refused, because the version counts up before the tag is judged."""

    def replace(
        self: Directory, type_name: str, resource_id: str, body: Json, match: Any = ALWAYS, **wanted: Any
    ) -> Any:
        if type_name == "Group" and match is not ALWAYS:
            match.check(self.get(type_name, resource_id).version + 1)
        return old(self, type_name, resource_id, body, match, **wanted)

    old = defect.replace(Directory, "replace", replace)


@mutant(clauses=("7644-3.14-09", "7232-3.1-04"), trips={"versioning.the_present_tag_lets_writes_pass"}, only="PATCH")
def a_patch_compares_tags_as_strong_ones(defect: Defect) -> None:
    """PATCH refuses the weak tag that the server gave, PUT and DELETE take it."""

    def patch(self: Directory, type_name: str, resource_id: str, body: Json, match: Any = ALWAYS, **wanted: Any) -> Any:
        if match.if_match is not None and match.if_match.startswith("W/"):
            raise PreconditionFailed("If-Match takes strong tags.")
        return old(self, type_name, resource_id, body, match, **wanted)

    old = defect.replace(Directory, "patch", patch)


@mutant(clauses=("7232-3.1-02",), trips={"versioning.if_match_takes_a_star_and_lists"}, only="`*`")
def if_match_takes_the_star_for_a_tag(defect: Defect) -> None:
    """`If-Match: *` is compared as a tag, so that no resource meets it."""
    _matched(defect, lambda names, field, version: field.strip() != "*" and names(field, version))


@mutant(clauses=("7232-3.1-02",), trips={"versioning.if_match_takes_a_star_and_lists"}, only="`*` and an unknown id")
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


@mutant(
    clauses=("7232-3.1-03",), trips={"versioning.if_match_takes_a_star_and_lists"}, only="the second and later tags"
)
def if_match_ends_at_the_first_tag(defect: Defect) -> None:
    """If-Match is read as its first tag."""
    _matched(defect, lambda names, field, version: names(field.split(",")[0], version))


@mutant(
    clauses=("7232-5-01",), trips={"versioning.other_refusals_come_before_preconditions"}, only="ids that are unknown"
)
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


@mutant(
    clauses=("7232-5-01",),
    trips={"versioning.other_refusals_come_before_preconditions"},
    only="requests without a credential",
)
def a_tag_is_judged_before_the_credential(defect: Defect) -> None:
    """A write with If-Match and without a credential is answered 412 instead of 401."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        stale = reply.code == 401 and "HTTP_IF_MATCH" in environ
        body = reply.body.replace(b'"401"', b'"412"')
        return Reply("412 Precondition Failed", reply.headers, body).with_body(body) if stale else reply

    defect.answers(rewrite)


@mutant(clauses=("7232-2.3-02",), trips={"versioning.malformed_tags_do_no_harm"}, only="tags without quotation marks")
def a_tag_without_quotation_marks_is_a_fault(defect: Defect) -> None:
    """An If-Match without a quotation mark, and not `*`, makes the server fail."""

    def judge(names: Any, field: str, version: int) -> bool:
        if '"' not in field and field.strip() != "*":
            raise _Fault("list index out of range")
        return bool(names(field, version))

    _matched(defect, judge)


@mutant(
    clauses=("7232-3.1-05",),
    trips={"versioning.malformed_tags_do_no_harm", "versioning.without_versions_if_match_does_no_harm"},
)
def versions_are_disowned_and_fallen_over(defect: Defect) -> None:
    """The configuration says that there are no versions, and a request with If-Match makes the server fail."""

    def change(document: Json) -> None:
        if "etag" in document:
            document["etag"] = {"supported": False}

    def fall(_names: Any, _field: str, _version: int) -> bool:
        raise NotImplementedHere("Versions are not supported.")

    declared(defect, change)
    _matched(defect, fall)
