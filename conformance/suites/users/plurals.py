"""The multi-valued attributes of a user (RFC 7643 section 4.1.2)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest

from conformance.client import Answer
from conformance.judging import budget, clause, holds, observe
from conformance.population import Users
from conformance.suites.filtering.asking import shown
from conformance.suites.users.portrait import Portrait, kept_or_refused, objects, painted, reread, told
from conformance.target import Target

CERTIFICATE = (
    "MIIBbzCCARWgAwIBAgIUYHL2YTgnuE/pDExQ1EQSBUHJtAkwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBYTAgFw0yNjExMjUyMjE1MjhaGA8y"
    "MTI2MTEwMTIyMTUyOFowDDEKMAgGA1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEYVWeY5YrlWAyQ8FTL6ifobewPG6Q0b77RK"
    "1rxvTT6GgoZWUXt7Pa7wh/rzXoL1ye1aqz6fJV4wS/mfDuHio3ijUzBRMB0GA1UdDgQWBBRruCvt2w5KBEKGfLVCm8ami3v5zzAfBgNVHSME"
    "GDAWgBRruCvt2w5KBEKGfLVCm8ami3v5zzAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIEo3RJrp4OSpiwt75rYH1zT9r97R"
    "sH9rTmQPGrOVM1pkAiEA9gtLAqhABF2P7mDtQtabLZq0+1gFPuw3V57uwvJa5ho="
)
"""A self-signed certificate of nobody, in DER."""
PICTURE = "https://example.com/pictures/ada"
ADDRESS = "100 Universal City Plaza\nFloor 3"
PHONE = "555-555-8377"
SENT = {
    "phoneNumbers": [{"value": PHONE, "type": "work"}, {"value": "555-555-4444", "type": "fax"}],
    "ims": [{"value": "Ada.Lovelace", "type": "skype"}, {"value": "ada two", "type": "xmpp"}],
    "photos": [{"value": f"{PICTURE}/{size}.png", "type": kind} for size, kind in (("F", "photo"), ("T", "thumbnail"))],
    "addresses": [
        {"type": "work", "streetAddress": ADDRESS, "formatted": f"{ADDRESS}\nHollywood", "country": "US"},
        {"type": "home", "locality": "Hollywood"},
    ],
    "entitlements": [{"value": "Lights out, Étage 2"}, {"value": "print:a3", "type": "device"}],
    "x509Certificates": [{"value": CERTIFICATE}],
}


@pytest.fixture(scope="module")
def portrait(suite_users: Users, target: Target) -> Portrait:
    """A user with several values in every multi-valued attribute."""
    return painted(suite_users, target, SENT)


def values(portrait: Portrait, name: str, form: Callable[[str], str] = str) -> tuple[list[str], list[str], Answer]:
    """The values that were sent, those that are shown, both in one form and order, and the answer."""
    found, answer = portrait.elements(name)
    sent = sorted(form(str(entry["value"])) for entry in portrait.sent[name])
    return sent, sorted(form(str(entry.get("value"))) for entry in found), answer


def all_kept(clause_id: str, portrait: Portrait, name: str, form: Callable[[str], str] = str) -> None:
    """Judge that every value is shown, in a form that does not matter."""
    sent, found, answer = values(portrait, name, form)
    holds(clause_id, found == sent, expected=str(sent), observed=told(found, answer), answer=answer)


def by_type(portrait: Portrait, kind: str) -> tuple[dict[str, Any], Answer]:
    """The address of a type as it is shown."""
    found, answer = portrait.elements("addresses")
    return next((entry for entry in found if entry.get("type") == kind), {}), answer


def folded(text: str) -> str:
    """The text without blanks and case."""
    return "".join(text.split()).lower()


def digits(text: str) -> str:
    """The digits of a telephone number; a code of a country may stand before them."""
    return re.sub(r"\D", "", text)[-10:]


@clause("7643-4.1.2-02", "7643-4.1.2-03", "7643-4.1.2-04")
def test_mail_addresses_are_kept(users: Users) -> None:
    """A mailbox is kept, its domain perhaps in lower case; what is none is accepted or refused."""
    local, domain = users.run.email("Mail").split("@")
    sent = f"{local}@{domain.upper()}"
    made = users.post(users.body(emails=[{"value": sent, "type": "work", "display": f"Ada <{sent}>"}]))
    emails = objects(reread(users, made).resource.get("emails")) if made.ok else []
    found = [str(entry.get("value")) for entry in emails]
    same = [text.lower() for text in found] == [sent.lower()]
    holds("7643-4.1.2-02", same, expected=f"[{sent}]", observed=told(found, made), answer=made)
    fine = found in ([sent], [f"{local}@{domain}"])
    holds("7643-4.1.2-03", fine, expected="the domain folded, or unchanged", observed=told(found, made), answer=made)
    observe("7643-4.1.2-04", f"{shown(made)}, display {[entry.get('display') for entry in emails]}")
    odd = users.post(users.body(emails=[{"value": "no-at-sign", "type": "work"}]))
    holds("7643-4.1.2-02", odd.ok or odd.status == 400, expected="2xx or 400", observed=shown(odd), answer=odd)


@clause("7643-4.1.2-05")
def test_mail_addresses_may_have_other_types(users: Users) -> None:
    """A type of e-mail address of the client's own is kept or refused."""
    address = users.run.email("work")
    both = [{"value": address, "type": "work"}, {"value": users.run.email("bill"), "type": "billing"}]
    kept_or_refused("7643-4.1.2-05", users, "emails", both, ("value", "type"))


