"""Fault plans: rules read from TOML or JSON, checked key by key.

BadPlan    a plan cannot be used; the text names the rule and the key, and says what would be right
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mock_samanage.tenant.errors import BadArgument
from mock_samanage.web.faults.kinds import KINDS, Key, is_number, is_whole


class BadPlan(BadArgument):
    """A fault plan says what no plan can say."""


@dataclass(frozen=True, slots=True)
class Match:
    """Which requests a rule means; what is empty means any.

    methods: in capitals. path: a glob over the path below the mount, `*` also over slashes. query: text in the
    decoded query. body: text in the body.
    """

    methods: tuple[str, ...] = ()
    path: str = ""
    query: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what is played (`kind`, `options`), on which requests, and when.

    count: how often it plays, 0 for ever. after: matching requests that pass first. probability: of playing on a
    matching request, drawn from `seed`.
    """

    kind: str
    match: Match = Match()
    count: int = 1
    after: int = 0
    probability: float = 1
    seed: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def wire(self) -> bool:
        """Whether it works on the connection itself."""
        return KINDS[self.kind].wire


def _is_methods(value: object) -> bool:
    methods = [value] if isinstance(value, str) else value
    return isinstance(methods, list | tuple) and all(isinstance(each, str) and each.isalpha() for each in methods)


_COMMON: Mapping[str, Key] = {
    "count": Key("a whole number from 0 (for ever)", is_whole, default=1),
    "after": Key("a whole number from 0", is_whole, default=0),
    "probability": Key("a number from 0 to 1", lambda value: is_number(value, 0, 1), default=1),
    "seed": Key("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool), default=0),
}
_TEXT = Key("text", lambda value: isinstance(value, str), default="")
_MATCH: Mapping[str, Key] = {
    "method": Key("a method or a list of methods", _is_methods, default=""),
    "path": Key(
        "a glob over the path below the mount, such as /Users/*",
        lambda value: isinstance(value, str) and value[:1] in {"", "/", "*"},
        default="",
    ),
    "query": _TEXT,
    "body": _TEXT,
}


def read_rules(document: object, name: str = "faults") -> tuple[Rule, ...]:
    """The rules of a plan, an object with one list of that name; raises BadPlan."""
    if not isinstance(document, dict):
        raise BadPlan(f'A fault plan is an object with a list "{name}", not {_shown(document)}.')
    for key in document:
        if key != name:
            raise BadPlan(f'A fault plan has one key, "{name}", a list of rules; there is no "{_cut(key)}".')
    rules = document.get(name, [])
    if not isinstance(rules, list):
        raise BadPlan(f'"{name}" is a list of rules, not {_shown(rules)}.')
    return tuple(rule(entry, f"Fault {number}") for number, entry in enumerate(rules, 1))


def read_plan(path: Path) -> tuple[Rule, ...]:
    """The rules in a file: JSON if its name ends so, else TOML with tables `[[fault]]`; raises BadPlan."""
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix.lower() == ".json":
            return read_rules(json.loads(text or "{}"))
        return read_rules(tomllib.loads(text), "fault")
    except OSError as error:
        raise BadPlan(f"cannot read the fault plan {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise BadPlan(f"cannot read the fault plan {path}: {error}") from error
    except BadPlan as wrong:
        raise BadPlan(f"{path}: {wrong.text}") from None


def rule(entry: object, place: str = "The fault") -> Rule:
    """The rule that a table of a plan spells; BadPlan begins with `place`."""
    if not isinstance(entry, Mapping):
        raise BadPlan(f'{place} is a table, such as {{kind = "status", status = 503}}, not {_shown(entry)}.')
    kind = entry.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        wrong = "is missing" if kind is None else f"is not {_shown(kind)}"
        raise BadPlan(f'{place}: "kind" {wrong}; it is one of {", ".join(KINDS)}.')
    place = f"{place} ({kind})"
    own = KINDS[kind].keys
    _check_names(entry, ("kind", "match", *_COMMON, *own), place)
    if entry.get("retry_after") is not None and entry.get("retry_after_date") is not None:
        raise BadPlan(f'{place}: "retry_after" and "retry_after_date" exclude each other; give one.')
    common = _values(entry, _COMMON, place)
    options = _values(entry, own, place)
    return Rule(kind, _match(entry.get("match"), place), **common, options=options, document=dict(entry))


def _match(value: object, place: str) -> Match:
    if value is None:
        return Match()
    if not isinstance(value, Mapping):
        raise BadPlan(f'{place}: "match" is a table with {_listed(_MATCH)}, not {_shown(value)}.')
    place = f"{place}, match"
    _check_names(value, tuple(_MATCH), place)
    found = _values(value, _MATCH, place)
    methods = found["method"] or ()
    listed = [methods] if isinstance(methods, str) else methods
    return Match(tuple(each.upper() for each in listed), found["path"], found["query"], found["body"])


def _check_names(entry: Mapping[str, Any], known: Sequence[str], place: str) -> None:
    for name in entry:
        if name not in known:
            raise BadPlan(f'{place}: there is no key "{_cut(name)}"; the keys are {_listed(known)}.')


def _values(entry: Mapping[str, Any], keys: Mapping[str, Key], place: str) -> dict[str, Any]:
    found = {}
    for name, key in keys.items():
        value = entry.get(name)
        if value is None:
            if key.needed:
                raise BadPlan(f'{place}: "{name}" is missing; it is {key.says}.')
            value = key.default
        elif not key.fits(value):
            raise BadPlan(f'{place}: "{name}" is {key.says}, not {_shown(value)}.')
        found[name] = value
    return found


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _cut(text: object) -> str:
    return str(text)[:60]


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
