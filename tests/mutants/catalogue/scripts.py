"""Defects of text beyond ASCII: what is equal, and what comes first (group G26)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unicodedata import normalize

from mock_samanage.scim import comparison
from mock_samanage.scim.comparison import fold
from mock_samanage.store.indexing import Indexed, Rows
from mock_samanage.store.keys import unique_hash
from mock_samanage.store.model import Page
from mock_samanage.store.querying import Queries
from tests.mutants.answers import Json
from tests.mutants.mutant import Defect, mutant

MANY = 1_000_000


@mutant(
    clauses=("7644-5-01",), trips={"unicode.a_user_name_is_prepared_before_it_is_compared"}, only="full and half width"
)
def width_makes_another_name(defect: Defect) -> None:
    """A userName in letters of full width is another one than in the usual letters."""
    defect.replace(comparison, "fold_name", fold)


@mutant(
    clauses=("7644-5-01", "7644-7.8-01"),
    trips={
        "filtering.normal_forms_are_one_text",
        "unicode.a_user_name_is_prepared_before_it_is_compared",
    },
    only="composed letters",
)
def a_composed_letter_is_another(defect: Defect) -> None:
    """A letter with its accent as one character is another text than as two."""
    defect.replace(comparison, "fold", lambda text: text.lower() if text.isascii() else text.casefold())


@mutant(
    clauses=("7644-5-01",),
    trips={"unicode.a_user_name_is_prepared_before_it_is_compared"},
    only="uniqueness of names beyond ASCII",
)
def names_of_other_scripts_are_not_unique(defect: Defect) -> None:
    """A userName beyond ASCII may be taken again in another spelling, and filters find both."""

    def add(self: Rows, rid: int, entry: Indexed, element: int, found: Any) -> None:
        spelt = entry.unique and isinstance(found, str) and not found.isascii()
        before = len(self.values)
        old(self, rid, entry, element, found)
        if spelt and len(self.values) > before:
            self.values[-1] = (*self.values[-1][:5], unique_hash(found))

    old = defect.replace(Rows, "add", add)


@mutant(
    clauses=("7644-3.4.2.3-15", "7644-7.8-01"),
    trips={
        "sorting.complex_attributes_sort_by_a_part",
        "sorting.sorting_ignores_case",
        "unicode.a_user_name_is_prepared_before_it_is_compared",
        "unicode.letters_of_any_script_have_no_case",
        "unicode.sorting_ignores_the_case_of_any_letter",
    },
    only="letters beyond ASCII",
)
def only_ascii_has_no_case(defect: Defect) -> None:
    """Letters beyond ASCII have a case where others have none."""
    small = {code: chr(code + 32) for code in range(65, 91)}
    defect.replace(comparison, "fold", lambda text: normalize("NFC", text.translate(small)))


@mutant(
    clauses=("7644-3.4.2.3-15",),
    trips={
        "sorting.complex_attributes_sort_by_a_part",
        "sorting.sorting_ignores_case",
        "unicode.letters_of_any_script_have_no_case",
        "unicode.sorting_ignores_the_case_of_any_letter",
    },
    only="Greek and Cyrillic letters",
)
def only_latin_has_no_case(defect: Defect) -> None:
    """Letters beyond Latin-1 have a case where others have none."""

    def latin(text: str) -> str:
        folded = "".join(letter.casefold() if ord(letter) < 256 else letter for letter in normalize("NFC", text))
        return normalize("NFC", folded)

    defect.replace(comparison, "fold", latin)


@mutant(clauses=("7644-3.4.2.3-15",), trips={"unicode.letters_of_any_script_have_no_case"}, only="the letter I")
def an_i_is_turkish(defect: Defect) -> None:
    """A capital I is the capital of the dotless i, and i has another one."""

    def turkish(text: str) -> str:
        return str(old(text.replace("I", "\u0131").replace("\u0130", "i")))

    old = defect.replace(comparison, "fold", turkish)


def _sorted(defect: Defect, key: Callable[[str], str]) -> None:
    """Sorts by a text of one value otherwise; the filter and the other sorts stay as they are."""

    def query(self: Queries, *arguments: Any, sort: Any = None, **options: Any) -> Page:
        page: Page = old(self, *arguments, sort=sort, **options)
        if sort is None or sort.sub or sort.name.lower() in {"meta", "id", "externalid"}:
            return page
        whole: Page = old(self, *arguments, sort=sort, **{**options, "start": 1, "count": MANY})
        texts = {each.rid: _text(each.document, sort.name) for each in whole.records}
        given = [each for each in whole.records if texts[each.rid] is not None]
        given.sort(key=lambda each: key(str(texts[each.rid])), reverse=options["descending"])
        rest = [each for each in whole.records if texts[each.rid] is None]
        places = rest + given if options["descending"] else given + rest
        start = options["start"] - 1
        return Page(page.total, places[start : start + options["count"]])

    old = defect.replace(Queries, "query", query)


def _text(document: Json, name: str) -> str | None:
    found = next((value for known, value in document.items() if known.lower() == name.lower()), None)
    return found if isinstance(found, str) else None


@mutant(
    clauses=("7644-3.4.2.3-15",),
    trips={"unicode.sorting_ignores_the_case_of_any_letter"},
    only="the order of letters beyond ASCII",
)
def only_ascii_is_sorted_without_case(defect: Defect) -> None:
    """In a sorted list letters beyond ASCII come in capitals first."""
    small = {code: chr(code + 32) for code in range(65, 91)}
    _sorted(defect, lambda text: text.translate(small))
