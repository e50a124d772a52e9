"""Defects of If-None-Match."""

from __future__ import annotations

from typing import Any

from mock_samanage.tenant import versions
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.versions import ALWAYS, Preconditions
from tests.mutants.answers import Json
from tests.mutants.mutant import Defect, Environ, mutant


def _none_matched(defect: Defect, judge: Any) -> None:
    """Reads If-None-Match otherwise, as `_matched` does If-Match."""

    def known(self: Preconditions, version: int) -> bool:
        old(Preconditions(self.if_match), version)
        return self.if_none_match is not None and judge(versions.names, self.if_none_match, version)

    old = defect.replace(Preconditions, "known", known)


@mutant(
    clauses=("7232-3.2-02",),
    trips={"versioning.if_none_match_finds_the_tag_in_any_form"},
    only="the second and later tags",
)
def if_none_match_ends_at_the_first_tag(defect: Defect) -> None:
    """If-None-Match is read as its first tag."""
    _none_matched(defect, lambda names, field, version: names(field.split(",")[0], version))


@mutant(
    clauses=("7232-3.2-01",),
    trips={"versioning.if_none_match_finds_the_tag_in_any_form"},
    only="tags without the weak marker",
)
def if_none_match_wants_the_same_text(defect: Defect) -> None:
    """If-None-Match compares tags as they are spelled, so that `"3"` is not `W/"3"`."""
    _none_matched(
        defect,
        lambda names, field, version: field == "*" or ("W/" in field and names(field, version)),
    )


@mutant(
    clauses=("7232-3.2-02",),
    trips={"versioning.if_none_match_finds_the_tag_in_any_form", "versioning.if_none_match_stops_writes"},
    only="`*`",
)
def if_none_match_takes_the_star_for_a_tag(defect: Defect) -> None:
    """`If-None-Match: *` is compared as a tag, so that no resource meets it."""
    _none_matched(defect, lambda names, field, version: field.strip() != "*" and names(field, version))


@mutant(clauses=("7232-3.2-03",), trips={"versioning.if_none_match_finds_the_tag_in_any_form"}, only="versions before")
def whoever_has_an_older_version_is_told_nothing(defect: Defect) -> None:
    """If-None-Match is met by every version up to the present one."""
    _none_matched(
        defect, lambda names, field, version: any(names(field, each) for each in range(1, min(version, 99) + 1))
    )


@mutant(
    clauses=("7644-3.14-08",),
    trips={"versioning.if_none_match_finds_the_tag_in_any_form", "versioning.the_present_tag_spares_the_body"},
    only="users",
)
def a_user_is_sent_again(defect: Defect) -> None:
    """GET of a user does not look at If-None-Match."""

    def divert(environ: Environ) -> None:
        if environ["REQUEST_METHOD"] == "GET" and "/Users/" in environ["PATH_INFO"]:
            environ.pop("HTTP_IF_NONE_MATCH", None)

    defect.requests(divert)


@mutant(clauses=("7232-4.1-01",), trips={"versioning.the_present_tag_spares_the_body"}, only="304")
def an_unchanged_resource_has_no_tag(defect: Defect) -> None:
    """A 304 comes without ETag."""
    defect.answers(lambda _environ, reply: reply.without("ETag") if reply.code == 304 else reply)


@mutant(clauses=("7232-3.2-04",), trips={"versioning.if_none_match_stops_writes"}, only="PUT")
def a_replace_overlooks_if_none_match(defect: Defect) -> None:
    """PUT does not look at If-None-Match."""

    def divert(environ: Environ) -> None:
        if environ["REQUEST_METHOD"] == "PUT":
            environ.pop("HTTP_IF_NONE_MATCH", None)

    defect.requests(divert)


@mutant(clauses=("7232-3.2-04",), trips={"versioning.if_none_match_stops_writes"}, only="the write itself")
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
