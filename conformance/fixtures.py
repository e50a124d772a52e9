"""What a check gets: client, target, run, and factories whose resources are deleted afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from conformance.accounts import Accounts
from conformance.client import ScimClient
from conformance.population import Document, Groups, Resources, Users
from conformance.published import Published
from conformance.run import Run
from conformance.session import Session
from conformance.specimens import Specimen, Workshop
from conformance.strategies.population import Population, settle
from conformance.strategies.vocabulary import vocabulary
from conformance.target import Target
from conformance.variety import Variety

SESSION = pytest.StashKey[Session]()


@pytest.fixture(scope="session")
def scim_session(request: pytest.FixtureRequest) -> Session:
    """The state of this process."""
    return request.config.stash[SESSION]


@pytest.fixture(scope="session")
def scim(scim_session: Session) -> ScimClient:
    """The client with the run's own credential."""
    return scim_session.client


@pytest.fixture(scope="session")
def published(scim: ScimClient) -> Published:
    """The documents of the target that nobody changes."""
    return Published(scim)


@pytest.fixture(scope="session")
def target(scim_session: Session) -> Target:
    """The server that is judged."""
    return scim_session.target


@pytest.fixture(scope="session")
def run(scim_session: Session) -> Run:
    """Names, seed and effort of the run."""
    return scim_session.run


@pytest.fixture(scope="session")
def openapi(scim_session: Session) -> Path | None:
    """The OpenAPI document of the target, None without `--openapi`."""
    named = scim_session.options.openapi
    return Path(named) if named else None


def _users(session: Session) -> Iterator[Users]:
    endpoint, template = session.target.capabilities.endpoint("User"), session.template
    found = Users(session.client, session.run, endpoint, template, left=_left(session))
    yield found
    found.clear()


def _groups(session: Session, *, left: bool) -> Iterator[Groups]:
    endpoint = session.target.capabilities.endpoint("Group")
    found = Groups(session.client, session.run, endpoint, left=left)
    yield found
    found.clear()


def _resources(session: Session, kind: str) -> Resources:
    endpoint = session.target.capabilities.endpoint(kind)
    return Resources(session.client, session.run, endpoint, left=_left(session))


def _left(session: Session) -> bool:
    """Whether resources stay until the end of the run, which then keeps them or deletes them in bulk jobs."""
    return session.options.keep or session.target.has("bulk")


@pytest.fixture
def users(scim_session: Session) -> Iterator[Users]:
    """Users of this check."""
    yield from _users(scim_session)


@pytest.fixture
def groups(scim_session: Session) -> Iterator[Groups]:
    """Groups of this check."""
    yield from _groups(scim_session, left=_left(scim_session))


@pytest.fixture
def brief_groups(scim_session: Session) -> Iterator[Groups]:
    """Groups of this check that go with it, because they show on users whom other checks look at."""
    yield from _groups(scim_session, left=scim_session.options.keep)


@pytest.fixture(scope="module")
def suite_users(scim_session: Session) -> Iterator[Users]:
    """Users that live as long as the suite."""
    yield from _users(scim_session)


@pytest.fixture(scope="module")
def suite_groups(scim_session: Session) -> Iterator[Groups]:
    """Groups that live as long as the suite."""
    yield from _groups(scim_session, left=_left(scim_session))


@pytest.fixture(scope="module")
def brief_suite_groups(scim_session: Session) -> Iterator[Groups]:
    """Groups that go with the suite, because they show on users whom other suites look at."""
    yield from _groups(scim_session, left=scim_session.options.keep)


def _accounts(session: Session) -> Iterator[Accounts]:
    found = Accounts(session.client, session.ledger, session.target.hooks)
    yield found
    if not session.options.keep:
        found.clear()


@pytest.fixture
def accounts(scim_session: Session) -> Iterator[Accounts]:
    """Accounts of this check, made through the hooks."""
    yield from _accounts(scim_session)


@pytest.fixture(scope="module")
def suite_accounts(scim_session: Session) -> Iterator[Accounts]:
    """Accounts that live as long as the suite."""
    yield from _accounts(scim_session)


@pytest.fixture(scope="session")
def run_users(scim_session: Session) -> Iterator[Users]:
    """Users that live as long as the run."""
    yield from _users(scim_session)


@pytest.fixture(scope="session")
def reader(run_users: Users) -> Document:
    """A user that checks read, and leave as it is."""
    return run_users.create(title="Planner")


@pytest.fixture(scope="session")
def empty_group(scim_session: Session) -> Iterator[Document]:
    """A group without members that checks read, and leave as it is."""
    for groups in _groups(scim_session, left=_left(scim_session)):
        yield groups.create()


@pytest.fixture(scope="session")
def people(run_users: Users) -> list[Document]:
    """Three users who come into groups and leave them, and are never written themselves."""
    return [run_users.create() for _ in range(3)]


@pytest.fixture(scope="session")
def workshops(scim_session: Session, reader: Document) -> Iterator[Mapping[str, Workshop]]:
    """What makes resources of every type the target lists, from its own schemas; they live as long as the run."""
    known = scim_session.target.capabilities
    variety = Variety(scim_session.run, str(reader["id"]))
    kinds = [str(entry.get("name")) for entry in known.resource_types]
    made = {kind: _resources(scim_session, kind) for kind in kinds}
    yield {kind: Workshop(kind, resources, known, variety) for kind, resources in made.items()}
    for resources in made.values():
        resources.clear()


@pytest.fixture(scope="session")
def specimens(workshops: Mapping[str, Workshop]) -> list[Specimen]:
    """One resource of each type with a value for every attribute that can be written."""
    return [workshop.specimen() for workshop in workshops.values()]


@pytest.fixture(scope="session")
def settled_population(scim_session: Session, run_users: Users) -> Population:
    """Some thirty users to search for, made once per process."""
    known = vocabulary(scim_session.target.capabilities.schemas_of("User"))
    return settle(run_users, mark=scim_session.run.name("p") + "-", attributes=known)


@pytest.fixture
def population(settled_population: Population) -> Population:
    """The users to search for; what one check learns about open readings does not reach the next."""
    settled_population.forget()
    return settled_population
