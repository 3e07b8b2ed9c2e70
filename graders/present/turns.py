"""What several did in turns, as a table: time goes down, everybody has a column, and the last one says how things stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graders.core.shown import Shown
from graders.present.html import render
from graders.reading.text import shown

MOST = 120
"""How much of one turn is shown, in characters."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one did, or what became of it, and how things stood for everybody else afterwards; None where nobody could tell."""

    who: str
    did: str
    seen: int | str | None


def turned(turns: Sequence[Turn], who: Sequence[str], title: str, stood: str, outcome: str) -> Shown:
    """The table, a caption above it and the outcome below."""
    rows = [
        (
            number,
            tuple(shown(turn.did, MOST) if turn.who == name else "" for name in who),
            "–" if turn.seen is None else turn.seen,
        )
        for number, turn in enumerate(turns, start=1)
    ]
    html = render("turns.html", title=title, headings=("", *who, stood), rows=rows, outcome=outcome)
    lines = [
        f"{number}. {turn.who}: {shown(turn.did, MOST)} ({stood}: {seen})"
        for turn, (number, _, seen) in zip(turns, rows, strict=True)
    ]
    return Shown(html, "\n".join([f"{title}:", *lines, outcome]))
