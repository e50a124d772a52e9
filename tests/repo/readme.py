"""The README as a transcript: its blocks in order, and what each command block really prints.

A `sh` block is run; a `text` block behind it is what it prints, `…` standing for anything. A `python` block whose first
line is a comment with a file name is written to that file. Blocks of other kinds are only shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (\S+\.py)\n")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its kind and its text."""

    kind: str
    text: str

    @property
    def file(self) -> str | None:
        """The file name in the first line of a python block."""
        found = FILE.match(self.text) if self.kind == "python" else None
        return found.group(1) if found else None


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a Markdown text, in order."""
    return (Block(kind, body) for kind, body in BLOCK.findall(text))


def pattern(expected: str) -> re.Pattern[str]:
    """A pattern for printed text: `…` stands for anything, white space at line ends does not count."""
    lines = [".*".join(map(re.escape, line.rstrip().split("…"))) for line in expected.strip().splitlines()]
    return re.compile(r"[ \t]*\n".join(lines) + r"\s*\Z", re.DOTALL)
