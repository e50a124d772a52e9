"""The string formats of an OpenAPI document of SCIM: valid filters, paths, ids, roles, tags and certificates.

Ids are those of resources a run made for the purpose, and made-up ones that nobody has: a generated request never
reaches what belongs to somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from hypothesis import strategies as st

from conformance.strategies.filters import KINDS
from conformance.strategies.trees import (
    ENTERPRISE,
    And,
    Case,
    Compare,
    Element,
    Not,
    Or,
    Present,
    Spelling,
    Tree,
    render,
)
from conformance.strategies.values import HOSTILE
from conformance.strategies.vocabulary import Attribute, vocabulary

CERTIFICATE: Final = (
    "MIHUMIGHAhQgA6Ls8kRgTPC6DuoqtuX3LEMUUTAFBgMrZXAwDDEKMAgGA1UEAwwBajAgFw0yNjExMjMwNzM4MjVaGA8yMTI2MTAzMDA3MzgyNVow"
    "DDEKMAgGA1UEAwwBajAqMAUGAytlcAMhAMGmh7uDQvwGScqz2rOmSy3mzKN/nDjMCd6dV9kpDVh7MAUGAytlcANBAFz0mDZZjFQU/exi/pnqdJL3"
    "nG2zxgDeBKMepuliqYUiNWKjKI34yQDXPG5gwvRdZO0ps/QRC9VQI345ybX5hAs="
)
"""The base64 text of one self-signed DER certificate, made for this purpose."""
_NAME, _EXTERNAL, _ID, _MADE = (
    Attribute("displayName"),
    Attribute("externalId", case_exact=True),
    Attribute("id", case_exact=True),
    Attribute("meta.created", kind="instant"),
)
EVERY: Final = (_NAME, _EXTERNAL, _ID, _MADE)
"""What users and groups have in common."""
GROUP: Final = (*EVERY, Attribute("members.value", kind="reference", many=True))
_TEXTS = tuple(text for name, text in HOSTILE.items() if name != "long")  # the URL has a limit
_BOOLEANS, _INSTANTS = (True, False), ("2020-01-02T03:04:05Z", "2031-01-02T03:04:05Z")
_SAMPLES: Final[Mapping[str, tuple[Any, ...]]] = {
    "boolean": _BOOLEANS,
    "instant": _INSTANTS,
    "reference": ("0",),
    "string": _TEXTS,
}
_CASES: Final[tuple[Case, ...]] = ("as is", "upper", "lower")
USER_PATHS: Final[Mapping[str, Any]] = {
    "title": "Chief",
    "active": True,
    "name": {"givenName": "Ada"},
    "name.givenName": "Ada",
    "displayName": "Ada",
    "emails": [{"value": "ada@example.com", "type": "work"}],
    'emails[type eq "work"].value': "ada@example.com",
    "roles": [],
    'addresses[type eq "work"].locality': "London",
    "phoneNumbers": [{"value": "1", "type": "work"}],
    f"{ENTERPRISE}:department": "Engines",
    f"{ENTERPRISE}:manager": None,
    "urn:ietf:params:scim:schemas:core:2.0:User:nickName": "Ada",
}
"""Path of a PATCH operation on a user -> a value that fits it."""
GROUP_PATHS: Final = ("displayName", "externalId", "members", 'members[value eq "0"]')
PROJECTED: Final = (
    "id", "schemas", "meta", "meta.location", "externalId", "displayName", "userName", "name.familyName", "emails",
    "emails.value", "members", f"{ENTERPRISE}:department", "DISPLAYNAME",
)  # fmt: skip
TAGS: Final = ('W/"1"', 'W/"0"', '"1"', 'W/"1", W/"2"', "*")


@dataclass(frozen=True, slots=True)
class Pool:
    """What may be named in generated requests.

    `members` are ids of users that no request deletes; `users` and `groups` ids that any request may hit; `absent`
    ids nobody has.
    """

    members: tuple[str, ...]
    users: tuple[str, ...]
    groups: tuple[str, ...]
    absent: tuple[str, ...]
    roles: tuple[str, ...] = ("",)

    @property
    def ids(self) -> frozenset[str]:
        """Every id a request that changes something may be about."""
        return frozenset((*self.users, *self.groups, *self.absent))


def fitting(pool: Pool) -> dict[str, Any]:
    """Path of a PATCH operation on a user or group -> a value that fits it."""
    return {**USER_PATHS, "externalId": "x", "members": [{"value": pool.members[0]}]}


def formats(
    pool: Pool, schemas: Iterable[Mapping[str, Any]], seed: int, *, listed: int = 40
) -> dict[str, st.SearchStrategy[str]]:
    """Format name -> strategy of valid values, by the User schemas of the target.

    Every strategy draws from a list, of `listed` values where they are made up: schemathesis draws thousands of them.
    """
    chance = Random(seed)  # noqa: S311 - a repeatable choice, no secret
    found: dict[str, Sequence[str]] = {}
    for kind, attributes in (("", EVERY), ("user-", vocabulary(schemas)), ("group-", GROUP)):
        found[f"scim-{kind}filter"] = [written(attributes, chance) for _ in range(listed)]
        found[f"scim-{kind}sort"] = [entry.path for entry in attributes if not entry.many]
    return {
        name: st.sampled_from(values)
        for name, values in {
            **found,
            "scim-id": pool.members,
            "scim-user-id": (*pool.users, *pool.absent),
            "scim-group-id": (*pool.groups, *pool.absent),
            "scim-user-path": tuple(USER_PATHS),
            "scim-group-path": GROUP_PATHS,
            "scim-attributes": [",".join(chance.sample(PROJECTED, chance.randint(1, 3))) for _ in range(listed)],
            "scim-role": pool.roles,
            "scim-etag": TAGS,
            "scim-certificate": (CERTIFICATE,),
            "scim-cursor": ("",),
            "scim-bulk-path": _bulk_paths(pool),
        }.items()
    }


def _bulk_paths(pool: Pool) -> list[str]:
    users, groups = (*pool.users, *pool.absent), (*pool.groups, *pool.absent)
    return ["/Users", "/Groups", *(f"/Users/{id_}" for id_ in users), *(f"/Groups/{id_}" for id_ in groups)]


def written(attributes: Sequence[Attribute], chance: Random) -> str:
    """One filter of one or two comparisons over some attributes; their meaning is the subject of other suites."""
    first, second = (_comparison(chance.choice(attributes), chance) for _ in range(2))
    many = [entry for entry in attributes if entry.many]
    grown: list[Tree] = [first, Not(first), And((first, second)), Or((first, second))]
    if many:
        entry = chance.choice(many)
        grown.append(Element(entry.parent, Compare(entry.sub, "eq", chance.choice(_SAMPLES[entry.kind]))))
    names, operators, words = (chance.choice(_CASES) for _ in range(3))
    return render(chance.choice(grown), Spelling(names, operators, words, groups=chance.randint(0, 1)))


def _comparison(entry: Attribute, chance: Random) -> Tree:
    op = chance.choice(KINDS[entry.kind])
    return Present(entry.path) if op == "pr" else Compare(entry.path, op, chance.choice(_SAMPLES[entry.kind]))
