"""Whom a file leaves out or has without points, in one sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graders.classroom.export.sheet import Line, Sheet
from graders.classroom.export.standings import Standing
from graders.reading.text import shown

NAMED = 20
"""A sentence names at most so many students."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence about students; ``matters`` if a person has to look at them."""

    sentence: str
    matters: bool = True


def remarks(whole: Sheet, written: Sheet) -> Iterator[LeftOut]:
    """Yield the remarks on a file that has the ``written`` part of the ``whole`` sheet."""
    there = set(map(id, written.lines))
    absent = [line for line in whole.lines if line.result.standing is Standing.MISSING]
    unscored = [line for line in whole.lines if line not in absent and line.result.points is None]
    scored = [line for line in whole.lines if line.result.points is not None]
    unknown = [line for line in scored if line.person is None]
    unfound = [line for line in scored if line.person is not None and id(line) not in there]
    out = ", so the file has no line for them" if written is not whole else ""
    called = whole.called
    if unscored:
        each = [f"{shown(called(line))} ({line.result.standing})" for line in unscored]
        yield LeftOut(f"{_who(unscored, 'student', 'has', 'have')} no score{out}: {named(each)}.")
    if unknown:
        who = _who(unknown, "submission", "has", "have")
        yield LeftOut(f"{who} no line in the roster{out}: {named(list(map(called, unknown)))}.")
    if unfound:
        who = _who(unfound, "student", "has", "have")
        yield LeftOut(f"{who} a login that can't be in such a file{out}: {named(list(map(called, unfound)))}.")
    if absent:
        who = _who(absent, "student of the roster", "", "")
        yield LeftOut(f"{who} handed in nothing{out}: {named(list(map(called, absent)))}.", matters=False)


def counted(number: int, what: str) -> str:
    """Return a number of things: ``1 student``, ``300 students``."""
    first, space, rest = what.partition(" ")
    return f"{number:,} {first}{'' if number == 1 else 's'}{space}{rest}"


def named(names: Sequence[str]) -> str:
    """Return names in a row, at most ``NAMED`` of them."""
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(map(shown, names[:NAMED])) + more


def _who(lines: Sequence[Line], what: str, one: str, many: str) -> str:
    return f"{counted(len(lines), what)} {one if len(lines) == 1 else many}".rstrip()
