"""Turns the SCIM requirement catalogue, a Markdown file, into the clause tables; the record of how they came about.

    python tests/repo/convert_catalogue.py CATALOGUE.md conformance/tables

The catalogue has one Markdown table per group, headed `## G01 Title (72)`, with the columns ID, section, level,
requirement, test, precondition and client. What the converter decides beyond those columns stands in
`convert_catalogue.toml`. The tables are edited by hand since: running this again would overwrite those edits.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HEADING = re.compile(r"^## ([GC]\d\d) (.+) \((\d+)\)$")
CELL = re.compile(r"(?<!\\)\|")
AMBIGUITY = re.compile(r"AMB-\d\d")
REFERENCE = re.compile(r"(?:7644-)?(\d(?:\.\d+)+)-(\d\d)((?:/-\d\d)*)")
OPEN_ROW = re.compile(r"^\| (AMB-\d\d) \|.*\| ([^|]+) \|$", re.MULTILINE)
CITED = re.compile(r"(?:([\dPRACEO][\d.A-Z-]*)-|-)(\d\d)(?: to -(\d\d))?(?=,|$)")
STATUS_FIXED = re.compile(r"The sentence itself fixes the code in (.+?)\. `scimType`")
KEYWORD_FIXED = re.compile(r"it belongs to the requirement only in (.+?); elsewhere")
SOURCES = {
    "PRAC-E": ("Entra practice", "field"),
    "PRAC-O": ("Okta practice", "field"),
    "BCP195": ("BCP 195", "protocol versions"),
}
DECISIONS: Mapping[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


class UnreadableCatalogue(Exception):
    """The Markdown file is not laid out as a catalogue; the message names the line or row."""


@dataclass(frozen=True, slots=True)
class Row:
    """One table row with the group it stands in."""

    group: str
    id: str
    section: str
    level: str
    says: str
    test: str
    condition: str


def rows(markdown: str) -> Iterator[Row]:
    """Every row of every group, in the catalogue's order; raises UnreadableCatalogue on a row without seven cells."""
    group = ""
    for line in markdown.splitlines():
        if heading := HEADING.match(line):
            group = heading[1]
        elif line.startswith("#"):
            group = ""
        elif group and line.startswith("| ") and not line.startswith(("| ID ", "| --- ")):
            cells = [cell.strip().replace("\\|", "|") for cell in CELL.split(line)[1:-1]]
            if len(cells) != 7:
                raise UnreadableCatalogue(f"{group}: {len(cells)} cells instead of 7 in {line[:60]}")
            yield Row(group, *cells[:6])


def fixed_ids(markdown: str, sentence: re.Pattern[str]) -> frozenset[str]:
    """The clauses that a sentence of the catalogue lists as fixing a status or a keyword."""
    found = sentence.search(markdown)
    if found is None:
        raise UnreadableCatalogue(f"no sentence matches {sentence.pattern}")
    ids: set[str] = set()
    for section, number, more in REFERENCE.findall(found[1]):
        ids.update(f"7644-{section}-{last}" for last in [number, *re.findall(r"\d\d", more)])
    return frozenset(ids)


def cited(markdown: str) -> dict[str, set[str]]:
    """The ambiguities of each clause, from the column Rows of their table; `7644-3.10-04 to -06` names three."""
    ambiguities: dict[str, set[str]] = {}
    for ambiguity, column in OPEN_ROW.findall(markdown):
        section = ""
        for named, first, last in CITED.findall(column):
            section = named or section
            for number in range(int(first), int(last or first) + 1):
                ambiguities.setdefault(f"{section}-{number:02}", set()).add(ambiguity)
    return ambiguities


def condition(row: Row) -> str:
    """The condition of a row in the language of `conformance/tables/README.md`."""
    decided: str | None = DECISIONS["clause"].get(row.id)
    if decided is not None:
        return decided
    spoken = DECISIONS["client" if row.group.startswith("C") else "conditions"]
    if row.condition not in spoken:
        raise UnreadableCatalogue(f"{row.id}: no condition is decided for {row.condition!r}")
    terms = [*DECISIONS["group"].get(row.group, "").split(" and "), *spoken[row.condition].split(" and ")]
    return " and ".join(dict.fromkeys(term for term in terms if term))


def origin(section: str) -> tuple[str, str]:
    """The source and the section in it: `7644-3.12` is section 3.12 of RFC 7644."""
    if section in SOURCES:
        return SOURCES[section]
    document, _, part = section.partition("-")
    return f"RFC {document}", part


def clause(
    row: Row, status: frozenset[str], keyword: frozenset[str], open_in: Mapping[str, set[str]]
) -> dict[str, str | list[str]]:
    """The fields of the clause that a row becomes; a field that holds its default is left out."""
    source, section = origin(row.section)
    fixed = ["status"] * (row.id in status) + ["keyword"] * (row.id in keyword)
    unchecked = [reason for reason, ids in DECISIONS["unchecked"].items() if row.id in ids]
    fields: dict[str, str | list[str]] = {
        "id": row.id,
        "source": source,
        "section": section,
        "level": row.level,
        "group": row.group,
        "says": row.says,
        "test": row.test,
        "applies_when": condition(row),
        "fixed": " ".join(fixed),
        "ambiguities": sorted({*AMBIGUITY.findall(row.says + row.test), *open_in.get(row.id, ())}),
        "confidence": "observed" if row.level == "PRAC" else "",
        "unchecked": "".join(unchecked),
        "same_as": DECISIONS["same_as"].get(row.id, ""),
    }
    return {name: value for name, value in fields.items() if value}


def quoted(text: str) -> str:
    """The text as a TOML string that needs no escapes."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f"'{text}'" if "'" not in text else f"'''{text}'''"


def toml(fields: Mapping[str, str | list[str]]) -> str:
    """One clause as a TOML table, one field per line."""
    lines = ["[[clause]]"]
    for name, value in fields.items():
        shown = f"[{', '.join(map(quoted, value))}]" if isinstance(value, list) else quoted(value)
        lines.append(f"{name} = {shown}")
    return "\n".join(lines) + "\n"


def write_tables(markdown: str, folder: Path) -> dict[str, int]:
    """Writes one file per group; returns how many clauses each holds."""
    status, keyword = fixed_ids(markdown, STATUS_FIXED), fixed_ids(markdown, KEYWORD_FIXED)
    open_in = cited(markdown)
    groups: dict[str, list[str]] = {}
    for row in rows(markdown):
        groups.setdefault(row.group, []).append(toml(clause(row, status, keyword, open_in)))
    for group, tables in groups.items():
        (folder / f"{group}.toml").write_text("\n".join(tables), encoding="utf-8")
    return {group: len(tables) for group, tables in groups.items()}


def main(arguments: Iterable[str]) -> int:
    """Converts the catalogue named first into the folder named second."""
    catalogue, folder = map(Path, arguments)
    counts = write_tables(catalogue.read_text(encoding="utf-8"), folder)
    sys.stdout.write(f"{sum(counts.values())} clauses in {len(counts)} groups\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
