"""How far a grading is: lines without a terminal, a bar on one, and a sentence after an interrupt."""

from __future__ import annotations

import io
from itertools import count

from graders.classroom.progress import Follow, Lines, followed, line
from graders.classroom.results import Graded, Outcome
from graders.present.console import Console

ADA = Graded("ada", Outcome.GRADED)


def test_lines() -> None:
    """A line comes every few seconds, with the rate and the time that is left; the last student needs none."""
    said: list[str] = []
    seconds = count(0.0, 2.0)
    now = 0.0

    def clock() -> float:
        return now

    follow = Follow(Lines(said.append, clock), clock)
    follow.begin()
    for done in range(1, 11):
        now = next(seconds)
        follow(ADA, done, 10)
    assert said == [
        "Graded 4 of 10 students, 0.5 a second, about 12 s left.",
        "Graded 7 of 10 students, 0.5 a second, about 6 s left.",
    ]


def test_minutes() -> None:
    """A long time that is left is given in minutes."""
    assert line(11, 1000, 1.0) == "Graded 11 of 1000 students, 1.0 a second, about 17 min left."
    assert line(11, 1000, 0.0) == "Graded 11 of 1000 students."


def test_stopped() -> None:
    """After an interrupt a sentence says how many students are graded, and how to go on."""
    follow = Follow(lambda *_: None)
    assert follow.stopped().startswith("Stopped. Finished grades are kept.")
    follow(ADA, 3, 20)
    assert follow.stopped() == (
        "Stopped after 3 of 20 students. Finished grades are kept. "
        "To go on, give the same command again, without --force."
    )


def test_bar() -> None:
    """On a terminal a bar shows how many students are graded, and no line is written."""
    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    with followed(console) as follow:
        follow.begin()
        follow(ADA, 3, 20)
    assert isinstance(console.file, io.StringIO)
    assert "3/20" in console.file.getvalue()
    assert "Graded 3" not in console.file.getvalue()
