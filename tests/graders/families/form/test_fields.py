"""The types of field: each understands its own texts and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.families.form.fields import (
    CLOCK,
    CPU,
    DAY,
    HOUR,
    INTEGER,
    MINUTE,
    PATH,
    SIZE,
    TIME,
    WEEKDAY,
    FieldType,
    amount,
    choice,
)

MODE = choice("session", "transaction", "all-at-once")
INTERVAL, SIZES, CORES = amount(TIME, "45 s"), amount(SIZE, "30 GB"), amount(CPU, "40m")
EVERY = (MODE, INTERVAL, SIZES, CORES, INTEGER, PATH, CLOCK, WEEKDAY)


@pytest.mark.parametrize(
    ("field", "written", "value"),
    [
        (MODE, "session", "session"), (MODE, "Transaction", "transaction"), (MODE, "all at once", "all-at-once"), (MODE, "ALL_AT_ONCE", "all-at-once"),
        (INTERVAL, "45 s", 45), (INTERVAL, "45s", 45), (INTERVAL, "1 day", DAY), (INTERVAL, "0.5 H", HOUR / 2), (INTERVAL, "200ms", 0.2),
        (INTERVAL, "0 min", 0), (SIZES, "30 GB", 30e9), (SIZES, "30gb", 30e9), (SIZES, "1.5Gi", 1.5 * 2**30), (SIZES, "512Mi", 2**29),
        (CORES, "100m", 0.1), (CORES, "0.5 cores", 0.5), (CORES, "1 core", 1), (INTEGER, "0", 0), (INTEGER, "15", 15),
        (PATH, "/healthz", "/healthz"), (PATH, "/", "/"), (PATH, "/a/b-c.d", "/a/b-c.d"), (CLOCK, "02:00", 2 * HOUR),
        (CLOCK, "2:30", 2 * HOUR + 30 * MINUTE), (CLOCK, "24:00", DAY), (CLOCK, "00:00", 0), (WEEKDAY, "Tue", 1), (WEEKDAY, "sunday", 6),
    ],
)  # fmt: skip
def test_understood(field: FieldType, written: str, value: Any) -> None:
    """A field understands its own words and units; case, and a space between number and unit, don't matter."""
    assert field.read(written) == pytest.approx(value) if isinstance(value, float) else field.read(written) == value


@pytest.mark.parametrize(
    ("written", "value"), [("0.3", 0.3), ("1", 1.0), (".5", 0.5), ("2.", 2.0), ("250m", 0.25), ("1 core", 1.0)]
)
def test_a_number_alone(written: str, value: float) -> None:
    """A field with a unit for bare numbers reads a number without a unit, as Kubernetes does for CPU."""
    cores = amount(CPU, "40m", bare="cores")
    assert cores.read(written) == pytest.approx(value)
    assert cores.form.startswith("a number of cores, or a number and a unit (m · core · cores)")
    assert not any(cores.read(odd) for odd in (".", "1e3", "-1", "0x1", "1,5", "1 2", "not 1", "1234567890", "٣"))


NOT_UNDERSTOOD: dict[FieldType, tuple[str, ...]] = {
    MODE: ("not session", "anything but session", "session, transaction", "session?", "no session", "non-session", "sessions", "s", "none", "!session"),
    INTERVAL: ("45", "45 seconds", "daily", "at most 5 min", "< 1 h", "-1 h", "1e3 s", "1_000 s", "1 h 30 min", "1,5 h", "7-14 days", "soon", "0x10 s", "P1D",
               "1 m", "45 s or 45 s", "never", "not 45 s", "9999999999 s", "٤٥ s"),
    SIZES: ("100", "100 G", "100 Mb of disk", "less than 100 GB", "about 1 GB", "1 PB", "GB"),
    CORES: ("0.1", "100", "100 millicores", "half a core", "not 100m", "100 m m"),
    INTEGER: ("1 min", "one", "1.0", "-1", "+1", "1+", "01", "0x1", "1_0", "1 or 2", "not 1", "ⅷ", "१", "9999999999", "at least 1", "1 standby"),
    PATH: ("healthz", "GET /healthz", "not /healthz", "/a b", "http://a/healthz", "/healthz?x=1", "/healthz or /readyz", "/" + "a" * 200, "//é"),
    CLOCK: ("2", "2am", "24:30", "25:00", "02:60", "02:00 UTC", "2.30", "not 02:00", "02:00-04:00", "120"),
    WEEKDAY: ("Tues", "not Tue", "Tue, Wed", "every Tue", "T", "2", "weekly"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "written"), [(field, one) for field, every in NOT_UNDERSTOOD.items() for one in every]
)
def test_not_understood(field: FieldType, written: str) -> None:
    """Any other text isn't understood, even if it contains a right word."""
    assert field.read(written) is None


@pytest.mark.parametrize(
    "before", ["not ", "never ", "anything but ", "no ", "!", "less than ", "at least ", "≠ ", "❌ "]
)
def test_denied(before: str) -> None:
    """A negated value isn't understood, in any type of field."""
    for field, written in ((MODE, "session"), (INTERVAL, "45 s"), (SIZES, "30 GB"), (CORES, "40m"), (INTEGER, "7"), (PATH, "/orders"), (CLOCK, "20:30"), (WEEKDAY, "Tue")):  # fmt: skip
        assert field.read(written) is not None
        assert field.read(before + written) is None


@given(st.text(max_size=60))
def test_any_text(written: str) -> None:
    """A field reads any text or doesn't understand it; it never fails."""
    for field in EVERY:
        field.read(written)


def test_an_example_is_understood() -> None:
    """A field understands its own example."""
    for field in EVERY:
        if ", such as " in field.form:
            assert field.read(field.form.rpartition(", such as ")[2]) is not None
        else:
            assert all(field.read(word) is not None for word in field.form.removeprefix("one of ").split(" · "))
