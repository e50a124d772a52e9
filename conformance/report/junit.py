"""JUnit XML for CI servers: one test case per check and clause."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from conformance.model import CheckResult, Verdict
from conformance.report.curl import curl_lines
from conformance.report.outcome import Outcome

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(outcome: Outcome) -> str:
    """FAIL is a failure, ERROR and a NOT_RUN an error, NOT_APPLICABLE and KNOWN skipped; WARN passes with its text."""
    root = ET.Element("testsuites", name="conformance")
    for suite in outcome.suites():
        results = [result for result in outcome.results if result.suite == suite]
        element = ET.SubElement(root, "testsuite", name=suite, tests=str(len(results)))
        kinds = [_case(element, outcome, result) for result in results]
        for attribute, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            element.set(attribute, str(kinds.count(kind)))
    return ET.tostring(root, encoding="unicode", xml_declaration=True)


_KINDS = {
    Verdict.FAIL: "failure",
    Verdict.ERROR: "error",
    Verdict.NOT_RUN: "error",
    Verdict.NOT_APPLICABLE: "skipped",
    Verdict.KNOWN: "skipped",
    Verdict.WARN: "system-out",
}


def _case(suite: ET.Element, outcome: Outcome, result: CheckResult) -> str:
    case = ET.SubElement(suite, "testcase", classname=result.check, name=_clean(f"{result.clause} {result.title}"))
    kind = _KINDS.get(result.verdict, "")
    if result.clause in outcome.tentative and kind in {"failure", "error"}:
        kind = "system-out"
    if kind:
        element = ET.SubElement(case, kind)
        if kind != "system-out":
            element.set("message", _clean(f"{result.verdict.value}: {result.observed}"[:500]))
        element.text = _clean(_text(outcome, result))
    return kind


def _text(outcome: Outcome, result: CheckResult) -> str:
    lines = [
        result.verdict.value,
        outcome.says(result.clause),
        f"expected: {result.expected}",
        f"observed: {result.observed}",
    ]
    lines += result.observations
    return "\n".join([*lines, *curl_lines(result.exchanges, str(outcome.header.get("target", "")))])


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
