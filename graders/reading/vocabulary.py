"""Match a learner's words with a list of options: case, spaces, dashes and underscores don't matter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from cluster.limits import NAME_CHARACTERS
from cluster.text.names import is_slip, nearest, normalize

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


def same(word: str, options: Iterable[str]) -> str | None:
    """Return the option equal to ``word`` after normalization, or None."""
    meant = normalize(SHORT.get(normalize(word), word))
    return next((option for option in options if normalize(option) == meant), None)


def misspelled(word: str, options: Iterable[str]) -> str | None:
    """Return the one option from which ``word`` is a single slip away, such as a plural; None if it may be several."""
    near = [option for option in options if is_slip(word, option)]
    return near[0] if len(near) == 1 else None


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
    found = {part: examples[name] for part in re.findall(r"[^\W_]+", text[:NAME_CHARACTERS])
             if (name := part.casefold().rstrip("0123456789")) in examples}  # fmt: skip
    return next(iter(found.items())) if len(set(found.values())) == 1 else None


def suggested(word: str, words: Iterable[str]) -> str:
    """Return the question “Did you mean ...?” with the options that ``word`` resembles; empty if it resembles none."""
    every = tuple(words)
    holding = [one for one in every if _parts(word) and _within(_parts(word), _parts(one))]
    near = nearest(word, every)
    meant = holding or ([near] if near else [])
    return f"Did you mean {' or '.join(f'“{one}”' for one in meant)}?" if meant else ""


def _parts(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text[:NAME_CHARACTERS].casefold())
