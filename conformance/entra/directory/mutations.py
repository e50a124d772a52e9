"""The script language of changes in the source: one a line, each leaves a delta."""

from __future__ import annotations

import re
import shlex
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final

from conformance.entra.directory.files import typed
from conformance.entra.directory.model import Kind, Presence, SourceObject
from conformance.entra.directory.store import Source
from conformance.entra.errors import SourceError
from conformance.entra.values import Scalar

GRAMMAR: Final = """\
hire NAME [attribute=value …]        a new user; NAME is the userPrincipalName
rename WHO "Given Family"            displayName, givenName and surname
move WHO DEPARTMENT                  department
set WHO attribute=value …            attributes; "a; b" are two values, an empty value clears
manager WHO OTHER|none               the manager
disable WHO | enable WHO             accountEnabled
delete WHO | restore WHO             into the recycle bin, and out of it
purge WHO                            gone for good
assign WHO [ROLE] | unassign WHO     a role of the application; without ROLE Default Access, or all roles
group NAME | drop GROUP              a new group, or one gone for good
join GROUP WHO … | leave GROUP WHO …   members"""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One line of a script."""

    verb: str
    words: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Editor:
    """Applies mutations to a source at a moment; ids of new objects come from `random`."""

    source: Source
    at: datetime
    random: Random

    def apply(self, mutation: Mutation) -> None:
        """The mutation happened; raises SourceError with its line."""
        verb, words = mutation.verb, mutation.words
        least, most, work = _VERBS[verb]
        if len(words) < least or (most is not None and len(words) > most):
            raise SourceError(f"line {mutation.line}: right is: {_usage(verb)}")
        try:
            with self.source.database.transaction():
                work(self, *words)
        except SourceError as error:
            raise SourceError(f"line {mutation.line}: {error}") from error

    def hire(self, name: str, *given: str) -> None:
        """A user is there, enabled."""
        local = name.partition("@")[0]
        usual: dict[str, Scalar] = {
            "userPrincipalName": name,
            "mail": name,
            "mailNickname": local,
            "displayName": local,
            "accountEnabled": True,
        }
        kept = {key: value for key, value in _pairs(given).items() if value is not None}
        self.source.put(SourceObject(self._guid(), Kind.USER, {**usual, **kept}))

    def rename(self, who: str, name: str) -> None:
        """The person has another name."""
        given, _, family = name.rpartition(" ")
        parts = {"givenName": given or name, "surname": family if given else None}
        self.source.set_attributes(self._id(who, Kind.USER), {"displayName": name, **parts})

    def move(self, who: str, department: str) -> None:
        """The person is in another department."""
        self.source.set_attributes(self._id(who, Kind.USER), {"department": department})

    def set(self, who: str, *given: str) -> None:
        """Attributes have other values."""
        self.source.set_attributes(self._id(who), _pairs(given))

    def manager(self, who: str, other: str) -> None:
        """The person has another manager, or none."""
        self.source.set_manager(self._id(who), "" if other == "none" else self._id(other))

    def disable(self, who: str) -> None:
        """The account is disabled."""
        self.source.set_attributes(self._id(who, Kind.USER), {"accountEnabled": False})

    def enable(self, who: str) -> None:
        """The account is enabled."""
        self.source.set_attributes(self._id(who, Kind.USER), {"accountEnabled": True})

    def delete(self, who: str) -> None:
        """The object is in the recycle bin."""
        self._move(who, Presence.PRESENT, Presence.SOFT_DELETED)

    def restore(self, who: str) -> None:
        """The object is out of the recycle bin."""
        self._move(who, Presence.SOFT_DELETED, Presence.PRESENT)

    def purge(self, who: str) -> None:
        """The object is gone for good."""
        self.source.set_presence(self._id(who), Presence.HARD_DELETED, self.at)

    def drop(self, group: str) -> None:
        """The group is gone for good."""
        self.source.set_presence(self._id(group, Kind.GROUP), Presence.HARD_DELETED, self.at)

    def assign(self, who: str, role: str = "Default Access") -> None:
        """The principal has a role."""
        self.source.assign(self._id(who), role)

    def unassign(self, who: str, role: str | None = None) -> None:
        """The principal has a role no more, or none."""
        self.source.unassign(self._id(who), role)

    def group(self, name: str) -> None:
        """A group is there."""
        nick = name.lower().replace(" ", "-")
        attributes: dict[str, Scalar] = {"displayName": name, "mailNickname": nick, "securityEnabled": True}
        self.source.put(SourceObject(self._guid(), Kind.GROUP, attributes))

    def join(self, group: str, *who: str) -> None:
        """These are members."""
        self.source.change_members(self._id(group), added=[self._id(each) for each in who])

    def leave(self, group: str, *who: str) -> None:
        """These are members no more."""
        self.source.change_members(self._id(group), removed=[self._id(each) for each in who])

    def _move(self, who: str, before: Presence, after: Presence) -> None:
        found = self._found(who)
        if found.presence is not before:
            raise SourceError(f"{found.name} is {found.presence}, not {before}")
        self.source.set_presence(found.id, after, self.at)

    def _id(self, text: str, kind: Kind | None = None) -> str:
        found = self._found(text)
        if kind not in {None, found.kind}:
            raise SourceError(f"{found.name} is a {found.kind.lower()}, and no {kind and kind.lower()}")
        return found.id

    def _found(self, text: str) -> SourceObject:
        found = self.source.find(text)
        if found is None:
            raise SourceError(f"{text!r} is nobody's id, userPrincipalName, mail or displayName, or several people's")
        return found

    def _guid(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))


_VERBS: Final[Mapping[str, tuple[int, int | None, Callable[..., None]]]] = {
    "hire": (1, None, Editor.hire),
    "rename": (2, 2, Editor.rename),
    "move": (2, 2, Editor.move),
    "set": (2, None, Editor.set),
    "manager": (2, 2, Editor.manager),
    "disable": (1, 1, Editor.disable),
    "enable": (1, 1, Editor.enable),
    "delete": (1, 1, Editor.delete),
    "restore": (1, 1, Editor.restore),
    "purge": (1, 1, Editor.purge),
    "assign": (1, 2, Editor.assign),
    "unassign": (1, 2, Editor.unassign),
    "group": (1, 1, Editor.group),
    "drop": (1, 1, Editor.drop),
    "join": (2, None, Editor.join),
    "leave": (2, None, Editor.leave),
}


def read_script(text: str) -> list[Mutation]:
    """The mutations of a script; `#` before a word begins a comment. Raises SourceError with the line."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            words = shlex.split(_without_comment(line))
        except ValueError as error:
            raise SourceError(f"line {number}: {error} in {line!r}") from error
        if words and words[0] not in _VERBS:
            raise SourceError(f"line {number}: {words[0]!r} is no change; these are: {', '.join(_VERBS)}")
        if words:
            found.append(Mutation(words[0], tuple(words[1:]), number))
    return found


def _without_comment(line: str) -> str:
    """The line up to a # before a word; one inside of a word, as in the names of guests, is a part of it."""
    found = _WORDS.match(line)
    return found[0] if found and line[found.end() :].startswith("#") else line


_WORDS: Final = re.compile(r"""(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^#\s"'\\]|(?<=\S)#|\s)*""")


def _usage(verb: str) -> str:
    """The form of one verb, as the grammar shows it."""
    forms = re.split(r"\n| \| ", re.sub(r"   +[^|\n]*", "", GRAMMAR))
    return next(form.strip() for form in forms if form.split()[0] == verb)


def _pairs(given: tuple[str, ...]) -> dict[str, Scalar | tuple[Scalar, ...] | None]:
    found: dict[str, Scalar | tuple[Scalar, ...] | None] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise SourceError(f"{text!r} is no attribute=value")
        found[name] = typed(value) if value else None
    return found
