"""The next runs of a schedule, against a table and against a search minute by minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster.errors import NotJudgedError
from cluster.manifests.cron import _zones
from cluster.manifests.schedule import ScheduleError, next_runs, read

MONDAY = "2026-11-23T17:00"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "zone", "after", "expected"),
    [
        ("0 2 * * *", "UTC", MONDAY, ["2026-11-24T02:00", "2026-11-25T02:00"]),
        ("0 2 * * *", "UTC", "2026-11-24T02:00", ["2026-11-25T02:00"]),
        ("0 2 * * *", "UTC", "2026-11-24T01:59", ["2026-11-24T02:00"]),
        ("2 0 * * *", "UTC", MONDAY, ["2026-11-24T00:02"]),
        ("@daily", "UTC", MONDAY, ["2026-11-24T00:00", "2026-11-25T00:00"]),
        ("@midnight", "UTC", MONDAY, ["2026-11-24T00:00"]),
        ("@hourly", "UTC", MONDAY, ["2026-11-23T18:00", "2026-11-23T19:00"]),
        ("@weekly", "UTC", MONDAY, ["2026-11-29T00:00"]),
        ("@monthly", "UTC", MONDAY, ["2026-12-01T00:00", "2027-01-01T00:00"]),
        ("@yearly", "UTC", MONDAY, ["2027-01-01T00:00", "2028-01-01T00:00"]),
        ("@every 90m", "UTC", MONDAY, ["2026-11-23T18:30", "2026-11-23T20:00"]),
        ("*/20 17 * * *", "UTC", MONDAY, ["2026-11-23T17:20", "2026-11-23T17:40", "2026-11-24T17:00"]),
        ("5/25 * * * *", "UTC", MONDAY, ["2026-11-23T17:05", "2026-11-23T17:30", "2026-11-23T17:55"]),
        ("0 9-17/4 * * MON-fri", "UTC", "2026-11-27T14:00", ["2026-11-27T17:00", "2026-11-30T09:00"]),
        ("0 0 ? JAN,mar *", "UTC", "2027-01-31T12:00", ["2027-03-01T00:00"]),
        ("0 0 29 2 *", "UTC", MONDAY, ["2028-02-29T00:00", "2032-02-29T00:00"]),
        ("0 0 30 2 *", "UTC", MONDAY, []),
        (", 0 * * *", "UTC", MONDAY, []),
        # both kinds of day restricted: either is enough; a star with a step restricts
        ("0 0 13 * fri", "UTC", "2026-12-01T00:00", ["2026-12-04T00:00", "2026-12-11T00:00", "2026-12-13T00:00"]),
        ("0 0 */30 * fri", "UTC", "2026-12-01T00:00", ["2026-12-04T00:00"]),
        ("0 0 13 * *", "UTC", "2026-12-01T00:00", ["2026-12-13T00:00"]),
        # a zone: winter, summer, the hour that is skipped and the hour that comes twice
        ("0 2 * * *", "Europe/Berlin", MONDAY, ["2026-11-24T01:00"]),
        ("0 2 * * *", "Europe/Berlin", "2026-07-01T12:00", ["2026-07-02T00:00"]),
        ("30 2 * * *", "Europe/Berlin", "2027-03-27T12:00", ["2027-03-29T00:30"]),
        ("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00",
         ["2026-10-25T00:30", "2026-10-25T01:30", "2026-10-26T01:30"]),
        ("30 7 * * *", "Asia/Kolkata", MONDAY, ["2026-11-24T02:00"]),
        ("0 2 * * *", "Etc/UTC", MONDAY, ["2026-11-24T02:00"]),
        ("TZ=Asia/Tokyo 0 2 * * *", "UTC", MONDAY, ["2026-11-24T17:00"]),
    ],
)  # fmt: skip
def test_next_runs(schedule: str, zone: str, after: str, expected: list[str]) -> None:
    """The next runs are the same as those of the controller's cron library."""
    count = max(len(expected), 1)
    assert next_runs(read(schedule, zone), moment(after), count) == tuple(moment(e) for e in expected)


@pytest.mark.parametrize(
    ("schedule", "zone", "words"),
    [
        ("0 2 * *", "UTC", "expected exactly 5 fields, found 4"),
        ("0 24 * * *", "UTC", "end of range (24) above maximum (23)"),
        ("@noon", "UTC", "unrecognized descriptor: @noon"),
        ("@every tuesday", "UTC", "failed to parse duration"),
        ("0 2 * * *", "Europe/Berln", "unknown time zone Europe/Berln"),
        ("0 2 * * *", "Local", "unknown time zone Local"),
        ("TZ=Mars/Base 0 2 * * *", "UTC", "provided bad location Mars/Base"),
    ],
)
def test_what_is_no_schedule(schedule: str, zone: str, words: str) -> None:
    """An invalid schedule or time zone is an error in the parser's words."""
    with pytest.raises(ScheduleError, match=words.replace("(", r"\(").replace(")", r"\)")):
        read(schedule, zone)


@pytest.mark.parametrize(("duration", "seconds"), [("-1h", 1), ("10ms", 1), ("1.5s", 1), ("1h30m", 5400)])
def test_every(duration: str, seconds: int) -> None:
    """An interval has whole seconds, and at least one."""
    assert next_runs(read(f"@every {duration}"), moment(MONDAY), 1) == (moment(MONDAY) + timedelta(seconds=seconds),)


def test_an_interval_of_ages() -> None:
    """A huge interval ends with the calendar, and is no error."""
    assert len(next_runs(read("@every 99999999999h"), moment(MONDAY), 20)) < 20


def field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    span = st.tuples(number, number).map(lambda two: f"{min(two)}-{max(two)}")
    stepped = st.tuples(st.one_of(st.just("*"), span, number.map(str)), st.integers(1, 9)).map(
        lambda p: f"{p[0]}/{p[1]}"
    )
    one = st.one_of(st.just("*"), number.map(str), span, stepped)
    return st.lists(one, min_size=1, max_size=2).map(",".join)


SCHEDULES = st.tuples(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6)).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(
    SCHEDULES,
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
)
def test_minute_by_minute(text: str, zone: str, start: datetime) -> None:
    """The runs within two days are exactly the minutes whose wall-clock time matches, checked one by one."""
    schedule, after = read(text, zone), start.replace(tzinfo=UTC)
    first = after.replace(second=0, microsecond=0)
    minutes = [first + timedelta(minutes=n) for n in range(1, 2 * 24 * 60)]
    expected = [m for m in minutes if schedule.fits(m.astimezone(schedule.zone))]
    found = [r for r in next_runs(schedule, after, len(expected) + 1) if r <= minutes[-1]]
    assert found == expected


def test_every_zone_can_be_counted_in() -> None:
    """The clock of each zone that the server accepts is known here."""
    for zone in sorted(_zones()):
        assert next_runs(read("0 2 * * *", zone), moment(MONDAY), 1), zone


def test_no_data_on_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine without time zone data, the answer isn't judged."""

    def unknown(zone: str) -> ZoneInfo:
        raise ZoneInfoNotFoundError(zone)

    monkeypatch.setattr("cluster.manifests.schedule.ZoneInfo", unknown)
    with pytest.raises(NotJudgedError, match="no data on the time zone UTC"):
        read("0 2 * * *")
