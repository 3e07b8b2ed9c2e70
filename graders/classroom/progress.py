"""How far a grading is: a bar on a terminal, and a line every few seconds elsewhere, on standard error."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cluster.text.amounts import format_duration
from graders.classroom.results import Graded
from graders.core.output import complain
from graders.present.console import Console

EVERY = 5.0
"""The time between two lines, in seconds."""


@dataclass
class Follow:
    """Counts the graded students of the current lesson, and shows the count by ``show``."""

    show: Callable[[int, int, float], None]
    clock: Callable[[], float] = time.monotonic
    done: int = 0
    of: int = 0
    _began: float = field(default=0.0, repr=False)

    def begin(self) -> None:
        """Begin with a lesson."""
        self.done, self.of, self._began = 0, 0, self.clock()

    def __call__(self, _graded: Graded, done: int, of: int) -> None:
        """Note that a student is graded."""
        self.done, self.of = done, of
        self.show(done, of, self.clock() - self._began)

    def stopped(self) -> str:
        """Return a sentence that says how far a stopped grading got, and how to go on."""
        goes_on = "Finished grades are kept. To go on, give the same command again, without --force."
        return f"Stopped after {self.done} of {self.of} students. {goes_on}" if self.of else f"Stopped. {goes_on}"


class Lines:
    """Writes a line at most every few seconds, by ``write``."""

    def __init__(self, write: Callable[[str], None] = complain, clock: Callable[[], float] = time.monotonic) -> None:
        self._write, self._clock = write, clock
        self._last = clock()

    def __call__(self, done: int, of: int, seconds: float) -> None:
        """Say how many students are graded, if it is time."""
        if done < of and self._clock() - self._last >= EVERY:
            self._last = self._clock()
            self._write(line(done, of, seconds))


def line(done: int, of: int, seconds: float) -> str:
    """Return how far a grading is after so many seconds, with its rate and the time that is left."""
    rate = done / seconds if seconds > 0 else 0.0
    left = f", {rate:.1f} a second, about {format_duration((of - done) / rate)} left" if rate else ""
    return f"Graded {done} of {of} students{left}."


@contextmanager
def followed(console: Console) -> Iterator[Follow]:
    """Show the progress on a console inside the block."""
    if not console.is_terminal:
        yield Follow(Lines())
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("Grading ...", total=None, rate="")

        def show(done: int, of: int, seconds: float) -> None:
            rate = f"{done / seconds:.1f} a second" if seconds > 0 else ""
            bar.update(task, completed=done, total=of, rate=rate)

        yield Follow(show)
