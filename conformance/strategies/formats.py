"""The string formats of an OpenAPI document of SCIM: valid filters, paths, ids, roles, tags and certificates.

Ids are those of resources a run made for the purpose, and made-up ones that nobody has: a generated request never
reaches what belongs to somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

from conformance.strategies.filters import KINDS
from conformance.strategies.trees import ENTERPRISE, And, Compare, Element, Not, Or, Present, Spelling, Tree, render
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
_CASES: Final[st.SearchStrategy[Any]] = st.sampled_from(("as is", "upper", "lower"))
USER_PATHS: Final = (
    "title", "active", "name", "name.givenName", "displayName", "emails", 'emails[type eq "work"].value', "roles",
    'addresses[type eq "work"].locality', "phoneNumbers", f"{ENTERPRISE}:department", f"{ENTERPRISE}:manager",
    "urn:ietf:params:scim:schemas:core:2.0:User:nickName",
)  # fmt: skip
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


def formats(pool: Pool, schemas: Iterable[Mapping[str, Any]]) -> dict[str, st.SearchStrategy[str]]:
    """Format name -> strategy of valid values, by the User schemas of the target."""
    user = vocabulary(schemas)
    found: dict[str, st.SearchStrategy[str]] = {}
    for kind, attributes in (("", EVERY), ("user-", user), ("group-", GROUP)):
        found[f"scim-{kind}filter"] = filters(attributes)
        found[f"scim-{kind}sort"] = st.sampled_from([entry.path for entry in attributes if not entry.many])
    some = {"": pool.members, "user-": (*pool.users, *pool.absent), "group-": (*pool.groups, *pool.absent)}
    found |= {f"scim-{kind}id": st.sampled_from(ids) for kind, ids in some.items()}
    return found | {
        "scim-user-path": st.sampled_from(USER_PATHS),
        "scim-group-path": st.sampled_from(GROUP_PATHS),
        "scim-attributes": st.lists(st.sampled_from(PROJECTED), min_size=1, max_size=3, unique=True).map(",".join),
        "scim-role": st.sampled_from(pool.roles),
        "scim-etag": st.sampled_from(TAGS),
        "scim-certificate": st.just(CERTIFICATE),
        "scim-cursor": st.just(""),
        "scim-bulk-path": st.sampled_from(_bulk_paths(pool)),
    }


def _bulk_paths(pool: Pool) -> list[str]:
    users, groups = (*pool.users, *pool.absent), (*pool.groups, *pool.absent)
    return ["/Users", "/Groups", *(f"/Users/{id_}" for id_ in users), *(f"/Groups/{id_}" for id_ in groups)]


def filters(attributes: Sequence[Attribute]) -> st.SearchStrategy[str]:
    """Filters of one or two comparisons over some attributes; their meaning is another suite's subject."""
    leaf = st.one_of([_comparison(entry) for entry in attributes])
    pair = st.tuples(leaf, leaf)
    grown: list[st.SearchStrategy[Tree]] = [leaf, leaf.map(Not), pair.map(And), pair.map(Or)]
    grown += [_element(entry) for entry in attributes if entry.many]
    spelled = st.builds(Spelling, operators=_CASES, words=_CASES, names=_CASES, groups=st.integers(0, 1))
    return st.builds(render, st.one_of(grown), spelled)


def _comparison(entry: Attribute) -> st.SearchStrategy[Tree]:
    compared = [op for op in KINDS[entry.kind] if op != "pr"]
    found = st.builds(Compare, st.just(entry.path), st.sampled_from(compared), st.sampled_from(_SAMPLES[entry.kind]))
    return st.just(Present(entry.path)) | found


def _element(entry: Attribute) -> st.SearchStrategy[Tree]:
    inside = st.builds(Compare, st.just(entry.sub), st.just("eq"), st.sampled_from(_SAMPLES[entry.kind]))
    return inside.map(lambda found: Element(entry.parent, found))
