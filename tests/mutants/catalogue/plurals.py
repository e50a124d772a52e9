"""Defects of the lists of users: addresses, telephones, pictures, certificates, entitlements."""

from __future__ import annotations

import re
from typing import Any

from mock_samanage.scim import formats, values
from tests.mutants.answers import Json
from tests.mutants.edits import each, stored
from tests.mutants.mutant import Defect, mutant


@mutant(
    clauses=("7643-4.1.2-02", "7643-4.1.2-03"),
    trips={"users.mail_addresses_are_kept"},
    only="capitals before the at sign",
)
def a_mailbox_is_folded_as_a_whole(defect: Defect) -> None:
    """An e-mail address is kept in lower case, also before the at sign."""
    each(defect, "emails", lambda email: email.update(value=email["value"].lower()) if "value" in email else None)


@mutant(
    clauses=("7643-4.1.2-05",), trips={"users.mail_addresses_may_have_other_types"}, only="types of the client's own"
)
def an_unknown_type_of_mail_is_other(defect: Defect) -> None:
    """An e-mail address of a type that the RFC does not name becomes one of type other."""

    def change(email: Json) -> None:
        if email.get("type", "work").lower() not in {"work", "home", "other"}:
            email["type"] = "other"

    each(defect, "emails", change)


@mutant(
    clauses=("7643-4.1.2-06", "ENTRA-1.2-07"),
    trips={
        "dialects.entra_creates_a_user",
        "schemas.writable_attributes_are_updated_by_put_and_patch",
        "users.phone_numbers_are_kept",
    },
    only="telephone numbers with hyphens",
)
def a_telephone_number_ends_at_its_hyphen(defect: Defect) -> None:
    """A telephone number is kept up to its last hyphen."""

    def change(number: Json) -> None:
        if "value" in number:
            number["value"] = number["value"].rpartition("-")[0] or number["value"]

    each(defect, "phoneNumbers", change)


@mutant(
    clauses=("7643-4.1.2-07",),
    trips={
        "dialects.add_makes_the_element",
        "dialects.many_attributes_are_added",
        "dialects.many_attributes_are_replaced_compactly",
        "dialects.many_attributes_are_replaced_one_by_one",
        "users.phone_numbers_are_kept",
        "users.phone_numbers_may_have_other_types",
    },
    only="fax",
)
def a_fax_is_no_telephone(defect: Defect) -> None:
    """A fax number is dropped."""

    def change(user: Json) -> None:
        kept = [each for each in user.get("phoneNumbers", ()) if each.get("type", "").lower() != "fax"]
        user["phoneNumbers"] = kept
        if not kept:
            del user["phoneNumbers"]

    stored(defect, change)


@mutant(
    clauses=("7643-4.1.2-08",),
    trips={
        "schemas.writable_attributes_are_updated_by_put_and_patch",
        "users.addresses_of_messengers_are_kept",
    },
    only="ims",
)
def a_messenger_loses_its_signs(defect: Defect) -> None:
    """An instant messaging address keeps its letters and digits only."""

    def change(address: Json) -> None:
        if "value" in address:
            address["value"] = re.sub(r"[\W_]", "", address["value"])

    each(defect, "ims", change)


@mutant(
    clauses=("7643-4.1.2-10",),
    trips={
        "schemas.writable_attributes_are_updated_by_put_and_patch",
        "users.pictures_are_kept_by_their_urls",
    },
    only="the second and later pictures",
)
def one_picture_is_enough(defect: Defect) -> None:
    """Of several pictures the first is kept."""
    stored(defect, lambda user: user.update(photos=user["photos"][:1]) if "photos" in user else None)


@mutant(clauses=("7643-4.1.2-12",), trips={"users.addresses_have_lines"}, only="line breaks")
def an_address_is_one_line(defect: Defect) -> None:
    """Line breaks in an address become blanks."""

    def change(address: Json) -> None:
        address.update({name: " ".join(part.split("\n")) for name, part in address.items() if isinstance(part, str)})

    each(defect, "addresses", change)


@mutant(clauses=("7643-4.1.2-13",), trips={"users.no_part_of_an_address_is_needed"}, only="addresses without a street")
def an_address_without_a_street_is_lost(defect: Defect) -> None:
    """An address with neither street nor label is dropped."""

    def read(attribute: Any, raw: Any, where: str, dialect: Any) -> Any:
        found = old(attribute, raw, where, dialect)
        needed = attribute.name == "addresses" and found
        return None if needed and not {"streetAddress", "formatted"} & found.keys() else found

    old = defect.replace(values, "read_element", read)


@mutant(
    clauses=("7643-4.1.2-18",), trips={"users.entitlements_are_free_text"}, only="the second and later entitlements"
)
def one_entitlement_is_enough(defect: Defect) -> None:
    """Of several entitlements the last is kept."""
    stored(defect, lambda user: user.update(entitlements=user["entitlements"][-1:]) if "entitlements" in user else None)


@mutant(
    clauses=("7643-4.1.2-20",), trips={"users.a_certificate_is_one_certificate"}, only="two certificates in one value"
)
def a_certificate_may_be_a_chain(defect: Defect) -> None:
    """A certificate may have another one behind it."""
    defect.replace(formats, "certificate", formats.binary)
