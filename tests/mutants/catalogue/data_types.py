"""Defects of values: their JSON form, what is refused, where references lead, what answers show."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from mock_samanage.scim import formats, values
from mock_samanage.scim import validation as validating
from mock_samanage.scim.errors import InvalidValue
from mock_samanage.scim.registry import ENTERPRISE_URN, LABORATORY_URN, USER_URN
from mock_samanage.scim.schema import AttributeType
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.groups import StoredMembers
from mock_samanage.tenant.resource import Reference, Resource
from mock_samanage.web import call as calling
from mock_samanage.web import wire
from tests.mutants.answers import Json, asked
from tests.mutants.catalogue.schemas import _declare
from tests.mutants.characteristics import LAB
from tests.mutants.mutant import Defect, Environ, Reply, mutant


def represented(defect: Defect, change: Callable[[Json, str], None]) -> None:
    """Changes every representation of a resource before projection: `change` gets it and the base URL."""

    def document(resource: Resource, base: str) -> Json:
        shown: Json = json.loads(json.dumps(old(resource, base), default=float))
        change(shown, base)
        return shown

    old = defect.replace(calling, "document", document)


def laboratory(shown: Json) -> Json:
    """The values of the laboratory's extension."""
    found: Json = shown.get(LABORATORY_URN, {})
    return found


def rekeyed(shown: Json, name: str, change: Callable[[Any], Any]) -> None:
    """Changes a value that is there."""
    if name in shown:
        shown[name] = change(shown[name])


@mutant(
    clauses=("7643-2.3.2-01",),
    trips={"schemas.booleans_are_shown_as_json_literals", "schemas.writable_attributes_are_updated_by_put_and_patch"},
    only="primary",
)
def primary_is_shown_as_text(defect: Defect) -> None:
    """The `primary` of an e-mail address is shown as "True"."""

    def change(shown: Json, _: str) -> None:
        for email in shown.get("emails", ()):
            rekeyed(email, "primary", str)

    represented(defect, change)


@mutant(
    clauses=("7643-2.3.3-01",),
    trips={"schemas.decimals_are_json_numbers", "schemas.writable_attributes_are_updated_by_put_and_patch"},
    only="score",
    **LAB,
)
def a_decimal_is_shown_as_text(defect: Defect) -> None:
    """A decimal is shown in quotes."""
    represented(defect, lambda shown, _: rekeyed(laboratory(shown), "score", str))


@mutant(
    clauses=("7643-2.3.3-01",),
    trips={"schemas.decimals_are_json_numbers", "schemas.writable_attributes_are_updated_by_put_and_patch"},
    only="the digits of a decimal",
    **LAB,
)
def a_decimal_is_cut_to_a_whole_number(defect: Defect) -> None:
    """A decimal loses its fraction."""
    represented(defect, lambda shown, _: rekeyed(laboratory(shown), "score", int))


