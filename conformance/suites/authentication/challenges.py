"""Reading WWW-Authenticate (RFC 7235 section 4.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
PARAMETER = re.compile(rf'({WORD})\s*=\s*("(?:[^"\\]|\\.)*"|{WORD})')
SCHEME = re.compile(rf"(?:^|,)\s*({WORD})(?=\s+{WORD}\s*=|\s*(?:,|$))")


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge: the scheme in lower case, its parameters as printed, in order."""

    scheme: str
    parameters: tuple[tuple[str, str], ...]

    def value(self, name: str) -> str | None:
        """The text of a parameter without its quotes, None where it is missing."""
        return next((value.strip('"') for key, value in self.parameters if key.lower() == name), None)

    def quoted(self, name: str) -> bool:
        """Whether the parameter stands in double quotes."""
        return any(key.lower() == name and value.startswith('"') for key, value in self.parameters)


def challenges(header: str | None) -> list[Challenge]:
    """The challenges of a header field; several fields arrive joined by commas."""
    text = header or ""
    masked = re.sub(r'"(?:[^"\\]|\\.)*"', lambda quoted: '"' + "_" * (len(quoted.group()) - 2) + '"', text)
    starts = [found for found in SCHEME.finditer(masked) if "=" not in found.group(1)]
    ends = [*(found.start() for found in starts[1:]), len(text)][: len(starts)]
    return [
        Challenge(found.group(1).lower(), tuple(PARAMETER.findall(text[found.end() : end])))
        for found, end in zip(starts, ends, strict=True)
    ]
