"""Properties of a pattern in a learner's schema: whether it looks around, and how much work it needs."""

from __future__ import annotations

import re

_NO_GROUP = re.compile(r"\\[^1-9k]|\[(?:\\.|[^\]\\])*(?:\]|\\?\Z)", re.DOTALL)
"""Escaped characters and character classes; an unclosed class extends to the end, so that this takes linear time."""

_AROUND = re.compile(r"\(\?<?[=!]|\\[1-9k]")
_REPEATED = re.compile(r"\{([0-9]{1,6})(?:,([0-9]{0,6}))?\}")
_HEAVIEST = 10**9


def looks_around(pattern: str) -> bool:
    """Whether it has lookaround or backreferences, which can't be matched in linear time."""
    return bool(_AROUND.search(_NO_GROUP.sub("", pattern)))


def weight(pattern: str) -> int:
    """Return a rough upper bound of its simultaneous states: its length with repetitions written out.

    A repeated character adds to it. A repeated group may contain others, so it multiplies.
    """
    long, times = len(pattern), 1
    for repeated in _REPEATED.finditer(pattern):
        most = max(int(repeated[1]), int(repeated[2] or 0), 1)
        if pattern[max(repeated.start() - 1, 0)] in ")}":
            times = min(times * most, _HEAVIEST)
        else:
            long += most
    return min(long * times, _HEAVIEST)
