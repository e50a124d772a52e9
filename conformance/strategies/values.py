"""Texts that break naive servers, each with the mistake it is there to find."""

from __future__ import annotations

from string import ascii_letters, digits
from typing import Final

from hypothesis import strategies as st

HOSTILE: Final[dict[str, str]] = {
    "quotes": 'Say "yes" twice',
    "backslash": "back\\slash",
    "trailing backslash": "ends with \\",
    "percent": "100% sure",
    "underscore": "under_score",
    "plus": "one+one",
    "ampersand": "salt&pepper=1",
    "hash and semicolon": "c# ; java",
    "non-BMP": "rocket \U0001f680 \U0001d49c",
    "combining": "Zoe\u0308 Ke\u0301zdi",
    "dotted I": "\u0130stanbul",
    "dotless i": "\u0131s\u0131",
    "sharp s": "Stra\u00dfe",
    "final sigma": "\u039f\u03b4\u03cc\u03c2",
    "Latin-1": "\u00c5ngstr\u00f6m \u00c9cole",
    "right to left": "\u05e9\u05dc\u05d5\u05dd",
    "one character": "q",
    "long": ("Long winded " * 84)[:999] + ".",
    "filter injection": '") or (userName pr',
    "SQL injection": "' OR '1'='1",
    "directory injection": "*)(uid=*",
    "pattern": ".* [a-z]+?",
    "lines": "first\nsecond\tthird",
    "word": "null",
}
"""What is hostile -> the text; every text is legal in a SCIM string."""

DECOYS: Final[dict[str, str]] = {
    "percent": "100 be sure",
    "underscore": "underXscore",
    "plus": "one one",
    "backslash": "backslash",
    "sharp s": "Strase",
    "pattern": "xyz abc",
}
"""What is hostile -> a text that only a server with that mistake takes for it."""

PLAIN: Final = st.text(alphabet=f"{ascii_letters}{digits} ", min_size=1, max_size=12)
"""Words that no server has a reason to change; never only spaces."""


def texts() -> st.SearchStrategy[str]:
    """Texts for a single-valued string attribute: mostly plain, often hostile; simplest first."""
    plain = PLAIN.map(str.strip).filter(bool)
    return st.one_of(plain, st.sampled_from([*HOSTILE.values(), *DECOYS.values()]))
