"""The population is made, read back, fenced, and judged one answer at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.client import ScimClient
from conformance.errors import Unusable
from conformance.oracle import Finding
from conformance.population import Users
from conformance.run import Run, new_prefix
from conformance.strategies.lists import ids, listed
from conformance.strategies.population import LEAST, Population, settle
from conformance.strategies.trees import Compare, Not, Or, Present, Spelling
from conformance.strategies.vocabulary import VOCABULARY
from conformance.transport import Transport
from mock_samanage.testing import LiveServer


@pytest.fixture(scope="module")
def users() -> Iterator[Users]:
    with LiveServer() as server:
        transport = Transport()
        client = ScimClient(server.url, transport, {"Authorization": f"Bearer {server.token}"})
        yield Users(client, Run(new_prefix(), effort="quick"), "/Users")
        transport.close()


@pytest.fixture(scope="module")
def made(users: Users) -> Population:
    return settle(users, mark=users.run.name("p") + "-", attributes=VOCABULARY)


@pytest.fixture
def population(made: Population) -> Population:
    made.forget()
    return made


def test_a_quick_run_makes_the_fewest_users(population: Population) -> None:
    assert len(population.users) == LEAST
    assert population.dropped == ()
    assert population.quick
    assert population.few([1, 2, 3]) == [1]


def test_the_fence_is_the_first_condition_that_finds_exactly_the_population(population: Population) -> None:
    assert population.fence == f'userName sw "{population.mark}"'
    assert population.negation == (" ", "")
    assert population.fenced("title pr") == f"(title pr) and {population.fence}"
    assert population.fenced("title pr", first=True) == f"{population.fence} and (title pr)"


def test_a_right_answer_is_right_and_a_cut_one_is_wrong(population: Population) -> None:
    tree = Compare("title", "eq", "Engineer")
    asked = population.ask(tree, Spelling(names="upper", negation=""))
    assert population.finds(tree, asked) is Finding.RIGHT
    cut = type(asked)(asked.text, asked.answer, asked.entries[1:])
    assert population.finds(tree, cut) is Finding.WRONG


def test_a_stranger_is_wrong_inside_the_fence(population: Population) -> None:
    asked = population.scim.query(population.path, "userName pr")
    entries = tuple(asked.resources)
    assert population.finds(Present("userName"), type(population.ask("title pr"))("", asked, entries)) is Finding.WRONG


def test_without_a_fence_strangers_are_judged_by_their_own_values(users: Users, made: Population) -> None:
    open_field = Population(users.client, users.endpoint, made.mark, made.users, VOCABULARY)
    everyone = Present("userName")
    assert open_field.finds(everyone, open_field.ask(everyone)) is Finding.RIGHT
    active = Or((Compare("active", "eq", False), Not(Present("active"))))
    answer = open_field.ask(everyone)
    assert open_field.finds(active, answer) is Finding.WRONG
    assert open_field.seen(answer) == set(made.users)


def test_a_pair_the_target_refuses_alone_is_told(population: Population) -> None:
    assert population.lacks(Compare("title", "eq", "x")) is None
    assert population.lacks(Compare("password", "eq", "x")) == ("password", "eq")
    assert ("password", "eq") in population.refused


def test_users_are_known_by_the_names_of_their_rows(population: Population) -> None:
    ann, stranger = str(population.user("ann.lee")["id"]), "0"
    assert population.names({ann}) == "ann.lee"
    assert population.names({ann, stranger}) == "ann.lee, the stranger 0"
    assert population.names(set()) == "nobody"
    with pytest.raises(Unusable, match="refused"):
        population.user("nobody")


def test_a_list_is_read_page_by_page(population: Population) -> None:
    _, whole = listed(population.scim, population.path, population.fence)
    answer, pages = listed(population.scim, population.path, population.fence, page=5)
    assert sorted(ids(pages)) == sorted(ids(whole)) == sorted(population.users)
    assert answer.ok


def test_too_few_users_are_unusable(users: Users) -> None:
    stranger = Users(users.client, users.run, "/Nothing")
    with pytest.raises(Unusable, match="only 0 users"):
        settle(stranger, mark="x-", attributes=VOCABULARY)


def test_a_question_is_sent_once_until_it_is_forgotten(population: Population) -> None:
    recorder, tree = population.scim.transport.recorder, Compare("title", "eq", "Engineer")
    first, before = population.ask(tree), recorder.total
    recorder.begin()
    assert population.ask(tree) is first
    assert recorder.total == before
    assert recorder.evidence() == (first.answer.exchange,)
    population.forget()
    again = population.ask(tree)
    assert again is not first
    assert ids(again.entries) == ids(first.entries)
    assert recorder.total == before + 1
