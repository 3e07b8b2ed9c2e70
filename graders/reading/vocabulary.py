"""Match a learner's words with a list of options: case, blanks, dashes and underscores don't matter."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

LONGEST = 60
SHORT = {
    "sync": "synchronous",
    "async": "asynchronous",
    "tsdb": "time-series",
    "kv": "key-value",
    "rdbms": "relational",
    "synchron": "synchronous",
    "asynchron": "asynchronous",
    "acknowledge": "ack",
}
"""Abbreviations and their full words, in both directions."""

_LEFT_OUT = re.compile(r"[\s_\u2010-\u201f\u2212\"'-]+")
_LEAST = 3
"""The least length of a word that may be misspelled, in characters."""


def normal(word: str) -> str:
    """Normalize a word for comparison: ``Small Team``, ``small_team`` and ``small-team`` are equal; so are all dashes and quotes."""
    return _normal(word[:LONGEST])


@lru_cache(maxsize=4096)
def _normal(word: str) -> str:
    # The options are compared again with each word of an answer.
    return _LEFT_OUT.sub("", word.casefold())


def same(word: str, words: Iterable[str]) -> str | None:
    """Return the option equal to ``word`` after normalization, or None."""
    meant = normal(SHORT.get(normal(word), word))
    return next((one for one in words if normal(one) == meant), None)


def misspelled(word: str, words: Iterable[str]) -> str | None:
    """Return the one option at a distance of one edit from ``word``, or None if no option or several are.

    An edit is an extra character (a plural), a missing or another one, or two swapped ones. In a word of three characters
    another character isn't a typo; neither is another digit, nor any edit of an option that begins with a digit: ``500s``
    isn't ``500ms``.
    """
    text = normal(word)
    near = [one for one in words if _a_slip_apart(text, normal(one))]
    return near[0] if len(near) == 1 else None


def _a_slip_apart(text: str, meant: str) -> bool:
    if min(len(text), len(meant)) < _LEAST or meant[0].isdigit() or _digits(text) != _digits(meant):
        return False
    if len(text) == len(meant):
        differ = [at for at, (one, other) in enumerate(zip(text, meant, strict=True)) if one != other]
        if len(differ) == 1:
            return len(meant) > _LEAST
        first, *rest = differ or [0]
        return rest == [first + 1] and text[first : first + 2] == meant[first : first + 2][::-1]
    shorter, longer = sorted((text, meant), key=len)
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def named(text: str, words: Iterable[str]) -> tuple[str, ...]:
    """Return the options that a text contains among other words, in the order of the options."""
    found = [one for one in words if _within(_parts(one), _parts(text))]
    return tuple(
        one for one in found if not any(_within(_parts(one), _parts(other)) for other in found if other != one)
    )


def described(text: str, steps: Mapping[str, str]) -> str | None:
    """Return the one step whose whole name is in a text, if its description contains all other words of the text.

    ``steps`` maps each name to its description: ``serve-on 5 seconds`` is ``serve-on``, which serves on for 5 seconds.
    """
    words = {part.removesuffix("s") for part in _parts(text)}
    found = []
    for name, does in steps.items():
        own = {part.removesuffix("s") for part in _parts(name)}
        if own <= words <= own | {part.removesuffix("s") for part in re.findall(r"[^\W_]+", does.casefold())}:
            found.append(name)
    longest = [one for one in found if all(set(_parts(other)) <= set(_parts(one)) for other in found)]
    return longest[0] if len(longest) == 1 else None


def _within(some: list[str], every: list[str]) -> bool:
    return any(every[at : at + len(some)] == some for at in range(len(every)))


def example_of(text: str, examples: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the one example in a text, as written, and its option; None if the text has none or several.

    ``examples`` has the names of products and protocols, in lowercase; a version after a name is ignored.
    """
    found = {part: examples[name] for part in re.findall(r"[^\W_]+", text[:LONGEST])
             if (name := part.casefold().rstrip("0123456789")) in examples}  # fmt: skip
    return next(iter(found.items())) if len(set(found.values())) == 1 else None


def suggested(word: str, words: Iterable[str]) -> str:
    """Return the question “Did you mean ...?” with the options that ``word`` resembles; empty if it resembles none."""
    every = tuple(words)
    holding = [one for one in every if _parts(word) and _within(_parts(word), _parts(one))]
    near = offered(word, every)
    meant = holding or ([near] if near else [])
    return f"Did you mean {' or '.join(f'“{one}”' for one in meant)}?" if meant else ""


def _parts(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text[:LONGEST].casefold())


def offered(word: str, words: Iterable[str]) -> str | None:
    """Return the option most similar to ``word``, or None."""
    every = {normal(one): one for one in words}
    near = difflib.get_close_matches(normal(word), every, n=1)
    return every[near[0]] if near else None
