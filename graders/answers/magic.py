"""The line ``%%answer NAME``: where it stands in a cell, and what it means where it isn't quite that.

A slip in this line must not cost an answer: a letter too few, one percent sign, a blank in it, a mark that can't be
seen, a comment above it. One function reads it for the kernel, for ``workbook check`` and for the gradebook.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

WORD = "answer"
LEADING_LINES = 100
"""How many empty lines and comments may stand above the line."""
MAGICS = 5
"""How many lines with a percent sign are looked at."""
LINE_CHARACTERS = 1000
"""How much of a line is looked at."""
LONGEST = 200
"""How long the line may be; behind the name of a longer one stands an answer, even where it begins with a remark."""
NEARLY = 0.75
"""How much alike two words are, of which one is taken for the other."""
UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u200e\u200f\u00ad"))
"""Marks that nobody sees: the byte order mark, blanks without a width, marks of direction."""

_LINE = re.compile(r"(?P<comment>(?:#|//)[#/\s]*)?(?P<percents>(?:\\?%\s*)*)(?P<word>[^\W\d_]+)(?P<rest>.*)", re.DOTALL)
_AROUND = " \t:=,;.()[]{}<>'\"`´“”„‘’«»"
_COMMENT = re.compile(r"(?:^|\s)(?:#|//)")
_OTHER_MAGIC = re.compile(r"\s*%{1,2}[a-z]")


@dataclass(frozen=True, slots=True)
class Magic:
    """A ``%%answer`` line: the exercise that it names, or an empty name, and whether IPython takes it as it stands.

    ``below`` is the number of lines down to the answer. ``problem`` and ``hint`` say why the answer can't be read
    from there, where it can't. ``is_first`` is false where other text stands above it.
    """

    name: str
    below: int
    exact: bool
    problem: str = ""
    hint: str = ""
    is_first: bool = True


def magic(text: str, names: Collection[str]) -> Magic | None:
    """The ``%%answer`` line of a cell; ``names`` are the exercises that it may name. None where there is none.

    Above it stand empty lines, comments and other magics. A line that is written twice counts once; one below other
    text is a problem. Raises nothing.
    """
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


def meant(name: str, names: Collection[str]) -> str:
    """The exercise of ``names`` that a name is, or nearly is; the name itself where it is like none of them."""
    alike = [] if name in names else [each for each in sorted(names) if _is_nearly(name, each)]
    near = [name] if name in names else difflib.get_close_matches(name, alike, n=1, cutoff=NEARLY)
    return near[0] if near else name


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
                found.name, number + 1, exact=False, problem=f"Other text stands above “%%answer {found.name}”.",
                hint="Make that the cell's first line, with nothing but your answer below it, and run the cell.", is_first=False,
            )  # fmt: skip


def _twice(first: Magic, again: Magic, below: int) -> Magic:
    name = first.name or again.name
    if again.name and again.name != name:
        return Magic(
            name, below, exact=False, problem=f"Two %%answer lines stand here, for {name} and for {again.name}.",
            hint="Keep the one of this cell's exercise, and run the cell.",
        )  # fmt: skip
    return Magic(name, below, False, first.problem or again.problem, first.hint or again.hint)


def _magic(line: str, names: Collection[str]) -> Magic | None:
    """A line as the magic line that it is, or was meant to be; ``below`` isn't known here."""
    written = line[:LINE_CHARACTERS]
    match = _LINE.match(unicodedata.normalize("NFKC", written.translate(UNSEEN)).strip())
    if match is None:
        return None
    word, rest, percents = match["word"].lower(), match["rest"], match["percents"].count("%")
    if percents and word != WORD and word.startswith(WORD) and not _is_nearly(word, WORD):
        word, rest = WORD, f"{word[len(WORD) :]}{rest}"
    if not percents:
        # Without a percent sign it may be anything; only the whole line can say that it is one.
        said = "" if match["comment"] or word != WORD else rest
    elif not _is_nearly(word, WORD):
        said = f"{word}{rest}"
    else:
        return _named(written, rest, names)
    name, trailing = _name(said, names)
    return Magic(name, 0, exact=False) if name in names and not trailing else None


def _named(written: str, rest: str, names: Collection[str]) -> Magic:
    name, trailing = _name(rest, names)
    if len(written) > LONGEST:
        trailing = trailing or rest.strip()
    exact = bool(re.match(rf"[ \t]*%%{WORD}[ \t]+{re.escape(name)}(?:\s|$)", written)) if name else False
    return Magic(name, 0, exact, *_problem(name, trailing, names))


def _name(rest: str, names: Collection[str]) -> tuple[str, str]:
    """The name on the line, and what stands behind it besides a comment."""
    said = _COMMENT.split(rest[:LONGEST], maxsplit=1)[0].strip(_AROUND)
    whole = re.sub(r"[\s_]+", "-", said.lower()).removesuffix(f"-{WORD}")
    if whole in names or not said:
        return whole, ""
    first, _, trailing = re.sub(r"\s+", " ", said).partition(" ")
    return first.strip(_AROUND).lower().replace("_", "-"), trailing.strip(_AROUND)


def _problem(name: str, trailing: str, names: Collection[str]) -> tuple[str, str]:
    """Why the answer isn't below the line, and what to do; empty where it is."""
    behind = [name.removeprefix(known) for known in names if name.startswith(known) and not _is_nearly(name, known)]
    if name not in names and any(rest[0].isalpha() or rest[0] == "\\" for rest in behind):
        return (
            "The answer's lines have lost their line ends: everything stands in one line.",
            "Paste your answer into the cell again, below the %%answer line, and save the notebook.",
        )
    if trailing:
        return (
            f"The answer begins in the %%answer line: “{trailing[:40]}” stands behind the exercise's name.",
            "Begin a new line behind the name, and run the cell.",
        )
    return "", ""


def _is_nearly(word: str, other: str) -> bool:
    lengths = len(word), len(other)
    return max(lengths) * NEARLY < min(lengths) * 2 and difflib.SequenceMatcher(None, word, other).ratio() >= NEARLY
