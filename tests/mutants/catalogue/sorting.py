"""Defects of the order of a list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import case

from mock_samanage.scim.comparison import fold
from mock_samanage.scim.errors import InvalidPath, InvalidValue
from mock_samanage.scim.schema import Resolved
from mock_samanage.scim.syntax import AttrPath
from mock_samanage.store import indexing, sorting
from mock_samanage.store.model import Page, Record
from mock_samanage.store.querying import Queries
from mock_samanage.store.sorting import Order
from mock_samanage.tenant.resource import Query
from mock_samanage.web import parameters, resources
from mock_samanage.web.projection import Projection
from tests.mutants.mutant import Defect, mutant
from tests.mutants.queries import MANY, Finds, paged


def _unsorted(*_: Any, sort: Any = None, **__: Any) -> bool:
    return sort is None


@mutant(clauses=("7644-3.4.2.3-11",), trips=(), only="lists whose primary element is not the first")
def the_first_value_decides(defect: Defect) -> None:
    """A list of values sorts by its first, whichever is primary."""
    defect.replace(
        indexing, "_in_order", lambda found: [e for e in (found if isinstance(found, list) else [found]) if e]
    )


@mutant(clauses=("7644-3.4.2.3-07",), trips=(), only="attributes that ignore case")
def capitals_come_first(defect: Defect) -> None:
    """Text sorts by its letters as they are, capitals before small ones."""

    def query(self: Queries, *arguments: Any, sort: AttrPath | None = None, **options: Any) -> Page:
        page: Page = old(self, *arguments, sort=sort, **options)
        if sort is None or sort.sub or sort.name.lower() in {"meta", "id", "externalid"}:
            return page
        whole: Page = old(self, *arguments, sort=sort, **{**options, "start": 1, "count": MANY})
        given = [record for record in whole.records if isinstance(_value(record, sort.name), str)]
        ordered = sorted(given, key=lambda record: _value(record, sort.name), reverse=options["descending"])
        rest = [record for record in whole.records if record not in given]
        places = rest + ordered if options["descending"] else ordered + rest
        start = options["start"] - 1
        return Page(page.total, places[start : start + options["count"]])

    old = defect.replace(Queries, "query", query)


def _value(record: Record, name: str) -> Any:
    return next((value for key, value in record.document.items() if key.lower() == name.lower()), None)


@mutant(clauses=("7644-3.4.2.3-12",), trips=(), only="users without the value")
def nobody_comes_before_anybody(defect: Defect) -> None:
    """Users without the value come first when the order ascends, and last when it descends."""

    def by(self: Order, keys: Any, rid: Any) -> list[Any]:
        terms = [case((keys[0].is_(None), 0), else_=1), *keys]
        return [*[term.desc() if self.descending else term.asc() for term in terms], rid]

    defect.replace(Order, "by", by)


@mutant(clauses=("7644-3.4.2.4-02",), trips=(), only="lists of several pages")
def each_page_is_sorted_for_itself(defect: Defect) -> None:
    """The page is cut from the list as it was made, and then sorted."""

    def find(sound: Finds, _start: int, _count: int) -> Page:
        page = sound(sort=None)
        here = {record.rid for record in page.records}
        return Page(page.total, [record for record in sound(start=1, count=MANY).records if record.rid in here])

    paged(defect, find, unless=_unsorted)


@mutant(clauses=("7644-3.4.2.3-04",), trips=(), only="sortBy without sortOrder")
def the_default_order_descends(defect: Defect) -> None:
    """Without sortOrder a sorted list descends."""

    def descending(sent: parameters.Parameters) -> bool:
        return bool(old(sent)) if "sortOrder" in sent else "sortBy" in sent

    old = defect.replace(parameters, "_descending", descending)


@mutant(clauses=("7644-3.4.2.3-05",), trips=(), only="values that begin alike")
def descending_looks_at_the_first_letter(defect: Defect) -> None:
    """A descending order is that of first letters; what begins alike ascends."""

    def find(sound: Finds, start: int, count: int) -> Page:
        page = sound()
        if not descends[-1]:
            return page
        ascending = sound(start=1, count=MANY, descending=False).records
        ordered = sorted(ascending, key=lambda record: fold(str(record.document.get("userName")))[:1], reverse=True)
        return Page(page.total, ordered[start - 1 : start - 1 + count])

    def unless(*_: Any, sort: AttrPath | None = None, descending: bool = False, **__: Any) -> bool:
        descends.append(descending)
        return sort is None or sort.name.lower() != "username"

    descends: list[bool] = []
    paged(defect, find, unless)


@mutant(clauses=("7644-3.10-08",), trips=(), only="names with a URN")
def a_qualified_name_does_not_sort(defect: Defect) -> None:
    """A sortBy with a URN is overlooked."""

    def parse(text: str) -> AttrPath | None:
        path: AttrPath = old(text)
        return None if path.uri else path

    old = defect.replace(parameters, "parse_attr_path", parse)


@mutant(clauses=("7644-3.4.2.3-10",), trips=(), only="sub-attributes")
def a_part_sorts_as_the_first_part(defect: Defect) -> None:
    """A list that is sorted by a part of a single complex value is sorted by the first of its parts."""

    def with_value(resolved: Resolved, path: AttrPath) -> Resolved:
        found: Resolved = old(resolved, path)
        if found.sub is None or found.attribute.multi_valued or found.attribute.name == "meta":
            return found
        return Resolved(found.attribute, found.attribute.sub_attributes[0], found.extension)

    old = defect.replace(sorting, "_with_value", with_value)


@mutant(clauses=("7644-3.4.2-10",), trips=(), only="sort attributes that are not shown")
def what_is_not_shown_does_not_sort(defect: Defect) -> None:
    """A sortBy that `attributes` does not name is overlooked."""

    def read(sent: parameters.Parameters, kept: Projection) -> Query:
        query: Query = old(sent, kept)
        shown = {path.name.lower() for path in kept.attributes}
        hidden = shown and query.sort_by is not None and query.sort_by.name.lower() not in shown
        return replace(query, sort_by=None) if hidden else query

    old = defect.replace(resources, "read_query", read)


@mutant(clauses=("7644-3.4.2.3-09",), trips=(), only="meta.created")
def creation_sorts_by_id(defect: Defect) -> None:
    """A list that is sorted by meta.created is sorted by the text of the id."""

    def column(path: str, row: Any) -> Any:
        return old("id" if path == "meta.created" else path, row)

    old = defect.replace(sorting, "_column", column)


@mutant(clauses=("7644-3.4.2.3-08",), trips=(), only="externalId")
def short_external_ids_come_first(defect: Defect) -> None:
    """A list that is sorted by externalId begins with the shortest."""

    def find(sound: Finds, start: int, count: int) -> Page:
        page = sound(start=1, count=MANY)
        given = [each for each in page.records if "externalId" in each.document]
        ordered = sorted(given, key=lambda each: (len(each.document["externalId"]), each.document["externalId"]))
        ordered += [each for each in page.records if "externalId" not in each.document]
        return Page(page.total, ordered[start - 1 : start - 1 + count])

    def unless(*_: Any, sort: AttrPath | None = None, descending: bool = False, **__: Any) -> bool:
        return sort is None or descending or sort.name.lower() != "externalid"

    paged(defect, find, unless)


@mutant(clauses=("7644-3.4.2.3-13",), trips=(), only="sortOrder without sortBy")
def an_order_needs_an_attribute(defect: Defect) -> None:
    """A sortOrder without sortBy is answered 400."""

    def descending(sent: parameters.Parameters) -> bool:
        if "sortOrder" in sent and "sortBy" not in sent:
            raise InvalidValue("sortOrder needs sortBy.")
        return bool(old(sent))

    old = defect.replace(parameters, "_descending", descending)


@mutant(clauses=("7644-3.4.2.3-06",), trips=(), only="sortOrder")
def another_order_breaks_the_query(defect: Defect) -> None:
    """A sortOrder that is neither ascending nor descending is answered 500."""

    def descending(sent: parameters.Parameters) -> bool:
        return {"ascending": False, "descending": True}[sent.get("sortOrder", "ascending").lower()]

    defect.replace(parameters, "_descending", descending)


@mutant(clauses=("7644-3.12-19",), trips=(), only="attributes that nobody knows")
def who_cannot_be_sorted_is_left_out(defect: Defect) -> None:
    """A sortBy that names no attribute of the type is answered with an empty list."""

    def query(self: Queries, *arguments: Any, **options: Any) -> Page:
        try:
            found: Page = old(self, *arguments, **options)
        except InvalidPath:
            return Page(0, ())
        return found

    old = defect.replace(Queries, "query", query)
