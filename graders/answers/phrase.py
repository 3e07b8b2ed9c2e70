"""A learner's short phrase, such as ``at most 5 min``: understood only if every word of it is.

Who picks a figure out of a phrase and skips the rest takes “not 15” for 15. So readers take out the few words that are
known to change nothing, and what is left has to be the value and nothing else.
"""

from __future__ import annotations

import re

LONGEST = 200
NOTHING = r"(?!)"
"""No word at all, as alternatives of a regular expression."""

_COMMENT = re.compile(r" ?\([^()]*\)$")
_THOUSANDS = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9.,])")
_COMPARED = re.compile(r" ?([<>≤≥=~]+) ?")


def plain(written: str) -> str:
    """A phrase in small letters and single blanks, without a comment in parentheses at its end: ``10,000`` is ``10000``.

    Empty for one that is too long: what isn't read can't be understood.
    """
    text = tidy(written).casefold().replace("’", "'")
    return _COMPARED.sub(r" \1 ", text).strip()


def tidy(written: str) -> str:
    """The same in the letters in which it is written, which is how units such as m and M are told apart."""
    text = " ".join(written.split()) if len(written) <= LONGEST else ""
    text = _COMMENT.sub("", text) or text
    return _THOUSANDS.sub(lambda figure: figure[0].replace(",", ""), text)


def without(text: str, words: str) -> str:
    """A plain phrase without some words, given as alternatives of a regular expression."""
    return " ".join(re.sub(rf"(?<![\w'])(?:{words})(?![\w'])", " ", text).split())


def spelled(value: object) -> str:
    """A plain value as text; empty for what is none, and for a number of which nobody would write all digits."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, (int, float)) and abs(value) < 10**LONGEST else ""


def alone(written: object) -> object:
    """What a list of one thing holds; anything else as it is."""
    return written[0] if isinstance(written, list) and len(written) == 1 else written
