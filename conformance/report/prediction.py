"""What the tests of vendors' tools would say of the target, as the reports tell it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from string import ascii_lowercase
from typing import Any


class Forecast(StrEnum):
    """What a tool's test would come to; undecided where the run does not show it."""

    PASS = "pass"  # noqa: S105 - a forecast, no password
    FAIL = "fail"
    UNDECIDED = "undecided"


WORST_FIRST = (Forecast.FAIL, Forecast.UNDECIDED, Forecast.PASS)


@dataclass(frozen=True, slots=True)
class Prediction:
    """The forecast for one named test of a tool.

    `part` is a list of the tool that is counted by itself, "" for its own; `reasons` say why it is not a pass.
    """

    tool: str
    part: str
    number: str
    name: str
    forecast: Forecast
    reasons: tuple[str, ...] = ()
    optional: bool = False

    def to_json(self) -> dict[str, Any]:
        """The object of a report's footer."""
        return {
            "tool": self.tool,
            "part": self.part,
            "number": self.number,
            "name": self.name,
            "forecast": self.forecast.value,
            "reasons": list(self.reasons),
            "optional": self.optional,
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """The predictions for one list of a tool; forms of one numbered test (6, 6b) count once, as their worst."""

    tool: str
    part: str
    predictions: Sequence[Prediction]

    @property
    def sentence(self) -> str:
        """The counts in words."""
        found = self._numbered()
        passed, undecided = (
            sum(1 for each in found.values() if each is kind) for kind in (Forecast.PASS, Forecast.UNDECIDED)
        )
        name = f"{self.tool}, {self.part} tests" if self.part else self.tool
        rest = f", {undecided} undecided" if undecided else ""
        return f"{name}: {passed} of {len(found)} predicted to pass{rest}"

    def told(self, forecast: Forecast) -> Iterator[str]:
        """One line for each test with that forecast, with the reasons."""
        for each in self.predictions:
            if each.forecast is forecast:
                mark = " (optional)" if each.optional else ""
                yield f"{each.number} {each.name}{mark}: {'; '.join(each.reasons)}"

    def _numbered(self) -> Mapping[str, Forecast]:
        found: dict[str, Forecast] = {}
        for each in self.predictions:
            number = each.number.rstrip(ascii_lowercase)
            found[number] = min(each.forecast, found.get(number, each.forecast), key=WORST_FIRST.index)
        return found


def summaries(predictions: Iterable[Prediction]) -> list[Summary]:
    """One summary for each list of each tool, in their order; a list of which nothing is decided is left out."""
    grouped: dict[tuple[str, str], list[Prediction]] = {}
    for each in predictions:
        grouped.setdefault((each.tool, each.part), []).append(each)
    return [
        Summary(tool, part, found)
        for (tool, part), found in grouped.items()
        if any(each.forecast is not Forecast.UNDECIDED for each in found)
    ]
