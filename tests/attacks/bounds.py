"""Assertions that hold for the report on any answer."""

from __future__ import annotations

import time

from cluster import world
from graders.core.registry import exercise
from graders.core.report import Report
from graders.present import card
from graders.present.inline import plain
from graders.present.report_json import report_json

MOST_SECONDS = 2.0


def judge(name: str, text: str) -> Report:
    """Judge and show an answer in every way; assert that the report is about the answer and not about a bug."""
    began = time.process_time()
    report = exercise(name).judge(text, world())
    shown = (card.html(report), plain(report), report_json(report))
    assert time.process_time() - began < MOST_SECONDS
    assert report.judged, report.problem
    assert 0 <= report.score <= report.max == exercise(name).points
    assert "\x1b" not in "".join(shown)
    assert "<script" not in shown[0]
    return report
