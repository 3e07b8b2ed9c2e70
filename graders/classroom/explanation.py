"""What ``workbook explain`` says of one answer: what it was judged by, and whether judging it again agrees."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata

from cluster.text.amounts import format_score, format_size
from graders.core.report import Report
from graders.core.version import version

SAME = "Judged again, it is the same."


@dataclass(frozen=True, slots=True)
class Record:
    """What the course has of a judgment: its score (None without one), state, world, and time in UTC.

    ``versions`` are the workbook's and Kubernetes'; ``submission`` is the digest of the notebook that was judged. Each text
    may be empty.
    """

    score: float | None
    state: str
    world: str
    versions: Mapping[str, str]
    graded_at: datetime
    submission: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One answer of a student: its text and notebook, the new report, and the record of the graded judgment, if any.

    ``by_hand`` is a score that a person gave. ``handed_in`` is the submission's time in UTC.
    """

    student: str
    notebook: str
    submission: str
    text: str
    report: Report
    record: Record | None
    by_hand: float | None = None
    handed_in: datetime | None = None


def lines(found: Explanation) -> Iterator[tuple[str, str]]:
    """Yield what is below the card: a label and a text each."""
    data = found.text.encode("utf-8", "replace")
    yield "answer", f"sha256 {hashlib.sha256(data).hexdigest()}, {format_size(len(data))}"
    notebook = f"{found.notebook}.ipynb"
    yield "notebook", f"{notebook}, sha256 {found.submission}" if found.submission else f"{notebook} wasn't handed in"
    if found.handed_in is not None:
        yield "handed in", _time(found.handed_in)
    now = {"workbook": version(), "Kubernetes": found.report.version, "nbgrader": metadata.version("nbgrader")}
    yield "versions", _versions(now)
    yield "world", found.report.world
    if found.record is not None:
        score = _score(found.record.score, found.report.max)
        yield (
            "graded",
            ", ".join(filter(None, (score, _time(found.record.graded_at), _versions(found.record.versions)))),
        )
    if found.by_hand is not None:
        yield "by hand", f"{_score(found.by_hand, found.report.max)}; this score counts"


def differences(found: Explanation) -> Iterator[str]:
    """Yield a sentence for each difference between the record and the new report."""
    report, record = found.report, found.record
    if record is None:
        if found.submission:
            yield "This answer has no record yet: run “workbook grade”."
        return
    if record.submission != found.submission:
        yield "The notebook has changed since it was graded: run “workbook grade”."
    score = report.score if report.judged else None
    if (score, report.state.value) != (record.score, record.state):
        then, now = _score(record.score, report.max), _score(score, report.max)
        yield f"Judged again, it differs: {then} ({record.state}) then, {now} ({report.state}) now."


def _score(score: float | None, most: float) -> str:
    return "no score" if score is None else format_score(score, most)


def _time(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"


def _versions(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{what} {number}" for what, number in versions.items() if number)
