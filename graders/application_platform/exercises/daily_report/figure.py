"""The runs of a CronJob as a calendar strip: a row for each day, 24 hours in UTC from left to right, a mark for each run.

The required hour is a dashed column. Colors are mid-tones that are visible on white and on black; a run at the required
hour also has another shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from graders.application_platform.exercises.daily_report.rubric import SHOWN_DAYS, CronJobEvidence
from graders.application_platform.exercises.daily_report.runs import ASKED, told
from graders.present.svg.axis import Axis, legend
from graders.present.templating import picture, templates_beside

render = templates_beside(__file__)

LEFT, HOUR, ROW, TOP = 90, 30, 24, 30
RIGHT = LEFT + HOUR * 24
AXIS = Axis(LEFT, RIGHT, 24)
"""The hours of a day."""

LEGEND = (("good", "a run at 02:00 UTC"), ("bad", "a run at another time"))
ASKED_HOUR = ASKED[0].hour
MOST_MARKS = 24
"""The most marks in one row; more become a bar."""


@dataclass(frozen=True, slots=True)
class RunMark:
    """A run, or an hour with many; ``good`` if it is at the required hour. Sizes are in pixels."""

    x: float
    width: float
    good: bool
    when: str


@dataclass(frozen=True, slots=True)
class Day:
    """One row: its label, its vertical position in pixels, and its runs."""

    label: str
    y: float
    marks: tuple[RunMark, ...]


def figure(evidence: CronJobEvidence) -> Markup:
    """Return the strip as a figure; empty if the schedule can't be read."""
    if evidence.schedule is None:
        return Markup()
    return picture(svg(evidence), alt(evidence), caption(evidence))


def svg(evidence: CronJobEvidence) -> str:
    """Return the strip of seven days as SVG, from the evidence's first day."""
    days = [evidence.since + timedelta(days=n) for n in range(SHOWN_DAYS)]
    rows = [
        Day(f"{day:%a %d %b}", TOP + ROW * n, tuple(_marks([r for r in evidence.week if r.date() == day.date()])))
        for n, day in enumerate(days)
    ]
    bottom = TOP + ROW * len(rows)
    return render(
        "strip.svg", rows=rows, hours=AXIS.ticks(2, "{:02.0f}".format), left=LEFT, right=RIGHT, row=ROW, top=TOP,
        asked=AXIS.at(ASKED_HOUR), bottom=bottom, width=RIGHT + 30, legend=tuple(legend(LEGEND, LEFT, RIGHT, bottom + 10)),
    )  # fmt: skip


def alt(evidence: CronJobEvidence) -> str:
    """Describe the strip in words."""
    if not evidence.week:
        return f"Calendar of seven days from {evidence.since:%d %B %Y} on: no run. 02:00 UTC is marked."
    first = ", ".join(f"{run:%a %d %b %H:%M}" for run in evidence.week[:SHOWN_DAYS])
    more = f", and {len(evidence.week) - SHOWN_DAYS} more" if len(evidence.week) > SHOWN_DAYS else ""
    return f"Calendar of seven days, hours in UTC, 02:00 marked. Runs: {first}{more}."


def caption(evidence: CronJobEvidence) -> str:
    """Return a sentence about what the strip shows."""
    if evidence.schedule is not None and evidence.schedule.every:
        return "Your next runs, if the first interval began at midnight"
    does = "runs" if evidence.admission.accepted else "isn't accepted yet; it would run"
    return f"Your CronJob {does} {told(evidence.year)}. The dashed column is 02:00 UTC"


def _marks(runs: Sequence[datetime]) -> Iterator[RunMark]:
    if len(runs) > MOST_MARKS:
        by_hour = dict.fromkeys(run.hour for run in runs)
        for hour in by_hour:
            yield RunMark(AXIS.at(hour), HOUR - 1, False, f"many runs from {hour:02d}:00 on")
        return
    for run in runs:
        good = (run.hour, run.minute) == (ASKED_HOUR, 0)
        yield RunMark(AXIS.at(run.hour + run.minute / 60), 0, good, f"{run:%a %d %b %H:%M} UTC")
