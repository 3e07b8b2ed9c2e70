"""Words out of a given list, as people write them: capitals, blanks, dashes and underscores don't matter."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

LONGEST = 60
SHORT = {
    "sync": "synchronous",
    "async": "asynchronous",
    "tsdb": "time-series",
    "kv": "key-value",
    "rdbms": "relational",
}
"""Words that people shorten."""


def normal(word: str) -> str:
    """A word as it is compared: ``Small Team`` and ``small_team`` are ``small-team``."""
    return re.sub(r"[\s_-]+", "", word[:LONGEST].casefold())


def same(word: str, words: Iterable[str]) -> str | None:
    """The word of a list that is meant, spelt as it is there; None where there is none."""
    meant = normal(SHORT.get(normal(word), word))
    return next((one for one in words if normal(one) == meant), None)


def offered(word: str, words: Iterable[str]) -> str | None:
    """The word of a list that looks most like this one; None where none does."""
    every = {normal(one): one for one in words}
    near = difflib.get_close_matches(normal(word), every, n=1)
    return every[near[0]] if near else None
