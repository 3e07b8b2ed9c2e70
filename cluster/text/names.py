"""Names as people write them: whether two names are the same, and which of several was probably meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

from cluster.limits import NAME_CHARACTERS

NEAR = 2 / 3
"""The least likeness, from 0 to 1, at which one name is suggested for another: they share two of three characters.

The likeness is ``SequenceMatcher.ratio`` of both names after normalization: twice the characters in common, divided by the
characters of both. Kubernetes suggests nothing, so it sets no rule here.
"""

SHORTEST_SLIP = 3
"""The length of the shortest name in which one character may be wrong; a shorter name leaves too little to compare."""

_LEFT_OUT = re.compile(r"[\s_\u2010-\u201f\u2212\"'-]+")
_SIGNS = re.compile(r"[\W_]+")


def normalize(name: str, *, signs: bool = True) -> str:
    """Return the name without case, accents, spaces, dashes, underscores and quotes: ``Small Team`` is ``smallteam``.

    Other signs stay, because ``<5`` isn't ``5``. With ``signs=False`` only letters and digits stay, for names in which no
    sign has a meaning, such as a field's. The first ``NAME_CHARACTERS`` characters count.
    """
    return _normalized(name[:NAME_CHARACTERS], signs)


@lru_cache(maxsize=4096)
def _normalized(name: str, signs: bool) -> str:
    # The same few options are compared with every word of an answer.
    if name.isascii():
        text = name.casefold()
    else:
        letters = unicodedata.normalize("NFKD", name).casefold()
        text = "".join(character for character in letters if not unicodedata.combining(character))
    return (_LEFT_OUT if signs else _SIGNS).sub("", text)


def nearest(name: str, options: Iterable[str]) -> str | None:
    """Return the option that is most like a name after normalization, as it is written; the first one of several.

    If no option has a likeness of ``NEAR``, return the first one that is one slip away, or None. Also None for a name longer
    than ``NAME_CHARACTERS``: comparing takes time quadratic in its length.
    """
    written = normalize(name)
    if not written or len(name) > NAME_CHARACTERS:
        return None
    matcher = SequenceMatcher(b=written, autojunk=False)
    every = [option for option in options if len(option) <= NAME_CHARACTERS]
    found, best = None, 0.0
    for option in every:
        matcher.set_seq1(normalize(option))
        least = max(best, NEAR)
        # Both are upper bounds of the likeness, and are computed much faster.
        if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
            continue
        if (likeness := matcher.ratio()) >= NEAR and likeness > best:
            found, best = option, likeness
    return found if found is not None else next((option for option in every if is_slip(name, option)), None)


def is_near(name: str, other: str) -> bool:
    """Whether ``nearest`` would suggest one name for the other. That is enough to ask, but not enough to read one as the other."""
    return nearest(name, (other,)) is not None


def is_slip(name: str, other: str) -> bool:
    """Whether a name is one slip away from another: a character too many, missing or wrong, or two of them swapped.

    These aren't slips: a wrong character in a name of three, a wrong digit, and any change in a name that begins with a
    digit: ``500s`` isn't ``500ms``.
    """
    text, meant = normalize(name), normalize(other)
    if min(len(text), len(meant)) < SHORTEST_SLIP or meant[0].isdigit() or _digits(text) != _digits(meant):
        return False
    if len(text) == len(meant):
        differ = [at for at, (one, other) in enumerate(zip(text, meant, strict=True)) if one != other]
        if len(differ) == 1:
            return len(meant) > SHORTEST_SLIP
        first, *rest = differ or [0]
        return rest == [first + 1] and text[first : first + 2] == meant[first : first + 2][::-1]
    shorter, longer = sorted((text, meant), key=len)
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
