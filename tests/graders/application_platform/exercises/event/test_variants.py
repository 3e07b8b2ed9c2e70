"""Other ids and times have the form of the learner's own."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.application_platform.exercises.event.variants import moments, others

FORMS = {
    "2026-000123": r"20\d{2}-\d{6}",
    "7123": r"[1-9][0-9]*",
    "7": r"[1-9]",
    "9": r"[1-9]",
    "ORD-0": r"ORD-\d",
    "018f3c1e-7b2a-7cde-8f01-23456789abcd": r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "7b1f6f0e-3a52-4f0e-8a55-fdafafafafaf": r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "evt_7b1f6f0e-3a52-4f0e-8a55-0d7a0a6f2f10": r"evt_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "7b1f6f0e3a524f0e8a55fdafafafafaf": r"[0-9a-f]{12}4[0-9a-f]{3}8[0-9a-f]{15}",
    "7B1F6F0E-3A52-4F0E-8A55-0D7A0A6F2F1F": r"[0-9A-F-]{36}",
    "evt2-0001": r"evt2-[0-9]{4}",
    "order-abc": r"order-[a-z]{3}",
    "é": r"é\w",
    "ORDER-F": r"ORDER-[A-F]",
}


@pytest.mark.parametrize("written", FORMS)
def test_form(written: str) -> None:
    """The form of an id doesn't change: prefix, length, leading digits, capitals, and a UUID's version and variant."""
    found = others(written)
    assert len(set(found) - {written}) == len(found) >= 2
    assert all(re.fullmatch(FORMS[written], other) for other in found), found


@pytest.mark.parametrize(
    ("written", "least", "most"), [(100123, 100000, 10**9), (9, 7, 9), (1, 1, 3), (0, -2, 2), (-1, -3, 0)]
)
def test_neighbors(written: int, least: int, most: int) -> None:
    """A whole number has at least two neighbors within any bound that leaves room for them."""
    assert len([other for other in others(written) if least <= other <= most and other != written]) >= (
        1 if written == 0 else 2
    )


@pytest.mark.parametrize("written", [True, None, 1.5, ""])
def test_what_is_no_id(written: Any) -> None:
    """In place of a value that isn't an id, plain ids are used."""
    assert others(written) == ("4711", "4712")


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("2026-03-02T10:15:00Z", r"2026-03-0\dT\d\d:\d\d:\d\dZ"), ("2026-03-02T10:15:00.123Z", r".{19}\.123Z"),
        ("2026-03-02T10:15:00.000000+00:00", r".{19}\.000000\+00:00"), ("9999-12-31T23:59:59Z", r"9999-12-3.*Z"), ("0001-01-01T00:00:00Z", r"0001-01-0.*Z"),
    ],
)  # fmt: skip
def test_moments(written: str, form: str) -> None:
    """Nearby times have the notation of the learner's own time, also at the end of the calendar."""
    found = moments(written)
    assert len(set(found) - {written}) == len(found) >= 2
    assert all(re.fullmatch(form, other) for other in found), found


@given(st.text(max_size=60) | st.integers() | st.floats() | st.booleans() | st.none())
def test_any_value(value: Any) -> None:
    """Any value has at least two variants, and each is different."""
    found = others(value)
    assert len(set(found)) == len(found) >= 2
    assert value not in found or value in ("4711", "4712")
