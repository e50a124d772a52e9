"""Defects of the plain attributes of users: texts that do not come back as they were sent."""

from __future__ import annotations

from html import escape

from mock_samanage.scim import formats
from tests.mutants.answers import Json
from tests.mutants.edits import sent, stored, text
from tests.mutants.mutant import Defect, mutant

_TYPES = ("Contractor", "Employee", "Intern", "Temp", "External", "Unknown")


@mutant(clauses=("7643-4.1.1-15",), trips=(), only="several language ranges")
def one_language_is_enough(defect: Defect) -> None:
    """A preferredLanguage is its first language range, the others and the weights are lost."""
    text(defect, "preferredLanguage", lambda ranges: ranges.split(",")[0].split(";")[0])


@mutant(clauses=("7643-4.1.1-13", "ENTRA-1.2-07"), trips=(), only="titles with a character of HTML")
def a_title_is_escaped(defect: Defect) -> None:
    """A title is escaped for HTML before it is stored."""
    text(defect, "title", escape)


@mutant(clauses=("7643-4.1.1-14",), trips=(), only="values that the RFC does not suggest")
def an_unknown_user_type_is_lost(defect: Defect) -> None:
    """A userType that the RFC does not name as an example is dropped."""
    text(defect, "userType", lambda kind: kind if kind in _TYPES else None)


@mutant(clauses=("7643-4.1.1-16",), trips=(), only="blanks")
def a_locale_may_hold_blanks(defect: Defect) -> None:
    """A locale of two words is accepted."""
    defect.replace(formats, "FORMATS", {"country": formats.country})


@mutant(clauses=("7643-4.1.1-17",), trips=(), only="locales with an underscore")
def a_locale_ends_at_an_underscore(defect: Defect) -> None:
    """A locale with an underscore loses its region."""
    text(defect, "locale", lambda tag: tag.split("_")[0])


@mutant(clauses=("7643-4.1.1-18",), trips=(), only="zones with an underscore")
def a_time_zone_is_made_readable(defect: Defect) -> None:
    """Underscores in a timezone become blanks."""
    text(defect, "timezone", lambda zone: zone.replace("_", " "))


@mutant(clauses=("7643-4.1.1-08",), trips=(), only="names without formatted")
def a_name_in_parts_is_lost(defect: Defect) -> None:
    """A name without formatted is dropped on create and replace."""
    sent(defect, lambda body: None if "formatted" in (body.get("name") or {"formatted": ""}) else body.pop("name"))


@mutant(clauses=("7643-4.1.1-09",), trips=(), only="names that were sent in parts")
def a_formatted_name_is_made_once(defect: Defect) -> None:
    """A formatted name is made of the parts on the first write and never again."""

    def make(user: Json) -> None:
        name = user.get("name", {})
        if "formatted" not in name and {"givenName", "familyName"} <= name.keys():
            name["formatted"] = f"{name['givenName']} {name['familyName']}"

    stored(defect, make)


@mutant(clauses=("7643-4.1.1-10", "ENTRA-1.2-07"), trips=(), only="users with both names")
def a_display_name_is_made_of_the_name(defect: Defect) -> None:
    """A displayName is replaced by given and family name where the user has both."""

    def make(user: Json) -> None:
        name = user.get("name", {})
        if "displayName" in user and {"givenName", "familyName"} <= name.keys():
            user["displayName"] = f"{name['givenName']} {name['familyName']}"

    stored(defect, make)


@mutant(clauses=("7643-4.1.1-11",), trips=(), only="users without a nickName")
def a_nick_name_is_made_from_the_user_name(defect: Defect) -> None:
    """A user without a nickName gets the part of the userName before the at sign."""
    stored(defect, lambda user: user.setdefault("nickName", user["userName"].split("@")[0]))
