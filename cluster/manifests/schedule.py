"""The runs of a CronJob: the next times of a schedule, in its time zone.

A run is due at each minute whose wall clock fits the schedule. A minute that the clock skips in spring has no run;
one that it repeats in autumn has two. Source: SpecSchedule.Next of github.com/robfig/cron v3, which the
CronJob controller uses; kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cluster.errors import NotJudgedError
from cluster.manifests.cron import CronError, CronField, is_zone, read_schedule

SEARCHED = timedelta(days=5 * 366)
"""How far ahead the controller searches for the next run; a schedule may name a day that never comes."""

_LONGEST = timedelta(days=365_000)


class ScheduleError(ValueError):
    """An invalid schedule or time zone; the message is the cron parser's."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A parsed schedule. ``every`` is None except for ``@every``, which counts from the last run instead of by the clock."""

    zone: ZoneInfo
    fields: tuple[CronField, ...] = ()
    every: timedelta | None = None

    def fits(self, local: datetime) -> bool:
        """Whether a run is due in this minute of the zone's wall clock."""
        minute, hour = self.fields[:2]
        return local.minute in minute.values and local.hour in hour.values and self.fits_day(local.date())

    def fits_day(self, day: date) -> bool:
        """Whether there are runs on this day: if day of month and day of week are both restricted, either is enough."""
        of_month, month, of_week = self.fields[2:]
        by_month, by_week = day.day in of_month.values, day.isoweekday() % 7 in of_week.values
        fits = by_month and by_week if of_month.star or of_week.star else by_month or by_week
        return fits and day.month in month.values


def read(text: str, zone: str = "UTC") -> Schedule:
    """Parse a schedule that counts in an IANA time zone.

    Raises ScheduleError for an invalid schedule or zone, and NotJudgedError if this machine has no data on the zone.
    """
    try:
        written = read_schedule(text)
    except CronError as error:
        raise ScheduleError(str(error)) from None
    counted_in = written.zone or zone
    if counted_in in ("", "Local") or not is_zone(counted_in):
        raise ScheduleError(f"unknown time zone {counted_in}")
    every = None
    if not written.fields:
        seconds = min(written.every, _LONGEST.total_seconds())
        every = timedelta(seconds=max(1, int(seconds)))
    try:
        return Schedule(ZoneInfo(counted_in), written.fields, every)
    except ZoneInfoNotFoundError:
        raise NotJudgedError(
            f"This machine has no data on the time zone {counted_in}.",
            "Install the package tzdata, or run “make setup”.",
        ) from None


def runs(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    """Yield the runs after a moment, in UTC, until a gap of five years."""
    if schedule.every is not None:
        while after < datetime.max.replace(tzinfo=UTC) - schedule.every:
            after += schedule.every
            yield after
        return
    day, last = after.astimezone(schedule.zone).date(), after
    while datetime.combine(day, datetime.min.time(), UTC) - last < SEARCHED:
        if schedule.fits_day(day):
            for run in _on(schedule, day):
                if run > after:
                    last = run
                    yield run
        if day.year == date.max.year:
            return
        day += timedelta(days=1)


def next_runs(schedule: Schedule, after: datetime, count: int) -> tuple[datetime, ...]:
    """Return the next ``count`` runs after a moment, in UTC; fewer if there aren't more."""
    return tuple(islice(runs(schedule, after), count))


def _on(schedule: Schedule, day: date) -> list[datetime]:
    """Return the runs of one day of the zone's calendar, in UTC and in order."""
    minute, hour = schedule.fields[:2]
    return sorted(
        utc
        for h in hour.values
        for m in minute.values
        for utc in _moments(datetime(day.year, day.month, day.day, h, m, tzinfo=schedule.zone))
    )


def _moments(local: datetime) -> set[datetime]:
    """Return when the zone's wall clock shows this time: usually once, never for a skipped time, twice for a repeated one."""
    both = {local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
    return {
        utc for utc in both if utc.astimezone(local.tzinfo).replace(tzinfo=None, fold=0) == local.replace(tzinfo=None)
    }
