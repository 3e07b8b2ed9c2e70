"""How far a grading is: a bar on a terminal, and a line every few seconds elsewhere, on standard error."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from graders.classroom.results import Graded
from graders.core.output import complain
from graders.present.console import Console

EVERY = 5.0
"""The time between two lines, in seconds."""


@dataclass
class Follow:
    """Counts the graded students of the current lesson, and shows the count by ``show``: done, of, and the rate in a second.

    The rate is counted from the first graded student, because a run needs some seconds to begin.
    """

    show: Callable[[int, int, float], None]
    clock: Callable[[], float] = time.monotonic
    done: int = 0
    of: int = 0
    _began: float | None = None

    def begin(self) -> None:
        """Begin with a lesson."""
        self.done, self.of, self._began = 0, 0, None

    def __call__(self, _graded: Graded, done: int, of: int) -> None:
        """Note that a student is graded."""
        now = self.clock()
        self.done, self.of = done, of
        if self._began is None:
            self._began = now
        self.show(done, of, (done - 1) / (now - self._began) if now > self._began else 0.0)

    def stopped(self) -> str:
        """Return a sentence that says how far a stopped grading got, and how to go on."""
        goes_on = "Finished grades are kept. To go on, give the same command again, without --force."
        return f"Stopped after {self.done} of {self.of} students. {goes_on}" if self.of else f"Stopped. {goes_on}"


class Lines:
    """Writes a line at most every few seconds, by ``write``."""

    def __init__(self, write: Callable[[str], None] = complain, clock: Callable[[], float] = time.monotonic) -> None:
        self._write, self._clock = write, clock
        self._last = clock()

    def __call__(self, done: int, of: int, rate: float) -> None:
        """Say how many students are graded, if it is time."""
        if done < of and self._clock() - self._last >= EVERY:
            self._last = self._clock()
            self._write(line(done, of, rate))


def line(done: int, of: int, rate: float) -> str:
    """Return how far a grading is, with its rate in a second and the time that is left."""
    left = f", {rate:.1f} a second, about {_rounded((of - done) / rate)} left" if rate else ""
    return f"Graded {done} of {of} students{left}."


def _rounded(seconds: float) -> str:
    return f"{ceil(seconds)} s" if seconds < 90 else f"{ceil(seconds / 60)} min"  # noqa: PLR2004  seconds until they are many


@contextmanager
def followed(console: Console) -> Iterator[Follow]:
    """Show the progress on a console inside the block."""
    if not console.is_terminal:
        yield Follow(Lines())
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("Grading ...", total=None, rate="")

        def show(done: int, of: int, rate: float) -> None:
            bar.update(task, completed=done, total=of, rate=f"{rate:.1f} a second" if rate else "")

        yield Follow(show)
