"""The tested minor versions of Kubernetes, and the note on a run with another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cluster.kind.world import TESTED, untested
from cluster.kubernetes import CURRENT, MINORS, displayed
from cluster.train.stops import JOB
from cluster.train.timeline import Event, EventKind, Timeline
from graders.application_platform.exercises.daily_report.job_outcomes import told

ROOT = Path(__file__).parents[3]
ROW = re.compile(r"^\| (\d+\.\d+) \| ([a-z ]+) \| ([a-z ]+) \|$", re.MULTILINE)


def test_the_document_lists_the_minors_that_are_tested() -> None:
    """docs/kind.md has a row for each minor with recorded verdicts, the newest first; runs are compared on the current minor."""
    rows = ROW.findall((ROOT / "docs/kind.md").read_text(encoding="utf-8"))
    assert rows == [
        (minor, "compared", "compared" if minor == CURRENT else "not compared") for minor in reversed(MINORS)
    ]


@pytest.mark.parametrize("version", ["v1.35", "v1.99"])
def test_a_run_on_another_minor_says_so(version: str) -> None:
    """If the cluster's minor differs from the one on which the worlds are compared, a run's card names both."""
    assert untested(TESTED) == ""
    assert displayed(CURRENT) == TESTED
    assert TESTED in untested(version)
    assert version in untested(version)


def test_a_job_on_another_minor_is_told_with_its_story() -> None:
    """The card's note on the cluster's minor version follows a Job's story and doesn't replace it."""
    events = (Event(0, JOB, JOB, EventKind.BEGAN), Event(1, JOB, JOB, EventKind.FAILED_CREATE, "no room"))
    story, note = told(Timeline("kind", "v1.99", events, note=untested("v1.99")))
    assert "no room" in story
    assert note == f"{untested('v1.99')}."
    assert list(told(Timeline("kind", TESTED, note="The image isn't there, so no job was started"))) == [
        "The image isn't there, so no job was started."
    ]
