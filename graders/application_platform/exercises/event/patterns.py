"""What a pattern of a learner's schema asks for, read off its text: whether it looks around, and how much work it makes."""

from __future__ import annotations

import re

_NO_GROUP = re.compile(r"\\[^1-9k]|\[(?:\\.|[^\]\\])*(?:\]|\\?\Z)", re.DOTALL)
"""Escaped signs and classes of signs; a class that isn't closed reaches to the end, so that this takes linear time."""

_AROUND = re.compile(r"\(\?<?[=!]|\\[1-9k]")
_REPEATED = re.compile(r"\{([0-9]{1,6})(?:,([0-9]{0,6}))?\}")
_HEAVIEST = 10**9


def looks_around(pattern: str) -> bool:
    """Whether it looks ahead or back, or for what it found before: nothing that can be matched in linear time."""
    return bool(_AROUND.search(_NO_GROUP.sub("", pattern)))


def weight(pattern: str) -> int:
    """How many states it has to be in at once, at most and roughly: its length, with what is repeated written out.

    A repeated sign adds to it. A repeated group may have others in it, so it multiplies.
    """
    long, times = len(pattern), 1
    for repeated in _REPEATED.finditer(pattern):
        most = max(int(repeated[1]), int(repeated[2] or 0), 1)
        if pattern[max(repeated.start() - 1, 0)] in ")}":
            times = min(times * most, _HEAVIEST)
        else:
            long += most
    return min(long * times, _HEAVIEST)
