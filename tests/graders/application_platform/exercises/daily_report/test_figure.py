"""The strip of the calendar: a mark a run, at its day and hour."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime

from cluster import world
from graders.application_platform.exercises.daily_report import figure as strip
from graders.application_platform.exercises.daily_report.rubric import EXERCISE, CronJobEvidence, looked_at
from graders.present import card
from tests.support.manifests import CRON_JOB

MONDAY = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def evidence(schedule: str) -> CronJobEvidence:
    return looked_at(EXERCISE.parse(CRON_JOB.replace("0 2 * * *", schedule)), world(), MONDAY)


def titles(schedule: str, element: str) -> list[str]:
    drawn = ET.fromstring(strip.svg(evidence(schedule)))  # noqa: S314  our own
    return [e.findtext(f"{SVG}title") or "" for e in drawn.iter(f"{SVG}{element}") if e.find(f"{SVG}title") is not None]


def test_good_runs() -> None:
    """Runs at the right hour are circles, one on each of the seven days."""
    assert titles("0 2 * * *", "circle") == [
        f"{day} Mar 02:00 UTC"
        for day in ("Mon 02", "Tue 03", "Wed 04", "Thu 05", "Fri 06", "Sat 07", "Sun 08")
    ]  # fmt: skip
    assert titles("0 2 * * *", "path") == []


def test_other_runs() -> None:
    """Runs at other times have another shape, and too many runs in a day become a bar."""
    assert titles("30 14 * * 1", "path") == ["Mon 02 Mar 14:30 UTC"]
    assert titles("*/5 6-8 * * 2", "rect") == [f"many runs from {hour:02d}:00 on" for hour in (6, 7, 8)]


def test_alt() -> None:
    """The strip's text lists the times of the runs, and says if there is none."""
    assert "Runs: Mon 02 Mar 02:00, Tue 03 Mar 02:00" in strip.alt(evidence("0 2 * * *"))
    assert "and 161 more" in strip.alt(evidence("0 * * * *"))
    assert "no run" in strip.alt(evidence("0 2 30 2 *"))


def test_on_the_card() -> None:
    """The card has the strip as a figure, unless the schedule can't be read."""
    assert "Your CronJob runs at 02:00 UTC every day" in card.html(EXERCISE.judge(CRON_JOB, world()))
    assert "<figure" not in card.html(EXERCISE.judge(CRON_JOB.replace("0 2 *", "two"), world()))
    assert "counts" not in strip.caption(evidence("@every 24h"))
