"""The behaviour profile of a target: which reading of each open text it shows, as a run saw it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from conformance.model import CheckResult

FORMAT: Final = "conformance-behaviour/1"


@dataclass(frozen=True, slots=True)
class Trait:
    """One reading the target showed; `means` is the variant in words, `about` what it is limited to, "" if nothing.

    `standing` is accepted, or warned where the table calls the variant a deviation. `checks` are those that saw it.
    """

    ambiguity: str
    variant: str
    about: str
    means: str
    standing: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a run tells of the open texts; `unseen` are those no check met, in the order of the table."""

    topics: Mapping[str, str] = field(default_factory=dict)
    traits: tuple[Trait, ...] = ()
    unseen: tuple[str, ...] = ()

    def of(self, ambiguity: str) -> list[Trait]:
        """The traits of one ambiguity."""
        return [trait for trait in self.traits if trait.ambiguity == ambiguity]

    def json(self, target: str = "") -> dict[str, Any]:
        """The profile as a JSON object: per ambiguity its topic and what was shown."""
        shown = {trait.ambiguity: self.of(trait.ambiguity) for trait in self.traits}
        return {
            "format": FORMAT,
            "target": target,
            "ambiguities": {
                name: {"topic": self.topics[name], "shown": list(map(_shown, traits))} for name, traits in shown.items()
            },
            "unseen": list(self.unseen),
        }

    def lines(self) -> Iterator[str]:
        """The profile for people: a line per ambiguity, one below it per trait."""
        for name in dict.fromkeys(trait.ambiguity for trait in self.traits):
            yield f"{name}  {self.topics[name]}"
            for trait in self.of(name):
                about = f" ({trait.about})" if trait.about else ""
                mark = " [warned]" if trait.standing == "warned" else ""
                yield f"        {trait.variant}{about}{mark}: {trait.means}"
        if self.unseen:
            yield f"not seen: {', '.join(self.unseen)}"


def behaviour(results: Iterable[CheckResult], ambiguities: Mapping[str, Mapping[str, Any]]) -> Behaviour:
    """The profile that the results of a run show; `ambiguities` are the rows of their table, in its order, by id."""
    seen: dict[tuple[str, str, str], list[str]] = {}
    for result in results:
        for reading in result.readings:
            seen.setdefault((reading.ambiguity, reading.seen, reading.about), []).append(result.check)
    order = {name: at for at, name in enumerate(ambiguities)}
    traits = [
        Trait(name, variant, about, *_meaning(ambiguities[name], variant), tuple(sorted(set(checks))))
        for (name, variant, about), checks in sorted(seen.items(), key=lambda item: (order[item[0][0]], *item[0][1:]))
    ]
    met = {trait.ambiguity for trait in traits}
    topics = {name: str(row["topic"]) for name, row in ambiguities.items()}
    return Behaviour(topics, tuple(traits), tuple(name for name in ambiguities if name not in met))


def _meaning(row: Mapping[str, Any], variant: str) -> tuple[str, str]:
    warned: Mapping[str, str] = row.get("warn", {})
    accepted: Mapping[str, str] = row.get("accept", {})
    standing = "warned" if variant in warned else "accepted"
    return str(warned.get(variant) or accepted.get(variant) or variant), standing


def _shown(trait: Trait) -> dict[str, Any]:
    return {
        "variant": trait.variant,
        "about": trait.about,
        "means": trait.means,
        "standing": trait.standing,
        "checks": list(trait.checks),
    }
