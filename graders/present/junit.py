"""Reports as JUnit XML: the format of ``workbook check --format junit``, which CI servers show as tests.

The format has no specification; https://github.com/testmoapp/junitxml documents what tools agree on. An exercise is a
``testsuite`` and a criterion a ``testcase``. A criterion that isn't met is a ``failure``, one that isn't started is ``skipped``, and
one that couldn't be judged is an ``error``: the environment's, not the learner's. Points are in ``properties``.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator

from cluster.text.amounts import format_number, format_score
from graders.core.report import Finding, Report, State

ELEMENT = {
    State.PASS: "", State.FAIL: "failure", State.NOT_STARTED: "skipped", State.WAITING: "error", State.NOT_JUDGED: "error",
}  # fmt: skip
"""The element that says a criterion's state; a passed one has none."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 forbids, even as references (https://www.w3.org/TR/xml/#charsets)."""


def junit_xml(report: Report) -> str:
    """Return one report as an XML document, without a newline at its end."""
    states = Counter(ELEMENT[finding.state] for finding in report.findings)
    counts = {
        "tests": str(len(report.findings)), "failures": str(states["failure"]), "errors": str(states["error"]),
        "skipped": str(states["skipped"]), "time": f"{report.seconds:.3f}",
    }  # fmt: skip
    top = ET.Element("testsuites", {"name": "workbook", **counts})
    suite = ET.SubElement(top, "testsuite", {"name": report.exercise, **counts})
    properties = ET.SubElement(suite, "properties")
    score = format_number(report.score) if report.judged else ""
    about = {"score": score, "max": format_number(report.max), "world": report.world, "kubernetes": report.version}
    for name, value in about.items():
        if value:
            ET.SubElement(properties, "property", {"name": name, "value": _xml(value)})
    for finding in report.findings:
        _add(suite, report, finding)
    ET.indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(top, encoding="unicode")


def _add(suite: ET.Element, report: Report, finding: Finding) -> None:
    case = ET.SubElement(suite, "testcase", {"classname": report.exercise, "name": finding.criterion, "time": "0.000"})
    kind = ELEMENT[finding.state]
    if not kind:
        return
    title = f"{finding.title}: " if finding.title else ""
    said = ET.SubElement(case, kind, {"message": _xml(f"{title}{finding.observed or finding.state}")})
    if kind != "skipped":
        said.set("type", str(finding.state))
    said.text = _xml("\n".join(_lines(report, finding)))


def _lines(report: Report, finding: Finding) -> Iterator[str]:
    """Yield what a person reads below the message, as on the card."""
    if finding.line:
        yield f"Line: {finding.line}"
    if finding.state is not State.NOT_JUDGED and finding.points:
        yield f"Points: {format_score(finding.earned, finding.points)}"
    if finding.expected:
        yield f"Expected: {finding.expected}"
    if finding.why:
        yield f"Why: {finding.why}"
    if hint := finding.hint or report.hint:
        yield f"Next: {hint}"
    if finding.docs_url:
        yield f"Read: {finding.docs_url}"


def _xml(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