@clause("7643-4.1.2-06")
def test_phone_numbers_are_kept(portrait: Portrait) -> None:
    """Telephone numbers come back as they were sent, or canonical."""
    all_kept("7643-4.1.2-06", portrait, "phoneNumbers", digits)


@clause("7643-4.1.2-07")
def test_phone_numbers_may_have_other_types(portrait: Portrait, users: Users) -> None:
    """The type fax is kept, and one of the client's own is kept or refused."""
    found, answer = portrait.elements("phoneNumbers")
    types = [entry.get("type") for entry in found]
    same = types == ["work", "fax"]
    holds("7643-4.1.2-07", same, expected="work, fax", observed=types, answer=answer, harm=answer.ok)
    kept_or_refused("7643-4.1.2-07", users, "phoneNumbers", [{"value": PHONE, "type": "x-new"}], ("type",))


@clause("7643-4.1.2-08")
def test_addresses_of_messengers_are_kept(portrait: Portrait) -> None:
    """Instant messaging addresses are kept but for blanks and case."""
    all_kept("7643-4.1.2-08", portrait, "ims", folded)


@clause("7643-4.1.2-09", "7643-4.1.2-10")
def test_pictures_are_kept_by_their_urls(portrait: Portrait) -> None:
    """The URLs of pictures are kept, also of one picture in two sizes."""
    sent, found, answer = values(portrait, "photos")
    first = bool(found) and set(found) <= set(sent)
    holds("7643-4.1.2-09", first, expected=f"among {sent}", observed=told(found, answer), answer=answer)
    both, seen = found == sent, told(found, answer)
    holds("7643-4.1.2-10", both, expected=str(sent), observed=seen, answer=answer, harm=answer.ok)


@clause("7643-4.1.2-11")
def test_countries_have_two_letters(portrait: Portrait, users: Users) -> None:
    """A country of two letters is kept; one of three is refused."""
    home, read = by_type(portrait, "work")
    holds("7643-4.1.2-11", home.get("country") == "US", expected="US", observed=told(home, read), answer=read)
    answer = users.post(users.body(addresses=[{"type": "work", "country": "USA"}]))
    told_ = f"USA: {shown(answer)}"
    holds("7643-4.1.2-11", answer.status == 400, expected="400", observed=told_, answer=answer, tolerated=answer.ok)


@clause("7643-4.1.2-12")
def test_addresses_have_lines(portrait: Portrait) -> None:
    """Line breaks in an address are kept."""
    found, answer = by_type(portrait, "work")
    sent = {name: SENT["addresses"][0][name] for name in ("streetAddress", "formatted")}
    same = {name: found.get(name) for name in sent} == sent
    holds("7643-4.1.2-12", same, expected=str(sent), observed=told(found, answer), answer=answer, harm=answer.ok)


@clause("7643-4.1.2-13")
def test_no_part_of_an_address_is_needed(portrait: Portrait) -> None:
    """An address with a locality only is kept."""
    found, answer = by_type(portrait, "home")
    right = found.get("locality") == "Hollywood"
    seen = told(found, answer)
    holds("7643-4.1.2-13", right, expected="locality Hollywood", observed=seen, answer=answer, harm=answer.ok)


@clause("7643-4.1.2-18")
def test_entitlements_are_free_text(portrait: Portrait) -> None:
    """Entitlements are kept as they were sent."""
    all_kept("7643-4.1.2-18", portrait, "entitlements")


@clause("7643-4.1.2-19")
@budget(5)
def test_roles_are_values(users: Users, target: Target) -> None:
    """A role is kept, any one or one that the schema names; plain texts are accepted or refused."""
    named = (target.capabilities.attribute("User", "roles.value") or {}).get("canonicalValues") or ["a"]
    wanted = named[-1]
    made = users.post(users.body(roles=[{"value": wanted}]))
    found = [entry.get("value") for entry in objects(reread(users, made).resource.get("roles"))] if made.ok else []
    holds("7643-4.1.2-19", found == [wanted], expected=f"[{wanted}]", observed=told(found, made), answer=made)
    plain = users.post(users.body(roles=[wanted]))
    holds("7643-4.1.2-19", plain.ok or plain.status == 400, expected="2xx or 400", observed=shown(plain), answer=plain)


@clause("7643-4.1.2-20")
def test_a_certificate_is_one_certificate(portrait: Portrait, users: Users) -> None:
    """A certificate is kept as one DER sequence in base64; two in one value are refused."""
    sent, found, answer = values(portrait, "x509Certificates", lambda text: str(_der(text)))
    holds("7643-4.1.2-20", found == sent, expected="the certificate", observed=told(found, answer), answer=answer)
    two = base64.b64encode(base64.b64decode(CERTIFICATE) * 2).decode()
    double = users.post(users.body(x509Certificates=[{"value": two}]))
    told_ = f"two in one: {shown(double)}"
    holds("7643-4.1.2-20", double.status == 400, expected="400", observed=told_, answer=double, tolerated=double.ok)


def _der(text: str) -> bytes | None:
    """The bytes of a value that is one DER sequence, None for another."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return data if data[:2] == b"\x30\x82" and len(data) == 4 + int.from_bytes(data[2:4], "big") else None
