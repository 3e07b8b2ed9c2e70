"""Cron schedules and time zones as the server's parser reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.manifests.cron import schedule_complaint, zone_complaints


@pytest.mark.parametrize(
    "schedule",
    [
        "0 2 * * *", "*/5 * * * *", "0,30 9-17 * * mon-fri", "0 0 ? jan SUN", "@daily", "@every 1h30m", "@every 1.5s",
        "  0  2 * * * ", "0-59/2 * 1 * *", "@every -1h", "0,,30 * * * *",
    ],
)  # fmt: skip
def test_right(schedule: str) -> None:
    """A standard schedule, a descriptor and an interval are valid."""
    assert schedule_complaint(schedule) == ""


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ("0 2 * *", "expected exactly 5 fields, found 4: [0 2 * *]"),
        ("0 0 2 * * *", "expected exactly 5 fields, found 6: [0 0 2 * * *]"),
        ("60 * * * *", "end of range (60) above maximum (59): 60"),
        ("0 24 * * *", "end of range (24) above maximum (23): 24"),
        ("0 0 0 * *", "beginning of range (0) below minimum (1): 0"),
        ("0 0 * * 7", "end of range (7) above maximum (6): 7"),
        ("0 17-9 * * *", "beginning of range (17) beyond end of range (9): 17-9"),
        ("*/0 * * * *", "step of range should be a positive number: */0"),
        ("1-2-3 * * * *", "too many hyphens: 1-2-3"),
        ("1/2/3 * * * *", "too many slashes: 1/2/3"),
        ("a * * * *", 'failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax'),
        ("@noon", "unrecognized descriptor: @noon"),
        ("@every day", 'failed to parse duration @every day: time: invalid duration "day"'),
        ("@every 5", 'failed to parse duration @every 5: time: missing unit in duration "5"'),
        ("@every 5d", 'failed to parse duration @every 5d: time: unknown unit "d" in duration "5d"'),
    ],
)
def test_wrong(schedule: str, words: str) -> None:
    """An invalid schedule is refused in the parser's own words."""
    assert schedule_complaint(schedule) == words


@pytest.mark.parametrize(
    ("zone", "complaints"),
    [
        ("Europe/Paris", []), ("Etc/UTC", []), ("UTC", []), ("CET", []),
        ("", ["timeZone must be nil or non-empty string"]),
        ("europe/paris", ["unknown time zone europe/paris"]),
        ("+02:00", ["unknown time zone +02:00"]), ("../UTC", ["unknown time zone ../UTC"]),
        ("Local", ["timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"]),
    ],
)  # fmt: skip
def test_zones(zone: str, complaints: list[str]) -> None:
    """A time zone is a name of the IANA database, in its exact case."""
    assert zone_complaints(zone) == complaints


@given(st.text(max_size=30), st.text(alphabet="0123456789*/-,?@every hmsTZ=", max_size=30))
def test_any_text(any_text: str, likely: str) -> None:
    """Any text gets a complaint or none, and never another error."""
    for text in (any_text, likely):
        assert isinstance(schedule_complaint(text), str)
        assert isinstance(zone_complaints(text), list)
