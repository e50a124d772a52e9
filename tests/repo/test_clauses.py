"""The clause tables: what is pinned, what is closed, what refers to what."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from conformance.clauses import UNCHECKED, catalogue
from conformance.conditions import check_condition
from conformance.model import Level

ROOT = Path(__file__).parents[2]
TABLES = ROOT / "conformance" / "tables"
GOLDEN = Path(__file__).with_name("clauses.golden.txt")

# As the catalogue counts its own rows.
CATALOGUE = {
    "G01": 72, "G02": 92, "G03": 45, "G04": 15, "G05": 12, "G06": 20, "G07": 10, "G08": 22, "G09": 77, "G10": 17,
    "G11": 17, "G12": 27, "G13": 15, "G14": 21, "G15": 28, "G16": 86, "G17": 11, "G18": 44, "G19": 7, "G20": 37,
    "G21": 15, "G22": 23, "G23": 5, "G24": 8, "G25": 45, "G26": 10, "G27": 9, "G28": 7,
    "C01": 19, "C02": 17, "C03": 15, "C04": 7, "C05": 13, "C06": 7, "C07": 7, "C08": 10,
}  # fmt: skip
LEVELS = {
    "IMP": 233, "MUST": 159, "DEF": 148, "SHOULD": 91, "MAY": 73, "SHALL": 65, "HTTP": 28, "MUST NOT": 27, "REQ": 23,
    "SHOULD NOT": 12, "OPT": 11, "PRAC": 11, "SHALL NOT": 9, "RECOMMENDED": 2,
}  # fmt: skip
VENDORS = {
    "entra": {"ENTRA"},
    "okta": {"OKTA"},
    "samanage": {"SAM-ROLE", "SAM-AUTH", "SAM-MATCH"},
    "openapi": {"OPENAPI"},
    "connector": {"CON"},
}
OPEN: set[str] = set()
CONNECTOR = {f"C{n:02}" for n in range(1, 9)} | {"CON"}
CONFIDENCE = {"documented", "observed", "inferred", "assumed"}
UNCHECKED_AT_MOST = 30
LONGEST_SENTENCE = 400


@cache
def table(name: str) -> dict[str, Any]:
    return tomllib.loads((TABLES / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def clauses() -> list[dict[str, Any]]:
    return [clause for name in [*CATALOGUE, *VENDORS] for clause in table(name)["clause"]]


def by_id() -> dict[str, dict[str, Any]]:
    return {clause["id"]: clause for clause in clauses()}


def where(**wanted: bool) -> list[dict[str, Any]]:
    return [clause for clause in clauses() if all((name in clause) is there for name, there in wanted.items())]


def test_ids_and_levels_are_pinned_in_the_order_of_the_tables() -> None:
    pinned = [tuple(line.split("\t")) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    assert [(clause["id"], clause["level"]) for clause in clauses()] == pinned


def test_ids_are_unique() -> None:
    assert [name for name, times in Counter(clause["id"] for clause in clauses()).items() if times > 1] == []


def test_no_table_is_left_out_of_these_tests() -> None:
    assert {path.stem for path in TABLES.glob("*.toml")} == {*CATALOGUE, *VENDORS, "ambiguities", "groups", "sources"}


@pytest.mark.parametrize("group", CATALOGUE)
def test_a_group_holds_as_many_clauses_as_the_catalogue_counts(group: str) -> None:
    assert [clause["group"] for clause in table(group)["clause"]] == [group] * CATALOGUE[group]


def test_the_levels_of_the_catalogue_add_up() -> None:
    assert Counter(clause["level"] for group in CATALOGUE for clause in table(group)["clause"]) == LEVELS


@pytest.mark.parametrize("name", VENDORS)
def test_a_vendor_table_holds_its_own_groups_only(name: str) -> None:
    assert {clause["group"] for clause in table(name)["clause"]} == VENDORS[name]
    assert all(clause["id"].startswith(clause["group"]) for clause in table(name)["clause"])


def test_groups_are_those_of_the_tables_and_say_which_are_open() -> None:
    groups = {group["id"]: group.get("open", False) for group in table("groups")["group"]}
    assert list(groups) == [*CATALOGUE, "ENTRA", "OKTA", "SAM-ROLE", "SAM-AUTH", "SAM-MATCH", "OPENAPI", "CON"]
    assert {name for name, is_open in groups.items() if is_open} == OPEN
    subjects = {group["id"] for group in table("groups")["group"] if group.get("subject") == "connector"}
    assert subjects == CONNECTOR


def test_levels_and_confidences_are_words_of_closed_lists() -> None:
    assert {clause["level"] for clause in clauses()} <= set(Level)
    assert {clause.get("confidence", "documented") for clause in clauses()} <= CONFIDENCE


def test_exactly_the_inferred_vendor_clauses_are_tentative() -> None:
    vendor = [clause for name in VENDORS for clause in table(name)["clause"]]
    inferred = {clause["id"] for clause in vendor if clause.get("confidence") == "inferred"}
    assert {clause["id"] for clause in where(tentative=True)} == inferred


def test_a_reason_for_not_checking_is_one_of_three() -> None:
    assert {clause["unchecked"] for clause in where(unchecked=True)} == set(UNCHECKED)


def test_at_most_thirty_provider_clauses_go_unchecked() -> None:
    provider = [clause["id"] for clause in where(unchecked=True) if not clause["group"].startswith("C")]
    assert len(provider) <= UNCHECKED_AT_MOST


def test_same_as_names_a_clause_that_stands_for_itself() -> None:
    known = by_id()
    for clause in where(same_as=True):
        target = known[clause["same_as"]]
        assert "unchecked" not in clause, clause["id"]
        assert not {"same_as", "unchecked"} & target.keys(), clause["id"]


def test_every_cited_ambiguity_exists_and_each_is_cited() -> None:
    known = [ambiguity["id"] for ambiguity in table("ambiguities")["ambiguity"]]
    cited = {name for clause in clauses() for name in clause.get("ambiguities", [])}
    assert known == [f"AMB-{number:02}" for number in range(1, 74)]
    assert cited == set(known)


def test_an_ambiguity_has_a_reading_that_passes_and_none_stands_twice() -> None:
    for ambiguity in table("ambiguities")["ambiguity"]:
        assert ambiguity["accept"], ambiguity["id"]
        assert not ambiguity["accept"].keys() & ambiguity.get("warn", {}).keys(), ambiguity["id"]
        assert all(re.fullmatch(r"[a-zA-Z-]+", key) for key in ambiguity["accept"]), ambiguity["id"]


def test_an_ambiguity_in_the_text_of_a_clause_stands_in_its_list() -> None:
    for clause in clauses():
        named = set(re.findall(r"AMB-\d\d", clause["says"] + clause.get("test", "")))
        assert named <= set(clause.get("ambiguities", [])), clause["id"]


def test_every_clause_says_one_short_sentence_and_how_it_is_seen() -> None:
    for clause in clauses():
        assert 10 < len(clause["says"]) <= LONGEST_SENTENCE, clause["id"]
        assert clause["test"], clause["id"]
        assert clause["source"], clause["id"]
        assert clause["section"], clause["id"]


def test_conditions_are_written_in_the_words_of_the_readme() -> None:
    documented = set(re.findall(r"`([^`\n]+)`", (TABLES / "README.md").read_text(encoding="utf-8")))
    for clause in clauses():
        condition = clause.get("applies_when", "")
        check_condition(condition)
        for term in filter(None, condition.split(" and ")):
            word = term.removeprefix("not ")
            stem = word.partition(":")[0]
            assert word in documented or any(entry.startswith(f"{stem}:") for entry in documented), clause["id"]


def test_client_clauses_ask_for_traffic_and_provider_clauses_for_a_target() -> None:
    for clause in clauses():
        terms = [term for term in clause.get("applies_when", "").split(" and ") if term]
        assert all(term.startswith("uses:") is clause["group"].startswith("C") for term in terms), clause["id"]


def test_a_clause_fixes_status_or_keyword_where_its_own_sentence_does() -> None:
    fixed = {clause["id"]: clause["fixed"] for clause in where(fixed=True)}
    assert len(fixed) == 18
    assert fixed["7644-3.3-04"] == fixed["7644-3.4.2.2-48"] == fixed["7644-3.5.2.2-01"] == "status keyword"
    assert fixed["7644-3.3-01"] == fixed["7644-3.7.4-02"] == "status"
    assert fixed["7644-3.5.1-07"] == fixed["7644-3.5.2.2-11"] == "keyword"


def test_every_source_is_a_document_or_a_key_that_is_explained() -> None:
    for clause in catalogue().clauses.values():
        stands_for_itself = clause.source.startswith(("RFC ", "BCP ", "OpenAPI "))
        assert bool(clause.page) is not stands_for_itself, clause.id
        assert clause.section in clause.origin
