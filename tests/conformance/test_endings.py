"""How runs and checks end: clean targets, faults, workers, secrets."""

from __future__ import annotations

import pytest

from conformance.model import Verdict
from tests.conformance.conftest import Judge
from tests.conformance.tiny import Tiny

MUST, MUST_2 = "7644-3.3-01", "7644-3.3-03"
SHOULD = "7644-3.12-46"
MAY = "7644-3.4.2.2-45"


def test_what_is_made_is_deleted_also_when_made_by_hand(judge: Judge, tiny: Tiny) -> None:
    judged = judge(
        f"""
        @clause("{MUST}")
        def test_made(scim, users, run):
            '''Users are made.'''
            users.create()
            scim.post("/Users", {{"userName": run.name("by-hand")}})
            observe("{MUST}", "made")
        """
    )
    assert tiny.users == {}
    assert judged.outcome.left_behind == ()


def test_what_is_made_stays_to_the_end_where_bulk_jobs_delete_it(judge: Judge, tiny: Tiny) -> None:
    tiny.bulk = "works"
    checks = f"""
        @pytest.mark.parametrize("number", [1, 2, 3, 4])
        @clause("{MUST}")
        def test_made(users, number):
            '''A user is made.'''
            users.create()
            holds("{MUST}", users.client.get("/Users").total >= number, expected="those before too", observed=number)
        """
    judged = judge(checks)
    assert {result.verdict for result in judged.outcome.results} == {Verdict.PASS}
    assert (tiny.users, tiny.jobs) == ({}, [4])
    assert not any(request.startswith("DELETE") for request in tiny.requests)
    judge(checks, keep=True)
    assert len(tiny.users) == 4
    assert len(tiny.jobs) == 1


def test_keep_leaves_what_was_made(judge: Judge, tiny: Tiny) -> None:
    judge(
        f"""
        @clause("{MUST}")
        def test_made(users):
            '''A user is made.'''
            users.create()
            observe("{MUST}", "made")
        """,
        keep=True,
    )
    assert len(tiny.users) == 1


def test_what_cannot_be_deleted_is_told(judge: Judge, tiny: Tiny) -> None:
    tiny.undeletable = True
    judged = judge(
        f"""
        @clause("{MUST}")
        def test_made(users):
            '''A user is made.'''
            users.create()
            observe("{MUST}", "made")
        """
    )
    assert judged.outcome.left_behind == (f"{tiny.url}/Users/1: DELETE is answered 403",)
    assert "left behind" in judged.summary


def test_workers_judge_and_the_controller_reports(judge: Judge, tiny: Tiny) -> None:
    judged = judge(
        f"""
        @pytest.mark.parametrize("number", [1, 2, 3, 4])
        @clause("{MUST}")
        def test_made(users, number):
            '''A user is made.'''
            holds("{MUST}", users.create()["userName"] != "", expected="a name", observed=number)
        """,
        workers=2,
    )
    assert [result.verdict for result in judged.outcome.results] == [Verdict.PASS] * 4
    assert judged.outcome.requests > 8
    assert tiny.users == {}


def test_secrets_stay_out_of_the_results(judge: Judge) -> None:
    judged = judge(
        f"""
        @clause("{MUST}")
        def test_secret(scim):
            '''Secrets are sent.'''
            answer = scim.bearer("another-secret-token").post("/Users", {{"password": "hush-hush-hush"}})
            holds("{MUST}", False, expected="a", observed="tiny-token-0001 another-secret-token", answer=answer)
        """
    )
    told = repr(judged.of(MUST)) + judged.summary
    assert "tiny-token-0001" not in told
    assert "another-secret-token" not in told
    assert "hush-hush-hush" not in told


def test_429_is_waited_out(judge: Judge, tiny: Tiny) -> None:
    tiny.busy = 2
    judged = judge(
        f"""
        @clause("{MUST}")
        def test_patience(scim):
            '''The answer comes.'''
            holds("{MUST}", scim.get("/Users").ok, expected="200", observed="?")
        """
    )
    assert judged.code == 0


