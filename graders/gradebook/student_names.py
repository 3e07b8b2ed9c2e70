"""The names of students' folders: which of them may become a student's id in the gradebook.

nbgrader puts ids into its pages, addresses, patterns and files as they are. Names of people, of accounts and of email
addresses are fine; what could begin a tag, a pattern, a path or an escape sequence is not.
"""

from __future__ import annotations

import unicodedata

BESIDES = frozenset(" ._-+@,'’()·–—׳״")
"""What a name may have besides letters, marks and digits."""

UNSEEN = ("FILLER", "VARIATION SELECTOR", "GRAPHEME JOINER", "VOWEL INHERENT", "BRAILLE PATTERN BLANK")
"""Letters and marks, by their Unicode names, that can't be seen: two names with and without them look the same."""


def name_problem(name: str) -> str:
    """Why a folder's name can't be a student's id, in a sentence with the way on; empty where it can.

    ``name`` is as the file system has it: bytes that aren't UTF-8 are surrogates (PEP 383).
    """
    if any("\ud800" <= character <= "\udfff" for character in name):
        return "The folder's name isn't UTF-8, as in a zip file from an older Windows. Give it another."
    if unicodedata.category(name[:1] or " ")[0] == "M":
        return "The folder's name begins with a mark that belongs to a letter before it. Give it another."
    if name != name.strip():
        return "nbgrader can't find a folder with a space at the beginning or the end of its name. Give it another."
    odd = next((character for character in name if not _may_be(character)), "")
    if not odd:
        return ""
    if odd in "*?[":
        return "nbgrader can't find a folder with *, ? or [ in its name. Give it another."
    kind = (
        f"the character {odd}"
        if unicodedata.category(odd)[0] in "PS" and odd != "\u2800"
        else "a character that can't be seen"
    )
    return f"The folder's name has {kind} in it, which nbgrader's pages can't show safely. Give it another."


def _may_be(character: str) -> bool:
    if any(word in unicodedata.name(character, "") for word in UNSEEN):
        return False
    return character in BESIDES or unicodedata.category(character)[0] in "LMN"
