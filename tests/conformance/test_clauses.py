"""Tables, conditions and profiles are read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.clauses import Catalogue, catalogue, read, standing
from conformance.conditions import absent, parse_condition
from conformance.coverage import Covering, coverage, missing
from conformance.errors import CatalogueError, UsageFault
from conformance.model import Level, Verdict
from conformance.profiles import available, select
from tests.conformance.conftest import result

CLAUSE = '[[clause]]\nid = "{id}"\nsource = "RFC"\nsection = "1"\nlevel = "MUST"\ngroup = "{group}"\nsays = "x"\n'


def tables(folder: Path, *parts: str) -> Catalogue:
    (folder / "t.toml").write_text("\n".join(parts), encoding="utf-8")
    return read(folder)


def clause(identifier: str, more: str = "", group: str = "G1") -> str:
    return CLAUSE.format(id=identifier, group=group) + more + "\n"


def test_the_shipped_tables_are_read() -> None:
    found = catalogue()
    assert found.clauses["7644-3.3-04"].level is Level.MUST
    assert found.clauses["7644-3.3-04"].fixed == "status keyword"
    assert found.ambiguities["AMB-02"].fields["accept"]
    assert found.of_group("G06")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (clause("a") + clause("a"), "t.toml, clause a: the id exists twice"),
        (clause("a", "odd = 1"), "unknown field odd"),
        ('[[clause]]\nid = "a"', "lacks source, section, level, group, says"),
        ("[[clause]]\nsays = 'x'", "clause 1: has no id"),
        (clause("a").replace("MUST", "OUGHT"), "'OUGHT' is not a valid Level"),
        (clause("a", 'applies_when = "moon"'), "'moon' is no word of the condition language"),
        (clause("a", 'fixed = "body"'), "fixed holds status, keyword or both"),
        (clause("a", 'unchecked = "too hard"'), "unchecked is one of"),
        (clause("a", 'same_as = "b"'), "same_as b is no clause"),
        (clause("a", 'same_as = "b"') + clause("b", 'unchecked = "questionnaire"'), "not checked itself"),
        (clause("a", 'ambiguities = ["AMB-99"]'), "AMB-99 is no ambiguity"),
        ("[[clause", "cannot be read as TOML"),
    ],
)
def test_a_bad_table_is_refused_by_name(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(CatalogueError, match=told):
        tables(tmp_path, text)


def test_a_condition_is_a_list_of_words_each_wanted_or_not() -> None:
    true = {"patch", "type:User"}
    assert absent("", true.__contains__) is None
    assert absent("patch and not bulk and type:User", true.__contains__) is None
    assert absent("patch and bulk", true.__contains__) == "the target lacks bulk"
    assert absent("not patch", true.__contains__) == "the target has patch"
    assert parse_condition("root query and not some:type=dateTime,mutability=readWrite")[1].wanted is False


@pytest.mark.parametrize("text", ["patch or bulk", "(patch)", "types:User", "type:"])
def test_other_text_is_no_condition(text: str) -> None:
    with pytest.raises(ValueError, match="no word of the condition language"):
        parse_condition(text)


def test_coverage_tells_checked_same_reason_open_and_missing(tmp_path: Path) -> None:
    found = tables(
        tmp_path,
        '[[group]]\nid = "G2"\ntitle = "Later"\nopen = true',
        clause("a"),
        clause("b", 'same_as = "a"'),
        clause("c", 'unchecked = "questionnaire"'),
        clause("d", group="G2"),
        clause("e"),
        clause("f", 'same_as = "d"'),
    )
    kinds = [standing(one, {"a"}, found) for one in found.clauses.values()]
    assert kinds == ["checked", "same", "unchecked", "open", "missing", "open"]
    first, second = coverage(found, Covering(frozenset({"a"})))
    assert (first.group, first.total, first.counts["missing"]) == ("G1", 5, 1)
    assert (second.title, second.open) == ("Later", True)
    assert missing(found, Covering(frozenset({"a"}))) == ["e"]
    assert missing(found, Covering(frozenset({"a"}), frozenset({"e"}))) == []


def test_coverage_is_of_what_the_runs_were_about(tmp_path: Path) -> None:
    found = tables(
        tmp_path,
        '[[group]]\nid = "G2"\ntitle = "Clients"\nsubject = "connector"',
        clause("a"),
        clause("b", group="G2"),
        clause("c", group="G2"),
    )
    assert [row.group for row in coverage(found, Covering())] == ["G1"]
    assert missing(found, Covering()) == ["a"]
    assert [row.group for row in coverage(found, Covering(frozenset({"b"})))] == ["G2"]
    assert missing(found, Covering(frozenset({"b"}))) == ["c"]
    assert missing(found, Covering(frozenset({"b"}), frozenset({"a"}))) == ["c"]


def test_what_is_noted_is_observed_and_never_required(tmp_path: Path) -> None:
    found = tables(tmp_path, clause("a"), clause("b"))
    folder = tmp_path / "profiles"
    folder.mkdir()
    chosen = select(["some"], found, profile(folder, 'require = ["a", "b"]\nnote = ["b"]'))
    assert [sorted(each) for each in (chosen.required, chosen.observed, chosen.noted)] == [["a"], ["b"], ["b"]]


def test_only_a_verdict_on_the_target_counts_as_judged() -> None:
    results = [result(Verdict.PASS, clause="a"), *(result(Verdict.NOT_APPLICABLE, clause=name) for name in "ab")]
    assert Covering.of([*results, result(Verdict.ERROR, clause="c")]) == Covering(frozenset("a"), frozenset("b"))


def test_merged_runs_judge_what_one_of_them_judged() -> None:
    runs = [Covering(frozenset("a"), frozenset("bc")), Covering(frozenset("b"), frozenset("c"))]
    assert Covering.merged(runs) == Covering(frozenset("ab"), frozenset("c"))
    assert Covering.merged([]) == Covering()


def profile(folder: Path, text: str) -> Path:
    (folder / "some.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_profile_names_clauses_groups_and_patterns(tmp_path: Path) -> None:
    found = tables(tmp_path, clause("a-1"), clause("a-2"), clause("b-1", group="G2"), clause("b-2", group="G2"))
    folder = tmp_path / "profiles"
    folder.mkdir()
    expect = '[[expect]]\nambiguity = "AMB-1"\nvariant = "v"\nwhy = "w"'
    profile(folder, f'require = ["a-*"]\nobserve = ["G2", "a-1"]\nwithout = ["a-2"]\n{expect}')
    chosen = select(["some", "some"], found, folder)
    assert chosen.names == ("some",)
    assert (sorted(chosen.required), sorted(chosen.observed)) == (["a-1"], ["b-1", "b-2"])
    assert chosen.holds("b-1")
    assert not chosen.holds("a-2")
    assert chosen.variants == {"AMB-1": {"v"}}
    with pytest.raises(UsageFault, match="no profile other; there are: some"):
        select(["other"], found, folder)
    with pytest.raises(CatalogueError, match="'c' names no clause and no group"):
        select(["some"], found, profile(folder, 'observe = ["c"]'))


def test_the_shipped_profiles_are_there() -> None:
    assert {"rfc", "entra", "okta", "samanage"} <= set(available())
