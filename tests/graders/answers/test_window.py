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
        "Tue 0200-0400", "Tue 2h-4h", "TUE 02:00Z-04:00Z", {"day": "Tuesday", "from": "02:00", "to": "04:00"},
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


@pytest.mark.parametrize("zone", ["CET", "UTC+2", "+02:00", "+0200", "Europe/Berlin", "local time", "PST"])
def test_another_clock(zone: str) -> None:
    """A time by another clock than UTC is told apart."""
    assert window(f"Tue 02:00-04:00 {zone}") == Window((1,), 2 * HOUR, 4 * HOUR, utc=False)


def test_several_days() -> None:
    """Every day that is named counts; cron's 0 and 7 are both Sunday."""
    assert window("Mon and Tue 02:00-04:00") == Window((0, 1), 2 * HOUR, 4 * HOUR)
    assert window("30 3 * * 0") == window("30 3 * * 7") == Window((6,), 3.5 * HOUR)


@pytest.mark.parametrize(
    "written", ["", "soon", "Tuesday", "02:00-04:00", "Tue 99:00", "Tue 02:61", "Tue 1 2 3", None, 7, [], {}]
)
def test_no_time(written: object) -> None:
    """What names no day, no time, or too many is no window."""
    assert window(written) is None


@given(
    st.one_of(st.none(), st.integers(), st.text(), st.dictionaries(st.sampled_from(["day", "from", "to"]), st.text()))
)
def test_anything(written: object) -> None:
    """Whatever is written is a window or none, and nothing else happens."""
    assert isinstance(window(written), (Window, type(None)))
