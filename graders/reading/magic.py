"""Find and read the line ``%%answer NAME`` in a cell, even if it is mistyped.

A mistake in this line must not cost an answer: a missing letter, one percent sign, a space in it, an invisible character, a
comment above it. The kernel, ``workbook check`` and the gradebook use the same function.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from cluster.text.names import is_near, nearest

WORD = "answer"
LEADING_LINES = 100
"""How many empty lines and comments may precede the line."""
MAGICS = 5
"""How many lines with a percent sign are read."""
REMEMBERED, REMEMBERED_CHARACTERS = 1024, 4_000
"""So many texts of at most that length are read once."""
LINE_CHARACTERS = 1000
"""How many characters of a line are read."""
LONGEST = 200
"""The longest line, in characters; in a longer one the text after the name is an answer, even if it begins with a comment."""
UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u200e\u200f\u00ad"))
"""Invisible characters: the byte order mark, zero-width spaces, direction marks, the soft hyphen."""

_LINE = re.compile(r"(?P<before>\W*)(?P<said>.*)", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")
_PLAIN = re.compile(r"[^{}\[\]:=<>]*")
_AROUND = " \t:=,;.()[]{}<>/\\*'\"`´“”„‘’«»-%!"
_MISTYPED = frozenset("!@$&>`*^~\\ ")
"""Characters that are typed by mistake in place of percent signs."""
_COMMENT = re.compile(r"(?:^|\s)(?:#|//)")
_OTHER_MAGIC = re.compile(r"\s*%{1,2}[a-z]")


@dataclass(frozen=True, slots=True)
class Magic:
    """A ``%%answer`` line: the exercise that it names, or an empty name; ``exact`` is true if IPython accepts the line.

    ``below`` is the number of lines down to the answer. ``problem`` and ``hint`` are set if the answer can't be read from
    there. ``is_first`` is false if other text precedes the line.
    """

    name: str
    below: int
    exact: bool
    problem: str = ""
    hint: str = ""
    is_first: bool = True


def magic(text: str, names: Collection[str]) -> Magic | None:
    """The ``%%answer`` line of a cell, or None; ``names`` are the exercises that it may name.

    Empty lines, comments and other magics may precede it. A repeated line counts once; one below other text is a problem.
    Never raises.
    """
    is_short = len(text) <= REMEMBERED_CHARACTERS
    return (_remembered if is_short else _read)(text, frozenset(names))


def _read(text: str, names: frozenset[str]) -> Magic | None:
    lines = text.split("\n", LEADING_LINES)[:LEADING_LINES]
    first = next(_first(lines, names), None)
    if first is None:
        return next(_too_low(lines, names), None)
    number, found = first
    for below, line in enumerate(lines[number + 1 : number + 1 + MAGICS], number + 1):
        again = _magic(line, names) if "%" in line or "％" in line else None
        if again is None and line.strip():
            break
        if again is not None:
            found = _twice(found, again, below + 1)
    return found


_remembered = lru_cache(maxsize=REMEMBERED)(_read)
# A class hands in the same prose many times, and each cell is looked at for each exercise of its notebook.


def meant(name: str, names: Collection[str]) -> str:
    """The exercise in ``names`` that equals or resembles a name, or the name itself."""
    return name if name in names else nearest(name, sorted(names)) or name


def _first(lines: list[str], names: Collection[str]) -> Iterator[tuple[int, Magic]]:
    left = MAGICS
    for number, line in enumerate(lines):
        seen = line[:LINE_CHARACTERS].translate(UNSEEN).strip()
        is_remark = not seen or (seen.startswith(("#", "//")) and "%" not in seen)
        found = None if is_remark else _magic(line, names)
        if found is not None:
            exact = found.exact and not "".join(lines[:number]).strip()
            yield number, Magic(found.name, number + 1, exact, found.problem, found.hint)
        left -= not is_remark
        if not left or not (is_remark or seen.startswith(("#", "//")) or _OTHER_MAGIC.match(seen)):
            return


def _too_low(lines: list[str], names: Collection[str]) -> Iterator[Magic]:
    candidates = [number for number, line in enumerate(lines) if line.lstrip().startswith(f"%%{WORD}")]
    for number in candidates[:1]:
        found = _magic(lines[number], names)
        if found is not None and found.name in names:
            yield Magic(
                found.name, number + 1, exact=False, problem=f"There is other text above “%%answer {found.name}”.",
                hint="Make that the cell's first line, with only your answer below it, and run the cell.", is_first=False,
            )  # fmt: skip


def _twice(first: Magic, again: Magic, below: int) -> Magic:
    name = first.name or again.name
    if again.name and again.name != name:
        return Magic(
            name, below, exact=False, problem=f"The cell has two %%answer lines, for {name} and for {again.name}.",
            hint="Keep the line for this cell's exercise, and run the cell.",
        )  # fmt: skip
    return Magic(name, below, False, first.problem or again.problem, first.hint or again.hint)


def _magic(line: str, names: Collection[str]) -> Magic | None:
    """A line read as a magic line, exact or mistyped, or None; ``below`` isn't known here."""
    written = line[:LINE_CHARACTERS]
    match = _LINE.match(unicodedata.normalize("NFKC", written.translate(UNSEEN)).strip())
    before, said = (match["before"], match["said"]) if match is not None else ("", "")
    rest = _behind_the_word(said)
    if "%" not in before:
        # Without a percent sign it may be any text; only the whole line shows that it is the magic line.
        name, trailing = _name(rest, names) if rest is not None else ("", "")
        is_one = set(before) <= _MISTYPED and ":" not in said and name in names and not trailing
        return Magic(name, 0, exact=False) if is_one else None
    if rest is not None:
        return _named(written, rest, names)
    # Another magic may have an exercise's name after it; a name alone, in the magic's place, means %%answer.
    name = re.sub(r"[\s_]+", "-", said.strip(_AROUND).lower())
    return Magic(name, 0, exact=False) if name in names else None


