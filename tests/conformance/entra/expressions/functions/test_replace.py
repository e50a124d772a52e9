"""The modes of Replace (FUNC)."""

from __future__ import annotations

import pytest

from conformance.entra.errors import ExpressionError
from conformance.entra.expressions import EvaluationError, parse
from tests.conformance.entra.expressions.evaluating import value

PHONE = r'"(?<area>\\d+)/(?<line>\\d+)"'


def test_a_text_is_replaced_everywhere_in_its_case() -> None:
    assert value('Replace([a],"an", , ,"-", , )', a="banAnan") == "b-An-"
    assert value('Replace([mail],"@fabrik.example", , ,"")', mail="mara@fabrik.example") == "mara"
    assert value('Replace([absent],"an", , ,"-", , )') is None
    assert value("Replace([a],[b], , ,[absent])", a="xyx", b="y") == "xx"


def test_the_source_is_put_into_a_template() -> None:
    expression = 'Replace([id],"{id}", , , , ,"{id}@fabrik.example, {id}")'
    assert value(expression, id="mara") == "mara@fabrik.example, mara"
    assert value(expression) is None


@pytest.mark.parametrize(
    ("pattern", "replacement", "found"),
    [
        (PHONE, "${line}", "tel 4711"),
        (PHONE, "$2-$1", "tel 4711-030"),
        (PHONE, "[$&] $$ ${none} $9", "tel [030/4711] $ ${none} $9"),
        (PHONE, "$`|$'|$+", "tel tel ||4711"),
        (r'"[^0-9]"', "", "0304711"),
    ],
)
def test_a_pattern_is_replaced_and_groups_stand_for_what_they_matched(
    pattern: str, replacement: str, found: str
) -> None:
    assert value(f'Replace([a], ,{pattern}, ,"{replacement}", , )', a="tel 030/4711") == found


def test_only_the_group_is_replaced() -> None:
    expression = f'Replace([a], ,{PHONE},"area","040", , )'
    assert value(expression, a="030/4711 or 030/4712") == "040/4711 or 040/4712"
    assert value(expression, a="none") == "none"
    assert value(expression) is None
    assert value('Replace([a], ,"^(x)","1","y", , )', a="xx") == "yx"


def test_the_group_is_read_from_another_attribute_where_the_source_is_empty() -> None:
    expression = f'Replace([telephoneNumber], ,{PHONE},"line", ,[mobile], )'
    assert value(expression, telephoneNumber="1", mobile="030/4711") == "1"
    assert value(expression, mobile="030/4711") == "4711"
    assert value(expression, telephoneNumber="", mobile="none") is None
    assert value(expression) is None


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ('[a],"x"', "Replace has no meaning with oldValue; right are oldValue [+] replacementValue"),
        ("[a]", "Replace has no meaning with the source alone"),
        ('[a],"x","y", ,"z"', "no meaning with oldValue [+] regexPattern [+] replacementValue"),
        ('[a],"", , ,"z"', "oldValue is not empty, in column 13"),
        ('[a], ,"(", ,"z"', "is no regular expression: missing [)].*, in column 15"),
        (f'[a], ,{PHONE},"zone","z"', "regexPattern has no group 'zone', it has area, line"),
    ],
)
def test_what_has_no_meaning_is_refused_before_there_is_an_object(arguments: str, problem: str) -> None:
    with pytest.raises(ExpressionError, match=problem):
        parse(f"Replace({arguments})")


def test_what_only_an_object_shows_is_an_error_of_the_object() -> None:
    with pytest.raises(EvaluationError, match=r"Replace: regexPattern: '\(' is no regular expression"):
        value('Replace("a", ,[b], ,"x")', b="(")
    with pytest.raises(EvaluationError, match="Replace: oldValue has no value"):
        value('Replace("a",[b], , ,"x")')
    with pytest.raises(EvaluationError, match="Replace: regexPattern has no group 'x'"):
        value(f'Replace("a", ,{PHONE},[b],"y")', b="x")
