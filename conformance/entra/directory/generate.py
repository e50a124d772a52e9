"""A source directory from Faker: the same people for the same seed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from faker import Faker

from conformance.entra.directory.model import Assignment, Kind, SourceObject
from conformance.entra.directory.snapshot import Snapshot
from conformance.entra.directory.view import GUEST
from conformance.entra.values import AppRole

DOMAIN = "fabrik.example"
PARTNER = "partner.example"
"""Where guests come from."""
DEPARTMENTS = ("Ops", "Finance", "Sales", "Legal", "Research", "Support", "People")
ROLES = ("Requester", "Service Agent User", "Service Task User", "Administrator")
"""The roles of the service, by the names it knows."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is generated: users, groups of `members` each, everybody assigned to the application unless not wished."""

    users: int = 100
    groups: int = 5
    members: int = 10
    seed: int = 7
    domain: str = DOMAIN
    assigned: bool = True


def generate(wish: Wish) -> Snapshot:
    """The directory of a wish; every seventh manages those after it, one in fifty is a guest, one in forty disabled.

    Groups have the first role too, so that they are entitled; what a member has of its own comes before it.
    """
    fake, random = Faker("en_US"), Random(wish.seed)  # noqa: S311 - repeatable people, no secret
    fake.seed_instance(wish.seed)
    roles = tuple(AppRole(_guid(random), name, name) for name in ROLES)
    access = AppRole("00000000-0000-0000-0000-000000000000", "", "Default Access", default_access=True)
    users = list(_users(wish, fake, random))
    groups = list(_groups(wish, random, [user.id for user in users]))
    chosen = (
        [Assignment(user.id, _role(number, roles).id) for number, user in enumerate(users)] if wish.assigned else []
    )
    chosen += [Assignment(group.id, roles[0].id) for group in groups] if wish.assigned else []
    return Snapshot((*users, *groups), (*roles, access), tuple(chosen))


def _users(wish: Wish, fake: Faker, random: Random) -> Iterator[SourceObject]:
    manager = ""
    for number in range(wish.users):
        given, family = fake.first_name(), fake.last_name()
        name = f"{given}.{family}.{number}".lower().replace(" ", "").replace("'", "")
        guest = number % 50 == 49
        attributes: dict[str, str | bool] = {
            "userPrincipalName": f"{name}_{PARTNER}{GUEST}@{wish.domain}" if guest else f"{name}@{wish.domain}",
            "mail": f"{name}@{PARTNER if guest else wish.domain}",
            "mailNickname": name,
            "displayName": f"{given} {family}",
            "givenName": given,
            "surname": family,
            "jobTitle": fake.job()[:60],
            "department": random.choice(DEPARTMENTS),
            "employeeId": str(100_000 + number),
            "telephoneNumber": f"+1 555 {random.randrange(10**7):07}",
            "city": fake.city(),
            "country": "US",
            "preferredLanguage": "en-US",
            "accountEnabled": number % 40 != 39,
            "userType": "Guest" if guest else "Member",
        }
        made = SourceObject(_guid(random), Kind.USER, attributes, manager)
        manager = made.id if number % 7 == 0 else manager
        yield made


def _groups(wish: Wish, random: Random, users: list[str]) -> Iterator[SourceObject]:
    for number in range(wish.groups):
        some = random.sample(users, min(wish.members, len(users)))
        name = f"{DEPARTMENTS[number % len(DEPARTMENTS)]} team {number + 1}"
        nick = name.lower().replace(" ", "-")
        attributes: dict[str, str | bool] = {"displayName": name, "mailNickname": nick, "securityEnabled": True}
        yield SourceObject(_guid(random), Kind.GROUP, attributes, members=tuple(some))


def _role(number: int, roles: tuple[AppRole, ...]) -> AppRole:
    return roles[1] if number % 10 == 9 else roles[0]


def _guid(random: Random) -> str:
    return str(uuid.UUID(int=random.getrandbits(128), version=4))