def _behind_the_word(said: str) -> str | None:
    """The text after the word “answer”, exact or mistyped, at the beginning of a line; None for any other line."""
    words = _WORD.finditer(said)
    first, second = next(words, None), next(words, None)
    if first is None:
        return None
    word = first[0].lower()
    if is_near(word, WORD):
        return said[first.end() :]
    if word.startswith(WORD):
        return said[len(WORD) :]
    joined = f"{word}{second[0].lower()}" if second is not None else ""
    return said[second.end() :] if second is not None and is_near(joined, WORD) else None


def _named(written: str, rest: str, names: Collection[str]) -> Magic:
    name, trailing = _name(rest, names)
    if len(written) > LONGEST:
        trailing = trailing or rest.strip()
    exact = name in names and re.match(rf"[ \t]*%%{WORD}[ \t]+{re.escape(name)}(?:\s|$)", written) is not None
    begins = _run_together(name, names)
    return Magic(begins or name, 0, exact, *_problem(trailing, run_together=bool(begins)))


def _name(rest: str, names: Collection[str]) -> tuple[str, str]:
    """The name on the line, and the text after it without a comment."""
    said = _COMMENT.split(rest[:LONGEST], maxsplit=1)[0].strip(_AROUND)
    whole = re.sub(r"[\s_]+", "-", said.lower()).removesuffix(f"-{WORD}")
    if whole in names or not said:
        return whole, ""
    first, _, trailing = re.sub(r"\s+", " ", said).partition(" ")
    words = {word.strip(_AROUND).lower() for word in said.split()} & set(names)
    if _PLAIN.fullmatch(said) and len(words) == 1:
        return words.pop(), ""
    return first.strip(_AROUND).lower().replace("_", "-"), trailing.strip(_AROUND)


def _run_together(name: str, names: Collection[str]) -> str:
    """The exercise whose name begins ``name``, if an answer's text follows without a separator; else empty."""
    begins = (known for known in sorted(names, key=len) if name.startswith(known) and 2 * len(name) > 3 * len(known))
    found = next((known for known in begins if name[len(known)].isalpha() or name[len(known)] == "\\"), "")
    return "" if name in names else found


def _problem(trailing: str, *, run_together: bool) -> tuple[str, str]:
    """Why the answer isn't below the line, and what to do; empty texts if it is."""
    if run_together:
        return (
            "The answer's lines have lost their line ends: everything is in one line.",
            "Paste your answer into the cell again, below the %%answer line, and save the notebook.",
        )
    if trailing:
        return (
            f"The answer begins in the %%answer line: “{trailing[:40]}” follows the exercise's name.",
            "Begin a new line after the name, and run the cell.",
        )
    return "", ""