def test_an_exception_after_the_last_judgement_is_an_error(judge: Judge) -> None:
    judged = judge(
        f"""
        @clause("{MUST}", "{MUST_2}")
        def test_late(scim):
            '''It breaks late.'''
            holds("{MUST}", False, expected="a", observed="b")
            holds("{MUST_2}", True, expected="a", observed="a")
            assert False
        """
    )
    assert judged.verdicts == {MUST: Verdict.FAIL, MUST_2: Verdict.ERROR}


def test_an_answer_that_changes_when_asked_again_is_told(judge: Judge) -> None:
    judged = judge(
        f"""
        seen = []

        @clause("{MUST}")
        def test_flaky(scim):
            '''The target changes its mind.'''
            @settings(max_examples=20, database=None)
            @given(st.integers())
            def search(number):
                seen.append(number)
                holds("{MUST}", len(seen) != 5, expected="the same", observed=number)
            search()
        """
    )
    assert judged.of(MUST).verdict is Verdict.FAIL
    assert "the same requests got another answer when repeated" in judged.of(MUST).observations


def test_clean_up_that_breaks_is_a_fault_of_the_run(judge: Judge) -> None:
    judged = judge(
        f"""
        @pytest.fixture
        def broken():
            yield
            raise RuntimeError("no")

        @clause("{MUST}")
        def test_good(broken):
            '''It holds.'''
            holds("{MUST}", True, expected="a", observed="a")
        """
    )
    assert (judged.code, judged.verdicts) == (2, {MUST: Verdict.PASS})
    assert "fault: clean-up of" in judged.summary


def test_a_suite_that_cannot_be_read_is_a_fault_of_the_run(judge: Judge) -> None:
    judged = judge("import no_such_module")
    assert judged.code == 2
    assert "cannot be collected" in judged.outcome.faults[0]


def test_a_worker_that_dies_leaves_an_error(judge: Judge) -> None:
    judged = judge(
        f"""
        @clause("{MUST}")
        def test_dies(scim):
            '''The worker dies.'''
            import os
            os._exit(1)

        @clause("{MUST_2}")
        def test_lives(scim):
            '''It holds.'''
            holds("{MUST_2}", True, expected="a", observed="a")
        """,
        workers=1,
    )
    assert judged.of(MUST).verdict is Verdict.ERROR
    assert "crashed" in judged.of(MUST).observed
    assert judged.code == 2


def test_a_check_that_skips_itself_is_an_error(judge: Judge) -> None:
    judged = judge(
        f"""
        @clause("{MUST}")
        def test_skips(scim):
            '''It skips.'''
            pytest.skip("no mood")
        """
    )
    assert judged.of(MUST).verdict is Verdict.ERROR
    assert "skips itself" in judged.of(MUST).observed


def test_a_budget_that_is_exceeded_is_told(judge: Judge) -> None:
    judged = judge(
        f"""
        @budget(1)
        @clause("{MUST}")
        def test_hungry(scim):
            '''Two requests.'''
            scim.get("/Users")
            holds("{MUST}", scim.get("/Users").ok, expected="200", observed="200")
        """
    )
    assert judged.outcome.over_budget == ("test_tiny.hungry: 2 of 1",)


def test_tentative_clauses_count_only_when_asked(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from conformance import session
    from conformance.clauses import catalogue

    tables = catalogue()
    marked = replace(tables, clauses={**tables.clauses, MUST: replace(tables.clauses[MUST], tentative=True)})
    monkeypatch.setattr(session, "catalogue", lambda: marked)
    checks = f"""
        @clause("{MUST}", "{MUST_2}")
        def test_broken(scim):
            '''It does not hold.'''
            holds("{MUST}", False, expected="a", observed="b")
            holds("{MUST_2}", True, expected="a", observed="a")
        """
    judged = judge(checks)
    assert (judged.code, judged.of(MUST).verdict) == (0, Verdict.FAIL)
    assert "(tentative, does not count)" in judged.summary
    assert judge(checks, tentative=True).code == 1
