"""Errors point at the column and say what would be right (FUNC, KNOWN)."""

from __future__ import annotations

import pytest

from conformance.entra.errors import ExpressionError
from conformance.entra.expressions import FUNCTIONS, parse
from conformance.entra.expressions.parser import DEPTH
from tests.conformance.entra.expressions.evaluating import value

DOCUMENTED = """
Append AppRoleAssignmentsComplex AssertiveAppRoleAssignmentsComplex BitAnd CBool CDate Coalesce ConvertToBase64
ConvertToUTF8Hex Count CStr DateAdd DateDiff DateFromNum FormatDateTime Guid IgnoreFlowIfNullOrEmpty IIF InStr IsNull
IsNullOrEmpty IsPresent IsString Item Join Left Mid NormalizeDiacritics Not Now NumFromDate PCase RandomString Redact
RemoveDuplicates Replace SelectUniqueValue SingleAppRoleAssignment Split StripSpaces Switch ToLower ToUpper Word
"""


@pytest.mark.parametrize(
    ("text", "column", "problem"),
    [
        ("", 1, "the expression is empty, right is a function such as ToLower([mail])"),
        ("  ", 3, "the expression is empty"),
        ("[mail]", 1, "an expression is a function; an attribute alone is a mapping of type direct"),
        ('"x"', 1, "a string alone is a mapping of type constant"),
        ("(", 1, "an expression begins with a function"),
        ("Now", 1, "Now is no function call, right is Now(…)"),
        ("Concat([a])", 1, "there is no function Concat; near are"),
        ("tolower([a])", 1, "there is no function tolower; near are ToLower"),
        ("Xyzzy([a])", 1, "there is no function Xyzzy; there are Append, "),
        ("Mid([a],1)", 1, "Mid(source, start, length) takes 3 arguments, not 2"),
        ("Now([a])", 1, "Now() takes no arguments, not 1"),
        ("InStr([a])", 1, "InStr(value1, value2, [start], [compareType]) takes 2 to 4 arguments, not 1"),
        ('Join("")', 1, "Join(separator, source, …) takes 2 arguments or more, not 1"),
        ("Append(,[a])", 8, "Append(source, suffix) needs its source"),
        ("Append([a],)", 12, "Append(source, suffix) needs its suffix"),
        ('Append([a],"b', 12, "the string that begins here has no closing quotation mark"),
        ('Append([a,"b")', 8, "the attribute that begins here has no closing bracket"),
        ('Append([],"b")', 8, "an attribute has a name without blanks around it"),
        ('Append([ mail],"b")', 8, "an attribute has a name without blanks around it"),
        ('Append(a],"b")', 9, "there is no opening bracket"),
        ("Append('a','b')", 8, 'a string stands in double quotation marks, "text"'),
        ("Append(“a”,“b”)", 8, "a string stands in straight quotation marks"),
        ('Append("a\\d","b")', 10, "a backslash in a string is written twice"),
        ('Append([a]&"b")', 11, "texts are put together by Append or Join"),
        ('Append([a]+"b")', 11, "texts are put together by Append or Join"),
        ("Append([a];[b])", 11, "the character ';' has no meaning here"),
        ('Append([a] "b")', 12, "Append needs a comma before '\"b\"'"),
        ('Append([a],"b"', 15, "Append is not closed, a ) is missing"),
        ("Append([a],", 12, 'the end stands where "text", [attribute], a number or a function is expected'),
        ("Append([a],=)", 12, "'=' stands where"),
        ('Append([a],"b"))', 16, "')' stands after the end of the expression"),
        ('Append([a],"b") [c]', 17, "'[c]' stands after the end of the expression"),
        ("ToLower(mail)", 9, 'mail stands alone, right is "mail" as a string or [mail] as an attribute'),
        ('ToLower([a]="b")', 12, "a comparison stands in the condition of IIF or in CBool"),
        ('IIF("x",[a]="b","c")', 12, "a comparison stands in the condition"),
        ('IIF([a]="b" AND [c]="d","x","y")', 13, "there is no AND and no OR"),
        ('IIF(CBool([a]) or [c],"x","y")', 16, "there is no AND and no OR"),
        ('IIF([a]="b"="c","x","y")', 12, "a comparison has two sides"),
        ('InStr("a","b",1,vbLoose)', 17, "compareType of InStr is vbBinaryCompare or vbTextCompare, not 'vbLoose'"),
        ('Left("a",1.5)', 11, "the character '.' has no meaning here"),
        ('Left("a",1234567890123456789)', 10, "a number has at most 18 digits"),
    ],
)
def test_errors_point_at_the_column(text: str, column: int, problem: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.column == column
    assert problem in str(caught.value)
    assert str(caught.value).endswith(f", in column {column} of {text!r}")


def test_an_expression_has_at_most_ten_thousand_characters() -> None:
    longest = 'Append("{}","b")'
    parse(longest.format("a" * (10_000 - len(longest) + 2)))
    with pytest.raises(ExpressionError, match="at most 10,000 characters, not 10,001"):
        parse(longest.format("a" * (10_001 - len(longest) + 2)))


def test_functions_nest_up_to_a_limit() -> None:
    deep = "Not(" * (DEPTH - 1) + "Now()" + ")" * (DEPTH - 1)
    assert value(deep) in {True, False}
    with pytest.raises(ExpressionError, match="nested more than 60 deep"):
        parse(f"Not({deep})")


def test_blanks_and_line_ends_may_stand_between_tokens() -> None:
    text = 'Switch( [a] ,\n\t"x" ,\r\n "k" , "v" )'
    assert value(text, a="k") == "v"
    assert parse(text).text == text


def test_strings_escape_quotation_marks_and_backslashes() -> None:
    assert value(r'Append("a\"b","\\c")') == r'a"b\c'


def test_an_expression_knows_what_it_reads() -> None:
    found = parse('IIF([a]="x",Join("",[b],ToUpper([c])),[urn:x:y])')
    assert found.attributes == {"a", "b", "c", "urn:x:y"}
    assert found.functions == {"IIF", "Join", "ToUpper"}


def test_every_function_has_a_signature_a_line_and_a_source() -> None:
    assert [*FUNCTIONS] == DOCUMENTED.split()
    for name, function in FUNCTIONS.items():
        assert function.signature.startswith(f"{name}(")
        assert function.doc.endswith(".")
        assert function.source in {"FUNC", "MAP"}
