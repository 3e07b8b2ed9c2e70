"""The turns of several actors, as a table: a row for each turn, a column for each actor, and the state in the last column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graders.core.shown import Shown
from graders.present.templating import render
from graders.reading.text import shown

MOST = 120
"""The longest text of a turn, in characters."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An actor's action or its result, and the state that the others then see; None if it is unknown."""

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
