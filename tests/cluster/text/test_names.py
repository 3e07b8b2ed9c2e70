"""Names: normalization, suggestions for misspellings, and the misspellings that are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.limits import NAME_CHARACTERS
from cluster.text.names import is_near, is_slip, nearest, normalize


@pytest.mark.parametrize(
    ("name", "other"),
    [("Small Team", "small_team"), ("small-team", "smallteam"), ("“time‑series”", "time-series"), ("Café", "cafe"), ("it's", "its")],
)  # fmt: skip
def test_one_name(name: str, other: str) -> None:
    """Names that differ only in case, accents, spaces, dashes, underscores and quotes are equal."""
    assert normalize(name) == normalize(other)


def test_signs() -> None:
    """Names that differ in other signs are different, unless signs have no meaning there."""
    assert normalize("<5") != normalize("5")
    assert normalize("@event.id", signs=False) == normalize("eventId", signs=False)


@given(st.text(max_size=3 * NAME_CHARACTERS))
def test_any_name(name: str) -> None:
    """Normalizing a name twice gives the same name, and only its beginning counts."""
    once = normalize(name)
    if len(once) <= NAME_CHARACTERS and "\u0307" not in once:
        assert normalize(once) == once
    assert normalize(name[:NAME_CHARACTERS]) == once


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("becos", ("because", "choose"), "because"),
        ("kat", ("dog", "cat"), "cat"),
        ("replica_s", ("replicas", "selector"), "replicas"),
        ("Steps", ("plan", "steps"), "steps"),
        ("ab", ("ax", "ay"), None),
        ("zebra", ("cat", "dog"), None),
        ("", ("", "cat"), None),
        ("cat", (), None),
    ],
)
def test_nearest(name: str, options: tuple[str, ...], expected: str | None) -> None:
    """The most similar option is suggested if two thirds of the characters are in both."""
    assert nearest(name, options) == expected


def test_the_first_of_several() -> None:
    """If several options are equally similar, the first one is suggested, in any order of the options."""
    assert nearest("cot", ("cat", "cut")) == "cat"
    assert nearest("cot", ("cut", "cat")) == "cut"


def test_long_names() -> None:
    """Names above the bound are not compared."""
    long = "a" * (NAME_CHARACTERS + 1)
    assert nearest(long, (long,)) is None
    assert nearest(long[1:], (long, long[1:])) == long[1:]


@pytest.mark.parametrize(
    ("name", "other", "slip", "near"),
    [
        ("queues", "queue", True, True), ("queu", "queue", True, True), ("qeuue", "queue", True, True), ("quewe", "queue", True, True),
        ("kat", "cat", False, True), ("tuc", "cut", False, False), ("500s", "500ms", False, True), ("v2-api", "v3-api", False, True),
        ("OrderDeleted", "OrderCreated", False, True), ("queue", "queue", False, True), ("no", "on", False, False),
    ],
)  # fmt: skip
def test_slips(name: str, other: str, slip: bool, near: bool) -> None:
    """One additional, missing, wrong or swapped character is a typo; two aren't, and nothing in a number or a short name is."""
    assert (is_slip(name, other), is_near(name, other)) == (slip, near)
