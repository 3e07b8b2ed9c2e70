"""When a CronJob runs, in words, and what it does about overlapping and missed runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from graders.application_platform.exercises.daily_report.reading import CronJob
from graders.reading.text import shown

YEAR = 2028
"""The year for which a schedule is judged: a leap year, so that it has every date."""

BEFORE = datetime(YEAR, 1, 1, tzinfo=UTC) - timedelta(seconds=1)
DAYS = 366
MOST_RUNS = 24 * 60
"""The most runs that are compared: enough for one a minute during a whole day."""

ASKED: tuple[datetime, ...] = tuple(datetime(YEAR, 1, 1, 2, tzinfo=UTC) + timedelta(days=n) for n in range(DAYS))
"""02:00 UTC on every day of the year."""

TICK = 10
"""The CronJob controller checks every 10 seconds; a shorter starting deadline may always be missed."""

MISSED = 100
"""After more missed runs the controller starts none of them and logs an error."""

_FEW = 3
_BESIDE = "a second one starts at the same time"
_OVERLAP = {
    "Forbid": "the new run is skipped and counts as missed",
    "Replace": "the old run is stopped and the new one replaces it",
}


def told(year: Sequence[datetime]) -> str:
    """Describe the runs of the year in a few words that complete “it runs”."""
    if not year:
        return "never"
    times = list(dict.fromkeys(f"{run:%H:%M}" for run in year))
    by_day = Counter(run.date() for run in year)
    if len(by_day) == len(year) == DAYS and len(times) == 1:
        return f"at {times[0]} UTC every day"
    if len(by_day) >= DAYS - 1 and len(year) <= DAYS + 1:  # summer time: one run is skipped, another comes twice
        winter, summer = (next(run for run in year if run.month == month) for month in (1, 7))
        return f"at {winter:%H:%M} UTC in January and at {summer:%H:%M} UTC in July"
    if (busiest := max(by_day.values())) > 1:
        return _several(busiest, sorted(times), year)
    at = " and ".join(f"{t} UTC" for t in times) if len(times) <= _FEW else "various times"
    return f"at {at}, but not every day: {_days(year)}"


def _several(busiest: int, times: Sequence[str], year: Sequence[datetime]) -> str:
    """Describe several runs a day; of very many, ``year`` has only those of the first days."""
    if len(times) == busiest <= _FEW:
        when = f"at {' and '.join(f'{time} UTC' for time in times)}"
    else:
        when = f"from {times[0]} to {times[-1]} UTC"
    first, last = year[0].date(), year[-1].date()
    daily = (last - first).days < len({run.date() for run in year})
    return f"{busiest} times a day, {when}{'' if daily else ', but not every day'}"


def _days(year: Sequence[datetime]) -> str:
    first = ", ".join(f"{run:%a %d %b}" for run in year[:3])
    return f"{first} …" if len(year) > _FEW else f"only {first}"


def remarks(answer: CronJob) -> Iterator[str]:
    """Yield what the learner's settings mean for overlapping runs, for missed runs, and for the time zone."""
    yield _overlapping(answer)
    yield _missed(answer)
    if answer.spec("timeZone") is None:
        yield (
            "timeZone isn't set, so the cluster's own time zone counts. That is UTC here and almost everywhere. "
            "With “timeZone: Etc/UTC” it is always UTC."
        )


def _overlapping(answer: CronJob) -> str:
    policy = answer.spec("concurrencyPolicy")
    said = f"concurrencyPolicy: {shown(policy)}" if policy else "concurrencyPolicy isn't set, so it is Allow"
    return f"If one report still runs when the next one is due, {_OVERLAP.get(str(policy), _BESIDE)} ({said})."


def _missed(answer: CronJob) -> str:
    deadline = answer.spec("startingDeadlineSeconds")
    if not _number(deadline):
        return (
            "If the cluster is down when a run is due, the latest missed run starts later, at any time "
            f"(startingDeadlineSeconds isn't set). After more than {MISSED} missed runs, {MISSED} days of a daily report, it "
            "starts none of them and logs an error."
        )
    if deadline < TICK:
        return (
            f"startingDeadlineSeconds: {shown(deadline)} is so short that a run may never start: the controller checks "
            f"every {TICK} seconds."
        )
    return (
        f"If the cluster is down when a run is due, the run still starts up to {shown(deadline)} s late; "
        "after that it is skipped (startingDeadlineSeconds). Only runs missed within that time are counted."
    )


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
