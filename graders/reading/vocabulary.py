"""Words out of a given list, as people write them: capitals, blanks, dashes and underscores don't matter."""

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
"""Words that people shorten, or that a list has in short."""

_LEFT_OUT = re.compile(r"[\s_\u2010-\u201f\u2212\"'-]+")
_LEAST = 3
"""From how many signs on a word may be misspelt; of shorter ones nothing would be left to go by."""


def normal(word: str) -> str:
    """A word as it is compared: ``Small Team`` and ``small_team`` are ``small-team``; dashes and quotes of any kind don't matter."""
    return _normal(word[:LONGEST])


@lru_cache(maxsize=4096)
def _normal(word: str) -> str:
    # A list's own words are compared with each word of an answer, over and over.
    return _LEFT_OUT.sub("", word.casefold())


def same(word: str, words: Iterable[str]) -> str | None:
    """The word of a list that is meant, spelt as it is there; None where there is none."""
    meant = normal(SHORT.get(normal(word), word))
    return next((one for one in words if normal(one) == meant), None)


def misspelt(word: str, words: Iterable[str]) -> str | None:
    """The one word of a list from which this one is a single sign away: one too many (a plural), missing, other, or two swapped.

    None where it may be several. Another sign in place of one is no slip in a word of three, nor is another digit, or
    anything in a word that begins with a figure: ``500s`` isn't ``500ms``.
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
    """The words of a list that stand in a text between other words, in the list's order."""
    found = [one for one in words if _within(_parts(one), _parts(text))]
    return tuple(
        one for one in found if not any(_within(_parts(one), _parts(other)) for other in found if other != one)
    )


def described(text: str, steps: Mapping[str, str]) -> str | None:
    """The one step whose whole name stands in a text of which all other words are in what the step is said to do.

    ``steps`` has each name with what it does: ``serve-on 5 seconds`` is ``serve-on``, which serves on for 5 seconds.
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
    """The one example that a text names, as it is written there, and what it is an example of; None where it is no one.

    ``examples`` has the names of products and protocols, in small letters; a version behind a name doesn't matter.
    """
    found = {part: examples[name] for part in re.findall(r"[^\W_]+", text[:LONGEST])
             if (name := part.casefold().rstrip("0123456789")) in examples}  # fmt: skip
    return next(iter(found.items())) if len(set(found.values())) == 1 else None


def suggested(word: str, words: Iterable[str]) -> str:
    """The question whether words of a list are meant, all of those that may be; empty where none is like it."""
    every = tuple(words)
    holding = [one for one in every if _parts(word) and _within(_parts(word), _parts(one))]
    near = offered(word, every)
    meant = holding or ([near] if near else [])
    return f"Did you mean {' or '.join(f'“{one}”' for one in meant)}?" if meant else ""


def _parts(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text[:LONGEST].casefold())


def offered(word: str, words: Iterable[str]) -> str | None:
    """The word of a list that looks most like this one; None where none does."""
    every = {normal(one): one for one in words}
    near = difflib.get_close_matches(normal(word), every, n=1)
    return every[near[0]] if near else None
