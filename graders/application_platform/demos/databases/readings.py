"""Readings over time, stored in PostgreSQL in two ways: a row for each reading, and a bucket for each hour.

A bucket stores each reading in one byte, as the difference from the reading before it. It also stores the number of
readings and their sum. A time-series database compresses readings in this way by itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cluster.errors import UsageError
from cluster.text.amounts import format_duration
from graders.application_platform.demos.boundary import Timings
from graders.application_platform.demos.databases.tenant import sandbox
from graders.application_platform.demos.missing import lesson
from graders.core.shown import Shown
from graders.present.svg.bars import Bar, figure

if TYPE_CHECKING:
    from graders.application_platform.demos.databases.tenant import Connection

A_DAY = 24 * 60
"""The readings of a thermometer in a day: one a minute."""

MOST = 1_000_000
TIMES, AT_LEAST, SECONDS = 15, 3, 2.0
"""Each query runs 15 times, or on a slow machine for at most 2 seconds, but at least 3 times."""

MEGA = 1_000_000
START = datetime.fromisoformat("2026-03-02T00:00:00+00:00")

TABLES = """
CREATE TABLE samples (at timestamptz, thermometer int, celsius real, PRIMARY KEY (at, thermometer));
CREATE TABLE buckets (hour timestamptz, thermometer int, readings int, total int, first int, differences bytea,
                      PRIMARY KEY (hour, thermometer));
"""
FILL_ROWS = """
INSERT INTO samples
SELECT %(start)s + minute * interval '1 minute', thermometer,
       (40 + 15 * sin(minute / 229.0) + ((minute * 7919::bigint + thermometer * 8191) %% 11) - 5)::int / 10.0
FROM generate_series(0, %(minutes)s - 1) minute, generate_series(1, %(thermometers)s) thermometer
"""
FILL_BUCKETS = r"""
INSERT INTO buckets
SELECT hour, thermometer, count(*), sum(tenths), (array_agg(tenths ORDER BY at))[1],
       string_agg(set_byte('\x00'::bytea, 0, difference + 128), ''::bytea ORDER BY at)
FROM (SELECT *, tenths - coalesce(lag(tenths) OVER (PARTITION BY thermometer, hour ORDER BY at), tenths) AS difference
      FROM (SELECT at, thermometer, date_trunc('hour', at) AS hour, round(celsius * 10)::int AS tenths FROM samples) s) d
GROUP BY hour, thermometer
"""
ASK_ROWS = """
SELECT date_trunc('hour', at) AS hour, avg(celsius)::float FROM samples
WHERE at >= %(since)s GROUP BY 1 ORDER BY 1
"""
ASK_BUCKETS = """
SELECT hour, sum(total) / 10.0::float / sum(readings) FROM buckets
WHERE hour >= %(since)s GROUP BY 1 ORDER BY 1
"""
"""Both queries return the mean of each hour, over all thermometers."""


@dataclass(frozen=True, slots=True)
class StoredReadings:
    """One way to store the readings: its size on disk in bytes, the durations of the query, and the hourly means."""

    name: str
    size: int
    timings: Timings
    means: tuple[tuple[datetime, float], ...]


@lesson
def rows_and_buckets(*, thermometers: int = 10, days: int = 14, asked: int = 7) -> Shown:
    """Store the same readings in both ways, and draw the size on disk and the duration of a query for each way.

    The query computes the hourly mean of the last ``asked`` days.
    """
    rows, buckets = both = measure(thermometers, days, asked)
    hours = len(rows.means)
    same = f"the same {hours} means" if agree(rows, buckets) else "different means"
    times = " and ".join(str(len(kept.timings.seconds)) for kept in both)
    size = figure(
        [Bar(kept.name, kept.size, kept.size, f"{kept.size / MEGA:.1f} MB") for kept in both],
        what="Size on disk",
        caption=f"The size of {thermometers * days * A_DAY:,} readings on disk, with their index.",
    )
    asks = figure(
        [_amount(kept.timings) for kept in both],
        what="Duration of the query",
        caption=f"The query computes the hourly means of the last {asked} of {days} days. It ran {times} times just "
        f"now; both ways return {same}.",
        powers=True,
    )
    return Shown(size.html + asks.html, f"{size.plain}\n{asks.plain}")


def agree(rows: StoredReadings, buckets: StoredReadings) -> bool:
    """Whether both ways return the same means, to a hundredth of a degree."""
    return [at for at, _ in rows.means] == [at for at, _ in buckets.means] and all(
        abs(one - other) < 1 / 100 for (_, one), (_, other) in zip(rows.means, buckets.means, strict=True)
    )


def measure(thermometers: int, days: int, asked: int) -> tuple[StoredReadings, StoredReadings]:
    """Measure rows and buckets. Raises EnginesError, and UsageError for impossible or too large numbers."""
    if min(thermometers, days, asked) < 1 or asked > days:
        raise UsageError(
            "One of the numbers is too small or too large.",
            "Use at least one thermometer and one day, and at most as many “asked” days as “days”.",
        )
    if (readings := thermometers * days * A_DAY) > MOST:
        raise UsageError(
            f"These are {readings:,} readings; at most {MOST:,} are supported.", "Use fewer thermometers or days."
        )
    with filled(thermometers, days) as connection:
        row = connection.execute(
            "SELECT max(hour) + interval '1 hour' - %s * interval '1 day' FROM buckets", (asked,)
        ).fetchone()
        since = row[0] if row else START
        return (
            _kept(connection, "a row each", "samples", ASK_ROWS, since),
            _kept(connection, "hourly buckets", "buckets", ASK_BUCKETS, since),
        )


@contextmanager
def filled(thermometers: int, days: int) -> Iterator[Connection]:
    """Yield a connection to both tables, filled with the same readings. Raises EnginesError."""
    with sandbox("database") as it, it.connection() as connection:
        connection.execute(TABLES.encode())
        wanted = {"start": START, "minutes": days * A_DAY, "thermometers": thermometers}
        connection.execute(FILL_ROWS.encode(), wanted)
        connection.execute(FILL_BUCKETS.encode())
        connection.execute("VACUUM ANALYZE samples")
        connection.execute("VACUUM ANALYZE buckets")
        yield connection


def _kept(connection: Connection, name: str, table: str, question: str, since: datetime) -> StoredReadings:
    size = connection.execute("SELECT pg_total_relation_size(%s::regclass)", (table,)).fetchone()
    seconds: list[float] = []
    rows: list[tuple[datetime, float]] = []
    began = time.perf_counter()
    while len(seconds) < TIMES and (len(seconds) < AT_LEAST or time.perf_counter() - began < SECONDS):
        before = time.perf_counter()
        rows = connection.execute(question.encode(), {"since": since}).fetchall()
        seconds.append(time.perf_counter() - before)
    return StoredReadings(
        name, int(size[0]) if size else 0, Timings(name, tuple(seconds)), tuple((at, float(mean)) for at, mean in rows)
    )


def _amount(timings: Timings) -> Bar:
    return Bar(
        timings.name, timings.p50, timings.p99, f"{format_duration(timings.p50)}, p99 {format_duration(timings.p99)}"
    )
