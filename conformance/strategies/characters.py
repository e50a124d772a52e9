"""What UTF-8 can say, told to Hypothesis, which else finds it out in every run by trying each code point."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from hypothesis.internal.charmap import charmap_file

ENCODABLE = ((0x0, 0xD7FF), (0xE000, 0x10FFFF))
"""Everything but the surrogates (RFC 3629 section 3); all of it is read as it was written."""


def tell_hypothesis(storage: Path) -> None:
    """The table is where Hypothesis looks for it, if it keeps what it knows below this directory.

    Strings by a pattern are drawn from these characters; trying all of them takes more than a second.
    """
    path = charmap_file("codec-v2-utf-8")  # a version that has it elsewhere makes it itself
    if path.is_relative_to(storage):
        path.parent.mkdir(parents=True, exist_ok=True)
        with gzip.GzipFile(path, "wb", mtime=1) as file:
            file.write(json.dumps([ENCODABLE, ()]).encode())
