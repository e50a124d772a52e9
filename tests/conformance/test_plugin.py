"""Every verdict word is produced by a run, and every declared clause gets one result."""

from __future__ import annotations

from conformance.model import Verdict
from tests.conformance.conftest import Judge
from tests.conformance.tiny import Tiny

MUST, MUST_2 = "7644-3.3-01", "7644-3.3-03"
SHOULD = "7644-3.12-46"
MAY = "7644-3.4.2.2-45"


def test_a_clause_that_holds_is_a_pass(judge: Judge) -> None:
    judged = judge(
        f"""
        @clause("{MUST}")
        def test_created(users):
            '''A created user is answered 201.'''
            answer = users.post(users.body())
            holds("{MUST}", answer.status == 201, expected="201", observed=answer.status, answer=answer)
        """
    )
    found = judged.of(MUST)
    assert (found.verdict, found.check, found.title) == (
        Verdict.PASS,
        "test_tiny.created",
        "A created user is answered 201.",
    )
    assert [exchange.method for exchange in found.exchanges] == ["POST"]
    assert judged.code == 0


def test_the_level_of_a_broken_clause_decides(judge: Judge) -> None:
    judged = judge(
        f"""
        @clause("{MUST}", "{SHOULD}", "{MAY}")
        def test_all(scim):
            '''Nothing holds.'''
            for name in ("{MUST}", "{SHOULD}", "{MAY}"):
                holds(name, False, expected="a", observed="b")
        """
    )
    assert judged.verdicts == {MUST: Verdict.FAIL, SHOULD: Verdict.WARN, MAY: Verdict.PASS}
    assert "not so here: b" in judged.of(MAY).observations
    assert judged.code == 1


def test_a_breach_that_harms_fails_at_any_level(judge: Judge, tiny: Tiny) -> None:
    tiny.crashes = "/Users/7"
    judged = judge(
        f"""
        @clause("{MAY}", "{SHOULD}")
        def test_all(scim):
            '''Nothing holds.'''
            holds("{MAY}", False, expected="no secret", observed="a secret", harm=True)
            refused("{SHOULD}", scim.get("/Users/7"), status=404)
        """
    )
    assert judged.verdicts == {MAY: Verdict.FAIL, SHOULD: Verdict.FAIL}


def test_an_absent_capability_is_not_applicable_and_says_which(judge: Judge) -> None:
    judged = judge(
        f"""
        @clause("7644-3.5.2-01")
        def test_patch(scim):
            '''PATCH works.'''
            raise RuntimeError("never run")

        @clause("{MUST}")
        def test_told(scim):
            '''Told by the check.'''
            not_applicable("{MUST}", "no such thing here")

        @clause("{MUST_2}")
        def test_account(accounts):
            '''An account is made.'''
            accounts.create()
        """
    )
    assert set(judged.verdicts.values()) == {Verdict.NOT_APPLICABLE}, judged.summary
    assert judged.of("7644-3.5.2-01").observed == "the target lacks patch"
    assert judged.of(MUST).observed == "no such thing here"
    assert "account.create" in judged.of(MUST_2).observed
    assert judged.code == 2


def test_a_bug_of_the_suite_is_an_error_in_one_line(judge: Judge) -> None:
    judged = judge(
        f"""
        @clause("{MUST}", "{MUST_2}")
        def test_bug(scim):
            '''A bug.'''
            {{}}["missing"]
        """
    )
    assert judged.verdicts == {MUST: Verdict.ERROR, MUST_2: Verdict.NOT_RUN}
    assert "KeyError: 'missing'" in judged.of(MUST).observed
    assert "\n" not in judged.of(MUST).observed
    assert judged.code == 2


def test_an_unjudged_clause_is_an_error(judge: Judge) -> None:
    judged = judge(
        f"""
        @clause("{MUST}", "{MUST_2}")
        def test_half(scim):
            '''Half judged.'''
            holds("{MUST}", True, expected="a", observed="a")
        """
    )
    assert judged.verdicts == {MUST: Verdict.PASS, MUST_2: Verdict.ERROR}


def test_a_clause_of_no_table_is_an_error(judge: Judge) -> None:
    judged = judge(
        """
        @clause("9999-1-01")
        def test_unknown(scim):
            '''Unknown.'''
            holds("9999-1-01", True, expected="a", observed="a")
        """
    )
    assert judged.verdicts == {"9999-1-01": Verdict.ERROR}


def test_a_clause_the_check_does_not_declare_is_an_error(judge: Judge) -> None:
    judged = judge(
        f"""
        @clause("{MUST}")
        def test_other(scim):
            '''Another clause.'''
            holds("{MUST_2}", True, expected="a", observed="a")
        """
    )
    assert "does not declare" in judged.of(MUST).observed


