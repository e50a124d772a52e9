"""The shipped predictions: as many tests as the tools have, and each decided by clauses that some check judges."""

from __future__ import annotations

import pytest

from conformance.clauses import catalogue
from conformance.model import Level
from conformance.options import Options
from conformance.predictions import Tool, check_tools, shipped
from conformance.profiles import available, select
from conformance.runner import Front, collect

VALIDATOR, TEMPLATE, SPEC = "Microsoft SCIM Validator", "Entra gallery validation template", "Okta SCIM 2.0 SPEC Test"
SILENT = frozenset({Level.MAY, Level.OPT, Level.PRAC})
"""Levels whose breach is an observation only, unless a profile requires the clause."""


def named(name: str) -> Tool:
    return next(tool for tool in shipped() if tool.name == name)


def numbers(tool: Tool, part: str = "") -> set[int]:
    return {int(test.number.rstrip("bc")) for test in tool.tests if test.part == part}


def called(part: str) -> list[str]:
    return [test.name for test in named(TEMPLATE).tests if test.part == part]


def test_every_tool_has_as_many_tests_as_its_vendor_counts() -> None:
    assert {tool.name for tool in shipped()} == {VALIDATOR, TEMPLATE, SPEC}
    assert numbers(named(VALIDATOR)) == set(range(1, 25))
    assert numbers(named(VALIDATOR), "preview") == set(range(1, 8))
    assert numbers(named(TEMPLATE)) == set(range(1, 12))
    assert numbers(named(TEMPLATE), "user") == numbers(named(TEMPLATE), "group") == set(range(1, 8))
    assert numbers(named(SPEC)) == set(range(1, 13))


def test_a_number_with_a_letter_is_a_form_of_a_test() -> None:
    assert [test.number for test in named(VALIDATOR).tests if not test.number.isdigit()] == ["6b", "6c"]


def test_the_gallery_template_is_called_by_its_own_names() -> None:
    assert called("") == [
        "Schema_Discoverability",
        "SCIM_Null_Update",
        "SCIM_User_Create",
        "SCIM_User_Update",
        "SCIM_Group_Create",
        "SCIM_Group_Update",
        "Validate_Credentials",
        "Federated_Identity",
        "SCIM_User_Pagination",
        "SCIM_Group_Pagination",
        "SCIM_Update_Manager",
    ]
    assert called("user") == ["Create", "Update", "Disable", "Delete", "Update_Manager", "Restore", "POD"]
    assert called("group") == ["Create", "Update", "Delete", "Add_Member", "Remove_Member", "POD", "Restore"]


def test_names_stand_once_in_a_list_of_a_tool() -> None:
    for tool in shipped():
        assert len({(test.part, test.name) for test in tool.tests}) == len(tool.tests)


def test_every_clause_and_profile_exists() -> None:
    check_tools(shipped(), catalogue(), available())


def test_every_clause_is_judged_by_a_check() -> None:
    checks = collect(Front(Options(profile=tuple(available())), None, print, lambda: True))
    judged = {clause.id for check in checks for clause in check.clauses}
    wanted = {clause for tool in shipped() for test in tool.tests for clause in test.clauses}
    assert not {clause for clause in wanted if (catalogue().clauses[clause].same_as or clause) not in judged}


@pytest.mark.parametrize("tool", shipped(), ids=lambda tool: tool.profile + " " + tool.name)
def test_a_breach_of_a_named_clause_shows_under_the_profile(tool: Tool) -> None:
    chosen = select([tool.profile], catalogue())
    named_here = {clause for test in tool.tests for clause in test.clauses}
    assert all(chosen.holds(clause) for clause in named_here)
    assert not {
        clause for clause in named_here if catalogue().clauses[clause].level in SILENT and clause not in chosen.required
    }
