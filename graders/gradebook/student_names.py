"""Which names of students' folders may become ids in the gradebook.

nbgrader puts ids unchanged into its pages, addresses, patterns and files. Names of people, accounts and email addresses are
allowed. Characters that could begin a tag, a pattern, a path or an escape sequence aren't.
"""

from __future__ import annotations

import unicodedata

BESIDES = frozenset(" ._-+@,'’()·–—׳״")
"""Characters that a name may have besides letters, marks and digits."""

UNSEEN = ("FILLER", "VARIATION SELECTOR", "GRAPHEME JOINER", "VOWEL INHERENT", "BRAILLE PATTERN BLANK")
"""Invisible letters and marks, by their Unicode names: names with and without them look the same."""


def name_problem(name: str) -> str:
    """Return why a folder's name can't be a student's id and what to do, or "" if it can.

    ``name`` comes from the file system: bytes that aren't UTF-8 are surrogates (PEP 383).
    """
    if not is_utf8(name):
        return "The folder's name isn't UTF-8, as in a zip file from an older Windows. Rename it."
    if unicodedata.category(name[:1] or " ")[0] == "M":
        return "The folder's name begins with a combining mark. Rename it."
    if name != name.strip():
        return "nbgrader can't find a folder with a space at the beginning or the end of its name. Rename it."
    odd = next((character for character in name if not _may_be(character)), "")
    if not odd:
        return ""
    if odd in "*?[":
        return "nbgrader can't find a folder with *, ? or [ in its name. Rename it."
    kind = (
        f"the character {odd}" if unicodedata.category(odd)[0] in "PS" and odd != "\u2800" else "an invisible character"
    )
    return f"The folder's name has {kind} in it, which nbgrader's pages can't show safely. Rename it."


def is_utf8(name: str) -> bool:
    """Whether a name from the file system is text; the gradebook can look up no other one."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _may_be(character: str) -> bool:
    if any(word in unicodedata.name(character, "") for word in UNSEEN):
        return False
    return character in BESIDES or unicodedata.category(character)[0] in "LMN"