def test_set_up_that_fails_is_an_error_unless_the_check_has_a_finding(judge: Judge, tiny: Tiny) -> None:
    tiny.crashes = "/Users/broken"
    judged = judge(
        f"""
        @pytest.fixture
        def user(users):
            return users.create(userName="taken")

        @clause("7644-3.6-02")
        def test_fixture(user, users):
            '''Set-up in a fixture.'''
            users.create(userName="taken")

        @clause("{MUST}")
        def test_body(scim):
            '''The request under test.'''
            scim.get("/Users/broken").resource

        @clause("{SHOULD}", "{MUST_2}")
        def test_after(scim):
            '''After a finding.'''
            holds("{SHOULD}", False, expected="a", observed="b")
            scim.get("/nothing").resource
        """
    )
    assert judged.of("7644-3.6-02").verdict is Verdict.ERROR
    assert judged.of("7644-3.6-02").observed.startswith("set-up failed: /Users: a resource cannot be created")
    assert judged.of(MUST).verdict is Verdict.FAIL
    assert judged.of(SHOULD).verdict is Verdict.WARN
    assert judged.of(MUST_2).verdict is Verdict.NOT_RUN


def test_a_search_keeps_its_minimal_example_and_counts_what_held(judge: Judge) -> None:
    judged = judge(
        f"""
        def search(name, limit):
            @settings(max_examples=60, database=None, derandomize=True)
            @given(st.integers(0, 1000))
            def tried(scim, number):
                answer = scim.get(f"/Users/{{number}}")
                holds(name, number < limit, expected="small", observed=number, answer=answer)
            return tried

        @clause("{MUST}", "{MUST_2}")
        def test_breaks(scim):
            '''Some number is not small.'''
            search("{MUST}", 100)(scim)
            holds("{MUST_2}", True, expected="a", observed="a")

        @clause("{SHOULD}")
        def test_holds(scim):
            '''All numbers are small.'''
            search("{SHOULD}", 2000)(scim)
        """
    )
    found = judged.of(MUST)
    assert (found.verdict, found.observed) == (Verdict.FAIL, "100")
    assert [exchange.url.rsplit("/", 1)[1] for exchange in found.exchanges] == ["100"]
    assert judged.of(MUST_2).verdict is Verdict.NOT_RUN
    held = judged.of(SHOULD)
    assert held.verdict is Verdict.PASS
    assert held.observations[0] == "judged 60 times"
    assert len(held.observations) == 4


def test_a_dropped_request_is_the_targets_failure_a_dead_target_is_none(judge: Judge, tiny: Tiny) -> None:
    tiny.drops, tiny.dies_at = "/Users/drop", "/Users/die"
    judged = judge(
        f"""
        @clause("{MUST}")
        def test_a(scim):
            '''A request is dropped.'''
            scim.post("/Users/drop", {{}})

        @clause("{MUST_2}")
        def test_b(scim):
            '''The target dies.'''
            scim.get("/Users/die")

        @clause("{SHOULD}")
        def test_c(scim):
            '''After the death.'''
        """
    )
    assert judged.verdicts == {MUST: Verdict.FAIL, MUST_2: Verdict.ERROR, SHOULD: Verdict.NOT_RUN}
    assert "dropped this request" in judged.of(MUST).observed
    assert judged.code == 1


def test_a_required_clause_fails_and_one_outside_the_profiles_does_not_apply(judge: Judge) -> None:
    checks = f"""
        @clause("PRAC-E-02", "{MUST}", "SAMANAGE")
        def test_all(scim):
            '''Nothing holds.'''
            for name in ("PRAC-E-02", "{MUST}"):
                holds(name, False, expected="a", observed="b")
        """.replace(', "SAMANAGE"', "")
    assert judge(checks, profile=("entra",)).of("PRAC-E-02").verdict is Verdict.FAIL
    outside = judge(checks, profile=("okta",)).of("PRAC-E-02")
    assert (outside.verdict, outside.observed) == (Verdict.NOT_APPLICABLE, "not in the selected profiles (okta)")


def test_an_ambiguity_shows_its_reading_and_a_switch_warns(judge: Judge) -> None:
    judged = judge(
        f"""
        def seen(name):
            either("{MUST}", "AMB-02", {{"unassigned": name == "u", "refused": name == "r"}}, observed=name)

        @clause("{MUST}")
        def test_a(scim):
            '''One reading.'''
            seen("u")

        @clause("{MUST}")
        def test_b(scim):
            '''Another reading.'''
            seen("r")

        @clause("{MUST}")
        def test_c(scim):
            '''No reading.'''
            seen("x")

        @clause("{MUST}")
        def test_d(scim):
            '''A reading the table does not know.'''
            either("{MUST}", "AMB-02", {{"odd": True}}, observed="odd")
        """
    )
    verdicts = {result.check: result.verdict for result in judged.outcome.results}
    assert list(verdicts.values()) == [Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.ERROR]
