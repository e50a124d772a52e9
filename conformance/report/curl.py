"""Exchanges as curl lines that repeat a finding, with ids the target chooses carried over in variables."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from conformance.model import Exchange

SETUP = (
    "export SCIM_URL={url}",
    "export SCIM_TOKEN=…   # the bearer token; for Basic: export SCIM_BASIC=$(printf '%s' 'user:password' | base64)",
)
ANOTHER = (
    "mock-samanage serve   # the tenant of the run is gone; ids may differ in another one",
    "export SCIM_URL=…     # as it says when it has started",
    "export SCIM_TOKEN=…   # likewise; for Basic: export SCIM_BASIC=$(printf '%s' 'user:password' | base64)",
)
_IMPLIED = frozenset({"accept-encoding", "user-agent", "connection", "content-length", "host"})
_JUST_ID = """| python3 -c 'import json,sys; print(json.load(sys.stdin)["id"])'"""
_BEFORE = r"(?:(?<=/)|(?<=\")|(?<=%22))"  # an id is replaced where it stands alone: a path segment, a whole string
_AFTER = r"(?=[/?\"]|%22|$)"
_HARMLESS = re.compile(r"[^\"\\`!$\x00-\x1f]*")


def setup_lines(header: Mapping[str, Any]) -> list[str]:
    """The lines that must be run once before any curl line, by the header of the report.

    The tenant that a connector was judged in is gone; another one takes its place.
    """
    if header.get("subject"):
        return list(ANOTHER)
    return [line.format(url=shlex.quote(str(header.get("target", "")))) for line in SETUP]


def curl_lines(exchanges: Sequence[Exchange], url: str) -> list[str]:
    """One line per exchange; what a POST creates is kept in ID1, ID2 … and used by the lines after it."""
    variables: dict[str, str] = {}
    lines = []
    for number, exchange in enumerate(exchanges, 1):
        line = curl_line(exchange, url, variables)
        identifier = _created(exchange) if number < len(exchanges) else None
        if identifier and identifier not in variables:
            name = f"ID{len(variables) + 1}"
            variables[identifier] = f"${name}"
            line = f"{name}=$({line} {_JUST_ID})"
        lines.append(line)
    return lines


def curl_line(exchange: Exchange, url: str, variables: Mapping[str, str] | None = None) -> str:
    """The request as one curl command in POSIX shell."""
    names = variables or {}
    parts = ["curl", "-sS"]
    if exchange.method == "HEAD":
        parts.append("-I")
    elif exchange.method != "GET":
        parts += ["-X", shlex.quote(exchange.method)]
    where = "$SCIM_URL" + exchange.url.removeprefix(url) if exchange.url.startswith(url) else exchange.url
    parts.append(_quote(where, names))
    for name, value in exchange.request_headers.items():
        if name.lower() not in _IMPLIED:
            parts += ["-H", _quote(f"{name}: {value}", names)]
    if exchange.request_body:
        parts += ["--data-binary", _body(exchange.request_body, names)]
    return " ".join(parts)


def _body(content: bytes, names: Mapping[str, str]) -> str:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return "$'" + "".join(f"\\x{byte:02x}" for byte in content) + "'"
    return _quote(text, names)


def _quote(text: str, names: Mapping[str, str]) -> str:
    """The text as one shell word; variables in it are expanded, everything else is taken literally."""
    ids = "|".join(re.escape(identifier) for identifier in sorted(names, key=len, reverse=True))
    known = r"\$SCIM_(?:URL|TOKEN|BASIC)(?![A-Z_])" + (rf"|{_BEFORE}(?:{ids}){_AFTER}" if ids else "")
    pieces = re.split(f"({known})", text)
    variables = [names.get(piece, piece) for piece in pieces[1::2]]
    literals = pieces[::2]
    if variables and all(_HARMLESS.fullmatch(literal) for literal in literals):
        return '"' + "".join(part for pair in zip_longest(literals, variables, fillvalue="") for part in pair) + '"'
    quoted = [shlex.quote(literal) if literal else "" for literal in literals]
    return (
        "".join(
            part for pair in zip_longest(quoted, [f'"{name}"' for name in variables], fillvalue="") for part in pair
        )
        or "''"
    )


def _created(exchange: Exchange) -> str | None:
    if exchange.method != "POST" or exchange.status != 201:
        return None
    try:
        found = json.loads(exchange.response_body)
    except ValueError:
        return None
    identifier = found.get("id") if isinstance(found, dict) else None
    return identifier if isinstance(identifier, str) and len(identifier) > 0 else None
