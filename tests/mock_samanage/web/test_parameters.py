"""Query strings and SearchRequests become the same query."""

from __future__ import annotations

from typing import Any

import pytest

from mock_samanage.scim.errors import InvalidFilter, InvalidSyntax, InvalidValue
from mock_samanage.scim.messages import SEARCH_REQUEST_URN
from mock_samanage.tenant.resource import EVERYTHING
from mock_samanage.web.parameters import query_parameters, read_projection, read_query, search_parameters
from mock_samanage.web.projection import Projection

ALL = Projection()


def test_plus_and_percent_are_decoded_as_forms_encode_them() -> None:
    assert query_parameters("filter=userName+eq+%22a%2Bb%40x%22") == {"filter": 'userName eq "a+b@x"'}
    assert query_parameters("a=\xc3\xa9") == {"a": "é"}


def test_the_first_of_repeated_parameters_counts_and_name_lists_add_up() -> None:
    assert query_parameters("count=1&count=2&attributes=id&attributes=name") == {"count": "1", "attributes": "id,name"}


@pytest.mark.parametrize(
    ("given", "start", "count"),
    [
        ({}, 1, None),
        ({"startIndex": "3", "count": "2"}, 3, 2),
        ({"startIndex": "-5", "count": "-1"}, -5, -1),
        ({"startIndex": "", "count": " +7 "}, 1, 7),
        ({"count": "9" * 400}, 1, 2**31 - 1),
        ({"startIndex": 4, "count": 0}, 4, 0),
        ({"startIndex": 4.0, "count": 2.0}, 4, 2),
        ({"startIndex": 4.0, "count": 2, "cursor": ""}, 1, 2),
    ],
)
def test_paging_parameters_are_integers(given: dict[str, Any], start: int, count: int | None) -> None:
    query = read_query(given, ALL)
    assert (query.start_index, query.count) == (start, count)


@pytest.mark.parametrize(
    "given",
    [
        {"count": "abc"},
        {"startIndex": "1.5"},
        {"startIndex": 1.5},
        {"startIndex": "x", "cursor": ""},
        {"count": "\u0661"},
        {"count": True},
        {"count": [1]},
        {"sortOrder": "up"},
        {"sortBy": 5},
        {"filter": {}},
        {"attributes": [1]},
        {"attributes": "id", "excludedAttributes": "name"},
    ],
)
def test_a_parameter_of_a_wrong_type_is_invalid_value(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        read_query(given, read_projection(given))


@pytest.mark.parametrize("text", ["", " ", "nonsense"])
def test_a_filter_that_is_none_is_invalid_filter(text: str) -> None:
    with pytest.raises(InvalidFilter):
        read_query({"filter": text}, ALL)


def test_sort_order_without_sort_by_means_nothing() -> None:
    query = read_query({"sortOrder": "Descending"}, ALL)
    assert (query.sort_by, query.descending) == (None, True)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, EVERYTHING),
        ({"attributes": ""}, EVERYTHING),
        ({"attributes": "userName"}, frozenset()),
        ({"attributes": ["userName", "MEMBERS.value"]}, frozenset({"members"})),
        ({"excludedAttributes": "members"}, frozenset({"groups"})),
        ({"excludedAttributes": "members.display"}, EVERYTHING),
    ],
)
def test_a_projection_says_which_virtual_attributes_are_wanted(given: dict[str, Any], wanted: frozenset[str]) -> None:
    assert read_projection(given).wanted == wanted


def test_a_search_request_holds_the_same_parameters() -> None:
    body = {"schemas": [SEARCH_REQUEST_URN], "filter": "id pr", "COUNT": 3, "sortBy": None, "more": 1}
    assert search_parameters(body) == {"filter": "id pr", "count": 3}


def test_a_search_request_without_its_urn_is_refused() -> None:
    with pytest.raises(InvalidSyntax):
        search_parameters({"filter": "id pr"})
