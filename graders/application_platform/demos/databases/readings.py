"""Readings over time, in PostgreSQL in two ways: a row for each, and a bucket for each hour.

A bucket keeps every reading, as its difference from the one before, in one byte; and beside them how many there are and
what they add up to. A time-series database does this by itself.
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
from graders.application_platform.demos.databases.tenant import room
from graders.application_platform.demos.missing import lesson
from graders.core.shown import Shown
from graders.present.svg.bars import Bar, figure

if TYPE_CHECKING:
    from graders.application_platform.demos.databases.tenant import Connection

A_DAY = 24 * 60
"""How many readings a thermometer sends in a day: one a minute."""

MOST = 1_000_000
TIMES, AT_LEAST, SECONDS = 15, 3, 2.0
"""How often each question is asked, and how long that may go on on a slow machine before a few times are enough."""

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
"""The question: the mean of each hour, over all thermometers."""


@dataclass(frozen=True, slots=True)
class StoredReadings:
    """One way to keep the readings: bytes on disk, how long the question took, in seconds, and what was answered."""

    name: str
    size: int
    timings: Timings
    means: tuple[tuple[datetime, float], ...]


@lesson
def rows_and_buckets(*, thermometers: int = 10, days: int = 14, asked: int = 7) -> Shown:
    """Keep the same readings in both ways, and draw how much disk each needs and how long the question takes.

    The question is the hourly mean of the last ``asked`` days.
    """
    rows, buckets = both = measure(thermometers, days, asked)
    hours = len(rows.means)
    same = f"the same {hours} means" if agree(rows, buckets) else "means that differ"
    times = " and ".join(str(len(kept.timings.seconds)) for kept in both)
    size = figure(
        [Bar(kept.name, kept.size, kept.size, f"{kept.size / MEGA:.1f} MB") for kept in both],
        what="Size on disk",
        caption=f"What {thermometers * days * A_DAY:,} readings take on disk, with the index by which they are found.",
    )
    asks = figure(
        [_amount(kept.timings) for kept in both],
        what="How long the question takes",
        caption=f"How long the hourly mean of the last {asked} of {days} days takes, asked {times} times just now; "
        f"both answer with {same}.",
        powers=True,
    )
    return Shown(size.html + asks.html, f"{size.plain}\n{asks.plain}")


def agree(rows: StoredReadings, buckets: StoredReadings) -> bool:
    """Whether both ways gave the same answer, to a hundredth of a degree."""
    return [at for at, _ in rows.means] == [at for at, _ in buckets.means] and all(
        abs(one - other) < 1 / 100 for (_, one), (_, other) in zip(rows.means, buckets.means, strict=True)
    )


def measure(thermometers: int, days: int, asked: int) -> tuple[StoredReadings, StoredReadings]:
    """Rows, and buckets. Raises EnginesError, and UsageError for figures that make no sense or too much work."""
    if min(thermometers, days, asked) < 1 or asked > days:
        raise UsageError("At least one thermometer and one day are needed, and ``asked`` can't be more than ``days``.")
    if (readings := thermometers * days * A_DAY) > MOST:
        raise UsageError(f"That would be {readings:,} readings.", f"Use at most {MOST:,}.")
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
    """A connection to both tables, with the same readings in them. Raises EnginesError."""
    with room("database") as it, it.connection() as connection:
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
