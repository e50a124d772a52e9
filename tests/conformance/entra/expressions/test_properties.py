"""Whatever is written, it is parsed or refused; whatever is parsed, it is printed, read again and evaluated."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from conformance.entra.errors import ExpressionError
from conformance.entra.expressions import FUNCTIONS, EvaluationError, FlowIgnored, parse
from conformance.entra.expressions.tree import Function, rendered
from conformance.entra.values import AppRole, RoleFlow, Roles, Scalar, Value
from tests.conformance.entra.expressions.evaluating import context

PIECES = [
    *FUNCTIONS,
    "(",
    ")",
    ",",
    "[a]",
    '"x"',
    '"',
    "[",
    "]",
    "=",
    "<>",
    " ",
    "12",
    "&HF",
    "-",
    "\\",
    "AND",
    "é",
    "\n",
]
scalars: st.SearchStrategy[Scalar] = (
    st.text(max_size=8)
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.datetimes(timezones=st.just(UTC), min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1))  # noqa: DTZ001
    | st.sampled_from(["True", "2031-04-05", "1/2/2031 3:04:05 PM", "a;b", "&HFF", "-3", "(?<g>x)", "en-US"])
)
roles = st.just(Roles(RoleFlow.COMPLEX, (AppRole("1", "admin", "Admin"), AppRole("2", "", "Viewer"))))
values: st.SearchStrategy[Value] = scalars | st.lists(scalars, min_size=1, max_size=3).map(tuple) | roles
names = st.sampled_from(["a", "b", "appRoleAssignments"])
operators = st.sampled_from(["=", "<>", ">", ">=", "<", "<="])
leaves = st.one_of(
    names.map(lambda name: f"[{name}]"),
    st.integers(-20, 20).map(str),
    st.sampled_from(
        ['"d"', '"yyyy"', '"HH:mm"', '"a"', '""', '"(?<g>a+)|b"', '"g"', '"vbTextCompare"', '"2031-01-31"']
    ),
    st.text(max_size=5).map(lambda text: '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))),
)


def _calls(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.sampled_from([*FUNCTIONS.values()]).flatmap(lambda function: _call(function, inner))


def _call(function: Function, inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    most = function.most if function.most is not None else function.least + 4
    condition = st.tuples(inner, operators, inner).map(" ".join)
    first = inner | condition if function.compares else inner
    rest = st.lists(inner | st.just(""), min_size=max(function.least - 1, 0), max_size=max(most - 1, 0))
    listed = st.tuples(first, rest).map(lambda pair: [pair[0], *pair[1]]) if most else st.just([])
    return listed.map(lambda texts: f"{function.name}({', '.join(texts)})")


arguments = st.recursive(leaves, _calls, max_leaves=6)
conditions = st.tuples(arguments, operators, arguments).map(" ".join)
expressions = (
    _calls(arguments)
    | conditions.map(lambda condition: f"CBool({condition})")
    | st.tuples(conditions, arguments).map(lambda pair: f'IIF({pair[0]}, {pair[1]}, "")')
)


@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join) | expressions)
def test_any_text_is_an_expression_or_an_expression_error(text: str) -> None:
    with suppress(ExpressionError):
        assert parse(text).text == text


@given(expressions)
def test_a_printed_tree_is_read_as_the_same_tree(text: str) -> None:
    with suppress(ExpressionError):
        tree = parse(text).tree
        assert parse(rendered(tree)).tree == tree


@given(expressions, st.dictionaries(names, values), st.booleans())
def test_any_expression_has_a_value_or_fails_for_the_object(
    text: str,
    attributes: dict[str, Value],
    creating: bool,  # noqa: FBT001
) -> None:
    with suppress(ExpressionError, EvaluationError, FlowIgnored):
        parse(text).evaluate(context(attributes, changed=frozenset(), creating=creating, switch_in_update="null"))