@mutant(
    clauses=("7643-2.3.4-01",), trips={"schemas.integers_have_neither_fraction_nor_exponent"}, only="the configuration"
)
def a_limit_is_shown_with_an_exponent(defect: Defect) -> None:
    """The configuration writes filter.maxResults as 1e3."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if asked(environ, "GET", "/ServiceProviderConfig"):
            return reply.with_body(reply.body.replace(b'"maxResults":1000', b'"maxResults":1e3'))
        return reply

    defect.answers(rewrite)


@mutant(
    clauses=("7643-2.3.4-01",),
    trips={
        "schemas.integers_have_neither_fraction_nor_exponent",
        "schemas.writable_attributes_are_updated_by_put_and_patch",
    },
    only="visits",
    **LAB,
)
def a_whole_number_is_shown_with_a_fraction(defect: Defect) -> None:
    """An integer attribute is shown with a fraction of zero."""
    represented(defect, lambda shown, _: rekeyed(laboratory(shown), "visits", float))


@mutant(
    clauses=("7643-2.3.5-01",),
    trips={"schemas.moments_are_date_and_time", "schemas.writable_attributes_are_updated_by_put_and_patch"},
    only="trainedOn",
    **LAB,
)
def a_moment_is_shown_as_a_day(defect: Defect) -> None:
    """A dateTime attribute is shown without the time of the day."""
    represented(defect, lambda shown, _: rekeyed(laboratory(shown), "trainedOn", lambda moment: moment[:10]))


@mutant(clauses=("7643-2.3.5-02",), trips={"schemas.what_is_no_moment_is_refused"}, **LAB)
def any_text_is_a_moment(defect: Defect) -> None:
    """A dateTime attribute takes any text."""
    readers = {**values._READERS, AttributeType.DATETIME: lambda _attribute, raw, _where, _dialect: str(raw)}
    defect.replace(values, "_READERS", readers)


@mutant(clauses=("7643-2.3.5-02",), trips={"schemas.what_is_no_moment_is_refused"}, only="days without a time", **LAB)
def a_day_is_a_moment(defect: Defect) -> None:
    """A dateTime attribute takes a date and stores its midnight."""

    def datetime(attribute: Any, raw: object, where: str, dialect: Any) -> Any:
        day = isinstance(raw, str) and len(raw) == len("2011-05-13")
        return old[AttributeType.DATETIME](attribute, f"{raw}T00:00:00Z" if day else raw, where, dialect)

    old = dict(values._READERS)
    defect.replace(values, "_READERS", {**old, AttributeType.DATETIME: datetime})


@mutant(clauses=("7643-2.3.6-01",), trips={"schemas.binary_values_are_base64"}, only="certificates")
def a_certificate_is_any_text(defect: Defect) -> None:
    """The value of a certificate is taken and shown as it is, base64 or not."""
    defect.replace(formats, "certificate", lambda _text: None)


@mutant(
    clauses=("7643-2.3.6-02",),
    trips={"schemas.padding_and_alphabet_of_binary_values_are_told"},
    only="base64 without padding",
)
def base64_needs_its_padding(defect: Defect) -> None:
    """A certificate without its padding is answered 500."""

    def certificate(text: str) -> str | None:
        if len(text) % 4:
            raise RuntimeError("incorrect padding")
        found: str | None = old(text)
        return found

    old = defect.replace(formats, "certificate", certificate)


@mutant(
    clauses=("7643-2.3.1-01",),
    trips={"schemas.strings_are_json_strings_in_utf_8"},
    only="characters beyond the first 65,536",
)
def characters_of_four_bytes_are_lost(defect: Defect) -> None:
    """Characters that UTF-8 writes with four bytes are stored as question marks."""

    def string(attribute: Any, raw: object, where: str, dialect: Any) -> Any:
        text = old[AttributeType.STRING](attribute, raw, where, dialect)
        return "".join("?" if ord(letter) > 0xFFFF else letter for letter in text)

    old = dict(values._READERS)
    defect.replace(values, "_READERS", {**old, AttributeType.STRING: string})


@mutant(
    clauses=("7643-2.3.1-02",),
    trips={"schemas.values_outside_the_canonical_ones_are_told"},
    only="types of e-mail addresses",
)
def an_unknown_type_breaks_the_write(defect: Defect) -> None:
    """An e-mail address whose type is none of the canonical ones is answered 500."""

    def string(attribute: Any, raw: object, where: str, dialect: Any) -> Any:
        text = old[AttributeType.STRING](attribute, raw, where, dialect)
        if where.endswith(".type") and attribute.canonical_values and text.lower() not in attribute.canonical_values:
            raise KeyError(text)
        return text

    old = dict(values._READERS)
    defect.replace(values, "_READERS", {**old, AttributeType.STRING: string})


@mutant(clauses=("7643-2.3.1-05",), trips={"?"}, only="phone numbers without a digit")
def a_phone_number_in_words_breaks_the_write(defect: Defect) -> None:
    """A phone number that has no digit is answered 500."""

    def string(attribute: Any, raw: object, where: str, dialect: Any) -> Any:
        text: str = old[AttributeType.STRING](attribute, raw, where, dialect)
        if where.startswith("phoneNumbers") and where.endswith(".value") and not any(map(str.isdigit, text)):
            raise IndexError("no number")
        return text

    old = dict(values._READERS)
    defect.replace(values, "_READERS", {**old, AttributeType.STRING: string})


@mutant(clauses=("7643-2.3.7-01",), trips={"schemas.references_are_uris_below_the_base"}, only="the $ref of a manager")
def a_manager_is_below_the_origin(defect: Defect) -> None:
    """The $ref of a manager lacks the path of the base URL."""

    def change(shown: Json, base: str) -> None:
        manager = shown.get(ENTERPRISE_URN, {}).get("manager", {})
        rekeyed(manager, "$ref", lambda uri: uri.replace(base, "/".join(base.split("/")[:3])))

    represented(defect, change)


@mutant(clauses=("7643-2.3.7-02",), trips={"?"}, only="members that are users")
def a_member_is_referred_to_as_a_group(defect: Defect) -> None:
    """The $ref of a member that is a user leads to /Groups."""

    def reference(other: Reference, base: str, *, kind: str) -> Json:
        shown: Json = old(other, base, kind=kind)
        return {**shown, "$ref": shown["$ref"].replace("/Users/", "/Groups/")}

    old = defect.replace(wire, "_reference", reference)


@mutant(clauses=("7643-2.3.7-03",), trips={"schemas.a_reference_to_nobody_is_taken_or_refused"}, only="members")
def an_unknown_member_breaks_the_write(defect: Defect) -> None:
    """A group with a member that nobody is is answered 500."""

    def add(self: StoredMembers, ids: Any) -> int:
        try:
            return old(self, ids)  # type: ignore[no-any-return]
        except InvalidValue as unknown:
            raise RuntimeError("foreign key constraint") from unknown

    old = defect.replace(StoredMembers, "add", add)


@mutant(clauses=("7644-3.12-05",), trips={"schemas.values_of_another_type_are_refused"}, only="booleans")
def a_boolean_takes_any_text(defect: Defect) -> None:
    """A boolean attribute takes any text, which counts as true."""

    def boolean(raw: object, dialect: Any) -> bool | None:
        found: bool | None = old(raw, dialect)
        return True if found is None and isinstance(raw, str) else found

    old = defect.replace(values, "boolean", boolean)


@mutant(
    clauses=("7644-3.1-02",),
    trips={"schemas.unknown_attributes_are_ignored_or_refused"},
    only="attributes that no schema has",
)
def unknown_attributes_are_stored(defect: Defect) -> None:
    """An attribute that no schema defines is stored and shown beside the others."""

    def validate(kind: Any, body: Any, **options: Any) -> Json:
        found: Json = old(kind, body, **options)
        known = {place[0].lower() for place, _ in kind.places} | {"password"}
        return {
            **found,
            **{name: value for name, value in body.items() if name.lower() not in known and ":" not in name},
        }

    from mock_samanage.tenant import users

    old = validating.validate
    defect.replace(users, "validate", validate)


@mutant(clauses=("7644-3.1-03",), trips={"schemas.answers_to_writes_show_what_is_stored"}, only="PATCH")
def a_patch_shows_what_was_before(defect: Defect) -> None:
    """The answer to a PATCH shows the resource as it was before."""

    def patched(self: Directory, type_name: str, resource_id: str, *arguments: Any, **options: Any) -> Resource:
        before = self.get(type_name, resource_id)
        old(self, type_name, resource_id, *arguments, **options)
        return before

    old = defect.replace(Directory, "patch", patched)


@mutant(clauses=("7643-1.1-01",), trips={"schemas.keywords_come_without_quotation_marks"}, only="the attribute title")
def a_keyword_is_in_quotation_marks(defect: Defect) -> None:
    """The User schema declares title with keywords that include quotation marks."""
    _declare(defect, USER_URN, "title", mutability='"readWrite"', returned='"default"')
