"""The cost of a pattern is computed from its text."""

from __future__ import annotations

import pytest

from graders.application_platform.exercises.event.patterns import looks_around, weight


@pytest.mark.parametrize(
    "pattern", ["^(?!$).+", "(?=a)b", "(?<=a)b", "(?<!a)b", r"(a)\1", r"(?<n>a)\k<n>", r"[\]a](?!b)"]
)
def test_looking_around(pattern: str) -> None:
    """Lookahead, lookbehind and back references are detected."""
    assert looks_around(pattern)


@pytest.mark.parametrize(
    "pattern", [r"\(?!", "[(?!]", r"[\](?=]", r"\\d", r"(?:a)", r"(?<n>a)", r"\\1", "[" * 50_000 + "\\"]
)
def test_not_looking_around(pattern: str) -> None:
    """Similar patterns aren't detected as such, and the end of an unclosed class is searched only once."""
    assert not looks_around(pattern)


@pytest.mark.parametrize(
    ("pattern", "weighs"),
    [
        ("^a$", 3), ("a{5}", 9), ("a{5,}", 10), ("a{1,5}", 11), ("{5}", 8), ("(ab){5}", 35), ("a{3}{5}", 50), ("(a{3}){5}", 60), ("", 0),
        ("(a)" + "{999999}" * 1000, 10**9),
    ],
)  # fmt: skip
def test_weight(pattern: str, weighs: int) -> None:
    """A pattern weighs its length with its repetitions expanded, including those of groups."""
    assert weight(pattern) == weighs
