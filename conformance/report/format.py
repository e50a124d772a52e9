"""Results and exchanges as JSON objects, and back; what report.schema.json describes."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from conformance.model import CheckResult, Exchange, Level, Reading, Verdict

FORMAT = "conformance-report/1"
BODY_LIMIT = 16_384
Redact = Callable[[str], str]
RedactHeaders = Callable[[Mapping[str, str]], dict[str, str]]


def exchange_to_json(exchange: Exchange, redact: Redact, redact_headers: RedactHeaders) -> dict[str, Any]:
    """One exchange without secrets; bodies over 16 kB are cut, those that are not UTF-8 are base64."""
    return {
        "method": exchange.method,
        "url": redact(exchange.url),
        "request": {"headers": redact_headers(exchange.request_headers), **_body(exchange.request_body, redact)},
        "status": exchange.status,
        "response": {"headers": redact_headers(exchange.response_headers), **_body(exchange.response_body, redact)},
        "elapsed_ms": round(exchange.elapsed_ms, 1),
        "error": redact(exchange.error) if exchange.error else None,
    }


def exchange_from_json(document: Mapping[str, Any]) -> Exchange:
    """The exchange a report holds, placeholders where secrets were."""
    return Exchange(
        method=document["method"],
        url=document["url"],
        request_headers=document["request"]["headers"],
        request_body=_bytes(document["request"]),
        status=document["status"],
        response_headers=document["response"]["headers"],
        response_body=_bytes(document["response"]),
        elapsed_ms=document["elapsed_ms"],
        error=document["error"],
    )


def result_to_json(result: CheckResult, redact: Redact, redact_headers: RedactHeaders) -> dict[str, Any]:
    """One result without secrets."""
    return {
        "kind": "result",
        "check": result.check,
        "clause": result.clause,
        "suite": result.suite,
        "title": result.title,
        "level": result.level.value,
        "verdict": result.verdict.value,
        "expected": redact(result.expected),
        "observed": redact(result.observed),
        "observations": [redact(note) for note in result.observations],
        "readings": [reading_to_json(reading) for reading in result.readings],
        "exchanges": [exchange_to_json(exchange, redact, redact_headers) for exchange in result.exchanges],
    }


def result_from_json(document: Mapping[str, Any]) -> CheckResult:
    """The result a report holds; raises KeyError or ValueError for another object."""
    return CheckResult(
        check=document["check"],
        clause=document["clause"],
        suite=document["suite"],
        title=document["title"],
        level=Level(document["level"]),
        verdict=Verdict(document["verdict"]),
        expected=document["expected"],
        observed=document["observed"],
        observations=tuple(document["observations"]),
        readings=tuple(map(reading_from_json, document["readings"])),
        exchanges=tuple(exchange_from_json(exchange) for exchange in document["exchanges"]),
    )


def reading_to_json(reading: Reading) -> dict[str, Any]:
    """One reading of an open text."""
    return {**asdict(reading), "offered": list(reading.offered)}


def reading_from_json(document: Mapping[str, Any]) -> Reading:
    """The reading a report holds; raises KeyError or TypeError for another object."""
    return Reading(document["ambiguity"], document["seen"], tuple(document["offered"]), document["about"])


def _body(content: bytes, redact: Redact) -> dict[str, Any]:
    cut = {"truncated": len(content)} if len(content) > BODY_LIMIT else {}
    try:
        return {"body": redact(content.decode())[:BODY_LIMIT], **cut}
    except UnicodeDecodeError:
        told = redact(content.decode("latin-1")).encode("latin-1", "replace")
        return {"base64": b64encode(told[:BODY_LIMIT]).decode(), **cut}


def _bytes(part: Mapping[str, Any]) -> bytes:
    return b64decode(part["base64"]) if "base64" in part else str(part["body"]).encode("utf-8", "surrogatepass")
