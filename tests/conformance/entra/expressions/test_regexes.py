""".NET regular expressions."""

from __future__ import annotations

import pytest

from conformance.entra.expressions.regexes import regex


@pytest.mark.parametrize(
    ("pattern", "source", "replacement", "found"),
    [
        (r"(?<a>x)", "axb", "[${a}]", "a[x]b"),
        (r"(?'a'x)", "axb", "[$1]", "a[x]b"),
        (r"(?<n>a)(b)", "ab", "$1$2", "ba"),
        (r"(?<n>a)(b)\1\2", "abba", "-", "-"),
        (r"(?<n>a)\k<n>", "aab", "-", "-b"),
        (r"(?<!a)b(?=c)(?:c)", "abc bc", "-", "abc -"),
        (r"\p{Lu}", "aÉb", "-", "a-b"),
        (r"\P{L}+", "a1é2", "", "aé"),
        (r"[\p{Nd}_]", "a1_é", "", "aé"),
        (r"[^\P{L}x]", "1xé", "-", "1x-"),
        (r"[[(]", "a[b(c", "", "abc"),
        (r"[]a]", "b]a", "", "b"),
        (r"[a\]b]", "]cb", "", "c"),
        (r"a\z", "ab a", "-", "ab -"),
        (r"a\Z", "aa\n", "-", "a-\n"),
        (r"[&&~~]", "a&~", "", "a"),
        (r"\e|\cA", "a\x1b\x01", "", "a"),
        (r"(?i)A", "aA", "-", "--"),
        (r"(?>a+)b", "aab", "-", "-"),
        (r"x*", "abxd", "-", "-a-b--d-"),
        (r"(?#no (group)(x)", "x", "<$1>", "<x>"),
        (r"(a)|(b)", "ab", "<$2>", "<><b>"),
        (r"a", "xay", "$_", "xxayy"),
        (r"\(a\)", "(a)", "-", "-"),
    ],
)
def test_patterns(pattern: str, source: str, replacement: str, found: str) -> None:
    assert regex(pattern).replaced(source, replacement) == found


def test_groups_are_found_by_name_and_by_dot_net_s_number() -> None:
    found = regex("(?<n>a)(b)")
    assert (found.group("0"), found.group("1"), found.group("2"), found.group("n")) == (0, 2, 1, "n")
    assert found.group("3") is None
    assert found.group("m") is None


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("(a", "is no regular expression: missing [)]"),
        ("(?P<a>x)", r"a group is named by \(\?<name>…\)"),
        ("(?<a-b>x)", "balancing groups are not supported here"),
        ("[a-z-[aeiou]]", "subtraction in a character class is not supported here"),
        (r"\p{IsGreek}", "takes a Unicode category such as {L}"),
        (r"\pL", "takes a Unicode category"),
        (r"(a)\2", "there is no group 2"),
        ("[a", "a character class is not closed"),
        ("a\\", "bad escape"),
        (r"\G", "bad escape"),
        ("(?<=a+)b", "look-behind requires fixed-width"),
    ],
)
def test_what_cannot_be_translated_is_refused(pattern: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        regex(pattern)
