"""Defects of texts beyond ASCII as they are kept, prepared and refused (group G26)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from unicodedata import category, normalize
from urllib.parse import parse_qsl

from mock_samanage.scim import messages, validation, values
from mock_samanage.scim.errors import InvalidValue
from mock_samanage.tenant import passwords
from mock_samanage.web import call, parameters
from mock_samanage.web.call import Call
from tests.mutants.answers import Json
from tests.mutants.mutant import Defect, mutant


@mutant(
    clauses=("7613-3-01",),
    trips={
        "unicode.a_name_of_invisible_characters_is_refused",
        "unicode.characters_that_names_lack_are_refused_or_kept",
    },
    only="names with a zero-width space",
)
def a_zero_width_space_breaks_the_write(defect: Defect) -> None:
    """A userName with U+200B is answered 500."""

    def body(self: Call, *arguments: Any, **options: Any) -> Json:
        found: Json = old(self, *arguments, **options)
        if "\u200b" in str(found.get("userName")):
            raise UnicodeError("userName")
        return found

    old = defect.replace(Call, "body", body)


@mutant(
    clauses=("7613-3-01",), trips={"unicode.characters_that_names_lack_are_refused_or_kept"}, only="spaces in names"
)
def spaces_in_a_name_get_lost(defect: Defect) -> None:
    """A userName is kept without the spaces in it."""

    def body(self: Call, *arguments: Any, **options: Any) -> Json:
        found: Json = old(self, *arguments, **options)
        if isinstance(found.get("userName"), str):
            found["userName"] = found["userName"].replace(" ", "")
        return found

    old = defect.replace(Call, "body", body)


@mutant(
    clauses=("7613-3-02",), trips={"unicode.a_name_of_invisible_characters_is_refused"}, only="zero-width characters"
)
def what_has_no_width_is_a_name(defect: Defect) -> None:
    """A userName of zero-width characters is accepted; one of white space is not."""
    defect.replace(validation, "unassigned_text", lambda value: isinstance(value, str) and not value.strip())


@mutant(clauses=("7613-3-02",), trips={"unicode.a_name_of_invisible_characters_is_refused"}, only="white space")
def spaces_are_a_name(defect: Defect) -> None:
    """A userName of spaces is accepted."""

    def unassigned(value: object) -> bool:
        return bool(old(value)) and not (isinstance(value, str) and value and value.isspace())

    old = defect.replace(validation, "unassigned_text", unassigned)


@mutant(clauses=("7613-4-01",), trips={"unicode.spaces_in_a_password_are_one_kind"}, only="spaces beyond ASCII")
def a_wide_space_is_another_password(defect: Defect) -> None:
    """A space beyond ASCII in a password is not an ordinary one."""
    defect.replace(passwords, "prepared", lambda text: normalize("NFC", text))


@mutant(clauses=("7613-4-01",), trips={"unicode.spaces_in_a_password_are_one_kind"}, only="letters with accents")
def an_accent_of_its_own_is_another_password(defect: Defect) -> None:
    """A password with a letter and an accent is another one than with the composed letter."""
    spaced = {"\u3000", "\u00a0", "\u2003"}
    defect.replace(passwords, "prepared", lambda text: "".join(" " if each in spaced else each for each in text))


@mutant(clauses=("7613-4-01",), trips={"unicode.spaces_in_a_password_are_one_kind"}, only="the case of passwords")
def a_password_has_no_case(defect: Defect) -> None:
    """A password is right in any case."""
    old = passwords.prepared
    defect.replace(passwords, "prepared", lambda text: old(text).casefold())


def _kept(defect: Defect, keep: Callable[[str], str]) -> None:
    """Keeps the texts of attributes otherwise than they are sent."""

    def simple(attribute: Any, raw: object, *arguments: Any) -> Any:
        found = old(attribute, raw, *arguments)
        return keep(found) if isinstance(found, str) else found

    old = defect.replace(values, "read_simple", simple)


@mutant(
    clauses=("7643-2.3.1-03",),
    trips={
        "negotiation.a_body_without_a_label_is_json_or_refused",
        "negotiation.bodies_in_json_are_accepted",
        "negotiation.every_body_is_labelled_json_in_utf_8",
        "unicode.all_of_unicode_survives",
    },
    only="characters beyond the BMP",
)
def a_text_ends_at_its_first_emoji(defect: Defect) -> None:
    """A text ends before its first character beyond U+FFFF."""
    _kept(defect, lambda text: re.split("[\U00010000-\U0010ffff]", text, maxsplit=1)[0])


@mutant(clauses=("7643-2.3.1-03",), trips={"unicode.all_of_unicode_survives"}, only="combining characters")
def a_text_is_composed(defect: Defect) -> None:
    """A text is kept in its composed form."""
    _kept(defect, lambda text: normalize("NFC", text))


@mutant(
    clauses=("7643-2.3.1-03",),
    trips={
        "unicode.all_of_unicode_survives",
        "unicode.characters_that_names_lack_are_refused_or_kept",
    },
    only="characters without a glyph",
)
def format_characters_get_lost(defect: Defect) -> None:
    """A text is kept without its format characters, such as joiners and marks of direction."""
    _kept(defect, lambda text: "".join(each for each in text if category(each) != "Cf"))


@mutant(clauses=("7643-2.3.1-03",), trips={"unicode.all_of_unicode_survives"}, only="U+FFFD")
def the_replacement_character_is_a_question(defect: Defect) -> None:
    """The character U+FFFD is kept as a question mark."""
    _kept(defect, lambda text: text.replace("\ufffd", "?"))


@mutant(clauses=("7159-8.2-01",), trips={"unicode.what_is_no_unicode_is_refused"}, only="bytes that are no UTF-8")
def a_broken_byte_is_replaced(defect: Defect) -> None:
    """A body that is no UTF-8 is read with U+FFFD in place of what is wrong."""
    old = messages._decoded
    defect.replace(messages, "_decoded", lambda data: old(data.decode("utf-8", "replace").encode()))


@mutant(
    clauses=("7159-8.2-01",),
    trips={
        "roles.duplicate_keys_are_refused_on_create",
        "roles.duplicate_keys_are_refused_on_patch",
        "roles.duplicate_keys_are_refused_on_replace",
        "roles.no_malformed_role_becomes_a_powerful_one",
        "unicode.what_is_no_unicode_is_refused",
    },
    only="lone surrogates",
)
def a_lone_surrogate_is_replaced(defect: Defect) -> None:
    """A lone surrogate is read as U+FFFD."""

    def parse(data: bytes, **options: Any) -> Json:
        try:
            found: Json = old(data, **options)
        except InvalidValue:
            text = json.dumps(json.loads(data), ensure_ascii=False).encode("utf-8", "surrogatepass")
            found = old(text.decode("utf-8", "replace").encode(), **options)
        return found

    old = defect.replace(call, "parse_json", parse)


@mutant(
    clauses=("7159-8.2-01",),
    trips={
        "errors.no_hostile_request_breaks_the_server",
        "unicode.characters_that_names_lack_are_refused_or_kept",
        "unicode.what_is_no_unicode_is_refused",
    },
    only="lone surrogates",
)
def a_lone_surrogate_breaks_the_write(defect: Defect) -> None:
    """A lone surrogate is answered 500."""

    def check(body: Json) -> None:
        try:
            old(body)
        except InvalidValue as wrong:
            raise UnicodeError(str(wrong)) from None

    old = defect.replace(messages, "_check_characters", check)


def _query_read(defect: Defect, read: Callable[[str], dict[str, str]]) -> None:
    old = parameters.query_parameters
    defect.replace(call, "query_parameters", lambda text: {**old(text), **read(text)})


@mutant(
    clauses=("7644-1.2-02",),
    trips={
        "filtering.normal_forms_are_one_text",
        "representation.an_external_id_is_kept_and_found_exactly",
        "unicode.a_user_name_is_prepared_before_it_is_compared",
        "unicode.letters_of_any_script_have_no_case",
        "unicode.percent_encoded_text_is_the_text",
    },
    only="percent-encoded text",
)
def an_encoded_letter_is_latin_1(defect: Defect) -> None:
    """What is percent-encoded in a query is read as ISO 8859-1."""
    _query_read(defect, lambda text: dict(parse_qsl(text, keep_blank_values=True, encoding="latin-1")))


@mutant(clauses=("7643-2.3.1-04",), trips={"unicode.a_long_text_is_kept_or_refused"}, only="more than 4,000 characters")
def a_long_text_is_cut(defect: Defect) -> None:
    """A text ends after 4,000 characters."""
    _kept(defect, lambda text: text[:4000])


@mutant(clauses=("7643-2.3.1-04",), trips={"unicode.a_long_text_is_kept_or_refused"}, only="more than 4,000 characters")
def a_long_text_breaks_the_write(defect: Defect) -> None:
    """A text of more than 4,000 characters is answered 500."""

    def keep(text: str) -> str:
        if len(text) > 4000:
            raise OverflowError(len(text))
        return text

    _kept(defect, keep)


@mutant(clauses=("7643-2.3.1-04",), trips={"unicode.a_long_text_is_kept_or_refused"}, only="more than 4,000 characters")
def a_long_text_gets_lost(defect: Defect) -> None:
    """A text of more than 4,000 characters is kept as no text at all."""
    _kept(defect, lambda text: text if len(text) <= 4000 else "")
