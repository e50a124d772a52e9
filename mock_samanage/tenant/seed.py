"""Faker people: an account filled with users and groups, the same ones for the same seed.

A small Faker sample is recombined, because Faker itself would take minutes for 100,000 people. Addresses are
in a reserved domain (RFC 2606); the managers form a tree; every department has a group, and further groups
cut across them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from faker import Faker

from mock_samanage.scim.registry import ENTERPRISE_URN, GROUP_URN, USER_URN
from mock_samanage.store import Record, Session
from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.errors import BadArgument
from mock_samanage.tenant.roles import REQUESTER, canonical

LOCALE = "en_US"
_REPORTS = 8  # people for each manager
_AGENTS = 20  # one person in so many is a Service Agent User
_LARGEST_GROUP = 200  # members of a group across departments
_MOST_USERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Sample:
    """The words people are made of."""

    given: Sequence[str]
    family: Sequence[str]
    titles: Sequence[str]
    places: Sequence[tuple[str, str, str]]
    departments: Sequence[str]


def sample(seed: int) -> Sample:
    """Some hundred names, titles and places, the same for the same seed."""
    faker = Faker(LOCALE)
    faker.seed_instance(seed)
    return Sample(
        given=_distinct(faker.first_name, 300),
        family=_distinct(faker.last_name, 500),
        titles=_distinct(faker.job, 80),
        places=[(faker.street_address(), faker.city(), faker.postcode()) for _ in range(200)],
        departments=DEPARTMENTS,
    )


DEPARTMENTS = (
    "Facilities",
    "Finance",
    "Human Resources",
    "Information Technology",
    "Legal",
    "Logistics",
    "Marketing",
    "Operations",
    "Procurement",
    "Production",
    "Research",
    "Sales",
    "Security",
    "Support",
    "Training",
)


def _distinct(word: Callable[[], str], count: int) -> list[str]:
    words: dict[str, None] = {}
    for _ in range(20 * count):
        words[word()] = None
        if len(words) == count:
            break
    return list(words)


@dataclass(slots=True)
class Seeder:
    """Makes the people and groups of one account, one after the other; `ids` has the id of everyone made so far."""

    sample: Sample
    random: random.Random
    domain: str
    new_id: Callable[[], str]
    ids: list[str]
    departments: list[list[int]]

    def people(self, count: int) -> Iterator[tuple[str, dict[str, Any]]]:
        """The id and the document of each user."""
        for number in range(count):
            self.ids.append(self.new_id())
            yield self.ids[number], self._person(number)

    def _person(self, number: int) -> dict[str, Any]:
        words = self.sample
        given, family = self.random.choice(words.given), self.random.choice(words.family)
        department = number % len(words.departments)
        self.departments[department].append(number)
        login = f"{given}.{family}.{number + 1}".lower().replace(" ", "-").replace("'", "")
        email = f"{login}@{self.domain}"
        enterprise: dict[str, Any] = {
            "employeeNumber": f"{number + 1:06}",
            "department": words.departments[department],
        }
        if number:
            enterprise["manager"] = {"value": self.ids[(number - 1) // _REPORTS]}
        street, city, postcode = self.random.choice(words.places)
        digits = self.random.randrange(10_000_000)
        return {
            "schemas": [USER_URN, ENTERPRISE_URN],
            "externalId": f"{self.random.getrandbits(64):016x}",
            "userName": email,
            "name": {"formatted": f"{given} {family}", "familyName": family, "givenName": given},
            "displayName": f"{given} {family}",
            "title": self.random.choice(words.titles),
            "active": number % 50 != 49,
            "emails": [{"value": email, "type": "work", "primary": True}],
            "phoneNumbers": [{"value": f"+1 555 {digits // 10_000:03} {digits % 10_000:04}", "type": "work"}],
            "addresses": [
                {"streetAddress": street, "locality": city, "postalCode": postcode, "country": "US", "type": "work"}
            ],
            "roles": canonical("Service Agent User" if number % _AGENTS == _AGENTS - 1 else REQUESTER),
            ENTERPRISE_URN: enterprise,
        }

    def groups(self, count: int) -> Iterator[tuple[str, Sequence[str]]]:
        """The name and the member ids of each group: the departments first, then groups across them."""
        for number in range(count):
            if number < len(self.sample.departments):
                yield self.sample.departments[number], [self.ids[person] for person in self.departments[number]]
            else:
                size = min(len(self.ids), self.random.randint(2, _LARGEST_GROUP))
                yield f"Queue {number + 1:04}", self.random.sample(self.ids, size)


@dataclass(frozen=True, slots=True)
class Wish:
    """How many users and groups (None: one for each department and for every 50 users), and the seed.

    BadArgument for a number out of range.
    """

    users: int
    groups: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        for what, number in (("users", self.users), ("groups", self.number_of_groups)):
            if not 0 <= number <= _MOST_USERS:
                raise BadArgument(f"The number of {what} is 0 to {_MOST_USERS:,}, not {number}.")

    @property
    def number_of_groups(self) -> int:
        """The groups to make; none without users to put into them."""
        wanted = len(DEPARTMENTS) + self.users // 50 if self.groups is None else self.groups
        return wanted if self.users or wanted < 0 else 0


def seed_account(session: Session, account: AccountView, wish: Wish, now: int, new_id: Callable[[], str]) -> None:
    """Adds the people and groups to the account; Duplicate if it has such people already."""
    words = sample(wish.seed)
    chance = random.Random(wish.seed)  # noqa: S311 repeatable people are wanted
    domain = f"{account.name}.example"
    seeder = Seeder(words, chance, domain, new_id, [], [[] for _ in words.departments])
    session.insert_many(account.pk, account.registry.user, seeder.people(wish.users), now=now)
    for name, members in seeder.groups(wish.number_of_groups):
        document = {"schemas": [GROUP_URN], "displayName": name}
        group: Record = session.insert(account.pk, account.registry.group, document, id=new_id(), now=now)
        session.add_members(group, members)
