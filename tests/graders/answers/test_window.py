"""A weekly time in any common spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.answers.window import HOUR, Window, window

TWO_TO_FOUR = Window((1,), 2 * HOUR, 4 * HOUR)


@pytest.mark.parametrize(
    "written",
    [
        "Tue 02:00-04:00 UTC", "Tuesday 2am to 4am", "Tuesdays 02:00–04:00", "tue 2-4", "Tuesdays, 02:00 until 04:00 UTC",
        "Tue 02:00 - Tue 04:00", "Tue:02:00-Tue:04:00", "2:00-4:00 UTC on Tuesdays", "Tuesday night 02:00-04:00 GMT",
        "Tue 0200-0400", "Tue 2h-4h", "TUE 02:00Z-04:00Z", "Tue 02:00 UTC - 04:00 UTC", "Tue 02:00 UTC for 2h", "Tuesdays, 02:00 for two hours",
        "every Tue between 2 and 4 am UTC", "Tue 02:00-04:00 UTC (quiet)", "every week, Tuesday 2 a.m. to 4 a.m. UTC", "Tuesday (02:00-04:00 UTC)", ["Tue 02:00-04:00 UTC"],
        {"day": "Tuesday", "from": "02:00", "to": "04:00"},
        {"weekday": "tue", "start": "02:00", "end": "04:00", "timezone": "Etc/UTC"},
    ],
)  # fmt: skip
def test_spellings(written: object) -> None:
    """From two to four on Tuesdays is understood however it is written."""
    assert window(written) == TWO_TO_FOUR


@pytest.mark.parametrize("written", ["Tue 02:00", "every Tuesday at 02:00 UTC", "0 2 * * 2", "0 2 * * tue"])
def test_a_beginning_alone(written: str) -> None:
    """A time without an end has none, and so has a CronJob's schedule."""
    assert window(written) == Window((1,), 2 * HOUR)


@pytest.mark.parametrize(
    ("zone", "hours"),
    [("CET", 1), ("UTC+2", 2), ("UTC-2", -2), ("+02:00", 2), ("+0200", 2), ("UTC+5:30", 5.5), ("PST", -8), ("AEST", 10), ("NZST", 12),
     ("Europe/Berlin", None), ("local time", None), ("BST", None), ("UTC CET", None), ("(CET)", 1)],
)  # fmt: skip
def test_another_clock(zone: str, hours: float | None) -> None:
    """A time by another clock than UTC is told apart, with how far that is ahead if that is always the same."""
    written = window(f"Tue 02:00-04:00 {zone}")
    assert written == Window((1,), 2 * HOUR, 4 * HOUR, None if hours is None else hours * HOUR)
    assert not written.utc


@pytest.mark.parametrize(
    "zone", ["UTC", "UTC+0", "UTC+00:00", "GMT+0", "UTC-0", "UTC±0", "+00:00", "Z", "utc time", "Etc/UTC"]
)
def test_the_same_clock(zone: str) -> None:
    """An offset of nothing is UTC."""
    written = window(f"Tue 02:00-04:00 {zone}")
    assert written == TWO_TO_FOUR
    assert written.utc


@pytest.mark.parametrize(
    ("written", "there"),
    [("Tue 03:00-05:00 CET", TWO_TO_FOUR), ("Tue 12:00-14:00 AEST", TWO_TO_FOUR), ("Mon 18:00-20:00 PST", TWO_TO_FOUR),
     ("Tue 00:30-02:30 CET", Window((0,), 23.5 * HOUR, 25.5 * HOUR)), ("Tue 03:00 CET", Window((1,), 2 * HOUR)),
     ("Tue 02:00 Europe/Berlin", None)],
)  # fmt: skip
def test_in_utc(written: str, there: Window | None) -> None:
    """A time by a clock that is always as far ahead is told in UTC, also where that is on another day."""
    when = window(written)
    assert when is not None
    assert when.in_utc() == there


def test_several_days() -> None:
    """Every day that is named counts; cron's 0 and 7 are both Sunday."""
    assert window("Mon and Tue 02:00-04:00") == Window((0, 1), 2 * HOUR, 4 * HOUR)
    assert window("30 3 * * 0") == window("30 3 * * 7") == Window((6,), 3.5 * HOUR)


@pytest.mark.parametrize(
    "written",
    ["", "soon", "Tuesday", "02:00-04:00", "Tue 99:00", "Tue 02:61", "Tue 1 2 3", None, 7, [], {}, ["Tue 02:00-04:00"] * 2,
     "not Tue 02:00-04:00 UTC", "except Tue 02:00-04:00 UTC", "every first Tue 02:00-04:00 UTC", "every other Tue 02:00-04:00 UTC",
     "Tue 02:00-04:00 Berlin", "Tue 02:00-04:00 our time", "never Tue 02:00-04:00", "Tue not 02:00-04:00", "before Tue 02:00",
     "Tue 02:00-04:00 (Berlin)", "Tue (not 02:00-04:00 UTC)", "Tue 02:00-04:00 for ever", "Tue 02:00-04:00 for 2h", "Tue 02:00-04:00" + " " * 200 + "never"],
)  # fmt: skip
def test_no_time(written: object) -> None:
    """What names no day, no time, too many, or has a word that isn't understood is no window."""
    assert window(written) is None


@given(
    st.one_of(st.none(), st.integers(), st.text(), st.dictionaries(st.sampled_from(["day", "from", "to"]), st.text()))
)
def test_anything(written: object) -> None:
    """Whatever is written is a window or none, and nothing else happens."""
    assert isinstance(window(written), (Window, type(None)))
