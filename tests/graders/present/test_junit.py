"""A report as JUnit XML: an exercise is a test suite, a criterion a test, and a state one of JUnit's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster import world
from graders.core.registry import exercise
from graders.core.report import Finding, Report, State
from graders.present.junit import ELEMENT, junit_xml
from tests.support.junit import suite
from tests.support.worlds import AwayCluster

PASSED = Finding("accepted", State.PASS, 2, 2, title="It is accepted")
FAILED = Finding(
    "replicas", State.FAIL, 3, 1.5, observed="spec.replicas: 1", expected="spec.replicas: 3", why="One pod is too few.",
    hint="Count them.", docs_url="kubernetes.io/docs", title="Three replicas", line=7,
)  # fmt: skip
OPEN = Finding("probe", State.NOT_STARTED, 1, 0, observed="Nothing is written here yet.")
UNJUDGED = Finding("release", State.NOT_JUDGED, 4, 0, observed="The cluster doesn't answer.")
REPORT = Report("deployment", "simulated", (PASSED, FAILED, OPEN, UNJUDGED), seconds=0.25, version="v1.37")


def test_each_state() -> None:
    """A passed criterion is a plain test; the others are a failure, skipped or an error, and are counted so."""
    found = suite(junit_xml(REPORT))
    assert found.attrib == {
        "name": "deployment", "tests": "4", "failures": "1", "errors": "1", "skipped": "1", "time": "0.250",
    }  # fmt: skip
    cases = found.findall("testcase")
    assert [(case.get("classname"), case.get("name")) for case in cases] == [
        ("deployment", "accepted"), ("deployment", "replicas"), ("deployment", "probe"), ("deployment", "release"),
    ]  # fmt: skip
    assert [[child.tag for child in case] for case in cases] == [[], ["failure"], ["skipped"], ["error"]]


def test_every_state_has_an_element() -> None:
    """Each state of a criterion has its element."""
    assert set(ELEMENT) == set(State)


def test_what_a_failure_says() -> None:
    """A failure says what was observed, what was expected, and what to do, as the card does."""
    failure = suite(junit_xml(REPORT))[2][0]
    assert failure.attrib == {"message": "Three replicas: spec.replicas: 1", "type": "fail"}
    assert (failure.text or "").splitlines() == [
        "Line: 7", "Points: 1.5 of 3 points", "Expected: spec.replicas: 3", "Why: One pod is too few.", "Next: Count them.",
        "Read: kubernetes.io/docs",
    ]  # fmt: skip


def test_points() -> None:
    """The suite's properties have score and maximum; a report that isn't judged has no score."""

    def properties(report: Report) -> dict[str | None, str | None]:
        return {one.get("name"): one.get("value") for one in suite(junit_xml(report)).iter("property")}

    assert properties(REPORT) == {"max": "10", "world": "simulated", "kubernetes": "v1.37"}
    assert properties(replace(REPORT, findings=(PASSED, FAILED)))["score"] == "3.5"


def test_an_exercise() -> None:
    """A judged exercise has a test for each of its criteria; if the cluster doesn't answer, each is an error."""
    deployment = exercise("deployment")
    for where, element in ((world(), "failure"), (AwayCluster(), "error")):
        found = suite(junit_xml(deployment.judge("kind: Deployment\n", where)))
        assert [case.get("name") for case in found.iter("testcase")] == [one.name for one in deployment.criteria]
        assert len(list(found.iter(element))) == len(deployment.criteria)


@given(st.text(max_size=40))
@pytest.mark.parametrize("field", ["observed", "expected", "why", "hint", "docs_url", "title"])
def test_any_text(field: str, text: str) -> None:
    """Whatever a learner writes, the XML is well-formed, and the text is in it as text."""
    written: Any = {field: f"<b>&{text}]]>"}
    finding = replace(FAILED, **written)
    failure = suite(junit_xml(replace(REPORT, findings=(finding,))))[1][0]
    assert list(failure) == []
    assert "<b>&" in f"{failure.get('message')} {failure.text}"


def test_what_xml_forbids() -> None:
    """Characters that XML forbids are replaced: a parser would refuse the whole file."""
    assert "�" in (
        suite(junit_xml(replace(REPORT, findings=(replace(FAILED, observed="a\uffff\ufffe"),))))[1][0].get("message")
        or ""
    )
